"""`db prune`: what is old is thinned out, no row points at bytes that are gone, and every WARC file stays whole."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner, Result

from ceilings import HANG_S
from crashes import SOURCE, damaged_warcs
from newsroom import MONDAY, Newsroom, listing_page
from scraper.archive import WarcArchive
from scraper.cli import cli
from scraper.errand import Plan
from scraper.pruning import Keep, Pruned, prune
from scraper.sights import Atlas
from scraper.store import Store
from servers import answer
from test_import import tables, taken_in

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
STORIES = "SELECT url, headline, body, first_seen, text_since, last_seen FROM articles ORDER BY url"
VERSIONS = "SELECT seen_from, seen_to, headline, revision FROM article_versions ORDER BY 1, 4"
RATES = "SELECT rate_text, first_seen, last_seen, observations FROM quotes ORDER BY 1, 2"


@pytest.fixture(scope="module")
def polled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """Yield a site polled six times a day on three days; a story is edited, a new one changes the listing."""
    with Newsroom(tmp_path_factory.mktemp("polled")) as room:
        room.publish("flood", "storm")
        for day in range(3):
            for _ in range(6):
                room.brought(Plan(recheck=True), after=HOUR)
            room.publish(("thaw", "hail", "frost")[day])
            headline, _ = room.stories["/story-flood"]
            room.stories["/story-flood"] = (headline, f"Word of the flood spread on day {day}, the paper says.")
            room.put_on_line()
            room.now = MONDAY + (day + 1) * DAY
        room.brought(Plan(recheck=True))
        yield room


@pytest.fixture
def room(polled: Newsroom, tmp_path: Path) -> Newsroom:
    """Return the site with a copy of its archive."""
    shutil.copytree(polled.folder, tmp_path, dirs_exist_ok=True)
    return Newsroom(tmp_path, polled.stories, polled.now, polled.marquee, polled.site)


def pruned(room: Newsroom, keep: Keep, days: int = 30) -> Pruned:
    """Prune so many days after the first harvest."""
    with Store.open(room.db) as store, WarcArchive(room.folder / "news.warc", store.committed()) as archive:
        return prune(store, archive, keep, Atlas([room.source]).is_listing, MONDAY + days * DAY)


def told(room: Newsroom) -> list[object]:
    """Return what an archive is for: stories, their versions, rates."""
    return [room.rows(sql) for sql in (STORIES, VERSIONS, RATES)]


def ran(room: Newsroom, *args: str) -> Result:
    """Run a `db` command."""
    return CliRunner().invoke(cli, ["-d", str(room.db), "db", *args], catch_exceptions=False, standalone_mode=False)


def faults(room: Newsroom) -> str:
    """Return what `db verify` and `warcio check` find."""
    return ran(room, "verify").stdout + "".join(damaged_warcs(room.folder / "news.warc"))


def test_unchanged_polls_become_a_count_a_day(room: Newsroom) -> None:
    """The first and the last of a day stay; stories, versions and rates are what they were."""
    before, exchanges = told(room), room.rows("SELECT count(*) AS n FROM fetches")

    done = pruned(room, Keep(polls=1))

    assert told(room) == before
    assert room.rows("SELECT sum(exchanges) AS n FROM rolled_up") == [{"n": done.polls}]
    assert room.rows(f"SELECT count(*) + {done.polls} AS n FROM fetches") == exchanges
    assert room.rows("SELECT 1 FROM fetches WHERE status = 304 GROUP BY url, substr(fetched, 1, 10)"
                     " HAVING count(*) > 2") == []
    assert (done.polls > 20, faults(room)) == (True, "")


def test_a_second_prune_finds_nothing(room: Newsroom) -> None:
    pruned(room, Keep(polls=1, listings=1))

    assert pruned(room, Keep(polls=1, listings=1)) == Pruned()


def test_listings_lose_their_bytes_and_stories_do_not(room: Newsroom) -> None:
    """The rows stay; the newest bytes stay, as the next poll may repeat them."""
    before = told(room)
    listings = room.rows("SELECT id FROM fetches WHERE url LIKE '%/latest'")

    done = pruned(room, Keep(listings=1))

    assert told(room) == before
    assert [row["id"] for row in room.rows("SELECT id FROM fetches WHERE url LIKE '%/latest'")] == [
        row["id"] for row in listings]
    assert len(room.rows("SELECT 1 FROM fetches WHERE url LIKE '%/latest' AND file IS NOT NULL")) == 1
    assert room.rows("SELECT 1 FROM fetches WHERE article_id IS NOT NULL AND file IS NULL") == []
    assert (done.listings, faults(room)) == (len(listings) - 1, "")


def test_what_a_younger_poll_repeats_is_kept(room: Newsroom) -> None:
    """A revisit has no body of its own."""
    room.now = MONDAY + 29.5 * DAY
    room.brought()

    pruned(room, Keep(polls=1, listings=1))

    assert faults(room) == ""
    room.brought(after=HOUR)
    assert faults(room) == ""


def test_everything_is_kept_unless_the_settings_say_otherwise(room: Newsroom) -> None:
    before = tables(room.db), (room.folder / "news.warc").stat().st_mtime_ns

    result = ran(room, "prune")

    assert result.stderr == "everything is kept: neither keep_polls_days nor keep_listings_days is set\n"
    assert (tables(room.db), (room.folder / "news.warc").stat().st_mtime_ns) == before


def test_the_settings_say_how_long_what_is_kept(room: Newsroom) -> None:
    settings = room.folder / "scraper.toml"
    settings.write_text("db = 'news.db'\nkeep_polls_days = 1\nkeep_listings_days = 1\n", "utf-8")
    declared = room.folder / "newsroom.toml"
    declared.write_text(SOURCE.format(home=room.site.url("/")), "utf-8")

    result = CliRunner().invoke(cli, ["-c", str(settings), "db", "prune", "--source-file", str(declared)])

    assert "unchanged polls became counts" in result.stderr
    assert (result.exit_code, room.rows("dropped_bytes")) == (0, [])


def test_what_is_left_can_be_imported_into_an_empty_archive(room: Newsroom) -> None:
    """Stories and versions come out of the WARC files as they were; rates come from the stories' own pages."""
    pruned(room, Keep(polls=1, listings=1))
    before = told(room)
    room.db.unlink()

    found = taken_in(room.folder, room.folder / "news.warc", sources=[room.source])

    assert told(room)[:2] == before[:2]
    assert found.damages == {}


