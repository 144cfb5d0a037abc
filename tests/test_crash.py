"""A process that dies leaves a sound archive; the next run completes it, nothing twice."""

from __future__ import annotations

import signal
from collections import Counter
from pathlib import Path
from random import Random

from crashes import PHASES, STORIES, Crash, crashed, faults_after
from newsroom import Newsroom

ROUNDS = 5  # of each phase; bench/crash.py does hundreds


def rounds(folder: Path, number: signal.Signals, seed: int) -> tuple[list[Crash], list[str]]:
    """End harvests in every phase and complete each; return them, and what was not as it should be."""
    random, crashes, faults = Random(seed), list[Crash](), list[str]()
    for count, phase in enumerate(list(PHASES) * ROUNDS):
        (place := folder / str(count)).mkdir()
        with Newsroom(place) as room:
            room.publish(*STORIES)
            crashes.append(crashed(room, phase, random, number))
            faults += [f"{phase} {crashes[-1].nth}: {fault}" for fault in faults_after(room)]
    return crashes, faults


def test_twenty_kills_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    """Spread over fetch, WARC, commit and checkpoint; a run that ended before its signal does not count."""
    crashes, faults = rounds(tmp_path, signal.SIGKILL, seed=1)

    spread = Counter(crash.phase for crash in crashes if crash.struck)
    assert faults == []
    assert all(spread[phase] >= ROUNDS - 2 for phase in ("fetch", "warc", "commit")), spread
    assert spread["checkpoint"] >= 1, spread
