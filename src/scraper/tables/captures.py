"""One article as one response showed it: its addresses, and its columns in `articles`. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache

from scraper.records import Article, Block, Origin, Response, Stamp
from scraper.source import Source
from scraper.tables.database import Row
from scraper.tables.identity import revision, text_hash
from scraper.tables.schema import utc_text
from scraper.urls import normalised


@dataclass(frozen=True, slots=True)
class Capture:
    """One article as one response showed it: `asked` and `url` (the one that answered) are normalised."""

    article: Article
    response: Response
    source: Source
    asked: str
    url: str
    row: Row  # its columns in `articles`

    @property
    def text(self) -> str:
        return f"{self.article.headline}\n{self.article.body}"


def capture_from(article: Article, response: Response, source: Source) -> Capture:
    """Return what one response showed of an article."""
    return Capture(
        article, response, source, normalised(response.asked, source.drop_query),
        normalised(article.url, source.drop_query), row_from(article, response, source),
    )


def row_from(article: Article, response: Response, source: Source) -> Row:
    """Return the columns of `articles` as one response showed them."""
    seen = utc_text(response.fetched)
    published, believed = article.published, _believed(article.published)
    return {
        "source": source.key, "url": normalised(article.url, source.drop_query), "headline": article.headline,
        "lead": article.lead, "body": article.body, "byline": article.byline, "section": article.section,
        "language": article.language,
        "published": _instant_of(believed),
        "published_date": believed.day.isoformat() if believed and believed.day else None,
        "published_raw": published and published.raw, "published_precision": published and published.precision,
        "published_zone": published and published.zone, "published_fault": published and published.fault,
        "modified": _instant_of(_believed(article.modified)), "external_id": article.external_id,
        "canonical": article.canonical and normalised(article.canonical, source.drop_query),
        "captions": "\n".join(text for image in article.images for text in (image.caption, image.credit) if text),
        "body_json": json.dumps([_plain(block) for block in article.blocks]),
        "origins": _origins_json(article.origins),
        "truncated": int(article.truncated), "paywalled": int(article.paywalled),
        "noarchive": int(article.noarchive),
        "first_seen": seen, "last_seen": seen, "text_since": seen, "withdrawn": None,
        "text_hash": text_hash(article.headline, article.body), "revision": revision(article),
    }


def known_date(row: Row, known: Row) -> Row:
    """Return the columns of the known date where a row shows none, or only the day of it; else nothing."""
    same_day = row["published_precision"] == "day" and row["published_date"] == known["published_date"]
    if known["published"] is None or not (row["published_raw"] is None or same_day):
        return {}
    return {name: known[name] for name in known if name.startswith("published")}


@lru_cache(maxsize=64)  # most stories of a site have the same
def _origins_json(origins: tuple[Origin, ...]) -> str:
    return json.dumps([_plain(origin) for origin in origins], ensure_ascii=False)


def _plain(record: Block | Origin) -> dict[str, object]:
    """Return a flat record by field; dataclasses.asdict copies each value, and took a tenth of a story's saving."""
    return {name: getattr(record, name) for name in record.__slots__}


def _believed(stamp: Stamp | None) -> Stamp | None:
    return stamp if stamp and stamp.fault is None else None


def _instant_of(stamp: Stamp | None) -> str | None:
    return utc_text(stamp.instant) if stamp and stamp.instant else None
