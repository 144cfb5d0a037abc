"""What another archive knows and its WARC files do not hold: stories under a noarchive mark, and readings of rates.

Everything else is read from the files (importing): a page read anew needs nobody's word for what it showed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Final

import trio

from scraper.marks import kept_of
from scraper.records import Ticker
from scraper.replay import Brought
from scraper.source import Source
from scraper.store import Store, Unkept
from scraper.urls import normalised

Reading = tuple[datetime, Ticker]

BATCH: Final = 100  # answers between two moments at which it may be cut short


async def take_over(theirs: Store, sources: Mapping[str, Source], store: Store, brought: Brought) -> None:
    """Take what another archive alone knows: stories without bytes, in the order they were seen, and every reading.

    What is known already changes nothing. Raises: ArchiveError where ours cannot be written.
    """
    await _take_stories(theirs, sources, store, brought, 0)
    for source in sources.values():
        await trio.to_thread.run_sync(_take_readings, theirs, source, store, date.min)


async def take_over_further(theirs: Store, name: str, sources: Mapping[str, Source], store: Store,
                            brought: Brought) -> None:
    """Do the same for what has come to an archive since it was last taken over under this name.

    Raises: ArchiveError where ours cannot be written.
    """
    task = f"take over {name}"
    after = await trio.to_thread.run_sync(store.shelf.reached, task)
    last, days = await _take_stories(theirs, sources, store, brought, after)
    for key, day in days.items():
        await trio.to_thread.run_sync(_take_readings, theirs, sources[key], store, day)
    if last > after:  # only now: a run that is ended meanwhile is to begin anew
        await trio.to_thread.run_sync(store.shelf.reach, task, last)


async def _take_stories(theirs: Store, sources: Mapping[str, Source], store: Store, brought: Brought,
                        after: int) -> tuple[int, dict[str, date]]:
    """Take stories; return the number of the last answer, and the first day on which each source gave one."""
    days: dict[str, date] = {}
    while batch := await trio.to_thread.run_sync(theirs.shelf.unkept_after, after, BATCH):
        ours = [told for told in batch if told.source in sources]
        await trio.to_thread.run_sync(_store, ours, sources, store, brought)
        for told in ours:
            day = told.receipt.fetched.date()
            days[str(told.source)] = min(day, days.get(str(told.source), day))
        after = batch[-1].number
    return after, days


def _store(batch: Sequence[Unkept], sources: Mapping[str, Source], store: Store, brought: Brought) -> None:
    for told in batch:
        source = sources[str(told.source)]
        here = (normalised(url, source.drop_query) for url in (told.receipt.url, *told.addresses))
        if told.page is None or store.shelf.forgotten(here):
            continue
        outcome = store.shelf.take_unkept(source, told, kept_of(told.page, source.archive or "text"))
        brought.count(source.key, outcome or "known already")


def _take_readings(theirs: Store, source: Source, store: Store, since: date) -> None:
    readings = (archive.upkeep.readings(source.key, since) for archive in (theirs, store))
    store.upkeep.take_readings(source, _missing(*readings))


def _missing(theirs: Iterator[Reading], ours: Iterator[Reading]) -> Iterator[Reading]:
    """Yield those of their readings that ours do not have; both come in order of time."""
    mine = next(ours, None)
    for reading in theirs:
        while mine is not None and mine[0] < reading[0]:
            mine = next(ours, None)
        if mine != reading:
            yield reading
