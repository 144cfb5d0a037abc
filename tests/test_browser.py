"""The archive in a real browser: a reader's walk, and a hundred hostile strings that stay text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from archives import NOON, STORY, saved
from browser import Reader, reader
from browsing import demo_archive, served
from scraper.browse.metadata import metadata_from
from scraper.records import Image, Quote
from scraper.store import Store

SLOWEST_MS = 10_000.0  # ten times what a page may take on a quiet machine

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
LEAVING = ("", "\">", "'>", "</script>", "</title>", "</textarea>", "</style>", "-->", "]]>", "\\\">")
HOSTILE = [out + text for out in LEAVING for text in (
    "<img id=canary src=x onerror=canary=1>", "<script id=canary>canary=1</script>", "<svg id=canary onload=canary=1>",
    "<canary>", "<a id=canary href=javascript:canary=1>x</a>",
    "<iframe id=canary srcdoc='<script>top.canary=1</script>'>",
    "' onmouseover='canary=1' data-canary='", "\" autofocus onfocus=canary=1 data-canary=\"",
    "{{7*7}}${canary=1}<%= canary %><b id=canary>", "\x3cscript\x3ecanary=1\x3c/script\x3e<b data-canary>",
)]  # fmt: skip


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
    pair = "ORK/USD (silkroad-times)"
    with served(db) as home:
        person.opens(f"{home}/")
        front = person.sees("a.headline")
        person.types("input[name=q]", "so'm")
        found = person.sees("a.headline")
        person.opens(f"{home}/-/search?q=apricot+exchange")
        person.follows("a.headline")
        story = person.sees("h1")
        person.follows("#versions")
        edit = (person.sees("del"), person.sees("ins"))
        person.opens(f"{home}/-/dashboards/rates?pair={pair.replace('/', '%2F').replace(' ', '+')}")
        person.sees("#chart-rate .mark-symbol.role-mark path")
        points = person.asks(POINTS)
        person.goes_back()
        person.follows("#story")
        person.follows("#home")
        again = person.sees("a.headline")

    assert (len(front), again) == (12, front)
    assert len(found) == 2
    assert story == ["Apricot Exchange Opens With a Bell and a Broken Scale"]
    assert edit[0][0] == "120"
    assert [tuple(point[:3]) for point in points] == points_of(db, pair) != []
    heights = {rate: y for _, _, rate, y in points}
    assert sorted(heights, key=lambda rate: -heights[rate]) == sorted(heights)
    assert (person.faults, person.strangers) == ([], [])
    assert max(person.times_ms.values()) < SLOWEST_MS


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


def hostile_archive(path: Path) -> list[int]:
    """Fill an archive with stories whose headline, caption, tag and ticker are hostile, each edited once."""
    with Store.open(path) as store:
        for number, text in enumerate(HOSTILE):
            at = NOON + timedelta(minutes=number)
            quote = Quote(text, "USD", Decimal("0.01") * (number + 1), text, None, text)
            story = replace(
                STORY, url=f"https://site.example/{number}/", headline=text, tags=(text,), byline=text, section=text,
                lead=text, body=f"Story {number}. {text}\n\n{STORY.body}", images=(Image(0, text, text, text, text),),
            )
            saved(store, story, at, quotes=(quote,))
            saved(store, replace(story, headline=f"{text} {number}"), at + timedelta(days=1), quotes=(quote,))
        return [row["id"] for row in store.rows("SELECT id FROM articles ORDER BY id")]


def test_a_hundred_hostile_strings_are_text_on_every_page(person: Reader, tmp_path: Path) -> None:
    """What is looked for is an element or a value of theirs in the page, not a string in its source."""
    db = tmp_path / "news.db"
    stories = hostile_archive(db)
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
