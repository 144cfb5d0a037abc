"""Functions run in processes that can be killed: what hangs, crashes or eats memory costs itself, not the run.

A worker is started when it is first needed, has its imports done before a limit counts, and serves many calls.
It ignores SIGINT and SIGTERM, which reach whole process groups: its parent decides. It ends when its parent does:
an idle one at the closed pipe, a busy one at the latest when its own alarm strikes, which needs no parent.

A script that uses them has what it does under `if __name__ == "__main__":`, as each worker runs it once more to know
its functions. Without that line every worker would start workers: the first is refused, and says so.
"""

from __future__ import annotations

import fcntl
import gc
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import nullcontext, suppress
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeVar, TypeVarTuple

import anyio
from anyio import to_process
from anyio.lowlevel import checkpoint

from scraper.errors import ConfigError, ParseKilled, ScraperError
from scraper.limits import Limits

NOT_STARTED: Final = "no worker could be started"  # which is no fault of the page's
START_S: Final = 30.0  # interpreter and imports take 0.3 s here; a machine may be busy
GRACE_S: Final = 1.0  # a worker's own alarm, after the limit its parent watches
TIRED_BYTES: Final = 25 * 1024 * 1024  # that a worker has grown by when it is replaced (of 35, after 600 pages 15)
_PIPE_BYTES: Final = 1024 * 1024  # what Linux lets anybody have
HEAVY_BYTES: Final = 1024 * 1024  # of a page: its tree takes up to 15 times as much, so such pages are read one by one
_STATM = Path("/proc/self/statm")
_at_first = 0  # resident bytes of this worker when its imports were done; whoever's script it runs, they are its own
_UNGUARDED: Final = (
    'the script runs once more in each process that reads pages: put what it does under `if __name__ == "__main__":`'
)

_Result = TypeVar("_Result")
_Arguments = TypeVarTuple("_Arguments")


class Workers:
    """A few worker processes; at most `count` calls run at once, further ones wait their turn.

    `imports` are the modules a new worker loads before its first call; one that has grown by `tired_bytes` is replaced.
    """

    def __init__(
        self, limits: Limits, count: int = 2, *, imports: tuple[str, ...] = ("scraper.parse",),
        tired_bytes: int = TIRED_BYTES,
    ) -> None:
        self._limits = limits
        self._imports = imports
        self._tired_bytes = tired_bytes
        self._slots = anyio.CapacityLimiter(count)
        self._pool = anyio.CapacityLimiter(count)  # never waited for: who holds a slot has a worker
        self._heavy = anyio.CapacityLimiter(1)
        self._ready = 0  # idle workers known to have their imports done

    async def __aenter__(self) -> Self:
        """Begin without a worker.

        Raises: ConfigError in a worker that runs its script once more.
        """
        if "__mp_main__" in sys.modules and "__main__" not in sys.modules:  # how anyio runs it
            raise ConfigError(_UNGUARDED)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the idle workers; busy ones were killed when their call was cancelled."""
        with anyio.move_on_after(GRACE_S, shield=True):
            while self._ready:
                await self._retire()

    async def run(
        self,
        function: Callable[[*_Arguments], _Result],
        *args: *_Arguments,
        url: str,
        seconds: float | None = None,
        weight: int = 0,
    ) -> _Result:
        """Return what the function returns; it, its arguments and its result are pickled.

        `seconds` (None: Limits.parse_s) count from the moment a worker is ready for it; of calls whose `weight` in
        bytes is over HEAVY_BYTES one runs at a time.

        Raises: ParseKilled where it takes too long or too much memory, or kills its worker; ConfigError where
            the script that asks cannot be run by a worker; what the function raises comes out as itself.
        """
        allowed = self._limits.parse_s if seconds is None else seconds
        async with self._heavy if weight > HEAVY_BYTES else nullcontext(), self._slots:
            if not self._ready:
                await self._start(url)
            self._ready -= 1
            with anyio.move_on_after(allowed) as limit:
                result, tired = await self._answer(function, args, url, allowed)
            if limit.cancelled_caught:
                raise ParseKilled(f"not read within {allowed:g} s", url)
            if tired:
                await self._retire()
            return result

    async def _answer(
        self, function: Callable[[*_Arguments], _Result], args: tuple[*_Arguments], url: str, allowed: float
    ) -> tuple[_Result, bool]:
        try:
            answer = await to_process.run_sync(
                _call, function, args, url, allowed, self._tired_bytes, cancellable=True, limiter=self._pool
            )
        except anyio.BrokenWorkerProcess as error:
            raise ParseKilled("reading it killed its worker", url) from error
        except ScraperError:
            self._ready += 1
            raise
        self._ready += 1
        return answer

    async def _start(self, url: str) -> None:
        """Have a worker ready. Shielded: anyio leaves a worker that is cancelled at its start to itself."""
        try:
            with anyio.fail_after(START_S, shield=True):
                await to_process.run_sync(
                    _settle, self._imports, self._limits.parse_bytes, cancellable=True, limiter=self._pool
                )
        except (anyio.BrokenWorkerProcess, TimeoutError, OSError) as error:
            await checkpoint()  # where the run was cancelled meanwhile, that is the reason
            if isinstance(error.__cause__, ScraperError):  # only the script itself can raise one before the imports
                raise ConfigError(_UNGUARDED) from error
            raise ParseKilled(NOT_STARTED, url) from error
        self._ready += 1

    async def _retire(self) -> None:
        self._ready -= 1
        try:
            await to_process.run_sync(os._exit, 0, cancellable=True, limiter=self._pool)
        except anyio.BrokenWorkerProcess:
            return  # as meant: the pool forgets a worker only when it is gone


def _settle(imports: tuple[str, ...], memory_bytes: int) -> None:
    """Make this process a worker: deaf to the group's signals, silent, its imports done, its memory bounded."""
    global _at_first
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 2)  # a pipe that anyio opens and never reads: full, it would stop what writes into it
    os.close(silence)
    _widen_pipe()
    for module in imports:
        import_module(module)
    gc.freeze()
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


def _call(
    function: Callable[[*_Arguments], _Result], args: tuple[*_Arguments], url: str, allowed: float, tired_bytes: int
) -> tuple[_Result, bool]:
    """Return the function's result, and whether this worker should be replaced."""
    signal.setitimer(signal.ITIMER_REAL, allowed + GRACE_S)  # kills without Python's help, and without a parent
    try:
        with _Traced():
            return function(*args), _memory()[1] > _at_first + tired_bytes
    except MemoryError as error:
        raise ParseKilled("it takes too much memory", url) from error
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


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
