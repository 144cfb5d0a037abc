"""Bring ticker entries that somebody noted from pages into one table of rates, in any order.

    python bench/entries.py FILE.json [ORDERS]     # default: 200 orders

FILE holds a list of {"url", "page_date", "pair", "rate", "change"}: `page_date` a day as printed ("5 March 2026"; its
noon is taken) or null. Pages without a date are put on days of their own before the first, so that all entries take
part. Prints the table of those with a date, and whether every order gave the same one of all.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from scraper.cli.tables import print_rows
from scraper.quotes import ticker_from
from scraper.records import Index, Quote, Ticker
from scraper.source import Source
from scraper.store import Store

DAY = timedelta(days=1)
SITE = Source("noted", "https://noted.example/", ())
TABLE = """
SELECT label, rate_text, change_text, first_seen, last_seen, observations FROM quotes JOIN pairs ON pairs.id = pair_id
ORDER BY label, first_seen
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One rate that a page showed at an instant."""

    url: str
    instant: datetime
    quote: Quote


def entries(rows: Sequence[Mapping[str, str | None]]) -> list[Entry]:
    """Return the entries with an instant each; one that is no entry of a ticker is an error."""
    days = {str(row["url"]): noon(row["page_date"]) for row in rows if row["page_date"]}
    before = min(days.values(), default=datetime(2026, 1, 1, 12, tzinfo=UTC))
    for row in rows:
        if row["url"] not in days:
            days[str(row["url"])] = before = before - 2 * DAY
    return [Entry(str(row["url"]), days[str(row["url"])], quote_of(row)) for row in rows]


def noon(day: str | None) -> datetime:
    """Return the noon of a day as printed."""
    return datetime.strptime(f"{day} 12", "%d %B %Y %H").replace(tzinfo=UTC)


def quote_of(row: Mapping[str, str | None]) -> Quote:
    """Return an entry as the ticker's grammar reads it."""
    (quote,) = ticker_from(f"{row['pair']} = {row['rate']} {row['change'] or ''}".strip()).quotes
    return quote


def table(found: Sequence[Entry], folder: Path) -> list[dict[str, object]]:
    """Return the table of rates that the entries give when they are stored in this order, one by one."""
    with Store.open(folder / "news.db") as store:
        for entry in found:
            store.listed(SITE, Index(entry.url, entry.instant, ticker=Ticker((entry.quote,))))
        return [dict(row) for row in store.rows(TABLE)]


def main(file: Path, orders: int) -> None:
    """Store the entries in many orders, and print what came out."""
    noted = json.loads(file.read_text("utf-8"))
    found = entries(noted)
    wanted, different = None, 0
    for order in range(orders):
        random.Random(order).shuffle(found)
        with TemporaryDirectory() as folder:
            rows = table(found, Path(folder))
        wanted = wanted or rows
        different += rows != wanted
    with TemporaryDirectory() as folder:
        print_rows(table(entries([row for row in noted if row["page_date"]]), Path(folder)), None)
    print(f"{len(found)} entries of {len({entry.url for entry in found})} pages, {len(wanted or [])} rows;"
          f" of {orders} orders {different} gave another table")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 200)
