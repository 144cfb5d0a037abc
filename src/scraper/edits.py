"""What WordPress says was changed: those stories are looked at again, the others need no visit to be known unchanged.

    since the last question ──> posts?modified_after= ──> changed after they were fetched: due now
                                                     └──> the rest of what is due: not visited, for three days at most

Three days, since the interface knows nothing of withdrawn stories, nor of those outside its posts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from scraper.errand import Errand
from scraper.errors import FetchError, ParseError
from scraper.readers import index_from
from scraper.records import Index, Response
from scraper.source import WordPress
from scraper.spans import SITE_CLOCK, edits_query

UNVISITED = timedelta(days=3)

Asked = tuple[WordPress, Response]  # the place as it is remembered, and its first answer


async def look_for_edits(errand: Errand) -> list[Asked]:
    """Ask each WordPress place that answers what was changed; return the questions that were answered whole."""
    store, now = errand.line.store, errand.line.clock()
    asked: list[Asked] = []
    for place in errand.source.discover:
        if errand.refused or not isinstance(place, WordPress) or place.url in errand.lacking | errand.resting.keys():
            continue
        since = await errand.line.ask(store.edits_since, errand.source, _remembered(place), now, UNVISITED)
        answers = await _answers(errand, place, since) if since is not None else []
        if answers and all(_is_heeded(index, since) for _, index in answers if since):
            changed = [teaser for _, index in answers for teaser in index.teasers]
            await errand.line.write(store.edited, errand.source, changed, now)
            if not answers[-1][1].following:
                await errand.line.write(store.spare_visits, errand.source, now, UNVISITED)
                asked.append((_remembered(place), replace(answers[0][0], kept=())))
    return asked


async def remember_edits(errand: Errand, asked: Sequence[Asked]) -> None:
    """Remember that these questions were answered, once their stories were fetched: a run cut short asks again."""
    for place, response in asked:
        await errand.line.write(errand.line.store.polled, errand.source, place, response)


async def _answers(errand: Errand, place: WordPress, since: datetime) -> list[tuple[Response, Index]]:
    """Return the pages of the answer, as many as a listing may have; none where one of them cannot be had."""
    url, found = edits_query(place.url, since), list[tuple[Response, Index]]()
    while len(found) < errand.limits.pages:
        try:
            response = await errand.line.fetcher.get(url, limits=errand.limits)
            index = await errand.line.workers.run(
                index_from, response, place, errand.source, url=url, seconds=errand.limits.parse_s
            )
        except (FetchError, ParseError):
            return []  # its stories are visited as they fall due
        await errand.line.write(errand.line.store.listed, errand.source, index, response.kept)
        found.append((response, index))
        if not index.following:
            break
        url = index.following[0]
    return found


def _is_heeded(index: Index, since: datetime) -> bool:
    """Tell whether the question was understood: each post says when it was changed, and none is older than asked."""
    oldest = since - SITE_CLOCK - timedelta(days=1)
    return all(teaser.changed is not None and teaser.changed > oldest for teaser in index.teasers)


def _remembered(place: WordPress) -> WordPress:
    """Return the place under which the store remembers when it was asked for edits."""
    return WordPress(f"{place.url}#edits")
