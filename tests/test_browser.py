"""The archive in a real browser: a reader's walk, and a hundred hostile strings that stay text."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from browser import Reader, reader
from browsing import demo_archive, served
from hostile import HOSTILE, hostile_archive
from scraper.browse.metadata import metadata_from
from scraper.cli import cli
from scraper.store import Store

SLOWEST_MS = 10_000.0  # a ceiling against hangs: it takes a tenth of that where nothing else runs
PAIR = "ORK/USD (silkroad-times)"

POINTS = """
return [...document.querySelectorAll('#chart-rate .mark-symbol.role-mark path')].map(node => {
    const datum = node.__data__.datum
    return [datum.pair, new Date(datum.instant).getTime() / 1000, datum.rate, node.getBoundingClientRect().y]
})
"""
CANARIES = """
return document.querySelectorAll('[id^=canary], canary, [data-canary]').length + (window.canary ? 1 : 0)
"""
# the browser's own parser, without a walk to each page: 200 take as long as ten visits
CANARIES_AT = """
const [addresses, done] = arguments
const canaries = async address => {
    const page = new DOMParser().parseFromString(await (await fetch(address)).text(), 'text/html')
    return page.querySelectorAll('[id^=canary], canary, [data-canary]').length
}
Promise.all(addresses.map(canaries)).then(done)
"""


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_archive(tmp_path_factory.mktemp("browser"))


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Reader]:
    with reader(tmp_path / "profile") as person:
        yield person


def points_of(db: Path, pair: str) -> list[tuple[str, float, float]]:
    """Return what the rates chart asks the archive for, with a pair chosen."""
    with Store.reading(db) as store:
        chart = metadata_from(store)["plugins"]["datasette-dashboards"]["rates"]["charts"]["rate"]
        rows = store.rows(re.sub(r"\[\[(.*?)\]\]", r"\1", chart["query"]), {"pair": pair})
    return [(row["pair"], datetime.fromisoformat(row["instant"]).timestamp(), row["rate"]) for row in rows]


def test_a_reader_walks_from_the_front_page_to_a_chart_and_back(person: Reader, db: Path) -> None:
    with served(db) as home:
        person.opens(f"{home}/")
        front = person.sees("a.headline")
        person.types("input[name=q]", "so'm")
        found = person.sees("a.headline")
        person.follows("a.headline")
        person.follows("#home")
        person.follows_text("Apricot Exchange Opens With a Bell and a Broken Scale")
        story = person.sees("h1")
        person.follows("#versions")
        edit = (person.sees("del"), person.sees("ins"))
        person.follows_text("Dashboards")
        person.follows_text("Rates")
        person.chooses("#pair", PAIR)
        person.follows("input[value=Apply]")
        person.sees("#chart-rate .mark-symbol.role-mark path")
        points = person.asks(POINTS)
        for _ in range(3):
            person.goes_back()
        person.follows("#story")
        person.follows("#home")
        again = person.sees("a.headline")

    assert (len(front), again) == (14, front)
    assert len(found) == 2
    assert story == ["Apricot Exchange Opens With a Bell and a Broken Scale"]
    assert edit[0][0] == "120"
    assert [tuple(point[:3]) for point in points] == points_of(db, PAIR) != []
    heights = {rate: y for _, _, rate, y in points}
    assert sorted(heights, key=lambda rate: -heights[rate]) == sorted(heights)
    assert (person.faults, person.strangers) == ([], [])


def test_every_page_is_there_before_a_reader_gives_up(person: Reader, db: Path) -> None:
    """A dashboard when its charts are drawn."""
    with Store.reading(db) as store:
        number = store.newest(1)[0]["id"]
        dashboards = metadata_from(store)["plugins"]["datasette-dashboards"]
    pages = ["/", "/-/search?q=river", f"/-/story/{number}", f"/-/story/{number}/versions", "/news", "/news/articles",
             "/news/mentions_per_week?words=price", "/-/dashboards", *(f"/-/dashboards/{name}" for name in dashboards)]

    with served(db) as home:
        took = {page: person.waits_until_drawn(home + page) for page in pages}

    assert {page: ms for page, ms in took.items() if ms > SLOWEST_MS} == {}


@pytest.mark.parametrize("stories", ["the demo's", "none yet"])
def test_every_dashboard_draws_without_a_complaint(person: Reader, db: Path, tmp_path: Path, stories: str) -> None:
    if stories == "none yet":
        db = tmp_path / "empty.db"
        Store.open(db).close()
    with Store.reading(db) as store:
        dashboards = metadata_from(store)["plugins"]["datasette-dashboards"]
    with served(db) as home:
        for name, dashboard in dashboards.items():
            person.opens(f"{home}/-/dashboards/{name}")
            for chart in dashboard["charts"]:
                person.sees(f"#chart-{chart} svg .mark-group")
            person.looks()

    assert (person.faults, person.strangers) == ([], [])


def test_a_hundred_hostile_strings_are_text_on_every_page(person: Reader, tmp_path: Path) -> None:
    """What is looked for is an element or a value of theirs in the page, not a string in its source."""
    db = tmp_path / "news.db"
    stories = hostile_archive(db, HOSTILE)
    tables = ("articles", "tags", "images", "pairs", "quotes", "latest_quotes", "latest_stories", "edits", "sources")
    with served(db) as home:
        addresses = [
            "/", "/-/search?q=canary", "/-/search?q=script&order=newest", f"/news/articles/{stories[0]}",
            "/news/tags_in_use", "/news/rates_around_a_story?headline=canary", "/news/changed_after?words=canary",
            "/-/dashboards/rates", "/-/dashboards/rates?pair=", "/-/dashboards/stories", "/-/dashboards/edits",
            *(f"/news/{table}?_size=200" for table in tables), *(f"/-/story/{number}" for number in stories[::20]),
        ]
        others = [f"/-/story/{number}{page}" for number in stories for page in ("", "/versions")]
        alive = {}
        for address in addresses:
            person.opens(home + address)
            if "dashboards" in address:
                person.sees("svg .mark-group")
            alive[address] = person.asks(CANARIES)
        person.opens(f"{home}/news")
        alive |= dict(zip(others, person.waits_for(CANARIES_AT, others), strict=True))

    assert len(stories) == len(HOSTILE) == 100
    assert {address for address, count in alive.items() if count} == set()
    assert (person.faults, person.strangers) == ([], [])


def test_a_hundred_hostile_strings_are_text_in_every_page_that_is_written(person: Reader, tmp_path: Path) -> None:
    """The report and a story's history, opened as their reader would."""
    db, folder = tmp_path / "news.db", tmp_path / "written"
    stories = hostile_archive(db, HOSTILE)
    folder.mkdir()
    (folder / "favicon.ico").touch()
    written(db, folder / "report.html", "report", "--since", "2026-03-01", "--until", "2026-03-04")
    for number in stories:
        written(db, folder / f"{number}.html", "diff", "--html", str(number))

    with handed_out(folder) as home:
        alive = {}
        for name in ("report.html", *(f"{number}.html" for number in stories[::20])):
            person.opens(f"{home}/{name}")
            alive[name] = person.asks(CANARIES)
        told = person.asks("return document.title")
        others = [f"/{number}.html" for number in stories]
        person.opens(f"{home}/favicon.ico")
        alive |= dict(zip(others, person.waits_for(CANARIES_AT, others), strict=True))

    assert {name for name, count in alive.items() if count} == set()
    assert "canary" in told
    assert (person.faults, person.strangers) == ([], [])


def written(db: Path, path: Path, *command: str) -> None:
    """Write what a command prints into a file."""
    path.write_text(CliRunner().invoke(cli, ["-d", str(db), *command], catch_exceptions=False).stdout, "utf-8")


@contextmanager
def handed_out(folder: Path) -> Iterator[str]:
    """Serve a folder's files on loopback; yield the address, without a final slash."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it has there
        """Say nothing."""


@pytest.mark.parametrize(("asked_for", "outcome"), [("1", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_without_a_browser_a_test_is_skipped_or_where_one_was_asked_for_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked_for: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("SCRAPER_BROWSER", asked_for)

    with pytest.raises(outcome, match="no browser: apt-get install chromium chromium-driver"), reader(tmp_path):
        pass
