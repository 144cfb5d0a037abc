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


async def read_instead(errand: Errand, read: Read) -> None:
    """Read other ways into the site with `read`, where all declared ones are missing or show no story."""
    if _bereft(errand):
        readable = errand.counts["listings"]
        for place in await _elsewhere(errand):
            declared = replace(errand.source, discover=(*errand.source.discover, place))
            await read(replace(errand, source=declared), place)  # the counts are shared
            if _shown(errand):
                errand.instead.append(place.url)
                break
            errand.counts["listings"] = readable  # a page without stories stands for none
    if not errand.counts["listings"]:
        for url, until in errand.resting.items():
            note_put_off(errand, url, until)


def note_put_off(errand: Errand, url: str, until: datetime) -> None:
    """Note that an entry point is left alone until then."""
    errand.note(url, Deferred(f"put off until {until:%Y-%m-%d %H:%M} UTC", url, until=until))


def _shown(errand: Errand) -> bool:
    """Tell whether a story was listed, or a listing was as it had been before."""
    return bool(errand.listed) or errand.counts["unmodified"] > 0


def _bereft(errand: Errand) -> bool:
    """Tell whether nothing is shown though the site answers, and nobody asked us to stay away."""
    answers = errand.counts["listings"] > 0 or errand.lacking or errand.resting
    return bool(answers) and not _shown(errand) and not errand.refused


async def _elsewhere(errand: Errand) -> list[Place]:
    """Return places that are not declared: the front page, then the sitemaps of robots.txt."""
    home, declared = errand.source.home, {normalised(place.url) for place in errand.source.discover}
    try:
        named = (await errand.line.fetcher.rules(home, limits=errand.limits)).sitemaps
    except FetchError:
        named = ()
    places: tuple[Place, ...] = (Listing(home), *(Sitemap(url) for url in named if same_site(url, errand.source)))
    return [place for place in places if normalised(place.url) not in declared]
