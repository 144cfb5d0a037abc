"""One source in one run: what it is asked, the rooms it goes through, and what it has brought so far."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, ParamSpec, TypeVar

import trio

from scraper.answers import PASSING
from scraper.config import limits_with
from scraper.coverage import Tally
from scraper.errors import BodyError, Deferred, ParseError, RedirectError, RobotsRefused, ScraperError, StatusError
from scraper.fetch import Fetcher
from scraper.limits import Limits
from scraper.records import Index, Teaser
from scraper.reports import Part, Problem, SourceReport
from scraper.source import Listing, Place, Sitemap, Source
from scraper.store import Store
from scraper.workers import Workers

P = ParamSpec("P")
T = TypeVar("T")

COUNTED = ("listings", "unmodified", "new", "changed", "unchanged", "gone", "lost", "waiting")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is asked to do. `since` is a day in each source's own zone."""

    since: date | None = None
    limit: int | None = None  # stories per source
    pages: int | None = None  # listing pages per entry point, instead of Limits.pages
    recheck: bool = False  # every stored story of the last 30 days, due or not
    deadline_s: float = math.inf

    def wanted(self, teaser: Teaser) -> bool:
        """Tell whether the story is new enough; one without a date is."""
        day = teaser.stamp.day if teaser.stamp else None
        return self.since is None or day is None or day >= self.since


def unwatched(_report: SourceReport) -> None:
    """Show nobody how far a source has come."""


@dataclass(frozen=True, slots=True)
class Line:
    """The rooms a run goes through, opened by the caller; `clock` gives UTC."""

    fetcher: Fetcher
    workers: Workers
    store: Store
    sync: Callable[[], None]  # brings the kept bytes to the disk, before a row refers to them
    clock: Callable[[], datetime]
    limits: Limits
    progress: Callable[[SourceReport], None] = unwatched
    writer: trio.CapacityLimiter = field(default_factory=lambda: trio.CapacityLimiter(1))

    async def ask(self, question: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Put one question to the store, in a thread and alone."""
        return await trio.to_thread.run_sync(lambda: question(*args, **kwargs), limiter=self.writer)

    async def write(self, act: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run one act of the store after the bytes it refers to; no cancellation cuts a commit short."""

        def synced() -> T:
            self.sync()
            return act(*args, **kwargs)

        return await trio.to_thread.run_sync(synced, limiter=self.writer)


@dataclass(frozen=True, slots=True)
class Errand:
    """One source in one run; the counts grow as its pages come in."""

    source: Source
    line: Line
    plan: Plan
    limits: Limits
    counts: Counter[str] = field(default_factory=Counter)
    listed: set[str] = field(default_factory=set)
    fresh: set[str] = field(default_factory=set)  # those of `listed` that were never heard of before this run
    problems: dict[str, Problem] = field(default_factory=dict)
    pairs: set[str] = field(default_factory=set)
    moved: set[str] = field(default_factory=set)
    refused: list[ScraperError] = field(default_factory=list)
    again: set[str] = field(default_factory=set)  # stories known before this run, to be looked at once more
    afloat: set[str] = field(default_factory=set)  # stories fetched and not yet stored
    lacking: set[str] = field(default_factory=set)  # entry points and their pages that are not there, or not theirs
    resting: dict[str, datetime] = field(default_factory=dict)  # entry points that failed before, until when
    instead: list[str] = field(default_factory=list)  # what was read in their place
    tally: Tally = field(default_factory=Tally)

    def list(self, index: Index, new: Iterable[Teaser]) -> bool:
        """Note a listing page; tell whether it shows a story this run is the first to hear of: the next may, too.

        A page without any story (an index of sitemaps, say) does not end a walk.
        """
        urls = {teaser.url for teaser in index.teasers}
        self.listed.update(urls)
        self.fresh.update(urls.intersection(teaser.url for teaser in new))
        return not urls or bool(urls & self.fresh)

    def count(self, listed: int, new: int) -> None:
        """Note a page of stories by numbers alone: a site's whole past would fill the memory."""
        self.counts["counted"] += listed
        self.counts["counted known"] += listed - new

    def note(self, url: str, error: ScraperError) -> None:
        """Note an entry point or a page of it that brought nothing, and whether the site itself turned us away."""
        self._tell(url, error)
        if isinstance(error, Deferred | RobotsRefused):
            self.refused.append(error)
        if lasts(error):
            self.lacking.add(url)

    def lost(self, url: str, error: ScraperError) -> None:
        """Note a story that was not archived; one that was put off or refused is not counted against us."""
        self._tell(url, error)
        self.counts["turned away" if isinstance(error, Deferred | RobotsRefused) else "lost"] += 1

    @property
    def _archived(self) -> int:
        return sum(self.counts[name] for name in ("new", "changed", "unchanged", "gone"))

    def _tell(self, url: str, error: ScraperError) -> None:
        """Keep the first reason why `url` brought nothing.

        It names the address where it happened, if a redirect led there: what is listed is what people know.
        """
        there = f", at {error.url}" if error.url and error.url != url else ""
        self.problems.setdefault(url, Problem(url, error.message + there))

    def part(self, teaser: Teaser) -> Part:
        """Tell whether the story is read for the first time, or once more."""
        return "recheck" if teaser.url in self.again else "story"

    def show(self) -> None:
        """Show whoever watches what the source brought so far."""
        if self.line.progress is not unwatched:  # a report a page names every problem of the run so far
            self.line.progress(self.report())

    def last_report(self) -> SourceReport:
        """Return what the source brought, with what its pages showed."""
        return replace(self.report(), coverage=self.tally.coverage())

    def report(self) -> SourceReport:
        """Return what the source brought so far."""
        counts: dict[str, Any] = {name: self.counts[name] for name in COUNTED}
        return SourceReport(
            self.source.key,
            **counts,
            listed=len(self.listed) + self.counts["counted"],
            known=len(self.listed) - len(self.fresh) + self.counts["counted known"],
            pairs=len(self.pairs),
            moved=len(self.moved),
            instead=tuple(self.instead),
            refused=bool(self.refused) or (self.counts["turned away"] > 0 and not self._archived),
            problems=tuple(self.problems.values()),
        )


def errand_for(source: Source, line: Line, plan: Plan) -> Errand:
    """Return the errand for `source`, its own limits over those of the run."""
    return Errand(source, line, plan, limits_with(line.limits, source.limits))


def lasts(error: ScraperError) -> bool:
    """Tell whether time alone will hardly mend it: an address that is not there, or does not hold what it should."""
    if isinstance(error, StatusError):
        return error.status < 500 and error.status not in PASSING
    return isinstance(error, ParseError | BodyError | RedirectError)


def most_bytes(place: Place, limits: Limits) -> int:
    """Return how many decoded bytes of an entry point are read."""
    if isinstance(place, Sitemap):
        return limits.sitemap_bytes
    return min(limits.listing_bytes, limits.body_bytes) if isinstance(place, Listing) else limits.body_bytes
