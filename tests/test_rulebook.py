"""Rules by origin: asked for once, kept for as long as they hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import trio
import trio.lowlevel

from scraper.net.rulebook import Rulebook
from scraper.robots import RobotsCopy

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SITE = "https://paper.example"
DAY = 24 * 3600.0


class Site:
    """Answers for robots.txt, slowly, and counts."""

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.now = NOON
        self.asked = 0

    def clock(self) -> datetime:
        return self.now

    async def ask(self) -> RobotsCopy:
        self.asked += 1
        await trio.lowlevel.checkpoint()
        return RobotsCopy(SITE, self.now, self.status, b"User-agent: *\nDisallow: /private")


def test_who_comes_while_rules_are_asked_for_waits_for_them() -> None:
    """A hundred pages, one robots.txt."""
    site = Site()
    book = Rulebook("scraper", site.clock, ())
    found: list[bool] = []

    async def page() -> None:
        found.append((await book.rules(SITE, DAY, site.ask)).allowed(SITE + "/private"))

    async def act() -> None:
        async with trio.open_nursery() as nursery:
            for _ in range(100):
                nursery.start_soon(page)

    trio.run(act)

    assert (found, site.asked) == ([False] * 100, 1)


def test_rules_hold_for_a_day_and_their_absence_for_minutes() -> None:
    """A robots.txt that could not be had is asked for again soon; it is not worth remembering."""
    asked: dict[tuple[int, timedelta], int] = {}
    for status in (200, 404, 503):
        for age in (timedelta(minutes=9), timedelta(minutes=11), timedelta(hours=25)):
            site = Site(status)
            book = Rulebook("scraper", site.clock, ())
            trio.run(book.rules, SITE, DAY, site.ask)
            site.now += age
            trio.run(book.rules, SITE, DAY, site.ask)
            asked[status, age] = site.asked
            assert bool(book.copies) == (status != 503)

    assert list(asked.values()) == [1, 1, 2, 1, 1, 2, 1, 2, 2]


def test_what_is_known_is_told_without_asking() -> None:
    """None where it is not, or no longer."""
    site = Site()
    book = Rulebook("scraper", site.clock, [RobotsCopy(SITE, NOON, 404)])

    assert book.known(SITE, DAY) is not None
    assert book.known(SITE, 0.0) is None
    assert book.known("https://other.example", DAY) is None


def test_the_book_is_bounded() -> None:
    """Ten thousand origins in a run."""
    site = Site()
    book = Rulebook("scraper", site.clock, ())

    async def act() -> None:
        for number in range(3000):
            await book.rules(f"https://h{number}.example", DAY, site.ask)

    trio.run(act)

    assert len(book.copies) == 2048
