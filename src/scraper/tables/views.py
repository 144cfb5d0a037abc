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

_FOR_ANALYSTS = """
CREATE VIEW latest_stories AS  -- every story, the newest first
SELECT articles.id, source, name AS outlet, published, published_date, section, articles.language, headline, lead,
    byline, url, text_since > articles.first_seen AS edited, withdrawn
FROM articles JOIN sources ON sources.key = source ORDER BY articles.id DESC

CREATE VIEW edits AS  -- each change a publisher made to a story's text: it fell between seen_before and seen_after
SELECT article_id, source, articles.headline, previous_headline, url, published, seen_before,
    coalesce(next_from, text_since) AS seen_after, changed, similarity,
    NOT EXISTS (SELECT 1 FROM json_each(changed) WHERE value = 'modified') AS silent
FROM (
    SELECT article_id, headline AS previous_headline, seen_to AS seen_before, changed, similarity,
        lead(seen_from) OVER later AS next_from
    FROM article_versions WHERE reason = 'publisher-edit' WINDOW later AS (PARTITION BY article_id ORDER BY seen_from)
) JOIN articles ON articles.id = article_id

CREATE VIEW stories_by_month AS  -- what the archive has of each source and month, and how complete it is
SELECT source, substr(published_date, 1, 7) AS month, count(*) AS articles, count(DISTINCT published_date) AS days,
    min(published_date) AS first_day, max(published_date) AS last_day, sum(byline IS NOT NULL) AS with_byline,
    sum(EXISTS (SELECT 1 FROM images WHERE article_id = articles.id)) AS with_image,
    sum(truncated) AS truncated, CAST(avg(length(body)) AS INTEGER) AS mean_characters
FROM articles WHERE published_date IS NOT NULL GROUP BY source, month
"""

FOR_ANALYSTS = tuple(_FOR_ANALYSTS.strip().split("\n\n"))

# what a view computes; its other columns are those of the tables it is made from
COMPUTED = {
    "previous_rate": "the rate before the move",
    "previous_rate_text": "as printed",
    "previous_seen": "UTC; when the rate before was last seen",
    "day": "YYYY-MM-DD; UTC for rates, the source's zone for stories",
    "low": "the day's lowest rate",
    "high": "the day's highest rate",
    "ticker": "the source whose page showed the rate",
    "rate_since": "UTC; when the standing rate was first seen",
    "rate_seen": "UTC; when it was last seen",
    "observed": "1 where the rate was still seen at or after that time, 0 where nobody has looked since",
    "previous_headline": "the headline before the edit",
    "held": "stories the archive has",
    "missing": "stories it does not have",
    "site": "stories the site says it has; NULL where it says nothing",
    "edits": "how many there were",
    "edited": "when the text last changed, UTC; in latest_stories 1 where it ever did",
    "articles": "stories",
    "outlet": "the source's name as people call it",
    "seen_before": "UTC; when the old text was last seen",
    "seen_after": "UTC; when the new text was first seen",
    "silent": "1 where the page did not say that it was changed",
    "month": "YYYY-MM, in the source's zone",
    "days": "days with a story",
    "first_day": "the first of them",
    "last_day": "the last of them",
    "with_byline": "stories with a byline",
    "with_image": "stories with a picture",
    "mean_characters": "of the bodies",
    "other_id": "the story in the other source",
    "other_source": "that source",
    "other_headline": "its headline there",
    "other_url": "its address there",
    "other_published": "UTC; when it was published there",
    "similarity": "the share of word pairs in both texts, 0-1",
    "first_id": "the earliest copy",
    "first_source": "the source that had it first",
    "first_headline": "its headline there",
    "first_url": "its address there",
    "first_published": "UTC; when it was published there",
    "minutes_later": "from the earliest copy to this one; NULL where a page names only the day",
    "inverse": "units of base for one of counter, from the rate as printed",
    "lowest": "the least it can be: 0.01144 is anything from 0.011435 to 0.011445",
    "highest": "the most it can be; NULL where the rate's last digit is all it has",
    "newest": "UTC; when the newest story was published",
    "waiting": "stories listed and not yet archived",
    "last_run": "UTC; when the last run of the source began",
    "last_end": "UTC; when it ended",
    "alerts": "how many are open",
    "translation_id": "`articles.id`; the same story in another language",
    "translation_language": "BCP 47",
    "translation_headline": "its title there",
    "translation_url": "its address there",
    "linked_by": "hreflang: one page names the other; id: they share the publisher's number",
}
