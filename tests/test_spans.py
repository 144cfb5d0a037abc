"""Which days an address, a sitemap's name or a teaser speaks of."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from scraper.records import Stamp, Teaser
from scraper.spans import Dating, Span, dating, edits_query, month_of, month_query, named_days

MARCH = Span(date(2024, 3, 1), date(2024, 3, 31))
STAMP = Stamp("2024-03-15", datetime(2024, 3, 15, tzinfo=UTC), date(2024, 3, 15))


@pytest.mark.parametrize(
    ("path", "days"),
    [
        ("/sitemap-2024-03.xml", MARCH),
        ("/sitemap_2024_3.xml.gz", MARCH),
        ("/sitemap-pt-post-p1-2024-03.xml", MARCH),
        ("/sitemaps/202403.xml", MARCH),
        ("/2024/03/sitemap.xml", MARCH),
        ("/sitemap.xml?year=2024&month=3", MARCH),
        ("/sitemap.xml?yyyy=2024&mm=03&dd=15", Span(date(2024, 3, 15), date(2024, 3, 15))),
        ("/sitemap-2024-03-15.xml", Span(date(2024, 3, 15), date(2024, 3, 15))),
        ("/sitemap-news-2024.xml", Span(date(2024, 1, 1), date(2024, 12, 31))),
        ("/sitemap-2024-02-30.xml", None),
        ("/post-sitemap12.xml", None),
        ("/sitemap-1999123.xml", None),
        ("/sitemap.xml?page=2024", Span(date(2024, 1, 1), date(2024, 12, 31))),
    ],
)
def test_a_sitemap_names_its_days(path: str, days: Span | None) -> None:
    assert named_days(f"https://herald.example{path}") == days


@pytest.mark.parametrize(
    ("path", "days"),
    [
        ("/2024/03/15/rain/", Span(date(2024, 3, 15), date(2024, 3, 15))),
        ("/2024/3/rain/", MARCH),
        ("/news/2024-03-15-rain", Span(date(2024, 3, 15), date(2024, 3, 15))),
        ("/news/20240315-rain", Span(date(2024, 3, 15), date(2024, 3, 15))),
        ("/news/202403-rain", None),
        ("/news/20241399-rain", None),
        ("/2024-olympics/rain", None),
    ],
)
def test_a_story_address_tells_its_day_where_it_holds_one(path: str, days: Span | None) -> None:
    told = dating(Teaser(f"https://herald.example{path}"), None)

    assert (told.span if told else None) == days


def test_a_date_of_publication_goes_before_all_else() -> None:
    """A listing's own date is more exact than a folder of the month."""
    told = dating(Teaser("https://herald.example/2024/03/rain/", stamp=STAMP), None)

    assert told == Dating(Span(date(2024, 3, 15), date(2024, 3, 15)), "dated")


def test_a_last_change_only_says_that_a_story_is_no_younger() -> None:
    """It may be years older."""
    told = dating(Teaser("https://herald.example/rain", stamp=STAMP, updated=True), None)

    assert told == Dating(Span(date.min, date(2024, 3, 15)), "changed")
    assert told.month == "2024-03"


def test_the_name_of_a_sitemap_goes_before_a_last_change() -> None:
    """A story of March that was corrected in May is one of March."""
    changed = Stamp("2024-05-02", datetime(2024, 5, 2, tzinfo=UTC), date(2024, 5, 2))

    assert dating(Teaser("https://herald.example/rain", stamp=changed, updated=True), MARCH) == Dating(MARCH, "dated")


def test_the_months_of_a_range_are_whole_and_run_backwards() -> None:
    months = [*Span(date(2023, 12, 30), date(2024, 2, 1)).months()]

    assert months == [
        Span(date(2024, 2, 1), date(2024, 2, 29)), Span(date(2024, 1, 1), date(2024, 1, 31)),
        Span(date(2023, 12, 1), date(2023, 12, 31)),
    ]  # fmt: skip


@pytest.mark.parametrize(("first", "last", "meets"), [
    (date(2024, 2, 1), date(2024, 3, 1), True), (date(2024, 3, 31), date(2024, 4, 2), True),
    (date(2024, 3, 9), date(2024, 3, 9), True), (date(2024, 2, 1), date(2024, 2, 29), False),
    (date(2024, 4, 1), date(2024, 4, 1), False),
])  # fmt: skip
def test_ranges_meet_where_they_have_a_day_in_common(first: date, last: date, meets: bool) -> None:
    """Both ends belong to a range."""
    other = Span(first, last)

    assert (MARCH.meets(other), other.meets(MARCH)) == (meets, meets)


def test_a_question_for_edits_is_set_back_for_sites_that_ask_their_own_clock() -> None:
    """Fifteen hours; what the source asks for stays, a page of an earlier answer goes."""
    url = edits_query("https://a.example/wp-json/wp/v2/posts?per_page=50&page=3", datetime(2024, 3, 2, 9, tzinfo=UTC))

    assert url == (
        "https://a.example/wp-json/wp/v2/posts?per_page=50&modified_after=2024-03-01T18%3A00%3A00"
        "&orderby=modified&order=desc"
    )


def test_a_question_for_a_month_keeps_what_its_source_asks_for() -> None:
    """Both bounds are exclusive to WordPress; a page asked for is not kept."""
    query = month_query("https://herald.example/wp-json/wp/v2/posts?categories=7&per_page=20&page=2", MARCH)

    assert query == (
        "https://herald.example/wp-json/wp/v2/posts?categories=7&per_page=100"
        "&before=2024-04-01T00%3A00%3A00&after=2024-02-29T23%3A59%3A59"
    )
    assert month_of(f"{query}&page=2") == MARCH
    assert month_of("https://herald.example/wp-json/wp/v2/posts?before=2024-04-01T00:00:00") is None
