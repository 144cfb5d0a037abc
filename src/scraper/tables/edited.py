"""Which stories their site says were changed: due at once; the others of that site need no visit meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from scraper.records import Teaser
from scraper.tables.database import Database
from scraper.tables.schema import utc_from, utc_text

_OVERLAP = timedelta(hours=1)  # between two clocks
_LATER = timedelta(days=1)
_HOLDS_ANY = "SELECT 1 FROM resources WHERE source = ? AND article_id IS NOT NULL LIMIT 1"
_EDITED = """
UPDATE resources SET next_due = ?1 WHERE source = ?2 AND url = ?3 AND article_id IS NOT NULL AND fetched < ?4
"""
_SPARED = """
UPDATE resources SET next_due = ?1 WHERE source = ?2 AND article_id IS NOT NULL AND tries = 0 AND fetched >= ?3
    AND next_due < ?4
"""


def edits_since(db: Database, source: str, url: str, now: datetime, unvisited: timedelta) -> datetime | None:
    """Return since when to ask for edits: the last answer, at most `unvisited` ago; None where nothing is held."""
    if db.row(_HOLDS_ANY, (source,)) is None:
        return None
    row = db.row("SELECT fetched FROM resources WHERE source = ? AND url = ?", (source, url))
    earliest = now - unvisited
    return max(earliest, min(utc_from(row["fetched"]), now) - _OVERLAP) if row and row["fetched"] else earliest


def mark_edited(db: Database, source: str, teasers: Iterable[Teaser], now: datetime) -> None:
    """Let each story that was changed after it was last fetched fall due now."""
    db.executemany(_EDITED, [(utc_text(now), source, teaser.url, utc_text(teaser.changed))
                             for teaser in teasers if teaser.changed])  # fmt: skip


def spare_visits(db: Database, source: str, now: datetime, unvisited: timedelta) -> None:
    """Put off what was due before now and was fetched lately: its site has said that it is as it was."""
    db.execute(_SPARED, (utc_text(now + _LATER), source, utc_text(now - unvisited), utc_text(now)))
