"""Runs and what they say of themselves; the sources they know; robots.txt between runs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from scraper.reports import SourceReport
from scraper.robots import RobotsCopy
from scraper.source import Source
from scraper.tables.database import Database, Row
from scraper.tables.schema import utc_from, utc_text

_SOURCE = """
INSERT INTO sources (key, name, home, country, language, timezone, first_seen) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET name = excluded.name, home = excluded.home, country = excluded.country,
    language = excluded.language, timezone = excluded.timezone, first_seen = min(first_seen, excluded.first_seen)
WHERE (name, home, country, language, timezone)
    IS NOT (excluded.name, excluded.home, excluded.country, excluded.language, excluded.timezone)
    OR excluded.first_seen < first_seen
"""


def note_source(db: Database, source: Source, now: datetime) -> None:
    """Record a source, or what has changed in its description."""
    name = source.name or source.key
    zone = source.timezone
    db.execute(_SOURCE, (source.key, name, source.home, source.country, source.language, zone, utc_text(now)))


def begin_run(db: Database, started: datetime) -> int:
    """Open a run; return its number."""
    return int(db.execute("INSERT INTO runs (started) VALUES (?)", (utc_text(started),)).lastrowid or 0)


def finish_run(db: Database, run: int, finished: datetime, interrupted: str | None, code: int | None) -> None:
    """Close a run with what ended it early, if anything, and its exit code."""
    db.execute("UPDATE runs SET finished = ?, interrupted = ?, code = ? WHERE id = ?",
               (utc_text(finished), interrupted, code, run))
    db.take_stock()


def last_run(db: Database) -> Row | None:
    """Return the last run that ended, None where none has."""
    return db.row("SELECT * FROM runs WHERE finished IS NOT NULL ORDER BY id DESC LIMIT 1")


_REPORT = """
INSERT INTO run_sources (run_id, source, listings, unmodified, listed, known, new, changed, unchanged, gone,
    failed, waiting, pairs, moved, refused, note)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


def note_report(db: Database, run: int, report: SourceReport) -> None:
    """Record what one source brought in a run, and each page that brought nothing."""
    db.execute(_REPORT, (
        run, report.source, report.listings, report.unmodified, report.listed, report.known, report.new,
        report.changed, report.unchanged, report.gone, report.lost, report.waiting, report.pairs, report.moved,
        int(report.refused), report.line(),
    ))
    db.executemany("INSERT INTO run_problems (run_id, source, position, url, reason) VALUES (?, ?, ?, ?, ?)",
                   [(run, report.source, position, problem.url, problem.reason)
                    for position, problem in enumerate(report.problems)])


def robots_copies(db: Database) -> tuple[RobotsCopy, ...]:
    """Return what every origin last answered for robots.txt."""
    return tuple(RobotsCopy(row["origin"], utc_from(row["fetched"]), row["status"], row["body"])
                 for row in db.rows("SELECT * FROM robots ORDER BY origin"))


_ROBOTS = """
INSERT INTO robots (origin, fetched, status, body) VALUES (?, ?, ?, ?)
ON CONFLICT (origin) DO UPDATE SET fetched = excluded.fetched, status = excluded.status, body = excluded.body
"""


_STALE = """
DELETE FROM robots WHERE fetched < strftime('%Y-%m-%dT%H:%M:%SZ', (SELECT max(fetched) FROM robots), '-1 day')
"""


def keep_robots_copies(db: Database, copies: Iterable[RobotsCopy]) -> None:
    """Remember what origins answered for robots.txt; what is older than a day may not be used (RFC 9309, 2.4)."""
    db.executemany(_ROBOTS, [(copy.origin, utc_text(copy.fetched), copy.status, copy.body) for copy in copies])
    db.execute(_STALE)
