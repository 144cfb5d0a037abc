"""The robots.txt of every origin of a run: asked for once, remembered for a day."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import trio

from scraper.robots import RobotsCopy, RobotsRules, rules_of

_ORIGINS_KEPT = 2048
_UNREACHABLE_S = 600.0  # a robots.txt that could not be had is asked for again after this


@dataclass(slots=True)
class _Entry:
    asking: trio.Lock = field(default_factory=trio.Lock)
    copy: RobotsCopy | None = None
    rules: RobotsRules = field(default_factory=RobotsRules)


class Rulebook:
    """Rules by origin; `copies` are what earlier runs were answered."""

    def __init__(self, user_agent: str, clock: Callable[[], datetime], copies: Iterable[RobotsCopy]) -> None:
        self._user_agent = user_agent
        self._clock = clock
        self._entries: dict[str, _Entry] = {}
        for copy in copies:
            self._entries[copy.origin] = _Entry(copy=copy, rules=self._read(copy))

    def known(self, origin: str, keep_s: float) -> RobotsRules | None:
        """Return the origin's rules if they are younger than `keep_s` seconds."""
        entry = self._entries.get(origin)
        return entry.rules if entry is not None and self._fresh(entry, keep_s) else None

    async def rules(self, origin: str, keep_s: float, ask: Callable[[], Awaitable[RobotsCopy]]) -> RobotsRules:
        """Return the origin's rules, calling `ask` where none are known; who comes meanwhile waits for its answer."""
        entry = self._entries.get(origin)
        if entry is None:
            self._make_room()
            entry = self._entries[origin] = _Entry()
        async with entry.asking:
            if not self._fresh(entry, keep_s):
                entry.copy = await ask()
                entry.rules = self._read(entry.copy)
        return entry.rules

    @property
    def copies(self) -> tuple[RobotsCopy, ...]:
        """Return what is worth remembering: the answers that hold until they grow old."""
        return tuple(entry.copy for entry in self._entries.values() if entry.copy and entry.rules.refused is None)

    def _read(self, copy: RobotsCopy) -> RobotsRules:
        return rules_of(copy, self._user_agent)

    def _fresh(self, entry: _Entry, keep_s: float) -> bool:
        if entry.copy is None:
            return False
        most = keep_s if entry.rules.refused is None else min(keep_s, _UNREACHABLE_S)
        # a copy from the future: the clock was set back
        return timedelta(0) <= self._clock() - entry.copy.fetched < timedelta(seconds=most)

    def _make_room(self) -> None:
        if len(self._entries) >= _ORIGINS_KEPT:
            idle = (origin for origin, entry in self._entries.items() if not entry.asking.locked())
            oldest = next(idle, None)
            if oldest is not None:
                del self._entries[oldest]
