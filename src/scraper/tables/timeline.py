"""Rates over time: every reading goes into the log, and `quotes` is kept as its run-length history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from scraper.records import Quote, Ticker
from scraper.tables.database import Database, Row
from scraper.tables.history import GAP, Reading, Run, continues, reading_from, runs, stored_number
from scraper.tables.quotelog import Packed, Seen, appended, merged, packed, unpacked
from scraper.tables.schema import utc_from, utc_text

_REJECTS = 50  # rows one page may add, and
_REJECT_CHARS = 200  # the length of each


@dataclass(frozen=True, slots=True)
class Observed:
    """The labels of one page's ticker, and those whose rate is another than before."""

    pairs: frozenset[str] = frozenset()
    moved: frozenset[str] = frozenset()


def observe(db: Database, source: str, ticker: Ticker, instant: datetime, url: str) -> Observed:
    """Record one page's ticker as seen at `instant` (to the second); the same observation twice changes nothing."""
    instant = instant.astimezone(UTC).replace(microsecond=0)
    readings = {quote.label: reading_from(quote) for quote in ticker.quotes}
    pairs = _pair_ids(db, source, ticker.quotes)
    before, after = _logged(db, source, instant, readings) if readings else ({}, {})
    moved = set()
    for label in readings:
        if label in before and before[label].rank != readings[label].rank:
            _note_clash(db, pairs[label], instant, (before[label], readings[label]), url)
        if label not in before:
            if _extend(db, source, (pairs[label], label), instant, after[label]):
                moved.add(label)
        elif before[label].rank != after[label].rank:
            _rebuild(db, source, (pairs[label], label), instant)
    _note_conflicts(db, pairs, ticker, instant, url)
    _note_rejects(db, source, ticker, instant, url)
    return Observed(frozenset(readings), frozenset(moved))


def _pair_ids(db: Database, source: str, quotes: Sequence[Quote]) -> dict[str, int]:
    """Return the numbers of a page's pairs by label, new ones entered."""
    if not quotes:
        return {}
    known = {row["label"]: row["id"] for row in db.rows("SELECT label, id FROM pairs WHERE source = ?", (source,))}
    for quote in quotes:
        if quote.label not in known:
            known[quote.label] = db.execute(_PAIR, (
                source, quote.label, quote.base, quote.counter, quote.kind, quote.unit, quote.change_in,
            )).lastrowid
    return {quote.label: known[quote.label] for quote in quotes}


_PAIR = "INSERT INTO pairs (source, label, base, counter, kind, unit, change_in) VALUES (?, ?, ?, ?, ?, ?, ?)"


def _logged(db: Database, source: str, instant: datetime, readings: Seen) -> tuple[Seen, Seen]:
    """Add the readings to the day's log; return what it held for the instant before, and holds now."""
    midnight = instant.replace(hour=0, minute=0, second=0)
    second = int((instant - midnight).total_seconds())
    day = _day(db, source, midnight.date())
    if second > day.last_second:
        _write_day(db, source, midnight.date(), appended(day, second, readings))
        return {}, readings
    seconds = unpacked(day)
    before = seconds.get(second, {})
    after = merged(before, readings)
    if {label: each.rank for label, each in after.items()} != {label: each.rank for label, each in before.items()}:
        _write_day(db, source, midnight.date(), packed(seconds | {second: after}))
    return before, after


_DAY = "tickers, instants, last_second, last_ticker"


def _day(db: Database, source: str, day: date) -> Packed:
    row = db.row(f"SELECT {_DAY} FROM observations WHERE source = ? AND day = ?", (source, day.isoformat()))
    return Packed(**row) if row else Packed()


def _write_day(db: Database, source: str, day: date, whole: Packed) -> None:
    db.execute(f"INSERT INTO observations (source, day, {_DAY}) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (source, day) DO"
               " UPDATE SET tickers = excluded.tickers, instants = excluded.instants,"
               " last_second = excluded.last_second, last_ticker = excluded.last_ticker",
               (source, day.isoformat(), whole.tickers, whole.instants, whole.last_second, whole.last_ticker))


def _extend(db: Database, source: str, pair: tuple[int, str], instant: datetime, reading: Reading) -> bool:
    """Take a reading of a new instant into the pair's history; tell whether the rate moved."""
    at = utc_text(instant)
    row = db.row(_STANDING, (pair[0], at))
    run = _run_from(row) if row else None
    if run is not None and instant < run.last and run.value == reading:
        db.execute("UPDATE quotes SET observations = observations + 1 WHERE pair_id = ? AND first_seen = ?",
                   (pair[0], utc_text(run.first)))
    elif (run is not None and run.last > instant) or (row["goes_on"] if row else _goes_on(db, pair[0], at)):
        _rebuild(db, source, pair, instant)
    elif run is not None and continues(run, instant, reading, GAP):
        db.execute("UPDATE quotes SET last_seen = ?, observations = observations + 1"
                   " WHERE pair_id = ? AND first_seen = ?", (at, pair[0], utc_text(run.first)))
    else:
        _insert(db, pair[0], Run(reading, instant, instant, 1))
    return run is not None and run.value != reading


