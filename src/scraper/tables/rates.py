"""What tells rates of the marquee from those of other widgets: columns of `pairs`, and the views that show them."""

from __future__ import annotations

# of `pairs`; as a column stands in CREATE TABLE
PAIR_COLUMNS = (
    "    kind TEXT NOT NULL DEFAULT 'ticker',  -- ticker: the marquee; else the name of the source's own widget",
    "    unit INTEGER NOT NULL DEFAULT 1 CHECK (unit > 0),  -- for so many of base the rate is",
    "    change_in TEXT NOT NULL DEFAULT 'percent' CHECK (change_in IN ('percent', 'counter')),  -- what change counts",
)
_KIND = "pairs.kind, unit, change_in"
_VIEWS = f"""
CREATE VIEW latest_quotes AS  -- the rate of each pair as it was last seen
SELECT pairs.source, label, base, counter, rate, rate_text, change, change_text, first_seen, last_seen, observations,
    {_KIND}
FROM pairs CROSS JOIN quotes ON pair_id = pairs.id
    AND first_seen = (SELECT max(first_seen) FROM quotes AS later WHERE later.pair_id = pairs.id)

CREATE VIEW rate_changes AS  -- each move of a rate: it fell between previous_seen and first_seen
SELECT source, label, first_seen, last_seen, rate, rate_text, change_text,
    previous_rate, previous_rate_text, previous_seen, {_KIND}
FROM (
    SELECT quotes.*, lag(rate) OVER earlier AS previous_rate, lag(rate_text) OVER earlier AS previous_rate_text,
        lag(last_seen) OVER earlier AS previous_seen
    FROM quotes WINDOW earlier AS (PARTITION BY pair_id ORDER BY first_seen)
) JOIN pairs ON pairs.id = pair_id
WHERE rate <> previous_rate

CREATE VIEW daily_rates AS  -- the last rate of each UTC day on which a pair was seen, and the day's range
WITH RECURSIVE seen(pair_id, first_seen, day, last_day) AS (
    SELECT pair_id, first_seen, date(first_seen), date(last_seen) FROM quotes
    UNION ALL
    SELECT pair_id, first_seen, date(day, '+1 day'), last_day FROM seen WHERE day < last_day
), days AS (
    SELECT pair_id, day, max(first_seen) AS closing, min(rate) AS low, max(rate) AS high
    FROM seen JOIN quotes USING (pair_id, first_seen) GROUP BY pair_id, day
)
SELECT source, label, day, rate, rate_text, low, high, pairs.kind, unit
FROM days JOIN quotes ON quotes.pair_id = days.pair_id AND quotes.first_seen = closing
JOIN pairs ON pairs.id = days.pair_id

CREATE VIEW articles_with_rates AS  -- each story beside the rates standing when it was published, a row per pair
SELECT articles.id, articles.source, headline, url, published, pairs.source AS ticker, label, rate, rate_text,
    quotes.first_seen AS rate_since, quotes.last_seen AS rate_seen, quotes.last_seen >= published AS observed,
    pairs.kind, unit
FROM articles CROSS JOIN pairs
CROSS JOIN quotes ON pair_id = pairs.id AND quotes.first_seen = (
    SELECT max(first_seen) FROM quotes AS standing
    WHERE standing.pair_id = pairs.id AND standing.first_seen <= published
)
WHERE published IS NOT NULL
"""

RATE_VIEWS = tuple(_VIEWS.strip().split("\n\n"))


def _column(line: str) -> str:
    return line.partition("--")[0].strip().removesuffix(",")


KINDS_OF_RATES = (
    *(f"ALTER TABLE pairs ADD COLUMN {_column(line)}" for line in PAIR_COLUMNS),
    *(f"DROP VIEW {view.split()[2]}" for view in RATE_VIEWS),
    *RATE_VIEWS,
)
