"""Stories through the line: fetched side by side, handed over, read in workers, stored one transaction a page.

    teasers ──> fetch_all ──> (channel) ──> read_pages ──> store

Expected trouble is caught here: it becomes one Problem of its source, and the line goes on.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import trio

from scraper.errand import Errand
from scraper.errors import FetchError, NotAnArticle, ParseError, ScraperError
from scraper.marks import kept_of
from scraper.readers import page_from
from scraper.records import Kept, Origin, Page, Response, Teaser, Validators

FETCHERS = 4  # per source: one request is in flight, the others wait out a back-off or hand over a page

log = logging.getLogger("scraper.harvest")


@dataclass(frozen=True, slots=True)
class Fetched:
    """A story's response on its way to a reader."""

    errand: Errand
    teaser: Teaser
    response: Response


async def fetch_all(errand: Errand, teasers: Iterable[Teaser], pages: trio.MemorySendChannel[Fetched]) -> None:
    """Fetch stories in their order, and hand those that came to the readers."""
    asked = list(teasers)
    conditions = await errand.line.ask(errand.line.store.conditions, errand.source, [teaser.url for teaser in asked])
    stories = ((teaser, conditions.get(teaser.url)) for teaser in asked)
    async with trio.open_nursery() as nursery:
        for _ in range(FETCHERS):
            nursery.start_soon(_fetch_each, errand, stories, pages)


async def _fetch_each(
    errand: Errand, stories: Iterator[tuple[Teaser, Validators | None]], pages: trio.MemorySendChannel[Fetched]
) -> None:
    for teaser, validators in stories:
        await _fetch(errand, teaser, validators, pages)


async def _fetch(
    errand: Errand, teaser: Teaser, validators: Validators | None, pages: trio.MemorySendChannel[Fetched]
) -> None:
    log.debug("fetch %s", teaser.url)
    try:
        response = await errand.line.fetcher.get(teaser.url, validators=validators, limits=errand.limits)
    except FetchError as error:
        await _note_story(errand, teaser.url, error)
        return
    with trio.CancelScope(shield=True):  # fetched is to be stored, whatever stops the producers
        if response.status == 304:
            errand.counts["unchanged"] += 1
            line = errand.line
            await line.write(line.store.unmodified, errand.source, teaser.url, response.kept, line.clock())
        else:
            errand.afloat.add(teaser.url)
            await pages.send(Fetched(errand, teaser, response))


async def read_pages(pages: trio.MemoryReceiveChannel[Fetched]) -> None:
    """Read and store what is handed over, until nobody hands over any more."""
    async with pages:
        async for fetched in pages:
            await _read_page(fetched)
            errand, url = fetched.errand, fetched.teaser.url
            del fetched  # a page is let go before the next is waited for
            errand.afloat.discard(url)
            errand.show()


async def _read_page(fetched: Fetched) -> None:
    errand, response = fetched.errand, fetched.response
    try:
        page = await errand.line.workers.run(
            page_from, response, errand.source,
            url=response.url, seconds=errand.limits.parse_s, weight=len(response.body),
        )  # fmt: skip
    except ParseError as error:
        errand.tally.unread(errand.part(fetched.teaser))
        await _note_story(errand, fetched.teaser.url, error, response.kept)
        return
    errand.tally.read(page, errand.part(fetched.teaser))
    page = kept_of(dated(page, fetched.teaser), errand.source.archive or "text")
    saved = await errand.line.write(errand.line.store.save, errand.source, page, response)
    errand.pairs.update(saved.pairs)
    errand.moved.update(saved.moved)
    if page.article is None:
        errand.lost(fetched.teaser.url, NotAnArticle(f"no article: {page.missing}", page.url))
    else:
        errand.counts["unchanged" if saved.outcome == "alias" else saved.outcome] += 1


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


async def _note_story(errand: Errand, url: str, error: ScraperError, kept: tuple[Kept, ...] = ()) -> None:
    outcome = await errand.line.write(errand.line.store.failed, errand.source, url, error, errand.line.clock(), kept)
    if outcome == "gone":
        errand.counts["gone"] += 1
    else:
        errand.lost(url, error)
    log.info("%s", error)
