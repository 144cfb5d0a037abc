"""The pages a reader sees: what each template is given, read from the archive in a thread of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from scraper.browse.reading import apart, blocks, day_from, marked, published_times, utc_clock, web_address
from scraper.store import Store
from scraper.worddiff import word_diff

ARCHIVE = "news"  # the name of the database in every address
PAGE = 30  # stories
FOUND = 50  # hits
_NARROWING = ("source", "since", "until")

T = TypeVar("T")


async def front(datasette: Datasette, request: Request) -> Response:
    """Show the newest stories, or those before the story `?before=`."""
    number = _number(request.args.get("before"))
    stories, rates = await _asked(
        datasette, lambda store: (store.newest(PAGE + 1, before=number), store.latest_quotes()))
    older = stories[PAGE - 1]["id"] if len(stories) > PAGE else None
    return await _page(datasette, request, "front.html", {
        "stories": _listed(stories[:PAGE]), "older": older, "rates": rates, "paged": number is not None,
        "clock": utc_clock})


async def search(datasette: Datasette, request: Request) -> Response:
    """Show the stories that match `?q=`, the best first.

    With `?order=newest`, or narrowed by `?source=`, `?since=` and `?until=`, the newest, those before `?before=`.
    """
    wish = _wish(request)
    found, outlets = await _asked(datasette, lambda store: (
        _hits(store, wish, _number(request.args.get("before"))),
        store.rows("SELECT key, name FROM sources ORDER BY name")))
    names = {outlet["key"]: outlet["name"] for outlet in outlets}
    hits = [row | {"snippet": marked(row["snippet"]), "outlet": names[row["source"]]} for row in found]
    more = wish["order"] == "newest" and len(hits) == FOUND
    return await _page(datasette, request, "search.html", wish | {
        "query": wish["q"], "hits": hits, "most": FOUND, "outlets": outlets, "narrowed": any(map(wish.get, _NARROWING)),
        "older": {key: value for key, value in wish.items() if value} | {"before": hits[-1]["id"]} if more else None})


def _wish(request: Request) -> dict[str, str | None]:
    """Return what a search asks for; what is narrowed comes newest first."""
    given = {
        "q": request.args.get("q") or "", "source": request.args.get("source") or None,
        "since": day_from(request.args.get("since")), "until": day_from(request.args.get("until")),
    }
    newest = request.args.get("order") == "newest" or any(map(given.get, _NARROWING))
    return given | {"order": "newest" if newest else "best"}


def _hits(store: Store, wish: dict[str, str | None], before: int | None) -> list[dict[str, Any]]:
    query, days = wish["q"] or "", (wish["since"], wish["until"])
    if wish["order"] == "best":
        return store.best(query, limit=FOUND)
    return store.search(query, limit=FOUND, source=wish["source"], days=days, before=before)


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
    return [story | {"time": published_times(story | {"published_raw": None})[0], "day": story["published_date"] or ""}
            for story in stories]


def _number(given: str | None) -> int | None:
    return int(given) if given and given.isdecimal() and given.isascii() and len(given) < 18 else None


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
