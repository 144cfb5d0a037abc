"""A story forgotten: gone from every table, from the file's free pages and from the WARC files, and never back."""

from __future__ import annotations

import gzip
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from ceilings import HANG_S
from newsroom import Newsroom, story_page
from scraper.archive import WarcArchive
from scraper.cli import cli
from scraper.cli.stored import imported
from scraper.errors import ArchiveError
from scraper.sights import Atlas
from scraper.warc.holes import blank
from scraper.warc.tombstones import plain_tombstone, tombstone
from servers import answer

DAY = timedelta(days=1)
NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
WORDS = "Nobody shall ever read of the secret marmalade that was found behind the mill in the night of the storm."
EDITED = WORDS.replace("marmalade", "mustard pot")


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    """Yield a site with two stories, harvested on two days; one was edited, and is reached through a redirect."""
    with Newsroom(tmp_path) as room:
        room.publish("flood", "mill")
        room.site.answers["/story-mill"] = answer(b"", "301 Moved", Location="/story-mill-moved")
        for words in (WORDS, EDITED):
            room.site.answers["/story-mill-moved"] = answer(story_page("Mill closes", words))
            room.brought(after=DAY)
        yield room


def forgotten(room: Newsroom, path: str) -> None:
    """Forget a story of the room."""
    result = CliRunner().invoke(cli, ["-d", str(room.db), "forget", room.site.url(path), "--yes"])
    assert (result.exit_code, result.stdout) == (0, "")


def test_nothing_of_a_forgotten_story_stays(room: Newsroom) -> None:
    """Neither in the database's bytes nor in the WARC's; the other story and its bytes are as they were."""
    before = room.rows("SELECT * FROM articles WHERE url LIKE '%flood'")

    forgotten(room, "/story-mill")

    data = room.db.read_bytes()
    warcs = b"".join(gzip.decompress(file.read_bytes()) for file in (room.folder / "news.warc").iterdir())
    assert [word for word in (b"marmalade", b"mustard", b"story-mill-moved") if word in data.lower()] == []
    assert [word for word in (b"marmalade", b"mustard", b"story-mill-moved") if word in warcs] == []
    assert room.rows("articles") == before
    (place,) = room.rows("SELECT file, offset FROM fetches WHERE url LIKE '%flood' AND status = 200 LIMIT 1")
    with WarcArchive(room.folder / "news.warc") as archive:
        assert b"Flood closes" in archive.read(str(place["file"]), int(str(place["offset"]))).wire


def test_the_files_stay_valid(room: Newsroom) -> None:
    """A tombstone is a record like any other."""
    forgotten(room, "/story-mill-moved")

    files = [str(file) for file in (room.folder / "news.warc").iterdir()]
    check = [sys.executable, "-c", "from warcio.cli import main; main()", "check", *files]
    assert subprocess.run(check, capture_output=True, timeout=HANG_S, check=False).returncode == 0
    with WarcArchive(room.folder / "news.warc") as archive:
        assert {kept.url.rpartition("/")[2] for kept, _, _ in archive.exchanges()} == {
            "robots.txt", "latest", "story-flood"}


def test_a_forgotten_story_is_neither_harvested_nor_imported_again(room: Newsroom, tmp_path: Path) -> None:
    """Its site still lists it, and somebody else kept it."""
    (tmp_path / "other").mkdir()
    for file in (tmp_path / "news.warc").iterdir():
        (tmp_path / "other" / file.name).write_bytes(file.read_bytes())
    forgotten(room, "/story-mill")
    room.publish("hail")
    room.site.answers["/story-mill"] = answer(b"", "301 Moved", Location="/story-mill-moved")
    room.site.requests.clear()

    report = room.brought(after=DAY)
    imported(room.settings(), [tmp_path / "other"], Atlas([room.source]))

    assert report.new == 1
    assert not {"/story-mill", "/story-mill-moved"} & set(room.site.paths)
    assert [row["url"] for row in room.rows("SELECT url FROM articles WHERE url LIKE '%mill%'")] == []
    assert room.rows("SELECT * FROM resources WHERE url LIKE '%mill%'") == []


def test_an_address_nobody_stored_is_forgotten_in_advance(room: Newsroom) -> None:
    """It will not be harvested."""
    forgotten(room, "/story-hail")
    room.publish("hail")

    report = room.brought(after=DAY)

    assert report.new == 0


@pytest.mark.parametrize("url", ["", "3964648134930228", "story-flood"])
def test_what_is_no_address_is_forgotten_nowhere(room: Newsroom, url: str) -> None:
    """An empty one took the record that says what the WARC file is."""
    files = {file: file.read_bytes() for file in (room.folder / "news.warc").iterdir()}

    result = CliRunner().invoke(cli, ["-d", str(room.db), "forget", url, "--yes"])

    assert result.exit_code == 2
    assert result.output.splitlines()[-1] == f"Error: no http or https address: {url!r}"
    assert {file: file.read_bytes() for file in files} == files


def test_it_is_asked_first(room: Newsroom) -> None:
    """No answer is a no."""
    result = CliRunner().invoke(cli, ["-d", str(room.db), "forget", room.site.url("/story-mill")], input="\n")

    assert result.exit_code == 1
    assert room.rows("SELECT count(*) AS n FROM articles") == [{"n": 2}]


@pytest.mark.parametrize("length", [*range(180, 300), 70_000])
def test_a_tombstone_has_the_length_that_is_asked_for(length: int) -> None:
    """Packed and plain."""
    assert len(tombstone(length, NOON)) == len(plain_tombstone(length, NOON)) == length
    assert gzip.decompress(tombstone(length, NOON)).startswith(b"WARC/1.1\r\nWARC-Type: metadata\r\n")


def test_a_record_that_is_too_short_is_refused(tmp_path: Path) -> None:
    """Nothing is overwritten beyond it."""
    with pytest.raises(ArchiveError, match="too short"):
        tombstone(60, NOON)
    with pytest.raises(ArchiveError, match="too short"):
        plain_tombstone(60, NOON)
    file = tmp_path / "short.warc.gz"
    file.write_bytes(gzip.compress(b""))
    with pytest.raises(ArchiveError, match="too short"):
        blank(file, [(0, file.stat().st_size)], NOON)
    assert gzip.decompress(file.read_bytes()) == b""
