"""What a story costs in a great archive: the CPU of storing one more, and the bytes of all, beside named peers."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import mean

from invented import Sight, sight
from scraper.store import Store
from scraper.tables.captures import row_from
from scraper.tables.database import Database
from scraper.tables.migrations import MIGRATIONS
from scraper.tables.opening import database

AT_ONCE = 100  # stories stored in one file before it is the other's turn
_TEXT = ("headline", "lead", "body", "byline", "captions")
_TOKENS = "unicode61 remove_diacritics 2 separators 'ʻʼ'"
# of the aggregate, pageno counts pages; its pgsize runs over at 2 GiB in SQLite 3.40
_PARTS = """
SELECT CASE WHEN name LIKE 'articles_fts%' THEN 'articles_fts' ELSE name END AS part,
    sum(pageno) * (SELECT page_size FROM pragma_page_size) AS bytes
FROM dbstat('main', 1) GROUP BY part ORDER BY bytes DESC
"""

Storing = Callable[[Sight], object]


def insert_costs(path: Path, stories: int) -> dict[str, list[float]]:
    """Store the next stories in the great file and in fresh ones, in turns; return the CPU seconds of each.

    Each story is one transaction, synchronous=FULL, in every file.
    """
    with tempfile.TemporaryDirectory(dir=path.parent) as folder, closing(_opened(path)) as great, \
            closing(_opened(Path(folder) / "fresh.db")) as fresh, \
            bare_table(Path(folder) / "bare.db") as bare, plain_search(Path(folder) / "plain.db") as plain:
        first = next(iter(great.rows("SELECT count(*) AS n FROM articles")))["n"]
        files: dict[str, Storing] = {
            "great": lambda seen: Store(great).save(seen.source, seen.page, seen.response),
            "fresh": lambda seen: Store(fresh).save(seen.source, seen.page, seen.response),
            "a bare INSERT": bare, "FTS5 with its own texts": plain,
        }
        costs: dict[str, list[float]] = {name: [] for name in files}
        for start in range(first, first + stories, AT_ONCE):
            sights = [sight(number) for number in range(start, start + AT_ONCE)]
            for name, store in files.items():
                costs[name] += [_cpu(store, seen) for seen in sights]
    return costs


def _opened(path: Path) -> Database:
    return database(path, MIGRATIONS, busy_s=60, check_s=0)


def _cpu(store: Storing, seen: Sight) -> float:
    began = time.process_time()
    store(seen)
    return time.process_time() - began


def columns_of(seen: Sight) -> dict[str, object]:
    """Return a story's columns as they stand in `articles`."""
    assert seen.page.article is not None
    return row_from(seen.page.article, seen.response, seen.source)


@contextmanager
def _peer(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
        yield connection


@contextmanager
def bare_table(path: Path) -> Iterator[Storing]:
    """Yield what puts a story's columns into a table without an index."""
    with _peer(path) as connection:
        names = [*columns_of(sight(0))]
        connection.execute(f"CREATE TABLE stories ({', '.join(names)})")
        insert = f"INSERT INTO stories VALUES ({', '.join('?' * len(names))})"
        yield lambda seen: connection.execute(insert, [*columns_of(seen).values()])


@contextmanager
def plain_search(path: Path) -> Iterator[Storing]:
    """Yield what puts a story's texts into an FTS5 table of SQLite's own making, which keeps them."""
    with _peer(path) as connection:
        connection.execute(f"CREATE VIRTUAL TABLE stories USING fts5({', '.join(_TEXT)}, tokenize=\"{_TOKENS}\")")
        insert = f"INSERT INTO stories VALUES ({', '.join('?' * len(_TEXT))})"
        yield lambda seen: connection.execute(insert, [columns_of(seen)[name] for name in _TEXT])


def print_insert_costs(path: Path, stories: int) -> None:
    """Print what one more story costs."""
    costs = insert_costs(path, stories)
    fresh = mean(costs["fresh"])
    for name, each in costs.items():
        print(f"{name:26} {1000 * mean(each):6.2f} ms CPU a story, {mean(each) / fresh:5.2f} of a fresh file")


def print_sizes(path: Path) -> None:
    """Print what the file weighs, table by table, against the text in it."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        lengths = ", ".join(f"total(length(CAST({name} AS BLOB)))" for name in _TEXT)
        stories, *texts = connection.execute(f"SELECT count(*), {lengths} FROM articles").fetchone()
        text = sum(texts) - texts[1]  # the lead stands in the body, too
        sizes = connection.execute(_PARTS).fetchall()
    print(f"{stories:,} stories, {text / stories:,.0f} bytes of text each: headline, body, byline, captions")
    print(f"the file: {sum(size for _, size in sizes) / text:.2f} of it ({path.stat().st_size:,} bytes)")
    for part, size in sizes[:16]:
        print(f"  {part:30} {size / stories:7,.0f} bytes a story  {size / text:.3f}")
