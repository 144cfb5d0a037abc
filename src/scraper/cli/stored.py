"""Opens the rooms for work on what is stored already: no fetcher, the same lock, the same signals."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import trio

from scraper.archive import WarcArchive
from scraper.cli.context import Context
from scraper.cli.rooms import utc_now, watched
from scraper.dealing import FOLDER
from scraper.disk import demand_room
from scraper.importing import Imported, Rooms, bring_in
from scraper.lock import run_lock
from scraper.pruning import Share
from scraper.reparse import Reread
from scraper.sights import Atlas, stranger
from scraper.source import Source
from scraper.store import Store
from scraper.workers import Workers

T = TypeVar("T")
Act = Callable[[Mapping[str, Source], Rooms, Reread], Awaitable[None]]
WORKERS = max(2, os.cpu_count() or 2)


@contextmanager
def opened_to_grow(context: Context) -> Iterator[tuple[Store, WarcArchive]]:
    """Open the database and its WARC folder as `opened` does, where the disk has room for what is to be written.

    Raises: LockHeld, ArchiveError.
    """
    demand_room((context.settings.db.parent, context.warcs), context.limits().free_bytes)
    with opened(context) as rooms:
        yield rooms


@contextmanager
def opened(context: Context) -> Iterator[tuple[Store, WarcArchive]]:
    """Hold the run lock and open the database and its WARC folder for writing.

    Raises: LockHeld, ArchiveError.
    """
    with ExitStack() as rooms:
        rooms.enter_context(run_lock(context.settings.db, now=utc_now()))
        store = rooms.enter_context(Store.open(context.settings.db))
        archive = rooms.enter_context(WarcArchive(context.warcs, store.committed(), earlier=store.earlier))
        yield store, archive


@contextmanager
def opened_shares(context: Context) -> Iterator[list[Share]]:
    """Hold the locks of all shares of dealt harvests and open their databases for writing.

    Raises: LockHeld, ArchiveError.
    """
    with ExitStack() as rooms:
        shares = []
        for db in sorted((context.warcs / FOLDER).glob("*.db")):
            rooms.enter_context(run_lock(db, now=utc_now()))
            shares.append(Share(f"{FOLDER}/{db.stem}.warc", rooms.enter_context(Store.open(db))))
        yield shares


def at_work(context: Context, act: Callable[[Rooms], Awaitable[T]]) -> tuple[T | None, int | None]:
    """Run an act over the opened rooms; return its result, None where a signal (the second value) cut it short."""
    with opened_to_grow(context) as (store, archive):

        async def main() -> tuple[T | None, int | None]:
            async with Workers(context.limits(), WORKERS, imports=("scraper.parse", "scraper.discover")) as workers:
                rooms = Rooms(store, archive, workers, context.limits())

                async def stoppable(stop: trio.CancelScope) -> T | None:
                    with stop:
                        return await act(rooms)
                    return None

                return await watched(stoppable)

        return trio.run(main)


def reread(context: Context, sources: Mapping[str, Source], act: Act) -> tuple[Reread, int | None]:
    """Read stored pages again and return what that changed (or, rehearsed, would change), and the signal as above.

    Raises: LockHeld, ArchiveError.
    """
    done = Reread()
    _, caught = at_work(context, lambda rooms: act(sources, rooms, done))
    return done, caught


def stored_sources(context: Context, names: Sequence[str], files: Sequence[Path]) -> dict[str, Source]:
    """Return the sources named, else all the archive holds pages of; one that nobody declares any more as a stranger.

    Raises: ConfigError for a name that is no source; ArchiveError.
    """
    known = context.catalogue(files)
    with Store.reading(context.settings.db) as store:
        held = {row["key"]: known.get(row["key"]) or _undeclared(row) for row in store.rows("sources")}
    if not names:
        return held
    unheld = [name for name in names if name not in held]
    return {name: held[name] for name in names if name in held} | {
        source.key: source for source in (context.chosen(unheld, files) if unheld else [])}


def _undeclared(row: Mapping[str, Any]) -> Source:
    """Return a source that only the archive knows of, by the key and in the zone its pages were stored with."""
    return replace(stranger(row["home"]), key=row["key"], name=row["name"], country=row["country"],
                   language=row["language"], timezone=row["timezone"])


def imported(context: Context, files: Sequence[Path], atlas: Atlas) -> tuple[Imported, int | None]:
    """Import files and return what they brought, and the signal that ended it early, if one did.

    Raises: LockHeld, ArchiveError.
    """
    found = Imported()
    _, caught = at_work(context, lambda rooms: bring_in(files, atlas, rooms, utc_now(), found))
    return found, caught
