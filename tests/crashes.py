"""Harvests killed with signal 9 in a phase meant, and what must hold afterwards."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random

from ceilings import HANG_S
from newsroom import Newsroom

# The lines `-vv` prints just before each act; the process is killed a moment after one of them.
PHASES = {
    "fetch": "scraper.harvest: fetch ",
    "warc": "scraper.archive: warc ",
    "commit": "scraper.store: commit ",
    "checkpoint": "scraper.store: checkpoint",
}
STORIES = ("flood", "storm", "thaw", "hail", "frost", "fog")
SOURCE = """\
key = "newsroom"
home = "{home}"
timezone = "Asia/Bishkek"
story = '{home}story-[a-z0-9-]+'
discover = [{{ listing = "{home}latest" }}]
limits = {{ gap_s = 0, retry_wait_s = 0.01 }}
"""


@dataclass(frozen=True, slots=True)
class Crash:
    """One harvest, ended by `number` (a signal) after the `nth` line of a phase, or done before it came."""

    phase: str
    nth: int
    returncode: int
    number: signal.Signals

    @property
    def struck(self) -> bool:
        """Tell whether the signal, not the end of the run, ended the process."""
        return self.returncode in (-self.number, 128 + self.number)


def harvest(room: Newsroom, *options: str) -> subprocess.Popen[str]:
    """Start a harvest of the room in a process of its own."""
    declared = room.folder / "newsroom.toml"
    declared.write_text(SOURCE.format(home=room.site.url("/")), "utf-8")
    args = [sys.executable, "-m", "scraper", *options, "-d", str(room.db), "harvest", "--source-file", str(declared)]
    return subprocess.Popen(
        [*args, "--allow-private", "127.0.0.1"], text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )


def crashed(room: Newsroom, phase: str, random: Random, number: signal.Signals = signal.SIGKILL) -> Crash:
    """Harvest, and end it within 3 ms after a line of the phase, whichever one chance says."""
    nth = 1 if phase == "checkpoint" else random.randint(1, len(STORIES))
    delay, seen = random.random() * 0.003, 0
    process = harvest(room, "-vv")
    assert process.stderr is not None
    for line in process.stderr:
        seen += line.startswith(PHASES[phase])
        if seen == nth:
            time.sleep(delay)
            process.send_signal(number)
            break
    process.stderr.read()
    process.stderr.close()
    return Crash(phase, nth, process.wait(HANG_S), number)


def faults_after(room: Newsroom) -> list[str]:
    """Complete the harvest and return what is not as an undisturbed one leaves it."""
    before = archived(room.db)
    process = harvest(room, "-q")
    _, errors = process.communicate(timeout=HANG_S)
    after = archived(room.db)
    wanted = Counter(room.site.url(path) for path in room.stories)
    found = [f"exit code {process.returncode}: {errors.strip()}"] if process.returncode else []
    found += [f"committed and lost: {url}" for url in before - after]
    found += [] if after == wanted else [f"stored {dict(after)}, not each of {len(wanted)} once"]
    with sqlite3.connect(room.db) as db:
        found += [str(row) for row in db.execute("PRAGMA integrity_check") if row != ("ok",)]
        found += [str(row) for row in db.execute("PRAGMA foreign_key_check")]
        rates = db.execute("SELECT label, rate_text FROM quotes JOIN pairs ON pairs.id = pair_id ORDER BY 1").fetchall()
    db.close()
    found += [] if rates == [("KGS/USD", "0.01150"), ("KZT/USD", "0.00190")] else [f"rates {rates}"]
    return found + damaged_warcs(room.db.with_suffix(".warc"))


def archived(db: Path) -> Counter[str]:
    """Return how often each address is an article."""
    if not db.exists():
        return Counter()
    connection = sqlite3.connect(db)
    try:
        return Counter(url for (url,) in connection.execute("SELECT url FROM articles"))
    except sqlite3.OperationalError:  # killed before the tables were made
        return Counter()
    finally:
        connection.close()


def damaged_warcs(folder: Path) -> list[str]:
    """Return what `warcio check` says of each file it finds damaged."""
    found = []
    for file in sorted(folder.glob("*.warc.gz")):
        check = subprocess.run(
            [sys.executable, "-c", "from warcio.cli import main; main()", "check", str(file)],
            text=True, capture_output=True, timeout=HANG_S, check=False,
        )  # fmt: skip
        if check.returncode:
            found.append(f"{file.name}: {check.stdout}{check.stderr}")
    return found
