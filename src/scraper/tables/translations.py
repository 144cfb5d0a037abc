"""One story in several languages: what pages and addresses say of it, as rows; stories are linked, never merged."""

from __future__ import annotations

from scraper.records import Article
from scraper.source import Source
from scraper.tables.database import Database
from scraper.urls import normalised

_TABLES = """
CREATE TABLE alternates (  -- the same story in another language, as a story's page claims; stored or not
    article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    url TEXT NOT NULL,  -- normalised
    language TEXT NOT NULL,  -- as the page claims
    PRIMARY KEY (article_id, url)
) WITHOUT ROWID

CREATE TABLE shared_ids (  -- the number a story shares with its other language editions
    article_id INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE,
    source TEXT NOT NULL REFERENCES sources(key),
    shared_id TEXT NOT NULL  -- the publisher's, read off the address
)
"""
TRANSLATION_TABLES = tuple(_TABLES.strip().split("\n\n"))
TRANSLATIONS = """
CREATE VIEW translations AS  -- stored stories that are one story in two languages, a row per story and translation
WITH claims AS (
    SELECT alternates.article_id AS one, article_urls.article_id AS other, 'hreflang' AS linked_by
    FROM alternates JOIN article_urls USING (url)
    UNION ALL
    SELECT mine.article_id, theirs.article_id, 'id'
    FROM shared_ids AS mine JOIN shared_ids AS theirs USING (source, shared_id)
), links AS (
    SELECT one, other, linked_by FROM claims UNION SELECT other, one, linked_by FROM claims
)
SELECT one AS article_id, articles.source, articles.language, articles.headline, other AS translation_id,
    translated.language AS translation_language, translated.headline AS translation_headline,
    translated.url AS translation_url, min(linked_by) AS linked_by
FROM links JOIN articles ON articles.id = one JOIN articles AS translated ON translated.id = other
WHERE one <> other AND articles.source = translated.source
    AND coalesce(articles.language, '') <> coalesce(translated.language, '-')
GROUP BY one, other
""".strip()
TRANSLATION_STEPS = (
    *TRANSLATION_TABLES,
    "CREATE INDEX alternates_url ON alternates(url)",
    "CREATE INDEX shared_ids_shared ON shared_ids(source, shared_id)",
    TRANSLATIONS,
)


def note_translations(db: Database, source: Source, article: Article, number: int) -> None:
    """Note where a story says it stands in other languages; what it said before stays."""
    db.executemany(
        "INSERT INTO alternates (article_id, url, language) VALUES (?, ?, ?)"
        " ON CONFLICT DO UPDATE SET language = min(language, excluded.language)",
        [(number, normalised(url, source.drop_query), language) for language, url in article.alternates])
    if article.shared_id is not None:
        db.execute("INSERT INTO shared_ids (article_id, source, shared_id) VALUES (?, ?, ?) ON CONFLICT (article_id)"
                   " DO UPDATE SET shared_id = min(shared_id, excluded.shared_id)",
                   (number, source.key, article.shared_id))
