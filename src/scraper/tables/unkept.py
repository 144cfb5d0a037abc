"""Stories whose bytes are not kept, as a noarchive mark asks: what their captures showed, for another archive to take.

Such a story cannot be read again; its rows are all there is. A superseded text knows no origins, and of its date
the instant alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from scraper.records import Article, Block, Image, Kept, Origin, Page, Response, Stamp
from scraper.source import Source
from scraper.tables.articles import archive_article, note_addresses
from scraper.tables.bookkeeping import note_source
from scraper.tables.database import Database, Row
from scraper.tables.origins import origins_of
from scraper.tables.outcomes import Outcome
from scraper.tables.revisions import Content, stored_content, version_content
from scraper.tables.schema import utc_from, utc_text


@dataclass(frozen=True, slots=True)
class Unkept:
    """An answer whose bytes are not kept, or that confirms such: its row's number, its source, the story it showed."""

    number: int
    source: str | None
    receipt: Kept
    page: Page | None = None
    addresses: tuple[str, ...] = ()  # every one that leads to the story


# a 304 that confirms bytes nobody kept has no digest, and its record no original
_AFTER = """
SELECT * FROM fetches WHERE id > ? AND (
    file IS NULL AND status IN (200, 304) OR status = 304 AND digest IS NULL AND article_id IS NOT NULL
) ORDER BY id LIMIT ?
"""
_KNOWN = "SELECT 1 FROM fetches WHERE fetched = ? AND url = ? AND digest IS ? AND article_id IS NOT NULL"


def unkept_after(db: Database, number: int, limit: int) -> list[Unkept]:
    """Return the next answers whose bytes are not kept, in the order of their rows."""
    return [_unkept(db, row) for row in db.rows(_AFTER, (number, limit))]


def take_unkept(db: Database, source: Source, told: Unkept, page: Page) -> Outcome | None:
    """Store the story that another archive's capture showed; None where this very capture is known."""
    receipt, article = told.receipt, page.article
    if article is None or db.row(_KNOWN, (utc_text(receipt.fetched), receipt.url, receipt.digest)):
        return None
    note_source(db, source, receipt.fetched)
    response = Response(article.url, article.url, receipt.status, (), b"", receipt.fetched, (receipt,))
    outcome, number = archive_article(db, article, response, source)
    note_addresses(db, source.key, told.addresses, number, receipt.fetched)
    return outcome


def _unkept(db: Database, row: Row) -> Unkept:
    receipt = Kept(row["url"], utc_from(row["fetched"]), row["status"], row["wire_bytes"], row["digest"])
    told = Unkept(row["id"], row["source"], receipt)
    known = db.row("SELECT * FROM articles WHERE id = ?", (row["article_id"],))
    article = _shown(db, known, row["revision"]) if known and row["revision"] else None
    if article is None:
        return told
    urls = db.rows("SELECT url FROM article_urls WHERE article_id = ? ORDER BY url", (row["article_id"],))
    page = Page(article.url, receipt.fetched, article)
    return replace(told, page=page, addresses=tuple(each["url"] for each in urls))


def _shown(db: Database, row: Row, revision: str) -> Article | None:
    """Return the story in the text of this revision, None where that text is not kept."""
    if revision == row["revision"]:
        origins = tuple(Origin(**each) for each in origins_of(db, row))
        return replace(_article(db, row, stored_content(db, row)), published=_published(row), origins=origins)
    content = version_content(db, row["id"], revision)
    return None if content is None else _article(db, row, content)


def _article(db: Database, row: Row, content: Content) -> Article:
    shared = db.row("SELECT shared_id FROM shared_ids WHERE article_id = ?", (row["id"],))
    return Article(
        url=row["url"], headline=content["headline"], body=content["body"], canonical=content["canonical"],
        external_id=content["external_id"], lead=content["lead"], authors=tuple(content["authors"]),
        byline=content["byline"], section=content["section"], tags=tuple(content["tags"]),
        language=content["language"], alternates=tuple(_alternates(db, row["id"])),
        shared_id=shared["shared_id"] if shared else None,
        published=_stamp(content["published"], content["published_raw"]), modified=_stamp(content["modified"], None),
        images=tuple(Image(**image) for image in content["images"]),
        blocks=tuple(Block(**block) for block in content["blocks"]),
        truncated=bool(content["truncated"]), paywalled=bool(content["paywalled"]),
        noarchive=bool(content["noarchive"]),
    )


def _alternates(db: Database, number: int) -> Iterator[tuple[str, str]]:
    for row in db.rows("SELECT language, url FROM alternates WHERE article_id = ? ORDER BY url", (number,)):
        yield row["language"], row["url"]


def _published(row: Row) -> Stamp | None:
    if row["published_raw"] is None:
        return None
    return Stamp(row["published_raw"], _instant(row["published"]), _day(row["published_date"]),
                 row["published_precision"], row["published_zone"], row["published_fault"])


def _stamp(instant: str | None, raw: str | None) -> Stamp | None:
    if instant is None and raw is None:
        return None
    return Stamp(raw or str(instant), _instant(instant), None, "second", "page")


def _instant(text: str | None) -> datetime | None:
    return utc_from(text) if text else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
