"""What changed in a story, word by word: in a terminal, elsewhere, and as a page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from archives import BODY, HOUR, NOON, SITE, STORY, response_to, saved
from scraper.cli import cli
from scraper.records import Page, Stamp
from scraper.store import Store
from scraper.worddiff import Piece, word_diff

OPEN = BODY.replace("until the snow is cleared from the road", "but cars may pass")


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Return an archive with a story that was edited, and one that was not."""
    with Store.open(tmp_path / "news.db") as store:
        saved(store, STORY)
        saved(store, replace(STORY, headline="Pass <b>open</b>", body=OPEN), NOON + HOUR)
        saved(store, replace(STORY, url="https://site.example/lake/", headline="Lake full", body="The lake is full."))
    return tmp_path / "news.db"


def printed(db: Path, *args: str) -> str:
    """Return what a command prints."""
    result = CliRunner().invoke(cli, ["-d", str(db), *args], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_words_that_went_and_came_are_told_from_those_that_stayed() -> None:
    """Paragraphs that are the same are not taken apart."""
    old, new = "One two three.\n\nThe end.", "One 2 three.\n\nThe end.\n\nMore."

    assert list(word_diff(old, new)) == [
        (Piece("same", "One"), Piece("gone", "two"), Piece("new", "2"), Piece("same", "three.")),
        (Piece("same", "The end."),),
        (Piece("new", "More."),),
    ]


def test_words_that_only_came_or_only_went_leave_no_empty_piece() -> None:
    assert [*word_diff("One three.", "One two three."), *word_diff("One two three.", "One three.")] == [
        (Piece("same", "One"), Piece("new", "two"), Piece("same", "three.")),
        (Piece("same", "One"), Piece("gone", "two"), Piece("same", "three.")),
    ]


def test_a_diff_shows_each_changed_field_and_only_what_changed(db: Path) -> None:
    """In the marks git uses, where nobody sees colours."""
    assert printed(db, "diff", STORY.url).splitlines() == [
        "2026-03-02T12:00:00Z -> 2026-03-02T13:00:00Z: headline, body; 40% alike",
        "headline:",
        "  Pass [-closed-] {+<b>open</b>+}",
        "body:",
        "  Lorries wait at the lower gate [-until the snow is cleared from the road.-] {+but cars may pass.+}",
        "",
    ]


def test_a_diff_as_a_page_runs_nothing_of_the_story(db: Path) -> None:
    """Markup in a headline is text."""
    page = printed(db, "diff", STORY.url, "--html")

    assert "<del>closed</del> <ins>&lt;b&gt;open&lt;/b&gt;</ins>" in page
    assert "<b>" not in page
    assert page.rstrip().endswith("</html>")
    assert '<html lang="en">' in page
    assert '<h1 lang="en" dir="auto">Pass &lt;b&gt;open&lt;/b&gt;</h1>' in page


def test_a_story_that_never_changed_is_no_trouble(db: Path) -> None:
    """Nothing on stdout; code 0."""
    assert printed(db, "diff", "https://site.example/lake/") == ""


def test_a_reading_of_an_earlier_parser_is_called_one(tmp_path: Path) -> None:
    """It is held against the current text."""
    with Store.open(tmp_path / "news.db") as store:
        saved(store, replace(STORY, headline="Pass closed | The Site"))
        store.save(SITE, Page(STORY.url, NOON, STORY), response_to(STORY.url))

    first = printed(tmp_path / "news.db", "diff", STORY.url).splitlines()[0]

    assert first == "2026-03-02T12:00:00Z: read otherwise by an earlier parser (headline)"


def test_silent_edits_are_those_without_a_new_date_of_change(tmp_path: Path) -> None:
    """One edit says when it was made, the next does not."""
    changed = Stamp("13:00", NOON + HOUR, NOON.date(), "minute")
    with Store.open(tmp_path / "news.db") as store:
        saved(store, STORY)
        saved(store, replace(STORY, headline="Pass open", modified=changed), NOON + HOUR)
        saved(store, replace(STORY, headline="Pass closed again", modified=changed), NOON + 2 * HOUR)

        assert [row["previous_headline"] for row in store.rows("silent_edits")] == ["Pass open"]
