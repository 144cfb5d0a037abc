"""What is hooked into Datasette: our routes, links on headlines, and a policy that keeps every page to itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from markupsafe import Markup

from scraper.browse import pages
from scraper.browse.pages import ARCHIVE
from scraper.browse.reading import day_name, direction

Scope = MutableMapping[str, Any]
Send = Callable[[Scope], Awaitable[None]]
App = Callable[[Scope, Callable[[], Awaitable[Scope]], Send], Awaitable[None]]

# our own pages run no script at all; Vega compiles its expressions, and Datasette has scripts in its pages
_OURS = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'"
_DATASETTE = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data:; form-action 'self'; base-uri 'none'"
)
_HEADERS = ((b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer"))


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Awaitable[Any]]]]:
    """Give the pages their addresses."""
    return [
        (r"^/$", pages.front),  # Datasette's own would count every table first
        (r"^/-/search$", pages.search),
        (r"^/-/story/(?P<number>\d{1,18})$", pages.story),
        (r"^/-/story/(?P<number>\d{1,18})/versions$", pages.versions),
    ]


@hookimpl
def extra_css_urls(datasette: Datasette) -> list[str]:
    """Add our style to every page."""
    return [datasette.urls.path("/scraper-static/browse.css")]


@hookimpl
def extra_template_vars() -> dict[str, Callable[..., str]]:
    """Give every template what it asks of a language and of a day."""
    return {"direction": direction, "day_name": day_name}


@hookimpl
def menu_links(datasette: Datasette) -> list[dict[str, str]]:
    """Lead from Datasette's pages to the search and to the tables."""
    return [
        {"href": datasette.urls.path("/-/search"), "label": "Search"},
        {"href": datasette.urls.database(ARCHIVE), "label": "Tables and queries"},
    ]


@hookimpl
def render_cell(row: Any, value: object, column: str, datasette: Datasette) -> Markup | None:
    """Make a headline a link to its story, in every row that knows the story's number."""
    if column != "headline" or not isinstance(value, str):
        return None
    names = row.keys()
    number = row["article_id"] if "article_id" in names else row["id"] if "id" in names else None
    if not isinstance(number, int):
        return None
    return Markup('<a href="{}">{}</a>').format(datasette.urls.path(f"/-/story/{number}"), value)


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[App], App]:
    """Send with every answer what its page may load: nothing from elsewhere."""
    base = datasette.setting("base_url").rstrip("/")

    def wrapped(app: App) -> App:
        async def guarded(scope: Scope, receive: Callable[[], Awaitable[Scope]], send: Send) -> None:
            path = scope.get("path", "").removeprefix(base)
            ours = path == "/" or path.startswith(("/-/story/", "/-/search"))
            policy = (b"content-security-policy", (_OURS if ours else _DATASETTE).encode())

            async def send_with_policy(message: Scope) -> None:
                if message["type"] == "http.response.start":
                    message = {**message, "headers": [*message.get("headers", ()), policy, *_HEADERS]}
                await send(message)

            await app(scope, receive, send_with_policy)

        return guarded

    return wrapped
