"""Lines that stand with a picture and nothing else: its caption, whatever their boxes are called."""

from __future__ import annotations

import html
import re
from itertools import accumulate

from selectolax.lexbor import LexborNode

from scraper.reading.hints import ASIDE, BIO, BYLINE, CAPTION, COMMENT, DATE, FIGURE, FRAME, HIDDEN, PICTURE, QUOTE
from scraper.reading.outline import Line, Mark, Outline
from scraper.reading.stamplines import is_signed
from scraper.text import squeezed

_OTHERWISE = FRAME | COMMENT | HIDDEN | ASIDE | BIO | BYLINE | DATE | QUOTE
_WIDEST = 400  # characters in the box that holds the picture and its caption
_LEAST = 12
_BARE = 120  # characters of one that stands with its picture in no box of its own
_CLIMB = 5  # boxes from a picture up to the words beside it
_SAID = 20  # characters that no two texts begin with by chance
_CREDITED = 80  # characters that a caption may have beyond the alt text
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_SLANTED = 160  # characters of a line that only its look says to be a caption
_PICTURE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)(?:[?#]|$)", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{1,300}>")
_SPACES = 2  # between the words of a title that is a caption, at least: a file's name has none
_ROW = 3  # pictures side by side, each with its words, that make a gallery
_BETWEEN = frozenset(("br", "noscript", "-comment", "source"))
CREDIT_LABEL = re.compile(  # but not `Rasmiy:`, `Rasman:`, `Аксинча:` (officially, on the contrary)
    r"(?:photo|foto|фото|image|surat|сурат|сүрөт|сурет|акс|rasm)(?!iy|an|инча)\w{0,6}\s?[:©]", re.IGNORECASE
)


def pictured_lines(outline: Outline, widths: list[int], inherited: list[int], headline_at: int) -> frozenset[int]:
    """Return the lines below the headline that share a box with a picture and at most one other line."""
    totals = [0, *accumulate(widths)]
    named = _captioned(outline) | {0}
    stamps = {mark.at for mark in outline.times}
    found = set[int]()
    rows: dict[tuple[int, str], dict[int, Mark]] = {}
    for mark in outline.images:
        if mark.at < headline_at:
            continue
        near = range(max(mark.at - 1, headline_at + 1, 0), min(mark.at + 2, len(outline.lines)))
        may = [index for index in near if _may_be_said(outline, outline.lines[index])]
        if may and mark.at > headline_at:
            found.update(_as_described(outline, mark, may))
            found.update(index for index in may if index == mark.at and _is_caption(mark, outline.lines[index].text))
        holder = _holder(outline, mark.box)
        start, end = outline.starts[holder], outline.ends[holder]
        crowded = end - start > 2 or totals[end] - totals[start] > _WIDEST
        if crowded or holder in named or inherited[holder] & _OTHERWISE:
            continue
        rows.setdefault((outline.parents[holder], outline.tags[holder]), {})[holder] = mark
        for index in near:
            box = outline.lines[index].box
            shown = index not in stamps and not inherited[box] & _OTHERWISE and _stands_in(outline, box, holder)
            if shown and _may_caption(outline, index, mark.box, holder):
                found.add(index)
    return frozenset(found.union(*(_shown(outline, row, headline_at) for row in rows.values() if len(row) >= _ROW)))


def _shown(outline: Outline, row: dict[int, Mark], headline_at: int) -> set[int]:
    """Return the lines of boxes that stand side by side, each a picture with a few words: a gallery, whatever its tags.

    A number such as `1 / 4` may stand with them; where one of the boxes has a link's words, they are cards.
    """
    found = set[int]()
    for holder, mark in row.items():
        for index in range(max(mark.at - 2, headline_at + 1, 0), min(mark.at + 2, len(outline.lines))):
            line = outline.lines[index]
            if not _stands_in(outline, line.box, holder):
                continue
            if line.linked or outline.tags[line.box] in _HEADINGS or len(line.text) > _SLANTED:
                return set()
            found.add(index)
    return found


def _as_described(outline: Outline, mark: Mark, beside: list[int]) -> list[int]:
    """Return those of the lines beside a picture that say what its alt text says."""
    alt = squeezed(mark.node.attributes.get("alt") or "")
    return [index for index in beside if alt and _says(outline.lines[index].text, alt)]


def _is_caption(mark: Mark, text: str) -> bool:
    """Tell whether the line below a picture is slanted as a whole, or begins as a credit."""
    if not _LEAST <= len(text) <= _SLANTED:
        return False
    return CREDIT_LABEL.match(text) is not None or _is_slanted(_following(mark.node), text)


def _following(node: LexborNode) -> LexborNode | None:
    """Return the element behind a picture, or behind what holds nothing but it."""
    for _ in range(_CLIMB):
        after = node.next
        while after is not None and (after.tag in _BETWEEN or (after.tag == "-text" and not after.text().strip())):
            after = after.next
        if after is not None or node.parent is None:
            return after
        node = node.parent
    return None


def _is_slanted(node: LexborNode | None, text: str) -> bool:
    """Tell whether the element says the text, all of it in one that is slanted."""
    for _ in range(_CLIMB):
        if node is None or node.tag in ("-text", "-comment"):
            return False
        if node.tag in ("em", "i"):
            return squeezed(node.text()) == text
        node = next(node.iter(), None)
    return False


def _may_be_said(outline: Outline, line: Line) -> bool:
    tag = outline.tags[line.box]
    return len(line.text) <= _WIDEST and line.linked * 2 <= len(line.text) and tag not in _HEADINGS


def _says(text: str, alt: str) -> bool:
    """Tell whether one of the texts begins with the other; a credit may follow the alt text."""
    if len(text) <= len(alt):
        return text == alt or (len(text) >= _SAID and alt.startswith(text))
    return len(alt) >= _SAID and text.startswith(alt) and len(text) - len(alt) <= _CREDITED


def _captioned(outline: Outline) -> set[int]:
    """Return the boxes around each figcaption: beside it nothing else is a caption."""
    found = set[int]()
    for box in outline.tagged("figcaption"):
        at = outline.parents[box]
        for _ in range(_CLIMB):
            found.add(at)
            at = outline.parents[at] if at > 0 else 0
    return found


def told_by_link(node: LexborNode, headline: str) -> str | None:
    """Return what the link of a picture to itself in full says below it, as light boxes show it; no file's name."""
    link = node.parent
    while link is not None and link.tag in ("picture", "span"):
        link = link.parent
    if link is None or link.tag != "a":
        return None
    attributes = link.attributes
    told, title = attributes.get("data-caption"), attributes.get("title") or ""
    if not told and _PICTURE.search(attributes.get("href") or "") and title.count(" ") >= _SPACES:
        told = title
    text = squeezed(_TAG.sub(" ", html.unescape(told or "")))
    return text if text and text != headline else None


def quoting_figures(outline: Outline) -> set[int]:
    """Return the figures that hold a quotation: what stands beside it there is who said it."""
    found = set[int]()
    for box in outline.tagged("blockquote"):
        at = outline.parents[box]
        for _ in range(3):
            if at > 0 and outline.hints[at] & FIGURE:
                found.add(at)
            at = outline.parents[at] if at > 0 else 0
    return found


def _holder(outline: Outline, box: int) -> int:
    """Return the first box from a picture upwards that holds words, 0 where none is near."""
    for _ in range(_CLIMB):
        if outline.starts[box] < outline.ends[box] or box == 0:
            return box
        box = outline.parents[box]
    return box if outline.starts[box] < outline.ends[box] else 0


def _stands_in(outline: Outline, box: int, holder: int) -> bool:
    for _ in range(_CLIMB):
        if box <= holder:
            return box == holder
        box = outline.parents[box]
    return False


def _may_caption(outline: Outline, index: int, picture: int, holder: int) -> bool:
    """Tell whether the line may be a caption: no link, no byline, a paragraph only where the box is named for it."""
    line, tag = outline.lines[index], outline.tags[outline.lines[index].box]
    if line.linked * 2 > len(line.text) or len(line.text) < _LEAST or tag in _HEADINGS or is_signed(line.text):
        return False
    if line.box == picture:
        return not _is_parted(outline.lines, index) and tag in ("div", "td") and len(line.text) <= _BARE
    named = outline.hints[holder] & (PICTURE | CAPTION)
    return bool(named) or tag in ("div", "span", "small", "em", "td")


def _is_parted(lines: list[Line], index: int) -> bool:
    """Tell whether an empty line stands between the line and another of its box: they are paragraphs."""
    pairs = ((lines[at], lines[at + 1]) for at in (index - 1, index) if 0 <= at < len(lines) - 1)
    return any(above.breaks > 1 and above.box == below.box for above, below in pairs)
