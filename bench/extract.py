"""What `scraper extract` costs, and what a second worker brings: whole processes, interleaved, medians.

    python bench/extract.py [FOLDER] [--files N] [--rounds N]    a folder of annotated pages, or written ones without

Wall time tells only on a machine with two cores to spare: the load is printed beside it. The bound by CPU is what
the CPU time of both runs allows: twice the cost with one worker over the cost with two. Start-up is in all figures.
Parts are compared byte by byte, so that a run that lost a page cannot look fast.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.dataset as ds

from newssite import stories_of
from scraper.archive import WarcArchive
from scraper.records import Exchange

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
HTML = (("Content-Type", "text/html"),)
PAGES = 400  # a file


@dataclass(frozen=True, slots=True)
class Run:
    """One extraction: seconds of the clock and of all its processes' CPU."""

    wall_s: float
    cpu_s: float


def made_files(pages: Sequence[bytes], count: int, folder: Path) -> list[Path]:
    """Write WARC files of PAGES pages each, every one with an address of its own."""
    for number in range(count):
        with WarcArchive(folder / f"{number:03d}") as archive:
            for page in range(PAGES):
                url = f"https://site{page % 97}.example/story-{number}-{page}"
                body = pages[(number * PAGES + page) % len(pages)]
                archive.keep(Exchange(url, NOON + timedelta(seconds=page), (), 200, "OK", HTML, body), source=None)
    return sorted(folder.rglob("*.warc.gz"))


def extracted(files: Sequence[Path], folder: Path, workers: int) -> Run:
    """Run the program."""
    command = [sys.executable, "-m", "scraper", "-q", "extract", *map(str, files), "-o", str(folder),
               "--workers", str(workers)]  # fmt: skip
    before, began = os.times(), time.monotonic()
    subprocess.run(command, check=True)
    after, ended = os.times(), time.monotonic()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Run(ended - began, cpu)


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Return the parts by name."""
    return {str(part.relative_to(folder)): part.read_bytes() for part in folder.rglob("*.parquet")}


def main() -> None:
    """Print a line per run, then the medians."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--files", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    pages = [story.page for story in stories_of(asked.folder, 2000 if asked.folder else 400)]
    with tempfile.TemporaryDirectory() as name:
        files = made_files(pages, asked.files, Path(name) / "in")
        runs: dict[int, list[Run]] = {1: [], 2: []}
        for number in range(asked.rounds):
            for workers, done in runs.items():
                done.append(extracted(files, Path(name) / f"out-{workers}-{number}", workers))
                print(f"{workers} workers: wall {done[-1].wall_s:.1f} s, CPU {done[-1].cpu_s:.1f} s,"
                      f" load {os.getloadavg()[0]:.1f}", flush=True)
        out = [Path(name) / f"out-{workers}-0" for workers in runs]
        same = bytes_of(out[0]) == bytes_of(out[1])
        articles = ds.dataset(out[0] / "articles", format="parquet").count_rows()
        packed = sum(len(part) for part in bytes_of(out[0]).values())
    size = sum(map(len, pages)) / len(pages) / 1000
    count = asked.files * PAGES
    (wall1, cpu1), (wall2, cpu2) = (
        (statistics.median(run.wall_s for run in done), statistics.median(run.cpu_s for run in done))
        for done in runs.values()
    )
    print(f"{count} pages of {size:.0f} KB in {asked.files} files: {articles} articles, {packed / count:.0f} bytes of"
          f" Parquet a page, parts {'the same' if same else 'NOT THE SAME'}")
    print(f"pages per CPU second: {count / cpu1:.0f} with one worker, {count / cpu2:.0f} with two")
    print(f"two workers against one: wall {wall1 / wall2:.2f}, bound by CPU {2 * cpu1 / cpu2:.2f}")


if __name__ == "__main__":
    main()
