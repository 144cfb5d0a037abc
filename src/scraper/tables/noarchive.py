"""What a publisher asks about copies of a story, as a column; and of how many stories no bytes are kept."""

from __future__ import annotations

ARTICLE_COLUMNS = (
    "    noarchive INTEGER NOT NULL DEFAULT 0 CHECK (noarchive IN (0, 1)),  -- 1 where it asks that no copy be kept",
)
MARKS = ("ALTER TABLE articles ADD COLUMN noarchive INTEGER NOT NULL DEFAULT 0 CHECK (noarchive IN (0, 1))",)
_MARKED = "noarchive = 1 OR paywalled = 1"
MARKED = (f"CREATE INDEX articles_marked ON articles(source) WHERE {_MARKED}",)
# the planner is told which index, as one without rows has no statistics, and it would read every story instead;
# under the rule of one day a mark costs the bytes, under that of another it does not: the captures say it
STATUS = f"""
SELECT source, articles, coalesce(stories, 0) AS without_bytes, newest, waiting, last_run, last_end,
    listed, known, new, changed, failed, alerts, note
FROM source_health LEFT JOIN (
    SELECT source, count(*) AS stories FROM articles INDEXED BY articles_marked WHERE ({_MARKED})
        AND NOT EXISTS (SELECT 1 FROM fetches WHERE article_id = articles.id AND file IS NOT NULL)
    GROUP BY source
) USING (source) ORDER BY source
"""
