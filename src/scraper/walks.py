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


async def walk(job: Errand, place: Place, validators: Validators | None, heed: Heed) -> bool:
    """Fetch an entry point and what follows it until `heed` has had enough; tell whether it could be walked."""
    budget = job.plan.pages or (job.limits.sitemaps if isinstance(place, Sitemap) else job.limits.pages)
    ahead, seen, shown = deque([place.url]), set[str](), set[str]()
    while ahead and len(seen) < budget:
        url = ahead.popleft()
        if url in seen:
            continue
        seen.add(url)
        try:
            index = await index_at(job, place, url, validators if url == place.url else None, heed)
        except (FetchError, ParseError) as error:
            gone = isinstance(error, StatusError) and error.status in (404, 410)
            if len(seen) > 1 and gone:
                continue  # a page after the first that is not there is the end of the walk
            await note_listing(job, url, error)
            job.tally.missed(place, gone=gone)
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


async def index_at(job: Errand, place: Place, url: str, validators: Validators | None, heed: Heed) -> Index | None:
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
    index = await job.line.workers.run(
        index_from, response, place, job.source, url=url, seconds=seconds, weight=len(response.body)
    )
    if not whole and len(response.body) == size:
        index = replace(index, fault=f"cut at {size} bytes")
    if index.fault is not None:
        if not index.teasers and not index.following:
            job.counts["listings"] -= 1
        job.note(url, ParseError(index.fault, url))
    return index if await heed(response, index) else None


async def note_listing(job: Errand, url: str, error: ScraperError) -> None:
    """Note why a listing page brought nothing, and put it off."""
    job.note(url, error)
    await job.line.write(job.line.store.failed, job.source, url, error, job.line.clock())
