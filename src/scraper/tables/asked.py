"""What people ask of an archive: rows by column name, stories, rates, searches; a part of the store's face."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from scraper.tables import bookkeeping, digest, exports, handbook, health, questions, search, stories
from scraper.tables.database import Database, Parameters, Row
from scraper.tables.digest import Digest
from scraper.tables.exports import Export
from scraper.tables.handbook import Explained
from scraper.tables.noarchive import STATUS
from scraper.tables.questions import Span
from scraper.tables.search import Days
from scraper.tables.stories import Story


class Asked:
    """An open archive as people ask it."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def rows(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """Return all rows of a table or view named, or of a query."""
        return self._db.rows(sql if " " in sql else f"SELECT * FROM {sql}", parameters)

    def status(self) -> list[Row]:
        """Return what each source holds, of how many stories no bytes are kept, and how its last run went."""
        return self._db.rows(STATUS)

    def alerts(self) -> list[Row]:
        """Return the open alerts, the oldest first."""
        return health.open_alerts(self._db)

    def last_run(self) -> Row | None:
        """Return the last run that ended."""
        return bookkeeping.last_run(self._db)

    def latest_quotes(self, labels: Sequence[str] = ()) -> list[Row]:
        """Return the rate of each pair as it was last seen; no `labels` means all."""
        return questions.latest_quotes(self._db, labels)

    def inverse_quotes(self, labels: Sequence[str] = ()) -> list[Row]:
        """Return the latest rates turned round: each a range, as wide as the printed digits leave it."""
        return questions.inverse_quotes(self._db, labels)

    def rate_changes(self, labels: Sequence[str] = (), span: Span = (None, None)) -> list[Row]:
        """Return each move of a rate first seen within `span`, oldest first."""
        return questions.rate_changes(self._db, labels, span)

    def daily_rates(self, labels: Sequence[str] = (), span: Span = (None, None)) -> list[Row]:
        """Return the last rate of each UTC day of `span`, oldest first."""
        return questions.daily_rates(self._db, labels, span)

    def rate_runs(self, labels: Sequence[str] = (), span: Span = (None, None)) -> list[Row]:
        """Return each run of one unchanged rate that touches `span`; `after_silence`: nobody looked before it."""
        return questions.rate_runs(self._db, labels, span)

    def quotes_at(self, instant: datetime, labels: Sequence[str] = ()) -> list[Row]:
        """Return the rates standing at `instant`; `observed` is 0 where nobody has looked since `last_seen`."""
        return questions.quotes_at(self._db, instant, labels)

    def search(
        self, query: str, *, limit: int = 20, source: str | None = None, days: Days = (None, None),
        before: int | None = None,
    ) -> list[Row]:
        """Return the newest stories that hold every term; a match in `snippet` stands between \\x02 and \\x03."""
        return search.found(self._db, query, limit=limit, source=source, days=days, before=before)

    def best(self, query: str, *, limit: int = 20) -> list[Row]:
        """Return the stories that the query fits best; rows as of `search`."""
        return search.best(self._db, query, limit=limit)

    def newest(self, limit: int = 20, *, before: int | None = None) -> list[Row]:
        """Return the newest stories, only those older than the story `before` where it is given."""
        return stories.newest(self._db, limit, before)

    def story(self, number: int) -> Story | None:
        """Return the story of this id with its pictures, tags and places; None where there is none."""
        return stories.story(self._db, number)

    def digest(self, since: datetime, until: datetime, limit: int) -> Digest:
        """Return what the days from `since` to before `until` brought; at most `limit` stories, edits, withdrawals."""
        return digest.digest(self._db, since, until, limit)

    def described(self) -> tuple[Explained, ...]:
        """Return what each table, view and column holds, in words."""
        return handbook.described(self._db)

    def exported(self, export: Export, since: str = "") -> Iterator[tuple[str, Row]]:
        """Yield the rows of an export with their months, by month and key; `since`: changed then (UTC) or later."""
        return exports.exported(self._db, export, since)
