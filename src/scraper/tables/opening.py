"""Opening the one file: judged before anything may write to it, set up, brought up to date. Knows no table."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from scraper.errors import ArchiveError, NewerArchive
from scraper.tables.database import DAMAGED, SAID, Database, blame, code, log

Steps = Sequence[tuple[str, Sequence[str]]]  # each migration's name and its statements

SET = "scraper"  # our name among the migration sets of a file
LEDGER = "_sqlite_migrations"  # sqlite-utils writes into it which were applied
_AS_IT_LIES = "ro&immutable=1"  # no lock is taken and no -shm is made
_CACHE_KIB = 2 * 1024
_EARLIER = "the archive is of an earlier version; `scraper db upgrade` or a harvest brings it up to date"
_OPCODES = 20_000  # between two looks at the clock during a check, about a millisecond


def database(path: Path, steps: Steps, *, busy_s: float, check_s: float) -> Database:
    """Open `path` for writing, made or migrated as needed; `check_s` bounds the search for damage.

    Raises: ArchiveError saying what is wrong with the file, which is left as it is; NewerArchive.
    """
    _stand_in_a_folder(path)
    if path.exists() and path.stat().st_size:
        _judge(path, steps, busy_s=busy_s, check_s=check_s)
    with _blaming(path), ExitStack() as opened:
        connection = opened.enter_context(closing(_writer(path, busy_s)))
        _bring_up_to_date(connection, path, steps)
        opened.pop_all()
        return Database(path, connection)


def database_to_read(path: Path, steps: Steps, *, busy_s: float) -> Database:
    """Open `path` for reading only, also while a harvest writes, and on a medium nobody can write to.

    Raises: ArchiveError where there is no archive, or one whose tables wait to be brought up to date; NewerArchive.
    """
    if not path.is_file():
        raise ArchiveError("there is no archive here yet", str(path))
    with _blaming(path), ExitStack() as opened:
        connection = opened.enter_context(closing(_reader(path, busy_s)))
        _refuse_newer(connection, path, steps)
        if _applied(connection, path) < {name for name, _ in steps}:
            raise ArchiveError(_EARLIER, str(path))
        opened.pop_all()
        return Database(path, connection)


def version_of(path: Path, steps: Steps) -> str | None:
    """Return the last migration a file has seen; None where there is no file yet, or an empty one. Raises: as above."""
    if not path.exists() or not path.stat().st_size:
        return None
    with _blaming(path), closing(_reader(path, 1.0)) as connection:
        _refuse_newer(connection, path, steps)
        applied = _applied(connection, path)
        return next((name for name, _ in reversed(steps) if name in applied), None)


@contextmanager
def _blaming(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        blame(error, path)


def _connection(path: Path, mode: str, busy_s: float) -> sqlite3.Connection:
    """Connect in one of SQLite's URI modes, and read enough to know that it works."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode={mode}", uri=True, timeout=busy_s,
                                 isolation_level=None, check_same_thread=False)
    try:
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _reader(path: Path, busy_s: float) -> sqlite3.Connection:
    """Connect to read; on a medium nobody can write to the file is read as it lies, if no -wal belongs to it."""
    try:
        connection = _connection(path, "rw", busy_s)  # a WAL is shared with its writer, and that takes writing
    except sqlite3.OperationalError as error:
        if code(error) not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY) or _beside(path, "-wal"):
            raise
        return _connection(path, _AS_IT_LIES, busy_s)
    connection.execute("PRAGMA query_only = ON")
    return connection


def _stand_in_a_folder(path: Path) -> None:
    if path.is_dir():
        raise ArchiveError("this is a folder, not a database", str(path))
    if not path.parent.is_dir():
        raise ArchiveError("there is no such folder to keep the database in", str(path))
    if not os.access(path.parent, os.W_OK | os.X_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise ArchiveError(SAID[sqlite3.SQLITE_READONLY], str(path))


def _judge(path: Path, steps: Steps, *, busy_s: float, check_s: float) -> None:
    """Read the file before anything may write to it.

    Raises: ArchiveError where it is no database, another program's, damaged, or newer.
    """
    if _beside(path, "-journal"):
        return  # killed while writing without a WAL: only a writer can put that right
    mode = "ro" if _beside(path, "-wal") else _AS_IT_LIES
    with _blaming(path), closing(_connection(path, mode, busy_s)) as connection:
        _refuse_newer(connection, path, steps)
        fault = _damage(connection, check_s)
    if fault is not None:
        raise ArchiveError(DAMAGED.format(fault), str(path))


def _refuse_newer(connection: sqlite3.Connection, path: Path, steps: Steps) -> None:
    unknown = _applied(connection, path) - {name for name, _ in steps}
    if unknown:
        raise NewerArchive(f"written by a later version of this program ({min(unknown)})", str(path))


def _applied(connection: sqlite3.Connection, path: Path) -> set[str]:
    """Return the names of our migrations in the file. Raises: ArchiveError where it is another program's."""
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    names: set[str] = set()
    if LEDGER in tables:
        query = f"SELECT name FROM {LEDGER} WHERE migration_set = ?"
        names = {name for (name,) in connection.execute(query, (SET,))}
    if tables and not names:
        raise ArchiveError("this database belongs to another program, and was left as it is", str(path))
    return names


def _damage(connection: sqlite3.Connection, check_s: float) -> str | None:
    """Return what is wrong with the file as far as `check_s` seconds tell; a small file is checked whole.

    That its end is missing SQLite sees by itself.
    """
    deadline = time.monotonic() + check_s
    connection.set_progress_handler(lambda: time.monotonic() > deadline, _OPCODES)
    try:
        (said,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError as error:
        if code(error) != sqlite3.SQLITE_INTERRUPT:
            raise
        return None
    return None if said == "ok" else str(said).replace("\n", " ")


def _writer(path: Path, busy_s: float) -> sqlite3.Connection:
    connection = _connect(path, busy_s)
    try:
        mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    except sqlite3.Error as error:
        connection.close()
        if code(error) not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PROTOCOL):
            raise
        connection, mode = _writer_without_wal(path, busy_s), "delete"
    if mode != "wal":
        log.warning("no write-ahead log on this drive: readers wait while a page is written: %s", path)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA recursive_triggers = ON")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    return connection


def _writer_without_wal(path: Path, busy_s: float) -> sqlite3.Connection:
    """Connect where there is no shared memory (a network drive): exclusive locking leaves WAL behind without any."""
    with closing(_connect(path, busy_s)) as alone:
        alone.execute("PRAGMA locking_mode = EXCLUSIVE")
        alone.execute("PRAGMA journal_mode = DELETE")
    return _connect(path, busy_s)


def _connect(path: Path, busy_s: float) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=busy_s, isolation_level=None, check_same_thread=False, cached_statements=512)


def _bring_up_to_date(connection: sqlite3.Connection, path: Path, steps: Steps) -> None:
    """Apply what is missing in one transaction; where nothing is, prove that the file can be written."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        if _applied(connection, path) < {name for name, _ in steps}:
            from scraper.tables.migrating import migrate  # sqlite-utils takes 20 ms to load, and is rarely needed

            migrate(connection, SET, steps)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _beside(path: Path, ending: str) -> bool:
    return path.with_name(path.name + ending).exists()
