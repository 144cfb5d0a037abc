"""Tree in, lines out: every seen block of text with what stands around it, in one walk. No judgement here."""

from __future__ import annotations

from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from scraper.document import names
from scraper.hints import ARTICLE, BYLINE, CAPTION, CREDIT, DATE, HIDDEN, JUNK, TAG_HINTS, hints_from
from scraper.text import squeezed


_UNREAD = names(
    "script style template title noscript iframe object svg math textarea select datalist nav button canvas audio video map"
    " input progress meter label dialog head rt rp -comment"
)
_INLINE = names(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark q ruby rb s samp small span strike"
    " strong sub sup tt u var wbr nobr time"
)
_PLAIN, _LINK, _STRONG = -1, -2, -3
_BLOCKY = CAPTION | CREDIT | JUNK | BYLINE | HIDDEN
_HINTED_INLINE = names("span small em cite time a i b strong")

@dataclass(slots=True)
class Box:
    """A block element; `hints` are its own, `parent` an index (-1 above the root)."""

    parent: int
    tag: str
    hints: int
    words: str = ""


@dataclass(slots=True)
class Line:
    """A run of text that a reader sees as one block.

    `linked` counts the characters inside links, `strong` those inside bold text; `breaks` tells that a
    single <br> ended it.
    """

    text: str
    linked: int
    strong: int
    box: int
    breaks: bool = False


@dataclass(slots=True)
class Outline:
    """A page as lines and boxes, with the nodes other readers want, each with the line it precedes.

    An image comes with its box, a time tag and an author's with the hints of its own.
    """

    boxes: list[Box] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    images: list[tuple[LexborNode, int, int]] = field(default_factory=list)
    times: list[tuple[LexborNode, int, int]] = field(default_factory=list)
    authors: list[tuple[LexborNode, int, int]] = field(default_factory=list)

    def h1s(self) -> list[str]:
        """Return the text of each h1 in page order."""
        texts: dict[int, list[str]] = {}
        within = {-1: -1}
        for index, box in enumerate(self.boxes):
            within[index] = index if box.tag == "h1" else within[box.parent]
        for line in self.lines:
            if within[line.box] >= 0:
                texts.setdefault(within[line.box], []).append(line.text)
        return [" ".join(parts) for parts in texts.values()]


def outline_from(root: LexborNode | None) -> Outline:
    """Walk the tree below `root` once, without recursion."""
    outline = Outline()
    if root is None:
        return outline
    boxes, lines = outline.boxes, outline.lines
    boxes.append(Box(-1, "body", 0))
    stack: list[tuple[LexborNode, int]] = []  # an open element; its box, or which of the two counts it raised
    parts: list[str] = []
    linked = strong = links = strongs = box = 0

    def flush(breaks: bool = False) -> None:
        nonlocal linked, strong
        text = " ".join("".join(parts).split())
        if text:
            lines.append(Line(text if text.isprintable() else squeezed(text), linked, strong, box, breaks))
        parts.clear()
        linked = strong = 0

    node = root.first_child
    while True:
        if node is None:
            if not stack:
                break
            node, opened = stack.pop()
            if opened >= 0:
                flush()
                box = opened
            elif opened == _LINK:
                links -= 1
            elif opened == _STRONG:
                strongs -= 1
            node = node.next
            continue
        tag = node.tag
        if tag == "-text":
            text = node.text_content or ""
            parts.append(text)
            if links:
                linked += len(text)
            if strongs:
                strong += len(text)
            node = node.next
            continue
        if tag in _UNREAD:
            node = node.next
            continue
        if tag == "br":
            flush(True)
            node = node.next
            continue
        if tag == "img":
            outline.images.append((node, box, len(lines)))
            node = node.next
            continue
        inline = tag in _INLINE
        hints = 0
        words = ""
        if not inline or tag in _HINTED_INLINE:
            attributes = node.attributes
            if attributes:
                hints, words = _hints(tag, attributes)
                if tag == "time" or hints & DATE:
                    outline.times.append((node, hints, len(lines)))
                if hints & BYLINE:
                    outline.authors.append((node, hints, len(lines)))
                if inline and not (tag == "span" and hints & _BLOCKY):
                    hints = 0
            elif tag == "time":
                outline.times.append((node, 0, len(lines)))
        child = node.first_child
        if child is None:
            if not inline:
                flush()
            node = node.next
            continue
        if tag == "a":
            links += 1
            stack.append((node, _LINK))
        elif tag == "b" or tag == "strong":
            strongs += 1
            stack.append((node, _STRONG))
        elif inline and not hints:
            stack.append((node, _PLAIN))
        else:
            flush()
            stack.append((node, box))
            boxes.append(Box(box, tag, hints | TAG_HINTS.get(tag, 0), words))
            box = len(boxes) - 1
        node = child
    flush()
    return outline


def _hints(tag: str, attributes: dict[str, str | None]) -> tuple[int, str]:
    words = " ".join(filter(None, (attributes.get("class"), attributes.get("id"), attributes.get("itemprop"), attributes.get("rel"))))
    hints: int = hints_from(words) if words else 0
    if "hidden" in attributes or "style" in attributes and "display:none" in (attributes["style"] or "").replace(" ", ""):
        hints |= HIDDEN
    if attributes.get("role") == "main":
        hints |= ARTICLE
    return hints, words
