"""`scraper extract`: WARC files into Parquet parts, whatever they hold and whatever is killed."""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import fsspec
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from ceilings import HANG_S
from newsroom import story_page
from scraper.archive import WarcArchive, exchanges
from scraper.cli import cli
from scraper.errors import ConfigError, LockHeld
from scraper.export.typed import schema_from
from scraper.extracting.columns import TABLES
from scraper.lock import run_lock
from scraper.records import Exchange
from scraper.store import EXPORTS
from shardmaking import HTML, NOON, parts, rows, shards, story, warc_file


def extract(*args: object, config: Path | None = None) -> Result:
    """Run `scraper extract`; what it raises comes out."""
    before = ["-c", str(config)] if config else []
    return CliRunner().invoke(
        cli, [*before, "extract", *map(str, args)], standalone_mode=False, catch_exceptions=False)


def test_a_row_leads_to_the_bytes_it_was_read_from(tmp_path: Path) -> None:
    files = shards(tmp_path, 2, 3)

    assert extract(*files, "-o", tmp_path / "out").return_value == 0

    bytes_at = {(str(file), kept.offset): exchange.url for file in files for kept, exchange, _ in exchanges(file)}
    assert {(row["warc"], row["warc_offset"]): row["url"] for row in rows(tmp_path / "out")} == bytes_at


def test_a_story_has_its_fields_and_its_rates_are_rows_of_their_own(tmp_path: Path) -> None:
    file = warc_file(tmp_path, [story(1, 7)])

    extract(file, "-o", tmp_path / "out")

    [article] = rows(tmp_path / "out")
    assert (article["source"], article["headline"]) == (
        "canal1.example", "Lock 7 of canal 1 opens to the barges again")
    assert (article["fetched"], str(article["published"])) == (NOON, "2026-03-01 03:30:00+00:00")
    assert {row["label"]: row["rate_text"] for row in rows(tmp_path / "out", "quotes")} == {
        "KGS/USD": "0.01150", "KZT/USD": "0.00190"}


def test_columns_that_an_export_has_too_have_its_types() -> None:
    for table in ("articles", "quotes"):
        exported = {field.name: schema_from([field]).field(0).type for field in EXPORTS[table].fields}
        extracted = {field.name: schema_from([field]).field(0).type for field in TABLES[table]}

        assert {name: extracted[name] for name in extracted.keys() & exported.keys()} == {
            name: exported[name] for name in extracted.keys() & exported.keys()}


def test_what_is_no_article_is_named_with_its_reason(tmp_path: Path) -> None:
    empty = b"<!doctype html><html><body><p>Soon.</p></body></html>"
    bomb = b"<div>" * 30_000
    file = warc_file(tmp_path, [story(1, 1), ("https://canal1.example/soon", empty),
                                ("https://canal1.example/bomb", bomb)])  # fmt: skip

    done = extract(file, "-o", tmp_path / "out")

    unread = {row["url"]: row["why"] for row in rows(tmp_path / "out", "unread")}
    assert unread == {"https://canal1.example/soon": "no article", "https://canal1.example/bomb": "unreadable"}
    assert "3 pages: 1 articles, 2 rates; left out: 1 no article, 1 unreadable" in done.stdout


def test_answers_that_are_no_pages_are_no_rows(tmp_path: Path) -> None:
    file = warc_file(tmp_path, [story(1, 1)], status=404)

    extract(file, "-o", tmp_path / "out")

    assert [rows(tmp_path / "out", table) for table in TABLES] == [[], [], []]


def test_a_page_that_kills_its_reader_is_named_and_stops_nothing(tmp_path: Path) -> None:
    """It takes more memory than a reader may have."""
    hungry = story_page("A page of very many words", "Words follow words. " * 600_000)
    answers = [story(1, number) for number in range(6)]
    file = warc_file(tmp_path, [*answers[:3], ("https://canal1.example/hungry", hungry), *answers[3:]])
    config = tmp_path / "scraper.toml"
    config.write_text("[limits]\nparse_bytes = 90000000\n", "utf-8")

    done = extract(file, "-o", tmp_path / "out", "--workers", "1", config=config)

    assert [(row["url"], row["why"]) for row in rows(tmp_path / "out", "unread")] == [
        ("https://canal1.example/hungry", "killed")]
    assert [row["url"] for row in rows(tmp_path / "out")] == [url for url, _ in answers]
    assert done.return_value == 0


