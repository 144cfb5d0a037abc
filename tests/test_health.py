"""A source measured against its own past: what raises an alert, what closes it, and what is only a quiet day."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from newsroom import FILLER, MARQUEE, MONDAY, Newsroom, listing_page, story_page
from scraper.cli import cli
from scraper.demo import DAYS, demo_sites
from scraper.demo.server import Answer
from scraper.demo.sites import Sites
from scraper.errand import Plan
from scraper.health import Past, Share, chance, emptied, failing, in_the_future, jumped, lost, shrunk, silent
from scraper.store import Store
from servers import answer

NOON = "2026-03-02T12:00:00+06:00"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NAMES = ("flood", "storm", "thaw", "hail", "frost", "fog", "gale", "snow", "heat", "dust", "rain", "sleet")
LATER = ("drought", "blaze", "quake", "slide")
SHELL = b'<!doctype html><html><head><title>News</title></head><body><div id="app"></div><script src="/a.js"></script>'


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    """Yield a site with twelve stories on line."""
    with Newsroom(tmp_path) as room:
        room.publish(*NAMES)
        yield room


def signed(headline: str, *, day: str | None = NOON, author: str | None = "Asel Tulip") -> bytes:
    """Return a story's page with its author in the script data; either may be left out."""
    page = story_page(headline, "Word of it spread early on.", day=day or "")
    data = {"@type": "NewsArticle", "headline": headline, "author": author and {"@type": "Person", "name": author}}
    if day is None:
        page = re.sub(rb"<time.*?</time>", b"", page)
    else:
        data["datePublished"] = day
    return page.replace(b"</head>", f'<script type="application/ld+json">{json.dumps(data)}</script></head>'.encode())


def put(room: Newsroom, *names: str, day: str | None = NOON, author: str | None = "Asel Tulip") -> None:
    """Publish stories with signed pages; those before stay as they are."""
    before = {path: page for path, page in room.site.answers.items() if path.startswith("/story-")}
    room.publish(*names)
    room.site.answers |= before
    for name in names:
        headline, _ = room.stories[f"/story-{name}"]
        room.site.answers[f"/story-{name}"] = answer(signed(headline, day=day, author=author))


def opened(room: Newsroom) -> list[str]:
    """Return the open alerts as kind, subject."""
    with Store.reading(room.db) as store:
        return [f"{row['kind']} {row['subject']}".strip() for row in store.alerts()]


def test_pages_that_become_a_script_shell_raise_one_alert_on_the_first_run_after(room: Newsroom) -> None:
    """Four new stories, none of which can be read; the fields are not complained of one by one."""
    room.harvest()
    before = opened(room)
    room.publish(*LATER)
    for name in LATER:
        room.site.answers[f"/story-{name}"] = answer(SHELL)

    room.harvest(after=HOUR)

    assert (before, opened(room)) == ([], ["unreadable"])
    assert room.rows("SELECT source, message, opened, closed FROM alerts") == [{
        "source": "newsroom", "opened": "2026-03-02T07:00:00Z", "closed": None,
        "message": "stories can no longer be read: on 0 of 4 pages read, on 12 of 12 before",
    }]  # fmt: skip


def test_a_template_without_date_and_author_raises_an_alert_for_each(room: Newsroom) -> None:
    """The text is there; what the page no longer says is named."""
    put(room, *NAMES)
    room.harvest()
    put(room, *LATER, day=None, author=None)

    room.harvest(after=HOUR)

    assert opened(room) == ["field published", "field authors"]


def test_an_alert_is_raised_once_and_closed_when_it_has_passed(room: Newsroom) -> None:
    """A quiet hour in between changes nothing, nor do known stories whose pages are as they were."""
    put(room, *NAMES)
    room.harvest()
    put(room, *LATER, author=None)
    room.harvest(after=HOUR)
    room.harvest(Plan(recheck=True), after=HOUR)
    put(room, "tide", "surge", author=None)
    room.harvest(after=HOUR)
    still = opened(room)
    put(room, "melt", "mist")

    room.harvest(after=HOUR)

    assert (still, opened(room)) == (["field authors"], [])
    assert room.rows("SELECT opened, closed FROM alerts") == [
        {"opened": "2026-03-02T07:00:00Z", "closed": "2026-03-02T10:00:00Z"}
    ]


