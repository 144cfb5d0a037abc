"""A Dask cluster on loopback: a scheduler and workers, each a process of its own that can be killed."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from ceilings import HANG_S


@dataclass(eq=False)
class Farm:
    """A scheduler without a dashboard, and so many workers of one thread each."""

    folder: Path
    count: int = 2
    address: str = ""
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    scheduler: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        told = self.folder / "scheduler.json"
        with ExitStack() as failing:
            failing.callback(self._end)
            self.scheduler = self._start("scheduler", "--port", "0", "--scheduler-file", str(told))
            wait_until(lambda: told.exists() and told.read_text("utf-8").endswith("}"))  # it is written piece by piece
            self.address = json.loads(told.read_text("utf-8"))["address"]
            self.fill()
            failing.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def _end(self) -> None:
        for process in (*self.workers, self.scheduler):
            if process is not None:
                process.kill()
                process.wait(HANG_S)

    def fill(self) -> None:
        """Start workers for those that were killed."""
        while len(self.workers) < self.count:
            self.workers.append(self._start(
                "worker", self.address, "--no-nanny", "--nthreads", "1", "--local-directory", str(self.folder)))

    def kill_one(self) -> None:
        """Kill a worker with signal 9."""
        worker = self.workers.pop()
        worker.kill()
        worker.wait(HANG_S)

    def _start(self, *args: str) -> subprocess.Popen[bytes]:
        quiet = ("--host", "127.0.0.1", "--no-dashboard")
        log = (self.folder / f"{args[0]}.log").open("ab")
        with log:
            return subprocess.Popen([sys.executable, "-m", "dask", *args, *quiet], stdout=log, stderr=log)


def wait_until(true: Callable[[], bool]) -> None:
    """Wait for what another process does, at most HANG_S."""
    until = time.monotonic() + HANG_S
    while not true():
        assert time.monotonic() < until, "nothing came of it"
        time.sleep(0.005)
