"""The views analysts ask, as SQL; each says what its rows are."""

from __future__ import annotations

_VIEWS = """
CREATE VIEW latest_quotes AS  -- the rate of each pair as it was last seen
SELECT pairs.source, label, base, counter, rate, rate_text, change, change_text, first_seen, last_seen, observations
FROM pairs CROSS JOIN quotes ON pair_id = pairs.id
    AND first_seen = (SELECT max(first_seen) FROM quotes AS later WHERE later.pair_id = pairs.id)

CREATE VIEW rate_changes AS  -- each move of a rate: it fell between previous_seen and first_seen
SELECT source, label, first_seen, last_seen, rate, rate_text, change_text,
    previous_rate, previous_rate_text, previous_seen
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
SELECT source, label, day, rate, rate_text, low, high
FROM days JOIN quotes ON quotes.pair_id = days.pair_id AND quotes.first_seen = closing
JOIN pairs ON pairs.id = days.pair_id

CREATE VIEW articles_with_rates AS  -- each story beside the rates standing when it was published, a row per pair
SELECT articles.id, articles.source, headline, url, published, pairs.source AS ticker, label, rate, rate_text,
    quotes.first_seen AS rate_since, quotes.last_seen AS rate_seen, quotes.last_seen >= published AS observed
FROM articles CROSS JOIN pairs
JOIN quotes ON pair_id = pairs.id AND quotes.first_seen = (
    SELECT max(first_seen) FROM quotes AS standing
    WHERE standing.pair_id = pairs.id AND standing.first_seen <= published
)
WHERE published IS NOT NULL

CREATE VIEW edited_articles AS  -- stories whose text the publisher changed, and the headline before the last edit
SELECT articles.id, source, articles.headline, article_versions.headline AS previous_headline, url, published, modified,
    edits, text_since AS edited, changed, similarity
FROM (
    SELECT article_id, count(*) AS edits, max(seen_from) AS last_from FROM article_versions
    WHERE reason = 'publisher-edit' GROUP BY article_id
) AS history
JOIN articles ON articles.id = history.article_id
JOIN article_versions ON article_versions.article_id = articles.id AND seen_from = last_from
    AND reason = 'publisher-edit'

CREATE VIEW silent_edits AS  -- texts the publisher changed without a new date of change, the text before
SELECT articles.id, source, articles.headline, article_versions.headline AS previous_headline, url, published, modified,
    seen_from, seen_to, changed, similarity
FROM article_versions JOIN articles ON articles.id = article_id
WHERE reason = 'publisher-edit' AND NOT EXISTS (SELECT 1 FROM json_each(changed) WHERE value = 'modified')

CREATE VIEW withdrawn_articles AS  -- stories whose publisher answered 404 or 410 after they were stored
SELECT id, source, headline, url, published, first_seen, last_seen, withdrawn FROM articles WHERE withdrawn IS NOT NULL

CREATE VIEW articles_per_day AS  -- stories by source and the day they are dated, in the source's zone
SELECT source, published_date AS day, count(*) AS articles
FROM articles WHERE published_date IS NOT NULL GROUP BY source, published_date
"""

VIEWS = tuple(_VIEWS.strip().split("\n\n"))
