"""One SQLite file: judged before it is touched, opened, migrated, written in whole transactions. Knows no table.

The only module that imports sqlite3 and sqlite-utils; what SQLite says against the file comes out as ArchiveError.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlite_utils import Database as SqliteUtils
from sqlite_utils import Migrations

from scraper.errors import ArchiveError, NewerArchive

Row = dict[str, Any]
Parameters = Sequence[object] | Mapping[str, object]
Steps = Sequence[tuple[str, Sequence[str]]]  # each migration's name and its statements

log = logging.getLogger("scraper.store")

_SET = "scraper"  # our name among the migration sets of a file
_CACHE_KIB = 16 * 1024
_OPCODES = 20_000  # between two looks at the clock during a check, about a millisecond
_DAMAGED = "the database is damaged ({}); restore a copy, or rebuild it from the WARC files beside it"
_SAID = {
    sqlite3.SQLITE_BUSY: "another program keeps the database locked",
    sqlite3.SQLITE_LOCKED: "another program keeps the database locked",
    sqlite3.SQLITE_READONLY: "the database or its folder is not writable",
    sqlite3.SQLITE_PERM: "the database or its folder is not accessible",
    sqlite3.SQLITE_CANTOPEN: "the database cannot be opened, or its folder is not writable",
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR: "the disk refused to read or write the database (full, over a size limit, or failing)",
    sqlite3.SQLITE_NOTADB: "this file is not an SQLite database, and was left as it is",
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
}


class Database:
    """An open archive file. Used by one thread at a time; `path` names it in every error."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._sqlite = SqliteUtils(connection, execute_plugins=False)
        self._inode = path.stat().st_ino

    @property
    def journal(self) -> str:
        """Return the journal mode in use: wal, or delete where the drive has no shared memory."""
        return self._sqlite.journal_mode

    def execute(self, sql: str, parameters: Parameters = ()) -> sqlite3.Cursor:
        """Run one statement.

        Raises: ArchiveError where the file is to blame; what is wrong with the statement stays a bug.
        """
        try:
            return self._sqlite.conn.execute(sql, parameters)
        except sqlite3.Error as error:
            raise _blamed(error, self.path) from error

    def executemany(self, sql: str, rows: Iterable[Parameters]) -> None:
        """Run one statement for each row. Raises: ArchiveError as execute."""
        try:
            self._sqlite.conn.executemany(sql, rows)
        except sqlite3.Error as error:
            raise _blamed(error, self.path) from error

    def rows(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """Return all rows of a query, each by column name. Raises: ArchiveError as execute."""
        try:
            cursor = self._sqlite.conn.execute(sql, parameters)
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, values, strict=True)) for values in cursor]
        except sqlite3.Error as error:
            raise _blamed(error, self.path) from error

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
            if self._sqlite.conn.in_transaction:
                self._sqlite.conn.execute("ROLLBACK")
            raise
        self._stand_on_the_file()

    def checkpoint(self) -> None:
        """Bring everything into the file itself, so that it alone is complete to copy; readers may put that off."""
        self._stand_on_the_file()
        log.debug("checkpoint")
        self.execute("PRAGMA wal_checkpoint(TRUNCATE)")

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


def database(path: Path, steps: Steps, *, busy_s: float, check_s: float) -> Database:
    """Open `path` for writing, made or migrated as needed; `check_s` bounds the search for damage.

    Raises: ArchiveError saying what is wrong with the file, which is left as it is; NewerArchive.
    """
    _stand_in_a_folder(path)
    if path.exists() and path.stat().st_size:
        _judge(path, steps, busy_s=busy_s, check_s=check_s)
    try:
        connection = sqlite3.connect(path, timeout=busy_s, isolation_level=None, check_same_thread=False,
                                     cached_statements=512)
    except sqlite3.Error as error:
        raise _blamed(error, path) from error
    try:
        _set_up(connection, path)
        _migrate(connection, steps)
        return Database(path, connection)
    except sqlite3.Error as error:
        connection.close()
        raise _blamed(error, path) from error
    except BaseException:
        connection.close()
        raise


def database_to_read(path: Path, steps: Steps, *, busy_s: float) -> Database:
    """Open `path` for reading only, also while a harvest writes, and on a medium nobody can write to.

    Raises: ArchiveError where there is no archive, or one whose tables wait to be brought up to date; NewerArchive.
    """
    if not path.is_file():
        raise ArchiveError("there is no archive here yet", str(path))
    try:
        connection = _read_only(path, busy_s)
        if _applied(connection, path) < {name for name, _ in steps}:
            connection.close()
            raise ArchiveError("the archive is of an earlier version; the next harvest brings it up to date", str(path))
        _refuse_newer(connection, path, steps)
        return Database(path, connection)
    except sqlite3.Error as error:
        raise _blamed(error, path) from error


