"""What the command line asks about rates; answers are rows by column name."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from scraper.tables.database import Database, Row
from scraper.tables.schema import utc_text

_THESE = "(?1 = '[]' OR upper(label) IN (SELECT upper(value) FROM json_each(?1)))"
_LATEST = f"""
SELECT source, label, rate_text, change_text, first_seen, last_seen, observations
FROM latest_quotes WHERE {_THESE} ORDER BY source, label
"""
_CHANGES = f"""
SELECT source, label, first_seen, rate_text, change_text, previous_rate_text, previous_seen
FROM rate_changes WHERE {_THESE} ORDER BY first_seen, source, label
"""
_DAILY = f"SELECT * FROM daily_rates WHERE {_THESE} ORDER BY day, source, label"
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


def rate_changes(db: Database, labels: Sequence[str]) -> list[Row]:
    """Return each move of a rate, oldest first: it fell between `previous_seen` and `first_seen`."""
    return db.rows(_CHANGES, (json.dumps([*labels]),))


def daily_rates(db: Database, labels: Sequence[str]) -> list[Row]:
    """Return the last rate of each UTC day, oldest first."""
    return db.rows(_DAILY, (json.dumps([*labels]),))


def quotes_at(db: Database, instant: datetime, labels: Sequence[str]) -> list[Row]:
    """Return the rates standing at `instant`; `observed` is 0 where nobody has looked since `last_seen`."""
    return db.rows(_AT, (json.dumps([*labels]), utc_text(instant)))
