"""Columns that every table writes the same way: instants, days, flags, counts. Each returns the column as SQL."""

from __future__ import annotations

DAY = "[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]"
_INSTANT = f"{DAY}T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z"


def instant(column: str) -> str:
    """Return a column of UTC instants, YYYY-MM-DDTHH:MM:SSZ."""
    return f"{column} TEXT CHECK ({column} GLOB '{_INSTANT}')"


def flag(column: str) -> str:
    """Return a column that is 0 or 1."""
    return f"{column} INTEGER NOT NULL DEFAULT 0 CHECK ({column} IN (0, 1))"


def count(column: str) -> str:
    """Return a column of whole numbers, zero or more."""
    return f"{column} INTEGER NOT NULL DEFAULT 0 CHECK ({column} >= 0)"
