"""Functions run in processes that can be killed: what hangs, crashes or eats memory costs itself, not the run.

A worker is started when it is first needed, has its imports done before a limit counts, and serves many calls; what
goes on inside it is `workbench`.

A script that uses them has what it does under `if __name__ == "__main__":`, as each worker runs it once more to know
its functions. Without that line every worker would start workers: the first is refused, and says so.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import nullcontext
from types import TracebackType
from typing import Final, Self, TypeVar, TypeVarTuple

import trio

from scraper.errors import ConfigError, ParseKilled, ScraperError
from scraper.limits import Limits
from scraper.workbench import GRACE_S, call, settle

NOT_STARTED: Final = "no worker could be started"  # which is no fault of the page's
START_S: Final = 30.0  # interpreter and imports take 0.1 s here; a machine may be busy
TIRED_BYTES: Final = 25 * 1024 * 1024  # that a worker has grown by when it is replaced (of 30; 13 after 950 pages)
HEAVY_BYTES: Final = 1024 * 1024  # of a page: its tree takes up to 15 times as much, so such pages are read one by one
_UNGUARDED: Final = (
    'the script runs once more in each process that reads pages: put what it does under `if __name__ == "__main__":`'
)

_Result = TypeVar("_Result")
_Arguments = TypeVarTuple("_Arguments")


class _Broken(Exception):
    """No worker could be had, or it is gone; the cause is what the worker itself said, if it said something."""


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
        self._slots = trio.CapacityLimiter(count)
        self._heavy = trio.CapacityLimiter(1)
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
        with trio.move_on_after(GRACE_S, shield=True):
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
            with trio.move_on_after(allowed) as limit:
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
            answer = await _called(call, function, args, url, allowed, self._tired_bytes)
        except _Broken as error:
            raise ParseKilled("reading it killed its worker", url) from error
        except ScraperError:
            self._ready += 1
            raise
        self._ready += 1
        return answer

    async def _start(self, url: str) -> None:
        """Have a worker ready. Shielded: anyio leaves a worker that is cancelled at its start to itself."""
        try:
            with trio.fail_after(START_S, shield=True):
                await _called(settle, self._imports, self._limits.parse_bytes)
        except (_Broken, trio.TooSlowError, OSError) as error:
            await trio.lowlevel.checkpoint()  # where the run was cancelled meanwhile, that is the reason
            if isinstance(error.__cause__, ScraperError):  # only the script itself can raise one before the imports
                raise ConfigError(_UNGUARDED) from error
            raise ParseKilled(NOT_STARTED, url) from error
        self._ready += 1

    async def _retire(self) -> None:
        self._ready -= 1
        try:
            await _called(os._exit, 0)
        except _Broken:
            return  # as meant: the pool forgets a worker only when it is gone


async def _called(function: Callable[[*_Arguments], _Result], *args: *_Arguments) -> _Result:
    """Return what an idle worker, or else a new one, answers. Raises: _Broken."""
    # loaded with the first worker, 8 ms: a run that finds nothing new starts none
    from anyio import BrokenWorkerProcess, CapacityLimiter, to_process

    try:
        # a limiter of its own is never waited for: who holds a slot has a worker
        return await to_process.run_sync(function, *args, cancellable=True, limiter=CapacityLimiter(1))
    except BrokenWorkerProcess as error:
        raise _Broken from error.__cause__
