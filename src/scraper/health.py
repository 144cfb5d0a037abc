"""Is a source as it always was? Pure judgement of one run against that source's own past. No clock, no database.

Where too little was seen to say either that something is wrong or that it is not, the answer is None, and whatever
was said before stands: a quiet day is no news.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal

Kind = Literal[
    "unreadable", "field", "body", "future", "listing", "ticker", "label", "new-label", "jump", "silence", "failing"
]

NEWS_LASTS = timedelta(days=1)  # a new label or a jump is news for so long
NORM_AFTER = timedelta(days=30)  # what has been missing for so long is how the site is now
USUAL = 0.9  # of the pages: what is on fewer is not missed
GONE = 4.0  # so many times fewer: a batch without an author is no redesign
BY_CHANCE = 0.005  # after 10 pages of 10: 3 without it
UNREADABLE = 0.02  # that nothing can be read is a graver matter: after 10 of 10, 2 are enough
SHRUNK = 4.0  # bodies by this factor below the source's usual
QUIET = timedelta(days=2)
GAPS, STORIES = 3.0, 10  # silence is longer than so many times the longest gap between so many stories or more
FAILURES = 3  # runs in a row
JUMP, JUMPS, FIRST_JUMP, MOVES = 0.05, 4.0, 0.5, 5  # the least; times the largest move; with fewer moves than MOVES


@dataclass(frozen=True, slots=True)
class Share:
    """A field on the pages of one run: on how many of them, and how long it was."""

    pages: int
    filled: int
    size: float | None = None

    @property
    def part(self) -> float:
        """Return the share of pages that had it."""
        return self.filled / self.pages if self.pages else 0.0


@dataclass(frozen=True, slots=True)
class Past:
    """The same over all earlier runs; `lowest` and `smallest` are of a run with more than one page."""

    runs: int = 0
    pages: int = 0
    filled: int = 0
    lowest: float | None = None
    size: float | None = None
    smallest: float | None = None


def lost(now: Share, past: Past, *, by_chance: float = BY_CHANCE) -> bool | None:
    """Tell whether a field that was nearly always there is gone; None where too little was seen.

    It is gone where it is on less than a quarter as many pages as before, on fewer than in any earlier run, and
    where that is not chance.
    """
    usual = past.filled / past.pages if past.pages else 0.0
    if not now.pages:
        return None
    if usual < USUAL or now.part >= usual / GONE:
        return False
    never_so_low = past.lowest is None or now.part < past.lowest
    return True if never_so_low and now.pages > 1 and chance(now, past) < by_chance else None


def back(now: Share, past: Past) -> bool | None:
    """Tell whether a field that was lost is back on at least half as many pages as before; None where none was read."""
    return now.part * past.pages >= past.filled / 2 if now.pages else None


def lost_again(again: Share, past: Past) -> bool:
    """Tell whether pages lost what they had when they were read before: two are enough, where every page had it."""
    return again.pages >= 2 and not again.filled and past.filled == past.pages >= 2


def chance(now: Share, past: Past) -> float:
    """Return how likely it is to see a field on so few pages, or fewer, after such a past (beta-binomial).

    The past need not be long: after 10 pages of 10, none of 3 has a chance of 1 in 360; after 3 of 3, 1 in 20.
    """
    had, lacked = past.filled + 1, past.pages - past.filled + 1
    return sum(
        math.exp(_log_choose(now.pages, count) + _log_beta(had + count, lacked + now.pages - count)
                 - _log_beta(had, lacked))
        for count in range(now.filled + 1)
    )


def _log_choose(whole: int, part: int) -> float:
    return math.lgamma(whole + 1) - math.lgamma(part + 1) - math.lgamma(whole - part + 1)


def _log_beta(one: int, other: int) -> float:
    return math.lgamma(one) + math.lgamma(other) - math.lgamma(one + other)


def shrunk(now: Share, past: Past) -> bool | None:
    """Tell whether bodies are a fraction of what they were; None where too little was seen."""
    if now.size is None or past.size is None or now.pages == 0:
        return None
    if now.size * SHRUNK > past.size:
        return False
    enough = now.pages >= 3 and past.pages >= STORIES
    return True if enough and (past.smallest is None or now.size < past.smallest) else None


def emptied(now: Share, past: Past) -> bool | None:
    """Tell whether an entry point that always showed stories shows none; `size` is in stories a run."""
    if not now.pages:
        return None
    if now.filled:
        return False
    shown = past.runs * (past.size or 0.0)
    return True if past.pages == past.filled and shown >= STORIES else None


def in_the_future(now: Share, past: Past) -> bool | None:
    """Tell whether most stories are dated after they were fetched, as they were not before."""
    if not now.pages:
        return None
    if now.part < 0.5:
        return False
    usual = past.filled / past.pages if past.pages else 0.0
    return True if now.filled >= 3 and past.pages >= STORIES and usual < 0.1 else None


def silent(published: Sequence[datetime], heard: datetime, now: datetime) -> bool | None:
    """Tell whether no story came for far longer than this source ever paused; `heard` is when the last one came."""
    instants = sorted(published)
    if len(instants) < STORIES:
        return None
    longest = max(later - earlier for earlier, later in pairwise(instants))
    return now - max(heard, min(instants[-1], now)) > max(QUIET, GAPS * longest)


def jumped(rates: Sequence[tuple[float, str]], earlier: Iterable[float]) -> bool:
    """Tell whether the last of these rates (number, as printed) is out of all proportion to those before it.

    A step in the last printed digit is no move: 0.00008 to 0.00009. `earlier` are rates it may have come back to.
    """
    if len(rates) < 2:
        return False
    moves = [_move(before, after) for before, after in pairwise(rates)]
    allowed = max(JUMP, JUMPS * max(moves[:-1], default=0.0)) if len(moves) > MOVES else FIRST_JUMP
    last, text = rates[-1]
    returned = any(_move((rate, text), (last, text)) <= allowed for rate in earlier)
    return moves[-1] > allowed and not returned


def _move(before: tuple[float, str], after: tuple[float, str]) -> float:
    """Return by how much a rate moved, as a part of the smaller of the two, beyond one step of its last digit."""
    steps = max(_step(before[1]), _step(after[1]))
    return max(0.0, abs(after[0] - before[0]) - steps) / min(before[0], after[0])


def _step(text: str) -> float:
    decimals = re.search(r"[.,](\d+)$", text)
    return 10.0 ** -len(decimals[1]) if decimals else 1.0


def failing(failed: Sequence[bool]) -> bool | None:
    """Tell whether the last runs (newest first) all failed; None before as many were made."""
    if not failed:
        return None
    return True if all(failed[:FAILURES]) and len(failed) >= FAILURES else False if not failed[0] else None


def in_words(now: Share, past: Past) -> str:
    """Return the two shares in words: on 0 of 4 pages read, on 12 of 12 before."""
    return f"on {now.filled} of {now.pages} pages read, on {past.filled} of {past.pages} before"


def merged(shares: Iterable[Share]) -> Share:
    """Return several shares as one; sizes are weighted by pages."""
    found = list(shares)
    sized = [(share.size, share.pages) for share in found if share.size is not None]
    weight = sum(pages for _, pages in sized)
    size = sum(size * pages for size, pages in sized) / weight if weight else None
    return Share(sum(share.pages for share in found), sum(share.filled for share in found), size)

