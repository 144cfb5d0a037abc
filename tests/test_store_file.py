"""The file itself: opened, judged, locked, filled up, taken away, killed over. What is there is never lost."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

import scraper
from archives import BODY, HOUR, NOON, STORY, column, saved
from ceilings import HANG_S
from scraper.errors import ArchiveError, NewerArchive
from scraper.store import Store
from scraper.tables.migrations import MIGRATIONS
from scraper.tables.opening import database, database_to_read

HERE = os.pathsep.join((str(Path(__file__).parent), str(Path(scraper.__file__).parent.parent)))


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive of one story, closed."""
    path = tmp_path / "news.db"
    with Store.open(path) as store:
        saved(store, STORY)
    return path


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_closed_archive_is_one_file(archive: Path) -> None:
    assert [path.name for path in archive.parent.iterdir()] == ["news.db"]


def test_a_finished_run_leaves_everything_in_the_one_file(tmp_path: Path) -> None:
    with Store.open(tmp_path / "news.db") as store:
        run = store.begin(NOON)
        saved(store, STORY)
        store.finish(run, (), NOON)
        shutil.copy(tmp_path / "news.db", tmp_path / "copy.db")

    with Store.reading(tmp_path / "copy.db") as copy:
        assert column(copy, "SELECT headline FROM articles") == ["Pass closed"]


def test_an_archive_opened_again_is_as_it_was(archive: Path) -> None:
    before = files(archive.parent)

    Store.open(archive).close()

    assert files(archive.parent) == before


def test_opening_is_cheap(archive: Path) -> None:
    """Cron opens it 96 times a day: 4 ms of CPU, the best of five."""
    took = []
    for _ in range(5):
        started = time.process_time()
        Store.open(archive).close()
        took.append(time.process_time() - started)

    assert min(took) < 0.05


def test_a_reader_sees_what_is_committed_while_a_harvest_writes(archive: Path) -> None:
    with Store.open(archive) as writer, Store.reading(archive) as reader:
        saved(writer, replace(STORY, url="https://site.example/b/", body=f"{BODY} B"), NOON + HOUR)

        assert len(reader.rows("articles")) == 2


def test_a_reader_cannot_write(archive: Path) -> None:
    with Store.reading(archive) as reader, pytest.raises(ArchiveError, match="not writable"):
        saved(reader, STORY)


# --- told apart


def text_file(path: Path) -> None:
    path.write_text("Dear diary, this is no database.\n" * 50)


def another_programs(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)")


def newer(path: Path) -> None:
    Store.open(path).close()
    later = (*MIGRATIONS, ("9999_later", ("CREATE TABLE later (id INTEGER PRIMARY KEY)",)))
    database(path, later, busy_s=1, check_s=0).close()


def cut_short(path: Path) -> None:
    with Store.open(path) as store:
        saved(store, STORY)
    os.truncate(path, path.stat().st_size - 5000)


def overwritten(path: Path) -> None:
    with Store.open(path) as store:
        saved(store, STORY)
    with path.open("r+b") as file:
        for place in range(4096 * 3, path.stat().st_size, 4096):
            file.seek(place)
            file.write(os.urandom(512))


@pytest.mark.parametrize(("spoil", "error", "said"), [
    (text_file, ArchiveError, "not an SQLite database"), (another_programs, ArchiveError, "belongs to another program"),
    (newer, NewerArchive, "written by a later version of this program (9999_later)"),
    (cut_short, ArchiveError, "is damaged"), (overwritten, ArchiveError, "is damaged"),
])
def test_an_unusable_file_is_named_and_left_as_it_is(
    tmp_path: Path, spoil: Callable[[Path], None], error: type[ArchiveError], said: str
) -> None:
    path = tmp_path / "news.db"
    spoil(path)
    before = files(tmp_path)

    with pytest.raises(ArchiveError) as caught:
        Store.open(path)

    assert type(caught.value) is error
    assert said in str(caught.value)
    assert str(path) in str(caught.value)
    assert files(tmp_path) == before


@pytest.mark.parametrize("spoil", [text_file, another_programs, newer, overwritten])
def test_a_reader_refuses_what_a_writer_refuses(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    spoil(tmp_path / "news.db")

    with pytest.raises(ArchiveError, match=r"news\.db"), Store.reading(tmp_path / "news.db") as store:
        store.rows("SELECT * FROM articles ORDER BY body")


def test_a_missing_end_is_seen_however_large_the_file(tmp_path: Path) -> None:
    cut_short(tmp_path / "news.db")

    with pytest.raises(ArchiveError, match="is damaged"):
        Store.open(tmp_path / "news.db", check_s=0)


def test_a_damaged_file_comes_with_advice(tmp_path: Path) -> None:
    cut_short(tmp_path / "news.db")

    with pytest.raises(ArchiveError, match="restore a copy, or rebuild it from the WARC files"):
        Store.open(tmp_path / "news.db")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="no such folder"):
        Store.open(tmp_path / "missing" / "news.db")


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="this is a folder"):
        Store.open(tmp_path)


