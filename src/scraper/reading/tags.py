"""What is to be known of an element by its tag alone: how it is read, and what its name says."""

from __future__ import annotations

from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from scraper.document import names
from scraper.reading.hints import TAG_HINTS, hints_from

# in the order in which they are asked for: what is not entered, what stands in a line, blocks
TEXT, UNREAD, BUTTON, BREAK, IMAGE, INLINE, STRONG, LINK, TIME, SPAN, TIGHT, LOOSE = range(1, 13)
_KINDS = {
    "-text": TEXT, "a": LINK, "b": STRONG, "strong": STRONG, "br": BREAK, "img": IMAGE, "button": BUTTON,
    "time": TIME,
    **dict.fromkeys(names("span em small cite abbr"), SPAN),
    **dict.fromkeys(names(
        "script style template title noscript iframe object svg math textarea select datalist nav canvas audio"
        " video map input progress meter label dialog head rt rp -comment"
    ), UNREAD),
    **dict.fromkeys(names(
        "acronym bdi bdo big code data del dfn font i ins kbd mark q ruby rb s samp strike sub sup tt u"
        " var wbr nobr"
    ), INLINE),
    **dict.fromkeys(names("p h1 h2 h3 h4 h5 h6 li dt dd td th pre figcaption caption summary"), TIGHT),
}  # fmt: skip
TAGS: dict[int, Tag] = {}  # those seen, by Lexbor's number, which costs a third of a tag's name; `tag_of` adds to it
_MOST_NUMBERS = 1_000  # Lexbor has 200 tags; one it does not know is numbered by its place in memory


@dataclass(frozen=True, slots=True)
class Tag:
    """One of the kinds above, the element's name, and the hints it gives."""

    kind: int
    name: str
    hints: int


def tag_of(node: LexborNode) -> Tag:
    """Return what is to be known of an element's tag; a custom element is named as a class is."""
    name = node.tag or ""
    tag = Tag(_KINDS.get(name, LOOSE), name, hints_from(name) if "-" in name else TAG_HINTS.get(name, 0))
    if node.tag_id < _MOST_NUMBERS:
        TAGS[node.tag_id] = tag
    return tag
