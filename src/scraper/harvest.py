"""The line, written once: sources side by side, every page through the same rooms, one writer at the end.

    source -> listings -> URLs -> fetch -> Response -> (kept) -> parse -> Page -> store
              _walk       _fetch_stories                _read_pages       one transaction a page

Producers (a walk and a few story fetchers per source) hand responses to readers; `stop` ends the
producers only, so that what was fetched is still read and committed. Expected trouble is caught here
and nowhere else: it becomes one Problem of its source, and the line goes on.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import timedelta

import trio

from scraper.discover import index_from
from scraper.errand import Errand, Line, Plan, errand, most_bytes
from scraper.errors import Deferred, FetchError, NotAnArticle, ParseError, ScraperError, StatusError
from scraper.parse import page_from
from scraper.records import Exchange, Index, Kept, Origin, Page, Response, Teaser, Validators
from scraper.reports import RunReport, SourceReport
from scraper.source import Place, Sitemap, Source

FETCHERS = 4  # per source: one request is in flight, the others wait out a back-off or hand over a page
READERS = 3  # per run: two pages are parsed while one is committed
RECHECKED = timedelta(days=30)  # after that a story is taken to stand as it is
BUFFER = 4  # responses between fetch and parse; each may hold 16 MiB

log = logging.getLogger("scraper.harvest")

Heed = Callable[[Response, Index], Awaitable[bool]]
_at_work: ContextVar[str | None] = ContextVar("source at work", default=None)


@dataclass(frozen=True, slots=True)
class _Fetched:
    """A story's response on its way to a reader."""

    errand: Errand
    teaser: Teaser
    response: Response


def keeper(keep: Callable[..., Kept]) -> Callable[[Exchange], Kept]:
    """Return a keep function for a Fetcher which names the source at work to the archive."""
    return lambda exchange: keep(exchange, source=_at_work.get())


async def harvest(sources: Sequence[Source], line: Line, plan: Plan, stop: trio.CancelScope) -> RunReport:
    """Harvest `sources` side by side; `stop` and the plan's deadline end it early, nothing lost.

    Raises: ArchiveError.
    """
    started = line.clock()
    run = await line.write(line.store.begin, started)
    errands = [errand(source, line, plan) for source in sources]
    stop.deadline = min(stop.deadline, trio.current_time() + plan.deadline_s)
    try:
        with first_error():
            await _run(errands, stop)
    finally:
        with trio.CancelScope(shield=True):
            reports = tuple(errand.last_report() for errand in errands)
            report = RunReport(started, line.clock(), reports, stopped=stop.cancelled_caught)
            await line.write(line.store.keep_robots, line.fetcher.robots)
            await _finish(line, run, report)
    return report


async def _finish(line: Line, run: int, report: RunReport) -> None:
    cause = "a signal or the deadline" if report.stopped else None
    await line.write(line.store.finish, run, report.sources, report.finished, interrupted=cause, code=report.code)


async def survey(source: Source, line: Line, plan: Plan) -> tuple[SourceReport, tuple[Teaser, ...]]:
    """Walk the listings of `source` and return what a harvest would fetch; nothing is written."""
    job, teasers = errand(source, line, plan), dict[str, Teaser]()

    async def heed(_response: Response, index: Index) -> bool:
        known = await line.ask(line.store.known, [teaser.url for teaser in index.teasers])
        fresh = {teaser.url: teaser for teaser in index.teasers if teaser.url not in known}
        teasers.update(fresh)
        return job.list(index, fresh.values())

    for place in source.discover:
        await _walk(job, place, None, heed)
    return job.report(), tuple(teaser for teaser in teasers.values() if plan.wanted(teaser))[: plan.limit]


async def _run(errands: Sequence[Errand], stop: trio.CancelScope) -> None:
    async with trio.open_nursery() as readers:
        pages, fetched = trio.open_memory_channel[_Fetched](BUFFER)
        for _ in range(READERS):
            readers.start_soon(_read_pages, fetched.clone())
        fetched.close()
        async with pages:
            with stop:
                async with trio.open_nursery() as producers:
                    for job in errands:
                        producers.start_soon(_harvest_source, job, pages)


