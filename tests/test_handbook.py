"""docs/archive.md says what the schema says, docs/sources.md what the sources say."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from scraper.sources import ALL
from scraper.sources.handbook import handbook as sources_handbook
from scraper.sources.handbook import state, tally
from scraper.tables.handbook import explained, handbook
from scraper.tables.migrations import MIGRATIONS
from scraper.tables.opening import database

DOCS = Path(__file__).parent.parent / "docs" / "archive.md"
SOURCES = DOCS.with_name("sources.md")


def test_the_documented_schema_is_the_schema() -> None:
    """Where this fails: put what `python -m scraper.tables.handbook` prints below the mark in docs/archive.md."""
    _, _, documented = DOCS.read_text("utf-8").partition("<!-- python -m scraper.tables.handbook -->\n\n")

    assert documented.splitlines() == list(handbook())


def test_every_table_view_and_column_is_explained(tmp_path: Path) -> None:
    with closing(database(tmp_path / "news.db", MIGRATIONS, busy_s=1, check_s=0)) as db:
        ours = db.rows("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
                       " AND name NOT LIKE 'articles_fts%' AND name NOT LIKE '%sqlite%'")
        columns = {each.name: [row["name"] for row in db.rows(f"PRAGMA table_info({each.name})")]
                   for each in explained() if each.columns}

    assert {each.name for each in explained()} == {row["name"] for row in ours}
    assert {each.name: [column.name for column in each.columns] for each in explained() if each.columns} == columns


def test_the_documented_sources_are_the_sources() -> None:
    """Where this fails: put what `python -m scraper.sources.handbook` prints below the mark in docs/sources.md."""
    _, _, documented = SOURCES.read_text("utf-8").partition("<!-- python -m scraper.sources.handbook -->\n\n")

    assert documented.splitlines() == list(sources_handbook(ALL.values()))


def test_every_source_is_counted_as_verified_or_experimental() -> None:
    states = [state(source) for source in ALL.values()]

    assert set(states) == {"verified", "experimental"}
    assert tally(ALL.values()) == (
        f"{len(ALL)} sources: {states.count('verified')} verified, {states.count('experimental')} experimental"
    )
