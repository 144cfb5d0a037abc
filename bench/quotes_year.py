"""Measure a simulated year of tickers: 15-minute polls, 12 pages a run, 5 pairs (design.md, section 6).

    python bench/quotes_year.py [DAYS]

Prints rows, bytes of quotes, log and indexes (dbstat), and the time per page inside its transaction.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from scraper.records import Quote, Ticker
from scraper.source import Source
from scraper.tables.bookkeeping import note_source
from scraper.tables.database import Database
from scraper.tables.migrations import MIGRATIONS
from scraper.tables.opening import database
from scraper.tables.timeline import observe

START = datetime(2026, 1, 1, tzinfo=UTC)
PAGES = 12
# label, digits, first rate in units of the last digit, chance that a poll finds it moved
PAIRS = (("KGS/USD", 5, 1144, 0.03), ("KZT/USD", 5, 195, 0.01), ("TJS/USD", 5, 10544, 0.03), ("UZS/USD", 5, 8, 0.0005),
         ("TMT/USD", 5, 28571, 0.0))
TABLES = ("pairs", "quotes", "observations", "sqlite_autoindex_pairs_1", "sqlite_autoindex_observations_1")


def polls(days: int) -> Iterator[tuple[datetime, Ticker]]:
    """Yield the ticker of each quarter of an hour, its rates on a random walk."""
    chance = random.Random(1)
    units = [first for _, _, first, _ in PAIRS]
    changes = ["0%"] * len(PAIRS)
    for poll in range(days * 96):
        for number, (_, _, _, moving) in enumerate(PAIRS):
            if chance.random() < moving:
                step = chance.choice((-2, -1, 1, 2))
                changes[number] = f"{100 * step / units[number]:.2f}%"
                units[number] = max(1, units[number] + step)
        yield START + timedelta(minutes=15 * poll), Ticker(tuple(map(quote, PAIRS, units, changes)))


def quote(pair: tuple[str, int, int, float], units: int, change: str) -> Quote:
    """Return one entry as the page prints it."""
    label, digits, _, _ = pair
    base, counter = label.split("/")
    rate = Decimal(units).scaleb(-digits)
    return Quote(base, counter, rate, f"{rate:f}", Decimal(change.strip("%")), change)


def simulate(db: Database, days: int) -> list[float]:
    """Observe every page; return the seconds each took."""
    chance, took = random.Random(2), []
    for instant, ticker in polls(days):
        at = instant + timedelta(seconds=chance.randrange(60))
        with db.writing("poll"):
            for _ in range(PAGES):
                at += timedelta(seconds=chance.randrange(1, 5))
                started = time.perf_counter()
                observe(db, "site", ticker, at, "https://site.example/")
                took.append(time.perf_counter() - started)
    return took


def main(days: int) -> None:
    """Run the simulation in a temporary file and print what it cost."""
    with tempfile.TemporaryDirectory() as folder:
        db = database(Path(folder) / "year.db", MIGRATIONS, busy_s=1, check_s=0)
        note_source(db, Source("site", "https://site.example/", ()), START)
        db.execute("PRAGMA synchronous = OFF")  # the disk is not what is measured
        took = sorted(simulate(db, days))
        rows = {name: db.rows(f"SELECT count(*) AS n FROM {name}")[0]["n"] for name in ("quotes", "observations")}
        pages = db.rows("SELECT name, sum(pgsize) AS n FROM dbstat GROUP BY name")
        sizes = {row["name"]: row["n"] for row in pages if row["name"] in TABLES}
        print(f"{days} days, {len(took)} pages, {5 * len(took)} readings")
        print(f"rows: {rows['quotes']} quotes, {rows['observations']} days of log")
        print(f"bytes: {sum(sizes.values()):,} ({', '.join(f'{name} {size:,}' for name, size in sizes.items())})")
        print(f"ms a page: median {1000 * took[len(took) // 2]:.2f}, p99 {1000 * took[int(0.99 * len(took))]:.2f}")
        db.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 365)
