"""A site's past over loopback HTTP: every story once, by each way, however often the run is killed."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

import pytest
from click.testing import CliRunner

from ceilings import HANG_S
from presses import AMPLE, KINDS, Press, Printed
from scraper.cli import cli
from scraper.errand import Plan
from scraper.spans import Span
from scraper.store import Store
from servers import NO_ROBOTS, answer

SOURCE = """\
key = "press"
home = "{home}"
story = '{home}story-\\d+'
discover = [{{ sitemap = "{home}sitemap.xml" }}]
limits = {{ gap_s = 0, retry_wait_s = 0.01 }}
"""
KILLS = (  # the start of a line that `-vv` prints just before an act, and which of them
    ("scraper.harvest: listing ", 1), ("scraper.harvest: listing ", 2), ("scraper.harvest: fetch ", 5),
    ("scraper.store: commit ", 30), ("scraper.archive: warc ", 25),
)  # fmt: skip


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    """Yield a site of 60 stories over six months."""
    with Press(tmp_path) as press:
        yield press


@pytest.mark.parametrize("kinds", [*((kind,) for kind in KINDS), KINDS], ids="+".join)
def test_a_backfill_finds_every_story_exactly_once(press: Press, kinds: tuple[str, ...]) -> None:
    """Through each kind alone, and all together."""
    report, headway = press.backfill(*kinds)

    assert press.stored() == press.paths
    assert (report.code, headway.found, headway.stored, headway.waiting, headway.done) == (0, 60, 60, 0, True)
    assert [path for path in press.site.paths if press.site.paths.count(path) > 1] == []


def test_a_range_brings_its_own_stories_and_asks_for_no_other_month(press: Press) -> None:
    """Sitemaps that name another month are not read."""
    _, headway = press.backfill("sitemap", span=Span(date(2025, 9, 1), date(2025, 10, 31)))

    assert press.stored() == sorted(each.path for each in press.stories if each.published.month in (9, 10))
    assert press.listings_asked() == ["/sitemap.xml", "/map-2025-10.xml.gz", "/map-2025-09.xml.gz"]
    assert headway.line() == "press, 2025-09-01 to 2025-10-31: 20 found, 20 stored, 0 left"


def test_stories_come_newest_to_oldest(press: Press) -> None:
    """Whoever stops it half-way has the newer half."""
    press.backfill("wordpress", limit=15)

    assert press.stored() == sorted(each.path for each in press.stories[:15])


def test_a_limit_is_gone_on_with_until_all_is_stored(press: Press) -> None:
    """Cron can chip away; a run reads no further than it needs to, and nothing twice."""
    ways = [press.backfill("listing", limit=25)[1] for _ in range(3)]

    assert [(way.stored, way.waiting) for way in ways] == [(25, 5), (50, 0), (60, 0)]
    assert press.stored() == press.paths
    assert press.listings_asked() == ["/latest", *(f"/latest?page={page}" for page in range(2, 8))]


def test_a_backfill_that_is_done_asks_for_nothing(press: Press) -> None:
    """Cron may run it for ever."""
    press.backfill()
    press.site.requests.clear()

    report, headway = press.backfill()

    assert press.site.paths == []
    assert (report.code, headway.done) == (0, True)


def test_a_listing_is_walked_no_further_than_its_dates_go(press: Press) -> None:
    """The page on which all stories are older is the last."""
    press.backfill("listing", span=Span(date(2025, 12, 1), date(2025, 12, 31)))

    assert press.stored() == sorted(each.path for each in press.stories if each.published.month == 12)
    assert press.listings_asked() == ["/latest", "/latest?page=2"]


def test_a_listing_without_dates_is_walked_until_its_stories_tell_theirs(tmp_path: Path) -> None:
    """They are read a few hundred at a time; those read too far are kept."""
    with Press(tmp_path, count=240, months=12, dated=False) as press:
        press.backfill("listing", span=Span(date(2025, 12, 1), date(2025, 12, 31)))

        stored, wanted = press.stored(), {each.path for each in press.stories if each.published.month == 12}

    assert wanted <= set(stored)
    assert len(stored) == 200
    assert len(press.listings_asked()) == 20


def test_the_next_way_is_taken_where_one_does_not_go_back_far_enough(press: Press) -> None:
    """A sitemap of this month's news is no archive."""
    newest = f"<sitemapindex><sitemap><loc>{press.site.url('/map-2025-12.xml.gz')}</loc></sitemap></sitemapindex>"
    press.site.answers["/sitemap.xml"] = answer(newest.encode(), Content_Type="application/xml")

    press.backfill("sitemap", "listing")

    assert press.stored() == press.paths


