"""The schema explained, out of the comments that stand in it: `python -m scraper.tables.handbook` prints it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scraper.tables.ledger import COVERAGE_BY_MONTH
from scraper.tables.schema import TABLES
from scraper.tables.views import VIEWS
from scraper.tables.vitals import SOURCE_HEALTH

_FIRST = re.compile(r"CREATE (?:TABLE|VIEW) (\w+) (?:\(|AS)  -- (.+)")
_COLUMN = re.compile(r"    (\w+) (TEXT|INTEGER|REAL|BLOB)\b(.*?)(?:  -- (.+))?")


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
    return tuple(_explained(statement) for statement in (*TABLES, *VIEWS, SOURCE_HEALTH, COVERAGE_BY_MONTH))


def _explained(statement: str) -> Explained:
    lines = statement.splitlines()
    first = _FIRST.fullmatch(lines[0])
    assert first is not None, lines[0]
    columns = (_COLUMN.fullmatch(line) for line in lines[1:]) if "TABLE" in lines[0] else ()
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
