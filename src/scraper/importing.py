"""WARC files of ours or of anybody into the archive, through the same line as a harvest. No network.

Our own files are referred to where they lie; of others each exchange that is stored is copied into our folder,
so that the database and the folder beside it stay complete by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import trio

from scraper.archive import Capture, Damage, WarcArchive, exchanges, exchanges_after
from scraper.limits import Limits
from scraper.marks import withheld
from scraper.records import Kept
from scraper.replay import Brought, Desk, replay
from scraper.sights import Atlas, Sight, played_back
from scraper.store import Store
from scraper.workers import Workers

FRESH: Final = timedelta(days=30)  # an older story that was only imported is not asked for again


@dataclass(frozen=True, slots=True)
class Rooms:
    """What an import goes through, opened by the caller."""

    store: Store
    archive: WarcArchive
    workers: Workers
    limits: Limits


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import brought, and what could not be read of its files, each damage once."""

    brought: Brought = field(default_factory=Brought)
    damages: dict[Damage, None] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)  # files in which at least one exchange could be read

    def damaged(self, damage: Damage) -> None:
        """Note bytes that could not be read."""
        self.damages[damage] = None


async def bring_in(files: Sequence[Path], atlas: Atlas, rooms: Rooms, now: datetime, imported: Imported) -> None:
    """Import WARC files and folders of them; `imported` grows meanwhile.

    Raises: ArchiveError where the archive cannot be written.
    """
    folder = rooms.archive.folder
    ours = [file for file in files if _is_inside(file, folder)]
    others = [file for file in files if not _is_inside(file, folder)]
    await replay(lambda: _own(ours, folder, imported), atlas, in_place(rooms), imported.brought)
    await replay(lambda: _foreign(others, imported), atlas, _copying(rooms), imported.brought)
    await trio.to_thread.run_sync(rooms.store.shelf.leave_alone, now - FRESH)


async def catch_up(atlas: Atlas, rooms: Rooms) -> Brought:
    """Store what an earlier run kept and could not store any more; to be called before anything is kept.

    Raises: ArchiveError where the archive cannot be written.
    """
    brought = Brought()
    await replay(rooms.archive.uncommitted, atlas, in_place(rooms), brought)
    return brought


async def take_further(place: str, atlas: Atlas, rooms: Rooms) -> Brought:
    """Store what others have added, below this folder of ours, to their own WARC files since they were last read.

    Raises: ArchiveError where the archive cannot be written.
    """
    folder, shelf, brought = rooms.archive.folder, rooms.store.shelf, Brought()
    names = [str(file.relative_to(folder)) for file in (folder / place).rglob("*.warc.gz")]
    ends = {name: shelf.reached(f"take {name}") for name in names}
    starts = {name: end for name, end in ends.items() if (folder / name).stat().st_size > end}

    def captures() -> Iterator[Capture]:
        for capture in exchanges_after(folder, starts):
            kept = capture[0]
            ends[str(kept.file)] = max(ends[str(kept.file)], (kept.offset or 0) + (kept.length or 0))
            yield capture

    await replay(captures, atlas, in_place(rooms), brought)
    for name in starts:  # only now: a run that is ended meanwhile is to begin anew
        await trio.to_thread.run_sync(shelf.reach, f"take {name}", ends[name])
    return brought


def in_place(rooms: Rooms) -> Desk:
    """Return the desk for captures that lie in our own folder already."""

    def shelve(sight: Sight) -> None:
        rooms.store.shelf.noted(sight.source.key, sight.kept)

    return Desk(rooms.store, rooms.workers, rooms.limits, _known(rooms), lambda sight: sight.kept, shelve,
                rooms.archive.sync)


def _copying(rooms: Rooms) -> Desk:
    """Return the desk for captures of other people's files: what is stored is copied into our folder first."""

    def keep(sight: Sight) -> Kept:
        if withheld(sight.exchange, sight.source.archive or "text"):
            return rooms.archive.receipt(sight.exchange)
        return rooms.archive.keep(sight.exchange, source=sight.source.key)

    return Desk(rooms.store, rooms.workers, rooms.limits, _known(rooms), keep, lambda _sight: None, rooms.archive.sync)


def _known(rooms: Rooms) -> Callable[[Sight], bool]:
    return lambda sight: rooms.store.shelf.captured(sight.kept)


def _is_inside(file: Path, folder: Path) -> bool:
    return file.resolve().is_relative_to(folder.resolve())


def _own(files: Iterable[Path], folder: Path, imported: Imported) -> Iterator[Capture]:
    """Yield the captures of files in our folder, named as rows name them."""
    for place in files:
        base = place.resolve().relative_to(folder.resolve())
        for kept, exchange, source in exchanges(place, damaged=imported.damaged):
            imported.read.add(str(place))
            file = str(base / str(kept.file)) if place.is_dir() else str(base)
            yield replace(kept, file=file), exchange, source


def _foreign(files: Sequence[Path], imported: Imported) -> Iterator[Capture]:
    """Yield the captures of other people's files, the copies of a web archive as what they are copies of."""
    for kept, exchange, source in exchanges(*files, damaged=imported.damaged):
        imported.read.add(str(kept.file))
        original = played_back(exchange)
        if original is None:
            imported.damaged(Damage(str(kept.file), kept.offset or 0, f"not as it was sent: {exchange.url}"))
        else:
            receipt = replace(kept, url=original.url, fetched=original.fetched, file=None, offset=None, length=None)
            yield receipt, original, source
