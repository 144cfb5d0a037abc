"""A sitemap or an index of sitemaps in, its entries out: streamed, in bounded memory, no entity ever expanded.

urlset, sitemapindex, Google News' fields, gzip, plain lists of addresses (sitemaps.org, protocol 0.9).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Final
from xml.parsers import expat

from scraper.errors import ParseError
from scraper.listings.xmltext import inflated, texts

MAX_ENTRIES: Final = 50_000  # sitemaps.org: no more in one file
_MAX_TEXT = 4096  # of one element; an address is at most 2,048
_MAX_DEPTH = 64

_ITEMS = frozenset({"url", "sitemap"})
_FIELDS = {
    ("url", "loc"): "address", ("sitemap", "loc"): "address",
    ("url", "lastmod"): "changed", ("sitemap", "lastmod"): "changed",
    ("news", "publication_date"): "published", ("news", "title"): "title",
}
# An ampersand that starts no reference of XML's own: real sitemaps hold them raw in addresses.
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")
_NAMED = re.compile(r"^[ \t]{0,64}sitemap[ \t]{0,64}:[ \t]{0,64}(https?://\S{1,2040})", re.IGNORECASE | re.MULTILINE)
_START = re.compile(r"<\?xml\s|<!DOCTYPE|<(?:[\w.-]{1,40}:)?(?:urlset|sitemapindex)(?=[\s>/])")
_ADDRESS = re.compile(r"https?://\S{1,2040}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One address of a sitemap as printed, with what stands beside it."""

    address: str
    title: str | None = None
    published: str | None = None  # Google News' publication_date
    changed: str | None = None  # lastmod


@dataclass(slots=True)
class Entries:
    """What has been read of one sitemap so far; `fault` says why there is no more of it."""

    urls: list[Entry] = field(default_factory=list)
    sitemaps: list[Entry] = field(default_factory=list)
    fault: str | None = None

    def take(self, entry: Entry, kind: str) -> None:
        """Add an entry under its kind, "url" or "sitemap".

        Raises: ParseError where there are 50,000 already.
        """
        if len(self.urls) + len(self.sitemaps) >= MAX_ENTRIES:
            raise ParseError(f"more than {MAX_ENTRIES} addresses")
        (self.urls if kind == "url" else self.sitemaps).append(entry)


class _Reader:
    """Expat's handlers: one item at a time, by local names, so that any prefix will do."""

    def __init__(self, into: Entries) -> None:
        self.into = into
        self.path: list[str] = []
        self.item: dict[str, str] = {}
        self.others: list[str] = []
        self.text: list[str] = []
        self.size = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.path.append(name.rpartition(":")[2])
        if len(self.path) > _MAX_DEPTH:
            raise ParseError(f"elements nested more than {_MAX_DEPTH} deep")
        if self.path[-1] in _ITEMS:
            self.item = {}
        elif self.path[-2:] == ["sitemap", "link"] and attributes.get("rel") == "alternate":
            self.others.append(attributes.get("href", ""))  # the sitemap of another language (hreflang)
        self.text, self.size = [], 0

    def data(self, text: str) -> None:
        self.size += len(text)
        if self.size <= _MAX_TEXT:
            self.text.append(text)

    def end(self, _: str) -> None:
        tag = self.path.pop()
        parent = self.path[-1] if self.path else ""
        if named := _FIELDS.get((parent, tag)):
            self.item.setdefault(named, html.unescape("".join(self.text)).strip())
        if tag in _ITEMS and self.item.get("address"):
            for address in (self.item["address"], *self.others):
                self.into.take(Entry(**{**self.item, "address": address}), tag)
            self.others = []
        self.text, self.size = [], 0

    def entity(self, *_: object) -> None:
        raise ParseError("declares entities, which are never expanded")


def entries_from(body: bytes, content_type: str | None, *, limit: int) -> Entries:
    """Read an XML sitemap, at most `limit` decoded bytes and 50,000 addresses of it."""
    found = Entries()
    parser = _parser(_Reader(found))
    text = ""
    try:
        for text in _escaped(texts(inflated(body, limit), content_type)):
            parser.Parse(text, False)
        parser.Parse("", True)
    except ParseError as error:
        found.fault = error.message
    except expat.ExpatError as error:
        found.fault = _fault(error)
    return found


def _parser(reader: _Reader) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    parser.EntityDeclHandler = reader.entity
    return parser


def _fault(error: expat.ExpatError) -> str:
    cut = error.code in (expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],
                         expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
                         expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION])
    return f"cut short in line {error.lineno}" if cut else f"damaged XML in line {error.lineno}"


def _escaped(pieces: Iterator[str]) -> Iterator[str]:
    first = next(pieces, "")
    start = _START.search(first)  # blanks and warnings stand before it, where XML allows nothing
    held = ""
    for piece in chain((first[start.start() :] if start else first,), pieces):
        text = held + piece
        at = text.rfind("&", max(0, len(text) - 12))  # a reference may be cut in two between pieces
        held = text[at:] if at >= 0 and ";" not in text[at:] else ""
        yield _BARE_AMPERSAND.sub("&amp;", text[: len(text) - len(held)])
    yield _BARE_AMPERSAND.sub("&amp;", held)


def addresses_from(body: bytes, content_type: str | None, *, limit: int) -> Entries:
    """Read a sitemap that is a plain list, one address to a line."""
    found = Entries()
    held = ""
    try:
        for piece in texts(inflated(body, limit), content_type):
            *lines, held = (held + piece).splitlines(keepends=True) or [""]
            _take(lines, found)
        _take([held], found)
    except ParseError as error:
        found.fault = error.message
    return found


def sitemaps_named(robots: str) -> list[str]:
    """Return the sitemaps a robots.txt names, in its order (sitemaps.org)."""
    return [match[1] for match in _NAMED.finditer(robots)]


def _take(lines: list[str], found: Entries) -> None:
    for line in lines:
        if _ADDRESS.fullmatch(line.strip()):
            found.take(Entry(line.strip()), "url")
