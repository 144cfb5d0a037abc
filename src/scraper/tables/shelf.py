"""Stored pages: which captures an archive knows, where their bytes lie, and what is told of them afterwards.

A part of the store's face: every method that writes is one transaction.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from scraper.records import Kept, Page, Teaser
from scraper.source import Source
from scraper.tables.bookkeeping import note_source
from scraper.tables.database import Database, Row
from scraper.tables.forgetting import addresses_of, forget, forgotten_among, forgotten_here
from scraper.tables.outcomes import Outcome
from scraper.tables.receipts import note_exchange, note_exchanges
from scraper.tables.rereading import Reading, reread, reread_changes
from scraper.tables.resources import GONE
from scraper.tables.revisions import texts_of
from scraper.tables.schema import utc_text
from scraper.tables.teasers import teaser_from
from scraper.tables.timeline import observe
from scraper.tables.unkept import Unkept, take_unkept, unkept_after

_PLACE = "SELECT file, offset, length, url, fetched FROM fetches"
_NEWEST = "file IS NOT NULL AND status IN (200, 304) ORDER BY fetched DESC, id DESC LIMIT 1"
_WITHDRAWN = f"""
UPDATE articles SET withdrawn = coalesce((
    SELECT min(fetched) FROM fetches
    WHERE article_id = articles.id AND status IN ({", ".join(map(str, sorted(GONE)))}) AND fetched > articles.last_seen
), withdrawn) WHERE id = ?
"""
_THESE = "source IN (SELECT value FROM json_each(:sources))"
_ARTICLES = f"SELECT id, source FROM articles WHERE id > :after AND {_THESE} ORDER BY id LIMIT :limit"
_OTHERS = f"""
SELECT * FROM fetches WHERE id > :after AND {_THESE} AND article_id IS NULL AND status = 200 AND file IS NOT NULL
ORDER BY id LIMIT :limit
"""
_CAPTURES = """
SELECT * FROM fetches WHERE article_id = ? AND revision IS NOT NULL AND file IS NOT NULL ORDER BY fetched, id
"""


class Shelf:
    """The stored pages of an open archive."""

    def __init__(self, db: Database) -> None:
        self._db = db

    # --- where they are

    def place_of(self, page: str | int) -> Row | None:
        """Return where the newest bytes of an address (normalised) or of an article's id lie: file, offset, length."""
        if isinstance(page, int):
            return self._db.row(f"{_PLACE} WHERE article_id = ? AND {_NEWEST}", (page,))
        row = self._db.row("SELECT article_id FROM article_urls WHERE url = ?", (page,))
        own = self.place_of(int(row["article_id"])) if row else None
        return own or self._db.row(f"{_PLACE} WHERE url = ? AND {_NEWEST}", (page,))

    def texts_of(self, page: str | int) -> list[dict[str, Any]]:
        """Return every text of a story found by address (normalised) or id, the current one last; none: no such story.

        Each holds its fields, url, seen_from, seen_to, reason, changed and similarity (None for the current one).
        """
        by = "id = ?" if isinstance(page, int) else "id = (SELECT article_id FROM article_urls WHERE url = ?)"
        article = self._db.row(f"SELECT * FROM articles WHERE {by}", (page,))
        return texts_of(self._db, article) if article else []

    def captured(self, kept: Kept) -> bool:
        """Tell whether this very capture is known: its place, or the same bytes of the address in the same second."""
        row = self._db.row("SELECT 1 FROM fetches WHERE file = ? AND offset = ?", (kept.file, kept.offset))
        same = "SELECT 1 FROM fetches WHERE fetched = ? AND url = ? AND digest IS ? AND file IS NOT NULL"
        row = row or self._db.row(same, (utc_text(kept.fetched), kept.url, kept.digest))
        return row is not None

    def listed_as(self, source: Source, urls: tuple[str, ...]) -> Teaser | None:
        """Return what the listing said of a story that is waited for under one of these addresses."""
        row = self._db.row("SELECT url, teaser FROM resources WHERE source = ? AND teaser IS NOT NULL"
                           " AND url IN (SELECT value FROM json_each(?))", (source.key, json.dumps(urls)))
        return teaser_from(row["url"], row["teaser"]) if row else None

    # --- forgetting them

    def addresses_of(self, url: str) -> frozenset[str]:
        """Return every address that leads to the same story as this one (normalised), which is one of them."""
        return addresses_of(self._db, url)[1]

    def forgotten(self, urls: Iterable[str]) -> bool:
        """Tell whether any of these addresses (normalised) was forgotten on purpose."""
        return bool(forgotten_among(self._db, urls))

    def still_here(self) -> frozenset[str]:
        """Return the addresses of stories that another archive, since merged, has forgotten."""
        return forgotten_here(self._db)

    def forget(self, urls: frozenset[str], now: datetime) -> None:
        """Delete every row about these addresses, in the file's free pages too, and see to it that none comes back."""
        self._db.execute("PRAGMA secure_delete = ON")
        with self._db.writing("forget"):
            forget(self._db, urls, now)
        self._db.checkpoint()

    # --- what they bring without an article

    def noted(self, source: str | None, kept: Kept) -> None:
        """Store an exchange that brought nothing to read."""
        with self._db.writing(kept.url):
            note_exchanges(self._db, source, (kept,))

    def noted_page(self, source: Source, page: Page, kept: Kept) -> None:
        """Store the ticker of a page that brought no article; no failure is counted."""
        with self._db.writing(page.url):
            note_source(self._db, source, page.fetched)
            observe(self._db, source.key, page.ticker, page.fetched, page.url)
            note_exchanges(self._db, source.key, (kept,))

    def withdrawn(self, source: Source, url: str, kept: Kept) -> None:
        """Store that an address answered 404 or 410 at that time.

        A story is withdrawn since the first such answer after it was last seen, whatever order they are told in.
        """
        with self._db.writing(url):
            row = self._db.row("SELECT article_id FROM article_urls WHERE url = ?", (url,))
            number = row["article_id"] if row else None
            note_exchange(self._db, source.key, kept, number)
            self._db.execute(_WITHDRAWN, (number,))

    def leave_alone(self, before: datetime) -> None:
        """Drop the looks that were planned for before then: stories of an old archive are not asked for again."""
        with self._db.writing("resources"):
            self._db.execute("UPDATE resources SET next_due = NULL WHERE article_id IS NOT NULL AND next_due < ?",
                             (utc_text(before),))

    # --- of which no bytes are kept

    def unkept_after(self, number: int, limit: int) -> list[Unkept]:
        """Return the next answers of which no bytes are kept, with the stories they showed."""
        return unkept_after(self._db, number, limit)

    def take_unkept(self, source: Source, told: Unkept, page: Page) -> Outcome | None:
        """Store what such an answer showed another archive, `page` what our rule leaves of it; None: nothing new."""
        with self._db.writing(page.url):
            return take_unkept(self._db, source, told, page)

    # --- reading them again

    def articles_after(self, number: int, sources: Sequence[str], limit: int) -> list[Row]:
        """Return the next articles of these sources: id, source."""
        return self._db.rows(_ARTICLES, {"after": number, "sources": json.dumps([*sources]), "limit": limit})

    def captures_of(self, article: int) -> list[Row]:
        """Return the exchanges whose bytes showed an article's text, in order of time."""
        return self._db.rows(_CAPTURES, (article,))

    def others_after(self, number: int, sources: Sequence[str], limit: int) -> list[Row]:
        """Return the next exchanges of these sources that brought no article."""
        return self._db.rows(_OTHERS, {"after": number, "sources": json.dumps([*sources]), "limit": limit})

    def reread(self, article: int, readings: Sequence[Reading]) -> tuple[str, ...]:
        """Take today's reading of an article's captures for what they showed; return the fields that changed."""
        changed = reread_changes(self._db, article, readings)
        if changed:
            with self._db.writing(str(article)):
                reread(self._db, article, readings)
        return changed

    def reread_changes(self, article: int, readings: Sequence[Reading]) -> tuple[str, ...]:
        """Return the fields that `reread` would change."""
        return reread_changes(self._db, article, readings)

    def reached(self, task: str) -> int:
        """Return how far an unfinished task has come, 0 where it has not begun."""
        row = self._db.row("SELECT reached FROM unfinished WHERE task = ?", (task,))
        return int(row["reached"]) if row else 0

    def reach(self, task: str, number: int) -> None:
        """Remember how far a task has come."""
        with self._db.writing(task):
            self._db.execute("INSERT INTO unfinished (task, reached) VALUES (?, ?)"
                             " ON CONFLICT (task) DO UPDATE SET reached = excluded.reached", (task, number))

    def complete(self, tasks: Sequence[str]) -> None:
        """Forget how far tasks had come: they are done."""
        with self._db.writing("unfinished"):
            self._db.executemany("DELETE FROM unfinished WHERE task = ?", [(task,) for task in tasks])
