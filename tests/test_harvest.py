"""The whole line over loopback HTTP, real workers, real files; only the time is played."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from newsroom import Newsroom, story_page, validated
from scraper.archive import WarcArchive
from scraper.errand import Plan
from scraper.reports import Problem
from scraper.source import Feed, Sitemap
from servers import answer

DAY = timedelta(days=1)


def test_a_first_harvest_stores_every_listed_story_and_each_rate_once(room: Newsroom) -> None:
    """The marquee stands eight times on each of four pages."""
    report = room.brought()

    assert report.line() == "newsroom: 3 listed, 0 known, 3 new, 0 changed; 2 pairs, 0 moved"
    assert room.rows("SELECT headline, published_date FROM articles ORDER BY headline") == [
        {"headline": f"{name} closes the lower streets of the town", "published_date": "2026-03-01"}
        for name in ("Flood", "Storm", "Thaw")
    ]
    assert room.rows("SELECT rate_text, change_text FROM quotes ORDER BY rate_text") == [
        {"rate_text": "0.00190", "change_text": "0.21%"},
        {"rate_text": "0.01150", "change_text": "0%"},
    ]


def test_a_second_harvest_stores_nothing_and_downloads_no_story(room: Newsroom) -> None:
    """The listing answers 304, and says why there is nothing new."""
    room.brought()
    room.site.requests.clear()

    report = room.brought(after=timedelta(minutes=5))

    assert report.line() == "newsroom: 0 listed, 0 known, 0 new, 0 changed; its listings have not changed"
    assert room.site.paths == ["/latest"]


def test_only_the_new_story_of_a_changed_listing_is_fetched(room: Newsroom) -> None:
    """What is known is known by one question to the store."""
    room.brought()
    room.publish("hail")
    room.site.requests.clear()

    report = room.brought(after=timedelta(minutes=5))

    assert report.line() == "newsroom: 4 listed, 3 known, 1 new, 0 changed; 2 pairs, 0 moved"
    assert room.site.paths == ["/latest", "/story-hail"]


def test_a_moved_rate_opens_a_row(room: Newsroom) -> None:
    """The other pair only stands for longer."""
    room.brought()
    room.marquee = "KGS/USD = 0.01151 0.09% KZT/USD = 0.00190 0.21%"
    room.put_on_line()

    report = room.brought(after=timedelta(hours=1))

    assert (report.pairs, report.moved) == (2, 1)
    assert room.rows("SELECT rate_text, first_seen, last_seen FROM quotes ORDER BY first_seen, rate_text") == [
        {"rate_text": "0.00190", "first_seen": "2026-03-02T06:00:00Z", "last_seen": "2026-03-02T07:00:00Z"},
        {"rate_text": "0.01150", "first_seen": "2026-03-02T06:00:00Z", "last_seen": "2026-03-02T06:00:00Z"},
        {"rate_text": "0.01151", "first_seen": "2026-03-02T07:00:00Z", "last_seen": "2026-03-02T07:00:00Z"},
    ]


def test_a_correction_is_stored_and_the_old_text_kept(room: Newsroom) -> None:
    """A story is looked at again when it is due; the superseded text stays whole."""
    room.brought()
    headline, _ = room.stories["/story-flood"]
    room.stories["/story-flood"] = (headline, "Word of the flood spread late, the paper now says.")
    room.put_on_line()

    report = room.brought(after=DAY)

    assert (report.new, report.changed, report.unchanged) == (0, 1, 2)
    assert room.rows("SELECT reason FROM article_versions") == [{"reason": "publisher-edit"}]
    assert "spread late" in str(room.rows("SELECT body FROM articles WHERE url LIKE '%flood'")[0]["body"])


def test_a_withdrawn_story_stays_and_is_marked(room: Newsroom) -> None:
    """An archive that forgets with its publisher is none."""
    room.brought()
    room.site.answers["/story-storm"] = answer(b"gone", "410 Gone")

    report = room.brought(Plan(recheck=True), after=timedelta(minutes=5))

    assert report.gone == 1
    assert room.rows("SELECT count(*) AS articles FROM articles") == [{"articles": 3}]
    (storm,) = room.rows("SELECT withdrawn FROM articles WHERE url LIKE '%storm'")
    assert storm == {"withdrawn": "2026-03-02T06:05:00Z"}


def test_a_lost_page_is_one_problem_and_the_rest_goes_on(room: Newsroom) -> None:
    """The source has not failed: two of three stories were archived."""
    room.site.answers["/story-storm"] = answer(b"no", "403 Forbidden")

    report = room.harvest()

    assert report.code == 0
    assert report.sources[0].new == 2
    assert report.sources[0].problems == (Problem(room.site.url("/story-storm"), "status 403 Forbidden"),)


def test_a_story_that_failed_is_tried_again_though_its_listing_answers_304(room: Newsroom) -> None:
    """A listed story is pending until it is archived."""
    whole = room.site.answers["/story-storm"]
    room.site.answers["/story-storm"] = answer(b"no", "503 Service Unavailable")
    room.brought()
    room.site.answers["/story-storm"] = whole

    report = room.brought(after=DAY)

    assert (report.unmodified, report.new) == (1, 1)
    assert room.rows("SELECT count(*) AS articles FROM articles") == [{"articles": 3}]


def test_a_limit_leaves_the_rest_waiting_for_the_next_run(room: Newsroom) -> None:
    """Nothing that was listed is forgotten."""
    first = room.brought(Plan(limit=1))
    second = room.brought(after=timedelta(minutes=5))

    assert (first.new, first.waiting) == (1, 2)
    assert (second.new, second.waiting) == (2, 0)


def test_since_leaves_out_what_is_older(room: Newsroom) -> None:
    """A story without a date would pass; one with a date is compared in the source's zone."""
    dated = "".join(
        f"<article><time>{day}</time><h2><a href='{path}'>The town closes its lower streets</a></h2></article>"
        for path, day in (("/story-flood", "28 February 2026"), ("/story-thaw", "1 March 2026"))
    )
    room.site.answers["/latest"] = answer(f"<html><body><main>{dated}</main></body></html>".encode())

    report = room.brought(Plan(since=date(2026, 3, 1)))

    assert (report.new, report.waiting) == (1, 1)
    assert room.site.paths == ["/latest", "/story-thaw"]


