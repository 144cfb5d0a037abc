"""A cron job's bad days, in real processes: no disk, no stdout, no home, no folder, another program at the database."""

from __future__ import annotations

import errno
import os
import random
import re
import resource
import shutil
import sqlite3
import string
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from ceilings import HANG_S
from crashes import SOURCE, faults_after
from newsroom import Newsroom, story_page
from scraper.cli.commands import files_wanted
from servers import Talk, answer

KAZAKH = (
    "Қалада түнде су тасқыны болды, дейді әкімдік өкілдері. Төменгі көшелер түске дейін жабылды, ал тұрғындар жиһазын "
    "жоғарғы қабаттарға көтеріп, судың қайтуын күтті."
)
BIG = 40_000  # characters of a story; letters at random take three quarters of that when compressed


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    """Yield a site with two stories on line."""
    with Newsroom(tmp_path) as room:
        room.publish("flood", "storm")
        yield room


def command(room: Newsroom, *options: str) -> list[str]:
    """Return the arguments of a harvest of this room, every path absolute."""
    declared = room.folder / "newsroom.toml"
    declared.write_text(SOURCE.format(home=room.site.url("/")), "utf-8")
    args = [sys.executable, "-m", "scraper", "-q", "-d", str(room.db), *options, "harvest"]
    return [*args, "--source-file", str(declared), "--allow-private", "127.0.0.1"]


def ran(args: list[str], **options: object) -> subprocess.CompletedProcess[str]:
    """Run a process and return what it printed."""
    process: subprocess.CompletedProcess[str] = subprocess.run(
        args, text=True, timeout=HANG_S, stderr=subprocess.PIPE, **options  # type: ignore[call-overload]
    )
    return process


def settings(room: Newsroom, text: str) -> tuple[str, str]:
    """Write a settings file and return the option that names it."""
    (room.folder / "scraper.toml").write_text(text, "utf-8")
    return "-c", str(room.folder / "scraper.toml")


