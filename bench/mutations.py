"""Damaged pages through the parser: nothing but a ParseError may come out, and none may take over a second.

    python bench/mutations.py FOLDER... [--pages 100000] [--seed 1] [--tally FILE]

A FOLDER holds pages as .html or .html.xz, at any depth. Each is cut, spliced with others, repeated in part, or has
bytes, tags and quotes changed by chance, and comes with a right, a wrong, an impossible or no charset in its header.
Page n of a seed is always the same. With --tally the sum is kept, and a run that was ended goes on where it stood.
"""

from __future__ import annotations

import argparse
import lzma
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random

from scraper.errors import ParseError
from scraper.parse import page_from
from scraper.records import Response
from scraper.source import Source
from tally import counted, tally_from

MOST_BYTES = 400_000  # of a seed; larger ones only slow the count
FETCHED = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SOURCE = Source(key="mutations", home="https://mutations.example/", discover=(), timezone="Asia/Bishkek")
SCRAPS = (
    b"<", b">", b'"', b"<!--", b"]]>", b"</div>", b"<table><tr>",
    b"<a href=", b"&#x0;", b"\x00", b"\xff", b"<p>", b"<br>" * 50, b"KGS/USD = 0.0",
    b'<script type="application/ld+json">',
)  # fmt: skip
TYPES = (None, "text/html", "text/html; charset=utf-8", "text/html; charset=windows-1251", "text/html; charset=hex")


def pages_in(folders: list[Path]) -> list[bytes]:
    """Return every page below the folders."""
    packed = (lzma.decompress(path.read_bytes()) for folder in folders for path in sorted(folder.rglob("*.html.xz")))
    plain = (path.read_bytes() for folder in folders for path in sorted(folder.rglob("*.html")))
    return [page for page in (*packed, *plain) if len(page) <= MOST_BYTES]


def mutated(page: bytes, pages: list[bytes], random: Random) -> bytes:
    """Return the page with one to six accidents."""
    data = bytearray(page)
    for _ in range(random.randint(1, 6)):
        at, end = sorted(random.randrange(len(data) + 1) for _ in range(2))
        accident = random.randrange(6)
        if accident == 0:
            del data[at : min(end, at + 20_000)]
        elif accident == 1:
            data[at:at] = data[at : min(end, at + 5_000)] * random.randint(1, 5)
        elif accident == 2:
            other = random.choice(pages)
            data[at:at] = other[: random.randrange(20_000)]
        elif accident == 3:
            data[at:at] = random.choice(SCRAPS) * random.randint(1, 30)
        elif accident == 4 and data:
            for _ in range(random.randint(1, 200)):
                data[random.randrange(len(data))] = random.randrange(256)
        else:
            del data[at:]
    return bytes(data)


def response(body: bytes, random: Random) -> Response:
    """Return the answer that brings a body."""
    label = random.choice(TYPES)
    url, headers = "https://mutations.example/news/1", (("Content-Type", label),) if label else ()
    return Response(url, url, 200, headers, body, FETCHED)


def main() -> int:
    """Print the counts, and each page that broke the rule."""
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    cli.add_argument("--pages", type=int, default=100_000)
    cli.add_argument("--seed", type=int, default=1)
    cli.add_argument("--tally", type=Path)
    options = cli.parse_args()
    pages, tally = pages_in(options.folders), tally_from(options.tally)
    for number in counted(tally, options.tally, options.pages):
        random = Random(f"{options.seed} {number}")
        answer = response(mutated(pages[number % len(pages)], pages, random), random)
        tally.count(partial(page_from, answer, SOURCE), ParseError, f"page {number} of seed {options.seed}")
    print(f"damaged pages of {len(pages)}, seed {options.seed}: {tally.verdict()}")
    return 1 if tally.slow or tally.errors else 0


if __name__ == "__main__":
    sys.exit(main())
