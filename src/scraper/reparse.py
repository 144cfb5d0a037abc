"""The archived pages through today's parser: the same line with another head. No network; interrupted, it goes on.

    captures of an article -> one body each -> Response -> parse in workers -> what they showed is told anew
    pages without an article -> replay: today's parser may find one, or a rate

What changes is recorded with the reason `reparse`: it is no edit of the publisher's. Rates that today's parser
reads are added; what was once observed stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import trio

import scraper
from scraper.archive import Capture
from scraper.config import limits_with
from scraper.errors import ArchiveError, BodyError, ParseError
from scraper.importing import Rooms, in_place
from scraper.readers import page_from
from scraper.records import Kept, Response
from scraper.replay import Brought, replay
from scraper.reports import Problem
from scraper.sights import Atlas
from scraper.source import Source
from scraper.store import Reading

BATCH: Final = 32  # articles, or other pages, between two notes of how far it has come

Row = dict[str, Any]
Take = Callable[[int, Sequence[Reading]], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Reread:
    """What reading again has changed so far: fields by source, and what could not be read.

    `without` counts the stories of which no bytes are kept: what was read of them once stays.
    """

    articles: Counter[str] = field(default_factory=Counter)
    without: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    fields: dict[str, Counter[str]] = field(default_factory=dict)
    others: Brought = field(default_factory=Brought)
    problems: list[Problem] = field(default_factory=list)

    def count(self, source: str, fields: Sequence[str]) -> None:
        """Count one article and the fields of it that changed."""
        self.articles[source] += 1
        self.changed[source] += bool(fields)
        self.fields.setdefault(source, Counter()).update(fields)

    def lines(self) -> Iterator[str]:
        """Yield a summary line per source."""
        for source in sorted(self.articles | self.without):
            fields = ", ".join(f"{name} {times}" for name, times in self.fields.get(source, Counter()).most_common())
            found = self.others.counts.get(source, Counter())["new"]
            line = f"{source}: {self.articles[source]} articles read again, {self.changed[source]} changed"
            line += (f" ({fields})" if fields else "") + (f"; {found} new" if found else "")
            if self.without[source]:
                line += f"; {self.without[source]} have no bytes to be read again (marked noarchive or not free)"
            yield line


@dataclass(frozen=True, slots=True)
class _Body:
    """One body of an article: the captures that brought it, the last of them, and the source it is read for."""

    article: int
    fetches: tuple[int, ...]
    response: Response
    source: Source


async def reparse(sources: Mapping[str, Source], rooms: Rooms, done: Reread) -> None:
    """Read everything of these sources again; a run that was cut short goes on where it ended.

    Raises: ArchiveError where the archive cannot be written.
    """
    others, articles = tasks(sources)
    await _reread_others(sources, rooms, done, others)
    await _reread_articles(sources, rooms, done, rooms.store.shelf.reread, articles)
    await trio.to_thread.run_sync(rooms.store.shelf.complete, (others, articles))


def tasks(sources: Iterable[str]) -> tuple[str, str]:
    """Name the two parts of a reparse, for the notes of how far they have come: another program begins anew."""
    keys = ",".join(sorted(sources))
    return f"reparse others {keys} {_program()}", f"reparse articles {keys} {_program()}"


async def rehearse(sources: Mapping[str, Source], rooms: Rooms, done: Reread) -> None:
    """Find what reading the articles of these sources again would change; nothing is written."""
    await _reread_articles(sources, rooms, done, rooms.store.shelf.reread_changes, None)


async def _reread_articles(
    sources: Mapping[str, Source], rooms: Rooms, done: Reread, take: Take, task: str | None
) -> None:
    shelf = rooms.store.shelf
    after = shelf.reached(task) if task else 0
    while rows := await trio.to_thread.run_sync(shelf.articles_after, after, [*sources], BATCH):
        bodies = await trio.to_thread.run_sync(_bodies, rows, sources, rooms, done)
        readings = await _readings(bodies, rooms, done)

        def store(rows: Sequence[Row] = rows, readings: Mapping[int, list[Reading]] = readings) -> None:
            for row in rows:
                if row["id"] in readings:
                    done.count(row["source"], take(row["id"], readings[row["id"]]))
            if task:
                shelf.reach(task, rows[-1]["id"])

        await trio.to_thread.run_sync(store)
        after = rows[-1]["id"]


def _bodies(rows: Sequence[Row], sources: Mapping[str, Source], rooms: Rooms, done: Reread) -> list[_Body]:
    """Return each different body that the captures of these articles brought."""
    found = []
    for row in rows:
        captures = rooms.store.shelf.captures_of(row["id"])
        done.without[row["source"]] += not captures
        for digest in dict.fromkeys(capture["digest"] for capture in captures):
            same = [capture for capture in captures if capture["digest"] == digest]
            whole = [capture for capture in same if capture["status"] == 200] or same
            try:
                response = _response(whole[-1], sources[row["source"]], rooms)
            except (ArchiveError, BodyError) as error:
                done.problems.append(Problem(whole[-1]["url"], error.message))
                continue
            fetches = tuple(capture["id"] for capture in same)
            found.append(_Body(row["id"], fetches, response, sources[row["source"]]))
    return found


def _response(capture: Row, source: Source, rooms: Rooms) -> Response:
    kept, exchange = _capture(capture, rooms)
    sight = Atlas([source]).sight(kept, exchange, source.key)
    assert sight is not None
    response = sight.response(limits_with(rooms.limits, source.limits).body_bytes)
    return replace(response, status=200, kept=(kept,))


def _capture(row: Row, rooms: Rooms) -> tuple[Kept, Any]:
    exchange = rooms.archive.read(row["file"], row["offset"])
    kept = Kept(row["url"], exchange.fetched, row["status"], row["wire_bytes"], row["digest"], row["file"],
                row["offset"], row["length"])
    return kept, exchange


async def _readings(bodies: Sequence[_Body], rooms: Rooms, done: Reread) -> dict[int, list[Reading]]:
    """Read bodies side by side; one that holds no article any more changes nothing."""
    found: dict[int, list[Reading]] = {}

    async def read(body: _Body) -> None:
        seconds = limits_with(rooms.limits, body.source.limits).parse_s
        try:
            page = await rooms.workers.run(
                page_from, body.response, body.source, url=body.response.url, seconds=seconds
            )
        except ParseError as error:
            done.problems.append(Problem(body.response.url, error.message))
            return
        if page.article is None:
            done.problems.append(Problem(body.response.url, f"no article any more: {page.missing}"))
            return
        reading = Reading(body.fetches, page.article, body.response, body.source)
        found.setdefault(body.article, []).append(reading)

    async with trio.open_nursery() as nursery:
        for body in bodies:
            nursery.start_soon(read, body)
    return found


async def _reread_others(sources: Mapping[str, Source], rooms: Rooms, done: Reread, task: str) -> None:
    """Read what brought no article: listings for their rates and links, pages that could not be read."""
    shelf, atlas = rooms.store.shelf, Atlas(sources.values())
    desk = replace(in_place(rooms), known=lambda _sight: False)
    after = shelf.reached(task)
    while rows := await trio.to_thread.run_sync(shelf.others_after, after, [*sources], BATCH):
        def captures(rows: Sequence[Row] = rows) -> Iterator[Capture]:
            for row in rows:
                try:
                    yield *_capture(row, rooms), row["source"]
                except ArchiveError as error:
                    done.problems.append(Problem(row["url"], error.message))

        await replay(captures, atlas, desk, done.others)
        after = rows[-1]["id"]
        await trio.to_thread.run_sync(shelf.reach, task, after)


def _program() -> str:
    """Return what this very program is called."""
    files = sorted(Path(scraper.__file__).parent.rglob("*.py"))
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]
