"""The two sites together: opened on free ports, moved from day to day, closed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, time
from types import TracebackType
from typing import Self

from scraper.demo import qovun, silkroad
from scraper.demo.server import Answer, SiteServer
from scraper.demo.stories import DAYS, date_of
from scraper.source import Source

_AFTERNOON = time(13, 0)  # UTC: the stories of the day are out
_SITES: tuple[tuple[Callable[[str], Source], Callable[[str, int, str], Answer]], ...] = (
    (silkroad.source, silkroad.answer),
    (qovun.source, qovun.answer),
)


class Sites:
    """Two invented sites as they stand on `day`, from 1 to DAYS; assign to it to move on. Open them with `with`.

    Day 2 lists a story that is a 404; on day 3 one is corrected and the second site prints an agency's report that the
    first had on day 2, on day 4 one is withdrawn (410). The rates move.
    """

    def __init__(self, day: int = 1) -> None:
        self.day = day
        self.sources: tuple[Source, ...] = ()
        self._opened = ExitStack()

    @property
    def now(self) -> datetime:
        """Return the moment of a harvest on this day, in UTC."""
        return datetime.combine(date_of(self.day), _AFTERNOON, UTC)

    def __enter__(self) -> Self:
        self.sources = tuple(source(self._serve(answer)) for source, answer in _SITES)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None,
    ) -> None:
        self._opened.close()

    def _serve(self, answer: Callable[[str, int, str], Answer]) -> str:
        server = SiteServer(lambda path: answer(path, self.day, server.home))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        self._opened.callback(thread.join)
        self._opened.callback(server.server_close)
        self._opened.callback(server.shutdown)
        return server.home


def demo_sites(day: int = 1) -> Sites:
    """Return the demo's two sites, not yet opened."""
    if not 1 <= day <= DAYS:
        raise ValueError(f"the demo has {DAYS} days")
    return Sites(day)
