"""What an archive is asked, and told, when stored pages are read again: which captures it knows, and where they lie."""

from __future__ import annotations

import json

from scraper.records import Kept, Page, Teaser
from scraper.source import Source
from scraper.tables.database import Database, Row
from scraper.tables.receipts import note_exchange, note_exchanges
from scraper.tables.resources import GONE, teaser_from
from scraper.tables.schema import utc_text
from scraper.tables.timeline import Observed, observe

_PLACE = "SELECT file, offset, length, url, fetched FROM fetches"
_NEWEST = "file IS NOT NULL AND status IN (200, 304) ORDER BY fetched DESC, id DESC LIMIT 1"


def page_place(db: Database, article: int) -> Row | None:
    """Return where the newest bytes of an article's page lie: file, offset, length, url, fetched."""
    return db.row(f"{_PLACE} WHERE article_id = ? AND {_NEWEST}", (article,))


def address_place(db: Database, url: str) -> Row | None:
    """Return where the newest bytes of an address lie, be it a story's or any other that was fetched."""
    row = db.row("SELECT article_id FROM article_urls WHERE url = ?", (url,))
    own = page_place(db, row["article_id"]) if row else None
    return own or db.row(f"{_PLACE} WHERE url = ? AND {_NEWEST}", (url,))


def is_captured(db: Database, kept: Kept) -> bool:
    """Tell whether this very capture is known: its place, or the same bytes of the address in the same second."""
    row = db.row("SELECT 1 FROM fetches WHERE file = ? AND offset = ?", (kept.file, kept.offset)) or db.row(
        "SELECT 1 FROM fetches WHERE fetched = ? AND url = ? AND digest IS ? AND file IS NOT NULL",
        (utc_text(kept.fetched), kept.url, kept.digest))
    return row is not None


def listed_teaser(db: Database, source: str, urls: tuple[str, ...]) -> Teaser | None:
    """Return what the listing said of a story that is waited for under one of these addresses."""
    row = db.row("SELECT url, teaser FROM resources WHERE source = ? AND teaser IS NOT NULL"
                 " AND url IN (SELECT value FROM json_each(?))", (source, json.dumps(urls)))
    return teaser_from(row["url"], row["teaser"]) if row else None


def note_page(db: Database, source: Source, page: Page, kept: Kept) -> Observed:
    """Record the ticker and the exchange of a page that brought no article; no failure is counted."""
    seen = observe(db, source.key, page.ticker, page.fetched, page.url)
    note_exchanges(db, source.key, (kept,))
    return seen


def withdraw(db: Database, source: str, url: str, kept: Kept) -> bool:
    """Record that an address answered 404 or 410; tell whether a story was withdrawn with it.

    A story is withdrawn since the first such answer after it was last seen, whatever order they are told in.
    """
    row = db.row("SELECT article_id FROM article_urls WHERE url = ?", (url,))
    number = row["article_id"] if row else None
    note_exchange(db, source, kept, number)
    db.execute(_WITHDRAWN, (number,))
    found = db.row("SELECT 1 FROM articles WHERE id = ? AND withdrawn IS NOT NULL", (number,))
    return found is not None


_WITHDRAWN = f"""
UPDATE articles SET withdrawn = coalesce((
    SELECT min(fetched) FROM fetches
    WHERE article_id = articles.id AND status IN ({", ".join(map(str, sorted(GONE)))}) AND fetched > articles.last_seen
), withdrawn) WHERE id = ?
"""


def leave_alone(db: Database, before: str) -> None:
    """Drop the looks that were planned for before then: stories read from an old archive are not asked for again."""
    db.execute("UPDATE resources SET next_due = NULL WHERE article_id IS NOT NULL AND next_due < ?", (before,))
