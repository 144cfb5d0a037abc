"""The tables of what was thinned out, as SQL: polls counted by day, bytes on their way out."""

from __future__ import annotations

from scraper.tables.columns import DAY, count

_PRUNING = f"""
CREATE TABLE rolled_up (  -- old exchanges that brought nothing new, counted by day
    source TEXT NOT NULL,
    url TEXT NOT NULL,
    day TEXT NOT NULL CHECK (day GLOB '{DAY}'),  -- UTC
    {count("exchanges")},  -- so many stood between the first and the last of the day
    {count("wire_bytes")},  -- of their bodies, as they came
    PRIMARY KEY (source, url, day)
) WITHOUT ROWID

CREATE TABLE dropped_bytes (  -- stretches of WARC files that are being blanked; empty where all are
    file TEXT NOT NULL,  -- relative to the WARC folder
    offset INTEGER NOT NULL,
    length INTEGER NOT NULL,
    PRIMARY KEY (file, offset)
) WITHOUT ROWID
"""

PRUNING = tuple(_PRUNING.strip().split("\n\n"))
