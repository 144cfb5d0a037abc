"""`scraper sources`: the table of known sites, with what the archive knows of each."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from newsroom import Newsroom
from scraper.cli import cli
from scraper.store import Store

OWN = 'key = "newsroom"\nname = "Newsroom"\nhome = "{home}"\ndiscover = [{{ listing = "{home}latest" }}]\n'


def table(folder: Path, home: str) -> list[str]:
    """Return the lines of the table, the site of the tests as a source of the user's."""
    own = folder / "newsroom.toml"
    own.write_text(OWN.format(home=home), "utf-8")
    options = ["--db", str(folder / "news.db"), "sources", "list", "--source-file", str(own)]
    result = CliRunner().invoke(cli, options, catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout.splitlines()


def row_of(key: str, rows: list[str]) -> str:
    """Return the row of a source, single spaces between its cells."""
    return " ".join(next(row for row in rows if row.startswith(f"{key} ")).split())


def test_the_table_shows_the_last_run_and_the_health_of_each_source(tmp_path: Path) -> None:
    with Newsroom(tmp_path) as room:
        room.publish("storm", "thaw")
        room.harvest()

        head, *rows = table(tmp_path, room.site.url("/"))

    assert head.split() == ["KEY", "NAME", "COUNTRY", "LANGUAGES", "ZONE", "STATE", "LIVE", "LAST", "RUN", "HEALTH"]
    assert row_of("newsroom", rows).endswith("never 2026-03-02 06:00 2 stories, well")
    assert row_of("timesca", rows).endswith("never never -")


def test_an_open_alert_is_counted(tmp_path: Path) -> None:
    with Newsroom(tmp_path) as room:
        room.publish("storm", "thaw")
        room.harvest()
        with Store.open(room.db) as store:
            store._db.execute("INSERT INTO alerts (source, kind, subject, message, opened, run_id)"
                              " VALUES ('newsroom', 'silence', '', 'no new story', '2026-03-02T06:00:00Z', 1)")

        rows = table(tmp_path, room.site.url("/"))

    assert row_of("newsroom", rows).endswith("2 stories, 1 alert, see `scraper health`")


def test_without_an_archive_no_source_has_run(tmp_path: Path) -> None:
    rows = table(tmp_path, "https://a.example/")

    assert {row.split()[-2] for row in rows[1:]} == {"never"}
    assert not (tmp_path / "news.db").exists()