def test_a_second_redesign_is_noticed_like_the_first(room: Newsroom) -> None:
    """The days on which the field was gone are no part of the past it is measured against."""
    put(room, *NAMES)
    for names, author in ((NAMES, "A"), (LATER, None), (("melt", "mist", "dew"), "A"), (("sun", "ice", "mud"), None)):
        put(room, *names, author=author and "Asel Tulip")
        room.harvest(after=HOUR)

    assert room.rows("SELECT closed IS NULL AS open FROM alerts ORDER BY id") == [{"open": 0}, {"open": 1}]


def test_stories_read_again_show_a_redesign_though_nothing_new_is_published(room: Newsroom) -> None:
    """Two known stories are enough: their pages had it."""
    room.stories = dict(list(room.stories.items())[:2])
    room.put_on_line()
    room.harvest()
    for path in room.stories:
        room.site.answers[path] = answer(SHELL)

    room.harvest(Plan(recheck=True), after=DAY)

    assert opened(room) == ["unreadable"]


class WornSites(Sites):
    """The demo's sites; once `worn`, a story's page is a script shell."""

    worn = False

    def _serve(self, answer: Callable[[str, int, str], Answer]) -> str:
        def worn(path: str, day: int, home: str) -> Answer:
            whole = answer(path, day, home)
            is_story = whole.status == 200 and path.count("-") > 1
            return replace(whole, body=SHELL) if self.worn and is_story else whole

        return super()._serve(worn)


def test_the_demos_story_pages_redesigned_before_its_second_day_raise_an_alert_each(tmp_path: Path) -> None:
    """A few stories a site are enough, as the known ones are looked at again."""
    with Newsroom(tmp_path) as room, WornSites() as sites:
        room.harvest_of(sites.sources, sites.now)
        before = opened(room)
        sites.day, sites.worn = 2, True
        room.harvest_of(sites.sources, sites.now)

        assert (before, opened(room)) == ([], ["unreadable", "unreadable"])


def test_two_new_stories_that_cannot_be_read_are_enough(room: Newsroom) -> None:
    """After a dozen that could."""
    room.harvest()
    room.publish("blaze", "quake")
    for name in ("blaze", "quake"):
        room.site.answers[f"/story-{name}"] = answer(SHELL)

    room.harvest(after=HOUR)

    assert opened(room) == ["unreadable"]


def test_one_story_that_cannot_be_read_is_no_alert(room: Newsroom) -> None:
    """A gallery, a video, a page that fails: it stands in the report."""
    room.harvest()
    room.publish("blaze")
    room.site.answers["/story-blaze"] = answer(SHELL)

    room.harvest(after=HOUR)

    assert opened(room) == []


def test_a_site_that_publishes_one_story_a_run_is_noticed_after_a_few(room: Newsroom) -> None:
    """Runs of few pages are taken together."""
    put(room, *NAMES)
    room.harvest()
    seen = []
    for name in LATER:
        put(room, name, author=None)
        room.harvest(after=HOUR)
        seen.append(opened(room))

    assert seen == [[], [], ["field authors"], ["field authors"]]


def test_bodies_that_shrink_by_a_factor_raise_an_alert(room: Newsroom) -> None:
    """A teaser where the story was."""
    for path, (headline, _) in room.stories.items():
        room.site.answers[path] = answer(story_page(headline, FILLER * 12))
    room.harvest()
    room.publish(*LATER)

    room.harvest(after=HOUR)

    assert opened(room) == ["body"]


def test_a_listing_that_lists_nothing_any_more_raises_an_alert(room: Newsroom) -> None:
    """Its links have moved where nobody looks; a 304 would say nothing."""
    room.harvest()
    room.site.answers["/latest"] = answer(listing_page([]))

    room.harvest(after=HOUR)

    assert opened(room) == [f"listing {room.site.url('/latest')}"]


def test_a_label_that_vanishes_and_one_that_appears_raise_an_alert_each(room: Newsroom) -> None:
    """News of a new label is over after a day; a missing one is missed until it is back."""
    room.harvest()
    room.marquee = "KGS/USD = 0.01150 0% UZS/USD = 0.00008 0%"
    room.publish(*LATER)
    room.harvest(after=HOUR)
    before = opened(room)

    room.harvest(after=DAY)

    assert (before, opened(room)) == (["label KZT/USD", "new-label UZS/USD"], ["label KZT/USD"])


