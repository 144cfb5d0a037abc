"""Inside a worker process: its signals, its bounds, its growth, one call at a time. No event loop is loaded here.

It ignores SIGINT and SIGTERM, which reach whole process groups: its parent decides. It ends when its parent does: an
idle one at the closed pipe, a busy one at the latest when its own alarm strikes, which needs no parent.
"""

from __future__ import annotations

import fcntl
import gc
import os
import resource
import signal
import traceback
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Final, TypeVar, TypeVarTuple

from scraper.errors import ParseKilled, ScraperError

GRACE_S: Final = 1.0  # a worker's own alarm, after the limit its parent watches
_PIPE_BYTES: Final = 1024 * 1024  # what Linux lets anybody have
_STATM = Path("/proc/self/statm")
_SETTLED: Final = 16  # calls after which it pays to load what tells glibc to keep memory, 2 ms
_KEPT_BYTES: Final = 8 * 1024 * 1024  # that stay with a worker between two pages; a usual one takes 3 MiB
_MAPPED_BYTES: Final = 4 * 1024 * 1024  # a single piece of memory from which on it is the system's own
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # of mallopt (malloc.h)
_calls = 0
_at_first = 0  # resident bytes of this worker when its imports were done; whoever's script it runs, they are its own

_Result = TypeVar("_Result")
_Arguments = TypeVarTuple("_Arguments")


def settle(imports: tuple[str, ...], memory_bytes: int) -> None:
    """Make this process a worker: deaf to the group's signals, silent, its imports done, its memory bounded."""
    global _at_first
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 2)  # a pipe that anyio opens and never reads: full, it would stop what writes into it
    os.close(silence)
    _widen_pipe()
    gc.disable()  # nothing that is imported is garbage: looking for some is 3 % of a start
    for module in imports:
        import_module(module)
    gc.freeze()
    gc.enable()
    _at_first = _memory()[1]
    _bound_memory(memory_bytes)


def _widen_pipe() -> None:
    """Let a whole page into the pipe that calls come through: at 64 KiB the parent is woken for each half of one."""
    with suppress(OSError, AttributeError):  # F_SETPIPE_SZ is Linux's, and the system may have given out all it has
        fcntl.fcntl(0, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _bound_memory(added: int) -> None:
    taken, _ = _memory()
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    if taken and (soft == resource.RLIM_INFINITY or taken + added < soft):
        resource.setrlimit(resource.RLIMIT_AS, (taken + added, hard))


def call(
    function: Callable[[*_Arguments], _Result], args: tuple[*_Arguments], url: str, allowed: float, tired_bytes: int
) -> tuple[_Result, bool]:
    """Return the function's result, and whether this worker should be replaced."""
    global _calls
    _calls += 1
    if _calls == _SETTLED:
        _keep_memory()
    signal.setitimer(signal.ITIMER_REAL, allowed + GRACE_S)  # kills without Python's help, and without a parent
    try:
        with _Traced():
            return function(*args), _is_tired(tired_bytes)
    except MemoryError as error:
        raise ParseKilled("it takes too much memory", url) from error
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _keep_memory() -> None:
    """Let a page's memory stay for the next one: given back each time, it costs 8 calls and 130 page faults a page."""
    import ctypes

    with suppress(OSError, AttributeError):  # glibc's
        ctypes.CDLL(None).mallopt(_TRIM_THRESHOLD, _KEPT_BYTES)
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _MAPPED_BYTES)


def _is_tired(tired_bytes: int) -> bool:
    """Tell whether this worker has grown by more than that, even when what is free was given back.

    glibc keeps up to 32 MiB of what large pages took: after 950 pages of as many sites a worker has grown by 25 MiB,
    of which it needs 13. Giving back takes a millisecond, and where it is done for every page, 115 page faults each.
    """
    if _memory()[1] <= _at_first + tired_bytes:
        return False
    import ctypes

    with suppress(OSError, AttributeError):  # malloc_trim is glibc's
        ctypes.CDLL(None).malloc_trim(0)
    return _memory()[1] > _at_first + tired_bytes


def _memory() -> tuple[int, int]:
    """Return the bytes of address space and of resident memory of this process; zeros where Linux is not told."""
    if not _STATM.exists():
        return 0, 0
    pages = _STATM.read_text().split()
    return int(pages[0]) * resource.getpagesize(), int(pages[1]) * resource.getpagesize()


class _Traced:
    """Writes a bug's traceback into its notes, as pickling loses it."""

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None and not isinstance(error, (ScraperError, MemoryError)):
            error.add_note("".join(traceback.format_exception(error)))
