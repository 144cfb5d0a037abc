"""The archive looked after: proved, copied, made small, and two of them made one."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from newsroom import Newsroom, listing_page, story_page, validated
from scraper.cli import cli
from scraper.errand import Plan
from scraper.errors import ArchiveError
from scraper.source import Source
from scraper.store import Store
from scraper.tables.migrations import MIGRATIONS
from scraper.tables.opening import database
from servers import answer
from test_import import four_days, tables

DAY = timedelta(days=1)


def ran(db: Path, *args: str) -> Result:
    """Run a `db` command."""
    return CliRunner().invoke(cli, ["-d", str(db), "db", *args], catch_exceptions=False, standalone_mode=False)


def write(db: Path, sql: str) -> None:
    """Change the database behind the program's back."""
    with closing(sqlite3.connect(db, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute(sql)


def test_a_whole_archive_has_no_faults(room: Newsroom) -> None:
    """After edits, redirects, 304s and a withdrawal."""
    four_days(room)

    result = ran(room.db, "verify")

    assert (result.stdout, result.stderr, result.return_value) == ("", "no faults\n", 0)


DAMAGES: dict[str, tuple[Callable[[Newsroom], object], str]] = {
    "a text": (lambda room: write(room.db, "UPDATE articles SET body = body || '!' WHERE url LIKE '%thaw'"),
               "does not hold the text that was stored"),
    "the search": (lambda room: write(room.db, "INSERT INTO articles_fts(articles_fts) VALUES ('delete-all')"),
                   "articles_fts: "),
    "a rate": (lambda room: write(room.db, "UPDATE quotes SET observations = observations + 1"), "quotes: "),
    "a parent": (lambda room: write(room.db, "UPDATE images SET article_id = 1; "), "refers to a missing row"),
    "a place": (lambda room: write(room.db, "UPDATE fetches SET offset = offset + 1 WHERE url LIKE '%thaw'"),
                "no answer at byte"),
    "an address": (lambda room: write(room.db, "UPDATE fetches SET url = url || '?' WHERE url LIKE '%thaw'"),
                   "another record lies at byte"),
    "bytes": (lambda room: write(room.db, "UPDATE fetches SET digest = 'sha1:2' WHERE url LIKE '%thaw'"),
              "have changed"),
    "a file": (lambda room: shutil.rmtree(room.folder / "news.warc"), "no answer at byte"),
}  # fmt: skip


@pytest.mark.parametrize("what", DAMAGES)
def test_damage_is_found_and_named(room: Newsroom, what: str) -> None:
    """Whatever part of the archive it is in; the exit code says so too."""
    picture = story_page("Thaw closes the lower streets", "Word spread.").replace(
        b"</p><p>", b'</p><figure><img src="/a.jpg" width="600"><figcaption>The mill</figcaption></figure><p>', 1)
    room.site.answers["/story-thaw"] = answer(picture)
    room.brought()
    damage, said = DAMAGES[what]
    damage(room)

    result = ran(room.db, "verify")

    assert said in result.stdout
    assert result.return_value == 74


def test_an_upgrade_says_what_it_did(tmp_path: Path) -> None:
    """From which version to which; a second one has nothing to do."""
    path = tmp_path / "news.db"
    database(path, MIGRATIONS[:3], busy_s=1, check_s=0).close()
    with pytest.raises(Exception, match="of an earlier version; `scraper db upgrade` or a harvest"):
        Store.reading(path)

    first, second = ran(path, "upgrade"), ran(path, "upgrade")

    last = MIGRATIONS[-1][0]
    assert first.stderr == f"{path}: from 0003_backfill to {last}\n"
    assert second.stderr == f"{path}: {last}, up to date\n"
    assert ran(path, "verify").return_value == 0


def test_an_upgrade_makes_no_archive(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="there is no archive here yet"):
        ran(tmp_path / "news.db", "upgrade")

    assert [*tmp_path.iterdir()] == []


def test_a_backup_is_an_archive_of_its_own(room: Newsroom, tmp_path: Path) -> None:
    """It is whole, and a second one copies only what is new."""
    (tmp_path / "safe").mkdir()
    room.brought()
    copy = tmp_path / "safe" / "copy.db"

    first = ran(room.db, "backup", str(copy))
    room.publish("hail")
    room.brought(after=DAY)
    second = ran(room.db, "backup", str(copy))

    assert (first.stderr[-20:], second.stderr[-20:]) == (", 1 WARC files copied\n"[-20:],) * 2
    assert tables(copy) == tables(room.db)
    assert ran(copy, "verify").return_value == 0


def test_a_backup_of_an_archive_without_pages_can_be_merged(tmp_path: Path) -> None:
    """A first harvest that reached no site leaves such a one."""
    Store.open(tmp_path / "news.db").close()
    ran(tmp_path / "news.db", "backup", str(tmp_path / "copy.db"))

    joined = ran(tmp_path / "news.db", "merge", str(tmp_path / "copy.db"))

    assert (joined.return_value, joined.stdout) == (0, "")


def test_a_backup_into_no_folder_names_it(room: Newsroom, tmp_path: Path) -> None:
    """It blamed the archive."""
    room.harvest()

    with pytest.raises(ArchiveError, match=r"none/copy\.db"):
        ran(room.db, "backup", str(tmp_path / "none" / "copy.db"))


def test_a_backup_remembers_what_shares_have_seen(room: Newsroom, tmp_path: Path) -> None:
    """A harvest from the copy asks for no story once more; a share that cannot be read is named."""
    folder = tmp_path / "news.warc" / "shares"
    folder.mkdir(parents=True)
    Newsroom(folder, room.stories, room.now, room.marquee, room.site).brought()
    room.brought()
    (folder / "torn.db").write_bytes(b"no database")

    done = ran(room.db, "backup", str(tmp_path / "copy.db"))
    room.site.requests.clear()
    copy = Newsroom(tmp_path / "copy.warc" / "shares", room.stories, room.now, room.marquee, room.site)
    copy.brought()

    assert [path for path in room.site.paths if "story" in path] == []
    assert done.stderr.startswith("left out: this file is not an SQLite database")
    assert ran(copy.db, "verify").return_value == 0
    assert {path.name for path in copy.folder.iterdir()} >= {"news.db", "news.warc"}


def test_what_is_optimised_holds_what_it_held(room: Newsroom) -> None:
    """And its search finds the same."""
    four_days(room)
    before = tables(room.db)
    write(room.db, "INSERT INTO articles_fts(articles_fts) VALUES ('delete-all')")

    ran(room.db, "optimize")

    assert tables(room.db) == before
    assert ran(room.db, "verify").return_value == 0


# how a machine did its work, and what it counted by itself; everything else is public
OF_THE_MACHINE = {
    "runs", "run_sources", "run_problems", "resources", "fetches", "robots", "warc_files", "unfinished",
    "field_coverage", "alerts", "backfill_pages", "backlog", "source_health", "rolled_up", "dropped_bytes",
}  # fmt: skip
NUMBERS = {"id", "article_id", "other_id", "first_id", "translation_id", "pair_id", "origin_id", "run_id"}


def public(db: Path) -> dict[str, list[str]]:
    """Return every public table and view as sorted rows, without the numbers by which rows refer to each other."""
    with Store.reading(db) as store:
        names = [each.name for each in store.described() if each.name not in OF_THE_MACHINE]
        return {name: sorted(str({key: value for key, value in row.items() if key not in NUMBERS})
                             for row in store.rows(name)) for name in names}


@pytest.fixture
def second(tmp_path: Path) -> Iterator[Newsroom]:
    """Yield another site, for the same archives."""
    with Newsroom(tmp_path) as second:
        yield second


def test_two_machines_archives_become_what_one_would_have(room: Newsroom, second: Newsroom, tmp_path: Path) -> None:
    """One harvests on even days, one on odd ones, a third on all; stories are edited and edited back meanwhile.

    Two sites print the same stories, one of which leaves no bytes; and each table and view is the same.
    """
    sources = [room.source, replace(second.source, key="second")]
    for name in ("all", "even", "odd"):
        (tmp_path / name).mkdir()
    for day in range(4):
        for each in (room, second):
            on_line(each, day)
        room.now += DAY
        for name in ("all", "odd" if day % 2 else "even"):
            room.folder = tmp_path / name
            room.harvest_of(sources, room.now, Plan(recheck=True))
    declared = [option for source in sources for option in ("--source-file", str(written(tmp_path, source)))]

    for one, other in (("even", "odd"), ("odd", "even")):
        shutil.copytree(tmp_path / one, tmp_path / f"{one}-joined")
        ran(tmp_path / f"{one}-joined" / "news.db", "merge", str(tmp_path / other / "news.db"), *declared)

        joined, whole = tmp_path / f"{one}-joined" / "news.db", tmp_path / "all" / "news.db"
        assert public(joined) == public(whole)
        assert len(tables(joined)["pages"]) == len(tables(whole)["pages"])
        assert ran(joined, "verify").return_value == 0
        before = tables(joined)
        ran(joined, "merge", str(tmp_path / other / "news.db"), *declared)
        assert tables(joined) == before
    filled = {name for name, rows in public(tmp_path / "all" / "news.db").items() if rows}
    assert filled > {"articles", "article_versions", "quotes", "observations", "copies", "story_marks", "same_story"}


def test_a_merged_story_of_which_no_bytes_are_kept_was_seen_as_long_as_before(room: Newsroom, tmp_path: Path) -> None:
    """Its "not modified" is kept, and says nothing by itself."""
    for path, (headline, text) in room.stories.items():
        mark = b"<head><meta name='robots' content='noarchive'>"
        room.site.answers[path] = validated(story_page(headline, text).replace(b"<head>", mark))
    room.brought()
    room.brought(Plan(recheck=True), after=DAY)
    (tmp_path / "joined").mkdir()
    joined = tmp_path / "joined" / "news.db"

    ran(joined, "merge", str(room.db), "--source-file", str(written(tmp_path, room.source)))

    assert public(joined) == public(room.db)
    assert room.rows("SELECT DISTINCT julianday(last_seen) - julianday(first_seen) AS days FROM articles") == [
        {"days": 1.0}]


def written(folder: Path, source: Source) -> Path:
    """Write a source file."""
    path = folder / f"{source.key}.toml"
    path.write_text(
        f"key = '{source.key}'\nhome = '{source.home}'\ndiscover = [{{listing = '{source.home}latest'}}]\n"
        f"story = '{source.story}'\ntimezone = 'Asia/Bishkek'\n", "utf-8")
    return path


def on_line(room: Newsroom, day: int) -> None:
    """Put the site on line as it stands on a day: without validators, so that every look is a whole one."""
    names = ("flood", "storm", "thaw", "hail", "frost")[: day + 2]
    texts = {name: f"Word of the {name} spread {'early' if (day + len(name)) % 3 else 'late'} in the day, and the "
                   f"district office said that nobody had been hurt." for name in names}
    rates = f"KGS/USD = 0.0115{day % 2} 0% KZT/USD = 0.0019{day // 3} 0.21%"
    listed = [(f"/story-{name}", f"{name.capitalize()} closes streets") for name in names]
    room.site.answers["/latest"] = answer(listing_page(listed, marquee=rates))
    for path, headline in listed:
        mark = {"X_Robots_Tag": "noarchive"} if path == "/story-storm" else {}  # of it no bytes are kept
        room.site.answers[path] = answer(story_page(headline, texts[path[7:]], marquee=rates), **mark)


def test_what_one_machine_has_forgotten_is_forgotten_by_both(room: Newsroom, tmp_path: Path) -> None:
    """Its bytes, too."""
    room.brought()
    shutil.copytree(tmp_path / "news.warc", tmp_path / "other.warc")
    shutil.copy(room.db, tmp_path / "other.db")
    CliRunner().invoke(cli, ["-d", str(tmp_path / "other.db"), "forget", room.site.url("/story-thaw"), "--yes"])

    ran(room.db, "merge", str(tmp_path / "other.db"))

    assert room.rows("SELECT count(*) AS n FROM articles") == [{"n": 2}]
    assert ran(room.db, "verify").return_value == 0


def test_an_archive_without_its_warc_files_cannot_be_merged(room: Newsroom, tmp_path: Path) -> None:
    """One clear line, code 74."""
    room.brought()
    shutil.copy(room.db, tmp_path / "alone.db")

    with pytest.raises(Exception, match="its WARC files are not beside it"):
        ran(room.db, "merge", str(tmp_path / "alone.db"))
