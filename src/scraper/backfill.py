"""A site's past, newest to oldest, by the best way it has; every step is a row, so that a killed run goes on.

    ways ──> walk back: months of WordPress, sitemaps, pages of listings ──> backlog ──> stories.fetch_all
             (a page and all it shows: one transaction)        a few hundred at a time, then walk on

A way is as good as what it can tell: WordPress gives months and totals, sitemaps name days or months, listings
only follow each other. The next kind of way is walked only where those before did not go back far enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import trio

from scraper.errand import Errand, Line, Plan, errand_for, lasts
from scraper.errors import FetchError, ParseError, StatusError
from scraper.harvest import Job, Pages, carried_out
from scraper.records import Index, Response, Teaser
from scraper.reports import Headway, RunReport, SourceReport
from scraper.source import Feed, Listing, Place, Sitemap, Source, WordPress
from scraper.spans import Basis, Dating, Span, dating, month_of, month_query, months_of, named_days
from scraper.stopgap import note_put_off
from scraper.store import PastPage
from scraper.stories import fetch_all
from scraper.urls import origin
from scraper.walks import index_at, note_listing

BATCH = 200  # stories known to wait before the walk rests and they are fetched
_GONE = frozenset({404, 410})


@dataclass(slots=True)
class Course:
    """One backfill run: its range, who watches it, and what it remembers of its walk."""

    span: Span
    watch: Callable[[Headway], None]
    started: float = field(default_factory=trio.current_time)
    reckoned: Headway | None = None  # as the archive last knew it
    settled: int = 0  # stories of this run that were settled by then
    shown: dict[str, set[int]] = field(default_factory=dict)  # by listing: hashes of its stories; 200,000 are 16 MB
    last: dict[str, tuple[str, ...]] = field(default_factory=dict)  # the stories of the page read last
    resting: set[str] = field(default_factory=set)  # pages that did not come in this run
    silent: set[str] = field(default_factory=set)  # places that gave no answer in this run, or asked for a rest

    def headway(self, settled: int) -> Headway:
        """Return the way come, after so many stories of this run, with the time left at its pace."""
        reckoned = self.reckoned
        assert reckoned is not None
        since = settled - self.settled
        waiting = max(0, reckoned.waiting - since)
        pace = (trio.current_time() - self.started) / settled if settled else None
        return replace(reckoned, stored=reckoned.stored + reckoned.waiting - waiting, waiting=waiting,
                       left_s=pace and pace * waiting)


async def backfill(source: Source, span: Span, line: Line, plan: Plan, stop: trio.CancelScope,
                   watch: Callable[[Headway], None]) -> tuple[RunReport, Headway]:
    """Bring in the stories of `span`; `plan.limit` bounds the run, `stop` ends it early, and the next one goes on.

    Raises: ArchiveError.
    """
    stop.deadline = min(stop.deadline, trio.current_time() + plan.deadline_s)
    course = Course(span, watch)
    errand = errand_for(source, replace(line, progress=lambda report: _tell(course, report)), plan)

    async def produce(errand: Errand, pages: Pages) -> None:
        await _walk_and_fetch(errand, course, pages)

    async def conclude(errand: Errand) -> None:
        errand.counts["waiting"] = (await _reckoned(errand, course)).waiting

    report = await carried_out([errand], line, Job(produce, line.store.finish_unwatched, conclude), stop)
    return report, course.headway(_settled(report.sources[0]))


def ways(source: Source) -> Iterator[tuple[Place, ...]]:
    """Yield a source's entry points by kind, the best way into the past first; at last what robots.txt may name."""
    for kind in (WordPress, Sitemap, Listing, Feed):
        if places := tuple(place for place in source.discover if isinstance(place, kind)):
            yield places
    if not any(isinstance(place, Sitemap) for place in source.discover):
        yield (Sitemap(f"{origin(source.home)}/robots.txt"),)


async def _walk_and_fetch(errand: Errand, course: Course, pages: Pages) -> None:
    past, limit = errand.line.store.past, errand.plan.limit
    errand.counts["listings"] += (await _reckoned(errand, course)).pages_read  # by earlier runs
    for places in ways(errand.source):
        for place in places:
            await _plan(errand, course, place)
        while limit is None or _settled(errand.report()) + len(errand.afloat) < limit:
            if not await _batch(errand, course, places, pages):
                break
        else:
            break
        if await errand.line.ask(past.reached, errand.source, course.span, places):
            break


