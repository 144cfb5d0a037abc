"""The tables of a backfill as SQL: how far a site's past was walked, what waits of it, what the site says it has."""

from __future__ import annotations

from scraper.tables.columns import DAY, count, flag, instant

_MONTH = "[12][0-9][0-9][0-9]-[01][0-9]"
_LEDGER = f"""
CREATE TABLE backfill_pages (  -- pages, sitemaps and months of a site's past, read or to be read, for each range asked
    source TEXT NOT NULL REFERENCES sources(key),
    first_day TEXT NOT NULL CHECK (first_day GLOB '{DAY}'),  -- of the range, in the source's zone
    last_day TEXT NOT NULL CHECK (last_day GLOB '{DAY}'),
    place TEXT NOT NULL,  -- the entry point it belongs to
    url TEXT NOT NULL,
    position INTEGER NOT NULL,  -- in the order of reading: newest first
    {count("tries")},  -- failures that time will not heal; after three it is left alone
    {instant("read")},  -- NULL: still to be read
    oldest TEXT CHECK (oldest GLOB '{DAY}'),  -- the earliest day it speaks of
    PRIMARY KEY (source, first_day, last_day, place, url)
) WITHOUT ROWID

CREATE TABLE backlog (  -- stories of the past that backfills found missing, stored meanwhile or not
    source TEXT NOT NULL REFERENCES sources(key),
    url TEXT NOT NULL,
    day TEXT CHECK (day GLOB '{DAY}'),  -- the latest day on which it may have come out
    {flag("shared")},  -- a harvest waits for it, too; else it is left to backfills
    PRIMARY KEY (source, url)
) WITHOUT ROWID

CREATE TABLE site_months (  -- how many stories of a month each page of a site speaks of
    source TEXT NOT NULL REFERENCES sources(key),
    place TEXT NOT NULL,  -- the entry point
    page TEXT NOT NULL,  -- the sitemap or the query that says so
    month TEXT NOT NULL CHECK (month GLOB '{_MONTH}'),  -- in the source's zone
    basis TEXT NOT NULL CHECK (basis IN ('total', 'dated', 'changed')),  -- its total; dates; last changes
    {count("stories")},
    {instant("counted")} NOT NULL,
    PRIMARY KEY (source, place, page, month, basis)
) WITHOUT ROWID
"""

LEDGER = tuple(_LEDGER.strip().split("\n\n"))
LEDGER_INDEXES = ("CREATE INDEX backlog_day ON backlog(source, day)",)

COVERAGE_BY_MONTH = """
CREATE VIEW coverage_by_month AS  -- stories a site says it has, by its best word, beside those held, month by month
WITH told AS (
    SELECT source, month, basis, sum(stories) AS stories, max(counted) AS counted
    FROM site_months GROUP BY source, month, basis, place
), best AS (
    SELECT *, row_number() OVER (
        PARTITION BY source, month ORDER BY instr('total dated changed', basis), stories DESC
    ) AS rank FROM told
), stored AS (
    SELECT source, substr(published_date, 1, 7) AS month, count(*) AS articles
    FROM articles WHERE published_date IS NOT NULL GROUP BY source, substr(published_date, 1, 7)
)
SELECT source, month, stories AS site, coalesce(articles, 0) AS held,
    max(stories - coalesce(articles, 0), 0) AS missing, basis, counted
FROM best LEFT JOIN stored USING (source, month) WHERE rank = 1
UNION ALL
SELECT source, month, NULL, articles, NULL, NULL, NULL
FROM stored WHERE NOT EXISTS (
    SELECT 1 FROM site_months WHERE site_months.source = stored.source AND site_months.month = stored.month
)
""".strip()
