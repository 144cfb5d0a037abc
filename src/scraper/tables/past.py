"""A site's past: how far a backfill has walked it, which stories of it wait, what the site says it has.

A part of the store's face: every method that writes is one transaction. A page is noted as read together
with all it showed, so that a backfill that was killed goes on where it was.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from scraper.records import Index, Kept, Teaser
from scraper.reports import Headway
from scraper.source import Place, Source
from scraper.spans import Basis, Span
from scraper.tables.bookkeeping import note_source
from scraper.tables.database import Database, Row
from scraper.tables.forgetting import without_forgotten
from scraper.tables.receipts import note_exchanges
from scraper.tables.resources import due_named, note_stories
from scraper.tables.schema import utc_text
from scraper.tables.teasers import teaser_from
from scraper.tables.timeline import observe

GIVEN_UP = 3  # failures that time will not heal

_THIS = "source = :source AND first_day = :first AND last_day = :last"
_OF_PLACE = f"{_THIS} AND place = :place"
_OPEN = """
INSERT INTO backfill_pages (source, first_day, last_day, place, url, position)
SELECT :source, :first, :last, :place, :url, 1 + coalesce(max(position), 0) FROM backfill_pages
WHERE source = :source AND first_day = :first AND last_day = :last AND place = :place
ON CONFLICT DO NOTHING
"""
_AHEAD = f"""
SELECT url FROM backfill_pages WHERE {_OF_PLACE} AND read IS NULL AND tries < {GIVEN_UP}
ORDER BY position LIMIT :limit
"""
_READ = f"UPDATE backfill_pages SET read = :read, oldest = :oldest WHERE {_OF_PLACE} AND url = :url"
_BACKLOG = """
INSERT INTO backlog (source, url, day, shared) SELECT source, url, :day, :shared FROM resources
WHERE source = :source AND url = :url AND article_id IS NULL
ON CONFLICT (source, url) DO UPDATE SET day = coalesce(day, excluded.day)
"""
_IN_RANGE = "(day IS NULL OR day BETWEEN :first AND :last)"
_WAITING = f"""
SELECT url, teaser FROM backlog JOIN resources USING (source, url)
WHERE source = :source AND {_IN_RANGE} AND article_id IS NULL AND given_up IS NULL
    AND (next_due IS NULL OR next_due <= :now OR next_due > :ahead)
    AND (not_before IS NULL OR not_before <= :now OR not_before > :far)
ORDER BY day DESC, url LIMIT :limit
"""
_HEADWAY = f"""
SELECT count(*) AS found, count(article_id) AS stored,
    coalesce(sum(article_id IS NULL AND given_up IS NULL), 0) AS waiting,
    coalesce(sum(article_id IS NULL AND given_up IS NOT NULL), 0) AS given_up
FROM backlog JOIN resources USING (source, url) WHERE source = :source AND {_IN_RANGE}
"""
_PAGES = f"""
SELECT count(read) AS read, coalesce(sum(read IS NULL AND tries < {GIVEN_UP}), 0) AS ahead
FROM backfill_pages WHERE {_THIS}
"""
_MONTHS = "INSERT INTO site_months (source, place, page, month, basis, stories, counted) VALUES (?, ?, ?, ?, ?, ?, ?)"
_DAYS_OF = """
SELECT count(*) AS known, max(published_date) AS newest FROM article_urls JOIN articles ON articles.id = article_id
WHERE article_urls.url IN (SELECT value FROM json_each(?)) AND published_date IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class PastPage:
    """A page of a site's past: what it shows of the range, where it goes on, what it says of each month."""

    url: str  # as it was asked for
    index: Index  # its teasers are those of the range
    days: Mapping[str, date | None] = field(default_factory=dict)  # of each teaser's address: the latest it may be of
    following: tuple[str, ...] = ()  # pages worth reading
    oldest: date | None = None  # the earliest day it speaks of, in the range or not
    months: Mapping[tuple[str, Basis], int] = field(default_factory=Counter)