def test_a_ticker_that_is_gone_is_one_alert(room: Newsroom) -> None:
    """Not one per label."""
    room.harvest()
    room.marquee = ""
    room.publish(*LATER)

    room.harvest(after=HOUR)

    assert opened(room) == ["ticker"]


def test_a_rate_out_of_all_proportion_raises_an_alert_until_it_comes_back(room: Newsroom) -> None:
    """A point slipped; the rate itself is kept as printed."""
    room.harvest()
    for marquee, after in ((MARQUEE.replace("0.01150", "1.150"), []), (MARQUEE, [])):
        room.marquee = marquee
        room.put_on_line()
        room.harvest(after=HOUR)
        after += opened(room)
        assert after == (["jump KGS/USD"] if marquee != MARQUEE else [])


def test_stories_dated_in_the_future_raise_an_alert(room: Newsroom) -> None:
    """As far as most of them are; their dates are not believed."""
    put(room, *NAMES)
    room.harvest()
    put(room, *LATER, day="2026-03-09T12:30:00+06:00")

    room.harvest(after=HOUR)

    assert opened(room) == ["future"]


def test_three_failing_runs_in_a_row_raise_an_alert_and_a_good_one_closes_it(room: Newsroom) -> None:
    """One bad run is a report, not an alert."""
    room.harvest()
    whole, room.site.answers["/latest"] = room.site.answers["/latest"], answer(b"no", "500 Internal Server Error")
    seen = []
    for _ in range(3):
        room.harvest(after=6 * HOUR)
        seen.append(opened(room))
    room.site.answers["/latest"] = whole
    room.harvest(after=6 * HOUR)

    assert (seen, opened(room)) == ([[], [], ["failing"]], [])


def test_silence_beyond_a_sources_rhythm_raises_an_alert(room: Newsroom) -> None:
    """A story a day for twelve days, then none for four; the next one closes it."""
    room.stories.clear()
    room.site.answers.clear()
    for days, name in enumerate(NAMES):
        put(room, name, day=f"2026-03-{days + 1:02}T12:30:00+06:00")
    room.harvest(after=11 * DAY)
    seen = []
    for _ in range(4):
        room.harvest(after=DAY)
        seen.append(opened(room))
    put(room, "blaze", day=f"{room.now + DAY:%Y-%m-%d}T10:00:00+06:00")
    room.harvest(after=DAY)

    assert (seen, opened(room)) == ([[], [], [], ["silence"]], [])


def test_a_whole_demo_raises_no_alert(tmp_path: Path) -> None:
    """Two small sites, four days, a correction, a withdrawal, a page that was never there."""
    with Newsroom(tmp_path) as room, demo_sites() as sites:
        for day in range(1, DAYS + 1):
            sites.day = day
            room.harvest_of(sites.sources, sites.now)

        assert room.rows("SELECT * FROM alerts") == []


def test_a_job_that_has_stopped_running_is_an_alert_where_one_is_asked_for(room: Newsroom) -> None:
    """A full disk, a lost crontab: no run begins that could tell of it. The room's runs ended years ago."""
    room.brought()
    with Store.reading(room.db) as store:
        last = store.last_run()
    assert last is not None

    unasked, overdue, in_time = (
        CliRunner().invoke(cli, ["-q", "-d", str(room.db), "health", *options], standalone_mode=False)
        for options in ([], ["--within", "24", "--nl"], ["--within", "inf"]))

    assert [(result.stdout, result.return_value) for result in (unasked, in_time)] == [("", 0), ("", 0)]
    assert overdue.return_value == 4
    assert json.loads(overdue.stdout) == {
        "source": "", "kind": "overdue", "subject": "", "opened": last["finished"],
        "message": f"no run has ended for 24 hours, the last: {last['finished']}"}


def test_health_ends_with_0_and_then_with_4(room: Newsroom) -> None:
    """And says what is wrong."""
    room.harvest()
    well = CliRunner().invoke(cli, ["-d", str(room.db), "health"], standalone_mode=False)
    room.site.answers["/latest"] = answer(listing_page([]))
    room.harvest(after=HOUR)

    ill = CliRunner().invoke(cli, ["-d", str(room.db), "health", "--json"], standalone_mode=False)

    assert (well.return_value, well.stdout) == (0, "")
    assert well.stderr == "no alert is open; the last run ended 2026-03-02T06:00:00Z\n"
    assert ill.return_value == 4
    assert json.loads(ill.stdout) == [{
        "source": "newsroom", "kind": "listing", "subject": room.site.url("/latest"), "opened": "2026-03-02T07:00:00Z",
        "message": "no story is listed any more, it showed 12 on average",
    }]  # fmt: skip


