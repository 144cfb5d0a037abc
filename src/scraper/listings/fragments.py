"""The JSON that a "load more" button fetches in, markup out: HTML in a string, or stories as objects."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

from scraper.errors import ParseError
from scraper.listings.xmltext import text_from

_MAX_VALUES: Final = 20_000
_ADDRESSES = ("url", "link", "permalink", "href", "full_url")
_HEADLINES = ("title", "headline", "name", "header")
_STAMPS = ("published_at", "publish_date", "date_published", "published", "date", "created_at")
_NEXT = ("next_page_url", "next_url", "next")


@dataclass(frozen=True, slots=True)
class Fragment:
    """The markup a script would have put on the page, and the address of the next piece where it is named."""

    markup: str
    following: str | None = None


def fragment_from(body: bytes, content_type: str | None, url: str) -> Fragment:
    """Read a load-more answer.

    Raises:
        ParseError: it is no JSON.
    """
    try:
        found = json.loads(text_from(body, content_type))
    except (ValueError, RecursionError) as error:
        raise ParseError("broken JSON where a page should be", url) from error
    pieces: list[str] = []
    following = None
    for value in _values(found):
        if isinstance(value, str):
            pieces.append(value if "<a" in value and "href" in value else "")
        else:
            pieces.append(_card(value))
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


def _card(item: Mapping[str, object]) -> str:
    address, headline = _first(item, _ADDRESSES), _first(item, _HEADLINES)
    if not address or not headline:
        return ""
    stamp = _first(item, _STAMPS)
    time = f'<time datetime="{escape(stamp)}"></time>' if stamp else ""
    return f'<article><h2><a href="{escape(address)}">{escape(headline)}</a></h2>{time}</article>'


def _first(item: Mapping[str, object], names: tuple[str, ...]) -> str | None:
    found = (item.get(name) for name in names)
    return next((value for value in found if isinstance(value, str) and value.strip()), None)
