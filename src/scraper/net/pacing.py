"""Whose turn it is at each host: one request in flight, a gap after each, first come first served."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

import trio

from scraper.errors import Deferred, NetworkError
from scraper.urls import split

GRACE_S = 0.05  # beyond what a host asked for: by its own clock an answer may end a little after we had it
_HOSTS_KEPT = 4096
_QUIET_S = 120.0  # longer than any gap
_PUT_OFFS = 3  # addresses in a row that a host puts off for long, before all of it is left alone
_FAILURES = 20  # addresses in a row that a host fails, all their tries included, before it is left alone


@dataclass(slots=True, eq=False)
class Host:
    """What is known of one host in this run; times are trio's clock, `until` is a UTC instant."""

    queue: trio.StrictFIFOLock = field(default_factory=trio.StrictFIFOLock)
    ended: float = -math.inf
    not_before: float = -math.inf
    until: datetime | None = None
    put_offs: int = 0
    failures: int = 0
    paused_s: float = 0.0
    page: str | None = None  # the one page of this run, where the Crawl-delay is too long for more

    def at_rest(self) -> bool:
        """Tell whether nothing would be lost by forgetting this host."""
        marked = self.until is not None or self.page is not None or self.put_offs + self.failures > 0
        quiet = max(self.ended + _QUIET_S, self.not_before) < trio.current_time()
        return quiet and not marked and not self.queue.locked()

    def answered(self) -> None:
        """Note that the host did its work, if only to say that there is no such page."""
        self.put_offs = self.failures = 0

    def pause(self, seconds: float) -> None:
        """Let no request start for so long, as the host asked."""
        self.paused_s += seconds
        self.not_before = max(self.not_before, trio.current_time() + seconds + GRACE_S)

    def put_off(self, until: datetime) -> None:
        """Note that the host asked for a longer wait than a run has; after a few in a row, all of it is deferred."""
        self.put_offs += 1
        if self.put_offs >= _PUT_OFFS:
            self.until = until


class Hosts:
    """The queues of all hosts; bounded, those at rest are forgotten."""

    def __init__(self) -> None:
        self._hosts: dict[str, Host] = {}

    def __len__(self) -> int:
        return len(self._hosts)

    def __getitem__(self, url: str) -> Host:
        """Return the host of an address. A port of its own is a host of its own."""
        name = _name(url)
        host = self._hosts.get(name)
        if host is None:
            if len(self._hosts) >= _HOSTS_KEPT:
                self._hosts = {key: kept for key, kept in self._hosts.items() if not kept.at_rest()}
            host = self._hosts[name] = Host()
        return host


@asynccontextmanager
async def turn(host: Host, gap_s: float, url: str) -> AsyncIterator[None]:
    """Wait for this host's turn and hold it; the gap counts from the end of the last turn.

    Raises: Deferred once the host asked to be left alone, NetworkError once it failed too often.
    """
    try:
        host.queue.acquire_nowait()
    except trio.WouldBlock:
        await host.queue.acquire()
    try:
        _turn_away(host, url)
        start = max(host.ended + gap_s, host.not_before)
        if start > trio.current_time():
            await trio.sleep_until(start)
        try:
            yield
        finally:
            host.ended = trio.current_time()
    finally:
        host.queue.release()


def _turn_away(host: Host, url: str) -> None:
    if host.until is not None:
        raise Deferred(f"the host asked to wait until {host.until:%Y-%m-%dT%H:%M:%SZ}", url, until=host.until)
    if host.failures >= _FAILURES:
        raise NetworkError(f"the host failed {_FAILURES} addresses in a row, left alone for this run", url)


def _name(url: str) -> str:
    parts = split(url)
    if parts is None:
        return ""
    name, port = (parts.hostname or "").removesuffix("."), parts.port
    return name if port in (None, 80, 443) else f"{name}:{port}"
