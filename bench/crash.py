"""Harvests that are killed, told to end, or started twice; the next run must leave what an undisturbed one does.

    python bench/crash.py [--kills 500] [--terms 100] [--pairs 50] [--first 0] [--side-by-side 2] [--minutes 60]

Kills (signal 9) and SIGTERMs strike in turn within 3 ms after a line that `-vv` prints just before a fetch, a WARC
write, a commit or the checkpoint; a run that was over first does not count as struck. After each the harvest is
completed and looked at: every story once, none that was committed gone, integrity_check and foreign_key_check, the
rates, and `warcio check` of every WARC file. Pairs are two harvests of one archive started at once. It ends early, in
good order, when the minutes are over, and says how far it came; --first leaves out as many kills and SIGTERMs each, so
that a long count can be a sum of runs.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from ceilings import HANG_S
from crashes import PHASES, STORIES, crashed, faults_after, harvest
from newsroom import Newsroom


def struck(place: Path, phase: str, seed: int, number: signal.Signals) -> tuple[str, list[str]]:
    """End one harvest in a phase and complete it; return the phase, "" where it was over first, and what is wrong."""
    with Newsroom(place) as room:
        room.publish(*STORIES)
        crash = crashed(room, phase, Random(seed), number)
        return (phase if crash.struck else ""), faults_after(room)


def paired(place: Path) -> tuple[str, list[str]]:
    """Start two harvests at once; return how they ended, and what is wrong."""
    with Newsroom(place) as room:
        room.publish(*STORIES)
        both = [harvest(room, "-q"), harvest(room, "-q")]
        said = [process.communicate(timeout=HANG_S)[1] for process in both]
        codes = sorted(process.returncode for process in both)
        held = any("another run holds" in each for each in said)
        how = "one waits" if codes == [0, 75] and held else "one after another" if codes == [0, 0] else f"{codes}"
        return how, faults_after(room)


def rounds(first: int, kills: int, terms: int, pairs: int) -> Iterator[tuple[str, tuple[object, ...]]]:
    """Yield what is to be done: its row in the table, and the arguments for it."""
    for row, count, number in (("kill -9", kills, signal.SIGKILL), ("SIGTERM", terms, signal.SIGTERM)):
        for seed, phase in islice(enumerate(cycle(PHASES)), first, count):
            yield row, (phase, seed, number)
    yield from (("two at once", ()) for _ in range(pairs))


def main() -> int:
    """Run all rounds and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    counts = {"kills": 500, "terms": 100, "pairs": 50, "first": 0, "side-by-side": 2, "minutes": 60}
    for name, count in counts.items():
        parser.add_argument(f"--{name}", type=int, default=count)
    asked = parser.parse_args()
    until = time.monotonic() + asked.minutes * 60
    done, ends, faults = Counter[str](), Counter[tuple[str, str]](), list[str]()
    folder = Path(tempfile.mkdtemp())

    def act(task: tuple[int, tuple[str, tuple[object, ...]]]) -> None:
        count, (row, arguments) = task
        if time.monotonic() > until:
            return
        (place := folder / str(count)).mkdir()
        end, wrong = struck(place, *arguments) if arguments else paired(place)  # type: ignore[arg-type]
        shutil.rmtree(place)
        done[row] += 1
        ends[row, end or "was over first"] += 1
        faults.extend(f"{row} {arguments}: {each}" for each in wrong)
        print(f"{row} {arguments}: {end or 'was over first'}", *wrong, sep="; ", file=sys.stderr, flush=True)

    with ThreadPoolExecutor(asked.side_by_side) as pool:
        list(pool.map(act, enumerate(rounds(asked.first, asked.kills, asked.terms, asked.pairs))))
    shutil.rmtree(folder)
    show(done, ends, faults)
    return 1 if faults else 0


def show(done: Counter[str], ends: Counter[tuple[str, str]], faults: list[str]) -> None:
    """Print the table, and each fault."""
    for row, count in done.items():
        spread = ", ".join(f"{number} {end}" for (of, end), number in sorted(ends.items()) if of == row)
        lost = sum(fault.startswith(row) and "committed and lost" in fault for fault in faults)
        wrong = sum(fault.startswith(row) for fault in faults)
        print(f"{row:12} {count:4} rounds: {spread}; {lost} committed articles lost, {wrong} faults of any kind")


if __name__ == "__main__":
    sys.exit(main())
