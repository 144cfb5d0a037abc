"""docs/sql.md: every example runs on the demo's archive, and what stands under it comes out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from browsing import demo_archive
from scraper.cli.tables import print_rows
from scraper.store import Store

DOCS = Path(__file__).parent.parent / "docs" / "sql.md"
EXAMPLES = re.findall(r"```sql\n(.*?);\n```\n\n```\n(.*?)```\n", DOCS.read_text("utf-8"), re.DOTALL)
VIEWS = (
    "latest_stories", "stories_by_month", "coverage_by_month", "latest_quotes", "daily_rates", "rate_changes",
    "articles_with_rates", "edits", "silent_edits", "withdrawn_articles",
    "same_story", "who_was_first", "inverse_rates",
)  # fmt: skip


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_archive(tmp_path_factory.mktemp("sql"))


def result(db: Path, sql: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Return the rows of a query as the command line prints them, or that there are none.

    The demo's clock runs while it harvests: its seconds are set to 0.
    """
    with Store.reading(db) as store:
        rows = store.rows(sql)
    print_rows(rows, None)
    return re.sub(r":\d\dZ", ":00Z", capsys.readouterr().out) or "(no rows)\n"


@pytest.mark.parametrize(("sql", "shown"), EXAMPLES)
def test_an_example_gives_what_stands_under_it(
    db: Path, sql: str, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where this fails after the demo was changed: put the new rows into the page."""
    assert result(db, sql, capsys) == shown


def test_every_query_of_the_page_is_an_example() -> None:
    assert DOCS.read_text("utf-8").count("```sql\n") == len(EXAMPLES) > 12


@pytest.mark.parametrize("view", VIEWS)
def test_each_view_for_analysts_has_an_example(view: str) -> None:
    assert any(re.search(rf"FROM {view}\b|JOIN {view}\b", sql) for sql, _ in EXAMPLES)
