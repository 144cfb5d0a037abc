"""What the tables of the first migration are looked up by, as SQL."""

from __future__ import annotations

INDEXES = (
    "CREATE INDEX run_sources_source ON run_sources(source, run_id)",
    "CREATE INDEX articles_source_published ON articles(source, published)",
    "CREATE INDEX articles_external_id ON articles(source, external_id) WHERE external_id IS NOT NULL",
    "CREATE INDEX articles_text_hash ON articles(source, text_hash)",
    "CREATE INDEX articles_canonical ON articles(source, canonical) WHERE canonical IS NOT NULL",
    "CREATE INDEX article_urls_article ON article_urls(article_id)",
    """CREATE INDEX resources_waiting ON resources(source, first_listed)
    WHERE kind = 'story' AND article_id IS NULL AND given_up IS NULL""",
    """CREATE INDEX resources_rechecks ON resources(source, next_due)
    WHERE article_id IS NOT NULL AND next_due IS NOT NULL""",
    "CREATE INDEX resources_article ON resources(article_id) WHERE article_id IS NOT NULL",
    "CREATE INDEX fetches_article ON fetches(article_id, fetched) WHERE article_id IS NOT NULL",
    "CREATE INDEX fetches_fetched ON fetches(fetched)",
    "CREATE UNIQUE INDEX fetches_place ON fetches(file, offset) WHERE file IS NOT NULL",
)