class Past:
    """What an open archive knows of the past of its sites."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def open(self, source: Source, span: Span, place: Place, urls: Sequence[str], now: datetime) -> None:
        """Plan to read these pages, newest first; those planned before stay as they are."""
        with self._db.writing(place.url):
            note_source(self._db, source, now)
            self._plan(source, span, place, urls)

    def ahead(self, source: Source, span: Span, place: Place, resting: Collection[str]) -> str | None:
        """Return the next page to read, of those not `resting`; None where all others are read or given up."""
        rows = self._db.rows(_AHEAD, _names(source, span) | {"place": place.url, "limit": len(resting) + 1})
        return next((str(row["url"]) for row in rows if row["url"] not in resting), None)

    def planned(self, source: Source, span: Span, place: Place) -> int:
        """Return how many pages were planned, read or not."""
        sql = f"SELECT count(*) AS pages FROM backfill_pages WHERE {_OF_PLACE}"
        (row,) = self._db.rows(sql, _names(source, span) | {"place": place.url})
        return int(row["pages"])

    def read(
        self, source: Source, span: Span, place: Place, page: PastPage, kept: Sequence[Kept]
    ) -> tuple[Teaser, ...]:
        """Store all that a page shows, and that it was read; return the stories never heard of before."""
        with self._db.writing(page.url):
            note_source(self._db, source, page.index.fetched)
            fresh = note_stories(self._db, source, without_forgotten(self._db, page.index, source))
            new = {teaser.url for teaser in fresh}
            self._db.executemany(_BACKLOG, [
                {"source": source.key, "url": url, "day": day and day.isoformat(), "shared": int(url not in new)}
                for url, day in page.days.items()
            ])
            observe(self._db, source.key, page.index.ticker, page.index.fetched, page.index.url)
            note_exchanges(self._db, source.key, kept)
            self._count(source, place, page)
            self._plan(source, span, place, page.following)
            self._close(source, span, place, page.url, page.index.fetched, page.oldest)
            return fresh

    def _plan(self, source: Source, span: Span, place: Place, urls: Iterable[str]) -> None:
        names = _names(source, span) | {"place": place.url}
        for url in urls:
            self._db.execute(_OPEN, names | {"url": url})

    def _close(self, source: Source, span: Span, place: Place, url: str, now: datetime, oldest: date | None) -> None:
        names = _names(source, span) | {"place": place.url, "url": url}
        self._db.execute(_READ, names | {"read": utc_text(now), "oldest": oldest and oldest.isoformat()})

    def _count(self, source: Source, place: Place, page: PastPage) -> None:
        if page.months:
            self._db.execute("DELETE FROM site_months WHERE source = ? AND place = ? AND page = ?",
                             (source.key, place.url, page.url))
        counted = utc_text(page.index.fetched)
        self._db.executemany(_MONTHS, [(source.key, place.url, page.url, month, basis, stories, counted)
                                       for (month, basis), stories in page.months.items()])

    def ended(self, source: Source, span: Span, place: Place, url: str, now: datetime) -> None:
        """Note that a page turned out to be beyond the end of the walk."""
        with self._db.writing(url):
            self._close(source, span, place, url, now, None)

    def stumbled(self, source: Source, span: Span, place: Place, url: str) -> None:
        """Count a failure that time will not heal; where no page of the place could ever be read, give up all of it."""
        names = _names(source, span) | {"place": place.url}
        with self._db.writing(url):
            self._db.execute(f"UPDATE backfill_pages SET tries = tries + 1 WHERE {_OF_PLACE} AND url = :url",
                             names | {"url": url})
            if self._db.row(f"SELECT 1 FROM backfill_pages WHERE {_OF_PLACE} AND read IS NOT NULL", names) is None:
                self._db.execute(f"UPDATE backfill_pages SET tries = {GIVEN_UP} WHERE {_OF_PLACE}", names)

    def instead(self, source: Source, span: Span, place: Place, kept: Sequence[Kept]) -> None:
        """Note that a place does not heed what it is asked for: its own pages are walked, one after the other."""
        with self._db.writing(place.url):
            note_exchanges(self._db, source.key, kept)
            self._db.execute(f"DELETE FROM backfill_pages WHERE {_OF_PLACE} AND read IS NULL",
                             _names(source, span) | {"place": place.url})
            self._plan(source, span, place, [place.url])

    def reached(self, source: Source, span: Span, places: Iterable[Place]) -> bool:
        """Tell whether one of these places, read to its end, goes back to the first day of the range."""
        named = _names(source, span) | {"places": json.dumps([place.url for place in places])}
        sql = f"""SELECT place FROM backfill_pages WHERE {_THIS} AND place IN (SELECT value FROM json_each(:places))
            GROUP BY place HAVING count(*) = count(read) AND min(oldest) <= :first"""
        return self._db.row(sql, named) is not None

    def waiting(self, source: Source, span: Span, now: datetime, limit: int) -> tuple[Teaser, ...]:
        """Return stories of the range that are not archived and whose time has come, the newest first."""
        rows = self._db.rows(_WAITING, _names(source, span) | due_named(now) | {"limit": limit})
        return tuple(teaser_from(row["url"], row["teaser"]) for row in rows)

    def newest_of(self, urls: Sequence[str]) -> date | None:
        """Return the latest day of these stories, where at least half of them are archived and dated."""
        (row,) = self._db.rows(_DAYS_OF, (json.dumps([*urls]),))
        return date.fromisoformat(row["newest"]) if row["newest"] and 2 * row["known"] >= len(urls) else None

    def headway(self, source: Source, span: Span) -> Headway:
        """Return how far the backfill of the range has come, over all its runs."""
        names = _names(source, span)
        (stories,), (pages,) = self._db.rows(_HEADWAY, names), self._db.rows(_PAGES, names)
        return Headway(
            source.key, span.first, span.last, **stories, pages_read=pages["read"], pages_left=pages["ahead"]
        )

    def coverage(self) -> list[Row]:
        """Return what sites say they have beside what is held, month by month, the newest first."""
        return self._db.rows("SELECT * FROM coverage_by_month ORDER BY source, month DESC")


def _names(source: Source, span: Span) -> dict[str, object]:
    return {"source": source.key, "first": span.first.isoformat(), "last": span.last.isoformat()}
