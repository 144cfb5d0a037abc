"""The schema explained, out of the comments that stand in it: `python -m scraper.tables.handbook` prints it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scraper.tables.closes import CLOSE_VIEWS
from scraper.tables.copies import COPY_VIEWS
from scraper.tables.database import Database
from scraper.tables.ledger import COVERAGE_BY_MONTH
from scraper.tables.narrowed import NARROWED_VIEWS
from scraper.tables.noarchive import ARTICLE_COLUMNS
from scraper.tables.rates import PAIR_COLUMNS, RATE_VIEWS
from scraper.tables.scale import SCALE_VIEWS, STORY_COLUMNS
from scraper.tables.schema import TABLES
from scraper.tables.translations import TRANSLATIONS
from scraper.tables.views import COMPUTED, FOR_ANALYSTS, VIEWS
from scraper.tables.vitals import SOURCE_HEALTH

# of a view that was made anew the last form counts
_ALL_VIEWS = tuple({sql.split()[2]: sql for sql in (
    *VIEWS, *FOR_ANALYSTS, SOURCE_HEALTH, COVERAGE_BY_MONTH, *RATE_VIEWS, TRANSLATIONS,
    *COPY_VIEWS, *CLOSE_VIEWS, *SCALE_VIEWS, *NARROWED_VIEWS,
)}.values())  # fmt: skip
_ADDED = {"pairs": PAIR_COLUMNS, "articles": (*STORY_COLUMNS, *ARTICLE_COLUMNS)}
_FIRST = re.compile(r"CREATE (?:TABLE|VIEW) (\w+) (?:\(|AS)  -- (.+)")
_COLUMN = re.compile(r"    (\w+) (TEXT|INTEGER|REAL|BLOB)\b(.*?)(?:  -- (.+))?")

# columns that mean the same in every table that has them
_EVERYWHERE = {
    "article_id": "the story",
    "basis": "what the number rests on",
    "base": "the currency that is priced",
    "counter": "the currency it is priced in",
    "headline": "the story's title",
    "id": "the row's number",
    "last_error": "what went wrong the last time",
    "last_status": "HTTP status of the last answer",
    "length": "bytes in that file",
    "name": "as printed",
    "offset": "byte in that file",
    "pair_id": "the pair",
    "paywalled": "1 where the page asks for payment",
    "position": "its place in the order printed",
    "published_precision": "how exactly the page says it: second, minute or day",
    "rate_text": "as printed",
    "reason": "why",
    "role": "cover, inline or gallery",
    "run_id": "the run",
    "section": "the publisher's own heading for it",
    "source": "the site, as in sources.key",
    "status": "HTTP status",
    "stories": "how many",
    "task": "what was begun and has not ended",
    "text": "as printed",
    "url": "its address",
    "alt": "what the page says to those who cannot see it",
    "caption": "the text beneath, as printed",
    "credit": "whose picture it is, as printed",
    "body": "its text",
    "change_text": "as printed",
    "committed_bytes": "how many of its bytes are known to be whole",
    "kind": "which of its sort",
    "message": "the alert in words",
    "origin": "scheme, host and port",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column, its SQLite type, and what it holds ("" where its name says it)."""

    name: str
    kind: str
    about: str


@dataclass(frozen=True, slots=True)
class Explained:
    """A table or a view, what its rows are, and a table's columns."""

    name: str
    about: str
    columns: tuple[Column, ...] = ()


def explained() -> tuple[Explained, ...]:
    """Return every table and view of an archive, in the order of the schema."""
    return tuple(_explained(statement) for statement in (*TABLES, *_ALL_VIEWS))


def described(db: Database) -> tuple[Explained, ...]:
    """Return every table and view as it is in the file, each column with what it holds."""
    return tuple(Explained(each.name, each.about, tuple(
        Column(row["name"], row["type"].lower(), meaning(each.name, row["name"]))
        for row in db.rows("SELECT name, type FROM pragma_table_info(?)", (each.name,))
    )) for each in explained())


def meaning(name: str, column: str) -> str:
    """Return what a column of a table or a view holds; "" where nobody has said it.

    A view's column is what the view computes, or else what it holds in the tables the view is made from.
    """
    tables = {each.name: {col.name: col.about for col in each.columns} for each in explained()}
    if tables[name]:
        return tables[name].get(column) or _EVERYWHERE.get(column, "")
    if column in COMPUTED:
        return COMPUTED[column]
    statement = next(sql for sql in _ALL_VIEWS if f"VIEW {name} " in sql)
    made_from = [each for each in tables if each != name and re.search(rf"(FROM|JOIN) {each}\b", statement)]
    said = (tables[each].get(column) if tables[each] else meaning(each, column) for each in made_from)
    return next(filter(None, said), _EVERYWHERE.get(column, ""))


def _explained(statement: str) -> Explained:
    lines = statement.splitlines()
    first = _FIRST.fullmatch(lines[0])
    assert first is not None, lines[0]
    columns = map(_COLUMN.fullmatch, (*lines[1:], *_ADDED.get(first[1], ()))) if "TABLE" in lines[0] else ()
    return Explained(first[1], first[2], tuple(_column(match) for match in columns if match))


def _column(match: re.Match[str]) -> Column:
    times = "UTC; " if "T[0-2][0-9]:" in match[3] else ""
    refers = re.search(r"REFERENCES (\w+)\((\w+)\)", match[3])
    about = "; ".join(filter(None, (refers and f"`{refers[1]}.{refers[2]}`", match[4])))
    return Column(match[1], match[2].lower(), (times + about).removesuffix("; "))


def handbook() -> Iterator[str]:
    """Yield the schema as lines of Markdown."""
    for each in explained():
        yield from (f"### {each.name}", "", f"{each.about[0].upper()}{each.about[1:]}.", "")
        if each.columns:
            yield from ("| column | type | holds |", "|---|---|---|")
            yield from (f"| `{column.name}` | {column.kind} | {column.about} |" for column in each.columns)
            yield ""


if __name__ == "__main__":
    print("\n".join(handbook()))