def test_two_workers_and_one_give_the_same_bytes(tmp_path: Path) -> None:
    files = shards(tmp_path, 4, 5)

    extract(*files, "-o", tmp_path / "one", "--workers", "1")
    extract(*reversed(files), "-o", tmp_path / "two", "--workers", "2")

    assert parts(tmp_path / "one") == parts(tmp_path / "two")
    assert len(parts(tmp_path / "one")) == 4 * len(TABLES)


def test_a_second_run_does_only_what_is_missing_or_has_grown(tmp_path: Path) -> None:
    files = shards(tmp_path, 2, 2)
    extract(*files, "-o", tmp_path / "out")
    before = {file: file.stat().st_ino for file in (tmp_path / "out").rglob("*.parquet")}

    warc_file(tmp_path / "1", [story(1, 9)])
    extract(*files, warc_file(tmp_path / "2", [story(2, 0)]), "-o", tmp_path / "out")

    kept = [file for file, inode in before.items() if file.stat().st_ino == inode]
    assert len(kept) == len(TABLES)
    assert Counter(row["url"] for row in rows(tmp_path / "out")) == Counter(
        story(site, number)[0] for site, number in ((0, 0), (0, 1), (1, 0), (1, 1), (1, 9), (2, 0)))


def test_a_run_killed_and_run_again_gives_what_an_undisturbed_one_does(tmp_path: Path) -> None:
    files = shards(tmp_path, 5, 15)
    extract(*files, "-o", tmp_path / "whole", "--workers", "2")
    command = [sys.executable, "-m", "scraper", "-q", "extract", *map(str, files), "-o", str(tmp_path / "out"),
               "--workers", "1"]  # fmt: skip

    process = subprocess.Popen(command)
    _wait_for_reports(tmp_path / "out", 2)
    process.send_signal(signal.SIGKILL)
    process.wait(HANG_S)
    subprocess.run(command, check=True, timeout=HANG_S)

    assert parts(tmp_path / "out") == parts(tmp_path / "whole")
    assert [*(tmp_path / "out").rglob("*.unfinished")] == []


def test_a_reader_killed_from_outside_costs_no_page(tmp_path: Path) -> None:
    """The page it was at is tried once more, alone, and brings what it always brings.

    A run that ended before its reader was found does not count.
    """
    files = shards(tmp_path, 3, 60)
    extract(*files, "-o", tmp_path / "whole", "--workers", "2")

    runs = (_run_with_its_readers_killed(files, tmp_path / f"out{number}") for number in range(10))
    folder = next(folder for folder, count in runs if count == 1)

    assert parts(folder) == parts(tmp_path / "whole")


def _run_with_its_readers_killed(files: list[Path], folder: Path) -> tuple[Path, int]:
    """Extract into a folder, killing who reads after the first file; return it, and how many were killed."""
    process = subprocess.Popen([sys.executable, "-m", "scraper", "-q", "extract", *map(str, files), "-o",
                                str(folder), "--workers", "1"])  # fmt: skip
    _wait_for_reports(folder, 1)
    threads = Path(f"/proc/{process.pid}/task").glob("*/children")
    readers = [int(reader) for children in threads for reader in children.read_text().split()]
    for reader in readers:
        with suppress(ProcessLookupError):
            os.kill(reader, signal.SIGKILL)
    assert process.wait(HANG_S) == 0
    return folder, len(readers)


def test_sigterm_ends_a_run_with_its_code_and_whole_parts(tmp_path: Path) -> None:
    """The last file is a pipe into which nobody writes: no run ends before its signal."""
    files = shards(tmp_path, 3, 20)
    files.append(tmp_path / "last.warc.gz")
    os.mkfifo(files[-1])
    process = subprocess.Popen([sys.executable, "-m", "scraper", "extract", *map(str, files), "-o",
                                str(tmp_path / "out"), "--workers", "1"], stdout=subprocess.PIPE)  # fmt: skip
    _wait_for_reports(tmp_path / "out", 1)

    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=HANG_S)

    assert process.returncode == 128 + signal.SIGTERM
    assert {pq.read_metadata(file).num_rows for file in (tmp_path / "out" / "articles").iterdir()} == {20}


def _wait_for_reports(folder: Path, count: int) -> None:
    until = time.monotonic() + HANG_S
    while len([*folder.glob("shards/*.json")]) < count and time.monotonic() < until:
        time.sleep(0.002)


