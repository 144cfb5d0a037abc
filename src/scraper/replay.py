"""Stored pages through the line once more: captures in, rows out. No network; an import and a catching up are this.

    capture -> sight -> Response -> parse in workers -> store
               whose page it is, and what for          one transaction a page, in the order of the captures

Listings go first: the dates and links they show belong to the stories. What a page brings is what it would
have brought on the day of its capture. Expected trouble is caught here and becomes a Problem.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import trio

from scraper.archive import Capture
from scraper.config import limits_with
from scraper.errors import BodyError, ParseError, ScraperError
from scraper.limits import Limits
from scraper.marks import kept_of
from scraper.readers import index_from, page_from
from scraper.records import Kept, Page, Ticker
from scraper.reports import Problem
from scraper.sights import Atlas, Sight
from scraper.source import Sitemap
from scraper.store import Store
from scraper.stories import dated
from scraper.urls import normalised
from scraper.workers import Workers

BATCH: Final = 32  # captures read at once
BATCH_BYTES: Final = 8 * 1024 * 1024  # of their bodies


@dataclass(frozen=True, slots=True)
class Desk:
    """The rooms stored pages go through, opened by the caller.

    `known` tells what is stored already and left out, `keep` gives a capture its receipt in our own WARC folder,
    `shelve` is told of one that brought nothing to read.
    """

    store: Store
    workers: Workers
    limits: Limits
    known: Callable[[Sight], bool]
    keep: Callable[[Sight], Kept]
    shelve: Callable[[Sight], None]
    sync: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Brought:
    """What captures brought, by source: counts of captures, and each that could not be read."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def count(self, source: str, what: str) -> None:
        """Count one capture of a source."""
        self.counts.setdefault(source, Counter())[what] += 1

    def lines(self) -> Iterator[str]:
        """Yield a summary line per source."""
        for source, counts in sorted(self.counts.items()):
            named = ", ".join(f"{counts[what]} {what}" for what in OUTCOMES if counts[what])
            yield f"{source}: {counts.total()} captures: {named}"


_LISTINGS, _PAGES = frozenset({"listing"}), frozenset({"story", "page", "gone", "other"})
OUTCOMES = ("new", "changed", "unchanged", "alias", "listing", "gone", "without article", "unreadable", "known already")

Captures = Callable[[], Iterator[Capture]]


async def replay(captures: Captures, atlas: Atlas, desk: Desk, brought: Brought) -> None:
    """Bring captures into the store, listings first; `captures` is asked twice for the same ones."""
    for wanted in (_LISTINGS, _PAGES):
        stream = captures()
        while batch := await trio.to_thread.run_sync(_batch, stream):
            found = (atlas.sight(*capture) for capture in batch)
            sights = (sight for sight in found if sight and sight.kind in wanted)
            if wanted is _LISTINGS:
                for sight in sights:  # one by one: where it goes on says what the next capture is
                    await _list(sight, atlas, desk, brought)
            else:
                await _bring([*sights], atlas, desk, brought)


def _batch(captures: Iterator[Capture]) -> list[Capture]:
    batch, size = [], 0
    for capture in captures:
        batch.append(capture)
        size += len(capture[1].wire)
        if len(batch) >= BATCH or size >= BATCH_BYTES:
            break
    return batch


async def _list(sight: Sight, atlas: Atlas, desk: Desk, brought: Brought) -> None:
    """Take a listing into account: the stories it shows are waited for, its ticker is read."""
    limits = limits_with(desk.limits, sight.source.limits)
    size = limits.sitemap_bytes if isinstance(sight.place, Sitemap) else limits.body_bytes
    try:
        response = sight.response(size)
        assert sight.place is not None
        index = await desk.workers.run(
            index_from, response, sight.place, sight.source, url=sight.url, seconds=limits.parse_s
        )
    except (BodyError, ParseError) as error:
        await trio.to_thread.run_sync(_shelve, sight, desk, brought, error)
        return
    atlas.follow(sight, index)

    def store() -> None:
        if desk.known(sight):
            brought.count(sight.source.key, "known already")
            return
        kept = desk.keep(sight)
        desk.sync()
        desk.store.listed(sight.source, index, (kept,))
        brought.count(sight.source.key, "listing")

    await trio.to_thread.run_sync(store)


