"""An RSS, Atom or JSON feed in, its items out. feedparser sees text only: it opens nothing and expands nothing."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Final, cast

from scraper.document import bomb
from scraper.errors import ParseError
from scraper.listings.xmltext import plain_entities, text_from

MAX_TEXT: Final = 8 * 1024 * 1024  # characters; feedparser takes 0.5 s for 2 million of damaged XML, measured
MAX_ITEMS: Final = 5_000

_BAD_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]*)|(\d*));?")
_OPEN_ITEM = re.compile(r"<(?:[\w.-]{1,40}:)?(item|entry)(?=[\s>])", re.IGNORECASE)
_WHOLE_LINK = re.compile(r"</(?:[\w.-]{1,40}:)?link\s*>|<(?:[\w.-]{1,40}:)?link\s[^<>]*href[^<>]*>", re.IGNORECASE)
_ROOT_END = re.compile(r"</(?:[\w.-]{1,40}:)?(?:rss|feed|rdf)\s*>?\s*(?:<!--.*)?\Z", re.IGNORECASE | re.DOTALL)
_POST_NUMBER = re.compile(r"[?&]p=(\d{1,12})$")


# What feedparser and its sgmllib raise on damaged input (97,000 mutated feeds: KeyError, TypeError; the rest by reading
# it); the errors they expect come back as values.
_BREAKS = (ValueError, LookupError, TypeError, AttributeError, AssertionError, ArithmeticError, RecursionError)


@dataclass(frozen=True, slots=True)
class Item:
    """One item as printed; `summary` may hold markup. `read` is feedparser's own reading of the date, in UTC."""

    address: str | None
    title: str | None = None
    summary: str | None = None
    published: str | None = None
    read: datetime | None = None
    number: str | None = None  # WordPress' own, where the item's id shows one


@dataclass(frozen=True, slots=True)
class Items:
    """What one feed holds, in its order; `following` is the address of the feed's next page."""

    items: tuple[Item, ...] = ()
    following: str | None = None
    fault: str | None = None


def items_from(body: bytes, content_type: str | None, url: str) -> Items:
    """Read an RSS or Atom feed, damaged ones as far as they are whole.

    Raises: ParseError where feedparser itself breaks.
    """
    text, fault = _bounded(text_from(body, content_type))
    text = _BAD_REFERENCE.sub(_reference, plain_entities(text))
    why = bomb(text)
    if why is not None:
        raise ParseError(f"feed refused, {why}", url)
    parsed = _parsed(text, url)
    entries = cast(list[Mapping[str, object]], parsed["entries"])
    open_end = _open_item(text)
    if open_end is not None and entries and not _WHOLE_LINK.search(open_end):
        entries = entries[:-1]
    if parsed["bozo"]:
        fault = fault or ("cut short" if not _ROOT_END.search(text[-2000:]) else "damaged XML")
    items = tuple(map(_item, entries))
    return Items(items, _next_page(cast(Mapping[str, object], parsed["feed"])), fault)


def _bounded(text: str) -> tuple[str, str | None]:
    """Return as much of a feed as is read, and what is said of the rest."""
    surplus = next(islice(_OPEN_ITEM.finditer(text[:MAX_TEXT]), MAX_ITEMS, None), None)
    if surplus is not None:
        return text[: surplus.start()], f"more than {MAX_ITEMS} items"
    return text[:MAX_TEXT], f"cut at {MAX_TEXT} characters" if len(text) > MAX_TEXT else None


def _parsed(text: str, url: str) -> Mapping[str, object]:
    import feedparser  # 8 ms to load, which a sitemap or a listing can do without

    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    try:
        # a stream, because feedparser takes a string for an address or a file to open
        return cast(Mapping[str, object], feedparser.parse(
            io.BytesIO(text.encode()), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        ))
    except _BREAKS as error:
        raise ParseError(f"feedparser broke on a damaged feed ({type(error).__name__})", url) from error


def _reference(match: re.Match[str]) -> str:
    digits = match[1] or match[2] or ""
    known = digits and len(digits) < 8 and 0 < int(digits, 16 if match[1] else 10) < 0x110000
    return match[0] if known and match[0].endswith(";") else match[0].replace("&", "&amp;", 1)


def _open_item(text: str) -> str | None:
    """Return the text of a last item that is never closed, None where each is."""
    closed = max(text.rfind("</item"), text.rfind("</entry"), 0)
    opened = [match.end() for match in _OPEN_ITEM.finditer(text, closed)]
    return text[opened[-1] :] if opened else None


def _item(entry: Mapping[str, object]) -> Item:
    published = _text(entry, "published", "updated", "created", "dc_date")
    read = entry.get("published_parsed") or entry.get("updated_parsed") or entry.get("created_parsed")
    identity = _text(entry, "id") or ""
    number = _POST_NUMBER.search(identity)
    return Item(
        address=_linked(entry, identity),
        title=_text(entry, "title"),
        summary=_text(entry, "summary") or _content(entry),
        published=published,
        read=_instant(cast(tuple[int, ...], read)) if read else None,
        number=number[1] if number else None,
    )


def _text(entry: Mapping[str, object], *names: str) -> str | None:
    found = (entry.get(name) for name in names)
    return next((value.strip() for value in found if isinstance(value, str) and value.strip()), None)


def _linked(entry: Mapping[str, object], identity: str) -> str | None:
    """Return the item's address; feedparser's `link` may be an id that is none (urn:uuid:...)."""
    links = cast(list[Mapping[str, object]], entry.get("links") or ())
    hrefs = [_text(link, "href") or "" for link in links if link.get("rel") != "enclosure"]
    printed = [_text(entry, "feedburner_origlink") or "", _text(entry, "link") or "", *hrefs, identity]
    return next(filter(None, map(_address, printed)), None) or next(filter(None, printed), None)


def _address(text: str) -> str | None:
    return text if text.startswith(("http://", "https://")) else None


def _content(entry: Mapping[str, object]) -> str | None:
    contents = cast(list[Mapping[str, object]], entry.get("content") or ())
    return _text(contents[0], "value") if contents else None


def _instant(parsed: tuple[int, ...]) -> datetime | None:
    try:
        return datetime(*parsed[:6], tzinfo=UTC)  # type: ignore[misc, arg-type]
    except ValueError:  # a leap second, a year 0
        return None


def _next_page(feed: Mapping[str, object]) -> str | None:
    links = cast(list[Mapping[str, object]], feed.get("links") or ())  # RFC 5005, 3
    return next((href for link in links if link.get("rel") == "next" and (href := _text(link, "href"))), None)


def json_items_from(body: bytes, content_type: str | None, url: str) -> Items:
    """Read a JSON feed (jsonfeed.org, version 1.1).

    Raises: ParseError where it is no JSON.
    """
    try:
        feed = json.loads(text_from(body, content_type))
    except (ValueError, RecursionError) as error:
        raise ParseError("no JSON where a feed should be", url) from error
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        return Items(fault="JSON without items where a feed should be")
    items = tuple(_json_item(item) for item in feed["items"][:MAX_ITEMS] if isinstance(item, dict))
    return Items(items, _text(feed, "next_url"))


def _json_item(item: Mapping[str, object]) -> Item:
    return Item(
        address=_text(item, "url") or _address(_text(item, "id") or "") or _text(item, "external_url"),
        title=_text(item, "title"),
        summary=_text(item, "summary", "content_text", "content_html"),
        published=_text(item, "date_published", "date_modified"),
    )
