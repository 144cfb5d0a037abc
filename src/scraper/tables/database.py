"""An open SQLite file: statements in, rows out, writing in whole transactions only. Knows no table.

What SQLite says against the file comes out as ArchiveError; what it says against a statement is a bug.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NoReturn

from scraper.errors import ArchiveError

Row = dict[str, Any]
Parameters = Sequence[object] | Mapping[str, object]

_ROWS_LOOKED_AT = 400  # SQLite's own advice is 100 to 1000
# all but what a search index keeps for itself: that has no index of its own, so every page of it would be counted
_OWN_TABLES = r"""
SELECT name FROM sqlite_master AS own
WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL %' AND NOT EXISTS (
    SELECT 1 FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL %' AND own.name LIKE name || '\_%' ESCAPE '\'
)
"""

log = logging.getLogger("scraper.store")

_READERS_MS = 1_000  # so long a checkpoint waits for them: a page of statistics may read for minutes
DAMAGED = "the database is damaged ({}); restore a copy, or rebuild it from the WARC files beside it"
SAID = {
    sqlite3.SQLITE_BUSY: "another program keeps the database locked",
    sqlite3.SQLITE_LOCKED: "another program keeps the database locked",
    sqlite3.SQLITE_READONLY: "the database or its folder is not writable",
    sqlite3.SQLITE_PERM: "the database or its folder is not accessible",
    sqlite3.SQLITE_CANTOPEN: "the database cannot be opened, or its folder is not writable",
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR: "the disk refused to read or write the database (full, over a size limit, or failing)",
    sqlite3.SQLITE_NOTADB: (
        "this file is not an SQLite database, and was left as it is; if it was one, restore a copy,"
        " or rebuild it from the WARC files beside it"
    ),
    sqlite3.SQLITE_CORRUPT: DAMAGED,
}
# what is wrong with the file that is read while a copy of it is made; the rest is the copy's
_OURS = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})


class Rows(list[Row]):
    """Rows, each by column name, and the names of the columns also where there is none."""

    def __init__(self, rows: Iterable[Row], columns: Sequence[str]) -> None:
        super().__init__(rows)
        self.columns = tuple(columns)


class Database:
    """An open archive file. Used by one thread at a time; `path` names it in every error."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._sqlite = connection
        self._inode = path.stat().st_ino

    def execute(self, sql: str, parameters: Parameters = ()) -> sqlite3.Cursor:
        """Run one statement.

        Raises: ArchiveError where the file is to blame; what is wrong with the statement stays a bug.
        """
        try:
            return self._sqlite.execute(sql, parameters)
        except sqlite3.Error as error:
            blame(error, self.path)

    def executemany(self, sql: str, rows: Sequence[Parameters]) -> None:
        """Run one statement for each row. Raises: ArchiveError as execute."""
        if not rows:
            return
        try:
            self._sqlite.executemany(sql, rows)
        except sqlite3.Error as error:
            blame(error, self.path)

    def rows(self, sql: str, parameters: Parameters = ()) -> Rows:
        """Return all rows of a query, each by column name. Raises: ArchiveError as execute."""
        try:
            cursor = self._sqlite.execute(sql, parameters)
            names = [column[0] for column in cursor.description or ()]
            return Rows((dict(zip(names, values, strict=True)) for values in cursor), names)
        except sqlite3.Error as error:
            blame(error, self.path)

    def stream(self, sql: str, parameters: Parameters = ()) -> Iterator[Row]:
        """Yield the rows of a query one by one, as the file stood at the first. Raises: ArchiveError as execute."""
        try:
            cursor = self._sqlite.execute(sql, parameters)
            names = [column[0] for column in cursor.description or ()]
            for values in cursor:
                yield dict(zip(names, values, strict=True))
        except sqlite3.Error as error:
            blame(error, self.path)

    def row(self, sql: str, parameters: Parameters = ()) -> Row | None:
        """Return the first row of a query, None where there is none. Raises: ArchiveError as execute."""
        return next(iter(self.rows(sql, parameters)), None)

    @contextmanager
    def writing(self, what: str) -> Iterator[None]:
        """Hold one transaction: all of it is committed, or nothing. `what` is named in the log before the commit.

        Raises: ArchiveError where the file was taken away or replaced since it was opened, and as execute.
        """
        self._stand_on_the_file()
        # plain BEGIN gave 168 "database is locked" in 300 concurrent transactions, IMMEDIATE none
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
            log.debug("commit %s", what)
            self.execute("COMMIT")
        except BaseException:
            if self._sqlite.in_transaction:
                self._sqlite.execute("ROLLBACK")
            raise

    def take_stock(self) -> None:
        """Tell SQLite's planner how the tables have grown; a few hundred rows of each index are looked at, 10 ms.

        Without, it takes a source to have ten stories, and sorts 50,000 for the newest. The search index is left out:
        of 880,000 stories it took 0.5 s each time.
        """
        self.execute(f"PRAGMA analysis_limit = {_ROWS_LOOKED_AT}")
        for row in self.rows(_OWN_TABLES):
            self.execute(f"ANALYZE {row['name']}")

    def checkpoint(self) -> None:
        """Bring everything into the file itself, so that it alone is complete to copy; readers may put that off."""
        self._stand_on_the_file()
        log.debug("checkpoint")
        ((busy_ms,),) = self.execute("PRAGMA busy_timeout").fetchall()
        self.execute(f"PRAGMA busy_timeout = {_READERS_MS}")  # the next checkpoint does what this one cannot
        self.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.execute(f"PRAGMA busy_timeout = {busy_ms}")

    def copy_to(self, path: Path) -> None:
        """Write a copy of what is committed; writers go on meanwhile. Raises: ArchiveError as execute."""
        try:
            with closing(sqlite3.connect(path)) as copy:
                self._sqlite.backup(copy)
        except sqlite3.Error as error:
            blame(error, self.path if code(error) in _OURS else path)

    def close(self) -> None:
        """Close the file; the last to do so leaves no -wal beside it."""
        log.debug("checkpoint")
        self._sqlite.close()

    def _stand_on_the_file(self) -> None:
        try:
            moved = self.path.stat().st_ino != self._inode
        except OSError:
            moved = True
        if moved:
            raise ArchiveError("the database was removed or replaced while it was in use", str(self.path))


def blame(error: sqlite3.Error, path: Path) -> NoReturn:
    """Raise the ArchiveError for what SQLite says against the file; anything else is a bug, and stays what it is."""
    said = SAID.get(code(error))
    if said is None:
        raise error
    raise ArchiveError(said.format(error), str(path)) from error


def code(error: sqlite3.Error) -> int:
    """Return SQLite's primary result code, 0 where it gives none."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