async def _plan(errand: Errand, course: Course, place: Place) -> None:
    """Plan where a place's past begins; one that asked to be left alone is, for this run."""
    now = errand.line.clock()
    until = await errand.line.ask(errand.line.store.not_before, errand.source, place.url, now)
    if until is not None:
        note_put_off(errand, place.url, until)
        course.silent.add(place.url)
    months = [month_query(place.url, month) for month in course.span.months()] if isinstance(place, WordPress) else []
    await errand.line.write(errand.line.store.past.open, errand.source, course.span, place, months or [place.url], now)


async def _batch(errand: Errand, course: Course, places: Iterable[Place], pages: Pages) -> bool:
    """Walk until enough stories wait, then fetch them; tell whether there was anything to do."""
    room, limit = BATCH, errand.plan.limit
    if limit is not None:
        room = min(BATCH, limit - _settled(errand.report()) - len(errand.afloat))
    walked = False
    for place in places:
        while len(await _waiting(errand, course, room)) < room and await _step(errand, course, place):
            walked = True
    stories = await _waiting(errand, course, room)
    await _reckoned(errand, course)
    await fetch_all(errand, stories, pages)
    return walked or bool(stories)


async def _waiting(errand: Errand, course: Course, room: int) -> list[Teaser]:
    """Return stories to fetch that were not tried in this run."""
    tried = errand.problems.keys() | errand.afloat
    past, now = errand.line.store.past, errand.line.clock()
    found = await errand.line.ask(past.waiting, errand.source, course.span, now, room + len(tried))
    return [teaser for teaser in found if teaser.url not in tried][:room]


async def _step(errand: Errand, course: Course, place: Place) -> bool:
    """Read a place's next page; tell whether there was one and it could be read."""
    past, span = errand.line.store.past, course.span
    if place.url in course.silent:
        return False
    url = await errand.line.ask(past.ahead, errand.source, span, place, course.resting)
    if url is None:
        return False
    if await _is_older(errand, course, place):
        await errand.line.write(past.ended, errand.source, span, place, url, errand.line.clock())
        return True

    async def heed(response: Response, index: Index) -> bool:
        await _take(errand, course, place, url, response, index)
        return True

    try:
        await index_at(errand, place, url, None, heed)
    except (FetchError, ParseError) as error:
        await _stumble(errand, course, place, url, error)
    return True


async def _take(errand: Errand, course: Course, place: Place, url: str, response: Response, index: Index) -> None:
    past, span = errand.line.store.past, course.span
    if index.fault is not None and not index.teasers and not index.following:
        raise ParseError(index.fault, url)  # it is not what it should be
    if isinstance(place, WordPress) and _is_unheeded(url, index):
        await errand.line.write(past.instead, errand.source, span, place, response.kept)
        return
    page = past_page(url, index, place, span)
    urls = {hash(teaser.url) for teaser in index.teasers} if isinstance(place, Listing | Feed) else set()
    shown = course.shown.setdefault(place.url, set())
    leads_on = not urls or not urls <= shown  # a page that repeats those before it leads on for ever
    planned = await errand.line.ask(past.planned, errand.source, span, place)
    room = max(0, errand.limits.past_pages - planned) if leads_on else 0
    page = replace(page, following=page.following[:room])
    fresh = await errand.line.write(past.read, errand.source, span, place, page, response.kept)
    shown |= urls
    course.last[place.url] = tuple(page.days) if isinstance(place, Listing | Feed) else ()
    errand.count(len(page.days), len(fresh))
    errand.show()


async def _is_older(errand: Errand, course: Course, place: Place) -> bool:
    """Tell whether the stories of the page read last turned out to be older than the range, once archived."""
    urls = course.last.get(place.url)
    newest = await errand.line.ask(errand.line.store.past.newest_of, urls) if urls else None
    return newest is not None and newest < course.span.first


