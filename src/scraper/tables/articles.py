"""A page into its rows: which article it is, whether its text is new, and every table that holds a part of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from scraper.errors import ScraperError, StatusError
from scraper.records import Article, Kept, Response
from scraper.source import Source
from scraper.tables import copies
from scraper.tables.captures import Capture, capture_from, known_date
from scraper.tables.database import Database, Row
from scraper.tables.history import Run
from scraper.tables.identity import article_id, next_check, same_story
from scraper.tables.origins import with_origins_kept
from scraper.tables.outcomes import Outcome
from scraper.tables.receipts import note_exchange, note_exchanges, page_receipt
from scraper.tables.resources import GONE, mark_archived, note_failure, plan_check, same_again, showed
from scraper.tables.revisions import (
    content_from,
    dating_changes,
    rewrite_versions,
    stored_content,
    version_revisions,
)  # fmt: skip
from scraper.tables.schema import utc_from, utc_text
from scraper.tables.translations import note_translations


def archive_article(db: Database, article: Article, response: Response, source: Source) -> tuple[Outcome, int]:
    """Store an article whole, or find that it is known; return what became of it, and its id."""
    capture = capture_from(article, response, source)
    known = _known_article(db, capture)
    if known is None:
        outcome: Outcome = "new"
        number = _insert_article(db, capture)
    else:
        number = int(known["id"])
        outcome = _see_again(db, capture, known)
    dates = capture.row if known is None else _dates(db, number)
    _note_addresses(db, capture, number, None if outcome == "alias" else dates)
    note_translations(db, source, article, number)
    return outcome, number


def _known_article(db: Database, capture: Capture) -> Row | None:
    """Return the stored article this page shows, by its address, its number, its canonical address, or its text.

    Whatever the page says of itself counts only within its source, and where the texts are versions of one
    story: a canonical link to another site, to the home page or to a different text leads nowhere.
    """
    standing = db.row("SELECT article_id AS id FROM article_urls WHERE url = ?", (capture.url,))
    if standing is not None:
        return _article(db, standing)
    for sql, parameters in _claims(capture):
        for claimed in db.rows(sql, parameters):
            row = _article(db, claimed)
            if same_story(f"{row['headline']}\n{row['body']}", capture.text):
                return row
    if not capture.article.body:  # a notice: its headline alone tells no story from another
        return None
    same = db.row(_BY_TEXT, (capture.source.key, capture.row["text_hash"], capture.row["published_date"]))
    return _article(db, same) if same else None


def _article(db: Database, found: Row) -> Row:
    """Return the whole row: to ask each question of a new story for all columns took longer than the answers."""
    (row,) = db.rows("SELECT * FROM articles WHERE id = ?", (found["id"],))
    return row


_BY_ADDRESS = """
SELECT id FROM article_urls JOIN articles ON articles.id = article_id WHERE article_urls.url = ? AND source = ?
"""
_BY_TEXT = """
SELECT id FROM articles WHERE source = ?1 AND text_hash = ?2
AND (published_date IS NULL OR ?3 IS NULL OR published_date = ?3) ORDER BY id LIMIT 1
"""


def _claims(capture: Capture) -> Iterable[tuple[str, tuple[str, ...]]]:
    key, canonical = capture.source.key, capture.row["canonical"]
    if capture.article.external_id is not None:
        yield "SELECT id FROM articles WHERE source = ? AND external_id = ?", (key, capture.article.external_id)
    if canonical not in (None, capture.url):
        yield _BY_ADDRESS, (canonical, key)
    yield "SELECT id FROM articles WHERE source = ? AND canonical = ? AND canonical <> url", (key, capture.url)
    if capture.asked != capture.url:
        yield _BY_ADDRESS, (capture.asked, key)


def _insert_article(db: Database, capture: Capture) -> int:
    row = capture.row
    instant = utc_from(row["published"] or row["first_seen"])
    number = article_id(row["source"], row["external_id"] or row["url"], instant)
    while db.row("SELECT 1 FROM articles WHERE id = ?", (number,)):
        number += 1
    stored = {"id": number} | with_origins_kept(db, row)
    db.execute(f"INSERT INTO articles ({', '.join(stored)}) VALUES ({', '.join('?' * len(stored))})",
               (*stored.values(),))
    _insert_satellites(db, capture.article, number)
    copies.pair_up_new(db, number, row["source"], row["body"], instant)
    _note_capture(db, capture, number, row["revision"])
    return number


def _insert_satellites(db: Database, article: Article, number: int) -> None:
    for table, names in (("authors", article.authors), ("tags", article.tags)):
        db.executemany(f"INSERT INTO {table} (article_id, position, name) VALUES (?, ?, ?)",
                       [(number, position, name) for position, name in enumerate(names)])
    db.executemany(
        "INSERT INTO images (article_id, position, url, alt, caption, credit, role, width, height)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(number, position, image.url, image.alt, image.caption, image.credit, image.role, image.width, image.height)
         for position, image in enumerate(article.images)])


def _see_again(db: Database, capture: Capture, known: Row) -> Outcome:
    """Take another sight of a known article into account: its text, and when it was seen."""
    number, shown, seen = int(known["id"]), capture.row["revision"], utc_text(capture.response.fetched)
    if _another_way(capture, known):
        _note_capture(db, capture, number, None)
        touch_article(db, number, seen)
        return "alias"
    capture = replace(capture, row=capture.row | _standing_date(capture.row, known))
    _note_capture(db, capture, number, shown)
    touch_article(db, number, seen)
    text, stored = content_from(capture.article, capture.row), stored_content(db, known)
    stood = Run(known["revision"], utc_from(known["text_since"]), utc_from(known["last_seen"]), 1)
    if shown == stood.value and capture.response.fetched >= stood.last:
        if text != stored or dating_changes(capture.row, known):  # nothing that counts as an edit: tags, images, a date
            replace_text(db, capture.article, capture.row, number, known["text_since"])
        return "unchanged"
    heard_of = shown == stood.value or shown in version_revisions(db, number)
    current = rewrite_versions(db, number, {stood.value: stored, shown: text}, stood)
    if current.value == shown != stood.value:
        replace_text(db, capture.article, capture.row, number, utc_text(current.first))
    else:
        db.execute("UPDATE articles SET text_since = ? WHERE id = ?", (utc_text(current.first), number))
    return "unchanged" if heard_of and current.value == stood.value else "changed"


def _standing_date(row: Row, known: Row) -> Row:
    """Return the date that stays: a later capture without one, or with only the day of it, takes nothing back.

    The listing that named the hour is not at hand when a story is looked at again.
    """
    return known_date(row, known) if row["first_seen"] > known["last_seen"] else {}


def _another_way(capture: Capture, known: Row) -> bool:
    """Tell whether this is a second address of the article, whose rendering (AMP, print) must not replace the text."""
    if known["url"] in (capture.url, capture.asked):
        return False
    moved = capture.article.external_id is not None and capture.article.external_id == known["external_id"]
    return not moved or capture.row["canonical"] == known["url"] or capture.row["text_hash"] == known["text_hash"]


def touch_article(db: Database, number: int, seen: str) -> None:
    """Note that the story stood on its page at that instant."""
    with copies.kept_right(db, number):
        db.execute("UPDATE articles SET first_seen = min(first_seen, ?1), last_seen = max(last_seen, ?1),"
                   " withdrawn = CASE WHEN withdrawn > ?1 THEN withdrawn END WHERE id = ?2", (seen, number))


def replace_text(db: Database, article: Article, shown: Row, number: int, text_since: str) -> None:
    """Make a text the current one, `shown` its columns; the address and the instants of seeing stay."""
    stored = with_origins_kept(db, shown) | {"text_since": text_since}
    row = {name: value for name, value in stored.items() if name not in _STANDING}
    changes = ", ".join(f"{name} = ?" for name in row)
    with copies.kept_right(db, number):
        db.execute(f"UPDATE articles SET {changes} WHERE id = ?", (*row.values(), number))
    for table in ("authors", "tags", "images"):
        db.execute(f"DELETE FROM {table} WHERE article_id = ?", (number,))
    _insert_satellites(db, article, number)


_STANDING = frozenset({"source", "url", "first_seen", "last_seen", "withdrawn"})


def _note_capture(db: Database, capture: Capture, number: int, shown: str | None) -> None:
    kept = capture.response.kept or (page_receipt(capture.response),)
    _note_exchanges_of(db, capture.source.key, kept, number, shown)


def _note_exchanges_of(
    db: Database, source: str, kept: Sequence[Kept], number: int | None, shown: str | None
) -> None:
    """Record the exchanges for one story: the last one is its own, those before are redirects and failed tries."""
    note_exchanges(db, source, kept[:-1])
    for receipt in kept[-1:]:
        note_exchange(db, source, receipt, number, shown)


def _note_addresses(db: Database, capture: Capture, number: int, dates: Row | None) -> None:
    """Record every address that led here; one that is polled keeps its validators and its next look, by `dates`."""
    urls = dict.fromkeys((capture.url, capture.asked))
    _name_addresses(db, urls, number, capture.response.fetched)
    if dates is not None:
        due = _next_look(dates, capture.response.fetched)
        if showed(db, capture.source.key, capture.url, capture.response, number, due):
            del urls[capture.url]
    mark_archived(db, capture.source.key, urls, number)


def note_addresses(db: Database, source: str, urls: Iterable[str], number: int, seen: datetime) -> None:
    """Record that these addresses (normalised) lead to a story; they are waited for no longer."""
    found = tuple(urls)
    _name_addresses(db, found, number, seen)
    mark_archived(db, source, found, number)


def _name_addresses(db: Database, urls: Iterable[str], number: int, seen: datetime) -> None:
    for url in urls:
        db.execute("INSERT INTO article_urls (url, article_id, first_seen) VALUES (?, ?, ?) ON CONFLICT (url) DO UPDATE"
                   " SET first_seen = min(first_seen, excluded.first_seen)",
                   (url, number, utc_text(seen)))


def plan_next_check(db: Database, source: str, url: str, number: int, seen: datetime) -> None:
    """Plan the story's next look by its age, 15 minutes to 30 days; an old story is looked at once."""
    plan_check(db, source, url, seen, _next_look(_dates(db, number), seen))


