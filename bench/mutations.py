"""Damaged pages through the parser: nothing but a ParseError may come out, and none may take over a second.

    python bench/mutations.py FOLDER [--pages 100000] [--seed 1]

FOLDER holds pages as .html or .html.xz, at any depth. Each is cut, spliced with others, repeated in part, or has bytes,
tags and quotes changed by chance; the time is this process's CPU time, which a busy machine does not stretch.
"""

from __future__ import annotations

import argparse
import lzma
import sys
import time
from pathlib import Path
from random import Random

from scraper.errors import ParseError
from scraper.parse import extract

MOST_BYTES = 400_000  # of a seed; larger ones only slow the count
SLOW_S = 1.0
SCRAPS = (
    b"<", b">", b'"', b"<!--", b"]]>", b"</div>", b"<table><tr>",
    b"<a href=", b"&#x0;", b"\x00", b"\xff", b"<p>", b"<br>" * 50,
)  # fmt: skip


def pages_in(folder: Path) -> list[bytes]:
    """Return every page below `folder`."""
    packed = [lzma.decompress(path.read_bytes()) for path in sorted(folder.rglob("*.html.xz"))]
    plain = [path.read_bytes() for path in sorted(folder.rglob("*.html"))]
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


def main() -> int:
    """Print the counts, and each page that broke the rule."""
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("folder", type=Path)
    cli.add_argument("--pages", type=int, default=100_000)
    cli.add_argument("--seed", type=int, default=1)
    options = cli.parse_args()
    random, pages = Random(options.seed), pages_in(options.folder)
    refused = slow = 0
    slowest = total = 0.0
    for number in range(options.pages):
        page = mutated(pages[number % len(pages)], pages, random)
        begun = time.process_time()
        try:
            extract(page, "https://mutations.example/news/1")
        except ParseError:
            refused += 1
        took = time.process_time() - begun
        total, slowest, slow = total + took, max(slowest, took), slow + (took > SLOW_S)
        if took > SLOW_S:
            print(f"page {number}: {took:.2f} s", file=sys.stderr)
    print(f"{options.pages} damaged pages of {len(pages)}: {refused} refused or no article, 0 other errors")
    print(f"CPU {1e3 * total / options.pages:.1f} ms a page, the slowest {slowest:.2f} s, over {SLOW_S:g} s: {slow}")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
