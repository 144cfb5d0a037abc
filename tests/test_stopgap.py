"""Entry points that are gone, over loopback: the harvest finds another way in, says so once, and does not shout."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from newsroom import MONDAY, Newsroom, listing_page
from scraper.cli.glance import surveyed
from scraper.errand import Plan
from scraper.reports import SourceReport
from scraper.source import Feed, Listing, Place
from servers import Answer, answer, redirect

HOUR = timedelta(hours=1)
CHALLENGE = answer(b"<title>Just a moment...</title>", "403 Forbidden", Cf_Mitigated="challenge")


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    """Yield a site with two stories, both on its front page."""
    with Newsroom(tmp_path) as room:
        room.publish("storm", "thaw")
        room.site.answers["/"] = answer(listing_page((path, told[0]) for path, told in room.stories.items()))
        yield room


def brought(room: Newsroom, *places: Place, after: timedelta = timedelta(0)) -> tuple[int, SourceReport]:
    """Harvest the site by these places alone; return the exit code and its report."""
    report = room.harvest_of([replace(room.source, discover=places)], MONDAY + after)
    return report.code, report.sources[0]


@pytest.mark.parametrize(
    "missing",
    [
        answer(b"", "404 Not Found"), answer(b"", "410 Gone"), answer(b"", "403 Forbidden"), CHALLENGE,
        answer(b"<!doctype html><html><body>Feeds were switched off.</body></html>"),
        answer(b'<?xml version="1.0"?><rss version="2.0"><channel></channel></rss>'),
    ],
    ids=["404", "410", "403", "challenge", "a page", "an empty feed"],
)
def test_where_no_entry_point_shows_a_story_the_front_page_is_read(room: Newsroom, missing: Answer) -> None:
    """Feeds are switched off and listings move without a word; the front page stays."""
    room.site.answers["/feed"] = missing

    code, report = brought(room, Feed(room.site.url("/feed")))

    assert (code, report.new) == (0, 2)
    assert report.line().endswith(f"no declared entry point shows a story, read instead: {room.site.url('/')}")


def test_a_feed_that_was_moved_to_the_front_page_brings_its_stories(room: Newsroom) -> None:
    room.site.answers["/feed"] = redirect(room.site.url("/"), "301 Moved Permanently")

    code, report = brought(room, Feed(room.site.url("/feed")))

    assert (code, report.new, report.instead) == (0, 2, (room.site.url("/"),))


def test_a_front_page_without_links_gives_way_to_the_sitemaps_of_robots_txt(room: Newsroom) -> None:
    """An application shell shows nothing to whoever runs no scripts."""
    entries = "".join(f"<url><loc>{room.site.url(path)}</loc></url>" for path in room.stories)
    room.site.answers["/"] = answer(b'<!doctype html><html><body><div id="app"></div></body></html>')
    room.site.answers["/map.xml"] = answer(f"<urlset>{entries}</urlset>".encode(), Content_Type="application/xml")
    room.site.answers["/robots.txt"] = answer(f"Sitemap: {room.site.url('/map.xml')}\n".encode())

    code, report = brought(room, Feed(room.site.url("/feed")))

    assert (code, report.new, report.instead) == (0, 2, (room.site.url("/map.xml"),))


def test_a_missing_edition_is_spoken_of_once_and_then_rests(room: Newsroom) -> None:
    """Its back-off is no news; the other edition shows the stories."""
    places = (Listing(room.site.url("/latest")), Listing(room.site.url("/kr/latest")))

    runs = [brought(room, *places, after=number * HOUR) for number in range(4)]

    assert [(code, len(report.problems)) for code, report in runs] == [(0, 1), (0, 0), (0, 0), (0, 0)]
    assert runs[0][1].problems[0].reason == "status 404 Not Found"
    assert room.site.paths.count("/kr/latest") == 1
    assert "/" not in room.site.paths


def test_while_the_entry_points_rest_the_front_page_stands_for_them(room: Newsroom) -> None:
    runs = [brought(room, Feed(room.site.url("/feed")), after=number * HOUR) for number in range(3)]

    assert [(code, report.new, report.instead) for code, report in runs] == [
        (0, 2, (room.site.url("/"),)), (0, 0, (room.site.url("/"),)), (0, 0, (room.site.url("/"),)),
    ]  # fmt: skip
    assert room.site.paths.count("/feed") == 1


def test_a_site_that_answers_nowhere_has_failed_and_is_left_alone(room: Newsroom) -> None:
    """Feed and front page rest: the next hour's run sends nothing and says that both were put off."""
    room.site.answers["/"] = answer(b"", "404 Not Found")
    first, _ = brought(room, Feed(room.site.url("/feed")))
    room.site.requests.clear()

    second, report = brought(room, Feed(room.site.url("/feed")), after=HOUR)

    assert (first, second, room.site.paths) == (1, 3, [])
    assert {problem.reason[:13] for problem in report.problems} == {"put off until"}


@pytest.mark.parametrize(
    "wish", [answer(b"", "503 Service Unavailable", Retry_After="86400"), answer(b"", "500 Internal Server Error")],
    ids=["come back later", "an error of its own"],
)  # fmt: skip
def test_a_site_in_trouble_is_not_asked_for_more(room: Newsroom, wish: Answer) -> None:
    room.site.answers["/feed"] = wish

    _, report = brought(room, Feed(room.site.url("/feed")))

    assert (report.new, report.instead, "/" in room.site.paths) == (0, (), False)


def test_a_dry_run_looks_in_the_same_places(room: Newsroom) -> None:
    source = replace(room.source, discover=(Feed(room.site.url("/feed")),))

    ((report, teasers),) = surveyed(room.settings(), [source], Plan(), ("127.0.0.1",))

    assert (len(teasers), report.instead) == (2, (room.site.url("/"),))


def test_a_feed_that_became_a_page_is_spoken_of_once_and_then_rests(room: Newsroom) -> None:
    room.site.answers["/feed"] = answer(b"<!doctype html><html><body>Feeds were switched off.</body></html>")
    places = (Listing(room.site.url("/latest")), Feed(room.site.url("/feed")))

    runs = [brought(room, *places, after=number * HOUR) for number in range(3)]

    assert [(code, len(report.problems)) for code, report in runs] == [(0, 1), (0, 0), (0, 0)]
    assert room.site.paths.count("/feed") == 1


@pytest.mark.parametrize("kind", ["feed", "listing"])
def test_a_pattern_that_drops_every_story_is_said_aloud(room: Newsroom, kind: str) -> None:
    """A site that changes its addresses must not look like a quiet day."""
    room.publish("flood", "frost")
    items = "".join(f"<item><title>{told[0]}</title><link>{room.site.url(path)}</link></item>"
                    for path, told in room.stories.items())  # fmt: skip
    room.site.answers["/feed"] = answer(f'<rss version="2.0"><channel>{items}</channel></rss>'.encode())
    place = Feed(room.site.url("/feed")) if kind == "feed" else Listing(room.site.url("/latest"))
    source = replace(room.source, discover=(place,), story=rf"{room.site.url('/')}news/\d+")

    report = room.harvest_of([source], MONDAY)

    assert report.code == 1
    assert report.sources[0].problems[0].reason == "none of 4 stories shown fits the source's patterns"
