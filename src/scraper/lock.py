"""One run at a time: a flock beside the database, which vanishes with its process, however that ends."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from scraper.errors import ArchiveError, LockHeld

POLL_S: Final = 0.1  # flock cannot wait for a while, only for ever


@contextmanager
def run_lock(database: Path, *, now: datetime, wait_s: float = 0.0) -> Iterator[None]:
    """Hold the lock of this database; two names for one file share it.

    The lock file stays when the lock goes: removing it would let two runs lock two files of one name.

    Raises: LockHeld where another process has it, and `wait_s` later still; ArchiveError where it cannot be had at all.
    """
    try:
        path = Path(f"{database.resolve()}.lock")
    except OSError as error:
        raise ArchiveError("the folder this was started in is gone", str(database)) from error
    descriptor = _opened(path)
    try:
        _take(descriptor, path, wait_s)
        _sign(descriptor, path, f"{os.getpid()} {now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}\n")
        yield
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def _opened(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK, 0o644)
    except OSError as error:
        raise _unusable(path, error) from error


def _take(descriptor: int, path: Path, wait_s: float) -> None:
    deadline = time.monotonic() + wait_s
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() >= deadline:
                raise LockHeld(f"another run holds {path}{_holder(descriptor)}") from error
        except OSError as error:
            raise _unusable(path, error) from error
        else:
            return
        time.sleep(min(POLL_S, max(0.0, deadline - time.monotonic())))


def _sign(descriptor: int, path: Path, text: str) -> None:
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, text.encode(), 0)
    except OSError as error:
        raise _unusable(path, error) from error


def _holder(descriptor: int) -> str:
    pid, _, since = os.pread(descriptor, 100, 0).decode("ascii", "replace").strip().partition(" ")
    return f" (process {pid}, since {since})" if pid.isdecimal() and since else ""


def _unusable(path: Path, error: OSError) -> ArchiveError:
    return ArchiveError(f"cannot lock {path} ({error.strerror})")