def publish_big(room: Newsroom, count: int) -> None:
    """Publish stories that cannot be compressed away."""
    chance = random.Random(7)
    names = [f"big{number}" for number in range(count)]
    room.publish(*names)
    for name in names:
        words = " ".join("".join(chance.choices(string.ascii_letters, k=8)) for _ in range(BIG // 9))
        room.site.answers[f"/story-{name}"] = answer(story_page(f"{name} is a long story of the town", words))


def sound(db: Path) -> bool:
    """Tell whether SQLite finds nothing wrong with the file."""
    with closing(sqlite3.connect(db)) as connection:
        return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """Yield a disk of that size, mounted in `folder`; skip the test where nobody may mount one."""
    disk = folder / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no disk may be mounted here")
    try:
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=True)


# --- the disk


def test_too_little_free_space_is_refused_before_the_first_request(room: Newsroom) -> None:
    """The floor is set above what this disk has; nothing is made but the lock."""
    disk = os.statvfs(room.folder)
    floor = disk.f_bavail * disk.f_frsize + 1024**4

    process = ran(command(room, *settings(room, f"[limits]\nfree_bytes = {floor}\n")))

    assert process.returncode == 74
    assert process.stderr.count("\n") == 1
    assert "MiB are free on the disk" in process.stderr
    assert str(room.folder) in process.stderr
    assert room.site.requests == []
    assert not room.db.exists()


@pytest.mark.parametrize("work", ["harvest", "backfill", "import", "reparse", "forget"])
def test_a_disk_with_too_little_room_is_left_as_it_is(room: Newsroom, work: str) -> None:
    """Eight megabytes in all, where two hundred must be free; whatever would write says so in one line."""
    with small_disk(room.folder, "8m") as disk:
        room.folder = disk
        harvest = command(room, *settings(room, "[limits]\nfree_bytes = 0\n"))
        ran(harvest)
        (disk / "scraper.toml").unlink()
        declared = ["--source-file", str(disk / "newsroom.toml")]
        words = {
            "backfill": ["newsroom", "--from", "2026-01-01", "--until", "2026-02-01"],
            "import": [str(disk / "news.warc")], "forget": [room.site.url("/story-flood"), "--yes"],
        }  # fmt: skip
        before, asked = contents(disk), len(room.site.requests)

        process = ran([*harvest[:6], work, *words.get(work, []), *declared])

        assert (process.returncode, process.stderr.count("\n"), asked) == (74, 1, len(room.site.requests))
        assert re.match(r"scraper: only \d MiB are free on the disk, 200 MiB are wanted", process.stderr)
        assert str(disk) in process.stderr
        assert contents(disk) == before


def contents(folder: Path) -> dict[Path, bytes]:
    """Return every file's bytes, but for the lock's."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {path: path.read_bytes() for path in files}


def test_a_file_that_may_not_grow_ends_the_run_with_what_it_has(room: Newsroom) -> None:
    """RLIMIT_FSIZE strikes the database or the WARC file (EFBIG); the next run completes it."""
    ran(command(room))
    publish_big(room, 12)
    room.site.requests.clear()
    limit = max(path.stat().st_size for path in room.folder.rglob("*") if path.is_file()) + 3 * BIG

    process = ran(command(room), preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))

    assert (process.returncode, "Traceback" in process.stderr) == (74, False)
    assert "over a size limit" in process.stderr or os.strerror(errno.EFBIG) in process.stderr
    assert f"{room.folder}/news." in process.stderr
    assert 2 < len(room.site.requests) < 14
    assert sound(room.db)
    assert faults_after(room) == []


def test_a_full_disk_ends_the_run_with_what_it_has(room: Newsroom) -> None:
    """A disk of two megabytes; with more of them the next run completes it."""
    publish_big(room, 60)
    with small_disk(room.folder, "2m") as disk:
        room.folder = disk
        options = settings(room, "[limits]\nfree_bytes = 0\n")

        full = ran(command(room, *options))

        with pytest.raises(OSError, match="No space left"):
            (disk / "more").write_bytes(b"x" * 2_000_000)
        (disk / "more").unlink()
        assert (full.returncode, "Traceback" in full.stderr) == (74, False)
        assert full.stderr.count("\n") == 1
        assert str(disk) in full.stderr
        assert sound(room.db)
        subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
        rest = ran(command(room, *options))
        assert (rest.returncode, rest.stderr) == (0, "")
        assert room.rows("SELECT count(*) AS articles FROM articles") == [{"articles": 62}]


def test_a_read_only_disk_is_refused_before_the_first_request(room: Newsroom) -> None:
    """With an archive on it that could be read."""
    with small_disk(room.folder, "8m") as disk:
        room.folder = disk
        options = settings(room, "[limits]\nfree_bytes = 0\n")
        ran(command(room, *options))
        args = command(room, *options)
        room.site.requests.clear()
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)

        process = ran(args)

        with pytest.raises(OSError, match="Read-only"):
            (disk / "more").touch()
        assert (process.returncode, process.stderr.count("\n")) == (74, 1)
        assert str(disk) in process.stderr
        assert room.site.requests == []


# --- the database


def test_a_database_another_program_holds_is_waited_for(room: Newsroom) -> None:
    """Two seconds of BEGIN EXCLUSIVE once the run has its lock; not a request meanwhile, and nothing is lost."""
    ran(command(room))
    room.publish("hail")
    room.site.requests.clear()
    with closing(sqlite3.connect(room.db, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        process = subprocess.Popen(command(room), text=True, stderr=subprocess.PIPE)
        while not Path(f"{room.db}.lock").read_text() and process.poll() is None:
            time.sleep(0.01)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(2.0)
        asked = list(room.site.requests)
        other.execute("ROLLBACK")

    _, errors = process.communicate(timeout=HANG_S)

    assert (process.returncode, errors, asked) == (0, "", [])
    assert room.rows("SELECT count(*) AS articles FROM articles") == [{"articles": 3}]


def test_a_database_removed_in_mid_run_is_an_error_not_a_silent_loss(room: Newsroom) -> None:
    """What is written after that would be gone with the process."""
    whole = room.site.answers["/story-storm"]
    assert callable(whole)

    def remove_and_answer(talk: Talk) -> None:
        for path in room.folder.glob("news.db*"):
            path.unlink()
        whole(talk)

    room.site.answers["/story-storm"] = remove_and_answer

    process = ran(command(room))

    assert (process.returncode, process.stderr.count("\n")) == (74, 1)
    assert "removed or replaced while it was in use" in process.stderr
    assert str(room.db) in process.stderr
    room.site.answers["/story-storm"] = whole
    assert faults_after(room) == []


def test_a_warc_folder_removed_in_mid_run_is_an_error_not_a_silent_loss(room: Newsroom) -> None:
    """The bytes of what is read after that would be nowhere, and rows would refer to them."""
    whole = room.site.answers["/story-storm"]
    assert callable(whole)

    def remove_and_answer(talk: Talk) -> None:
        shutil.rmtree(room.db.with_suffix(".warc"))
        whole(talk)

    room.site.answers["/story-storm"] = remove_and_answer

    process = ran(command(room))

    assert (process.returncode, process.stderr.count("\n")) == (74, 1)
    assert f"cannot write {room.db.with_suffix('.warc')}" in process.stderr


def test_a_reader_that_stays_for_hours_holds_nothing_up(room: Newsroom) -> None:
    """Somebody left a transaction open: the write-ahead log is brought in by a later run."""
    room.brought()
    room.publish("hail")
    with closing(sqlite3.connect(room.db, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM articles").fetchone()
        began = time.monotonic()

        report = room.brought(after=timedelta(minutes=5))

    assert report.new == 1
    assert time.monotonic() - began < 50  # 60 s where each checkpoint waits for the reader as a writer would


def test_a_link_to_the_database_leads_to_its_warc_files(room: Newsroom) -> None:
    """Bytes of one database in two folders would be found by neither name."""
    (room.folder / "real").mkdir()
    link = room.folder / "link.db"
    link.symlink_to(room.folder / "real" / "news.db")
    args = command(room)
    args[args.index("-d") + 1] = str(link)

    process = ran(args)

    assert (process.returncode, process.stderr) == (0, "")
    assert sorted(path.name for path in (room.folder / "real").iterdir()) == ["news.db", "news.db.lock", "news.warc"]
    assert not link.with_suffix(".warc").exists()


def test_a_link_that_leads_to_itself_is_no_archive(room: Newsroom) -> None:
    room.db.symlink_to(room.db)

    process = ran(command(room))

    assert (process.returncode, process.stderr) == (74, f"scraper: a link that leads to itself: {room.db}\n")


def test_a_clock_set_back_a_year_neither_storms_nor_stalls(room: Newsroom) -> None:
    """A run after it downloads only what is new; set right again, the order of things is kept."""
    room.brought()
    room.site.requests.clear()

    back = room.brought(after=-timedelta(days=365))
    room.publish("hail")
    new = room.brought(after=timedelta(minutes=5))
    paths = list(room.site.paths)
    again = room.brought(after=timedelta(days=366))

    assert (back.new, back.changed, new.new, new.changed, again.new) == (0, 0, 1, 0, 0)
    assert sorted(paths) == ["/latest", "/latest", "/story-hail"]
    assert room.rows("SELECT count(*) AS versions FROM article_versions") == [{"versions": 0}]
    assert room.rows("SELECT count(*) AS wrong FROM quotes WHERE first_seen > last_seen") == [{"wrong": 0}]


# --- the surroundings


SAYS_CLOSED = 'test -e /proc/self/fd/1 || echo "closed" >&2; exec "$@"'


def test_a_closed_stdout_loses_nothing(room: Newsroom) -> None:
    """Some schedulers start jobs like that."""
    args = command(room)
    args.remove("-q")

    process = ran(["/bin/sh", "-c", f"exec >&-; {SAYS_CLOSED}", "sh", *args])

    assert process.stderr.splitlines()[0] == "closed"
    assert (process.returncode, "Traceback" in process.stderr) == (0, False)
    assert room.rows("SELECT count(*) AS articles FROM articles") == [{"articles": 2}]
    assert faults_after(room) == []


def test_every_stream_closed_loses_nothing(room: Newsroom) -> None:
    """No file of the archive may come to stand where a message would go."""
    whole, streams = room.site.answers["/story-storm"], list[str]()
    assert callable(whole)

    begun = Event()

    def look_and_answer(talk: Talk) -> None:
        begun.wait(HANG_S)
        streams.extend(str(Path(f"/proc/{process.pid}/fd/{number}").readlink()) for number in (0, 1, 2))
        whole(talk)

    room.site.answers["/story-storm"] = look_and_answer
    process = subprocess.Popen(["/bin/sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *command(room)])
    begun.set()

    code = process.wait(HANG_S)

    assert (code, streams) == (0, ["/dev/null"] * 3)
    assert faults_after(room) == []


def test_a_reader_that_went_away_loses_nothing(room: Newsroom) -> None:
    """`scraper harvest | head -0`: writing the summary fails with EPIPE, quietly."""
    args = command(room)
    args.remove("-q")
    reading, writing = os.pipe()
    os.close(reading)

    process = ran(args, stdout=writing)

    with pytest.raises(BrokenPipeError):
        os.write(writing, b"x")
    os.close(writing)
    assert (process.returncode, "Traceback" in process.stderr, "Broken" in process.stderr) == (0, False, False)
    assert room.rows("SELECT count(*) AS articles FROM articles") == [{"articles": 2}]


def test_a_log_on_a_full_disk_stops_nothing(room: Newsroom) -> None:
    """`2>>/var/log/scraper.log`, and /var is full: what cannot be said is not."""
    room.site.answers["/story-storm"] = answer(b"", "404 Not Found")
    args = command(room)
    args.remove("-q")

    with Path("/dev/full").open("w") as full:
        code = subprocess.run(args, stdout=subprocess.DEVNULL, stderr=full, timeout=HANG_S).returncode

    assert code == 0
    assert room.rows("SELECT count(*) AS articles FROM articles") == [{"articles": 1}]


def test_too_few_open_files_are_no_bug(room: Newsroom) -> None:
    """A soft limit is raised to the hard one; where that is not enough either, one line says what to raise."""
    few = ran(["/bin/sh", "-c", 'ulimit -n 12; exec "$@"', "sh", *command(room)])
    soft = ran(["/bin/sh", "-c", 'ulimit -Sn 12; exec "$@"', "sh", *command(room)])

    assert (few.returncode, few.stderr.count("\n"), "ulimit -n" in few.stderr) == (74, 1, True)
    assert (soft.returncode, soft.stderr) == (0, "")


def test_a_limit_of_open_files_is_never_lowered() -> None:
    """`-1`: without end; some systems let each process have more than we would ask for."""
    assert [files_wanted(256, -1), files_wanted(1024, 4096), files_wanted(65_536, 1 << 20)] == [8_192, 4_096, 65_536]


@pytest.mark.parametrize("environment", [{}, {"LANG": "C"}, {"LC_ALL": "POSIX", "TZ": "Asia/Tashkent"}])
def test_no_home_and_no_locale_leave_the_text_intact(room: Newsroom, environment: dict[str, str]) -> None:
    """`env -i`: text is UTF-8 whatever the machine thinks."""
    page = story_page("Toʻfon koʻchalarni yopdi", KAZAKH)
    room.site.answers["/story-flood"] = answer(page)

    process = ran(command(room), env=environment)
    shown = subprocess.run(
        [sys.executable, "-m", "scraper", "-d", str(room.db), "status", "--json"], env=environment,
        capture_output=True, timeout=HANG_S, check=True,
    )  # fmt: skip

    assert (process.returncode, process.stderr) == (0, "")
    (article,) = room.rows("SELECT headline, body FROM articles WHERE url LIKE '%flood'")
    assert article["headline"] == "Toʻfon koʻchalarni yopdi"
    assert KAZAKH in str(article["body"])
    assert b'"newsroom"' in shown.stdout


def test_a_terminal_that_knows_no_unicode_shows_what_it_can(room: Newsroom) -> None:
    """That it cannot print a letter is no reason to end with a bug."""
    room.site.answers["/story-flood"] = answer(story_page("Toʻfon koʻchalarni yopdi", KAZAKH))
    args = [sys.executable, "-m", "scraper", "check", room.site.url("/story-flood"), "--allow-private", "127.0.0.1"]

    process = ran(args, stdout=subprocess.PIPE, env={"PYTHONIOENCODING": "latin-1"})

    assert (process.returncode, process.stderr) == (0, "")
    assert "To\\u02bbfon" in process.stdout
    assert "chalarni yopdi" in process.stdout


def test_a_folder_that_was_removed_is_no_hindrance(room: Newsroom, tmp_path: Path) -> None:
    """Absolute paths are enough."""
    gone = tmp_path / "gone"
    gone.mkdir()

    script = 'rmdir "$PWD"; readlink /proc/self/cwd >&2; exec "$@"'
    process = ran(["/bin/sh", "-c", script, "sh", *command(room)], cwd=gone)

    assert process.stderr == f"{gone} (deleted)\n"
    assert process.returncode == 0
    assert room.rows("SELECT count(*) AS articles FROM articles") == [{"articles": 2}]


def test_a_path_from_a_folder_that_was_removed_is_one_clear_line(room: Newsroom, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    args = command(room)
    args[args.index("-d") + 1] = "news.db"

    process = ran(["/bin/sh", "-c", 'rmdir "$PWD"; exec "$@"', "sh", *args], cwd=gone)

    assert (process.returncode, process.stderr.count("\n")) == (74, 1)
    assert "is gone" in process.stderr


def test_the_root_folder_is_no_hindrance(room: Newsroom) -> None:
    """Nothing is written where the job happens to start."""
    before = sorted(Path("/").iterdir())

    process = ran(command(room), cwd="/")

    assert (process.returncode, process.stderr) == (0, "")
    assert sorted(Path("/").iterdir()) == before
