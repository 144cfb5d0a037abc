"""Whatever the order in which captures arrive, the tables are the same: an oracle written apart from the store."""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archives import BODY, HOUR, NOON, SITE, STORY, response_to
from oracles import histories
from scraper.records import Article, Image, Page, Stamp
from scraper.store import Store

NUMBERS = count(1)
FIELDS = ("headline", "lead", "body", "byline", "section", "modified")
EDITS = ("headline", "lead", "body", "byline")


@dataclass(frozen=True, slots=True)
class Text:
    """What a publisher shows at one time."""

    headline: str
    body: str
    byline: str | None
    section: str | None
    tags: tuple[str, ...]
    caption: str | None
    modified: int | None  # hours after noon


TEXTS = st.builds(
    Text, st.sampled_from(["Pass closed", "Pass open"]), st.sampled_from([BODY, f"{BODY} More snow is on its way."]),
    st.sampled_from([None, "By A. Writer"]), st.sampled_from([None, "Roads"]), st.sampled_from([(), ("snow",)]),
    st.sampled_from([None, "The lower gate"]), st.sampled_from([None, 0, 1]),
)  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Yield an archive that all histories share, each under an address of its own."""
    with Store.open(tmp_path_factory.mktemp("orders") / "news.db") as store:
        yield store


def hour(hours: int) -> str:
    """Return the instant so many hours after noon as tables hold it."""
    return (NOON + hours * HOUR).strftime("%Y-%m-%dT%H:%M:%SZ")


def columns(text: Text, number: int) -> dict[str, Any]:
    """Return what a text holds in columns of its own."""
    modified = None if text.modified is None else hour(text.modified)
    return {"headline": text.headline, "lead": STORY.lead, "body": f"{number}. {text.body}", "byline": text.byline,
            "section": text.section, "modified": modified}


def told(history: dict[int, Text], number: int) -> list[dict[str, Any]]:
    """Return each text with its fields, its first and its last hour, by brute force; the last one is current.

    An edit of headline, lead, body or byline ends a text; of what else changes the last stands. Of superseded texts
    only the four are told: the rest is that of one capture or another that showed the text.
    """
    texts: list[dict[str, Any]] = []
    for at, text in sorted(history.items()):
        row = columns(text, number) | {"tags": list(text.tags), "captions": [text.caption] if text.caption else []}
        if texts and all(texts[-1][name] == row[name] for name in EDITS):
            texts[-1] |= row | {"seen_to": hour(at)}
        else:
            texts.append(row | {"seen_from": hour(at), "seen_to": hour(at)})
    return [*({name: text[name] for name in (*EDITS, "seen_from", "seen_to")} for text in texts[:-1]), texts[-1]]


def stored(store: Store, url: str) -> list[dict[str, Any]]:
    """Return the same from the tables."""
    (article,) = store.rows("SELECT * FROM articles WHERE url = ?", (url,))
    number = (article["id"],)
    versions = store.rows("SELECT * FROM article_versions WHERE article_id = ? ORDER BY seen_from", number)
    assert {row["reason"] for row in versions} <= {"publisher-edit"}
    found = [json.loads(zlib.decompress(version["content"])) | version for version in versions]
    superseded = [{name: text[name] for name in (*EDITS, "seen_from", "seen_to")} for text in found]
    tags = [row["name"] for row in store.rows("SELECT name FROM tags WHERE article_id = ? ORDER BY position", number)]
    captions = [row["caption"] for row in store.rows("SELECT caption FROM images WHERE article_id = ?", number)
                if row["caption"]]
    return [*superseded, {name: article[name] for name in FIELDS} | {
        "tags": tags, "captions": captions, "seen_from": article["text_since"], "seen_to": article["last_seen"]}]


def capture(text: Text, url: str, number: int) -> Article:
    """Return the article a page shows."""
    modified = None if text.modified is None else NOON + text.modified * HOUR
    return replace(
        STORY, url=url, headline=text.headline, body=f"{number}. {text.body}", byline=text.byline, authors=(),
        section=text.section, tags=text.tags,
        images=(Image(0, "https://site.example/a.jpg", caption=text.caption),) if text.caption else (),
        modified=Stamp("then", modified, modified.date(), "second") if modified else None,
    )  # fmt: skip


@histories(150, full=1000)
@given(st.dictionaries(st.integers(0, 30), TEXTS, min_size=1, max_size=7), st.randoms(use_true_random=False))
def test_any_order_of_arrival_gives_the_texts_of_the_oracle(
    store: Store, history: dict[int, Text], chance: random.Random
) -> None:
    """Captures are repeated, too: a second import of the same file."""
    number = next(NUMBERS)
    url = f"https://site.example/{number}/"
    arrivals = [*history, *chance.choices([*history], k=3)]
    chance.shuffle(arrivals)

    for at in arrivals:
        response = response_to(url, NOON + at * HOUR, place=number * 1_000_000 + at * 1000)
        store.save(SITE, Page(url, NOON + at * HOUR, capture(history[at], url, number)), response)

    assert stored(store, url) == told(history, number)
