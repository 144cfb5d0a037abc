"""Pack a folder of annotated pages as a WARC file, import it with --any, and count what is stored.

    python bench/packed.py FOLDER

FOLDER holds *.jsonl files, a page a line with `url` and `html_path` (lzma), as extraction benchmarks publish them.
"""

from __future__ import annotations

import json
import lzma
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from scraper.archive import WarcArchive
from scraper.cli.context import Context
from scraper.cli.stored import imported
from scraper.config import Settings
from scraper.errors import ParseError
from scraper.parse import extract
from scraper.records import Exchange
from scraper.sights import Atlas, stranger
from scraper.store import Store

CAPTURED = datetime(2026, 1, 1, tzinfo=UTC)
HEADERS = (("Content-Type", "text/html"),)


def pages(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the address and the bytes of each page, each file once."""
    seen = set[str]()
    for listing in sorted(folder.glob("*.jsonl")):
        for line in listing.read_text("utf-8").splitlines():
            row = json.loads(line)
            if row["html_path"] not in seen and row["url"].startswith("http"):
                seen.add(row["html_path"])
                yield row["url"], lzma.decompress((folder / row["html_path"]).read_bytes())


def holds_article(url: str, body: bytes) -> bool:
    """Tell whether a page holds an article, read by itself."""
    try:
        extract(body, url)
    except ParseError:
        return False
    return True


def main(folder: Path) -> None:
    """Pack, import, and print the counts."""
    with TemporaryDirectory() as scratch:
        place = Path(scratch)
        found = dict(pages(folder))
        with WarcArchive(place / "packed") as packed:
            for number, (url, body) in enumerate(found.items()):
                at = CAPTURED + timedelta(seconds=number)
                packed.keep(Exchange(url, at, status=200, reason="OK", headers=HEADERS, wire=body))
        context = Context(Settings(db=place / "news.db"), place, 0, debug=False)
        began = time.perf_counter()
        brought, _ = imported(context, [place / "packed"], Atlas([], stranger))
        took = time.perf_counter() - began
        outcomes = sum(brought.brought.counts.values(), Counter[str]())
        with Store.reading(place / "news.db") as store:
            stored = {row["url"] for row in store.rows("article_urls")}
        wanted = [url for url, body in found.items() if holds_article(url, body)]
        print(f"{len(found)} pages, {len(wanted)} hold an article; imported in {took:.1f} s: {dict(outcomes)}")
        print(f"{len(stored)} addresses stored; {len(brought.brought.problems)} unreadable")
        for problem in brought.brought.problems:
            print(f"  {problem.reason}: {problem.url}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
