"""Outline in, numbers out: how much each line and box weighs as running text, and where it stands densest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import repeat

from scraper.reading.hints import (
    ASIDE,
    BIO,
    BODY,
    BYLINE,
    CAPTION,
    COMMENT,
    CREDIT,
    DATE,
    FIGURE,
    FRAME,
    HIDDEN,
    JUNK,
    LEAD,
    QUOTE,
    TAGS,
    WALL,
)
from scraper.reading.outline import Outline
from scraper.reading.pictured import pictured_lines, quoting_figures
from scraper.text import folded, unspaced_signs

OUT = FRAME | COMMENT | JUNK | CAPTION | CREDIT | HIDDEN | BIO | TAGS | ASIDE  # hints that speak against a line
LASTING = HIDDEN | COMMENT | FRAME | ASIDE  # those that are believed on a page which has no text otherwise
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
PROSE = HEADINGS | {"p", "li", "blockquote", "pre", "dd", "dt", "td"}

GOOD = 70  # characters from which a line without many links is running text
_MOST = 800  # a line's weight in a run: one giant must not outweigh a dozen paragraphs
_OPENING = 400.0  # what the headline is worth to the run that begins below it
_BRIEF = 8  # lines below the headline in which a story of one or two sentences stands
_FRAMED = 600  # characters from which a page's frame may be its text after all
_NEARLY_ALL = 90  # percent of the run that the story's own box holds
_DIGEST = 5  # items of a list, each with a link of so many characters
_TITLE = 30
_VERSES = 4  # lines of a poem
_SIGNED = 300  # characters from which a box holds more than a byline and a date
_SIGNS = re.compile(r"[!-@\[-`{-~]")  # digits and punctuation


@dataclass(slots=True)
class Weighed:
    """An outline with its numbers: per line the width and the weight as running text, per box the hints above it.

    `below` is the running text in each box, whatever its hints. `headline_at` is -1 where no line prints it.
    `running` is the weight of the lines before anything is believed of their boxes, `beside` those that show other
    stories.
    """

    outline: Outline
    widths: list[int]
    running: tuple[int, ...]
    below: list[int]
    headline_at: int
    good: list[int] = field(default_factory=list)
    inherited: list[int] = field(default_factory=list)
    pictured: frozenset[int] = frozenset()
    beside: frozenset[int] = frozenset()


def width(text: str) -> int:
    """Return the length of `text` in Latin characters: a sign of an unspaced script counts for two and a half."""
    if text.isascii() or len(text.encode("utf-8", "replace")) < 2.2 * len(text):  # few signs of three bytes: no count
        return len(text)
    return len(text) + 3 * unspaced_signs(text) // 2


def weighed(outline: Outline, headline: str, believed: int = OUT) -> Weighed:
    """Weigh every line; of the hints that speak against one only those in `believed` count."""
    lines = outline.lines
    widths = [len(line.text) if line.text.isascii() else width(line.text) for line in lines]
    good = [size if size >= GOOD and line.linked * 2 < len(line.text) else 0
            for size, line in zip(widths, lines, strict=True)]
    for index in (*_digest(outline), *_figures(outline, good)):
        good[index] = 0
    for index in () if any(good) else _verses(outline, widths):
        good[index] = widths[index]
    page = Weighed(outline, widths, tuple(good), outline.sums(good), headline_line(outline, headline))
    return believing(page, believed)


def believing(page: Weighed, believed: int) -> Weighed:
    """Return the page with its lines weighed anew, by no more than these hints."""
    outline, headline_at, good = page.outline, page.headline_at, list(page.running)
    inherited = _inherited(outline, page.below, _around(outline, headline_at), believed)
    pictured = pictured_lines(outline, page.widths, inherited, headline_at)
    for index, line in enumerate(outline.lines):
        if good[index] and inherited[line.box] & OUT:
            good[index] = 0
    if not any(weight and index not in pictured for index, weight in enumerate(good)):
        briefs = range(headline_at + 1, headline_at + _BRIEF) if headline_at >= 0 else range(0)
        pictured = pictured.difference(briefs)  # a brief may share its box with its picture
    for index in pictured:
        good[index] = 0
    return replace(page, good=good, inherited=inherited, pictured=pictured)


def _verses(outline: Outline, widths: list[int]) -> Iterator[int]:
    """Yield the lines of text that is all short lines in one box or its paragraphs, as poems are."""
    groups: dict[int, list[int]] = {}
    for index, line in enumerate(outline.lines):
        box = line.box
        groups.setdefault(outline.parents[box] if outline.tags[box] == "p" else box, []).append(index)
    for group in groups.values():
        told = [index for index in group if not outline.lines[index].linked]
        broken = 2 * sum(outline.lines[index].breaks > 0 for index in told) >= len(told)
        if broken and _VERSES <= len(told) >= len(group) - 1 and sum(widths[at] for at in told) >= _VERSES * _TITLE:
            yield from (index for index in told if not _is_signs(outline.lines[index].text))


def _digest(outline: Outline) -> Iterator[int]:
    """Yield the list items of a digest: each holds a link of a title's length, then words of another story."""
    tags, parents = outline.tags, outline.parents
    listed: dict[int, list[int]] = {}
    for index, line in enumerate(outline.lines) if "li" in tags else ():
        if tags[line.box] == "li":
            listed.setdefault(parents[line.box], []).append(index)
    for items in listed.values():
        if len(items) >= _DIGEST and all(outline.lines[index].linked >= _TITLE for index in items):
            yield from items


def _figures(outline: Outline, good: list[int]) -> Iterator[int]:
    """Yield the lines of rates, scores and prices, with as many signs and digits as letters, and of copyright."""
    for index, line in enumerate(outline.lines):
        if good[index] and (is_notice(line.text) or (". " not in line.text and _is_signs(line.text))):
            yield index


