"""Stories forgotten on purpose: their rows go, and only a hash of each address stays, so that none comes back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from scraper.records import Index
from scraper.source import Source
from scraper.tables.copies import part
from scraper.tables.database import Database
from scraper.tables.schema import utc_text
from scraper.urls import normalised

_CHUNK = 1000
_SCANNED_FOR = 2  # stories: each takes 6 ms in 20,000 without the index, and to make that takes 10
_THESE = "IN (SELECT value FROM json_each(?))"


def forgotten_among(db: Database, urls: Iterable[str]) -> frozenset[str]:
    """Return those of `urls` (normalised) that were forgotten."""
    if db.row("SELECT 1 FROM forgotten LIMIT 1") is None:
        return frozenset()
    hashes = {_hash(url): url for url in urls}
    rows = db.rows(f"SELECT address FROM forgotten WHERE address {_THESE}", (json.dumps([*hashes]),))
    return frozenset(hashes[row["address"]] for row in rows)


def forgotten_here(db: Database) -> frozenset[str]:
    """Return the addresses of stored stories that were forgotten; a thousand are looked at in one go."""
    found: frozenset[str] = frozenset()
    after = ""
    while rows := db.rows("SELECT url FROM article_urls WHERE url > ? ORDER BY url LIMIT ?", (after, _CHUNK)):
        found |= forgotten_among(db, (row["url"] for row in rows))
        after = rows[-1]["url"]
    return found


def without_forgotten(db: Database, index: Index, source: Source) -> Index:
    """Return what a listing shows without the stories that were forgotten."""
    urls = {normalised(teaser.url, source.drop_query): teaser for teaser in index.teasers}
    gone = forgotten_among(db, urls)
    return replace(index, teasers=tuple(teaser for url, teaser in urls.items() if url not in gone)) if gone else index


def addresses_of(db: Database, url: str) -> tuple[int | None, frozenset[str]]:
    """Return the article an address leads to, if any, and every address that leads to it, this one included."""
    row = db.row("SELECT article_id FROM article_urls WHERE url = ?", (url,))
    number = int(row["article_id"]) if row else None
    rows = db.rows("SELECT url FROM article_urls WHERE article_id = ?", (number,))
    return number, frozenset({url, *(each["url"] for each in rows)})


def forget(db: Database, urls: Iterable[str], now: datetime) -> None:
    """Delete every row about these addresses and what they lead to, the search index included."""
    listed = (json.dumps([*urls]),)
    articles = db.rows(f"SELECT DISTINCT article_id AS id FROM article_urls WHERE url {_THESE}", listed)
    with _resources_by_story(db, len(articles)):
        for article in articles:
            part(db, article["id"])
            db.execute("DELETE FROM fetches WHERE article_id = ?", (article["id"],))
            db.execute("DELETE FROM resources WHERE article_id = ?", (article["id"],))
            db.execute("DELETE FROM articles WHERE id = ?", (article["id"],))
    for table in ("fetches", "resources", "backlog", "run_problems", "quote_conflicts", "quote_rejects"):
        db.execute(f"DELETE FROM {table} WHERE url {_THESE}", listed)
    db.execute("INSERT INTO articles_fts(articles_fts) VALUES ('optimize')")  # until then deleted words stay in it
    db.executemany("INSERT INTO forgotten (address, forgotten) VALUES (?, ?) ON CONFLICT DO NOTHING",
                   [(_hash(url), utc_text(now)) for url in urls])


@contextmanager
def _resources_by_story(db: Database, stories: int) -> Iterator[None]:
    """Let `resources` be looked up by story for a while, where it pays; for a few stories they are scanned."""
    if stories <= _SCANNED_FOR:
        yield
        return
    db.execute("CREATE INDEX resources_story ON resources(article_id) WHERE article_id IS NOT NULL")
    yield
    db.execute("DROP INDEX resources_story")


def _hash(url: str) -> str:
    return sha256(url.encode()).hexdigest()
