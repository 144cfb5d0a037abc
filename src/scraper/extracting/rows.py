"""A page into rows of the tables that an extraction writes. No files, no network, no clock.

`warc` and `warc_offset` lead to the bytes: the WARC file's whole address, and where the answer's record begins in it
(None in a file that is one gzip over all records).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal

from scraper.records import Article, Kept, Page, Stamp

Row = dict[str, Any]
Why = Literal["no article", "unreadable", "killed", "bug", "damaged"]


def article_row(article: Article, warc: str, kept: Kept, source: str) -> Row:
    """Return the row of a story; a date that cannot be believed is there as printed, and with its fault."""
    published, modified = article.published, article.modified
    believed = _believed(published)
    row: Row = _sound({
        **_place(warc, kept), "source": source, "url": article.url, "headline": article.headline, "lead": article.lead,
        "body": article.body, "byline": article.byline, "authors": list(article.authors), "tags": list(article.tags),
        "section": article.section, "language": article.language,
        "published": _second(believed.instant) if believed else None,
        "published_date": believed.day if believed else None,
        "published_raw": published and published.raw, "published_precision": published and published.precision,
        "published_zone": published and published.zone, "published_fault": published and published.fault,
        "modified": _second(modified.instant) if modified and _believed(modified) else None,
        "canonical": article.canonical, "external_id": article.external_id,
        "captions": "\n".join(text for image in article.images for text in (image.caption, image.credit) if text),
        "truncated": article.truncated, "paywalled": article.paywalled,
        "images": [asdict(image) for image in article.images], "blocks": [asdict(block) for block in article.blocks],
        "origins": [asdict(origin) for origin in article.origins],
    })
    return row


def quote_rows(page: Page, warc: str, kept: Kept, source: str) -> Iterator[Row]:
    """Yield a row per label of the page's ticker, in page order."""
    for quote in page.ticker.quotes:
        yield _sound({
            **_place(warc, kept), "url": page.url, "source": source, "label": quote.label, "base": quote.base,
            "counter": quote.counter, "rate": float(quote.rate), "rate_text": quote.rate_text,
            "change": None if quote.change is None else float(quote.change), "change_text": quote.change_text,
            "kind": quote.kind, "unit": quote.unit, "change_in": quote.change_in,
        })


def unread_row(warc: str, kept: Kept, why: Why, reason: str) -> Row:
    """Return the row of a page that brought no article."""
    row: Row = _sound({**_place(warc, kept), "url": kept.url, "why": why, "reason": reason})
    return row


def damage_row(warc: str, offset: int, reason: str) -> Row:
    """Return the row of bytes that are no record."""
    return {"warc": warc, "warc_offset": offset, "fetched": None, "url": None, "why": "damaged", "reason": reason}


def _place(warc: str, kept: Kept) -> Row:
    return {"warc": warc, "warc_offset": kept.offset, "fetched": _second(kept.fetched)}


def _believed(stamp: Stamp | None) -> Stamp | None:
    return stamp if stamp and stamp.fault is None else None


def _second(instant: datetime | None) -> datetime | None:
    return instant.replace(microsecond=0) if instant else None


def _sound(value: Any) -> Any:
    """Return a value without halves of surrogate pairs, which escapes in script data leave and no Parquet can hold."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {name: _sound(each) for name, each in value.items()}
    return [_sound(each) for each in value] if isinstance(value, list) else value
