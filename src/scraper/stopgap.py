"""A source whose declared entry points show nothing: its front page is read as a listing, then what robots.txt names.

Feeds are switched off and listings move without a word; the front page stays. What was read instead is said in the
report of every run, so that somebody mends the source. An entry point that is missing rests by the store's back-off
and is not spoken of meanwhile where another one shows stories.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from scraper.errand import Errand
from scraper.errors import Deferred, FetchError
from scraper.source import Listing, Place, Sitemap
from scraper.urls import normalised, same_site

Read = Callable[[Errand, Place], Awaitable[None]]


async def read_instead(job: Errand, read: Read) -> None:
    """Read other ways into the site with `read`, where all declared ones are missing or show no story."""
    if _bereft(job):
        readable = job.counts["listings"]
        for place in await _elsewhere(job):
            declared = replace(job.source, discover=(*job.source.discover, place))
            await read(replace(job, source=declared), place)  # the counts are shared
            if _shown(job):
                job.instead.append(place.url)
                break
            job.counts["listings"] = readable  # a page without stories stands for none
    if not job.counts["listings"]:
        for url, until in job.resting.items():
            note_put_off(job, url, until)


def note_put_off(job: Errand, url: str, until: datetime) -> None:
    """Note that an entry point is left alone until then."""
    job.note(url, Deferred(f"put off until {until:%Y-%m-%d %H:%M} UTC", url, until=until))


def _shown(job: Errand) -> bool:
    """Tell whether a story was listed, or a listing was as it had been before."""
    return bool(job.listed) or job.counts["unmodified"] > 0


def _bereft(job: Errand) -> bool:
    """Tell whether nothing is shown though the site answers, and nobody asked us to stay away."""
    answers = job.counts["listings"] > 0 or job.lacking or job.resting
    return bool(answers) and not _shown(job) and not job.refused


async def _elsewhere(job: Errand) -> list[Place]:
    """Return places that are not declared: the front page, then the sitemaps of robots.txt."""
    home, declared = job.source.home, {normalised(place.url) for place in job.source.discover}
    try:
        named = (await job.line.fetcher.rules(home, limits=job.limits)).sitemaps
    except FetchError:
        named = ()
    places: tuple[Place, ...] = (Listing(home), *(Sitemap(url) for url in named if same_site(url, job.source)))
    return [place for place in places if normalised(place.url) not in declared]
