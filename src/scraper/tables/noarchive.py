"""The column that came with the marks: what a publisher asks about copies of a story."""

from __future__ import annotations

ARTICLE_COLUMNS = (
    "    noarchive INTEGER NOT NULL DEFAULT 0 CHECK (noarchive IN (0, 1)),  -- 1 where it asks that no copy be kept",
)
MARKS = ("ALTER TABLE articles ADD COLUMN noarchive INTEGER NOT NULL DEFAULT 0 CHECK (noarchive IN (0, 1))",)