def test_there_is_nothing_to_read_before_the_first_harvest(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="no archive here yet"):
        Store.reading(tmp_path / "news.db")

    assert files(tmp_path) == {}


def test_an_empty_file_becomes_an_archive(tmp_path: Path) -> None:
    (tmp_path / "news.db").touch()

    with Store.open(tmp_path / "news.db") as store:
        assert store.rows("articles") == []


def test_an_older_archive_cannot_be_read_before_it_is_brought_up_to_date(archive: Path) -> None:
    later = (*MIGRATIONS, ("9999_later", ("CREATE TABLE later (id INTEGER PRIMARY KEY)",)))

    with pytest.raises(ArchiveError, match="of an earlier version"):
        database_to_read(archive, later, busy_s=1)


def test_an_older_archive_is_brought_up_to_date_with_its_rows(archive: Path) -> None:
    later = (*MIGRATIONS, ("9999_later", ("CREATE TABLE later (id INTEGER PRIMARY KEY)",)))

    with closing(database(archive, later, busy_s=1, check_s=1)) as db:
        assert db.rows("SELECT headline FROM articles") == [{"headline": "Pass closed"}]
        assert db.rows("SELECT * FROM later") == []


def test_a_migration_that_fails_leaves_the_archive_as_it_was(archive: Path) -> None:
    broken = (*MIGRATIONS, ("9998_half", ("CREATE TABLE half (id)",)), ("9999_no", ("CREATE TABLE articles (id)",)))

    with pytest.raises(sqlite3.OperationalError):
        database(archive, broken, busy_s=1, check_s=1)

    with Store.open(archive) as store:
        assert column(store, "SELECT name FROM sqlite_master WHERE name = 'half'") == []


# --- injected from outside


