"""A story's captures read by today's parser: what they showed is told anew, and is no edit of the publisher's."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from scraper.records import Article, Response
from scraper.source import Source
from scraper.tables.articles import replace_text
from scraper.tables.captures import known_date, row_from
from scraper.tables.database import Database, Row
from scraper.tables.history import Run
from scraper.tables.origins import origins_of
from scraper.tables.revisions import Content, content_from, dating_changes, rewrite_versions, stored_content
from scraper.tables.schema import utc_from, utc_text
from scraper.tables.translations import note_translations


@dataclass(frozen=True, slots=True)
class Reading:
    """An article as read from one body; `fetches` are the captures that brought it, `response` the last of them."""

    fetches: tuple[int, ...]
    article: Article
    response: Response
    source: Source


@dataclass(frozen=True, slots=True)
class _Told:
    """What an article's captures showed by today's reading: revisions by capture, texts by revision, the last one."""

    before: dict[int, str]
    now: dict[int, str]
    rows: dict[str, Row]
    texts: dict[str, Content]
    articles: dict[str, Article]


def reread_changes(db: Database, number: int, readings: Sequence[Reading]) -> tuple[str, ...]:
    """Return the fields of the current text that another reading would change, "versions" where only older ones."""
    (known,) = db.rows("SELECT * FROM articles WHERE id = ?", (number,))
    told = _told(db, known, readings)
    shown = _last(told.now)
    current, stored = told.texts.get(shown), stored_content(db, known)
    changed = tuple(name for name in stored if current is not None and current[name] != stored[name])
    changed += dating_changes(told.rows[shown], known) if shown in told.rows else ()
    return changed or (("versions",) if told.now != told.before else ())


def reread(db: Database, number: int, readings: Sequence[Reading]) -> None:
    """Put what today's reading says into the tables; texts that no capture shows any more become versions.

    A capture that could not be read again follows those that had shown the same text.
    """
    (known,) = db.rows("SELECT * FROM articles WHERE id = ?", (number,))
    told = _told(db, known, readings)
    for reading in readings:
        note_translations(db, reading.source, reading.article, number)
    db.executemany("UPDATE fetches SET revision = ? WHERE id = ?",
                   [(text, fetch) for fetch, text in told.now.items() if told.before[fetch] != text])
    stood = Run(known["revision"], utc_from(known["text_since"]), utc_from(known["last_seen"]), 1)
    current = rewrite_versions(db, number, {stood.value: stored_content(db, known)} | told.texts, stood)
    since = utc_text(current.first)
    if current.value in told.rows:
        replace_text(db, told.articles[current.value], told.rows[current.value], number, since)
    else:
        db.execute("UPDATE articles SET text_since = ? WHERE id = ?", (since, number))


def _told(db: Database, known: Row, readings: Sequence[Reading]) -> _Told:
    captures = db.rows("SELECT id, revision FROM fetches WHERE article_id = ? AND revision IS NOT NULL"
                       " ORDER BY fetched, file, offset, id", (known["id"],))
    before: dict[int, str] = {row["id"]: row["revision"] for row in captures}
    rows, texts, articles = {}, {}, {}
    now: dict[int, str] = {}
    for reading in sorted(readings, key=lambda each: each.response.fetched):
        row = row_from(reading.article, reading.response, reading.source)
        row |= _standing_date(db, row, known)
        text = str(row["revision"])
        rows[text], texts[text], articles[text] = row, content_from(reading.article, row), reading.article
        now.update(dict.fromkeys(reading.fetches, text))
    follows = {before[fetch]: text for fetch, text in now.items()}
    return _Told(before, {fetch: now.get(fetch, follows.get(old, old)) for fetch, old in before.items()},
                 rows, texts, articles)


def _last(revisions: dict[int, str]) -> str:
    return [*revisions.values()][-1] if revisions else ""


def _standing_date(db: Database, row: Row, known: Row) -> Row:
    """Return the date that stays where the page shows none, or only the day of it: a listing may have named it."""
    date = known_date(row, known)
    if not date:
        return {}
    kept = [origin for origin in origins_of(db, known) if origin["field"] == "published"]
    others = [origin for origin in json.loads(row["origins"]) if origin["field"] != "published"]
    return date | {"origins": json.dumps(others + kept, ensure_ascii=False)}