def test_the_room_is_given_back(tmp_path: Path) -> None:
    """Where the file system can leave zeros out: the temporary folder's of Linux can."""
    with Newsroom(tmp_path) as room:
        for day in range(3):
            noise = Random(day).randbytes(150_000).hex()
            room.site.answers["/latest"] = answer(listing_page([]) + f"<!-- {noise} -->".encode())
            room.brought(after=DAY)
        files = [*(tmp_path / "news.warc").iterdir()]
        before = [(file.stat().st_size, file.stat().st_blocks) for file in files]

        done = pruned(room, Keep(listings=1))

        after = [(file.stat().st_size, file.stat().st_blocks) for file in files]
        assert [size for size, _ in after] == [size for size, _ in before]
        assert done.warc_bytes > 300_000
        assert sum(blocks for _, blocks in before) - sum(blocks for _, blocks in after) > 300_000 // 512
        assert faults(room) == ""


# what `-vv` says before each step; killed after one of the first eight
LINES = ("commit roll up", "commit let go", "blank ", "commit dropped")


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("seed", range(2))
def test_a_prune_that_is_killed_leaves_no_row_without_its_bytes(room: Newsroom, line: str, seed: int) -> None:
    """And the next one ends what was begun."""
    undisturbed = room.folder / "undisturbed"
    undisturbed.mkdir()
    shutil.copytree(room.folder / "news.warc", undisturbed / "news.warc")
    shutil.copy(room.db, undisturbed / "news.db")
    declared = room.folder / "newsroom.toml"
    declared.write_text(SOURCE.format(home=room.site.url("/")), "utf-8")
    command = ["db", "prune", "--polls-days", "1", "--listings-days", "1", "--source-file", str(declared)]

    killed(["-vv", "-d", str(room.db), *command], line, Random(seed))

    assert ran(room, "verify").stdout == ""
    for db in (room.db, undisturbed / "news.db"):
        assert CliRunner().invoke(cli, ["-d", str(db), *command]).exit_code == 0
    assert faults(room) == ""
    assert tables(room.db) == tables(undisturbed / "news.db")
    assert room.rows("rolled_up") != []


def killed(args: list[str], line: str, chance: Random) -> None:
    """Run the program and kill it within 2 ms after it has printed one of the lines that hold `line`."""
    process = subprocess.Popen([sys.executable, "-m", "scraper", *args], text=True, stderr=subprocess.PIPE)
    assert process.stderr is not None
    left = chance.randint(1, 8) if line in ("blank ", "commit dropped") else 1
    for said in process.stderr:
        left -= line in said
        if left == 0:
            time.sleep(chance.random() * 0.002)
            process.send_signal(signal.SIGKILL)
            break
    process.stderr.read()
    process.stderr.close()
    process.wait(HANG_S)
