"""A rate's line drawn: as SVG, a step at each move, silences shaded; and as a row of blocks, a day each. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from scraper.ratelines import SILENCE, Frame, RateLine
from scraper.report.markup import Markup, joined, tag

_WIDTH, _HEIGHT = 480, 120  # a phone shows it at three quarters, and its letters still can be read
_LEFT, _RIGHT, _TOP, _BOTTOM = 74, 10, 10, 24  # margins
_TICKS = 7  # days named, at most
_BLOCKS = "▁▂▃▄▅▆▇█"
_LONGEST = 31  # blocks
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Picture(Frame):
    """Where times and rates lie in the picture."""

    def x(self, at: datetime) -> float:
        return round(_LEFT + self.across(at) * (_WIDTH - _LEFT - _RIGHT), 1)

    def y(self, rate: float) -> float:
        return round(_TOP + self.down(rate) * (_HEIGHT - _TOP - _BOTTOM), 1)


def picture(line: RateLine, since: datetime, until: datetime) -> Markup:
    """Return the line from `since` to `until` as SVG; a title says in words what it shows."""
    frame = _Picture(since, until, line.lowest.rate, line.highest.rate)
    said = (f"{line.label}: {line.known[0].text} to {line.seen[-1].text}, lowest {line.lowest.text}, "
            f"highest {line.highest.text}")
    return tag(
        "svg", tag("title", said), *_silences(line, frame), *_scale(line, frame), *_days(frame),
        tag("path", class_="unseen", d=_unseen(line, frame), fill="none", stroke="#7a93a8", stroke_dasharray="2 3"),
        tag("path", class_="seen", d=_path(line, frame), fill="none", stroke="#0b4f8a", stroke_width="2"),
        tag("path", class_="seen", d=_looks(line, frame), fill="none", stroke="#0b4f8a", stroke_width="5",
            stroke_linecap="round"),
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}", width=str(_WIDTH), height=str(_HEIGHT), role="img",
        style="max-width:100%;height:auto", font_family="sans-serif", font_size="12",
    )


def blocks(days: Mapping[date, float], since: datetime, until: datetime) -> str:
    """Return a block for each day (of a long span: each few days), high where the rate was; a blank: nobody looked."""
    count = max(1, -(-(until - since) // _DAY))
    step = -(-count // _LONGEST)
    first = since.date()
    closing = [_closing(days, first + timedelta(days=at), step) for at in range(0, count, step)]
    known = [rate for rate in closing if rate is not None]
    if not known:
        return ""
    low, high = min(known), max(known)
    return "".join(" " if rate is None else _BLOCKS[_level(rate, low, high)] for rate in closing)


def daily(rows: list[dict[str, Any]], line: RateLine) -> dict[date, float]:
    """Return the last rate of each day of one line, out of the rows of Store.daily_rates."""
    return {date.fromisoformat(row["day"]): row["rate"] for row in rows
            if (row["source"], row["label"]) == (line.source, line.label)}


def _closing(days: Mapping[date, float], first: date, step: int) -> float | None:
    rates = (days.get(first + timedelta(days=at)) for at in reversed(range(step)))
    return next((rate for rate in rates if rate is not None), None)


def _level(rate: float, low: float, high: float) -> int:
    return 3 if high == low else round((rate - low) / (high - low) * (len(_BLOCKS) - 1))


def _path(line: RateLine, frame: _Picture) -> str:
    return "\n".join(f"M{frame.x(each.first)} {frame.y(each.rate)}H{frame.x(each.last)}"
                     for each in line.seen if each.last > each.first)


def _looks(line: RateLine, frame: _Picture) -> str:
    """Return the rates that were seen but once, each a point: a line of no length with a round end."""
    return "\n".join(f"M{frame.x(each.first)} {frame.y(each.rate)}h0" for each in line.seen if each.last == each.first)


def _unseen(line: RateLine, frame: _Picture) -> str:
    steps = [f"M{frame.x(max(one.last, frame.since))} {frame.y(one.rate)}H{frame.x(other.first)}V{frame.y(other.rate)}"
             for one, other in pairwise(line.known) if not other.after_silence]
    return "\n".join(steps)


def _silences(line: RateLine, frame: _Picture) -> Iterator[Markup]:
    times = [(one.last, other.first) for one, other in pairwise(line.seen) if other.after_silence]
    ends = [(frame.since, line.seen[0].first), (line.seen[-1].last, frame.until)]
    for first, last in (*times, *(end for end in ends if end[1] - end[0] > SILENCE)):
        yield tag("rect", tag("title", f"nobody looked from {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC"),
                  class_="silence", x=frame.x(first), y=_TOP, width=round(frame.x(last) - frame.x(first), 1),
                  height=_HEIGHT - _TOP - _BOTTOM, fill="#888888", fill_opacity="0.18")


def _scale(line: RateLine, frame: _Picture) -> Iterator[Markup]:
    for end in dict.fromkeys((line.highest, line.lowest)):
        at = frame.y(end.rate)
        yield tag("line", class_="grid", x1=_LEFT, x2=_WIDTH - _RIGHT, y1=at, y2=at, stroke="#dddddd")
        yield tag("text", end.text, x=_LEFT - 6, y=at + 4, text_anchor="end", fill="#666666")


def _days(frame: _Picture) -> Iterator[Markup]:
    days = max(1, -(-(frame.until - frame.since) // _DAY))
    step = -(-days // _TICKS)
    midnight = frame.since.replace(hour=0, minute=0, second=0, microsecond=0)
    for at in (midnight + timedelta(days=number) for number in range(0, days + 1, step)):
        if frame.since <= at < frame.until:
            mark = tag("line", class_="grid", x1=frame.x(at), x2=frame.x(at), y1=_HEIGHT - _BOTTOM,
                       y2=_HEIGHT - _BOTTOM + 4, stroke="#999999")
            name = tag("text", f"{at:%-d %b}", x=frame.x(at), y=_HEIGHT - 6, text_anchor="middle", fill="#666666")
            yield joined((mark, name))
