"""What the pages of a run showed, counted."""

from __future__ import annotations

from datetime import UTC, datetime

from scraper.coverage import Tally
from scraper.records import Index, Page
from scraper.reports import Coverage, Part
from scraper.source import Feed

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
URL = "https://paper.example/a"
FEED = Feed("https://paper.example/feed")


def test_a_known_story_that_is_gone_tells_nothing_of_its_site() -> None:
    """Its page says so with status 200; a new story's page that says so does."""
    shown: dict[Part, tuple[Coverage, ...]] = {}
    for part in ("recheck", "story"):
        tally = Tally()
        tally.read(Page(URL, NOON, None, "soft 404"), part)
        shown[part] = tally.coverage()

    assert shown == {"recheck": (), "story": (Coverage("story", "article", 1, 0),)}


def test_an_entry_point_that_is_not_there_shows_nothing_and_one_that_did_not_come_is_not_judged() -> None:
    gone, cut, empty = Tally(), Tally(), Tally()

    gone.missed(FEED, gone=True)
    cut.listed(Index(FEED.url, NOON), FEED)
    cut.missed(FEED, gone=False)
    empty.listed(Index(FEED.url, NOON), FEED)

    nothing = (Coverage("entry", FEED.url, 1, 0, 0),)
    assert (gone.coverage(), cut.coverage(), empty.coverage()) == (nothing, (), nothing)
