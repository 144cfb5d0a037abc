"""What the line decides of a story by itself: whose date it takes, and whether time alone will mend a failure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from scraper.errand import lasts
from scraper.errors import BodyError, NetworkError, ParseError, RedirectError, ScraperError, StatusError
from scraper.records import Article, Origin, Page, Stamp, Teaser
from scraper.stories import dated

URL = "https://paper.example/a"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = Stamp("2 March, 09:30", datetime(2026, 3, 2, 9, 30, tzinfo=UTC), date(2026, 3, 2), "minute")
DAY = Stamp("2 March", datetime(2026, 3, 2, tzinfo=UTC), date(2026, 3, 2))
OTHER_DAY = Stamp("1 March", datetime(2026, 3, 1, tzinfo=UTC), date(2026, 3, 1))
MINUTE = Stamp("2 March, 08:15", datetime(2026, 3, 2, 8, 15, tzinfo=UTC), date(2026, 3, 2), "minute")
DOUBTFUL = Stamp("2 March 2999", None, None, fault="after the fetch")


def page(own: Stamp | None) -> Page:
    """Return a page whose story shows this date."""
    origins = (Origin("headline", "structure", 0.9), *([Origin("published", "text", 0.8)] if own else []))
    return Page(URL, NOON, Article(URL, "Rain", "It rained.", published=own, origins=origins))


@pytest.mark.parametrize(("own", "sure"), [(None, 0.7), (DAY, 0.9)], ids=["no date", "the day alone"])
def test_a_story_takes_the_date_of_its_listing_where_it_shows_no_more_than_its_day(
    own: Stamp | None, sure: float
) -> None:
    found = dated(page(own), Teaser(URL, stamp=HOUR)).article

    assert found is not None
    assert found.published == HOUR
    assert found.origins == (Origin("headline", "structure", 0.9), Origin("published", "listing", sure))


@pytest.mark.parametrize("own", [MINUTE, OTHER_DAY, DOUBTFUL], ids=["an hour", "another day", "no date to be believed"])
def test_a_date_of_its_own_stays(own: Stamp) -> None:
    assert dated(page(own), Teaser(URL, stamp=HOUR)) == page(own)


def test_a_listing_without_a_date_of_publication_lends_none() -> None:
    """It shows none, one that cannot be believed, or when the story last changed."""
    for teaser in (Teaser(URL), Teaser(URL, stamp=DOUBTFUL), Teaser(URL, stamp=HOUR, updated=True)):
        assert dated(page(None), teaser) == page(None)
    assert dated(replace(page(None), article=None), Teaser(URL, stamp=HOUR)).article is None


@pytest.mark.parametrize(("error", "mended"), [
    *((StatusError("no", URL, status=status), status in (408, 425, 429, 500, 503))
      for status in (304, 403, 404, 408, 410, 425, 429, 500, 503)),
    (ParseError("html where a feed should be", URL), False), (BodyError("body over 9 bytes", URL), False),
    (RedirectError("redirect in a circle", URL), False), (NetworkError("no answer in time", URL), True),
], ids=lambda each: getattr(each, "message", str(each)))  # fmt: skip
def test_time_mends_what_is_of_the_moment(error: ScraperError, mended: bool) -> None:
    """An address that is not there, or does not hold what it should, stays so."""
    assert lasts(error) is not mended