def test_a_source_whose_listing_cannot_be_read_has_failed(room: Newsroom) -> None:
    """Of one source, all failed: exit code 1."""
    room.site.answers["/latest"] = answer(b"no", "500 Internal Server Error")

    report = room.harvest()

    assert report.code == 1
    assert report.sources[0].line().endswith("1 failed; no listing could be read")


def test_a_source_whose_only_listing_cannot_be_read_has_failed(room: Newsroom) -> None:
    """It was fetched, which is not reading it; nor has the site a front page to read instead."""
    room.site.answers["/latest"] = answer(b"<!doctype html><p>" + b"<div>" * 20_000)

    report = room.harvest()

    assert report.code == 1
    assert report.sources[0].line().endswith("2 failed; no listing could be read")


def test_a_listing_that_asks_to_come_back_later_is_left_alone_until_then(room: Newsroom) -> None:
    """The wish outlives the run; the next one sends nothing."""
    room.site.answers["/latest"] = answer(b"", "503 Service Unavailable", Retry_After="86400")
    first = room.harvest()
    room.site.requests.clear()

    second = room.harvest(after=timedelta(hours=1))
    third = room.harvest(after=DAY)

    assert (first.code, second.code) == (3, 3)
    assert second.sources[0].problems[0].reason.startswith("put off until 2026-03-03 06:00 UTC")
    assert room.site.paths == ["/latest"]
    assert third.code == 3


def test_a_single_story_that_is_put_off_leaves_the_code_0(room: Newsroom) -> None:
    """It stands in the report; the source has not failed."""
    room.site.answers["/story-storm"] = answer(b"", "503 Service Unavailable", Retry_After="86400")

    report = room.harvest()

    assert (report.code, report.sources[0].new, len(report.sources[0].problems)) == (0, 2, 1)


def test_a_site_that_allows_one_page_a_run_is_archived_a_page_a_run(room: Newsroom) -> None:
    """Its listing is asked for only when no story waits; a run that archives none of them was put off."""
    room.site.answers["/robots.txt"] = answer(b"User-agent: *\nCrawl-delay: 90\n", Content_Type="text/plain")
    room.stories = dict(list(room.stories.items())[:2])
    room.put_on_line()

    codes = [room.harvest(after=DAY).code for _ in range(3)]

    assert codes == [3, 0, 0]
    assert room.site.paths[0] == "/latest"
    assert sorted(room.site.paths[1:]) == ["/story-storm", "/story-thaw"]


def test_a_source_that_robots_refuse_is_no_failure_of_ours(room: Newsroom) -> None:
    """Exit code 3, and nothing but robots.txt was asked for."""
    room.site.answers["/robots.txt"] = answer(b"User-agent: *\nDisallow: /\n", Content_Type="text/plain")

    report = room.harvest()

    assert report.code == 3
    assert room.site.paths == []


