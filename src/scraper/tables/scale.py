"""What a million stories asked for: indexes for the questions people ask, and views that seek where they scanned."""

from __future__ import annotations

from scraper.tables.search import SEARCH_BODY_FIRST
from scraper.tables.tally import COUNTED_VIEWS, TALLY_STEPS

# of `articles`; as a column stands in CREATE TABLE
STORY_COLUMNS = (
    "    origin_id INTEGER REFERENCES origins(id),  -- where each field came from; NULL in rows of an earlier version",
)
# The same twenty words of JSON stood in every story, 570 bytes of its row, and there are some dozens of them in all.
ORIGINS = """
CREATE TABLE origins (  -- where the fields of stories came from, each combination once
    id INTEGER PRIMARY KEY,  -- a hash of it
    fields TEXT NOT NULL CHECK (json_valid(fields))  -- each with its source and how sure it is
)
""".strip()

_INDEXES = (
    "CREATE INDEX articles_source ON articles(source)",  # with ORDER BY id DESC: a source's newest
    # days of a source are counted in the tally; whose stories came out on a day is asked of all sources, too
    "DROP INDEX articles_day",
    "CREATE INDEX articles_day ON articles(published_date) WHERE published_date IS NOT NULL",
    "CREATE INDEX articles_text_since ON articles(text_since)",  # what is new since the last export
    "CREATE INDEX articles_withdrawn ON articles(withdrawn) WHERE withdrawn IS NOT NULL",
    "CREATE INDEX article_versions_edits ON article_versions(article_id, seen_from) WHERE reason = 'publisher-edit'",
    "CREATE INDEX article_versions_seen ON article_versions(seen_to) WHERE reason = 'publisher-edit'",
    # a story that is its own canonical address is found by its address
    "DROP INDEX articles_canonical",
    "CREATE INDEX articles_canonical ON articles(source, canonical) WHERE canonical <> url",
)
_EDITS = """
CREATE VIEW edits AS  -- each change a publisher made to a story's text: it fell between seen_before and seen_after
SELECT article_id, source, articles.headline, former.headline AS previous_headline, url, published,
    seen_to AS seen_before, coalesce((
        SELECT min(seen_from) FROM article_versions AS later WHERE later.article_id = former.article_id
            AND later.seen_from > former.seen_from AND later.reason = 'publisher-edit'
    ), text_since) AS seen_after, changed, similarity,
    NOT EXISTS (SELECT 1 FROM json_each(changed) WHERE value = 'modified') AS silent
FROM article_versions AS former JOIN articles ON articles.id = article_id WHERE former.reason = 'publisher-edit'
""".strip()
SCALE_VIEWS = (*COUNTED_VIEWS, _EDITS)
_COLUMNS = (line.partition("--")[0].strip().removesuffix(",") for line in STORY_COLUMNS)
AT_SCALE = (
    ORIGINS, *(f"ALTER TABLE articles ADD COLUMN {column}" for column in _COLUMNS),
    *TALLY_STEPS, *_INDEXES, *(f"DROP VIEW {view.split()[2]}" for view in SCALE_VIEWS), *SCALE_VIEWS,
    *SEARCH_BODY_FIRST,
)
