"""Fetches over loopback with small limits, and what came of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

import trio
import trio.testing

from scraper.errors import FetchError
from scraper.fetch import Fetcher
from scraper.limits import Limits
from scraper.records import Exchange, Kept, Response
from scraper.robots import RobotsCopy

T = TypeVar("T")

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SMALL = Limits(  # with time enough for a machine that stands still for seconds; who waits in vain asks for less
    gap_s=0.0, connect_s=60.0, read_s=60.0, url_s=120.0, retry_wait_s=0.01, retry_after_s=2.0, crawl_delay_s=0.5,
    body_bytes=100_000,
)  # fmt: skip


@dataclass(eq=False)
class Net:
    """A fetcher's surroundings: what it kept, what time it is, which private hosts it may ask."""

    limits: Limits = SMALL
    private: tuple[str, ...] = ("127.0.0.1",)
    robots: Iterable[RobotsCopy] = ()
    agent: str = "scraper/0.1"
    now: datetime = NOW
    exchanges: list[Exchange] = field(default_factory=list)

    def fetcher(self) -> Fetcher:
        """Return a fetcher in these surroundings."""
        return Fetcher(
            self.limits, keep=self._keep, clock=self.clock, user_agent=self.agent, allow_private=self.private,
            robots=self.robots,
        )  # fmt: skip

    def clock(self) -> datetime:
        """Return what time it is, in UTC."""
        return self.now

    def run(self, act: Callable[[Fetcher], Awaitable[T]]) -> T:
        """Run one async function with an open fetcher."""

        async def main() -> T:
            async with self.fetcher() as fetcher:
                return await act(fetcher)

        return trio.run(main)

    def get(self, *urls: str) -> list[Response | FetchError]:
        """Fetch one address after the other."""

        async def act(fetcher: Fetcher) -> list[Response | FetchError]:
            return [await outcome(fetcher, url) for url in urls]

        return self.run(act)

    def page(self, url: str) -> Response:
        """Fetch an address that brings a page."""
        (got,) = self.get(url)
        assert isinstance(got, Response), got
        return got

    def error(self, url: str) -> FetchError:
        """Fetch an address that brings an error."""
        (got,) = self.get(url)
        assert isinstance(got, FetchError), got
        return got

    def together(self, *urls: str, then: Callable[[], None] = lambda: None) -> dict[str, Response | FetchError]:
        """Fetch all at once, in a fixed order of asking; `then` is called when all were asked for."""
        found: dict[str, Response | FetchError] = {}

        async def one(fetcher: Fetcher, url: str) -> None:
            found[url] = await outcome(fetcher, url)

        async def act(fetcher: Fetcher) -> None:
            async with trio.open_nursery() as nursery:
                for url in urls:
                    nursery.start_soon(one, fetcher, url)
                    await trio.testing.wait_all_tasks_blocked()
                then()

        self.run(act)
        return found

    def _keep(self, exchange: Exchange) -> Kept:
        self.exchanges.append(exchange)
        return Kept(exchange.url, exchange.fetched, exchange.status, len(exchange.wire))


async def outcome(fetcher: Fetcher, url: str, limits: Limits | None = None) -> Response | FetchError:
    """Return the response, or the error that is expected trouble."""
    try:
        return await fetcher.get(url, limits=limits)
    except FetchError as error:
        return error
