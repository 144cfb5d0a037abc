"""What writing WARC costs against `gzip -6` of the same bytes, both in CPU time of one run.

    python bench/warc.py [FOLDER]    the pages of a folder (*.html), or written ones without

Rows: pages as servers send them today (gzipped), and as the few send them that do not compress. Columns: milliseconds
a page of gzip -6 alone, of the archive (digests, heads, request and metadata records, write) and the ratio.
"""

from __future__ import annotations

import gzip
import random
import statistics
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scraper.archive import WarcArchive
from scraper.records import Exchange, Headers

ROUNDS = 5
NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
REQUEST: Headers = (
    ("Host", "news.example"),
    ("User-Agent", "scraper/0.1"),
    ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
    ("Accept-Encoding", "gzip"),
    ("Connection", "keep-alive"),
)
ANSWER: Headers = (
    ("Server", "nginx"),
    ("Date", "Sat, 14 Mar 2026 12:00:00 GMT"),
    ("Content-Type", "text/html; charset=utf-8"),
    ("Connection", "keep-alive"),
    ("Vary", "Accept-Encoding"),
    ("Cache-Control", "max-age=60"),
    ("ETag", '"5f3-61a"'),
    ("Last-Modified", "Sat, 14 Mar 2026 11:58:00 GMT"),
)


def written_pages(count: int) -> list[bytes]:
    """Return pages of some 60 KB of markup and random words; the same in each run."""
    dice = random.Random(7)
    words = ["".join(dice.choices("aeinorstlkmdu", k=dice.randint(2, 11))) for _ in range(8000)]
    return [
        b"".join(
            f'<div class="c{n % 40}"><p>{" ".join(dice.choices(words, k=45))}</p></div>\n'.encode() for n in range(170)
        )
        for _ in range(count)
    ]


def cpu_ms(act: Callable[[Sequence[bytes]], None], wires: Sequence[bytes]) -> float:
    """Return CPU milliseconds a page."""
    begin = time.process_time()
    act(wires)
    return (time.process_time() - begin) / len(wires) * 1000


def gzip_alone(wires: Sequence[bytes]) -> None:
    """Deflate each page at level 6."""
    for wire in wires:
        packer = zlib.compressobj(6, zlib.DEFLATED, 31)
        packer.compress(wire)
        packer.flush()


def archived(headers: Headers, folder: Path) -> Callable[[Sequence[bytes]], None]:
    """Return the act of keeping pages that came with these headers; removing the files is left to the caller."""

    def keep(wires: Sequence[bytes]) -> None:
        with WarcArchive(folder / str(time.monotonic_ns())) as archive:
            for number, wire in enumerate(wires):
                url, fetched = f"https://news.example/{number}", NOON + timedelta(seconds=number)
                told = (*headers, ("Content-Length", str(len(wire))))
                archive.keep(Exchange(url, fetched, REQUEST, 200, "OK", told, wire), source="bench")

    return keep


def main() -> None:
    """Print the table; rounds are interleaved, figures are medians."""
    given = sorted(Path(sys.argv[1]).rglob("*.html")) if len(sys.argv) > 1 else []
    pages = [path.read_bytes() for path in given[:400]] or written_pages(300)
    gzipped = [gzip.compress(page, 6, mtime=0) for page in pages]
    for name, wires, headers in (
        ("gzipped by the server", gzipped, (*ANSWER, ("Content-Encoding", "gzip"))),
        ("not compressed", pages, ANSWER),
    ):
        with tempfile.TemporaryDirectory() as folder:
            keep = archived(headers, Path(folder))
            rounds = [(cpu_ms(gzip_alone, wires), cpu_ms(keep, wires)) for _ in range(ROUNDS)]
        alone, kept = (statistics.median(column) for column in zip(*rounds, strict=True))
        size = sum(map(len, wires)) / len(wires) / 1000
        print(f"{name}: {size:.0f} KB a page, gzip -6 {alone:.3f} ms, WARC {kept:.3f} ms, ratio {kept / alone:.2f}")


if __name__ == "__main__":
    main()