async def _harvest_source(job: Errand, pages: trio.MemorySendChannel[_Fetched]) -> None:
    _at_work.set(job.source.key)
    for place in job.source.discover:
        await _list(job, place)
    stories = iter(await _stories(job))
    async with trio.open_nursery() as nursery:
        for _ in range(FETCHERS):
            nursery.start_soon(_fetch_stories, job, stories, pages)


async def _list(job: Errand, place: Place) -> None:
    """Walk one entry point into the store. Its validators are stored last: a walk cut short is walked again."""
    store, line = job.line.store, job.line
    first: list[Response] = []
    whole = True

    async def heed(response: Response, index: Index) -> bool:
        nonlocal whole
        first.append(replace(response, body=b""))  # a sitemap's may be 50 MiB, and the walk goes on
        job.tally.listed(index, place)
        whole = whole and index.fault is None
        listed = await line.write(store.listed, job.source, index, response.kept)
        further = job.list(index, listed.new)
        job.pairs.update(listed.pairs)
        job.moved.update(listed.moved)
        line.progress(job.report())
        return further

    until = await line.ask(store.not_before, job.source, place.url, line.clock())
    if until is not None:
        job.note(place.url, Deferred(f"put off until {until:%Y-%m-%d %H:%M} UTC", place.url, until=until))
        return
    validators = await line.ask(store.validators, job.source, place.url)
    if await _walk(job, place, validators, heed) and first and whole:
        await line.write(store.polled, job.source, place, first[0])


async def _walk(job: Errand, place: Place, validators: Validators | None, heed: Heed) -> bool:
    """Fetch an entry point and what follows it until `heed` has had enough; tell whether it could be walked."""
    budget = job.plan.pages or (job.limits.sitemaps if isinstance(place, Sitemap) else job.limits.pages)
    ahead, seen, shown = deque([place.url]), set[str](), set[str]()
    while ahead and len(seen) < budget:
        url = ahead.popleft()
        if url in seen:
            continue
        seen.add(url)
        try:
            index = await _index(job, place, url, validators if url == place.url else None, heed)
        except (FetchError, ParseError) as error:
            if not (len(seen) > 1 and isinstance(error, StatusError) and error.status in (404, 410)):
                await _note_listing(job, url, error)  # a page after the first that is not there is the end of the walk
                job.tally.cut.add(place.url)
            if len(seen) == 1:
                return False
            continue
        if index is None:
            break
        stories = {teaser.url for teaser in index.teasers}
        if not stories or not stories <= shown:  # a page that repeats those before it leads on for ever
            ahead.extend(index.following)
        shown |= stories
    return True


async def _index(job: Errand, place: Place, url: str, validators: Validators | None, heed: Heed) -> Index | None:
    """Fetch and read one listing page; None where the walk need not go on."""
    log.debug("listing %s", url)
    whole, size = isinstance(place, Sitemap), most_bytes(place, job.limits)  # of a page the beginning is of use
    response = await job.line.fetcher.get(url, validators=validators, limits=job.limits, max_bytes=size, whole=whole)
    job.counts["listings"] += 1
    if response.status == 304:
        job.counts["unmodified"] += 1
        await job.line.write(job.line.store.unmodified, job.source, url, response.kept, job.line.clock())
        return None
    seconds = job.limits.parse_s
    index = await job.line.workers.run(index_from, response, place, job.source, url=url, seconds=seconds)
    if not whole and len(response.body) == size:
        index = replace(index, fault=f"cut at {size} bytes")
    if index.fault is not None:
        if not index.teasers and not index.following:
            job.counts["listings"] -= 1
        job.note(url, ParseError(index.fault, url))
    return index if await heed(response, index) else None


