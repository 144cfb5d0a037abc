"""A story's texts over time: the current one in `articles`, each superseded one whole in `article_versions`.

Both follow from the set of captures (instant, revision), whatever order they came in. A text that no
capture shows any more is what an earlier parser read, and is kept with the reason `reparse`.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict
from datetime import datetime
from itertools import pairwise
from typing import Any

from scraper.records import Article
from scraper.tables.database import Database, Row
from scraper.tables.history import Run, runs
from scraper.tables.identity import similarity
from scraper.tables.schema import utc_from, utc_text

Content = dict[str, Any]  # what a version keeps, by field; JSON types only

_FIELDS = ("headline", "lead", "body", "byline", "section", "language", "published", "published_raw", "modified",
           "canonical", "external_id", "truncated", "paywalled", "noarchive")
_LISTS = {"authors": ("name",), "tags": ("name",),
          "images": ("position", "url", "alt", "caption", "credit", "role", "width", "height")}
_DATING = ("published_date", "published_precision", "published_zone", "published_fault")  # no version keeps them
_UNASKED: Content = {"noarchive": 0}  # of versions kept before the field was
_COMPARED = (*_FIELDS, "blocks", *_LISTS)  # in one order, wherever a text comes from


def captures(db: Database, article_id: int) -> list[tuple[datetime, str]]:
    """Return when each text was seen, in order of time and then of place: a second may hold several exchanges.

    Of one exchange, and of those in one second that left no bytes, the parse that came last counts.
    """
    rows = db.rows("SELECT fetched, file, offset, revision FROM fetches WHERE article_id = ? AND revision IS NOT NULL"
                   " ORDER BY fetched, file, offset, id", (article_id,))
    exchanges = {(row["fetched"], row["file"], row["offset"]): row["revision"] for row in rows}
    return [(utc_from(at), text) for (at, _, _), text in exchanges.items()]


def stored_content(db: Database, article: Row) -> Content:
    """Return the text that stands in `articles` and its satellites."""
    content: Content = {name: article[name] for name in _FIELDS}
    content["blocks"] = json.loads(article["body_json"])
    for table, columns in _LISTS.items():
        rows = db.rows(f"SELECT {', '.join(columns)} FROM {table} WHERE article_id = ? ORDER BY position",
                       (article["id"],))
        content[table] = [row["name"] if columns == ("name",) else row for row in rows]
    return content


def content_from(article: Article, row: Row) -> Content:
    """Return a page's text as it would stand in the tables; `row` holds its columns."""
    content: Content = {name: row[name] for name in _FIELDS}
    content["blocks"] = json.loads(row["body_json"])
    content["authors"], content["tags"] = list(article.authors), list(article.tags)
    content["images"] = [asdict(image) | {"position": position} for position, image in enumerate(article.images)]
    return content


def dating_changes(row: Row, known: Row) -> tuple[str, ...]:
    """Return what is said otherwise of a date that may stand: its day where a source's zone has changed, and so on."""
    return tuple(name for name in _DATING if row[name] != known[name])


def rewrite_versions(db: Database, article_id: int, texts: dict[str, Content], current: Run[str]) -> Run[str]:
    """Bring `article_versions` in line with the captures; return the run of the text that is now current.

    `texts` holds the stored and the new text by revision, `current` is the stored one's run.
    """
    rows = db.rows("SELECT * FROM article_versions WHERE article_id = ?", (article_id,))
    texts = {row["revision"]: _inflated(row["content"]) for row in rows} | texts
    history = runs(captures(db, article_id))
    shown = {run.value for run in history}
    misread = [Run(row["revision"], utc_from(row["seen_from"]), utc_from(row["seen_to"]), 1) for row in rows
               if row["revision"] not in shown]
    if current.value not in shown:
        misread.append(current)
    db.execute("DELETE FROM article_versions WHERE article_id = ?", (article_id,))
    # a text that goes back and forth within a second is one version
    superseded = {(run.first, run.value): (run, later) for run, later in pairwise(history)}
    for run, later in superseded.values():
        _insert(db, article_id, run, "publisher-edit", (texts[run.value], texts[later.value]))
    for run in misread:
        _insert(db, article_id, run, "reparse", (texts[run.value], texts[history[-1].value]))
    return history[-1]


def version_revisions(db: Database, article_id: int) -> frozenset[str]:
    """Return the superseded texts that are kept, by their hash."""
    rows = db.rows("SELECT revision FROM article_versions WHERE article_id = ?", (article_id,))
    return frozenset(row["revision"] for row in rows)


def version_content(db: Database, article_id: int, revision: str) -> Content | None:
    """Return a superseded text by its hash, None where it is not kept."""
    row = db.row("SELECT content FROM article_versions WHERE article_id = ? AND revision = ? LIMIT 1",
                 (article_id, revision))
    return _inflated(row["content"]) if row else None


def texts_of(db: Database, article: Row) -> list[Content]:
    """Return every text of an article with when and why it was superseded, in order of time, the current one last."""
    rows = db.rows("SELECT * FROM article_versions WHERE article_id = ? ORDER BY seen_from, reason", (article["id"],))
    kept = [_inflated(row["content"]) | {name: row[name] for name in _ABOUT} | {"url": article["url"]} for row in rows]
    current = {"url": article["url"], "seen_from": article["text_since"], "seen_to": article["last_seen"],
               "reason": None, "changed": "[]", "similarity": None}
    return [*kept, stored_content(db, article) | current]


_ABOUT = ("seen_from", "seen_to", "reason", "changed", "similarity")


def _insert(db: Database, article_id: int, run: Run[str], reason: str, texts: tuple[Content, Content]) -> None:
    old, new = texts
    changed = [name for name in _COMPARED if old[name] != new[name]]
    db.execute(
        "INSERT INTO article_versions"
        " (article_id, seen_from, seen_to, reason, changed, similarity, headline, revision, content)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (article_id, utc_text(run.first), utc_text(run.last), reason, json.dumps(changed),
         similarity(_text(old), _text(new)), old["headline"], run.value, _deflated(old)),
    )


def _text(content: Content) -> str:
    return f"{content['headline']}\n{content['body']}"


def _deflated(content: Content) -> bytes:
    return zlib.compress(json.dumps(content, sort_keys=True).encode(), 9)


def _inflated(blob: bytes) -> Content:
    content: Content = _UNASKED | json.loads(zlib.decompress(blob))
    return content
