"""The line, written once: sources side by side, every page through the same rooms, one writer at the end.

    source -> listings -> URLs -> fetch -> Response -> (kept) -> parse -> Page -> store
              walks.walk          stories.fetch_all     stories.read_pages        one transaction a page

Producers (a walk and a few story fetchers per source) hand responses to readers; `stop` ends the
producers only, so that what was fetched is still read and committed. Expected trouble is caught in
`walks` and `stories` and nowhere else: it becomes one Problem of its source, and the line goes on.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import timedelta

import trio

from scraper.archive import WarcArchive
from scraper.edits import look_for_edits, remember_edits
from scraper.errand import Errand, Line, Plan, errand_for
from scraper.errors import FetchError, ParseError, ScraperError
from scraper.marks import withheld
from scraper.records import Exchange, Index, Kept, Response, Teaser
from scraper.reports import RunReport, SourceReport
from scraper.source import Place, Sitemap, Source
from scraper.stopgap import note_put_off, read_instead
from scraper.stories import Fetched, fetch_all, read_pages
from scraper.walks import walk

READERS = 2  # per run: one for each parsing worker
RECHECKED = timedelta(days=30)  # after that a story is taken to stand as it is
BUFFER = 1  # responses between fetch and parse; each may hold 16 MiB

Pages = trio.MemorySendChannel[Fetched]
_at_work: ContextVar[Source | None] = ContextVar("source at work", default=None)


def keeper(archive: WarcArchive) -> Callable[[Exchange], Kept]:
    """Return a keep function for a Fetcher: it names the source at work, and leaves out what its rule withholds."""

    def keep(exchange: Exchange) -> Kept:
        source = _at_work.get()
        if source is not None and withheld(exchange, source.archive or "text"):
            return archive.receipt(exchange)
        return archive.keep(exchange, source=source.key if source else None)

    return keep


async def _no_more(_errand: Errand) -> None:
    """Leave a source's counts as they are."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a run does for each source, and how the store is told that it is over."""

    produce: Callable[[Errand, Pages], Awaitable[None]]
    finish: Callable[..., None]  # Store.finish, or Store.finish_unwatched
    conclude: Callable[[Errand], Awaitable[None]] = _no_more  # once all that was fetched is stored


async def harvest(sources: Sequence[Source], line: Line, plan: Plan, stop: trio.CancelScope) -> RunReport:
    """Harvest `sources` side by side; `stop` and the plan's deadline end it early, nothing lost.

    Raises: ArchiveError.
    """
    stop.deadline = min(stop.deadline, trio.current_time() + plan.deadline_s)
    errands = [errand_for(source, line, plan) for source in sources]
    return await carried_out(errands, line, Job(_harvest_source, line.store.finish), stop)


async def carried_out(errands: Sequence[Errand], line: Line, job: Job, stop: trio.CancelScope) -> RunReport:
    """Run a job for each errand, side by side, from the opening of the run to its report; `stop` ends it early.

    Raises: ArchiveError.
    """
    started = line.clock()
    run = await line.write(line.store.begin, started)
    try:
        with first_error():
            await _run(errands, job, stop)
    finally:
        with trio.CancelScope(shield=True):
            for errand in errands:
                await job.conclude(errand)
            reports = tuple(errand.last_report() for errand in errands)
            report = RunReport(started, line.clock(), reports, stopped=stop.cancelled_caught)
            await line.write(line.store.keep_robots, line.fetcher.robots)
            cause = "a signal or the deadline" if report.stopped else None
            await line.write(job.finish, run, reports, report.finished, interrupted=cause, code=report.code)
    return report


async def survey(source: Source, line: Line, plan: Plan) -> tuple[SourceReport, tuple[Teaser, ...]]:
    """Walk the listings of `source` and return what a harvest would fetch; nothing is written."""
    errand, teasers = errand_for(source, line, plan), dict[str, Teaser]()

    async def heed(_response: Response, index: Index) -> bool:
        known = await line.ask(line.store.known, [teaser.url for teaser in index.teasers])
        fresh = {teaser.url: teaser for teaser in index.teasers if teaser.url not in known}
        teasers.update(fresh)
        return errand.list(index, fresh.values())

    async def look(errand: Errand, place: Place) -> None:
        await walk(errand, place, None, heed)

    for place in source.discover:
        await look(errand, place)
    await read_instead(errand, look)
    return errand.report(), tuple(teaser for teaser in teasers.values() if plan.wanted(teaser))[: plan.limit]