async def _note_listing(job: Errand, url: str, error: ScraperError) -> None:
    job.note(url, error)
    await job.line.write(job.line.store.failed, job.source, url, error, job.line.clock())


async def _stories(job: Errand) -> list[Teaser]:
    """Return what to fetch: stories listed and not yet archived, then those due to be looked at again."""
    store, plan, now = job.line.store, job.plan, job.line.clock()
    pending = await job.line.ask(store.pending, job.source, now, job.limits.stories)
    wanted = [teaser for teaser in pending if plan.wanted(teaser)][: plan.limit]
    job.counts["waiting"] = len(pending) - len(wanted)
    if plan.recheck:
        again = await job.line.ask(store.recent, job.source, now - RECHECKED, now, job.limits.stories)
    else:
        again = await job.line.ask(store.rechecks, job.source, now, job.limits.stories)
    job.again.update(teaser.url for teaser in again)
    return [*wanted, *again]


async def _fetch_stories(job: Errand, stories: Iterator[Teaser], pages: trio.MemorySendChannel[_Fetched]) -> None:
    for teaser in stories:
        await _fetch_story(job, teaser, pages)


async def _fetch_story(job: Errand, teaser: Teaser, pages: trio.MemorySendChannel[_Fetched]) -> None:
    validators = await job.line.ask(job.line.store.validators, job.source, teaser.url)
    log.debug("fetch %s", teaser.url)
    try:
        response = await job.line.fetcher.get(teaser.url, validators=validators, limits=job.limits)
    except FetchError as error:
        await _note_story(job, teaser.url, error)
        return
    with trio.CancelScope(shield=True):  # fetched is to be stored, whatever stops the producers
        if response.status == 304:
            job.counts["unchanged"] += 1
            await job.line.write(job.line.store.unmodified, job.source, teaser.url, response.kept, job.line.clock())
        else:
            await pages.send(_Fetched(job, teaser, response))


async def _read_pages(pages: trio.MemoryReceiveChannel[_Fetched]) -> None:
    async with pages:
        async for fetched in pages:
            await _read_page(fetched)
            fetched.errand.line.progress(fetched.errand.report())


async def _read_page(fetched: _Fetched) -> None:
    job, response = fetched.errand, fetched.response
    try:
        page = await job.line.workers.run(
            page_from, response, job.source, url=response.url, seconds=job.limits.parse_s
        )
    except ParseError as error:
        job.tally.unread(job.part(fetched.teaser))
        await _note_story(job, fetched.teaser.url, error, response.kept)
        return
    job.tally.read(page, job.part(fetched.teaser))
    page = dated(page, fetched.teaser)
    saved = await job.line.write(job.line.store.save, job.source, page, response)
    job.pairs.update(saved.pairs)
    job.moved.update(saved.moved)
    if page.article is None:
        job.lost(fetched.teaser.url, NotAnArticle(f"no article: {page.missing}", page.url))
    else:
        job.counts["unchanged" if saved.outcome == "alias" else saved.outcome] += 1


def dated(page: Page, teaser: Teaser) -> Page:
    """Give a story that shows no date of its own, or only the day, the date under which its listing showed it.

    One that cannot be believed is a date of its own: it stays as printed, with its fault.
    """
    article, listed = page.article, teaser.stamp
    if article is None or listed is None or listed.instant is None or teaser.updated:
        return page
    own = article.published
    if own is not None and (own.instant is None or own.precision != "day" or own.day != listed.day):
        return page
    origins = tuple(origin for origin in article.origins if origin.field != "published")
    found = Origin("published", "listing", 0.9 if own else 0.7)
    return replace(page, article=replace(article, published=listed, origins=(*origins, found)))


async def _note_story(job: Errand, url: str, error: ScraperError, kept: tuple[Kept, ...] = ()) -> None:
    outcome = await job.line.write(job.line.store.failed, job.source, url, error, job.line.clock(), kept)
    if outcome == "gone":
        job.counts["gone"] += 1
    else:
        job.lost(url, error)
    log.info("%s", error)


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