def _read_only(path: Path, busy_s: float) -> sqlite3.Connection:
    """Connect without writing; a file nobody can write beside is read as it lies, if no -wal belongs to it."""
    uri = path.resolve().as_uri()
    connection = sqlite3.connect(uri + "?mode=ro", uri=True, timeout=busy_s, isolation_level=None,
                                 check_same_thread=False)
    try:
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        connection.close()
        if _code(error) not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY) or _wal(path).exists():
            raise
        connection = sqlite3.connect(uri + "?mode=ro&immutable=1", uri=True, isolation_level=None,
                                     check_same_thread=False)
    return connection


def _stand_in_a_folder(path: Path) -> None:
    if path.is_dir():
        raise ArchiveError("this is a folder, not a database", str(path))
    if not path.parent.is_dir():
        raise ArchiveError("there is no such folder to keep the database in", str(path))
    if not os.access(path.parent, os.W_OK | os.X_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise ArchiveError(_SAID[sqlite3.SQLITE_READONLY], str(path))


def _judge(path: Path, steps: Steps, *, busy_s: float, check_s: float) -> None:
    """Read the file before anything may write to it.

    Raises: ArchiveError where it is no database, another program's, damaged, or newer.
    """
    try:
        with closing(_read_only(path, busy_s)) as connection:
            _refuse_newer(connection, path, steps)
            fault = _damage(connection, path, check_s)
    except sqlite3.Error as error:
        raise _blamed(error, path) from error
    if fault is not None:
        raise ArchiveError(_DAMAGED.format(fault), str(path))


def _refuse_newer(connection: sqlite3.Connection, path: Path, steps: Steps) -> None:
    unknown = _applied(connection, path) - {name for name, _ in steps}
    if unknown:
        raise NewerArchive(f"written by a later version of this program ({min(unknown)})", str(path))


def _applied(connection: sqlite3.Connection, path: Path) -> set[str]:
    """Return the names of our migrations in the file. Raises: ArchiveError where it is another program's."""
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    names: set[str] = set()
    if Migrations.migrations_table in tables:
        query = f"SELECT name FROM {Migrations.migrations_table} WHERE migration_set = ?"
        names = {name for (name,) in connection.execute(query, (_SET,))}
    if tables and not names:
        raise ArchiveError("this database belongs to another program, and was left as it is", str(path))
    return names


def _damage(connection: sqlite3.Connection, path: Path, check_s: float) -> str | None:
    """Return what is wrong with the file as far as `check_s` seconds tell; a small file is checked whole."""
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (page_bytes,) = connection.execute("PRAGMA page_size").fetchone()
    if not _wal(path).exists() and path.stat().st_size < pages * page_bytes:
        return "its end is missing"
    deadline = time.monotonic() + check_s
    connection.set_progress_handler(lambda: time.monotonic() > deadline, _OPCODES)
    try:
        (said,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError as error:
        if _code(error) != sqlite3.SQLITE_INTERRUPT:
            raise
        return None
    return None if said == "ok" else str(said).replace("\n", " ")


def _set_up(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    try:
        mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    except sqlite3.OperationalError as error:
        if _code(error) not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PROTOCOL):
            raise
        # no shared memory here (a network drive): exclusive locking needs none, long enough to leave WAL behind
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
        connection.execute("PRAGMA locking_mode = NORMAL")
    if mode != "wal":
        log.warning("no write-ahead log on this drive: readers wait while a page is written: %s", path)


def _migrate(connection: sqlite3.Connection, steps: Steps) -> None:
    """Apply what is missing in one transaction; where nothing is, prove that the file can be written."""
    sqlite, migrations = SqliteUtils(connection, execute_plugins=False), _migrations(steps)
    connection.execute("BEGIN IMMEDIATE")
    try:
        if migrations.pending(sqlite):
            migrations.apply(sqlite)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _migrations(steps: Steps) -> Migrations:
    migrations = Migrations(_SET)
    for name, statements in steps:
        def apply(db: SqliteUtils, /, *, statements: Sequence[str] = statements) -> None:
            for statement in statements:
                db.conn.execute(statement)
        migrations(name=name)(apply)
    return migrations


def _blamed(error: sqlite3.Error, path: Path) -> Exception:
    """Return the ArchiveError for what SQLite says against the file; anything else is a bug, and stays what it is."""
    said = _SAID.get(_code(error))
    return error if said is None else ArchiveError(said.format(error), str(path))


def _code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _wal(path: Path) -> Path:
    return path.with_name(path.name + "-wal")
