"""Exchanges as rows: what was asked and answered, where its bytes lie, and how far each WARC file is known whole."""

from __future__ import annotations

from collections.abc import Iterable

from scraper.records import Kept, Response
from scraper.tables.database import Database
from scraper.tables.schema import utc_text

_FETCH = """
INSERT INTO fetches (source, url, fetched, status, wire_bytes, digest, file, offset, length, article_id, revision)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (file, offset) WHERE file IS NOT NULL DO UPDATE SET
    article_id = coalesce(excluded.article_id, article_id), revision = coalesce(excluded.revision, revision)
"""


def note_exchanges(db: Database, source: str | None, kept: Iterable[Kept]) -> None:
    """Record exchanges that showed no story; one already recorded is not recorded again."""
    for receipt in kept:
        note_exchange(db, source, receipt)


def note_exchange(
    db: Database, source: str | None, kept: Kept, article_id: int | None = None, revision: str | None = None
) -> None:
    """Record one exchange, the story it showed, and the text of it."""
    db.execute(_FETCH, (source, kept.url, utc_text(kept.fetched), kept.status, kept.wire_bytes, kept.digest,
                        kept.file, kept.offset, kept.length, article_id, revision))
    if kept.file is not None and kept.offset is not None and kept.length is not None:
        db.execute("INSERT INTO warc_files (file, committed_bytes) VALUES (?, ?) ON CONFLICT (file) DO UPDATE"
                   " SET committed_bytes = max(committed_bytes, excluded.committed_bytes)",
                   (kept.file, kept.offset + kept.length))


def page_receipt(response: Response) -> Kept:
    """Return the receipt of the exchange that brought the page; one is made where nothing was kept."""
    if response.kept:
        return response.kept[-1]
    return Kept(response.url, response.fetched, response.status, len(response.body))