@pytest.mark.parametrize("status", ["401 Unauthorized", "404 Not Found"])
def test_a_way_that_is_closed_is_tried_once(press: Press, status: str) -> None:
    """WordPress asks for a password, or is none: not month after month; the sitemap has the stories."""
    posts = "/wp-json/wp/v2/posts"
    refused = press.site.otherwise
    assert refused is not None
    press.site.otherwise = lambda path: answer(b"{}", status) if path.startswith(posts) else refused(path)

    report, _ = press.backfill("wordpress", "sitemap")

    assert press.stored() == press.paths
    assert len([path for path in press.site.paths if path.startswith(posts)]) == 1
    assert [problem.reason for problem in report.sources[0].problems] == [f"status {status}"]


def test_posts_that_come_whatever_month_is_asked_for_are_walked_page_by_page(press: Press) -> None:
    """Some sites drop what they do not know from the query."""
    served = press.site.otherwise
    assert served is not None
    press.site.otherwise = lambda path: served(re.sub(r"&(after|before)=[^&]+", "", path))

    press.backfill("wordpress", span=Span(date(2025, 9, 1), date(2025, 10, 31)))

    assert press.stored() == sorted(each.path for each in press.stories if each.published.month in (9, 10))
    assert len(press.listings_asked()) == 4


def test_a_page_that_does_not_come_is_asked_for_by_the_next_run(press: Press) -> None:
    """The months before it wait."""
    press.site.answers["/map-2025-10.xml.gz"] = answer(b"", "503 Service Unavailable")
    _, first = press.backfill("sitemap")
    del press.site.answers["/map-2025-10.xml.gz"]
    _, second = press.backfill("sitemap")

    assert (first.stored, first.pages_left) == (20, 4)
    assert press.stored() == press.paths
    assert second.done


def test_a_sitemap_that_is_not_there_is_a_problem_and_the_others_are_read(press: Press) -> None:
    """It is tried by three runs, and never said to be read."""
    press.site.answers["/map-2025-10.xml.gz"] = answer(b"", "404 Not Found")

    ways = [press.backfill("sitemap")[1] for _ in range(4)]

    assert [(way.stored, way.pages_left) for way in ways] == [(50, 1), (50, 1), (50, 0), (50, 0)]
    assert press.site.paths.count("/map-2025-10.xml.gz") == 3


def test_a_harvest_leaves_the_backlog_alone_but_for_what_its_own_listing_shows(tmp_path: Path) -> None:
    """A cron job of a minute does not become one of a day: of fifteen that wait it takes the five on its page."""
    with Press(tmp_path, count=120) as press:
        press.backfill("wordpress", limit=5)

        report = press.harvest("listing", plan=Plan(pages=1)).sources[0]

        assert (report.new, report.waiting) == (5, 0)
        assert press.stored() == sorted(each.path for each in press.stories[:10])


def test_a_backfill_also_fetches_what_a_harvest_left_waiting(press: Press) -> None:
    """Nothing falls between the two."""
    press.harvest("listing", plan=Plan(limit=5, pages=1))

    press.backfill("listing")

    assert press.stored() == press.paths


def test_a_backfill_opens_and_closes_no_alert(press: Press) -> None:
    """What a site showed years ago says nothing of how it is."""
    press.harvest("listing", plan=Plan(pages=1))
    before = press.rows("SELECT count(*) AS rows FROM field_coverage")

    press.backfill("listing")

    assert press.rows("SELECT count(*) AS rows FROM field_coverage") == before


def test_a_backfill_killed_five_times_ends_complete(press: Press) -> None:
    """Signal 9 while listing, fetching, committing; each story is there once, no page was read to no end.

    A run that ended before its signal does not count.
    """
    ended = [killed(press, line, nth) for line, nth in KILLS]

    process = started(press, before=["-q"])
    errors = process.communicate(timeout=HANG_S)[1]

    assert set(ended) <= {-signal.SIGKILL, 0}
    assert -signal.SIGKILL in ended
    assert (process.returncode, errors) == (0, "")
    assert press.stored() == press.paths
    assert press.rows("PRAGMA integrity_check") == [{"integrity_check": "ok"}]


