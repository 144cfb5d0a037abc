"""WARC files of invented pages, extractions of them, and what their parts hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds

from newsroom import story_page
from scraper.archive import WarcArchive
from scraper.records import Exchange

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HTML = (("Content-Type", "text/html; charset=utf-8"),)

Answer = tuple[str, bytes]


def story(site: int, number: int) -> Answer:
    """Return a story's address and page."""
    headline = f"Lock {number} of canal {site} opens to the barges again"
    return f"https://canal{site}.example/lock-{number}", story_page(headline, f"Keeper {number} raised the gate.")


def warc_file(folder: Path, answers: Sequence[Answer], *, status: int = 200) -> Path:
    """Write the answers into the one file of a folder, a second apart; return it."""
    with WarcArchive(folder) as archive:
        for number, (url, body) in enumerate(answers):
            archive.keep(Exchange(url, NOON + timedelta(seconds=number), (), status, "OK", HTML, body), source=None)
    return next(folder.glob("*.warc.gz"))


def shards(folder: Path, count: int, stories: int) -> list[Path]:
    """Write so many files with so many stories each."""
    return [warc_file(folder / str(site), [story(site, number) for number in range(stories)]) for site in range(count)]


def rows(folder: Path, table: str = "articles") -> list[dict[str, Any]]:
    """Return the rows of all parts of a table, in a settled order."""
    read: list[dict[str, Any]] = ds.dataset(folder / table, format="parquet").to_table().to_pylist()
    return sorted(read, key=lambda row: (row["warc"], row["warc_offset"] or 0, str(row)))


def parts(folder: Path) -> dict[str, bytes]:
    """Return every part's bytes by name."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*.parquet"))}
