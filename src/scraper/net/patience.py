"""How long the net may take: one deadline for a whole exchange, moved along for each wait within it."""

from __future__ import annotations

from types import TracebackType
from typing import Self

import httpcore
import trio

_MORE = 0.1  # of what a wait may take, so that few of them move the deadline


class Patience:
    """A cancel scope whose deadline follows the waits, but not beyond the end of the exchange.

    A scope for each wait costs 3 % of a page apiece.
    """

    def __init__(self, seconds: float, wait_s: float) -> None:
        """Begin to wait: `seconds` for all of it, `wait_s` for each wait, and up to a tenth more."""
        self._wait_s = wait_s
        self._end = trio.current_time() + seconds
        self._scope = trio.CancelScope(deadline=self._end)

    def __enter__(self) -> Self:
        self._scope.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """End it.

        Raises: TooSlowError where all of it took too long, httpcore's ReadTimeout where one wait in it did.
        """
        caught = self._scope.__exit__(kind, error, trace)
        if not self._scope.cancelled_caught:
            return caught
        if trio.current_time() >= self._end:
            raise trio.TooSlowError
        raise httpcore.ReadTimeout("no answer in time")

    def renew(self) -> None:
        """Give the wait that begins now its time."""
        least = trio.current_time() + self._wait_s
        if not least <= self._scope.deadline <= least + self._wait_s * _MORE:
            self._scope.deadline = min(self._end, least + self._wait_s * _MORE)
