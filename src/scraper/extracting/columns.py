"""The columns of what an extraction writes; those that `scraper export` has too have its names and types."""

from __future__ import annotations

from typing import Final

from scraper.store import EXPORTS, Field

_EXPORTED = {table: {field.name: field.kind for field in export.fields} for table, export in EXPORTS.items()}
_PLACE = (Field("warc", "text"), Field("warc_offset", "integer"), Field("fetched", "instant"))


def _as_exported(table: str, names: str) -> tuple[Field, ...]:
    return tuple(Field(name, _EXPORTED[table][name]) for name in names.split())


TABLES: Final[dict[str, tuple[Field, ...]]] = {
    "articles": (
        *_PLACE,
        *_as_exported("articles", "source url headline lead body byline authors tags section language published"
                                  " published_date published_raw published_precision"),
        Field("published_zone", "text"), Field("published_fault", "text"),
        *_as_exported("articles", "modified canonical external_id captions truncated paywalled"),
        Field("images", "images"), Field("blocks", "blocks"), Field("origins", "origins"),
    ),
    "quotes": (
        *_PLACE, Field("url", "text"),
        *_as_exported("quotes", "source label base counter rate rate_text change change_text kind unit change_in"),
    ),
    "unread": (*_PLACE, Field("url", "text"), Field("why", "text"), Field("reason", "text")),
}  # fmt: skip