def started(press: Press, *options: str, before: Sequence[str] = ()) -> subprocess.Popen[str]:
    """Start a backfill of the press by its sitemap in a process of its own."""
    (press.folder / "press.toml").write_text(SOURCE.format(home=press.site.url("/")), "utf-8")
    arguments = [
        "-d", str(press.db), "backfill", "press", "--from", "2025-07-01", "--until", "2025-12-31",
        "--source-file", str(press.folder / "press.toml"), "--allow-private", "127.0.0.1",
    ]  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-m", "scraper", *before, *arguments, *options], text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def killed(press: Press, line: str, nth: int) -> int:
    """Start a backfill, kill it after the nth log line that begins so, and return how it ended."""
    process = started(press, before=["-vv"])
    assert process.stderr is not None
    assert process.stdout is not None
    matching = (each for each in process.stderr if each.startswith(line))
    next(islice(matching, nth - 1, None))
    process.kill()
    process.stderr.read()
    process.stderr.close()
    process.stdout.close()
    return process.wait(HANG_S)


# --- traps


def test_a_listing_that_repeats_itself_for_ever_is_left(press: Press) -> None:
    """Every page shows the same stories."""
    served = press.site.otherwise
    assert served is not None
    press.site.otherwise = lambda path: served("/latest" if path.startswith("/latest") else path)

    press.backfill("listing")

    assert press.listings_asked() == ["/latest", "/latest?page=2"]


def test_a_calendar_without_end_is_left_at_its_first_empty_page(press: Press) -> None:
    """Its pages lead on for ever, and show nothing."""
    empty = answer(b"<html><body><main><h1>No stories on this day</h1><a href='/latest?page=99'>Next</a></main></body>")
    served = press.site.otherwise
    assert served is not None
    press.site.otherwise = lambda path: empty if path.startswith("/latest?page=") else served(path)

    press.backfill("listing")

    assert press.listings_asked() == ["/latest", "/latest?page=2"]


def test_pages_that_always_have_something_new_end_at_their_budget(press: Press) -> None:
    """Counted over all runs, so that cron does not walk on for ever."""
    press.limits = replace(AMPLE, past_pages=4)

    for _ in range(3):
        press.backfill("listing")

    assert len(press.listings_asked()) == 4


def test_sitemaps_that_list_each_other_are_read_once(press: Press) -> None:
    """An index of itself and of another that leads back."""
    loop = "".join(f"<sitemap><loc>{press.site.url(path)}</loc></sitemap>" for path in ("/sitemap.xml", "/more.xml"))
    for path in ("/sitemap.xml", "/more.xml"):
        press.site.answers[path] = answer(f"<sitemapindex>{loop}</sitemapindex>".encode(), Content_Type="text/xml")

    press.backfill("sitemap")

    assert press.listings_asked() == ["/sitemap.xml", "/more.xml"]


def test_a_page_tells_how_far_back_it_is_where_half_of_its_stories_are_archived(press: Press) -> None:
    """By the newest of them; with fewer nobody knows what the others are."""
    press.backfill("listing", limit=3)
    stored, unknown = [press.site.url(path) for path in press.stored()], ["https://a.example/1", "https://a.example/2"]

    with Store.reading(press.db) as store:
        found = [store.past.newest_of(urls) for urls in ([*stored[:2], *unknown], [stored[0], *unknown])]

    assert [day and day >= date(2025, 12, 1) for day in found] == [True, None]


# --- the ledger


def covered(press: Press) -> list[tuple[object, ...]]:
    """Return the view's rows without the instant, newest first."""
    rows = press.rows("SELECT * FROM coverage_by_month ORDER BY source, month DESC")
    return [tuple(row[name] for name in ("month", "site", "held", "missing", "basis")) for row in rows]


