"""Tree in, links and lines out: what a reader of a listing sees, in one walk. No judgement here."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from selectolax.lexbor import LexborNode

from scraper.document import BLOCKS, Document, names
from scraper.text import squeezed, unspaced_signs
from scraper.urls import absolute

MAX_LINKS: Final = 20_000  # of 38 real listings none had 1,000; a page of a million costs no more than this many
MAX_NODES: Final = 400_000
_MAX_LINE: Final = 10_000  # characters

_UNREAD = names("script style template noscript iframe object svg math textarea select datalist canvas head -comment")
_BLOCKS = BLOCKS | {"button"}
_HEADINGS = names("h1 h2 h3 h4 h5 h6")
_DIGITS = re.compile(r"\d+")
_ADDRESSES = ("data-href", "data-url", "data-link")
_PRESSED = re.compile(r"""\blocation(?:\.href)?\s*=\s*["']([^"']+)|(?:\.assign|\bopen)\(\s*["']([^"']+)""")
_NOWHERE = ("#", "javascript:", "mailto:", "tel:")


def _address(attributes: dict[str, str | None]) -> str | None:
    """Return where a box leads that is no link: what it names, or where it goes when it is clicked."""
    if (pressed := attributes.get("onclick")) and (match := _PRESSED.search(pressed)):
        return (match[1] or match[2]).strip()
    named = (attributes.get(name) or "" for name in _ADDRESSES)
    return next((href.strip() for href in named if _is_address(href)), None)


def _is_address(text: str) -> bool:
    """Tell whether what an attribute of any script says may be an address: neither a number nor JSON."""
    return any(sign in text for sign in "/?.") and "{" not in text and not text.startswith(_NOWHERE)


def weight(text: str) -> int:
    """Return how much `text` says, in letters of an alphabet: an ideograph or a Thai letter counts double."""
    return sum(map(str.isalnum, text)) + unspaced_signs(text)


@dataclass(slots=True)
class Box:
    """An element that holds others, and its lines, from `first` up to `last`.

    `opened` and `closed` are steps of the walk: what was met between them is inside. `kind` is the tag and classes
    without digits, `parent` an index (-1: none).
    """

    parent: int
    tag: str
    kind: str
    first: int
    opened: int
    last: int = 0
    closed: int = 0


@dataclass(slots=True)
class Line:
    """A run of text that a reader sees as one; `linked` of its characters stand inside links."""

    text: str
    box: int
    linked: int = 0
    heading: bool = False


@dataclass(slots=True)
class Link:
    """An `<a href>`, or a box for one: `first` to `last` are the lines it runs over, `pieces` its text by element."""

    href: str
    box: int
    first: int
    last: int = 0
    pieces: list[str] = field(default_factory=list)
    heading: bool = False  # it holds, or stands in, an h1-h6
    image: str | None = None  # the alt text of the first image in it, "" where that has none
    rel: str = ""
    label: str = ""  # title or aria-label
    card: bool = False  # no `<a>`: a box that leads there as a whole

    @property
    def text(self) -> str:
        """Return its text on one line."""
        return squeezed(" ".join(self.pieces))


@dataclass(slots=True)
class Sheet:
    """A page as links, lines and boxes; `times` are datetime attributes with step and line of the walk."""

    boxes: list[Box] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    times: list[tuple[int, int, str]] = field(default_factory=list)
    cut: bool = False

    def above(self, box: int) -> list[int]:
        """Return `box` and the boxes around it, innermost first."""
        found: list[int] = []
        while box >= 0 and len(found) < 40:
            found.append(box)
            box = self.boxes[box].parent
        return found


class _Walk:
    """The state of one walk: where it is, and the text gathered for the line to come."""

    def __init__(self, base: str | None) -> None:
        self.base = base  # what relative addresses are read against, where it is not the page's own
        self.sheet = Sheet()
        self.box = -1
        self.link: Link | None = None
        self.headings = 0
        self.step = 0  # elements entered and left so far
        self.text: list[str] = []
        self.linked = 0
        self.leading = 0  # links so far that lead anywhere
        self.leads: dict[int, tuple[str, int]] = {}  # of the boxes that are open: where to, and the links before it
        self.cards: list[Link] = []

    def enter(self, node: LexborNode, tag: str) -> None:
        self.step += 1
        attributes = node.attributes
        if tag in _BLOCKS:
            self.flush()
            words = " ".join(sorted((attributes.get("class") or "").split()[:3]))
            kind = f"{tag}.{_DIGITS.sub('', words)}"
            self.sheet.boxes.append(Box(self.box, tag, kind, len(self.sheet.lines), self.step))
            self.box = len(self.sheet.boxes) - 1
            if attributes and self.link is None and (href := _address(attributes)):
                self.leads[self.box] = href, self.leading
        if tag in _HEADINGS:
            self.headings += 1
            if self.link is not None:
                self.link.heading = True
        elif tag == "a" and self.link is None and attributes.get("href"):
            self._open(attributes)
        elif tag == "img" and self.link is not None and self.link.image is None:
            self.link.image = squeezed(attributes.get("alt") or "")
        elif tag == "time" and attributes.get("datetime"):
            self.sheet.times.append((self.step, len(self.sheet.lines), attributes["datetime"] or ""))

    def leave(self, node: LexborNode, tag: str) -> None:
        self.step += 1
        if tag in _BLOCKS:
            self.flush()
            ended = self.sheet.boxes[self.box]
            ended.last, ended.closed = len(self.sheet.lines), self.step
            href, leading = self.leads.pop(self.box, ("", 0))
            if href and leading == self.leading and ended.first < ended.last and len(self.cards) < MAX_LINKS:
                self.cards.append(Link(self._against_base(href), self.box, ended.first, ended.first, card=True))
                self.leading += 1
            self.box = ended.parent
        if tag in _HEADINGS:
            self.headings -= 1
        elif tag == "a" and self.link is not None and node.attributes.get("href"):
            self.link.last = max(self.link.first, len(self.sheet.lines) - (not self._pending()))
            self.link = None

    def read(self, text: str) -> None:
        if self.link is not None and not text.isspace():
            self.link.pieces.append(text)
            self.linked += len(text)
        self.text.append(text)

    def _open(self, attributes: dict[str, str | None]) -> None:
        href = (attributes["href"] or "").strip()
        self.link = Link(
            href=self._against_base(href), box=self.box, first=len(self.sheet.lines),
            heading=self.headings > 0, rel=(attributes.get("rel") or "").lower(),
            label=attributes.get("title") or attributes.get("aria-label") or "",
        )
        self.sheet.links.append(self.link)
        self.leading += not href.startswith(_NOWHERE)

    def _against_base(self, href: str) -> str:
        return absolute(href, self.base) or href if self.base else href

    def _pending(self) -> bool:
        return any(not part.isspace() for part in self.text if part)

    def flush(self) -> None:
        text = squeezed("".join(self.text))
        if text:
            self.sheet.lines.append(Line(text[:_MAX_LINE], self.box, self.linked, self.headings > 0))
        self.text.clear()
        self.linked = 0


def sheet_from(document: Document) -> Sheet:
    """Walk the body once, without recursion, as far as the limits allow."""
    walk = _Walk(document.base if document.base != document.url else None)
    node: LexborNode | None = document.tree.body
    open_nodes: list[LexborNode] = []
    seen = 0
    while node is not None and len(walk.sheet.links) < MAX_LINKS and seen < MAX_NODES:
        seen += 1
        tag = node.tag or ""
        child = None
        if tag == "-text":
            walk.read(node.text_content or "")
        elif tag not in _UNREAD:
            walk.enter(node, tag)
            open_nodes.append(node)
            child = node.first_child
        node = child or _next(node if tag == "-text" or tag in _UNREAD else None, open_nodes, walk)
    walk.flush()
    _add_cards(walk.sheet, walk.cards)
    walk.sheet.cut = node is not None
    for box in walk.sheet.above(walk.box):
        walk.sheet.boxes[box].last = len(walk.sheet.lines)
        walk.sheet.boxes[box].closed = walk.step + 1
    return walk.sheet


def _add_cards(sheet: Sheet, cards: list[Link]) -> None:
    """Put the boxes that lead somewhere among the links, in page order, where no link leads there."""
    linked = {link.href for link in sheet.links}
    own = [card for card in cards if card.href not in linked]
    if own:
        sheet.links = sorted((*sheet.links, *own), key=lambda link: link.first)


def _next(node: LexborNode | None, open_nodes: list[LexborNode], walk: _Walk) -> LexborNode | None:
    """Return what follows in page order, leaving the elements that end before it."""
    following = node.next if node is not None else None
    while following is None and open_nodes:
        ended = open_nodes.pop()
        walk.leave(ended, ended.tag or "")
        following = ended.next if open_nodes else None
    return following
