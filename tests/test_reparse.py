"""Stored pages read again: nothing changes where the parser has not, and what changes is no edit of the publisher's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from newsroom import Newsroom
from scraper.cli import cli
from scraper.cli.stored import Act, reread, stored_sources
from scraper.importing import Rooms
from scraper.reparse import Reread, rehearse, reparse, tasks
from scraper.source import Layout, Source
from servers import answer
from test_import import four_days

DAY = timedelta(days=1)
MISREAD = (Layout(headline="time"),)  # as if an earlier parser had taken the date for the headline


@dataclass(eq=False)
class Rereadable(Newsroom):
    """A site whose parser can be changed: by the layouts it is read with."""

    layouts: tuple[Layout, ...] = ()

    @property
    def source(self) -> Source:
        """Return what the site declares."""
        return replace(super().source, layouts=self.layouts)


def publish(room: Newsroom) -> None:
    """Put three stories on line whose texts differ in more than a line."""
    room.publish("flood", "storm", "thaw")
    for path, (headline, _) in room.stories.items():
        text = f"Word of the {path[7:]} spread early on, and the district office said that nobody had been hurt by it."
        room.stories[path] = (headline, text)
    room.put_on_line()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Rereadable]:
    """Yield a site with three stories on line."""
    with Rereadable(tmp_path) as room:
        publish(room)
        yield room


def everything(room: Rereadable) -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table but those of runs."""
    tables = room.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%fts%'"
                       " AND name NOT LIKE 'run%' AND name NOT LIKE 'sqlite%'")
    return {str(table["name"]): room.rows(f"SELECT * FROM {table['name']}") for table in tables}


def read_again(room: Rereadable, act: Act = reparse) -> Reread:
    """Read the room's archive again."""
    done, _ = reread(room.settings(), {"newsroom": room.source}, act)
    return done


def test_an_unchanged_parser_changes_no_row(room: Rereadable) -> None:
    """After edits, redirects, 304s, a withdrawal and a page that is no article."""
    four_days(room)
    room.site.answers["/story-flood"] = answer(b"<html><body><h1>Page not found</h1><p>404</p></body></html>")
    room.harvest(after=DAY)
    before = everything(room)

    done = read_again(room)

    assert everything(room) == before
    assert (done.articles, done.changed) == ({"newsroom": 4}, {"newsroom": 0})


def test_a_text_that_is_read_better_now_is_no_edit_of_the_publisher(room: Rereadable) -> None:
    """The earlier reading stays as a version; an edit that was one stays one."""
    room.layouts = MISREAD
    four_days(room)
    edits = "SELECT count(*) AS n FROM article_versions WHERE reason = 'publisher-edit'"
    before = room.rows(edits)
    room.layouts = ()

    done = read_again(room)

    assert done.fields["newsroom"]["headline"] == 3
    assert room.rows(edits) == before == [{"n": 2}]
    assert room.rows("SELECT count(*) AS n FROM articles WHERE headline LIKE '% closes the %'") == [{"n": 3}]
    again = everything(room)
    assert read_again(room).changed == {"newsroom": 0}
    assert everything(room) == again


def test_a_reparse_leaves_what_a_harvest_with_todays_parser_would_have_left(room: Rereadable, tmp_path: Path) -> None:
    """But for the versions that say what an earlier parser read."""
    (tmp_path / "other").mkdir()
    room.layouts = MISREAD
    four_days(room)
    room.layouts = ()
    read_again(room)
    with Rereadable(tmp_path / "other") as other:
        publish(other)
        four_days(other)
        sql = "SELECT headline, body, published, text_since, first_seen, last_seen, withdrawn FROM articles ORDER BY 1"
        versions = ("SELECT seen_from, seen_to, changed, similarity, headline FROM article_versions"
                    " WHERE reason = 'publisher-edit' ORDER BY seen_from")

        assert [room.rows(sql), room.rows(versions)] == [other.rows(sql), other.rows(versions)]


def test_a_dry_run_says_what_would_change_and_changes_nothing(room: Rereadable) -> None:
    """Which fields of which sources."""
    room.brought()
    before = everything(room)
    room.layouts = MISREAD

    done = read_again(room, rehearse)

    (line,) = done.lines()
    assert line.startswith("newsroom: 3 articles read again, 3 changed (headline 3")
    assert everything(room) == before


def test_a_page_that_could_not_be_read_becomes_a_story_when_it_can(room: Rereadable) -> None:
    """Its bytes were kept; nothing is asked of the site."""
    room.layouts = (Layout(drop="main"),)
    room.brought()
    room.layouts = ()
    room.site.requests.clear()

    done = read_again(room)

    assert done.others.counts["newsroom"]["new"] == 3
    assert room.rows("SELECT count(*) AS n FROM articles") == [{"n": 3}]
    assert room.site.requests == []


def test_a_reparse_that_was_cut_short_goes_on_where_it_ended(room: Rereadable) -> None:
    """What was done is not done again, and when all is done nothing of it is left."""
    room.brought()
    (first,) = room.rows("SELECT min(id) AS id FROM articles")

    async def cut_short(sources: Mapping[str, Source], rooms: Rooms, done: Reread) -> None:
        rooms.store.shelf.reach(tasks(sources)[1], int(str(first["id"])))
        await reparse(sources, rooms, done)

    done = read_again(room, cut_short)

    assert done.articles == {"newsroom": 2}
    assert room.rows("SELECT * FROM unfinished") == []
    assert read_again(room).articles == {"newsroom": 3}


def test_a_page_whose_bytes_are_gone_is_a_problem_and_keeps_its_text(room: Rereadable) -> None:
    """The others are read."""
    room.brought()
    room.publish("hail")
    room.brought(after=DAY)
    (room.folder / "news.warc" / "20260302-00001.warc.gz").unlink()
    room.layouts = MISREAD

    done = read_again(room)

    assert done.fields["newsroom"]["headline"] == 1
    assert len(done.problems) > 0
    assert room.rows("SELECT count(*) AS n FROM articles") == [{"n": 4}]


def test_a_source_in_another_zone_dates_its_stories_by_it(room: Rereadable) -> None:
    """A page that prints its offset was published at the same instant, on another day."""
    room.brought()
    days = "SELECT DISTINCT published, published_date FROM articles"
    assert room.rows(days) == [{"published": "2026-03-01T03:30:00Z", "published_date": "2026-03-01"}]
    moved = replace(room.source, timezone="America/New_York")

    done, _ = reread(room.settings(), {"newsroom": moved}, reparse)

    assert done.fields["newsroom"] == {"published_date": 3}
    assert room.rows(days) == [{"published": "2026-03-01T03:30:00Z", "published_date": "2026-02-28"}]
    assert room.rows("SELECT * FROM article_versions") == []
    assert reread(room.settings(), {"newsroom": moved}, reparse)[0].changed == {"newsroom": 0}


def test_a_source_that_nobody_declares_keeps_its_key_and_its_zone(room: Rereadable) -> None:
    """Its listings, too: nothing goes to a source named after its host."""
    room.brought()
    before = room.rows("SELECT * FROM sources"), room.rows("SELECT * FROM quotes"), room.rows("SELECT * FROM articles")

    done, _ = reread(room.settings(), stored_sources(room.settings(), (), ()), reparse)
    said = CliRunner().invoke(cli, ["-d", str(room.db), "reparse"]).stderr

    assert said.startswith("newsroom: nothing declares it any more; read without its patterns and layouts")
    assert {*done.articles} == {"newsroom"}
    assert (room.rows("SELECT * FROM sources"), room.rows("SELECT * FROM quotes"),
            room.rows("SELECT * FROM articles")) == before
