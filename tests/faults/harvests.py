"""Whole harvests in a process of their own: what they printed and stored, their time and their memory."""

from __future__ import annotations

import resource
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HANG_S = 1800.0  # a ceiling against hangs: 140 sites took over 300 s on a machine with six jobs a core
MOST_STORIES = 80
LIMITS = f"""\
[limits]
gap_s = 0
connect_s = 60
read_s = 60
url_s = 120
retry_wait_s = 0.02
retry_after_s = 5
crawl_delay_s = 2.5
parse_s = 60
stories = {MOST_STORIES}
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """What one harvest came to, over all its processes: seconds of CPU, and the highest sum of Pss, sampled."""

    folder: Path
    code: int
    stdout: str
    stderr: str
    cpu_s: float
    peak_bytes: int

    def rows(self, sql: str, *parameters: object) -> list[dict[str, Any]]:
        """Return rows of the archive, read by SQLite itself."""
        with closing(sqlite3.connect(f"file:{self.folder / 'news.db'}?mode=ro", uri=True)) as db:
            db.row_factory = sqlite3.Row
            return [dict(row) for row in db.execute(sql, parameters)]


def harvested(folder: Path, sources: Sequence[str], *options: str, limits: str = LIMITS) -> Ran:
    """Run `scraper harvest` over these source files, in `folder`."""
    (folder / "scraper.toml").write_text(f'contact = "newsroom@example.org"\n{limits}', "utf-8")
    command = [sys.executable, "-m", "scraper", "-d", "news.db", "harvest", "--allow-private", "127.0.0.1", *options]
    for number, declared in enumerate(sources):
        (folder / f"source-{number}.toml").write_text(declared, "utf-8")
        command += ["--source-file", f"source-{number}.toml"]
    before = _cpu_s_of_children()
    with subprocess.Popen(
        command, cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process, _Scale(process.pid) as scale:
        try:
            stdout, stderr = process.communicate(timeout=HANG_S)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    return Ran(folder, process.returncode, stdout, stderr, _cpu_s_of_children() - before, scale.peak_bytes)


def _cpu_s_of_children() -> float:
    """Return what the children that have ended took, and theirs."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


class _Scale:
    """Weighs a process and all that come of it, twenty times a second."""

    def __init__(self, pid: int) -> None:
        self.peak_bytes = 0
        self._pid = pid
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> _Scale:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.05):
            self.peak_bytes = max(self.peak_bytes, sum(map(_pss_bytes, _family(self._pid))))


def _family(pid: int) -> list[int]:
    found = [pid]
    for member in found:
        with suppress(OSError):
            for task in Path(f"/proc/{member}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
    return found


def _pss_bytes(pid: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
