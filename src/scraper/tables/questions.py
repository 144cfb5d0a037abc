"""What the command line asks about rates; answers are rows by column name."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from scraper.tables.database import Database, Row
from scraper.tables.history import GAP
from scraper.tables.schema import utc_text

Span = tuple[datetime | None, datetime | None]  # from the first on, before the second; None: no end

# USD/UZS means every kind of it: USD/UZS of a marquee, USD/UZS widget
_THESE = """(?1 = '[]' OR upper(label) IN (SELECT upper(value) FROM json_each(?1))
    OR upper(substr(label, 1, instr(label, ' ') - 1)) IN (SELECT upper(value) FROM json_each(?1)))"""
_EVER = ("0000", "9999")  # before and after every instant
_LATEST = f"""
SELECT source, label, rate_text, change_text, first_seen, last_seen, observations
FROM latest_quotes WHERE {_THESE} ORDER BY source, label
"""
_CHANGES = f"""
SELECT source, label, first_seen, rate_text, change_text, previous_rate_text, previous_seen
FROM rate_changes WHERE {_THESE} AND first_seen >= ?2 AND first_seen < ?3 ORDER BY first_seen, source, label
"""
_DAILY = f"""
SELECT * FROM daily_rates WHERE {_THESE} AND day >= substr(?2, 1, 10) AND day || 'T00:00:00Z' < ?3
ORDER BY day, source, label
"""
_RUNS = f"""
SELECT * FROM (
    SELECT source, label, rate, rate_text, first_seen, last_seen, coalesce(first_seen > strftime(
        '%Y-%m-%dT%H:%M:%SZ', lag(last_seen) OVER (PARTITION BY pair_id ORDER BY first_seen),
        '+{int(GAP.total_seconds())} seconds'), 0) AS after_silence,
        coalesce(lead(first_seen) OVER (PARTITION BY pair_id ORDER BY first_seen), last_seen) AS until
    FROM quotes JOIN pairs ON pairs.id = pair_id WHERE {_THESE}
) WHERE until >= ?2 AND first_seen < ?3 ORDER BY source, label, first_seen
"""
_INVERSE = f"""
SELECT source, counter || '/' || base AS pair, CAST(format('%.6g', inverse) AS REAL) AS inverse,
    CAST(format('%.6g', lowest) AS REAL) AS lowest, CAST(format('%.6g', highest) AS REAL) AS highest,
    label, rate_text, last_seen
FROM latest_quotes JOIN inverse_rates USING (source, label, base, counter, first_seen, last_seen, rate_text)
WHERE {_THESE} ORDER BY source, label
"""
_AT = f"""
SELECT source, label, rate_text, change_text, first_seen, last_seen, last_seen >= ?2 AS observed
FROM pairs JOIN quotes ON pair_id = pairs.id
WHERE {_THESE} AND first_seen = (
    SELECT max(first_seen) FROM quotes AS standing WHERE standing.pair_id = pairs.id AND standing.first_seen <= ?2
) ORDER BY source, label
"""


def latest_quotes(db: Database, labels: Sequence[str]) -> list[Row]:
    """Return the rate of each pair as it was last seen; no `labels` means all."""
    return db.rows(_LATEST, (json.dumps([*labels]),))


def inverse_quotes(db: Database, labels: Sequence[str]) -> list[Row]:
    """Return the latest rates turned round, to six digits: each a range, as wide as the printed digits leave it."""
    return db.rows(_INVERSE, (json.dumps([*labels]),))


def rate_changes(db: Database, labels: Sequence[str], span: Span = (None, None)) -> list[Row]:
    """Return each move of a rate, oldest first; `span` is that of `first_seen`, when it was noticed."""
    return db.rows(_CHANGES, (json.dumps([*labels]), *_ends(span)))


def daily_rates(db: Database, labels: Sequence[str], span: Span = (None, None)) -> list[Row]:
    """Return the last rate of each UTC day that begins or goes on within `span`, oldest first."""
    return db.rows(_DAILY, (json.dumps([*labels]), *_ends(span)))


def rate_runs(db: Database, labels: Sequence[str], span: Span = (None, None)) -> list[Row]:
    """Return each run of one unchanged rate that touches `span`, and the one before them, by source, label and time.

    `after_silence` is 1 where nobody had looked for so long that nothing is known of the time before.
    """
    return db.rows(_RUNS, (json.dumps([*labels]), *_ends(span)))


def _ends(span: Span) -> tuple[str, str]:
    since, until = span
    return utc_text(since) if since else _EVER[0], utc_text(until) if until else _EVER[1]


def quotes_at(db: Database, instant: datetime, labels: Sequence[str]) -> list[Row]:
    """Return the rates standing at `instant`; `observed` is 0 where nobody has looked since `last_seen`."""
    return db.rows(_AT, (json.dumps([*labels]), utc_text(instant)))
