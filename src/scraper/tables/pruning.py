"""What an archive need not keep for ever: polls that brought nothing new, the bytes of old listings.

Rows go first, in one transaction with a note of the bytes they leave; the bytes go then, and the note last. So no row
ever points at bytes that are gone, and what was interrupted is done again. A part of the store's face.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from scraper.tables.database import Database, Row
from scraper.tables.schema import utc_text

# an exchange between two others of its day that said the same; the first and the last of a day stay
_UNCHANGED = """
SELECT id, file, offset, length FROM (
    SELECT id, file, offset, length, said = lag(said) OVER line AND said = lead(said) OVER line AS between_equals
    FROM (
        SELECT id, fetched, file, offset, length, coalesce('story ' || article_id, source || ' ' || url, url) AS line,
            substr(fetched, 1, 10) || ' ' || url || ' ' || coalesce(digest, id) || coalesce(revision, '') AS said
        FROM fetches WHERE status IN (200, 304) AND fetched < ?
    ) WINDOW line AS (PARTITION BY line ORDER BY fetched, file, offset, id)
) WHERE between_equals AND (file IS NULL OR (file, offset) NOT IN (
    SELECT file, offset FROM resources WHERE file IS NOT NULL
))
"""
_ROLL_UP = """
INSERT INTO rolled_up (source, url, day, exchanges, wire_bytes)
SELECT coalesce(source, ''), url, substr(fetched, 1, 10), count(*), sum(wire_bytes)
FROM fetches WHERE id IN (SELECT value FROM json_each(?)) GROUP BY 1, 2, 3
ON CONFLICT DO UPDATE SET exchanges = exchanges + excluded.exchanges, wire_bytes = wire_bytes + excluded.wire_bytes
"""
# what a younger repetition, or the next one, refers to stays
_OLD = """
SELECT id, source, url, file, offset, length, EXISTS (
    SELECT 1 FROM resources WHERE resources.url = old.url AND kind <> 'story'
) OR EXISTS (SELECT 1 FROM backfill_pages WHERE backfill_pages.url = old.url) AS polled
FROM fetches AS old
WHERE fetched < :before AND file IS NOT NULL AND article_id IS NULL
    AND NOT EXISTS (SELECT 1 FROM article_urls WHERE article_urls.url = old.url)
    AND NOT EXISTS (SELECT 1 FROM resources WHERE resources.url = old.url AND kind = 'story')
    AND (file, offset) NOT IN (SELECT file, offset FROM resources WHERE file IS NOT NULL)
    AND (digest IS NULL OR (url, digest) NOT IN (
        SELECT url, digest FROM fetches WHERE fetched >= :before AND file IS NOT NULL AND digest IS NOT NULL))
"""
_DROP = "INSERT INTO dropped_bytes SELECT file, offset, length FROM fetches WHERE file IS NOT NULL AND id IN {}"
_THESE = "(SELECT value FROM json_each(?))"


class Pruning:
    """The thinning out of an open archive."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def unchanged(self, before: datetime) -> list[Row]:
        """Return the exchanges older than `before` that only repeat those beside them on their day."""
        return self._db.rows(_UNCHANGED, (utc_text(before),))

    def old(self, before: datetime) -> list[Row]:
        """Return the exchanges with bytes older than `before` that showed no story; `polled`: of an entry point.

        Those that a younger exchange repeats are not among them.
        """
        return self._db.rows(_OLD, {"before": utc_text(before)})

    def roll_up(self, rows: Sequence[Row]) -> None:
        """Count exchanges by day instead of keeping a row for each, and note that their bytes are to go."""
        ids = (_ids(rows),)
        with self._db.writing("roll up"):
            self._db.execute(_ROLL_UP, ids)
            self._db.execute(_DROP.format(_THESE), ids)
            self._db.execute(f"DELETE FROM fetches WHERE id IN {_THESE}", ids)

    def let_go(self, rows: Sequence[Row]) -> None:
        """Keep these exchanges without their bytes, and note that those are to go."""
        ids = (_ids(rows),)
        with self._db.writing("let go"):
            self._db.execute(_DROP.format(_THESE), ids)
            self._db.execute(f"UPDATE fetches SET file = NULL, offset = NULL, length = NULL WHERE id IN {_THESE}", ids)

    def lose(self, rows: Sequence[Row]) -> None:
        """Keep the exchanges at these places without their bytes; another archive, which has them too, takes those."""
        with self._db.writing("lose"):
            self._db.executemany("UPDATE fetches SET file = NULL, offset = NULL, length = NULL"
                                 " WHERE file = :file AND offset = :offset", rows)

    def to_drop(self) -> list[Row]:
        """Return the stretches of bytes that no row needs any more and that are not known to be gone."""
        return self._db.rows("SELECT * FROM dropped_bytes ORDER BY file, offset")

    def dropped(self, rows: Sequence[Row]) -> None:
        """Note that these bytes are gone."""
        with self._db.writing("dropped"):
            self._db.executemany("DELETE FROM dropped_bytes WHERE file = :file AND offset = :offset", rows)


def _ids(rows: Sequence[Row]) -> str:
    return json.dumps([row["id"] for row in rows])