def test_one_gzip_over_all_records_is_read_too(tmp_path: Path) -> None:
    members = gzip.decompress(warc_file(tmp_path, [story(1, number) for number in range(3)]).read_bytes())
    file = tmp_path / "all.warc.gz"
    file.write_bytes(gzip.compress(members))

    assert extract(file, "-o", tmp_path / "out").return_value == 0

    assert sorted((row["url"], row["warc_offset"]) for row in rows(tmp_path / "out")) == [
        (story(1, number)[0], None) for number in range(3)]


def test_a_torn_file_gives_what_is_whole_and_says_so(tmp_path: Path) -> None:
    file = warc_file(tmp_path, [story(1, number) for number in range(3)])
    file.write_bytes(file.read_bytes()[:-200])

    done = extract(file, "-o", tmp_path / "out")

    assert [row["url"] for row in rows(tmp_path / "out")] == [story(1, number)[0] for number in range(2)]
    assert [row["why"] for row in rows(tmp_path / "out", "unread")] == ["damaged"]
    assert (done.return_value, done.stderr.strip()) == (3, f"{file}: damaged at 1 places; the rest is read")


def test_a_file_that_is_no_warc_fails_alone(tmp_path: Path) -> None:
    other = tmp_path / "notes.warc"
    other.write_text("Minutes of the meeting.\n", "utf-8")
    whole = warc_file(tmp_path / "whole", [story(1, 1)])

    both, alone = extract(whole, other, "-o", tmp_path / "out"), extract(other, "-o", tmp_path / "none")

    assert (both.return_value, alone.return_value) == (3, 1)
    assert both.stderr == f"{other}: it holds no pages (24 bytes that belong to no record)\n"
    assert len(rows(tmp_path / "out")) == 1


def test_what_a_web_archive_plays_back_is_the_page_it_copied(tmp_path: Path) -> None:
    url, body = story(1, 1)
    played = f"https://archive.example/web/20200102030405id_/{url}"
    headers = (*HTML, ("Memento-Datetime", "Thu, 02 Jan 2020 03:04:05 GMT"))
    with WarcArchive(tmp_path / "in") as archive:
        archive.keep(Exchange(played, NOON, (), 200, "OK", headers, body))

    extract(tmp_path / "in", "-o", tmp_path / "out")

    assert [(row["url"], str(row["fetched"])) for row in rows(tmp_path / "out")] == [(url, "2020-01-02 03:04:05+00:00")]


def test_an_address_that_fsspec_knows_is_brought_here(tmp_path: Path) -> None:
    files = shards(tmp_path, 2, 2)
    store = fsspec.filesystem("memory")
    for number, file in enumerate(files):
        store.pipe_file(f"/bucket/{number}.warc.gz", file.read_bytes())

    extract("memory://bucket/*.warc.gz", "-o", tmp_path / "out")

    assert Counter(row["warc"] for row in rows(tmp_path / "out")) == {
        "memory:///bucket/0.warc.gz": 2, "memory:///bucket/1.warc.gz": 2}


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("nowhere.warc.gz", "nowhere.warc.gz: cannot be read (No such file or directory)"),
        ("*.arc", "no WARC files in *.arc"),
        (".", "no WARC files in ."),
        ("memory://none/*.warc", "no WARC files in memory://none/*.warc"),
        ("nosuch://bucket/a.warc", "nosuch://bucket/a.warc: Protocol not known: nosuch"),
    ],
)
def test_a_place_without_warc_files_is_an_error_of_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, words: str
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(ConfigError) as caught:
        extract(place, "-o", tmp_path / "out")

    assert str(caught.value) == words


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    file = warc_file(tmp_path / "in", [story(1, 1)])
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").write_text("Dear all", "utf-8")

    with pytest.raises(ConfigError, match="is not empty and no earlier extraction"):
        extract(file, "-o", tmp_path / "out")

    assert [each.name for each in (tmp_path / "out").iterdir()] == ["letter.txt"]


def test_two_runs_do_not_share_a_folder(tmp_path: Path) -> None:
    file = warc_file(tmp_path / "in", [story(1, 1)])
    (tmp_path / "out").mkdir()

    with run_lock(tmp_path / "out" / "extract", now=NOON), pytest.raises(LockHeld):
        extract(file, "-o", tmp_path / "out")
