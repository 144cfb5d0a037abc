"""What a listing shows beside a story's link: its headline, its stamp, the start of its text. Nothing is invented."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from operator import itemgetter
from typing import Final

from scraper.dates import stamp_from, stamps_in
from scraper.listings.links import Line, Link, Sheet, weight
from scraper.listings.listing import Target
from scraper.records import Stamp, Teaser
from scraper.text import squeezed

_MAX_CLIMB: Final = 12  # boxes from a link to the edge of its card
_MAX_LINES: Final = 30  # of a card that are read
_SHORT_LINE: Final = 120  # characters
_BESIDE: Final = 60  # letters beside a date; where more stand, it belongs to the text
_NEAR_START: Final = 40  # characters; "published on ... by ..., in ..., ..." starts with its date
_SUBSTANTIAL: Final = 15  # letters; a line inside a link that says less is a section or a stamp
_MAX_STAMPED: Final = 300  # characters of a line that are searched for a date
_MAX_EXCERPT: Final = 10_000  # characters; some sites list the whole text

_DAY_ABOVE: Final = 200  # lines from a day down to the last story of it

_CLOCK = re.compile(r"\W*((?:[01]?\d|2[0-3]):[0-5]\d)(?!\d)")  # before a headline, or alone
_CUT = re.compile(r"(?:\.\.\.|…|\[…\]|\[\.\.\.\]|»|→|>>)\s*$")
_READ_ON = re.compile(
    r"(?:^|\s)(?:continue reading|read (?:more|on|the (?:rest|full))|keep reading|full (?:story|article)"
    r"|register to read more|more\s*(?:…|\.{3}|»|→)|читать (?:далее|дальше|полностью|ещё|еще)|подробнее"
    r"|далее\s*(?:…|\.{3}|»|→)|детальніше|читати далі|batafsil|батафсил|davomi|давоми|толығырақ|толугу менен"
    r"|кененирээк|муфассал|doly oka|weiterlesen|mehr lesen|lire la suite|leer más"
    r"|seguir leyendo|sigue leyendo|leia mais|continue lendo|leggi tutto|czytaj (?:dalej|więcej)|devamını oku"
    r"|続きを読む|阅读全文|继续阅读|더 보기|اقرأ المزيد|ادامه مطلب)\b.*$",
    re.IGNORECASE | re.DOTALL,
)
_LABEL = re.compile(
    r"(?:read more|read also|читать (?:далее|также)|batafsil|батафсил|continue reading)\s*[:：]\s*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Card:
    """A story's part of the page: its lines in order, and the box that holds nothing else, where there is one."""

    target: Target
    link: Link
    headline: str | None
    lines: tuple[int, ...]
    box: int | None


def teasers_from(sheet: Sheet, targets: Sequence[Target], *, zone: str, fetched: datetime, language: str | None
                 ) -> tuple[Teaser, ...]:
    """Return a teaser for each target, in the same order.

    An excerpt is whole (`truncated` False) only where its page marks the ones it cuts, and this one is shorter
    than they are and has no mark.
    """
    dates = _Dates(sheet, zone, fetched, language)
    cards = _cards(sheet, targets)
    excerpts = [_excerpt(card, sheet, dates) for card in cards]
    shortest_cut = min((weight(text) for text, cut in excerpts if cut), default=0)
    return tuple(
        Teaser(url=card.target.url, headline=card.headline, stamp=dates.of(card), excerpt=text or None,
               truncated=cut or not 0 < weight(text) < shortest_cut)
        for card, (text, cut) in zip(cards, excerpts, strict=True)
    )


class _Dates:
    """The dates on a page, each line read once."""

    def __init__(self, sheet: Sheet, zone: str, fetched: datetime, language: str | None) -> None:
        self._sheet, self._zone, self._fetched, self._language = sheet, zone, fetched, language
        self._read: dict[int, tuple[Stamp, int] | None] = {}

    def of(self, card: _Card) -> Stamp | None:
        """Return the date of a `<time>` in the card, else of its first short line that holds any."""
        for text in self._marked(card):
            stamp = stamp_from(text, zone=self._zone, fetched=self._fetched, language=self._language)
            if stamp is not None:
                return stamp
        own = [line for line in card.lines if card.box is None or line < self._sheet.boxes[card.box].last]
        dated = (found[0] for line in own if (found := self.in_line(line)))
        clock = next((match[1] for line in own if (match := _CLOCK.match(self._sheet.lines[line].text))), None)
        return next(dated, None) or (self._below_day(card, clock) if clock else self._behind(card, own))

    def _behind(self, card: _Card, own: Sequence[int]) -> Stamp | None:
        """Return the first date of the lines that follow the card's box."""
        rest = (line for line in card.lines if line not in own)
        return next((found[0] for line in rest if (found := self.in_line(line))), None)

    def _below_day(self, card: _Card, clock: str) -> Stamp | None:
        """Return the time shown with a story, on the day that stands alone on a line above it."""
        for line in range(card.link.first - 1, max(-1, card.link.first - _DAY_ABOVE), -1):
            found = self.in_line(line)
            if found is not None and found[0].day is not None and found[0].precision == "day" and found[1] < 4:
                return stamp_from(f"{found[0].day} {clock}", zone=self._zone, fetched=self._fetched)
        return None

    def _marked(self, card: _Card) -> Iterator[str]:
        times = self._sheet.times  # in page order, by step as by line
        if card.box is not None:
            box = self._sheet.boxes[card.box]
            start, end = (bisect_left(times, step, key=itemgetter(0)) for step in (box.opened, box.closed))
            yield from (text for _, _, text in times[start:end])
        for number in card.lines:
            at = bisect_left(times, number, key=itemgetter(1))
            yield from (text for _, line, text in times[at : at + 1] if line == number)

    def in_line(self, line: int) -> tuple[Stamp, int] | None:
        """Return the first date of a line and how many letters stand beside it; None where it holds none."""
        if line not in self._read:
            text = self._sheet.lines[line].text
            found = next(stamps_in(
                text[:_MAX_STAMPED], zone=self._zone, fetched=self._fetched, language=self._language
            ), None)
            self._read[line] = self._believed(line, *found) if found else None
        return self._read[line]

    def _believed(self, line: int, offset: int, stamp: Stamp) -> tuple[Stamp, int] | None:
        text = self._sheet.lines[line]
        beside = weight(text.text) - weight(stamp.raw)
        return (stamp, beside) if beside < _BESIDE or (text.linked and offset < _NEAR_START) else None

    def is_stamp(self, line: int) -> bool:
        """Tell whether a line is a date with little beside it: views, minutes, a section."""
        found = self.in_line(line)
        return found is not None and found[1] < 25


