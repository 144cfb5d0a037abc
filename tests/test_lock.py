"""The run lock, between real processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ceilings import HANG_S
from scraper.errors import ArchiveError, LockHeld
from scraper.lock import run_lock

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
HOLDER = """
import subprocess, sys
from datetime import UTC, datetime
from pathlib import Path
from scraper.lock import run_lock
with run_lock(Path(sys.argv[1]), now=datetime(2026, 3, 14, 11, tzinfo=UTC)):
    child = subprocess.Popen(["sleep", "60"])
    print(child.pid, flush=True)
    sys.stdin.readline()
    child.kill()
"""
COUNTER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from scraper.lock import run_lock
counted = Path(sys.argv[2])
for _ in range(30):
    with run_lock(Path(sys.argv[1]), now=datetime(2026, 3, 14, tzinfo=UTC), wait_s=600):
        counted.write_text(str(int(counted.read_text()) + 1))
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "news.db"


@contextmanager
def held_elsewhere(database: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Hold the lock in another process, which has a child of its own; yield it and the child's id."""
    command = [sys.executable, "-c", HOLDER, str(database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        yield holder, int(holder.stdout.readline())
        if holder.poll() is None:
            holder.communicate("\n")


def test_a_second_run_is_told_who_holds_it_and_since_when(database: Path) -> None:
    with held_elsewhere(database) as (holder, _), pytest.raises(LockHeld) as caught, run_lock(database, now=NOON):
        pass

    assert str(caught.value) == (
        f"another run holds {database}.lock (process {holder.pid}, since 2026-03-14T11:00:00Z)"
    )


def test_it_is_free_when_its_holder_has_ended(database: Path) -> None:
    with held_elsewhere(database):
        pass

    with run_lock(database, now=NOON):
        assert Path(f"{database}.lock").read_text() == f"{os.getpid()} 2026-03-14T12:00:00Z\n"
    assert Path(f"{database}.lock").read_text() == ""


def test_it_is_free_when_its_holder_was_killed_though_a_child_lives_on(database: Path) -> None:
    with held_elsewhere(database) as (holder, child):
        holder.kill()
        holder.wait()

        with run_lock(database, now=NOON):
            os.kill(child, 9)


def test_it_is_free_after_an_error_inside(database: Path) -> None:
    with pytest.raises(ZeroDivisionError), run_lock(database, now=NOON):
        raise ZeroDivisionError

    with run_lock(database, now=NOON):
        pass


def test_waiting_lasts_until_the_holder_ends(database: Path) -> None:
    with held_elsewhere(database) as (holder, _):
        with pytest.raises(LockHeld), run_lock(database, now=NOON, wait_s=0.25):
            pass
        assert holder.stdin is not None
        holder.stdin.write("\n")
        holder.stdin.flush()

        with run_lock(database, now=NOON, wait_s=HANG_S):
            assert holder.wait(HANG_S) == 0


def test_one_proceeds_at_a_time(database: Path, tmp_path: Path) -> None:
    """Four processes count to thirty each, reading and writing one file without any other care."""
    counted = tmp_path / "counted"
    counted.write_text("0")
    command = [sys.executable, "-c", COUNTER, str(database), str(counted)]

    counters = [subprocess.Popen(command) for _ in range(4)]
    assert [counter.wait(HANG_S) for counter in counters] == [0, 0, 0, 0]

    assert counted.read_text() == "120"


def test_two_names_of_one_database_share_the_lock(database: Path, tmp_path: Path) -> None:
    database.touch()
    (tmp_path / "other.db").symlink_to(database)

    with run_lock(database, now=NOON), pytest.raises(LockHeld), run_lock(tmp_path / "other.db", now=NOON):
        pass


def test_rubbish_in_the_lock_file_does_not_matter(database: Path) -> None:
    lock = Path(f"{database}.lock")
    lock.write_bytes(b"\xff\x00 not a process\n" * 20)

    with run_lock(database, now=NOON):
        assert lock.read_text() == f"{os.getpid()} 2026-03-14T12:00:00Z\n"
        lock.write_text("rubbish")
        with pytest.raises(LockHeld) as caught, run_lock(database, now=NOON):
            pass

    assert str(caught.value) == f"another run holds {lock}"


@pytest.mark.parametrize(
    "place,reason", [("missing/news.db", "No such file or directory"), ("file/news.db", "Not a directory")]
)
def test_where_no_lock_can_be_made_the_archive_is_unusable(tmp_path: Path, place: str, reason: str) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(ArchiveError) as caught, run_lock(tmp_path / place, now=NOON):
        pass

    assert str(caught.value) == f"cannot lock {tmp_path / place}.lock ({reason})"


def test_a_planted_link_is_not_followed(database: Path, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("kept")
    Path(f"{database}.lock").symlink_to(precious)

    with pytest.raises(ArchiveError), run_lock(database, now=NOON):
        pass

    assert precious.read_text() == "kept"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_named(database: Path, tmp_path: Path) -> None:
    tmp_path.chmod(0o555)

    with pytest.raises(ArchiveError, match=r"cannot lock .*Permission denied"), run_lock(database, now=NOON):
        pass
