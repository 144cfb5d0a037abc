"""The JSON that a "load more" button fetches, or that a page carries, in; markup out: HTML in a string, or objects."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

from scraper.document import Document
from scraper.errors import ParseError
from scraper.listings.xmltext import text_from
from scraper.scriptstate import laden_values, state_values
from scraper.source import Source
from scraper.urls import story_folder

_MAX_VALUES: Final = 20_000
_ADDRESSES = ("url", "link", "permalink", "href", "full_url")
_HEADLINES = ("title", "headline", "name", "header")
_SLUGS = ("slug", "alias", "uri", "id")
_STAMPS = (
    "published_at", "publish_date", "date_published", "publishedat", "published", "date", "created_at", "created",
)
_TITLE: Final = 25  # characters of an object's headline that is no section's name
_NEXT = ("next_page_url", "next_url", "next")


@dataclass(frozen=True, slots=True)
class Fragment:
    """The markup a script would have put on the page, and the address of the next piece where it is named."""

    markup: str
    following: str | None = None


def fragment_from(body: bytes, content_type: str | None, url: str, source: Source) -> Fragment:
    """Read a load-more answer; what says a slug or a number for its address stands where the source's stories do.

    Raises:
        ParseError: it is no JSON.
    """
    try:
        found = json.loads(text_from(body, content_type))
    except (ValueError, RecursionError) as error:
        raise ParseError("broken JSON where a page should be", url) from error
    return _fragment(found, story_folder(source))


def stories_in_state(document: Document, source: Source) -> str:
    """Return the stories that a page without a link to any has in its script state, as markup."""
    return _fragment([*state_values(document), *laden_values(document)], story_folder(source)).markup


def _fragment(state: object, folder: str | None) -> Fragment:
    pieces: list[str] = []
    following = None
    for value in _values(state):
        if isinstance(value, str):
            pieces.append(value if "<a" in value and "href" in value else "")
        else:
            pieces.append(_card(value, folder))
            following = following or _first(value, _NEXT)
    return Fragment("\n".join(filter(None, pieces)), following)


def _values(root: object) -> Iterator[str | Mapping[str, object]]:
    """Yield the strings and objects of a JSON value in its order, without recursion."""
    waiting, seen = [root], 0
    while waiting and seen < _MAX_VALUES:
        value, seen = waiting.pop(), seen + 1
        if isinstance(value, dict):
            yield value
            waiting.extend(reversed(value.values()))
        elif isinstance(value, list):
            waiting.extend(reversed(value))
        elif isinstance(value, str):
            yield value


def _card(item: Mapping[str, object], folder: str | None) -> str:
    tongues = tuple(name for name in item if name.startswith("title_"))  # title_uz and title_ru
    address, headline = _first(item, _ADDRESSES), _first(item, (*_HEADLINES, *tongues))
    if folder and headline and not address and len(headline) >= _TITLE and (slug := _numbered(item, _SLUGS)):
        address = folder + slug
    if not address or not headline:
        return ""
    stamp = _numbered(item, _STAMPS)
    time = f'<time datetime="{escape(stamp)}"></time>' if stamp else ""
    return f'<article><h2><a href="{escape(address)}">{escape(headline)}</a></h2>{time}</article>'


def _first(item: Mapping[str, object], names: tuple[str, ...]) -> str | None:
    texts = (item.get(name) for name in names)
    return next((text for text in texts if isinstance(text, str) and text.strip()), None)


def _numbered(item: Mapping[str, object], names: tuple[str, ...]) -> str | None:
    """Return the first of these members that is a text or a number."""
    return _first({name: str(value) if type(value) is int else value for name, value in item.items()}, names)