def _cards(sheet: Sheet, targets: Sequence[Target]) -> list[_Card]:
    chosen = [_headline_link(target) for target in targets]
    shared = _shared(sheet, targets)
    crowded = {line for line, count in Counter(link.first for link in chosen).items() if count > 1}
    ends = dict(pairwise([*sorted({link.first for link in chosen}), len(sheet.lines)]))
    cards = (_card(sheet, target, link, shared, ends[link.first]) for target, link in zip(targets, chosen, strict=True))
    return [replace(card, lines=tuple(line for line in card.lines if line not in crowded)) for card in cards]


def _card(sheet: Sheet, target: Target, link: Link, shared: set[int], end: int) -> _Card:
    box = _edge(sheet, link, shared)
    first, last = (sheet.boxes[box].first, sheet.boxes[box].last) if box is not None else (link.first, link.last + 1)
    if last <= link.last + 1 and first == link.first:
        last = max(last, min(end, _last_of_list(sheet, link, shared)))  # nothing but the link in it: what follows, too
    lines = tuple(range(first, min(last, first + _MAX_LINES, len(sheet.lines))))
    return _Card(target, link, _headline(sheet, target, link), lines, box)


def _shared(sheet: Sheet, targets: Sequence[Target]) -> set[int]:
    """Return the boxes that hold more than one story."""
    owners: dict[int, int] = {}
    shared: set[int] = set()
    for number, target in enumerate(targets):
        for link in target.links:
            for box in sheet.above(link.box):
                if box in shared:
                    break
                if owners.setdefault(box, number) != number:
                    shared.update(sheet.above(box))
                    break
    return shared


def _edge(sheet: Sheet, link: Link, shared: set[int]) -> int | None:
    found = None
    for box in sheet.above(link.box)[:_MAX_CLIMB]:
        if box in shared or sheet.boxes[box].tag in ("body", "main"):
            break
        found = box
    return found


def _last_of_list(sheet: Sheet, link: Link, shared: set[int]) -> int:
    """Return the end of the innermost box that holds this story and others."""
    return next((sheet.boxes[box].last for box in sheet.above(link.box) if box in shared), len(sheet.lines))


def _headline_link(target: Target) -> Link:
    """Return the link that carries the headline: in a heading, else the one that says most."""
    said = [link for link in target.links if link.text in target.texts]
    return max(said or target.links, key=lambda link: (link.heading, weight(link.text)))


def _headline(sheet: Sheet, target: Target, link: Link) -> str | None:
    """Return the headline: the link's heading, else its first line that says enough, else its picture's alt text."""
    lines = sheet.lines[link.first : link.last + 1]
    inside = [line for line in lines if line.linked]
    if link.text in target.texts:
        text = _told(inside) if len(inside) > 1 else link.text
        return _LABEL.sub("", squeezed(text)) or None
    if target.beside:
        return target.beside
    shown = (squeezed(each.image or each.label) for each in target.links)
    return next((text for text in shown if weight(text) >= _SUBSTANTIAL), None)


def _told(lines: Sequence[Line]) -> str:
    headings = [line.text for line in lines if line.heading]
    telling = [line.text for line in lines if weight(line.text) >= _SUBSTANTIAL]
    return next(iter(headings or telling), max((line.text for line in lines), key=weight))


def _excerpt(card: _Card, sheet: Sheet, dates: _Dates) -> tuple[str, bool]:
    """Return the card's running text and whether it is cut."""
    found: list[str] = []
    cut = False
    tails = {link.last: link.text for link in card.target.links if link.text not in card.target.texts}
    for number in card.lines:
        line = sheet.lines[number]
        text = line.text.removesuffix(tails.get(number, ""))
        text = _READ_ON.sub("", text) if line.linked or len(line.text) < _SHORT_LINE else text
        cut = cut or text != line.text
        if line.heading or squeezed(text) == card.headline or dates.is_stamp(number):
            continue
        running = weight(text) >= (20 if found and not line.linked else 40)
        if running and line.linked < len(line.text) * 0.5:
            found.append(text)
    text = "\n\n".join(found)[:_MAX_EXCERPT].strip()
    return text, cut or bool(_CUT.search(text))
