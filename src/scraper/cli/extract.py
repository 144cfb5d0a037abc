"""`extract`: WARC files into Parquet, on this machine or on many."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scraper.cli.context import Context, source_files
from scraper.cli.extras import need
from scraper.cli.progress import display, is_watched
from scraper.reports import ALL_FAILED, DONE, SOME_FAILED

if TYPE_CHECKING:
    from scraper.extracting.shard import Job, ShardReport
    from scraper.shards import Shard

WHYS = ("no article", "unreadable", "killed", "bug")


@click.command(short_help="Turn WARC files into Parquet, on many cores or machines.")
@click.argument("warcs", nargs=-1, required=True, metavar="WARC...")
@click.option("-o", "--output", "folder", required=True, type=click.Path(path_type=Path, file_okay=False),
              metavar="DIR", help="Where the parts go; on a cluster, a disk that every worker has.")
@click.option("--workers", type=click.IntRange(1), metavar="N", help="Files read at once.  [default: a file a core]")
@click.option("--dask", metavar="ADDRESS", help="Deal the files to the workers of this scheduler: tcp://HOST:8786.")
@source_files
@click.pass_obj
def extract(
    context: Context, warcs: tuple[str, ...], folder: Path, workers: int | None, dask: str | None,
    files: tuple[Path, ...],
) -> int:
    """Turn WARC files (ours, CC-NEWS, anybody's) into Parquet: articles, quotes, and what was left out and why.

    WARC is a file, a folder, a pattern, or an address that fsspec knows, such as s3://. Each file becomes a part of
    each table when it is done, whole or not at all: run again, the same command does what is missing. A page that
    hangs or crashes is named in the table `unread` and stops nothing.
    """
    need("cluster", "pyarrow", *(["distributed"] if dask else []))
    if workers and dask:
        raise click.UsageError("--workers is for this machine; on a cluster its workers count")
    from scraper.cli.farming import extracted
    from scraper.extracting.shard import Job
    from scraper.shards import shards_from

    shards = shards_from(warcs)
    job = Job(folder.absolute(), tuple(context.own(files).values()), context.limits())
    with _progress(context, shards) as tell:
        tally = _Tally(tell)
        caught = extracted(shards, job, dask or workers or os.cpu_count() or 1, tally.take)
    _show(context, job, tally)
    return 128 + caught if caught else tally.code


@dataclass(slots=True)
class _Tally:
    """What has come so far."""

    tell: Callable[[], None]
    files: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    failed: int = 0

    def take(self, report: ShardReport) -> None:
        """Take in what became of one file."""
        self.files += 1
        self.counts.update(report.counts)
        if report.failed:
            self.failed += 1
            self.faults.append(f"{report.address}: {report.failed}")
        elif damaged := report.counts.get("damaged", 0):
            self.faults.append(f"{report.address}: damaged at {damaged} places; the rest is read")
        if bugs := report.counts.get("bug", 0):
            self.faults.append(f"{report.address}: {bugs} pages met a bug of this program")
        self.tell()

    @property
    def code(self) -> int:
        """Return the exit code."""
        if self.failed == self.files:
            return ALL_FAILED
        return SOME_FAILED if self.failed or self.counts["damaged"] else DONE


def _show(context: Context, job: Job, tally: _Tally) -> None:
    for fault in tally.faults:
        click.echo(fault, err=True)
    if context.quiet:
        return
    counts = tally.counts
    left_out = ", ".join(f"{counts[why]:,} {why}" for why in WHYS if counts[why])
    click.echo(f"{job.folder}: {tally.files:,} files, {counts['pages']:,} pages: {counts['articles']:,} articles,"
               f" {counts['quotes']:,} rates" + (f"; left out: {left_out}" if left_out else ""))


@contextmanager
def _progress(context: Context, shards: Sequence[Shard]) -> Iterator[Callable[[], None]]:
    """Show how many files are done."""
    if not is_watched(context):
        yield lambda: None
        return
    with display() as shown:
        task = shown.add_task("WARC files", total=len(shards))
        yield lambda: shown.advance(task)
