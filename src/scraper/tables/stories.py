"""Stories as a reader wants them: the newest, and one whole with its pictures, its earlier texts and its bytes."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass

from scraper.tables.database import Database, Row

_NEWEST = """
SELECT articles.id, source, name AS outlet, timezone, headline, lead, section, articles.language, published,
    published_date, published_precision, text_since > articles.first_seen AS edited, withdrawn
FROM articles JOIN sources ON sources.key = source
WHERE articles.id < ? ORDER BY articles.id DESC LIMIT ?
"""
_ONE = """
SELECT articles.*, name AS outlet, timezone, home FROM articles JOIN sources ON sources.key = source
WHERE articles.id = ?
"""
_PLACES = """
SELECT file, offset, length, fetched, url FROM fetches WHERE article_id = ? AND file IS NOT NULL ORDER BY fetched, id
"""
_BEYOND = 1 << 62  # ids stay below 2^53


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a story: when it was seen (UTC), and why it was superseded ("" for the one that stands)."""

    seen_from: str
    seen_to: str
    reason: str
    headline: str
    byline: str | None
    body: str


@dataclass(frozen=True, slots=True)
class Story:
    """A story with all that belongs to it; texts and places are in order of time, the text that stands last."""

    article: Row
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    images: tuple[Row, ...]
    texts: tuple[Text, ...]
    places: tuple[Row, ...]  # file, offset and length of each answer that showed it


def newest(db: Database, limit: int, before: int | None) -> list[Row]:
    """Return the newest stories, only those older than the story `before` where it is given."""
    return db.rows(_NEWEST, (_BEYOND if before is None else before, limit))


def story(db: Database, number: int) -> Story | None:
    """Return the story of this id whole; None where there is none."""
    article = db.row(_ONE, (number,)) if abs(number) < _BEYOND else None
    if article is None:
        return None
    images = db.rows("SELECT * FROM images WHERE article_id = ? ORDER BY position", (number,))
    return Story(
        article, _names(db, "authors", number), _names(db, "tags", number), tuple(images),
        (*_superseded(db, number), _standing(article)), tuple(db.rows(_PLACES, (number,))),
    )


def _names(db: Database, table: str, number: int) -> tuple[str, ...]:
    rows = db.rows(f"SELECT name FROM {table} WHERE article_id = ? ORDER BY position", (number,))
    return tuple(row["name"] for row in rows)


def _superseded(db: Database, number: int) -> list[Text]:
    rows = db.rows("SELECT seen_from, seen_to, reason, content FROM article_versions WHERE article_id = ?"
                   " ORDER BY seen_from, seen_to", (number,))
    return [_text(row, json.loads(zlib.decompress(row["content"]))) for row in rows]


def _text(row: Row, content: Row) -> Text:
    return Text(row["seen_from"], row["seen_to"], row["reason"],
                content["headline"], content["byline"], content["body"])


def _standing(article: Row) -> Text:
    return Text(article["text_since"], article["last_seen"], "",
                article["headline"], article["byline"], article["body"])
