"""Looking after an archive's file: whether it holds what it should, its copy, its room; a part of the store's face."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from scraper.errors import ArchiveError
from scraper.records import Kept, Quote, Ticker
from scraper.source import Source
from scraper.tables.bookkeeping import note_source
from scraper.tables.copies import pairing_faults
from scraper.tables.database import Database, Row
from scraper.tables.history import GAP, Reading, runs
from scraper.tables.identity import text_hash
from scraper.tables.pruning import Pruning
from scraper.tables.quotelog import Packed, unpacked
from scraper.tables.schema import utc_from, utc_text
from scraper.tables.tally import recount, tally_faults
from scraper.tables.timeline import observe

_LOG = """
SELECT day, tickers, instants, last_second, last_ticker FROM observations WHERE source = ? AND day >= ? ORDER BY day
"""
_QUOTES = """
SELECT label, rate_text, change_text, first_seen, last_seen, observations
FROM quotes JOIN pairs ON pairs.id = pair_id WHERE source = ? ORDER BY label, first_seen
"""
_PAIRS = "SELECT label, base, counter, kind, unit, change_in FROM pairs WHERE source = ?"
_PLACES = "SELECT * FROM fetches WHERE id > ? AND file IS NOT NULL ORDER BY id LIMIT ?"
_TEXTS = "SELECT id, headline, body, text_hash FROM articles WHERE id > ? ORDER BY id LIMIT ?"
CHUNK = 1000  # rows looked at in one go


class Upkeep:
    """The care of an open archive file."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def faults(self) -> Iterator[str]:
        """Yield what is wrong in the file: pages, constraints, search, hashes, tally, copies, rates."""
        for row in self._db.rows("PRAGMA integrity_check"):
            if row["integrity_check"] != "ok":
                yield str(row["integrity_check"])
        for row in self._db.rows("PRAGMA foreign_key_check"):
            yield f"{row['table']}: row {row['rowid']} refers to a missing row of {row['parent']}"
        yield from self._search_faults()
        yield from self._text_faults()
        yield from tally_faults(self._db)
        yield from pairing_faults(self._db)
        for row in self._db.rows("SELECT key FROM sources ORDER BY key"):
            if self._rates(row["key"]) != self._rates_logged(row["key"]):
                yield f"quotes: the rates of {row['key']} are not those of its log"

    @property
    def pruning(self) -> Pruning:
        """Return what thins the archive out."""
        return Pruning(self._db)

    def receipts(self) -> Iterator[Kept]:
        """Yield the receipt of every exchange whose bytes are kept."""
        after = 0
        while rows := self._db.rows(_PLACES, (after, CHUNK)):
            yield from (_kept(row) for row in rows)
            after = rows[-1]["id"]

    def optimise(self) -> None:
        """Make the tally anew, tidy the search index, refresh the planner's statistics, give room back to the disk."""
        with self._db.writing("optimise"):
            # all texts read once more for a new index: three times as dear as to prove the one there, and no smaller
            if any(self._search_faults()):
                self._db.execute("INSERT INTO articles_fts(articles_fts) VALUES ('rebuild')")
            # one segment instead of some dozens: a sixth smaller, and nothing left to merge for those who write next
            self._db.execute("INSERT INTO articles_fts(articles_fts) VALUES ('optimize')")
            recount(self._db)
            self._db.take_stock()
        self._db.execute("VACUUM")
        self._db.checkpoint()

    def copy_to(self, path: Path) -> None:
        """Write a complete copy of the file, as of now; it is there whole or not at all.

        Raises: ArchiveError where it cannot be written.
        """
        part = path.with_name(f"{path.name}.part")
        part.unlink(missing_ok=True)
        self._db.copy_to(part)
        descriptor = os.open(part, os.O_RDWR)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        part.replace(path)

    def readings(self, source: str, since: date = date.min) -> Iterator[tuple[datetime, Ticker]]:
        """Yield what the log says was seen from a day (UTC) on: a ticker for each instant, in order of time."""
        pairs = {row.pop("label"): row for row in self._db.rows(_PAIRS, (source,))}
        for instant, seen in self._logged(source, since):
            yield instant, Ticker(tuple(_quote(pairs[label], reading) for label, reading in seen.items()))

    def take_readings(self, source: Source, readings: Iterator[tuple[datetime, Ticker]]) -> None:
        """Add what another archive's log says was seen; what is known already changes nothing."""
        with self._db.writing(source.key):
            for instant, ticker in readings:
                note_source(self._db, source, instant)
                observe(self._db, source.key, ticker, instant, source.home)

    def forgotten(self) -> list[Row]:
        """Return the hashes of addresses that were forgotten on purpose, and when."""
        return self._db.rows("SELECT * FROM forgotten")

    def take_forgotten(self, rows: list[Row]) -> None:
        """Let nothing come in that another archive has forgotten."""
        with self._db.writing("forgotten"):
            self._db.executemany("INSERT INTO forgotten (address, forgotten) VALUES (:address, :forgotten)"
                                 " ON CONFLICT DO NOTHING", rows)

    def _search_faults(self) -> Iterator[str]:
        try:
            self._db.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1)")
        except ArchiveError:
            yield "articles_fts: the search index is not that of the stories; `scraper db optimize` makes it anew"

    def _text_faults(self) -> Iterator[str]:
        after = 0
        while rows := self._db.rows(_TEXTS, (after, CHUNK)):
            for row in rows:
                if text_hash(row["headline"], row["body"]) != row["text_hash"]:
                    yield f"articles: {row['id']} does not hold the text that was stored"
            after = rows[-1]["id"]

    def _rates(self, source: str) -> list[tuple[object, ...]]:
        return [tuple(row.values()) for row in self._db.rows(_QUOTES, (source,))]

    def _rates_logged(self, source: str) -> list[tuple[object, ...]]:
        """Return the rows of `quotes` as they follow from the log."""
        seen: dict[str, list[tuple[datetime, Reading]]] = {}
        for instant, readings in self._logged(source):
            for label, reading in readings.items():
                seen.setdefault(label, []).append((instant, reading))
        return [(label, run.value.rate_text, run.value.change_text, utc_text(run.first), utc_text(run.last), run.count)
                for label in sorted(seen) for run in runs(seen[label], GAP)]

    def _logged(self, source: str, since: date = date.min) -> Iterator[tuple[datetime, dict[str, Reading]]]:
        for row in self._db.rows(_LOG, (source, since.isoformat())):
            midnight = datetime.fromisoformat(row.pop("day")).replace(tzinfo=UTC)
            for second, seen in unpacked(Packed(**row)).items():
                yield midnight + timedelta(seconds=second), dict(seen)


def _kept(row: Row) -> Kept:
    return Kept(row["url"], utc_from(row["fetched"]), row["status"], row["wire_bytes"], row["digest"], row["file"],
                row["offset"], row["length"])


def _quote(pair: Row, reading: Reading) -> Quote:
    return Quote(rate=reading.rate, rate_text=reading.rate_text, change=reading.change,
                 change_text=reading.change_text, **pair)