_GOES_ON = "EXISTS (SELECT 1 FROM quotes AS later WHERE later.pair_id = ?1 AND later.first_seen > ?2) AS goes_on"
_STANDING = f"SELECT *, {_GOES_ON} FROM quotes WHERE pair_id = ?1 AND first_seen <= ?2 ORDER BY first_seen DESC LIMIT 1"


def _goes_on(db: Database, pair: int, at: str) -> bool:
    (row,) = db.rows(f"SELECT {_GOES_ON}", (pair, at))
    return bool(row["goes_on"])


def _rebuild(db: Database, source: str, pair: tuple[int, str], instant: datetime) -> None:
    """Make the runs around an instant anew from the log: only those within the gap of it can change."""
    rows = db.rows("SELECT * FROM quotes WHERE pair_id = ? AND first_seen <= ? AND last_seen >= ? ORDER BY first_seen",
                   (pair[0], utc_text(instant + GAP), utc_text(instant - GAP)))
    first = min([instant, *(utc_from(row["first_seen"]) for row in rows)])
    last = max([instant, *(utc_from(row["last_seen"]) for row in rows)])
    made = runs(_readings(db, source, pair[1], first, last), GAP)
    db.execute("DELETE FROM quotes WHERE pair_id = ? AND first_seen BETWEEN ? AND ?",
               (pair[0], utc_text(first), utc_text(last)))
    for run in made:
        _insert(db, pair[0], run)


def _readings(
    db: Database, source: str, label: str, first: datetime, last: datetime
) -> Iterator[tuple[datetime, Reading]]:
    """Yield the log's readings of one label from `first` to `last`, both included, in order of time."""
    days = db.rows(f"SELECT day, {_DAY} FROM observations WHERE source = ? AND day BETWEEN ? AND ? ORDER BY day",
                   (source, first.date().isoformat(), last.date().isoformat()))
    for row in days:
        midnight = datetime.fromisoformat(row.pop("day")).replace(tzinfo=UTC)
        for second, seen in unpacked(Packed(**row)).items():
            instant = midnight + timedelta(seconds=second)
            if label in seen and first <= instant <= last:
                yield instant, seen[label]


def _insert(db: Database, pair: int, run: Run[Reading]) -> None:
    reading = run.value
    db.execute(
        "INSERT INTO quotes (pair_id, rate, rate_text, change, change_text, first_seen, last_seen, observations)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (pair, float(reading.rate), reading.rate_text, None if reading.change is None else float(reading.change),
         reading.change_text, utc_text(run.first), utc_text(run.last), run.count),
    )


def _run_from(row: Row) -> Run[Reading]:
    change = None if row["change"] is None else stored_number(row["change"])
    reading = Reading(stored_number(row["rate"]), change, row["rate_text"], row["change_text"])
    return Run(reading, utc_from(row["first_seen"]), utc_from(row["last_seen"]), row["observations"])


def _note_clash(db: Database, pair: int, instant: datetime, readings: tuple[Reading, ...], url: str) -> None:
    """Record that two pages of one second show different rates."""
    for reading in readings:
        _note_conflict(db, (pair, utc_text(instant), reading.rate_text, reading.change_text or "", 1, url))


def _note_conflicts(db: Database, pairs: dict[str, int], ticker: Ticker, instant: datetime, url: str) -> None:
    """Record the different rates one page shows for one label, each with its count of cells."""
    for conflict in ticker.conflicts:
        for quote, cells in conflict.seen:
            if conflict.label in pairs:
                _note_conflict(db, (pairs[conflict.label], utc_text(instant), quote.rate_text,
                                    quote.change_text or "", cells, url))


def _note_conflict(db: Database, values: tuple[int, str, str, str, int, str]) -> None:
    db.execute(
        "INSERT INTO quote_conflicts (pair_id, instant, rate_text, change_text, cells, url) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET cells = max(cells, excluded.cells), url = min(url, excluded.url)", values)


def _note_rejects(db: Database, source: str, ticker: Ticker, instant: datetime, url: str) -> None:
    at = utc_text(instant)
    db.executemany(
        "INSERT INTO quote_rejects (source, text, reason, first_seen, last_seen, url) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET first_seen = min(first_seen, excluded.first_seen),"
        " last_seen = max(last_seen, excluded.last_seen),"
        " url = CASE WHEN excluded.first_seen < first_seen THEN excluded.url ELSE url END",
        [(source, each.text[:_REJECT_CHARS], each.reason, at, at, url) for each in ticker.rejected[:_REJECTS]])
