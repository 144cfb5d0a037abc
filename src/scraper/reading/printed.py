"""The dates a reader sees: time tags and stamps around the headline, above and behind the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scraper.dates import stamps_in
from scraper.reading.outline import Line, Mark, Outline
from scraper.reading.stamped import Calendar, Dated, Place
from scraper.records import Stamp

_MODIFIED = re.compile(
    r"updat|modif|edited|aktualis|geändert|actuali[sz]|mis à jour|bijgewerkt|oppdatert|uppdater|opdater|обновл|aggiorn"
    r"|atualiz|päivitet|güncel|zaktualiz|更新|수정|تحديث|yangilan",
    re.IGNORECASE,
)
BEHIND = 0.6  # how sure a time tag behind the text is
_STAMP_LINE = 60
_NEAR = 12  # lines around the headline in which stamps stand
_BEHIND_LINE = 100
_FURTHER = 60  # lines below the headline in which a line that is only a stamp may be the story's


def tagged(outline: Outline, place: Place, calendar: Calendar) -> Iterator[Dated]:
    """Yield the dates of time tags, those close below the headline first; a clock above it is not the story's.

    Those behind the text are surest of nothing: other stories' cards have them as well.
    """
    headline_at = place.headline_at
    near: list[tuple[bool, int, Dated]] = []
    for mark in outline.times[:60] if headline_at >= 0 else ():
        away = mark.at - headline_at
        if not -_NEAR <= away <= 2 * _NEAR or (away <= 0 and not _beside(outline, mark.box, headline_at)):
            continue
        stamp = calendar.stamp(told(mark))
        behind = 0 <= place.last < mark.at
        if stamp is not None and not (behind and calendar.is_today(stamp)):
            sure = BEHIND if behind else 0.9
            near.append((bool(_MODIFIED.search(_words(mark))), abs(away), Dated(stamp, "structure", sure)))
    near.sort(key=lambda each: each[:2])
    yield from (dated for _, _, dated in near)


def told(mark: Mark) -> str | None:
    attributes = mark.node.attributes
    for name in ("datetime", "content", "data-datetime", "data-date"):
        if attributes.get(name):
            return attributes[name]
    title = attributes.get("title")
    if title and any(map(str.isdigit, title)):
        return title
    return mark.node.text()[:100] if mark.node.tag == "time" else None


def _words(mark: Mark) -> str:
    attributes = mark.node.attributes
    return f"{attributes.get('class') or ''} {attributes.get('itemprop') or ''}"


def _beside(outline: Outline, box: int, headline_at: int) -> bool:
    """Tell whether the box is the headline's neighbour: at most three boxes up they meet, below the page's own."""
    above, at = set[int](), outline.lines[headline_at].box
    for _ in range(4):
        above.add(at)
        at = outline.parents[at] if at > 0 else 0
    for _ in range(3):
        if box in above and box > 0 and outline.tags[box] != "main":
            return True
        box = outline.parents[box] if box > 0 else 0
    return False


def printed(outline: Outline, place: Place, calendar: Calendar) -> list[tuple[Dated, bool]]:
    """Return the dates printed around the headline, and whether in a line of their own: below it first, then above.

    Those between the story's own lines follow, as a link to another story may show its day there; those that are said
    to be of a change come last.
    """
    headline_at = place.headline_at
    if headline_at < 0:
        return []
    end = min(len(outline.lines), headline_at + _NEAR + 1)
    text = min(max(place.first, headline_at), end) if place.first >= 0 else end
    below, among = range(headline_at, text), range(text, end)
    above = range(headline_at - 1, max(-1, headline_at - 5), -1)
    found: list[tuple[Dated, bool]] = []
    late: list[tuple[Dated, bool]] = []
    for index in (*below, *above, *among):
        line = outline.lines[index]
        if not _may_hold_stamp(line) or (index < headline_at and not _beside(outline, line.box, headline_at)):
            continue
        for offset, stamp in _stamps(line.text, calendar):
            dated = Dated(stamp, "text", 0.75 if index >= headline_at else 0.65)
            changed = _MODIFIED.search(line.text[max(0, offset - 30) : offset])
            (late if changed else found).append((dated, len(line.text) <= _BEHIND_LINE and index != headline_at))
    return found + late


def _may_hold_stamp(line: Line) -> bool:
    return len(line.text) <= 200 and any(map(str.isdigit, line.text))


def _stamps(text: str, calendar: Calendar) -> Iterator[tuple[int, Stamp]]:
    found = stamps_in(text, zone=calendar.zone, fetched=calendar.fetched, language=calendar.language)
    return ((offset, stamp) for offset, stamp in found if calendar.believed(stamp) and stamp.instant is not None)


def around(outline: Outline, place: Place, calendar: Calendar) -> Iterator[Dated]:
    """Yield the dates printed above a text without a headline, the nearest first, and those behind any text."""
    if place.first < 0:
        return
    above, behind = range(place.first, max(-1, place.first - _NEAR), -1), range(place.last + 1, place.last + _NEAR)
    for index in (*(above if place.headline_at < 0 else ()), *behind):
        line = outline.lines[index] if index < len(outline.lines) else None
        if line is not None and _may_hold_stamp(line) and len(line.text) <= _BEHIND_LINE:
            yield from _doubtful(line, calendar)


def further(outline: Outline, headline_at: int, calendar: Calendar) -> Iterator[Dated]:
    """Yield the stamps on lines of their own, further below the headline."""
    for line in outline.lines[max(headline_at, 0) : max(headline_at, 0) + _FURTHER]:
        if len(line.text) <= _STAMP_LINE and _may_hold_stamp(line):
            yield from _doubtful(line, calendar)


def _doubtful(line: Line, calendar: Calendar) -> Iterator[Dated]:
    """Yield the dates of a line away from the headline, but for the clock's."""
    stamps = (stamp for _, stamp in _stamps(line.text, calendar))
    return (Dated(stamp, "text", 0.3) for stamp in stamps if not calendar.is_today(stamp))
