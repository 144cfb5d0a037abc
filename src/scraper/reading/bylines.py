"""Who signed the story on the page: marked as author, named behind a word like "by", or in the line of its date."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from selectolax.lexbor import LexborNode

from scraper.dates import is_calendar_word
from scraper.reading.density import is_notice
from scraper.reading.hints import ASIDE, BIO, CAPTION, COMMENT, CREDIT, FRAME, PICTURE, TAGS
from scraper.reading.outline import Line, Mark, Outline
from scraper.reading.persons import looks_named, names_in, persons_in, signed_in
from scraper.reading.stamped import Place
from scraper.text import folded, squeezed

Printed = tuple[str, list[str]]  # the byline as it stands there, and the names in it

_NEAR = 7  # lines around the headline in which a story is signed
_LINE = 120  # characters of such a line
_MARKED = 200  # the same of what is marked as an author
_SIGNATURE = 60  # of one at the end of the text
_MOST_LINKS = 10  # to authors in one byline
_WORKS = re.compile(r"\b(?:all|more|articles?|posts?|stories|все|статьи|материалы|публикации)\b", re.IGNORECASE)
_BEHIND = 4  # lines below the text in which it is signed at its end
_PICTURED = CAPTION | CREDIT | PICTURE
_OTHERWISE = ASIDE | BIO | CAPTION | COMMENT | CREDIT | FRAME | TAGS
_STAMP = re.compile(r"\d{1,2}:\d{2}|\b(?:19|20)\d{2}\b")
_DIGIT = re.compile(r"\d")
_PARTS = re.compile(r"\s*(?:[|•·/—–]|\s-\s)\s*")
_JOINT = re.compile(r"(?:^|[\s,])(?:and|und|et|y|e|og|och|i|и|va|ва|ve|&|,)\s*$", re.IGNORECASE)


def marked(outline: Outline, place: Place) -> Printed | None:
    """Return what the markup calls the author, close to the headline or right behind the text."""
    shown: Printed | None = None
    beside = -1  # the box of the first author found; others may stand in it
    for mark in _marks(outline, place):
        text = squeezed(mark.node.text(separator=" "))
        if not 2 < len(text) <= _MARKED or (beside >= 0 and mark.box != beside):
            continue
        found = _of(mark.node)
        if beside >= 0 and shown is not None:
            shown = (shown[0], [*shown[1], *(name for name in found if " " in name)])
        elif found or shown is None:
            shown, beside = (text, found), mark.box if found else -1
    return shown


def _marks(outline: Outline, place: Place) -> Iterator[Mark]:
    marks, at = [mark for mark in outline.authors[:60] if not mark.hints & _PICTURED], place.headline_at
    yield from (mark for mark in marks if at < 0 or -8 <= mark.at - at <= 25)
    if place.last >= 0:
        yield from (mark for mark in marks if place.last < mark.at <= place.last + _BEHIND)


def _of(node: LexborNode) -> list[str]:
    """Return the names in an author's box: of the first piece that holds full ones, and of those joined to it."""
    pieces = [piece for piece in map(squeezed, node.text(separator="\n").split("\n")) if piece]
    whole = " ".join(pieces)
    if len(whole.split()) <= 4 and all(" " not in piece for piece in pieces):  # first name, last name
        pieces = [whole]
    found: list[str] = []
    for before, piece in zip(["", *pieces], pieces, strict=False):
        if found and not (_JOINT.search(before) or _JOINT.match(piece)):
            continue
        names = signed_in(piece)[1] or persons_in(piece)
        found += [name for name in names if " " in name or name == name.swapcase()]
    found = found or [name for piece in pieces for name in persons_in(piece) or _lone(piece)][:1]
    linked = _linked(node)
    return found if set(linked) <= set(found) else linked


def _linked(node: LexborNode) -> list[str]:
    """Return the names in a byline's links that are marked as the author's."""
    linked = (squeezed(link.text(separator=" ")) for link in node.css("a[rel~=author]")[:_MOST_LINKS])
    named = (text for text in linked if looks_named(text) and not _WORKS.search(text))
    return [name for text in named for name in names_in(text)]


def _lone(piece: str) -> list[str]:
    """Return the name that is one word in lower case, as members of a site choose theirs."""
    return [] if " " in piece else names_in(piece)


def signed(outline: Outline, place: Place) -> Printed | None:
    """Return the names behind a word like "by" in a line below the headline."""
    start = place.headline_at if place.headline_at >= 0 else place.first - _NEAR
    for line in outline.lines[max(start + 1, 0) : max(start + _NEAR, 0)]:
        byline, found = signed_in(line.text) if len(line.text) <= _LINE else ("", [])
        if found:
            return byline, found
    return _signed_below(outline, place)


def _signed_below(outline: Outline, place: Place) -> Printed | None:
    """Return the names behind a word like "by" at the end of the text, alone on their line."""
    for line in outline.lines[max(place.last - 1, 0) : place.last + _BEHIND] if place.last >= 0 else ():
        byline, found = signed_in(line.text) if len(line.text) <= _SIGNATURE else ("", [])
        if found and _may_name(found[0], set()):
            return byline, found
    return None


def beside_stamp(outline: Outline, place: Place, otherwise: set[str]) -> Printed | None:
    """Return what looks like a name in the line of the story's date; `otherwise` is what is none.

    A name alone in the next line, or behind the text, is as often a section or a link: 4 of 11 real ones were names.
    """
    at = place.headline_at
    near = (*outline.lines[max(at - 2, 0) : at], *outline.lines[at + 1 : at + _NEAR]) if at >= 0 else ()
    for line in near:
        parts = _PARTS.split(line.text) if len(line.text) <= _LINE and not is_notice(line.text) else []
        if not 1 <= len(parts) <= 4 or outline.hints[line.box] & _OTHERWISE:
            continue
        for part, beside in (*pairwise(parts), *pairwise(reversed(parts))):
            if _STAMP.search(beside) and looks_named(part) and folded(part) not in otherwise:
                return line.text, names_in(part)
        for part in _around_stamp(line.text):
            if _may_name(part, otherwise):
                return line.text, names_in(part)
    return _among_items(outline, near, otherwise)


def _among_items(outline: Outline, near: Sequence[Line], otherwise: set[str]) -> Printed | None:
    """Return the name that is an item of a list beside the stamp's."""
    for line, after in pairwise(near):
        one, two = line.box, after.box
        if not outline.tags[one] == outline.tags[two] == "li" or outline.parents[one] != outline.parents[two]:
            continue
        for item, stamp in ((line.text, after.text), (after.text, line.text)):
            if _STAMP.search(stamp) and _may_name(item, otherwise):
                return item, names_in(item)
    return None


def _may_name(text: str, otherwise: set[str]) -> bool:
    """Tell whether the text looks like one name of two or three words, none of them in capitals."""
    words = text.split()
    plain = len(words) <= 3 and not any(map(str.isupper, words)) and ". " not in text
    return plain and looks_named(text) and folded(text) not in otherwise


def _around_stamp(text: str) -> Iterator[str]:
    """Yield the words before the stamp of a short line, and the capitalised ones behind it."""
    stamps = list(_STAMP.finditer(text)) if len(text) <= _LINE else []
    if not stamps:
        return
    first = _DIGIT.search(text)
    words = text[: first.start()].split() if first else []
    while words and is_calendar_word(words[-1].strip(".,")):
        words.pop()
    yield " ".join(words)
    yield " ".join(persons_in(_DIGIT.split(text[stamps[-1].end() :], 1)[0])[:1])
