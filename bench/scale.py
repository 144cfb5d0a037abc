"""Archives of a hundred thousand stories and of a million: write them, and measure what they cost.

    python bench/scale.py write FILE --stories 1000000     # goes on where it was stopped
    python bench/scale.py insert FILE --stories 2000       # stores the next ones, a page a transaction, beside peers
    python bench/scale.py size FILE
    python bench/scale.py ask FILE
    python bench/scale.py commands FILE                    # time and memory of the program's commands on it

The stories are invented (invented.py) and go in through the store by the calls that a harvest makes, a run for every
two hundred: begin, listed, save, a second look at some (one in eight unchanged, one in thirty edited), finish. Only the
commits differ: `write` joins a run into one transaction and waits for no disk.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from asking import print_answers
from commanding import print_commands
from invented import SITES, address, fetched, receipt, sight, source_of, teaser
from scraper.records import Index
from scraper.reports import Coverage, SourceReport
from scraper.store import Store
from scraper.tables.database import Database
from scraper.tables.migrations import MIGRATIONS
from scraper.tables.opening import database
from weighing import print_insert_costs, print_sizes

RUN = 10 * len(SITES)  # stories
WATCHED = 20  # every so many runs are judged as harvests are
FIELDS = ("article", "published", "authors", "section", "image", "caption", "lead")


class Joined(Database):
    """An archive whose writes are joined by the one who opened it: each is a part of a greater transaction."""

    @contextmanager
    def writing(self, what: str) -> Iterator[None]:
        """Hold no transaction of its own."""
        del what
        yield

    def checkpoint(self) -> None:
        """Wait for the end."""


def write(path: Path, stories: int) -> None:
    """Bring the archive up to so many stories, each run one transaction, no commit waiting for the disk."""
    database(path, MIGRATIONS, busy_s=60, check_s=0).close()
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=512)
    connection.executescript("PRAGMA synchronous = OFF; PRAGMA cache_size = -262144; PRAGMA foreign_keys = ON")
    plain, store, began = Database(path, connection), Store(Joined(path, connection)), time.monotonic()
    (row,) = plain.rows("SELECT count(*) AS stories FROM articles")
    for first in range(row["stories"], stories, RUN):
        with plain.writing("run"):
            harvest(store, first, min(first + RUN, stories))
        if first // RUN % 100 == 99:
            print(f"{first + RUN:9,} stories, {time.monotonic() - began:6.0f} s", flush=True)
    plain.close()


def harvest(store: Store, first: int, last: int) -> None:
    """Make one run: the stories of these numbers are listed, archived, and some of those before looked at again."""
    run = store.begin(fetched(first))
    for place, source in enumerate(SITES):
        teasers = tuple(teaser(number) for number in range(first + place, last, len(SITES)))
        store.listed(source, Index(source.discover[0].url, fetched(first), teasers))
    for number in range(first, last):
        save(store, number)
        look_again(store, number - RUN)
    reports = tuple(_report(source.key) for source in SITES)
    watched = first // RUN % WATCHED == 0
    (store.finish if watched else store.finish_unwatched)(run, reports, fetched(last), code=0)


def save(store: Store, number: int) -> None:
    """Archive one story, in one transaction where the store makes its own."""
    seen = sight(number)
    store.save(seen.source, seen.page, seen.response)


def look_again(store: Store, number: int) -> None:
    """Look at some stories once more, five hours later: one in eight is as it was, one in thirty was edited."""
    if number < 0:
        return
    if number % 30 == 7:
        seen = sight(number, edited=True)
        store.save(seen.source, seen.page, seen.response)
    elif number % 8 == 3:
        at = fetched(number) + timedelta(hours=5)
        store.unmodified(source_of(number), address(number), (receipt(number, at, 304, again=True),), at)


def _report(key: str) -> SourceReport:
    coverage = tuple(Coverage("story", field, 10, 10 - (field == "caption") * 4) for field in FIELDS)
    return SourceReport(key, listings=1, listed=10, new=10, coverage=coverage)


def main() -> None:
    """Write, or measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("act", choices=("write", "insert", "size", "ask", "commands"))
    parser.add_argument("file", type=Path)
    parser.add_argument("--stories", type=int, default=100_000)
    args = parser.parse_args()
    if args.act in ("write", "insert"):
        {"write": write, "insert": print_insert_costs}[args.act](args.file, args.stories)
    else:
        {"size": print_sizes, "ask": print_answers, "commands": print_commands}[args.act](args.file)


if __name__ == "__main__":
    main()
