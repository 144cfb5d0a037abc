"""One WARC file into its parts: a pure function of its bytes, so that it may run anywhere, twice, or be killed.

    brought here -> stretches, each in a process that can be killed -> parts written beside -> named -> report

The report is written last and says that the parts are whole; where it stands, the file is not read again. A page is
left out only when it has killed two processes: who was killed from outside loses nothing.
"""

from __future__ import annotations

import gzip
import json
import pickle
import zlib
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import trio

from scraper.errors import ArchiveError, ParseKilled
from scraper.export.parts import Parts, write_whole
from scraper.extracting.columns import TABLES
from scraper.extracting.pages import STRETCH, STRETCH_S, Read, Stretch, done_of, first_answer, read_stretch
from scraper.extracting.rows import damage_row, unread_row
from scraper.limits import Limits
from scraper.shards import Shard
from scraper.source import Source
from scraper.workers import NOT_STARTED, Workers

HEAD: Final = "extract.json"  # says that a folder is one of parts
REPORTS: Final = "shards"  # the folder of reports
IMPORTS: Final = ("scraper.extracting.pages",)
TIRED_BYTES: Final = 190 * 1024 * 1024  # grown by; of 60, after 2,000 strangers' pages 30
EXPANDED: Final = 100  # a file that is one gzip over all is unpacked to so many times its size


@dataclass(frozen=True, slots=True)
class Job:
    """Where the parts go, and what pages are read with: the user's sources beside the built-in ones, the limits."""

    folder: Path
    own: tuple[Source, ...] = ()
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class ShardReport:
    """What a file brought; `counts` are of answers, pages, articles, quotes and each reason why a page was left out.

    `parts` are the sizes of its parts in bytes. `failed` says why nothing could be read of it at all.
    """

    address: str
    size: int
    version: str
    counts: dict[str, int] = field(default_factory=dict)
    parts: dict[str, int] = field(default_factory=dict)
    failed: str | None = None


def workers_for(job: Job, count: int) -> Workers:
    """Return the processes that read pages."""
    return Workers(job.limits, count, imports=IMPORTS, tired_bytes=TIRED_BYTES)


def extract_shard(shard: Shard, job: Job) -> ShardReport:
    """Turn a WARC file into its parts, or find that they are there; on whatever machine."""

    async def main() -> ShardReport:
        async with workers_for(job, 1) as workers:
            return await extracted(shard, job, workers)

    return trio.run(main)


async def extracted(shard: Shard, job: Job, workers: Workers) -> ShardReport:
    """Turn a WARC file into its parts, or find that they are there; trouble with the file is told in the report."""
    known = report_of(shard, job)
    if known is not None:
        return known
    if not (job.folder / HEAD).exists():  # a worker elsewhere would fill its own disk, and nobody would find it
        return _failed(shard, f"{job.folder} is not on the machine that should write there")
    try:
        with TemporaryDirectory(prefix="scraper-") as scratch:
            file = await trio.to_thread.run_sync(shard.brought, Path(scratch))
            reader = _Reader(shard.address, job, workers, Path(scratch))
            try:
                return await _write(shard, job, reader, file)
            except _UnaddressedError:
                return await _write(shard, job, reader, await trio.to_thread.run_sync(reader.unpacked, file))
    except (ArchiveError, ParseKilled) as error:
        return _failed(shard, error.message)
    except OSError as error:
        return _failed(shard, f"its parts cannot be written ({error.strerror or error})")


def _failed(shard: Shard, why: str) -> ShardReport:
    return ShardReport(shard.address, shard.size, shard.version, failed=why)


def report_of(shard: Shard, job: Job) -> ShardReport | None:
    """Return the report of a file that was turned into parts already, as it is now; None where it was not."""
    file = job.folder / REPORTS / f"{shard.name}.json"
    if not file.exists():
        return None
    report = ShardReport(**json.loads(file.read_text("utf-8")))
    return report if (report.size, report.version) == (shard.size, shard.version) else None


