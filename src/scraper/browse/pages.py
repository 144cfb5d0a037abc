"""The pages a reader sees: what each template is given, read from the archive in a thread of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from scraper.browse.reading import apart, blocks, marked, published_times, utc_clock, web_address
from scraper.store import Store
from scraper.worddiff import word_diff

ARCHIVE = "news"  # the name of the database in every address
PAGE = 30  # stories
FOUND = 50  # hits

T = TypeVar("T")


async def front(datasette: Datasette, request: Request) -> Response:
    """Show the newest stories, or those before the story `?before=`."""
    before = request.args.get("before") or ""
    number = int(before) if before.isdecimal() and len(before) < 18 else None
    stories, rates = await _asked(
        datasette, lambda store: (store.newest(PAGE + 1, before=number), store.latest_quotes()))
    older = stories[PAGE - 1]["id"] if len(stories) > PAGE else None
    return await _page(datasette, request, "front.html", {
        "stories": _listed(stories[:PAGE]), "older": older, "rates": rates, "paged": number is not None,
        "clock": utc_clock})


async def search(datasette: Datasette, request: Request) -> Response:
    """Show the stories that match `?q=`, the best first, or the newest with `?order=newest`."""
    query, order = request.args.get("q") or "", request.args.get("order") or "best"
    found = await _asked(datasette, lambda store: (
        store.search(query, limit=FOUND) if order == "newest" else store.best(query, limit=FOUND)))
    hits = [row | {"snippet": marked(row["snippet"])} for row in found]
    return await _page(datasette, request, "search.html", {"query": query, "order": order, "hits": hits, "most": FOUND})


async def story(datasette: Datasette, request: Request) -> Response:
    """Show one story as it was last seen."""
    number = int(request.url_vars["number"])
    whole = await _asked(datasette, lambda store: store.story(number))
    if whole is None:
        return await _missing(datasette, request)
    local, universal = published_times(whole.article)
    images = [image | {"link": web_address(image["url"])} for image in whole.images]
    return await _page(datasette, request, "story.html", {
        "story": whole, "article": whole.article, "blocks": blocks(whole.article["body"], whole.article["body_json"]),
        "local": local, "universal": universal, "link": web_address(whole.article["url"]),
        "images": [image for image in images if image["caption"] or image["credit"] or image["alt"]],
        "elsewhere": [each | {"apart": apart(whole.article, each)} for each in _listed([*whole.elsewhere])],
        "byline": whole.article["byline"] or ", ".join(whole.authors), "clock": utc_clock,
    })


async def versions(datasette: Datasette, request: Request) -> Response:
    """Show how the publisher changed a story's text, the last change first."""
    number = int(request.url_vars["number"])
    texts = await _asked(datasette, lambda store: store.shelf.texts_of(number))
    if not texts:
        return await _missing(datasette, request)
    published = [text for text in texts if text["reason"] != "reparse"]  # those only an earlier parser read so are none
    steps = await asyncio.to_thread(lambda: [_step(old, new) for old, new in pairwise(published)])
    return await _page(datasette, request, "versions.html", {"number": number, "text": texts[-1], "steps": steps[::-1]})


def _step(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    fields = {name: list(word_diff(old[name] or "", new[name] or "")) for name in ("headline", "byline", "body")}
    return {"seen_to": utc_clock(old["seen_to"]), "seen_from": utc_clock(new["seen_from"]), **fields}


def _listed(stories: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [story | {"time": published_times(story | {"published_raw": None})[0]} for story in stories]


async def _page(
    datasette: Datasette, request: Request, template: str, shown: dict[str, Any], status: int = 200
) -> Response:
    return Response.html(await datasette.render_template(template, shown, request=request), status=status)


async def _missing(datasette: Datasette, request: Request) -> Response:
    return await _page(datasette, request, "missing.html", {}, status=404)


async def _asked(datasette: Datasette, question: Callable[[Store], T]) -> T:
    """Ask the archive in a thread: a store is used by one thread at a time, and opening it takes a millisecond."""
    path = Path(datasette.get_database(ARCHIVE).path)

    def ask() -> T:
        with Store.reading(path) as store:
            return question(store)

    return await asyncio.to_thread(ask)
