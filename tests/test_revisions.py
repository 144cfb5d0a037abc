"""The texts of a story over time: a function of its captures, whatever order they came in."""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archives import BODY, HOUR, NOON, SITE, STORY, column, response_to, saved
from oracles import histories
from scraper.records import Article, Page, Stamp
from scraper.store import Saved, Store
from scraper.tables.schema import utc_text

NUMBERS = count(1)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store.open(tmp_path_factory.mktemp("revisions") / "news.db") as store:
        yield store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "news.db") as store:
        yield store


def told(captures: dict[int, str]) -> list[tuple[str, str, str]]:
    """Each text with its first and last hour, by brute force: the last one is current."""
    rows: list[tuple[str, str, str]] = []
    for hour in sorted(captures):
        at = utc_text(NOON + hour * HOUR)
        if rows and rows[-1][0] == captures[hour]:
            rows[-1] = (*rows[-1][:2], at)
        else:
            rows.append((captures[hour], at, at))
    return rows


def stored(store: Store, url: str) -> list[tuple[str, str, str]]:
    """The same from the tables: the superseded texts, then the current one."""
    (article,) = store.rows("SELECT * FROM articles WHERE url = ?", (url,))
    versions = store.rows("SELECT * FROM article_versions WHERE article_id = ? ORDER BY seen_from", (article["id"],))
    assert {row["reason"] for row in versions} <= {"publisher-edit"}
    return [*((content(row)["headline"], row["seen_from"], row["seen_to"]) for row in versions),
            (article["headline"], article["text_since"], article["last_seen"])]


def content(version: dict[str, Any]) -> dict[str, Any]:
    return json.loads(zlib.decompress(version["content"]))  # type: ignore[no-any-return]


@histories(150, full=1000)
@given(st.dictionaries(st.integers(0, 30), st.sampled_from("ABC"), min_size=1, max_size=8),
       st.randoms(use_true_random=False))
def test_captures_in_any_order_give_the_same_versions(
    shared: Store, captures: dict[int, str], chance: random.Random
) -> None:
    url = f"https://site.example/{next(NUMBERS)}/"
    arrivals = [*captures, *chance.choices([*captures], k=2)]
    chance.shuffle(arrivals)

    for hour in arrivals:
        capture(shared, replace(STORY, url=url, headline=captures[hour], body=f"{url} {BODY}"), NOON + hour * HOUR)

    assert stored(shared, url) == told(captures)
    assert shared.rows("SELECT first_seen FROM articles WHERE url = ?", (url,)) == [
        {"first_seen": told(captures)[0][1]}]


def capture(store: Store, article: Article, at: datetime) -> Saved:
    """Save what a capture shows; the same capture lies at the same place."""
    place = int(article.url.split("/")[3]) * 1_000_000 + int((at - NOON) / HOUR) * 1000
    return store.save(SITE, Page(article.url, at, article), response_to(article.url, at, place=place))


def test_a_superseded_text_is_kept_whole(store: Store) -> None:
    saved(store, STORY)
    saved(store, replace(STORY, body="Other words.", images=(), authors=()), NOON + HOUR)

    (version,) = store.rows("article_versions")
    assert {name: content(version)[name] for name in ("headline", "lead", "body", "authors", "tags")} == {
        "headline": STORY.headline, "lead": STORY.lead, "body": BODY, "authors": [*STORY.authors],
        "tags": [*STORY.tags]}
    assert content(version)["images"][0]["caption"] == "The lower gate"
    assert json.loads(version["changed"]) == ["body", "authors", "images"]
    assert version["similarity"] < 0.2


def test_a_capture_older_than_the_first_does_not_become_current(store: Store) -> None:
    saved(store, STORY)

    outcome = saved(store, replace(STORY, headline="Pass may close"), NOON - HOUR).outcome

    assert (outcome, column(store, "SELECT headline FROM articles")) == ("changed", ["Pass closed"])
    assert column(store, "SELECT headline FROM article_versions") == ["Pass may close"]


