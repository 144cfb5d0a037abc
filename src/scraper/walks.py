"""A source's entry points, fetched and read: one page, or one after another until whoever listens has had enough."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import replace

from scraper.errand import Errand, most_bytes
from scraper.errors import FetchError, ParseError, ScraperError, StatusError
from scraper.readers import index_from
from scraper.records import Index, Response, Validators
from scraper.source import Place, Sitemap

Heed = Callable[[Response, Index], Awaitable[bool]]

log = logging.getLogger("scraper.harvest")


async def walk(errand: Errand, place: Place, validators: Validators | None, heed: Heed) -> bool:
    """Fetch an entry point and what follows it until `heed` has had enough; tell whether it could be walked."""
    budget = errand.plan.pages or (errand.limits.sitemaps if isinstance(place, Sitemap) else errand.limits.pages)
    ahead, seen, shown = deque([place.url]), set[str](), set[str]()
    while ahead and len(seen) < budget:
        url = ahead.popleft()
        if url in seen:
            continue
        seen.add(url)
        try:
            index = await index_at(errand, place, url, validators if url == place.url else None, heed)
        except (FetchError, ParseError) as error:
            gone = isinstance(error, StatusError) and error.status in (404, 410)
            if len(seen) > 1 and gone:
                continue  # a page after the first that is not there is the end of the walk
            await note_listing(errand, url, error)
            errand.tally.missed(place, gone=gone)
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


async def index_at(errand: Errand, place: Place, url: str, validators: Validators | None, heed: Heed) -> Index | None:
    """Fetch and read one listing page; None where the walk need not go on."""
    log.debug("listing %s", url)
    whole, size = isinstance(place, Sitemap), most_bytes(place, errand.limits)  # of a page the beginning is of use
    response = await errand.line.fetcher.get(
        url, validators=validators, limits=errand.limits, max_bytes=size, whole=whole
    )
    if response.status == 304:
        errand.counts["listings"] += 1
        errand.counts["unmodified"] += 1
        await errand.line.write(errand.line.store.unmodified, errand.source, url, response.kept, errand.line.clock())
        return None
    seconds = errand.limits.parse_s
    index = await errand.line.workers.run(
        index_from, response, place, errand.source, url=url, seconds=seconds, weight=len(response.body)
    )
    errand.counts["listings"] += 1
    if not whole and len(response.body) == size:
        index = replace(index, fault=f"cut at {size} bytes")
    if index.fault is not None:
        if not index.teasers and not index.following:
            errand.counts["listings"] -= 1
        errand.note(url, ParseError(index.fault, url))
    return index if await heed(response, index) else None


async def note_listing(errand: Errand, url: str, error: ScraperError) -> None:
    """Note why a listing page brought nothing, and put it off."""
    errand.note(url, error)
    await errand.line.write(errand.line.store.failed, errand.source, url, error, errand.line.clock())