async def _bring(sights: Sequence[Sight], atlas: Atlas, desk: Desk, brought: Brought) -> None:
    """Read pages side by side, and store them in the order of their captures."""
    sights = await trio.to_thread.run_sync(_unknown, sights, desk, brought)
    pages: dict[int, Page | ScraperError] = {}

    async def read(number: int, sight: Sight) -> None:
        try:
            pages[number] = await _page(sight, desk)
        except (BodyError, ParseError) as error:
            pages[number] = error

    async with trio.open_nursery() as nursery:
        for number, sight in enumerate(sights):
            if sight.kind in ("story", "page"):
                nursery.start_soon(read, number, sight)
    for number, sight in enumerate(sights):
        await trio.to_thread.run_sync(_store, sight, pages.get(number), atlas, desk, brought)


def _unknown(sights: Sequence[Sight], desk: Desk, brought: Brought) -> list[Sight]:
    unknown = []
    for sight in sights:
        if desk.store.shelf.forgotten((sight.stored_url, normalised(sight.asked, sight.source.drop_query))):
            continue
        if desk.known(sight):
            brought.count(sight.source.key, "known already")
        else:
            unknown.append(sight)
    return unknown


async def _page(sight: Sight, desk: Desk) -> Page:
    limits = limits_with(desk.limits, sight.source.limits)
    response = sight.response(limits.body_bytes)
    page = await desk.workers.run(
        page_from, response, sight.source, url=sight.url, seconds=limits.parse_s, weight=len(response.body)
    )
    if sight.exchange.status == 304:
        page = replace(page, ticker=Ticker())  # it confirms the story, not the rates of that day
    return replace(page, article=None, missing="no story's address") if sight.kind == "page" else page


def _store(sight: Sight, page: Page | ScraperError | None, atlas: Atlas, desk: Desk, brought: Brought) -> None:
    """Bring one capture into the store. Nothing of it is kept where it is of no source and holds no article."""
    source = sight.source
    if page is None:
        _store_answer(sight, desk, brought)
    elif isinstance(page, ScraperError):
        _shelve(sight, desk, brought, page)
    elif page.article is not None:
        teaser = desk.store.shelf.listed_as(source, (sight.stored_url, normalised(sight.asked, source.drop_query)))
        page = kept_of(dated(page, teaser) if teaser else page, source.archive or "text")
        kept = desk.keep(sight)
        desk.sync()
        response = replace(sight.response(desk.limits.sitemap_bytes), kept=(kept,))
        brought.count(source.key, desk.store.save(source, page, response).outcome)
    elif atlas.is_declared(source) and page.ticker.cells:
        kept = desk.keep(sight)
        desk.sync()
        desk.store.shelf.noted_page(source, page, kept)
        brought.count(source.key, "without article")
    elif atlas.is_declared(source):
        desk.shelve(sight)
        brought.count(source.key, "without article")


def _store_answer(sight: Sight, desk: Desk, brought: Brought) -> None:
    """Store an answer that is no page: a story that is gone, a redirect, a failure."""
    if sight.kind != "gone" or not desk.store.known([sight.stored_url]):
        desk.shelve(sight)
        return
    kept = desk.keep(sight)
    desk.sync()
    desk.store.shelf.withdrawn(sight.source, sight.stored_url, kept)
    brought.count(sight.source.key, "gone")


def _shelve(sight: Sight, desk: Desk, brought: Brought, error: ScraperError) -> None:
    desk.shelve(sight)
    brought.count(sight.source.key, "unreadable")
    brought.problems.append(Problem(sight.url, error.message))