@pytest.mark.parametrize("arrival", [(0, 1), (1, 0)])
def test_two_captures_within_a_second_are_an_edit(store: Store, arrival: tuple[int, int]) -> None:
    """Told apart by where their bytes lie, whichever is stored first: two short runs may share a second."""
    texts = (STORY, replace(STORY, headline="Pass open"))

    for number in arrival:
        saved(store, texts[number], NOON, place=number * 100)

    assert column(store, "SELECT headline FROM articles") == ["Pass open"]
    assert store.rows("SELECT headline, reason FROM article_versions") == [
        {"headline": "Pass closed", "reason": "publisher-edit"}]


def test_a_text_that_goes_back_and_forth_within_a_second_is_kept_once(store: Store) -> None:
    for number, headline in enumerate(("Pass closed", "Pass open") * 3):
        saved(store, replace(STORY, headline=headline), NOON, place=number * 100)

    assert column(store, "SELECT headline FROM articles") == ["Pass open"]
    assert column(store, "SELECT headline FROM article_versions ORDER BY 1") == ["Pass closed", "Pass open"]


def test_the_same_capture_read_differently_is_no_edit_of_the_publisher(store: Store) -> None:
    page = Page(STORY.url, NOON, replace(STORY, headline="Pass closed | The Site"))
    store.save(SITE, page, response_to(STORY.url))

    store.save(SITE, replace(page, article=STORY), response_to(STORY.url))

    assert column(store, "SELECT headline FROM articles") == ["Pass closed"]
    assert store.rows("SELECT headline, reason, changed FROM article_versions") == [
        {"headline": "Pass closed | The Site", "reason": "reparse", "changed": '["headline"]'}]
    assert column(store, "SELECT count(*) FROM fetches") == [1]


def test_the_same_capture_read_the_same_changes_no_row(store: Store) -> None:
    saved(store, STORY)
    saved(store, replace(STORY, headline="Pass open"), NOON + HOUR)
    tables = ("articles", "article_versions", "article_urls", "authors", "images", "tags", "fetches", "resources")
    before = {table: store.rows(table) for table in tables}

    store.save(SITE, Page(STORY.url, NOON, STORY), response_to(STORY.url, place=0))

    assert {table: store.rows(table) for table in tables} == before


def test_a_restless_validator_makes_no_revision(store: Store) -> None:
    for hour in range(5):
        response = response_to(STORY.url, NOON + hour * HOUR, place=hour * 100, etag=f"v{hour}")
        store.save(SITE, Page(STORY.url, NOON + hour * HOUR, STORY), response)

    assert store.rows("article_versions") == []
    assert column(store, "SELECT count(*) FROM articles") == [1]


@pytest.mark.parametrize("later", [None, Stamp("2 March 2026", NOON - 12 * HOUR, NOON.date(), "day")])
def test_a_later_capture_takes_no_date_back(store: Store, later: Stamp | None) -> None:
    saved(store, STORY)

    saved(store, replace(STORY, published=later, headline="Pass open"), NOON + HOUR)

    assert store.rows("SELECT headline, published, published_raw FROM articles") == [
        {"headline": "Pass open", "published": "2026-03-02T11:00:00Z", "published_raw": "2 March 2026, 10:30"}]


def test_a_date_read_later_is_stored_without_a_revision(store: Store) -> None:
    saved(store, replace(STORY, published=None))

    saved(store, replace(STORY, published=Stamp("2 March", NOON, NOON.date())), NOON + HOUR)

    assert column(store, "SELECT published_date FROM articles") == ["2026-03-02"]
    assert store.rows("article_versions") == []


def test_an_earlier_capture_without_a_date_has_none(store: Store) -> None:
    """What a later page showed is not lent to the text before it, though it came first into the archive."""
    earlier = replace(STORY, body=f"{BODY} Earlier.", published=None)

    saved(store, STORY)
    saved(store, earlier, NOON - HOUR)

    dates = [(text["seen_from"], text["published_raw"]) for text in store.shelf.texts_of(STORY.url)]
    assert dates == [(utc_text(NOON - HOUR), None), (utc_text(NOON), "2 March 2026, 10:30")]
