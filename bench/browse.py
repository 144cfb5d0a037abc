"""Measure `scraper serve` over an archive: how long each kind of page takes through HTTP, as one reader sees it.

    python bench/scale.py write FILE --stories 100000
    python bench/browse.py FILE [--asked 40]

A dashboard is its page and then, one after another, the data of each of its charts, as the browser fetches them.
Stories and words are drawn by chance from the archive: a common word stands in a tenth of the stories or more, a rare
one in twenty at most. Nothing is warmed up but the server itself; the file may be in the system's cache.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from scraper.browse.metadata import metadata_from
from scraper.store import Store

Kinds = dict[str, list[Sequence[str]]]  # what a page is called -> the requests of each visit
HANG_S = 60.0


@contextmanager
def served(db: Path) -> Iterator[tuple[str, int]]:
    """Serve the archive; yield its address, without a final slash, and the server's process number."""
    args = [sys.executable, "-m", "scraper", "-d", str(db), "serve", "--port", "0"]
    process = subprocess.Popen(args, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip().rstrip("/"), process.pid
    finally:
        process.terminate()
        process.wait(HANG_S)


def visits(db: Path, asked: int) -> Kinds:
    """Return the pages to visit, `asked` of each kind."""
    chance = random.Random(1)
    with Store.reading(db) as store:
        numbers = [row["id"] for row in store.rows("SELECT id FROM articles")]
        edited = [row["article_id"] for row in store.rows("SELECT DISTINCT article_id FROM article_versions")]
        dashboards = metadata_from(store)["plugins"]["datasette-dashboards"]
    common, middling, rare = words(db, len(numbers))

    def some(values: Sequence[Any], count: int = asked) -> list[Any]:
        return chance.choices(values, k=count) if values else []

    kinds = {
        "front page": ["/"] * asked,
        "front page, further back": [f"/?before={number}" for number in some(numbers)],
        "story": [f"/-/story/{number}" for number in some(numbers)],
        "versions": [f"/-/story/{number}/versions" for number in some(edited)],
        "search, rare word": [search(word) for word in some(rare)],
        "search, middling word": [search(word) for word in some(middling)],
        "search, common word": [search(word) for word in some(common)],
        "search, two common words": [search(f"{one} {other}") for one, other in zip(*_two(some, common), strict=True)],
        "search, newest with a common word": [f"{search(word)}&order=newest" for word in some(common)],
        "table of stories": ["/news/articles"] * asked,
        "table of stories, narrowed": [f"/news/articles?_search={quote(word)}" for word in some(middling)],
    }
    alone: Kinds = {name: [[path] for path in paths] for name, paths in kinds.items()}
    return alone | {f"dashboard {name}": [requests(name, each)] * asked for name, each in dashboards.items()}


def _two(some: Any, values: Sequence[str]) -> tuple[list[str], list[str]]:
    return some(values), some(values)


def search(words: str) -> str:
    """Return the address of a search."""
    return f"/-/search?q={quote(words)}"


def requests(name: str, dashboard: dict[str, Any]) -> list[str]:
    """Return what a browser asks for to show a dashboard, its filters as they stand at first."""
    filters = {key: each["default"] for key, each in dashboard.get("filters", {}).items()}
    values = "&".join(f"{key}={quote(value)}" for key, value in filters.items())
    queries = (re.sub(r"\[\[(.*?)\]\]", r"\1", chart["query"]) for chart in dashboard["charts"].values())
    return [f"/-/dashboards/{name}?{values}",
            *(f"/news.json?sql={quote(query)}&{values}&_shape=objects" for query in queries)]


def words(db: Path, stories: int) -> tuple[list[str], list[str], list[str]]:
    """Return words that many stories hold, some, and hardly any."""
    with closing(sqlite3.connect(f"{db.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        connection.execute("CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, articles_fts, row)")
        rows = connection.execute("SELECT term, doc FROM temp.terms WHERE length(term) > 2").fetchall()
    return ([term for term, held in rows if held >= stories / 10],
            [term for term, held in rows if stories / 1000 <= held < stories / 100],
            [term for term, held in rows if held <= 20])


def took(home: str, paths: Sequence[str]) -> float:
    """Return the milliseconds until all answers are read whole."""
    began = time.perf_counter()
    for path in paths:
        with urllib.request.urlopen(home + path, timeout=HANG_S) as answer:
            answer.read()
    return 1000 * (time.perf_counter() - began)


def cpu_ms(process: int) -> float:
    """Return the processor time a process has had, over all its threads."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Visit everything and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--asked", type=int, default=40)
    args = parser.parse_args()
    kinds = visits(args.file, args.asked)
    print("| page | median | p95 | slowest | CPU, mean |\n|---|---|---|---|---|")
    with served(args.file) as (home, server):
        for name, each in kinds.items():
            before = cpu_ms(server)
            times = sorted(took(home, paths) for paths in each)
            if times:
                middle, late = times[len(times) // 2], times[int(0.95 * (len(times) - 1))]
                print(f"| {name} | {middle:.0f} ms | {late:.0f} ms | {times[-1]:.0f} ms "
                      f"| {(cpu_ms(server) - before) / len(times):.0f} ms |", flush=True)


if __name__ == "__main__":
    main()
