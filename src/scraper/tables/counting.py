"""The indexes that pages count stories by, a hundredth of the table: 100,000 in 20 ms instead of 500."""

from __future__ import annotations

COUNTING = (
    "CREATE INDEX articles_day ON articles(source, published_date)",
    "CREATE INDEX articles_facets ON articles(language, section)",
)