def test_prometheus_reads_the_state_from_a_file(room: Newsroom) -> None:
    """Every line is a comment or a sample; nothing else is left in the folder."""
    room.harvest()
    file = room.folder / "prom" / "scraper.prom"
    file.parent.mkdir()

    result = CliRunner().invoke(cli, ["-d", str(room.db), "health", "--prometheus", str(file)], standalone_mode=False)

    lines = file.read_text("utf-8").splitlines()
    samples = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("# "))
    assert result.return_value == 0
    assert all(re.fullmatch(r'scraper_[a-z_]+(\{source="[a-z]+"\})?', name) for name in samples)
    assert samples["scraper_last_run_end_timestamp_seconds"] == f"{MONDAY.timestamp():.0f}"
    assert samples["scraper_last_run_exit_code"] == "0"
    assert samples['scraper_stories_new{source="newsroom"}'] == "12"
    assert samples['scraper_alerts_open{source="newsroom"}'] == "0"
    assert [path.name for path in file.parent.iterdir()] == ["scraper.prom"]


def test_a_file_that_cannot_be_written_is_one_clear_line(room: Newsroom) -> None:
    """/proc takes no file, even from root."""
    room.harvest()

    result = CliRunner().invoke(
        cli, ["-d", str(room.db), "health", "--prometheus", "/proc/scraper.prom"], standalone_mode=False
    )

    assert str(result.exception).startswith("/proc/scraper.prom: cannot be written (")


# --- the judgement itself


@pytest.mark.parametrize(
    ("pages", "had", "now", "verdict"),
    [
        ((10, 10), (3, 0), None, True),
        ((10, 10), (2, 0), None, None),
        ((3, 3), (3, 0), None, None),
        ((1000, 1000), (2, 0), 1.0, True),
        ((1000, 1000), (1, 0), 1.0, None),
        ((100, 80), (9, 0), None, False),  # one in five never had it
        ((100, 100), (9, 5), None, False),
        ((100, 95), (9, 0), 0.0, None),  # it has been so before
        ((0, 0), (9, 0), None, False),
    ],
)  # fmt: skip
def test_a_field_is_lost_where_chance_does_not_explain_it(
    pages: tuple[int, int], had: tuple[int, int], now: float | None, verdict: bool | None
) -> None:
    """Past (pages, filled), now (pages, filled), the lowest share of an earlier run."""
    assert lost(Share(*had), Past(1, *pages, lowest=now)) is verdict


def test_the_chance_is_that_of_a_beta_binomial() -> None:
    """By hand: 1/11 x 2/12 x 3/13 ... after ten of ten the next three all fail once in 286 or so."""
    assert round(1 / chance(Share(3, 0), Past(1, 10, 10))) == 364
    assert round(chance(Share(3, 3), Past(1, 10, 10)), 9) == 1.0


def test_a_rounded_rate_that_steps_has_not_jumped() -> None:
    """0.00008 to 0.00009 is an eighth, and one step of its last digit."""
    assert not jumped([(0.00008, "0.00008"), (0.00009, "0.00009")] * 4, [])
    assert jumped([(12750.0 + step, f"{12750 + step}") for step in range(7)] + [(17000.0, "17000")], [])


def test_a_weekly_paper_is_not_silent_after_two_weeks() -> None:
    """Its own rhythm counts, not ours."""
    weekly = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(weeks=week) for week in range(12)]

    assert silent(weekly, weekly[-1], weekly[-1] + timedelta(days=20)) is False
    assert silent(weekly, weekly[-1], weekly[-1] + timedelta(days=22)) is True
    assert silent(weekly[:9], weekly[-1], weekly[-1] + timedelta(days=99)) is None


def test_too_little_seen_says_nothing() -> None:
    """None leaves whatever stood before."""
    empty = Share(0, 0)

    assert (lost(empty, Past(1, 50, 50)), shrunk(empty, Past()), emptied(empty, Past()), in_the_future(empty, Past()),
            failing([True, True])) == (None, None, None, None, None)