async def _write(shard: Shard, job: Job, reader: _Reader, file: Path) -> ShardReport:
    counts: Counter[str] = Counter()
    damages: list[str] = []
    with Parts(job.folder, shard.name, TABLES) as parts:

        async def take(read: Read) -> None:
            counts.update(read.counts)
            damages.extend(row["reason"] for row in read.rows["unread"] if row["why"] == "damaged" and not damages)
            await trio.to_thread.run_sync(parts.add, read.rows)

        await reader.read(file, take)
        if not counts["answers"]:
            return _failed(shard, f"it holds no pages ({damages[0]})" if damages else "it holds no pages")
        sizes = await trio.to_thread.run_sync(parts.finish)
    report = ShardReport(shard.address, shard.size, shard.version, dict(sorted(counts.items())), sizes)
    text = json.dumps(asdict(report), ensure_ascii=False, indent=1) + "\n"
    await trio.to_thread.run_sync(write_whole, job.folder / REPORTS / f"{shard.name}.json", text)
    return report


class _UnaddressedError(Exception):
    """Records of this file have no place of their own: reading cannot be gone on with in its middle."""


class _Reader:
    """Reads one file, stretch by stretch, and steps over what kills the process that reads it."""

    def __init__(self, warc: str, job: Job, workers: Workers, scratch: Path) -> None:
        self._warc, self._job, self._workers = warc, job, workers
        self._scratch = scratch
        self._note = scratch / "note"
        self._own = pickle.dumps(job.own)
        self._addressed = True

    async def read(self, file: Path, take: Callable[[Read], Awaitable[None]]) -> None:
        """Hand on what the stretches of the file bring, in its order.

        Raises: ParseKilled where no process can be started.
        """
        start: int | None = 0
        ahead: list[int] = []
        while start is not None:
            most = ahead.pop(0) if ahead else STRETCH
            try:
                read = await self._read(file, start, most)
            except ParseKilled as error:
                if error.message == NOT_STARTED:
                    raise
                if most > 1:
                    done = done_of(self._note)
                    ahead = [done, 1] if done else [1]
                    continue
                read = await self._passed_over(file, start, error)
            if read.unaddressed:
                raise _UnaddressedError
            start = read.following
            await take(read if self._addressed else _unplaced(read))

    async def _read(self, file: Path, start: int, most: int) -> Read:
        self._note.write_bytes(b"")
        stretch = Stretch(file, self._warc, start, most, self._note, self._own, self._job.limits.body_bytes)
        seconds = self._job.limits.parse_s + (STRETCH_S if most > 1 else 0.0)
        return await self._workers.run(read_stretch, stretch, url=self._warc, seconds=seconds)

    async def _passed_over(self, file: Path, start: int, error: ParseKilled) -> Read:
        """Return the row of the answer after `start`, which killed a process while it was alone."""
        try:
            kept = await self._workers.run(first_answer, file, start, url=self._warc)
        except ParseKilled:
            kept = None
        if kept is None or kept.offset is None or kept.length is None:
            reason = f"the rest cannot be read ({error.message})"
            return Read({"unread": [damage_row(self._warc, start, reason)]}, Counter(damaged=1))
        row = unread_row(self._warc, kept, "killed", error.message)
        return Read({"unread": [row]}, Counter(answers=1, pages=1, killed=1), kept.offset + kept.length)

    def unpacked(self, file: Path) -> Path:
        """Return the records of a file that is one gzip over all of them, each at a place of its own.

        What follows damage is lost; the reader names it as the record that is cut short.
        """
        self._addressed = False
        plain, room = self._scratch / "unpacked.warc", EXPANDED * file.stat().st_size
        try:
            with gzip.open(file) as packed, plain.open("wb") as copy:
                while room > 0 and (piece := packed.read(1024 * 1024)):
                    room -= copy.write(piece)
        except (OSError, EOFError, zlib.error):
            return plain
        return plain


def _unplaced(read: Read) -> Read:
    """Return rows without offsets: those of the unpacked copy lead nowhere in the file itself."""
    rows = {table: [row | {"warc_offset": None} for row in rows] for table, rows in read.rows.items()}
    return Read(rows, read.counts, read.following)