def test_a_page_that_is_no_article_is_a_problem_with_its_reason(room: Newsroom) -> None:
    """Nothing is invented for it."""
    room.site.answers["/story-storm"] = answer(b"<html><body><h1>Page not found</h1><p>404</p></body></html>")

    report = room.brought()

    assert report.new == 2
    assert [problem.reason.split(":")[0] for problem in report.problems] == ["no article"]
    assert room.rows("SELECT count(*) AS articles FROM articles") == [{"articles": 2}]


def test_a_page_that_hangs_its_reader_costs_only_itself(room: Newsroom) -> None:
    """Markup on which the parser is quadratic is refused or killed; the others are archived meanwhile."""
    room.site.answers["/story-storm"] = answer(b"<html><body>" + b"<div>" * 60_000 + b"<h1>Storm</h1>")

    report = room.brought()

    assert report.new == 2
    assert len(report.problems) == 1


def test_a_story_without_a_date_takes_the_one_its_listing_shows(room: Newsroom) -> None:
    """Its origin says so."""
    room.site.answers["/story-flood"] = answer(re.sub(rb"<time.*?</time>", b"", story_page("Flood", "No stamp here.")))
    listed = "<time>28 February 2026</time><h2><a href='/story-flood'>The town closes its streets</a></h2>"
    room.site.answers["/latest"] = answer(f"<html><body><main><article>{listed}</article></main>".encode())

    room.brought()

    assert room.rows("SELECT published_date FROM articles") == [{"published_date": "2026-02-28"}]


def test_the_day_a_sitemap_says_a_story_changed_is_not_its_date(room: Newsroom) -> None:
    """A page without a date stays without one."""
    room.site.answers["/story-flood"] = answer(re.sub(rb"<time.*?</time>", b"", story_page("Flood", "No stamp here.")))
    entry = f"<url><loc>{room.site.url('/story-flood')}</loc><lastmod>2026-02-28</lastmod></url>"
    room.site.answers["/map.xml"] = answer(f"<urlset>{entry}</urlset>".encode(), Content_Type="application/xml")
    source = replace(room.source, discover=(Sitemap(room.site.url("/map.xml")),))

    room.harvest_of([source], room.now)

    assert room.rows("SELECT published_date FROM articles") == [{"published_date": None}]


def test_every_exchange_is_in_the_warc_and_every_article_leads_to_its_bytes(room: Newsroom) -> None:
    """The raw page can be had again from the file and offset of its row."""
    room.brought()

    (row,) = room.rows("SELECT file, offset FROM fetches WHERE url LIKE '%story-flood' AND status = 200")
    with WarcArchive(room.folder / "news.warc") as archive:
        exchange = archive.read(str(row["file"]), int(str(row["offset"])))
        kept = sorted(kept.url.removeprefix(room.site.url("")) for kept, _, _ in archive.exchanges())
    assert b"Flood closes the lower streets" in exchange.wire
    assert kept == ["/latest", "/robots.txt", "/story-flood", "/story-storm", "/story-thaw"]


@pytest.mark.parametrize(("dated", "read_again"), [("", True), ("<lastmod>2026-03-02T06:00:00Z</lastmod>", False)])
def test_an_index_of_sitemaps_is_asked_conditionally_only_if_it_dates_them(
    room: Newsroom, dated: str, read_again: bool
) -> None:
    """Without dates its bytes are the same for ever, and a 304 says nothing of the sitemaps it names."""
    index = f"<sitemapindex><sitemap><loc>{room.site.url('/news.xml')}</loc>{dated}</sitemap></sitemapindex>"
    source = replace(room.source, discover=(Sitemap(room.site.url("/sitemap.xml")),))
    room.site.answers["/sitemap.xml"] = validated(index.encode())
    for number, names in enumerate((["flood"], ["storm", "flood"])):
        stories = "".join(f"<url><loc>{room.site.url(f'/story-{name}')}</loc></url>" for name in names)
        room.site.answers["/news.xml"] = validated(f"<urlset>{stories}</urlset>".encode())
        report = room.harvest_of([source], room.now + number * DAY)

    assert report.sources[0].new == int(read_again)


def test_a_listing_that_came_in_part_is_asked_for_whole_again(room: Newsroom) -> None:
    """By its validators it would answer 304, and what was cut off would never be read."""
    story = f"<item><title>Flood closes the town</title><link>{room.site.url('/story-flood')}</link></item>"
    cut = f'<?xml version="1.0"?><rss version="2.0"><channel>{story}<item><title>Storm closes the to'
    room.site.answers["/feed"] = validated(cut.encode())
    source = replace(room.source, discover=(Feed(room.site.url("/feed")),))

    reports = [room.harvest_of([source], room.now + day * DAY).sources[0] for day in range(2)]

    asked = [request.headers.get("if-none-match") for request in room.site.requests if request.path == "/feed"]
    assert (asked, [report.new for report in reports]) == ([None, None], [1, 0])