def is_notice(text: str) -> bool:
    """Tell whether the line says whose the page is."""
    return text.startswith(("©", "(c)", "(C)", "Copyright"))


def _is_signs(text: str) -> bool:
    return len(_SIGNS.findall(text)) * 5 > len(text) * 2


def _around(outline: Outline, headline_at: int) -> set[int]:
    """Return the boxes that hold the headline; none of them stands beside the story."""
    found = set[int]()
    at = outline.lines[headline_at].box if headline_at >= 0 else -1
    while at >= 0:
        found.add(at)
        at = outline.parents[at]
    return found


def _inherited(outline: Outline, below: list[int], spared: set[int], believed: int) -> list[int]:
    """Return of each box its hints and those of all above it, without the ones its size belies."""
    parents, tags = outline.parents, outline.tags
    inherited, bodied, hints = [0], _bodied(outline, below), list(outline.hints)
    for index in quoting_figures(outline):
        hints[index] |= QUOTE
    for index in range(1, len(hints)):
        own, above = hints[index], inherited[parents[index]]
        if not own:  # half of all boxes
            inherited.append(above)
            continue
        if index in spared:
            own &= ~OUT
        elif own & OUT:
            trusted = believed | CAPTION if tags[index] == "figcaption" else believed
            own = _borne_out(own & ~(OUT & ~trusted), below[index], bodied.get(index, 0), below[0])
        if own & (BYLINE | DATE) and below[index] > _SIGNED:
            own &= ~(BYLINE | DATE)
        if own & FIGURE and index not in spared and below[index] * 10 < below[0]:
            own |= CAPTION
        if (own | above) & QUOTE:
            own, above = own & ~CAPTION, above & ~CAPTION
        inherited.append(own | above)
    return inherited


def _bodied(outline: Outline, below: list[int]) -> dict[int, int]:
    """Return of each box the running text in the largest box at or below it that is named for a story's text."""
    bodied: dict[int, int] = {}
    for index in [index for index, hints in enumerate(outline.hints) if hints & BODY]:
        at, size = index, below[index]
        while at >= 0 and size > bodied.get(at, 0):
            bodied[at] = size
            at = outline.parents[at]
    return bodied


def _borne_out(own: int, size: int, bodied: int, total: int) -> int:
    """Return a box's hints without those that the text in it belies.

    A box with most of the page's text, or with a box named for the text, is not beside the story, whatever else it
    is called; comments and frames keep their name. A caption is short, and a short standfirst no promo.
    """
    most, told = size * 3 > total * 2, bodied * 2 > size and size * 10 > total
    if size * 10 > total * 8 and size > _FRAMED if own & FRAME else not own & COMMENT and (most or told):
        own &= ~OUT
    if own & WALL and size > _FRAMED:
        own &= ~JUNK  # no offer is as long as the text it stands before
    if own & CAPTION and size > 600:
        own &= ~(CAPTION | CREDIT)
    if own & JUNK and own & LEAD and size < 500:
        own &= ~JUNK
    return own


def headline_line(outline: Outline, headline: str) -> int:
    """Return the line that prints the headline: an h1 before another heading, that before any other; -1 for none."""
    wanted, size, tags = folded(headline), len(headline), outline.tags
    found, rank = -1, 0
    for index in [index for index, line in enumerate(outline.lines) if -6 <= len(line.text) - size <= 6]:
        tag = tags[outline.lines[index].box]
        standing = 3 if tag == "h1" else 2 if tag in HEADINGS else 1
        if standing > rank and folded(outline.lines[index].text) == wanted:
            found, rank = index, standing
    if found >= 0 or "h1" not in tags:
        return found
    return next((index for index, line in enumerate(outline.lines) if tags[line.box] == "h1"), -1)


def densest_run(page: Weighed) -> tuple[int, int]:
    """Return the stretch of lines with the most running text for the least of anything else, as [start, end)."""
    best = total = 0.0
    start, span = 0, (0, 0)
    tags, inherited = page.outline.tags, page.inherited
    opens = 2 * sum(page.good[page.headline_at + 1 :]) > sum(page.good) or _opens(page)
    opening = page.headline_at if opens else -1
    for index, (line, weight) in enumerate(zip(page.outline.lines, page.good, strict=True)):
        if weight:
            total += min(weight, _MOST)
        else:
            linked, against = line.linked * 2 > len(line.text), inherited[line.box] & OUT
            captions = against == CAPTION and tags[line.box] == "figcaption"
            total -= 10 if captions else 20 + 20 * linked + 20 * bool(against)
        if index == opening:
            total, start = _OPENING, index + 1
        elif total < 0:
            total, start = 0.0, index + 1
        elif weight and total > best:
            best, span = total, (start, index + 1)
    return span


def _opens(page: Weighed) -> bool:
    """Tell whether running text stands right below an h1, however much more stands above it."""
    at = page.headline_at
    titled = at >= 0 and page.outline.tags[page.outline.lines[at].box] == "h1"
    return titled and any(page.good[at + 1 : at + _BRIEF])


def main_box(page: Weighed, span: tuple[int, int]) -> int:
    """Return the smallest box that holds nearly all of the run."""
    start, end = span
    weights = (min(weight, _MOST) for weight in page.good[start:end])
    inside = page.outline.sums((*repeat(0, start), *weights, *repeat(0, len(page.good) - end)))
    best = 0
    for index, parent in enumerate(page.outline.parents):
        if parent == best and inside[index] and inside[index] * 100 >= inside[best] * _NEARLY_ALL:
            best = index
    return best