async def _run(errands: Sequence[Errand], job: Job, stop: trio.CancelScope) -> None:
    async with trio.open_nursery() as readers:
        pages, fetched = trio.open_memory_channel[Fetched](BUFFER)
        for _ in range(READERS):
            readers.start_soon(read_pages, fetched.clone())
        fetched.close()
        async with pages:
            with stop:
                async with trio.open_nursery() as producers:
                    for errand in errands:
                        producers.start_soon(_produce, job, errand, pages)


async def _produce(job: Job, errand: Errand, pages: Pages) -> None:
    _at_work.set(errand.source)
    await job.produce(errand, pages)


async def _harvest_source(errand: Errand, pages: Pages) -> None:
    if await _stories_first(errand):
        errand.counts["listings"] += 1  # read in an earlier run, whose stories have come to their turn
    else:
        for place in errand.source.discover:
            await _list(errand, place)
        await read_instead(errand, _list)
    asked = [] if errand.plan.recheck else await look_for_edits(errand)
    await fetch_all(errand, await _stories(errand), pages)
    await remember_edits(errand, asked)


async def _stories_first(errand: Errand) -> bool:
    """Tell whether the Crawl-delay allows one page a run and a story waits for its own: listings would starve it."""
    waiting = await errand.line.ask(errand.line.store.pending, errand.source, errand.line.clock(), 1)
    if not waiting:
        return False
    try:
        rules = await errand.line.fetcher.rules(errand.source.home, limits=errand.limits)
    except FetchError:
        return False  # whoever asks for a page is told why
    return (rules.crawl_delay or 0.0) > errand.limits.crawl_delay_s


async def _list(errand: Errand, place: Place) -> None:
    """Walk one entry point into the store. Its validators are stored last: a walk cut short is walked again."""
    store, line = errand.line.store, errand.line
    first: list[Response] = []
    whole = True

    async def heed(response: Response, index: Index) -> bool:
        nonlocal whole
        first.append(_remembered(response, index, place))
        errand.tally.listed(index, place)
        whole = whole and index.fault is None
        if index.fault is not None and not index.teasers and not index.following:
            await line.write(store.failed, errand.source, index.url, ParseError(index.fault, index.url), line.clock())
        listed = await line.write(store.listed, errand.source, index, response.kept)
        further = errand.list(index, listed.new)
        errand.pairs.update(listed.pairs)
        errand.moved.update(listed.moved)
        errand.show()
        return further

    until = await line.ask(store.not_before, errand.source, place.url, line.clock())
    if until is not None and await line.ask(store.rests, errand.source, place.url):
        errand.resting[place.url] = until
        return
    if until is not None:
        note_put_off(errand, place.url, until)
        return
    validators = await line.ask(store.validators, errand.source, place.url)
    if await walk(errand, place, validators, heed) and first and whole:
        await line.write(store.polled, errand.source, place, first[0])


def _remembered(response: Response, index: Index, place: Place) -> Response:
    """Return what is remembered of an answer: not its body, as a sitemap's may be 50 MiB and the walk goes on.

    Nor the validators of an index of sitemaps that does not date them all: it stays the same while they change.
    """
    undated = isinstance(place, Sitemap) and index.following and not (index.changed and all(index.changed))
    return replace(response, body=b"", headers=() if undated else response.headers)


async def _stories(errand: Errand) -> list[Teaser]:
    """Return what to fetch: stories listed and not yet archived, then those due to be looked at again."""
    store, plan, now = errand.line.store, errand.plan, errand.line.clock()
    pending = await errand.line.ask(store.pending, errand.source, now, errand.limits.stories)
    wanted = [teaser for teaser in pending if plan.wanted(teaser)][: plan.limit]
    errand.counts["waiting"] = len(pending) - len(wanted)
    if plan.recheck:
        again = await errand.line.ask(store.recent, errand.source, now - RECHECKED, now, errand.limits.stories)
    else:
        again = await errand.line.ask(store.rechecks, errand.source, now, errand.limits.stories)
    errand.again.update(teaser.url for teaser in again)
    return [*wanted, *again]


@contextmanager
def first_error() -> Iterator[None]:
    """Take our own error out of the group that nurseries wrap it in."""
    try:
        yield
    except BaseExceptionGroup as group:
        ours, others = group.split(ScraperError)
        if ours is None or others is not None:
            raise
        first: BaseException = ours
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
        raise first from None
