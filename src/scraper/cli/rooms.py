"""Opens the rooms of a run in the right order, runs it under trio with its signals watched, and closes them again."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeVar

import trio

from scraper import __version__
from scraper.archive import WarcArchive
from scraper.cli.context import Context
from scraper.disk import demand_room
from scraper.errand import Line, Plan, unwatched
from scraper.fetch import Fetcher
from scraper.harvest import first_error, harvest, keeper
from scraper.lock import run_lock
from scraper.reports import Headway, RunReport, SourceReport
from scraper.source import Source
from scraper.spans import Span
from scraper.store import Store
from scraper.workers import Workers

GRACE_S = 4.0  # from a signal to the end: what was fetched is read and committed, then it is over

T = TypeVar("T")
Progress = Callable[[SourceReport], None]
Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the time of day in UTC; the one clock of the program, handed down from here."""
    return datetime.now(UTC)


def running_from(start: datetime) -> Clock:
    """Return a clock that stands at `start` now and goes on from there."""
    begun = time.monotonic()
    return lambda: start + timedelta(seconds=time.monotonic() - begun)


def user_agent(contact: str | None) -> str:
    """Return the name we go by; `contact` is the user's own, none is invented."""
    name = f"scraper/{__version__}"
    return f"{name} (+{contact})" if contact else name


class Watch(Protocol):
    """Runs an act until it is done or told to end; returns its result, and the signal that told it."""

    def __call__(self, act: Callable[[trio.CancelScope], Awaitable[T]], /) -> Awaitable[tuple[T, int | None]]: ...


def harvested(context: Context, sources: Sequence[Source], plan: Plan, terms: Terms) -> tuple[RunReport, int | None]:
    """Harvest under the run lock and return the report, and the signal that ended the run early, if one did.

    Raises: LockHeld, ArchiveError.
    """
    return _run(context, sources, lambda line, stop: harvest(sources, line, plan, stop), terms)


def backfilled(context: Context, source: Source, span: Span, plan: Plan, terms: Terms,
               watch: Callable[[Headway], None]) -> tuple[RunReport, Headway, int | None]:
    """Bring in a source's past under the run lock; return as `harvested` does, and the way come.

    Raises: LockHeld, ArchiveError.
    """
    from scraper.backfill import backfill

    async def act(line: Line, stop: trio.CancelScope) -> tuple[RunReport, Headway]:
        return await backfill(source, span, line, plan, stop, watch)

    (report, headway), caught = _run(context, [source], act, terms)
    return report, headway, caught


def _run(context: Context, sources: Sequence[Source], act: Callable[[Line, trio.CancelScope], Awaitable[T]],
         terms: Terms) -> tuple[T, int | None]:
    """Open the rooms, store what an earlier run kept and could not store any more, and run an act in them."""
    with ExitStack() as rooms:
        rooms.enter_context(run_lock(context.settings.db, now=terms.clock(), wait_s=terms.wait_s))
        demand_room((context.settings.db.parent, context.warcs), context.limits().free_bytes)
        store = rooms.enter_context(Store.open(context.settings.db))
        reader = rooms.enter_context(Store.reading(context.settings.db))  # asked while the store is writing
        archive = rooms.enter_context(WarcArchive(context.warcs, store.committed(), earlier=reader.earlier))

        async def main() -> tuple[T, int | None]:
            fetcher = Fetcher(
                context.limits(), keep=keeper(archive), clock=terms.clock,
                user_agent=user_agent(context.settings.contact), allow_private=terms.private, robots=store.robots(),
            )
            async with fetcher, Workers(context.limits()) as workers:
                if archive.behind():
                    await _catch_up(context, sources, store, archive, workers)
                line = Line(fetcher, workers, store, archive.sync, terms.clock, context.limits(), terms.progress)
                return await terms.watched(lambda stop: act(line, stop))

        return trio.run(main)


async def _catch_up(
    context: Context, sources: Sequence[Source], store: Store, archive: WarcArchive, workers: Workers
) -> None:
    """Store what an earlier run kept: its pages may be of any site, and few runs have to read the files of them all."""
    from scraper.importing import Rooms, catch_up
    from scraper.sights import Atlas

    atlas = Atlas((context.catalogue() | {source.key: source for source in sources}).values())
    await catch_up(atlas, Rooms(store, archive, workers, context.limits()))


async def watched(act: Callable[[trio.CancelScope], Awaitable[T]]) -> tuple[T, int | None]:
    """Run an act until it is done or a signal comes: the first ends it within GRACE_S, the second at once.

    `act` is given the scope that the first signal cancels; what it has begun to store it still stores.
    """
    stop, caught, results = trio.CancelScope(), list[int](), list[T]()

    async def watch(*, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        with trio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
            task_status.started()
            async for number in signals:
                if caught:
                    os._exit(128 + number)  # every commit is whole already
                caught.append(number)
                stop.cancel()
                nursery.cancel_scope.deadline = trio.current_time() + GRACE_S

    with first_error():
        async with trio.open_nursery() as nursery:
            await nursery.start(watch)
            results.append(await act(stop))
            nursery.cancel_scope.cancel()
    if not results:  # over GRACE_S: cut off, with every commit whole
        raise SystemExit(128 + caught[0])
    return results[0], (caught[0] if caught else None)


@dataclass(frozen=True, slots=True)
class Terms:
    """How a run is let in: the private hosts it may dial, how long it waits for another, its clock, who watches it."""

    private: tuple[str, ...] = ()
    wait_s: float = 0.0
    clock: Clock = utc_now
    progress: Progress = unwatched
    watched: Watch = watched
