"""The run-length history of what was seen: a pure function of a set of observations, whatever order they came in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Generic, TypeVar

from scraper.ratelines import SILENCE
from scraper.records import Quote

V = TypeVar("V")

GAP = SILENCE  # a longer one opens a new run, so that no row claims a time nobody looked at


@dataclass(frozen=True, slots=True)
class Reading:
    """A rate as seen at one instant. Equal by number; the texts, as printed, only come along."""

    rate: Decimal
    change: Decimal | None
    rate_text: str = field(compare=False)
    change_text: str | None = field(compare=False)

    @property
    def rank(self) -> tuple[str, str]:
        """Return what decides between two readings of one instant: the smaller text is taken."""
        return self.rate_text, self.change_text or ""


@dataclass(frozen=True, slots=True)
class Run(Generic[V]):
    """One value, seen unchanged from `first` to `last` (both included) at `count` distinct instants."""

    value: V
    first: datetime
    last: datetime
    count: int


def reading_from(quote: Quote) -> Reading:
    """Return the quote as an observation; its label and its instant are kept beside it."""
    change = None if quote.change is None else stored_number(float(quote.change) or 0.0)  # -0% equals 0%
    return Reading(stored_number(float(quote.rate)), change, quote.rate_text, quote.change_text)


def stored_number(number: float) -> Decimal:
    """Return a number as the tables hold it: the shortest decimal of its float, exact up to 15 digits."""
    return Decimal(repr(number))


def runs(observations: Iterable[tuple[datetime, V]], gap: timedelta | None = None) -> list[Run[V]]:
    """Return the runs of equal values in order of time; `observations` come in that order.

    A run keeps the value of its first observation. A silence longer than `gap` ends a run.
    """
    found: list[Run[V]] = []
    for instant, value in observations:
        last = found[-1] if found else None
        if last is not None and continues(last, instant, value, gap):
            found[-1] = Run(last.value, last.first, instant, last.count + 1)
        else:
            found.append(Run(value, instant, instant, 1))
    return found


def continues(run: Run[V], instant: datetime, value: V, gap: timedelta | None) -> bool:
    """Tell whether `value`, seen at `instant` after the run's last, is more of the same run."""
    return run.value == value and (gap is None or instant - run.last <= gap)