def in_subprocess(code: str, *arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    """Run `code` in a Python of its own, with the tests' helpers at hand."""
    return subprocess.run(  # type: ignore[call-overload,no-any-return]
        [sys.executable, "-c", code, *map(str, arguments)], env={**os.environ, "PYTHONPATH": HERE},
        capture_output=True, text=True, timeout=HANG_S, **options)


FILLING = """
import resource, sys
from dataclasses import replace
from pathlib import Path
from archives import BODY, STORY, saved
from scraper.errors import ArchiveError
from scraper.store import Store

path = Path(sys.argv[1])
store = Store.open(path)
resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 200_000,) * 2)
for number in range(1000):
    try:
        saved(store, replace(STORY, url=f"https://site.example/{number}/", body=f"{number} {BODY * 50}"))
    except ArchiveError as error:
        print(number, error)
        cause = error.__cause__
        print(getattr(cause, "sqlite_errorname", cause))
        break
"""


def test_a_full_disk_is_said_and_loses_nothing(archive: Path) -> None:
    said = in_subprocess(FILLING, archive).stdout.splitlines()

    stored, message = said[0].split(" ", 1)
    assert "the disk refused" in message
    assert str(archive) in message
    assert said[1].startswith("SQLITE_IOERR")  # RLIMIT_FSIZE gives EFBIG, where a full disk gives ENOSPC
    with Store.open(archive) as store:
        assert column(store, "PRAGMA integrity_check") == ["ok"]
        assert len(store.rows("articles")) == int(stored) + 1
        assert saved(store, replace(STORY, url="https://site.example/next/", body=f"next {BODY}")).outcome == "new"


@pytest.fixture
def readable_only(archive: Path) -> Iterator[Path]:
    """An archive nobody may write."""
    archive.chmod(0o444)
    archive.parent.chmod(0o555)
    yield archive
    archive.parent.chmod(0o755)


def drop_override() -> None:
    """Let permissions bind root too: without CAP_DAC_OVERRIDE (1) in its bounding set the next program lacks it."""
    ctypes.CDLL(None, use_errno=True).prctl(24, 1, 0, 0, 0)


OPENING = """
import os, sys
from pathlib import Path
from scraper.errors import ArchiveError
from scraper.store import Store

path = Path(sys.argv[1])
print(os.access(path.parent, os.W_OK))
try:
    Store.open(path)
except ArchiveError as error:
    print(error)
with Store.reading(path) as store:
    print(store.rows("SELECT headline FROM articles"))
"""


def test_a_read_only_archive_is_refused_before_anything_is_done_and_can_be_read(readable_only: Path) -> None:
    result = in_subprocess(OPENING, readable_only, preexec_fn=drop_override if os.getuid() == 0 else None)

    assert result.stdout.splitlines() == [
        "False", f"the database or its folder is not writable: {readable_only}", "[{'headline': 'Pass closed'}]"]
    assert [path.name for path in readable_only.parent.iterdir()] == ["news.db"]


LOCKING = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.readline()
db.execute("COMMIT")
print("free", flush=True)
"""


@pytest.fixture
def locker(archive: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the archive locked until a line is written to it."""
    with subprocess.Popen([sys.executable, "-c", LOCKING, str(archive)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "locked\n"
        yield process
        process.kill()


@pytest.mark.usefixtures("locker")
def test_a_lock_that_lasts_is_named(archive: Path) -> None:
    with pytest.raises(ArchiveError, match="another program keeps the database locked"):
        Store.open(archive, busy_s=0.05)


def test_a_lock_is_waited_for(archive: Path, locker: subprocess.Popen[str]) -> None:
    assert locker.stdin is not None
    locker.stdin.write("\n")
    locker.stdin.flush()

    with Store.open(archive, busy_s=30) as store:
        assert saved(store, STORY, NOON + HOUR).outcome == "unchanged"


CONTENDING = """
import sys
from dataclasses import replace
from pathlib import Path
from archives import BODY, STORY, saved
from scraper.store import Store

with Store.open(Path(sys.argv[1])) as store:
    for number in range(40):
        url = f"https://site.example/{sys.argv[2]}/{number}/"
        saved(store, replace(STORY, url=url, body=f"{url} {BODY}"), place=int(sys.argv[2]) * 10**6 + number * 100)
"""


def test_writers_in_several_processes_wait_for_each_other(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    command, environment = [sys.executable, "-c", CONTENDING, str(path)], {**os.environ, "PYTHONPATH": HERE}

    writers = [subprocess.Popen([*command, str(number)], env=environment) for number in range(3)]

    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    with Store.reading(path) as store:
        assert column(store, "SELECT count(*) FROM articles") == [120]


def test_a_database_removed_while_in_use_is_an_error(archive: Path) -> None:
    store = Store.open(archive)
    archive.unlink()

    with pytest.raises(ArchiveError, match="removed or replaced while it was in use"):
        saved(store, STORY, NOON + HOUR)
    store.close()


def test_without_shared_memory_the_archive_still_works_and_says_so(
    archive: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A name that cannot be opened where the shared memory would lie stands in for a drive that has none."""
    (archive.parent / "news.db-shm").symlink_to("nowhere")

    with Store.open(archive) as store:
        assert saved(store, STORY, NOON + HOUR).outcome == "unchanged"

    assert [record.message for record in caplog.records if record.levelname == "WARNING"] == [
        f"no write-ahead log on this drive: readers wait while a page is written: {archive}"]
    with Store.reading(archive) as reader:
        assert column(reader, "SELECT last_seen FROM articles") == ["2026-03-02T13:00:00Z"]


WRITING = """
import logging, os, signal, sys
from dataclasses import replace
from pathlib import Path
from archives import BODY, KGS, NOON, STORY, UZS, saved
from datetime import timedelta
from scraper.store import Store

phase, count = sys.argv[2], int(sys.argv[3])

class Killer(logging.Handler):
    def emit(self, record):
        global count
        if record.getMessage().startswith(phase):
            count -= 1
            if count == 0:
                os.kill(os.getpid(), signal.SIGKILL)

log = logging.getLogger("scraper.store")
log.setLevel(logging.DEBUG)
log.addHandler(Killer())
store = Store.open(Path(sys.argv[1]))
start = len(store.rows("articles"))
for number in range(start, start + 8):
    article = replace(STORY, url=f"https://site.example/{number}/", body=f"{number} {BODY}")
    saved(store, article, NOON + timedelta(minutes=number), quotes=(KGS, UZS))
    print(number, flush=True)
    store.checkpoint()
store.close()
"""


def test_twenty_kills_lose_nothing_and_store_nothing_twice(tmp_path: Path) -> None:
    """Before a commit the page is not there, after it the whole page is; a checkpoint may be cut off anywhere."""
    path, told, signals = tmp_path / "news.db", list[int](), list[int]()

    for kill in range(20):
        result = in_subprocess(WRITING, path, ("commit", "checkpoint")[kill % 2], 1 + kill % 4)
        signals.append(-result.returncode)
        told += map(int, result.stdout.split())

    assert signals == [signal.SIGKILL] * 20
    with Store.open(path) as store:
        assert column(store, "PRAGMA integrity_check") == ["ok"]
        assert told == list(range(len(told)))
        assert column(store, "SELECT CAST(substr(url, 22) AS INTEGER) FROM articles ORDER BY 1") == told
        assert column(store, "SELECT count(*) FROM images") == [len(told)]
        assert {row["observations"] for row in store.rows("quotes")} == {len(told)}