def _dates(db: Database, number: int) -> Row:
    (row,) = db.rows("SELECT first_seen, published FROM articles WHERE id = ?", (number,))
    return row


def _next_look(dates: Row, seen: datetime) -> datetime | None:
    """Return when a story that was `seen` now is looked at again; None: never."""
    published = utc_from(dates["published"]) if dates["published"] else None
    return next_check(published, utc_from(dates["first_seen"]), seen)


def confirm(db: Database, source: str, url: str, kept: Sequence[Kept], now: datetime) -> None:
    """Note that an address answered as before; the text of a story there was seen once more."""
    row = same_again(db, source, url, now)
    number = row["article_id"] if row else None
    if number is None:
        note_exchanges(db, source, kept)
        return
    (article,) = db.rows("SELECT revision FROM articles WHERE id = ?", (number,))
    _note_exchanges_of(db, source, kept or (Kept(url, now, 304, 0),), number, article["revision"])
    touch_article(db, number, utc_text(now))
    plan_next_check(db, source, url, number, now)


def miss(
    db: Database, source: Source, url: str, error: ScraperError, kept: Sequence[Kept], now: datetime
) -> Literal["gone", "lost"]:
    """Note that an address brought no article; an archived story that answers 404 or 410 is withdrawn, and stays."""
    row = note_failure(db, source, url, error, now)
    number = row["article_id"] if row else None
    _note_exchanges_of(db, source.key, kept, number, None)
    if number is None:
        return "lost"
    plan_next_check(db, source.key, url, number, now)
    if not (isinstance(error, StatusError) and error.status in GONE):
        return "lost"
    db.execute("UPDATE articles SET withdrawn = coalesce(withdrawn, ?) WHERE id = ?", (utc_text(now), number))
    return "gone"
