"""The archive's face: pages in, rows out. The only room that knows SQL; times come in as arguments, UTC.

    tables/identity, history, quotelog     pure: which article, which run of a rate, the packed log
    tables/captures, articles, timeline    one page into its rows
    tables/revisions                       the texts a story had before
    tables/copies, likeness                the same story in other sources
    tables/resources, receipts             what is polled and waited for; where each exchange's bytes lie
    tables/bookkeeping, health             runs, sources, robots.txt; what pages showed, alerts
    tables/past, ledger                    backfills: how far a site's past was walked, what it says it has
    tables/shelf, rereading, unkept        stored pages: where they lie, what they hold when read again or taken over
    tables/asked: views, questions, search, stories, digest, exports   what people ask of it
    tables/schema, migrations, opening     the tables as SQL, how they came; the one SQLite file

Every method that writes is one transaction: a page is there whole, with its images, quotes and
exchanges, or not at all. A store is used by one thread at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from scraper.errors import NotAnArticle, ScraperError
from scraper.records import Index, Kept, Page, Response, Teaser, Validators
from scraper.reports import SourceReport
from scraper.robots import RobotsCopy
from scraper.source import Place, Source
from scraper.tables import (
    articles,
    bookkeeping,
    copies,
    edited,
    health,
    resources,
    timeline,
)
from scraper.tables.asked import Asked
from scraper.tables.digest import Digest
from scraper.tables.exports import EXPORTS, Export, Field
from scraper.tables.forgetting import forgotten_among, without_forgotten
from scraper.tables.handbook import Explained
from scraper.tables.migrations import MIGRATIONS
from scraper.tables.opening import database, database_to_read, version_of
from scraper.tables.outcomes import Listed, Saved
from scraper.tables.past import Past, PastPage
from scraper.tables.pruning import Pruning
from scraper.tables.questions import Span
from scraper.tables.receipts import note_exchanges
from scraper.tables.rereading import Reading
from scraper.tables.shelf import Shelf
from scraper.tables.stories import Story
from scraper.tables.unkept import Unkept
from scraper.tables.upkeep import Upkeep
from scraper.urls import normalised

__all__ = [
    "BUSY_S", "CHECK_S", "EXPORTS", "Digest", "Explained", "Export", "Field", "Listed", "Past", "PastPage",
    "Pruning", "Reading", "Saved", "Shelf", "Span", "Store", "Story", "Unkept",
]  # fmt: skip

BUSY_S = 60.0  # how long another program's lock is waited for
CHECK_S = 1.0  # of looking for damage on opening; a file of some 500 MB is looked through whole


class Store(Asked):
    """An open archive; leaving its context brings everything into the one file."""

    @classmethod
    def open(cls, path: Path, *, busy_s: float = BUSY_S, check_s: float = CHECK_S) -> Self:
        """Open the archive at `path` for writing, made or brought up to date as needed.

        Raises: ArchiveError where the file is unusable, NewerArchive; it is left as it was.
        """
        db = database(path, MIGRATIONS, busy_s=busy_s, check_s=check_s)
        copies.pair_up_all(db)
        return cls(db)

    @classmethod
    def reading(cls, path: Path, *, busy_s: float = BUSY_S) -> Self:
        """Open the archive at `path` for reading only, also while a harvest writes. Raises: as open."""
        return cls(database_to_read(path, MIGRATIONS, busy_s=busy_s))

    @staticmethod
    def version(path: Path) -> str | None:
        """Return the last migration of the file at `path`, None where there is none. Raises: as open."""
        return version_of(path, MIGRATIONS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def path(self) -> Path:
        """Return where the file lies."""
        return self._db.path

    def close(self) -> None:
        """Close the file; nothing is left beside it."""
        self._db.close()

    def checkpoint(self) -> None:
        """Bring everything into the file itself, so that it alone is complete to copy."""
        self._db.checkpoint()

    # --- runs

    def begin(self, started: datetime) -> int:
        """Open a run; return its number."""
        with self._db.writing("run"):
            return bookkeeping.begin_run(self._db, started)

    def finish(
        self, run: int, reports: Sequence[SourceReport], finished: datetime, *,
        interrupted: str | None = None, code: int | None = None,
    ) -> None:
        """Close a run with what each source brought, open and close alerts, and checkpoint."""
        with self._db.writing("run"):
            self._close_run(run, reports, finished, interrupted, code)
            for report in reports:
                health.keep_watch(self._db, run, report, finished, whole=interrupted is None)
        self.checkpoint()

    def finish_unwatched(
        self, run: int, reports: Sequence[SourceReport], finished: datetime, *,
        interrupted: str | None = None, code: int | None = None,
    ) -> None:
        """Close a run as `finish` does, no alert touched: what a site showed years ago says nothing of its health."""
        with self._db.writing("run"):
            self._close_run(run, reports, finished, interrupted, code)
        self.checkpoint()

    def _close_run(self, run: int, reports: Sequence[SourceReport], finished: datetime, cause: str | None,
                   code: int | None) -> None:
        bookkeeping.finish_run(self._db, run, finished, cause, code)
        for report in reports:
            bookkeeping.note_report(self._db, run, report)

    def robots(self) -> tuple[RobotsCopy, ...]:
        """Return the robots.txt of every origin, as last read."""
        return bookkeeping.robots_copies(self._db)

    def keep_robots(self, copies: Iterable[RobotsCopy]) -> None:
        """Remember robots.txt files for the next run."""
        with self._db.writing("robots"):
            bookkeeping.keep_robots_copies(self._db, copies)

    # --- what is asked before a request

    def known(self, urls: Iterable[str]) -> frozenset[str]:
        """Return those of `urls` (normalised) that lead to an archived article; one question for thousands."""
        return resources.archived_among(self._db, urls)

    def validators(self, source: Source, url: str) -> Validators | None:
        """Return the validators of the last 200; None where there are none."""
        return resources.validators_of(self._db, source.key, url)

    def conditions(self, source: Source, urls: Iterable[str]) -> Mapping[str, Validators]:
        """Return by address the validators of the last 200; one question for thousands."""
        return resources.conditions_of(self._db, source.key, urls)

    def not_before(self, source: Source, url: str, now: datetime) -> datetime | None:
        """Return when the address may be asked again after failures or at the site's wish; None: now."""
        return resources.not_before(self._db, source.key, url, now)

    def rests(self, source: Source, url: str) -> bool:
        """Tell whether an entry point is left alone because it was not there, or not what it should be."""
        return resources.rests(self._db, source.key, url)

    def edits_since(self, source: Source, place: Place, now: datetime, unvisited: timedelta) -> datetime | None:
        """Return since when to ask a place for edits, at most `unvisited` ago; None where no story is held."""
        return edited.edits_since(self._db, source.key, place.url, now, unvisited)

    def edited(self, source: Source, teasers: Iterable[Teaser], now: datetime) -> None:
        """Let the stories that were changed after they were last fetched fall due now."""
        with self._db.writing("edits"):
            edited.mark_edited(self._db, source.key, teasers, now)

    def spare_visits(self, source: Source, now: datetime, unvisited: timedelta) -> None:
        """Put off the visits due before now to stories fetched lately: their site says that they are as they were."""
        with self._db.writing("edits"):
            edited.spare_visits(self._db, source.key, now, unvisited)

    def pending(self, source: Source, now: datetime, limit: int) -> tuple[Teaser, ...]:
        """Return the stories listed but not yet archived whose time has come, newest listing first."""
        return resources.pending_stories(self._db, source.key, now, limit)

    def rechecks(self, source: Source, now: datetime, limit: int) -> tuple[Teaser, ...]:
        """Return the archived stories that are due to be looked at again, the longest overdue first."""
        return resources.stories_to_check(self._db, source.key, now, limit)

    def recent(self, source: Source, since: datetime, now: datetime, limit: int) -> tuple[Teaser, ...]:
        """Return the stories archived since then, due or not, that the site lets us ask for."""
        return resources.recent_stories(self._db, source.key, since, now, limit)

    def earlier(self, url: str) -> Kept | None:
        """Return the receipt of the last whole answer of an address, for a revisit record to refer to."""
        return resources.earlier_receipt(self._db, url)

    def committed(self) -> Mapping[str, int]:
        """Return up to which byte each WARC file is known to be whole."""
        return {row["file"]: row["committed_bytes"] for row in self._db.rows("SELECT * FROM warc_files")}

    # --- what an answer brings

    def listed(self, source: Source, index: Index, kept: Sequence[Kept] = ()) -> Listed:
        """Store what a listing page shows: stories to wait for, its ticker, its exchanges."""
        with self._db.writing(index.url):
            bookkeeping.note_source(self._db, source, index.fetched)
            index = without_forgotten(self._db, index, source)
            new = resources.note_stories(self._db, source, index)
            resources.share_stories(self._db, source, index)
            seen = timeline.observe(self._db, source.key, index.ticker, index.fetched, index.url)
            note_exchanges(self._db, source.key, kept)
            return Listed(new, seen.pairs, seen.moved)

    def polled(self, source: Source, place: Place, response: Response) -> None:
        """Store that an entry point was walked to its end: only now may a 304 stand for what it lists."""
        with self._db.writing(place.url):
            bookkeeping.note_source(self._db, source, response.fetched)
            note_exchanges(self._db, source.key, response.kept)
            resources.answered(self._db, source.key, place, response)

    def unmodified(self, source: Source, url: str, kept: Sequence[Kept], now: datetime) -> None:
        """Store that an address answered as before: a story there was seen once more."""
        with self._db.writing(url):
            articles.confirm(self._db, source.key, url, kept, now)

    def save(self, source: Source, page: Page, response: Response) -> Saved:
        """Store a page whole, in one transaction: its article, or why there is none, its ticker, its exchanges."""
        with self._db.writing(page.url):
            bookkeeping.note_source(self._db, source, page.fetched)
            seen = timeline.observe(self._db, source.key, page.ticker, page.fetched, page.url)
            if page.article is None or self._is_forgotten(source, page.url, response.asked):
                error = NotAnArticle(page.missing or "no article", page.url)
                articles.miss(self._db, source, response.asked, error, response.kept, page.fetched)
                return Saved("missing", None, seen.pairs, seen.moved)
            outcome, number = articles.archive_article(self._db, page.article, response, source)
            return Saved(outcome, number, seen.pairs, seen.moved)

    def _is_forgotten(self, source: Source, *urls: str) -> bool:
        return bool(forgotten_among(self._db, [normalised(url, source.drop_query) for url in urls]))

    def failed(
        self, source: Source, url: str, error: ScraperError, now: datetime, kept: Sequence[Kept] = ()
    ) -> Literal["gone", "lost"]:
        """Store that an address brought nothing, and put it off; "gone" is an archived story that was withdrawn."""
        with self._db.writing(url):
            bookkeeping.note_source(self._db, source, now)
            return articles.miss(self._db, source, url, error, kept or getattr(error, "kept", ()), now)

    @property
    def past(self) -> Past:
        """Return what is asked and told about a site's past: how far it was walked, what waits, what the site has."""
        return Past(self._db)

    @property
    def shelf(self) -> Shelf:
        """Return what is asked and told about stored pages: when they are read again, printed, forgotten."""
        return Shelf(self._db)

    @property
    def upkeep(self) -> Upkeep:
        """Return what looks after the file: proving it, copying it, making room."""
        return Upkeep(self._db)
