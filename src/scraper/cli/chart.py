"""Rates as a picture in a terminal: one small chart a pair, all on one clock, silences left blank.

A cell of Braille is two points wide and four high. A line is drawn where the rate was seen; points with room between
them carry it on where nobody looked for a while; where nobody looked for longer nothing is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from scraper.ratelines import Frame, RateLine, span_of

TALL, SMALL = 8, 4  # rows of a chart that stands alone, and of one among others
_ROOMY = 2  # charts; with more each is small
_NARROWEST = 8  # columns of a plot, whatever the terminal says
_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))  # by column and row of a cell (Unicode, U+2800)
_BLANK = 0x2800


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as lines of text; `plot` is where the drawing begins in each of them."""

    title: str
    rows: tuple[str, ...]
    plot: int


@dataclass(frozen=True, slots=True)
class _Grid(Frame):
    """A frame of points: 0, 0 is the earliest time and the highest rate."""

    width: int
    height: int

    def column(self, at: datetime) -> int:
        return round(self.across(at) * (self.width - 1))

    def row(self, rate: float) -> int:
        return round(self.down(rate) * (self.height - 1))


def charts(lines: Sequence[RateLine], width: int, *, braille: bool = True) -> tuple[Chart, ...]:
    """Return a chart for each line, no wider than `width` columns; a rate that never moved takes one row.

    Without `braille` cells that hold anything are stars, for terminals that know ASCII only.
    """
    since, until = span_of(lines)
    margin = max(len(end.text) for line in lines for end in (line.lowest, line.highest)) + 2
    columns = max(width - margin, _NARROWEST)
    made = []
    for line in lines:
        rows = (TALL if len(lines) <= _ROOMY else SMALL) if line.moves else 1
        frame = _Grid(since, until, line.lowest.rate, line.highest.rate, 2 * columns, 4 * rows)
        cells = _cells(set(_points(line, frame)), frame, braille=braille)
        labels = [line.highest.text, *[""] * (rows - 2), *([line.lowest.text] if rows > 1 else [])]
        axis = "┤" if braille else "|"
        texts = (f"{label:>{margin - 2}} {axis}{cell}".rstrip() for label, cell in zip(labels, cells, strict=True))
        made.append(Chart(_title(line, width), tuple(texts), margin))
    return tuple(made)


def clock(lines: Sequence[RateLine], width: int) -> str:
    """Return the line beneath the charts: when they begin and end, as exactly as `width` columns allow."""
    since, until = span_of(lines)
    for form, zone in (("%Y-%m-%d %H:%M", " UTC"), ("%Y-%m-%d", " UTC"), ("%m-%d", " UTC"), ("%m-%d", "")):
        left, right = f"{since:{form}}", f"{until:{form}}{zone}"
        if len(left) + len(right) < width:
            break
    return left + right.rjust(width - len(left))


def _title(line: RateLine, width: int) -> str:
    change = f"{line.change:+.2f}%" if line.moves else "unchanged"
    texts = (f"{line.label}  {line.seen[-1].text}  {change}  {line.source}", f"{line.label}  {change}", line.label)
    return next((text for text in texts if len(text) <= width), line.label[:width])


def _points(line: RateLine, frame: _Grid) -> Iterator[tuple[int, int]]:
    before = (-2, frame.row(line.before.rate)) if line.before else None
    for each in line.seen:
        first, last, row = frame.column(each.first), frame.column(each.last), frame.row(each.rate)
        if before is not None and not each.after_silence:
            yield from ((column, before[1]) for column in range(before[0] + 2, first, 2))
            yield from ((first, between) for between in range(min(before[1], row), max(before[1], row)))
        yield from ((column, row) for column in range(first, last + 1))
        before = last, row


def _cells(points: Iterable[tuple[int, int]], frame: _Grid, *, braille: bool) -> list[str]:
    grid = [[0] * (frame.width // 2) for _ in range(frame.height // 4)]
    for column, row in points:
        grid[row // 4][column // 2] |= _DOTS[column % 2][row % 4]
    if braille:
        return ["".join(chr(_BLANK + cell) if cell else " " for cell in cells) for cells in grid]
    return ["".join("*" if cell else " " for cell in cells) for cells in grid]
