"""What a run says of itself: one report per source, each lost page with its reason, and the exit code."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

DONE, ALL_FAILED, SOME_FAILED = 0, 1, 3


@dataclass(frozen=True, slots=True)
class Problem:
    """One page or listing that brought nothing, and why; the line goes on without it."""

    url: str
    reason: str


Part = Literal["story", "recheck", "listing", "entry"]


@dataclass(frozen=True, slots=True)
class Coverage:
    """On how many of the pages read in one run a field was there.

    A `part` is stories read for the first time, stories read again, pages of listings, or one entry point, whose
    address is then the field. `size` is a body's median length in characters, or the stories an entry point showed.
    """

    part: Part
    field: str
    pages: int
    filled: int
    size: int | None = None


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What one source brought. Counts are of stories; `pairs` are labels seen, `moved` those whose rate changed."""

    source: str
    listings: int = 0  # entry points and their further pages that could be read, unchanged ones included
    unmodified: int = 0  # of these, answered with 304
    listed: int = 0
    known: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    lost: int = 0  # stories tried and not archived
    waiting: int = 0  # listed, not yet fetched: over --limit, before --since, or put off by the site
    pairs: int = 0
    moved: int = 0
    refused: bool = False  # robots.txt or a Retry-After keeps us out for this run
    instead: tuple[str, ...] = ()  # addresses read because no declared entry point showed a story
    problems: tuple[Problem, ...] = ()
    coverage: tuple[Coverage, ...] = ()  # empty while the run goes on

    @property
    def failed(self) -> bool:
        """Tell whether no listing could be read, or stories were tried and none was archived.

        One lost page beside stories already known is a row in the report, not a failure.
        """
        if self.listings == 0:
            return True
        archived = self.new + self.changed + self.unchanged + self.gone
        return archived == 0 and (self.lost > 1 or (self.lost == 1 and self.known == 0))

    def line(self) -> str:
        """Return the source's summary, one line for people."""
        parts = [f"{self.listed} listed, {self.known} known, {self.new} new, {self.changed} changed"]
        parts += [f"{count} {name}" for count, name in ((self.gone, "gone"), (self.waiting, "waiting")) if count]
        parts += [f"{len(self.problems)} failed"] if self.problems else []
        text = f"{self.source}: {', '.join(parts)}"
        if self.pairs:
            text += f"; {self.pairs} pairs, {self.moved} moved"
        if self.listings and self.listings == self.unmodified:
            text += "; its listings have not changed"
        if self.instead:
            text += f"; no declared entry point shows a story, read instead: {', '.join(self.instead)}"
        if not self.listings:
            text += "; no listing could be read"
        return text


@dataclass(frozen=True, slots=True)
class Headway:
    """How far the backfill of a range has come, over all its runs; `left_s` is told by this run's own pace."""

    source: str
    first: date
    last: date
    found: int = 0  # stories of the range that the archive did not have
    stored: int = 0  # of these, archived since
    waiting: int = 0  # of these, still to be fetched
    given_up: int = 0
    pages_read: int = 0  # listing pages, sitemaps and months
    pages_left: int = 0  # known of; each may show more stories
    left_s: float | None = None

    @property
    def done(self) -> bool:
        """Tell whether nothing is left to do."""
        return self.waiting == self.pages_left == 0

    def line(self) -> str:
        """Return it as one line for people."""
        parts = [f"{self.found} found, {self.stored} stored, {self.waiting} left"]
        parts += [f"{self.given_up} given up"] if self.given_up else []
        parts += [f"{self.pages_left} pages to read"] if self.pages_left else []
        parts += [f"{_duration(self.left_s)} at this pace"] if self.left_s and not self.done else []
        return f"{self.source}, {self.first} to {self.last}: {', '.join(parts)}"


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return "less than a minute"
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"


@dataclass(frozen=True, slots=True)
class RunReport:
    """What one run did."""

    started: datetime
    finished: datetime
    sources: tuple[SourceReport, ...] = field(default_factory=tuple)
    stopped: bool = False  # by a deadline or a signal

    @property
    def code(self) -> int:
        """Return the exit code of design.md, section 8: 0 done, 1 every source failed, 3 some did or were put off."""
        failed = [report.failed for report in self.sources]
        if failed and all(failed) and not any(report.refused for report in self.sources):
            return ALL_FAILED
        return SOME_FAILED if any(failed) or any(report.refused for report in self.sources) else DONE
