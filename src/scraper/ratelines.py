"""The line a rate draws through time: what was seen, from when to when, and where nobody looked. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from typing import Any

SILENCE = timedelta(hours=36)  # for longer than this nobody looked: nothing is known of the time between


@dataclass(frozen=True, slots=True)
class Seen:
    """A rate that was seen unchanged from `first` to `last`, UTC; `after_silence`: nothing is known of just before."""

    rate: float
    text: str  # as printed
    first: datetime
    last: datetime
    after_silence: bool = False


@dataclass(frozen=True, slots=True)
class RateLine:
    """All that was seen of one pair in a span of time, in order; `seen` is never empty.

    `before` is the rate that stood when the span began, as far as anyone knows.
    """

    source: str
    label: str
    seen: tuple[Seen, ...]
    before: Seen | None = None

    @property
    def known(self) -> tuple[Seen, ...]:
        """Return what was seen, and before it what stood at the beginning."""
        return (self.before, *self.seen) if self.before else self.seen

    @property
    def lowest(self) -> Seen:
        """Return the lowest rate, where it stood first."""
        return min(self.known, key=lambda each: each.rate)

    @property
    def highest(self) -> Seen:
        """Return the highest rate, where it stood first."""
        return max(self.known, key=lambda each: each.rate)

    @property
    def moves(self) -> int:
        """Return how often the rate was another than the one seen before it."""
        return sum(one.rate != other.rate for one, other in pairwise(self.known))

    @property
    def gapless(self) -> bool:
        """Tell whether each rate was still seen when the next one was."""
        return all(one.last >= other.first for one, other in pairwise(self.known))

    @property
    def change(self) -> float:
        """Return by how many percent the last rate is above the first."""
        return 100 * (self.seen[-1].rate / self.known[0].rate - 1)


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture's span of time and of rates: where an instant or a rate lies in it, as a share of width or height."""

    since: datetime
    until: datetime
    low: float
    high: float

    def across(self, at: datetime) -> float:
        """Return 0 for the earliest time, 1 for the latest."""
        return (at - self.since) / max(self.until - self.since, timedelta(seconds=1))

    def down(self, rate: float) -> float:
        """Return 0 for the highest rate, 1 for the lowest; a rate that never moved lies in the middle."""
        return 0.5 if self.high == self.low else (self.high - rate) / (self.high - self.low)


def rate_lines(
    rows: Iterable[Mapping[str, Any]], since: datetime | None = None, until: datetime | None = None
) -> tuple[RateLine, ...]:
    """Return a line per source and label out of the rows of Store.rate_runs, cut off at both ends of the span."""
    lines = []
    for (source, label), group in groupby(rows, key=lambda row: (row["source"], row["label"])):
        runs = [_seen(row) for row in group]
        seen = tuple(_cut(run, since, until) for run in runs if since is None or run.last >= since)
        if seen:
            stood = len(runs) > len(seen) and not seen[0].after_silence
            lines.append(RateLine(source, label, seen, runs[-len(seen) - 1] if stood else None))
    return tuple(lines)


def span_of(lines: Iterable[RateLine]) -> tuple[datetime, datetime]:
    """Return when the first of them begins and the last one ends; there must be one."""
    ends = [(line.seen[0].first, line.seen[-1].last) for line in lines]
    return min(first for first, _ in ends), max(last for _, last in ends)


def _seen(row: Mapping[str, Any]) -> Seen:
    first, last = (datetime.fromisoformat(row[name]) for name in ("first_seen", "last_seen"))
    return Seen(row["rate"], row["rate_text"], first, last, bool(row["after_silence"]))


def _cut(run: Seen, since: datetime | None, until: datetime | None) -> Seen:
    return replace(run, first=max(run.first, since or run.first), last=min(run.last, until or run.last))
