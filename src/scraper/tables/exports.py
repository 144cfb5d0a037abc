"""What leaves the archive for other programs: each export as a query, its columns typed, its rows by month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from scraper.tables.database import Database, Row

Kind = Literal["text", "texts", "integer", "real", "flag", "instant", "day", "images", "blocks", "origins"]


@dataclass(frozen=True, slots=True)
class Field:
    """A column of what leaves; "texts" is a JSON array of texts, "instant" and "day" are as in every table.

    "images", "blocks" and "origins" are lists of those records; no table of ours has such columns.
    """

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Export:
    """A table as it leaves: its fields in order, those that name a row, and the one that says when it last changed.

    `sql` gives the fields, and each row's `month`, YYYY-MM.
    """

    name: str
    about: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    since: str
    sql: str


_STORY_MONTH = "substr(coalesce(published_date, first_seen), 1, 7) AS month"
_NAMES = "(SELECT json_group_array(name) FROM (SELECT name FROM {0} WHERE article_id = articles.id ORDER BY position))"


def _fields(text: str) -> tuple[Field, ...]:
    """Return fields written as name:kind; a name alone is a text."""
    pairs = (word.partition(":") for word in text.split())
    return tuple(Field(name, kind or "text") for name, _, kind in pairs)  # type: ignore[arg-type]  # Kind, as written below


# last_seen of a story is left out: it moves with every look, and the row would count as changed
EXPORTS = {export.name: export for export in (
    Export(
        "articles", "each story once, as it was last seen",
        _fields("id:integer source url headline lead body byline authors:texts tags:texts section language"
                " published:instant published_date:day published_raw published_precision modified:instant canonical"
                " external_id captions truncated:flag paywalled:flag noarchive:flag first_seen:instant"
                " text_since:instant withdrawn:instant"),
        ("id",), "text_since",
        f"SELECT {_STORY_MONTH}, articles.*, {_NAMES.format('authors')} AS authors, {_NAMES.format('tags')} AS tags"
        " FROM articles",
    ),
    Export(
        "images", "what the stories show",
        _fields("article_id:integer position:integer url alt caption credit role width:integer height:integer"
                " text_since:instant"),
        ("article_id", "position"), "text_since",
        f"SELECT {_STORY_MONTH}, images.*, articles.text_since FROM images JOIN articles ON articles.id = article_id",
    ),
    Export(
        "edits", "each change a publisher made to a story's text",
        _fields("article_id:integer source headline previous_headline url published:instant seen_before:instant"
                " seen_after:instant changed:texts similarity:real silent:flag"),
        ("article_id", "seen_after"), "seen_after", "SELECT substr(seen_after, 1, 7) AS month, * FROM edits",
    ),
    Export(
        "quotes", "a row per run of one unchanged rate",
        _fields("source label base counter rate:real rate_text change:real change_text first_seen:instant"
                " last_seen:instant observations:integer kind unit:integer change_in"),
        ("source", "label", "first_seen"), "last_seen",
        "SELECT substr(first_seen, 1, 7) AS month, source, label, base, counter, kind, unit, change_in,"
        " quotes.*"
        " FROM quotes JOIN pairs ON pairs.id = pair_id",
    ),
    Export(
        "daily_rates", "the last rate of each UTC day on which a pair was seen, and the day's range",
        _fields("source label day:day rate:real rate_text low:real high:real kind unit:integer"),
        ("source", "label", "day"), "day", "SELECT substr(day, 1, 7) AS month, * FROM daily_rates",
    ),
)}


def exported(db: Database, export: Export, since: str) -> Iterator[tuple[str, Row]]:
    """Yield the rows of an export with their months, by month and key; `since` is UTC text, "" for all.

    Texts come as they are stored: those of kind "texts" as JSON.
    """
    sql = f"SELECT * FROM ({export.sql}) WHERE {export.since} >= ? ORDER BY month, {', '.join(export.key)}"
    for row in db.stream(sql, (since,)):
        yield row["month"], {field.name: row[field.name] for field in export.fields}