@pytest.mark.parametrize(("kind", "basis"), [("wordpress", "total"), ("sitemap", "dated")])
def test_the_ledger_says_what_is_missing_of_each_month(press: Press, kind: str, basis: str) -> None:
    """Before a half-done backfill is gone on with, and after."""
    press.backfill(kind, limit=15)
    half = covered(press)[:2]
    press.backfill(kind)

    assert half == [("2025-12", 10, 10, 0, basis), ("2025-11", 10, 5, 5, basis)]
    assert covered(press) == [
        ("2025-12", 10, 10, 0, basis), ("2025-11", 10, 10, 0, basis), ("2025-10", 10, 10, 0, basis),
        ("2025-09", 10, 10, 0, basis), ("2025-08", 10, 10, 0, basis), ("2025-07", 10, 10, 0, basis),
    ]  # fmt: skip


def test_a_month_no_site_speaks_of_is_shown_with_what_is_held(press: Press) -> None:
    """A listing is no count."""
    press.backfill("listing", span=Span(date(2025, 12, 1), date(2025, 12, 31)))

    assert covered(press) == [("2025-12", None, 10, None, None)]


def test_a_month_that_grew_is_counted_anew(press: Press) -> None:
    """Another range asks for it again: the old count is gone, nothing is counted twice."""
    press.backfill("wordpress", span=Span(date(2025, 12, 1), date(2025, 12, 15)))
    press.stories = (Printed(60, datetime(2025, 12, 31, 20, 0, tzinfo=UTC)), *press.stories)
    press.count += 1

    press.backfill("wordpress", span=Span(date(2025, 12, 1), date(2025, 12, 31)))

    assert covered(press) == [("2025-12", 11, 11, 0, "total")]


# --- the command


def test_the_command_says_how_far_it_has_come_and_status_what_is_missing(press: Press) -> None:
    """The same report as a harvest's, then a line of its own."""
    process = started(press, "--limit", "15")
    output = process.communicate(timeout=HANG_S)[0]
    status = CliRunner().invoke(cli, ["-d", str(press.db), "status", "--coverage", "--csv"]).output

    assert process.returncode == 0
    assert output.splitlines() == [
        "press: 20 listed, 0 known, 15 new, 0 changed, 5 waiting; 2 pairs, 0 moved",
        "press, 2025-07-01 to 2025-12-31: 20 found, 15 stored, 5 left, 4 pages to read, less than a minute at this pace"
    ]
    assert status.splitlines()[1].startswith("press,2025-12,10,10,0,dated,")


@pytest.mark.parametrize(
    ("days", "complaint"),
    [
        (("2025-02-01", "2025-01-01"), "--from 2025-02-01 is after --until 2025-01-01"),
        (("2025-02-01", "2999-01-01"), "--until 2999-01-01 is not over yet; a range that was read is not read again"),
    ],
)
def test_a_range_that_cannot_be_is_one_clear_line(days: tuple[str, str], complaint: str) -> None:
    """Nothing is opened."""
    result = CliRunner().invoke(cli, ["backfill", "timesca", "--from", days[0], "--until", days[1]])

    assert result.exit_code == 2
    assert result.output.splitlines()[-1] == f"Error: {complaint}"


@pytest.mark.parametrize("robots", [NO_ROBOTS, answer(b"User-agent: *\nAllow: /\n", Content_Type="text/plain")])
def test_a_robots_txt_that_names_no_sitemap_is_no_failure(press: Press, robots: bytes) -> None:
    """It was nobody's word that it would; a cron job would be mailed of it."""
    press.site.answers["/robots.txt"] = robots

    report, headway = press.backfill("listing", span=Span(date(2020, 1, 1), date(2026, 1, 31)))

    assert (report.code, report.sources[0].problems, headway.done) == (0, (), True)
    assert press.stored() == press.paths


def test_a_source_without_a_sitemap_takes_those_of_robots_txt(press: Press) -> None:
    """Its feed shows the newest ten; the past stands in the sitemaps that the site names itself."""
    named = f"User-agent: *\nSitemap: {press.site.url('/sitemap.xml')}\n"
    press.site.answers["/robots.txt"] = answer(named.encode(), Content_Type="text/plain")
    press.site.answers["/feed"] = answer(b'<rss version="2.0"><channel></channel></rss>')

    report, headway = press.backfill("feed")

    assert (press.stored(), headway.done, report.code) == (press.paths, True, 0)
