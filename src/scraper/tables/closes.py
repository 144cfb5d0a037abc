"""Views of rates that say no more than was seen: the close of days on which somebody looked, inverses as ranges."""

from __future__ import annotations

# a run of one rate may bridge a day without a look: up to 36 hours are no silence
_VIEWS = """
CREATE VIEW daily_rates AS  -- the last rate of each UTC day on which the source was looked at, and the day's range
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
WHERE EXISTS (SELECT 1 FROM observations WHERE observations.source = pairs.source AND observations.day = days.day)

CREATE VIEW inverse_rates AS  -- each run of a rate turned round: what one of counter costs in base, as a range
SELECT source, label, base, counter, first_seen, last_seen, rate_text, unit / rate AS inverse,
    unit / (rate + half) AS lowest, CASE WHEN rate > half THEN unit / (rate - half) END AS highest, kind, unit
FROM (
    SELECT *, CAST('0.5e-' || CASE
        WHEN instr(rate_text, '.') THEN length(rate_text) - instr(rate_text, '.')
        WHEN instr(rate_text, ',') THEN length(rate_text) - instr(rate_text, ',')
        ELSE 0 END AS REAL) AS half
    FROM quotes
) JOIN pairs ON pairs.id = pair_id
"""

CLOSE_VIEWS = tuple(_VIEWS.strip().split("\n\n"))
CLOSES = ("DROP VIEW daily_rates", *CLOSE_VIEWS)
