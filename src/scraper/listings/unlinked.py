"""Links that say nothing ("more", a picture, the whole card) in, the headline beside each of them out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from scraper.listings.links import Box, Line, Link, Sheet, weight

_CLIMB: Final = 6  # boxes from a link to the edge of its card
_HEADING: Final = 15  # letters of a heading that is a headline
_LINE: Final = 25  # of any other line, or of a link's label
_LONGEST: Final = 200  # characters of a headline
_LINKS: Final = 3  # of one target that are looked at
_LINES: Final = 30  # of a card that are read
_CARDS: Final = 3  # alike, from which such links are stories'


def headlines_beside(sheet: Sheet, targets: Sequence[Sequence[Link]]) -> list[str | None]:
    """Return for the links of each target the headline that its card shows without a link, None for most.

    Fewer than three such cards on a page are none, and a text that several show is no headline.
    """
    shared = _shared(sheet, targets)
    found = [_headline(sheet, links, shared) for links in targets]
    spread = Counter(found)
    own = [text if text and spread[text] == 1 else None for text in found]
    return own if sum(text is not None for text in own) >= _CARDS else [None] * len(own)


def _shared(sheet: Sheet, targets: Sequence[Sequence[Link]]) -> set[int]:
    """Return the boxes that hold links of more than one target."""
    holders = Counter(box for links in targets for box in {box for link in links for box in sheet.above(link.box)})
    return {box for box, count in holders.items() if count > 1}


def _lines(sheet: Sheet, card: Box | None) -> list[Line]:
    return sheet.lines[card.first : min(card.last, card.first + _LINES)] if card is not None else []


def _headline(sheet: Sheet, links: Sequence[Link], shared: set[int]) -> str | None:
    for link in links[:_LINKS]:
        card = None
        for box in sheet.above(link.box)[:_CLIMB]:
            if box in shared or sheet.boxes[box].tag in ("body", "main", "nav", "footer"):
                break
            card = sheet.boxes[box]
        lines = [line for line in _lines(sheet, card) if not line.linked]
        headings = (line.text for line in lines if line.heading and weight(line.text) >= _HEADING)
        shown = link.card or link.image is not None
        labels = [link.label, *((line.text for line in lines) if shown else ())]
        told = (text for text in labels if weight(text) >= _LINE and len(text) <= _LONGEST)
        text = next(headings, None) or next(told, None)
        if text is not None:
            return text
    return None
