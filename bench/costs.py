"""What a command costs with all its children: CPU and wall seconds, peak memory as the sum of Pss.

    python bench/costs.py REPORT COMMAND...      # writes {"cpu": s, "wall": s, "peak": MiB, "code": n} to REPORT
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SAMPLE_S = 0.25
_SUBREAPER = 36  # prctl(2): children whose parent is gone become ours, so that their time is counted


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took; `peak` in MiB, shared pages counted once."""

    cpu: float
    wall: float
    peak: float
    code: int
    printed: str


def cost_of(command: Sequence[str], stdin: str = "") -> Cost:
    """Run a command to its end and return what it took."""
    with tempfile.NamedTemporaryFile("r", suffix=".json") as report:
        launched = [sys.executable, __file__, report.name, *command]
        done = subprocess.run(launched, input=stdin, capture_output=True, text=True, check=False)
        found = json.loads(report.read() or "{}")
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:3])}: {done.stderr[-2000:]}")
    return Cost(found["cpu"], found["wall"], found["peak"], found["code"], done.stdout)


def pss_mib(process: int) -> float:
    """Return the Pss of a process and all below it; 0 where it is gone."""
    try:
        rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
        # a child belongs to the thread that started it
        tasks = Path(f"/proc/{process}/task").iterdir()
        below = [child for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return 0.0
    own = next((int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")), 0)
    return own / 1024 + sum(pss_mib(int(child)) for child in below)


def _launch(report: Path, command: Sequence[str]) -> int:
    ctypes.CDLL(None).prctl(_SUBREAPER, 1)
    began, peak, over = time.perf_counter(), 0.0, threading.Event()
    child = os.posix_spawnp(command[0], list(command), os.environ)

    def watch() -> None:
        nonlocal peak
        while not over.wait(SAMPLE_S):
            peak = max(peak, pss_mib(child))

    watcher = threading.Thread(target=watch)
    watcher.start()
    code, wall = 0, 0.0
    while True:
        try:
            ended, status = os.wait()
        except ChildProcessError:
            break
        if ended == child:
            code, wall = os.waitstatus_to_exitcode(status), time.perf_counter() - began
    over.set()
    watcher.join()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    report.write_text(json.dumps({"cpu": used.ru_utime + used.ru_stime, "wall": wall, "peak": peak, "code": code}))
    return code


if __name__ == "__main__":
    raise SystemExit(_launch(Path(sys.argv[1]), sys.argv[2:]))
