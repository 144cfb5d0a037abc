"""Stories as a reader wants them: the newest, and one whole with its pictures, its tags and its bytes."""

from __future__ import annotations

from dataclasses import dataclass

from scraper.tables.database import Database, Row

_NEWEST = """
SELECT articles.id, source, name AS outlet, timezone, headline, lead, section, articles.language, published,
    published_date, published_precision, text_since > articles.first_seen AS edited, withdrawn
FROM articles JOIN sources ON sources.key = source
WHERE articles.id < ? ORDER BY articles.id DESC LIMIT ?
"""
_ONE = """
SELECT articles.*, name AS outlet, timezone, 1 + (
    SELECT count(*) FROM article_versions WHERE article_id = articles.id AND reason = 'publisher-edit'
) AS versions
FROM articles JOIN sources ON sources.key = source
WHERE articles.id = ?
"""
_PLACES = """
SELECT file, offset, length, fetched, url FROM fetches WHERE article_id = ? AND file IS NOT NULL ORDER BY fetched, id
"""
_ELSEWHERE = """
SELECT other_id AS id, other_headline AS headline, name AS outlet, timezone, articles.published,
    published_date, published_precision, similarity
FROM same_story JOIN articles ON articles.id = other_id JOIN sources ON sources.key = other_source
WHERE article_id = ? ORDER BY articles.published IS NULL, articles.published, other_source
"""
# as the view translations, which would look at every story's
_TRANSLATIONS = """
SELECT articles.id, headline, language FROM (
    SELECT article_urls.article_id AS other FROM alternates JOIN article_urls USING (url)
    WHERE alternates.article_id = ?1
    UNION SELECT alternates.article_id FROM article_urls JOIN alternates USING (url) WHERE article_urls.article_id = ?1
    UNION SELECT theirs.article_id FROM shared_ids AS mine JOIN shared_ids AS theirs USING (source, shared_id)
    WHERE mine.article_id = ?1
) CROSS JOIN articles ON articles.id = other
WHERE other <> ?1 AND source = ?2 AND language IS NOT ?3 ORDER BY language, other
"""
_BEYOND = 1 << 62  # ids stay below 2^53


@dataclass(frozen=True, slots=True)
class Story:
    """A story as it was last seen, with all that belongs to it; places are in order of time."""

    article: Row
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    images: tuple[Row, ...]
    versions: int  # its texts, the one that stands among them
    places: tuple[Row, ...]  # file, offset and length of each answer that showed it
    elsewhere: tuple[Row, ...]  # the same story in other sources, the earliest first
    translations: tuple[Row, ...]  # the same story in the source's other languages


def newest(db: Database, limit: int, before: int | None) -> list[Row]:
    """Return the newest stories, only those older than the story `before` where it is given."""
    return db.rows(_NEWEST, (_BEYOND if before is None else before, limit))


def story(db: Database, number: int) -> Story | None:
    """Return the story of this id whole; None where there is none."""
    article = db.row(_ONE, (number,)) if abs(number) < _BEYOND else None
    if article is None:
        return None
    images = db.rows("SELECT * FROM images WHERE article_id = ? ORDER BY position", (number,))
    return Story(
        article, _names(db, "authors", number), _names(db, "tags", number), tuple(images),
        article["versions"], tuple(db.rows(_PLACES, (number,))),
        tuple(db.rows(_ELSEWHERE, (number,))),
        tuple(db.rows(_TRANSLATIONS, (number, article["source"], article["language"]))),
    )


def _names(db: Database, table: str, number: int) -> tuple[str, ...]:
    rows = db.rows(f"SELECT name FROM {table} WHERE article_id = ? ORDER BY position", (number,))
    return tuple(row["name"] for row in rows)
