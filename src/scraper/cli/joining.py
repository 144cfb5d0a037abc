"""Two machines' archives into one: what is forgotten first, then what only their rows know, then the pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from scraper.cli.context import Context
from scraper.cli.rooms import utc_now
from scraper.cli.stored import at_work, opened_to_grow, stored_sources
from scraper.errors import ArchiveError
from scraper.handover import take_over
from scraper.importing import Imported, Rooms, bring_in
from scraper.sights import Atlas
from scraper.store import Store
from scraper.urls import normalised


def merged(context: Context, other: Path, files: Sequence[Path]) -> tuple[Imported, int | None]:
    """Take the archive `other` into the context's; return what it brought, and the signal that ended it early.

    Raises: ArchiveError, LockHeld, ConfigError.
    """
    warcs = other.with_suffix(".warc")
    if other.resolve() == context.settings.db.resolve():
        raise ArchiveError("an archive cannot be merged into itself", str(other))
    sources = stored_sources(replace(context, settings=replace(context.settings, db=other)), (), files)
    if not warcs.is_dir():
        raise ArchiveError("its WARC files are not beside it", str(other))
    found = Imported()
    with Store.reading(other) as theirs:
        forget_too(context, theirs.upkeep.forgotten())

        async def join(rooms: Rooms) -> None:
            await take_over(theirs, sources, rooms.store, found.brought)  # first: a file may say that a story has gone
            await bring_in([warcs], Atlas(sources.values()), rooms, utc_now(), found)

        _, caught = at_work(context, join)
    return found, caught


def forget_too(context: Context, forgotten: Sequence[dict[str, Any]]) -> None:
    """Forget here what was forgotten elsewhere, and let nothing of it come in any more."""
    with opened_to_grow(context) as (store, archive):
        store.upkeep.take_forgotten([*forgotten])
        here = store.shelf.still_here()
        urls = here.union(*(store.shelf.addresses_of(url) for url in here))
        if urls:
            archive.bury(lambda target: normalised(target) in urls, utc_now())
            store.shelf.forget(urls, utc_now())