async def _stumble(errand: Errand, course: Course, place: Place, url: str, error: FetchError | ParseError) -> None:
    """Note that a page did not come: it was the end, it never will, or the next run tries again."""
    past, span = errand.line.store.past, course.span
    followed = isinstance(place, Listing | Feed) and url != place.url
    gone = isinstance(error, StatusError) and error.status in _GONE
    tried = url == place.url and place not in errand.source.discover  # robots.txt: most sites name nothing there
    if (gone and followed) or (tried and (gone or isinstance(error, ParseError))):
        await errand.line.write(past.ended, errand.source, span, place, url, errand.line.clock())
        return
    await note_listing(errand, url, error)
    if lasts(error):
        await errand.line.write(past.stumbled, errand.source, span, place, url)
        course.resting.add(url)
    else:
        course.silent.add(place.url)


def _is_unheeded(url: str, index: Index) -> bool:
    """Tell whether a month was asked for and most posts are of another, a day's difference of clocks set aside."""
    month = month_of(url)
    days = [teaser.stamp.day for teaser in index.teasers if teaser.stamp and teaser.stamp.day]
    if month is None:
        return False
    wide = Span(month.first - timedelta(days=1), month.last + timedelta(days=1))
    return 2 * sum(wide.first <= day <= wide.last for day in days) < len(days)


def past_page(url: str, index: Index, place: Place, span: Span) -> PastPage:
    """Return what a page says of the range: its stories, where it goes on, and its count of each whole month."""
    named = named_days(url) if isinstance(place, Sitemap) else None
    datings = {teaser.url: dating(teaser, named) for teaser in index.teasers}
    wanted = {address: min(each.span.last, span.last) if each else None for address, each in datings.items()
              if each is None or each.span.meets(span)}
    days = [each.span.last for each in datings.values() if each is not None]
    following, older = _worth_reading(index, place, span)
    asked = month_of(url) if isinstance(place, WordPress) else None
    if asked is None and not isinstance(place, Sitemap) and _all_older(days, len(index.teasers), span):
        following = ()
    return PastPage(
        url, replace(index, teasers=tuple(teaser for teaser in index.teasers if teaser.url in wanted)), wanted,
        following,
        oldest=min([*days, *older, *([asked.first] if asked else [])], default=None),
        months=_counted(index, asked, place, datings.values(), span),
    )


def _counted(index: Index, asked: Span | None, place: Place, datings: Iterable[Dating | None], span: Span
             ) -> dict[tuple[str, Basis], int]:
    """Return how many stories the page says there are, by month; only months of which the walk sees every sitemap."""
    if asked is not None and index.total is not None:
        return {(f"{asked.first:%Y-%m}", "total"): index.total}
    if not isinstance(place, Sitemap):
        return {}
    whole = {f"{month.first:%Y-%m}" for month in span.months()}
    return {key: stories for key, stories in months_of(datings).items() if key[0] in whole}


def _worth_reading(index: Index, place: Place, span: Span) -> tuple[tuple[str, ...], list[date]]:
    """Return the pages that may show stories of the range, and the last days of those that cannot: they are older."""
    if not isinstance(place, Sitemap):
        return index.following, []
    whole, wanted, older = span.whole(), list[str](), list[date]()
    changed = dict(zip(index.following, index.changed, strict=False))
    for url in index.following:
        named, day = named_days(url), changed.get(url)
        last = min((each for each in (named.last if named else None, day) if each), default=None)
        if last is not None and last < whole.first:
            older.append(last)
        elif named is None or named.first <= whole.last:
            wanted.append(url)
    return tuple(sorted(wanted, key=_last_named, reverse=True)), older


def _last_named(url: str) -> date:
    named = named_days(url)
    return named.last if named else date.max


def _all_older(days: list[date], stories: int, span: Span) -> bool:
    """Tell whether a page has gone back beyond the range: most of its stories are dated, none so late."""
    return 2 * len(days) >= max(1, stories) and max(days) < span.first


def _settled(report: SourceReport) -> int:
    return report.new + report.changed + report.unchanged + report.gone + report.lost


async def _reckoned(errand: Errand, course: Course) -> Headway:
    """Ask the archive how far it has come, and go on counting from there."""
    course.settled = _settled(errand.report())
    course.reckoned = await errand.line.ask(errand.line.store.past.headway, errand.source, course.span)
    _tell(course, errand.report())
    return course.reckoned


def _tell(course: Course, report: SourceReport) -> None:
    if course.reckoned is not None:
        course.watch(course.headway(_settled(report)))
