"""`scraper quotes`: the rates as rows and as a picture."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archives import HOUR, KGS, NOON, SITE, UZS
from scraper.cli import cli
from scraper.records import Index, Quote, Ticker
from scraper.store import Store

DEARER = Quote("KGS", "USD", Decimal("0.01145"), "0.01145", Decimal("0.09"), "0.09%")


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The som at 0.01144 on 2 March 12-18 h, at 0.01145 from 3 March 00 h; then four days nobody looked; the same."""
    path = tmp_path_factory.mktemp("quotes") / "news.db"
    with Store.open(path) as store:
        for hours, quote in ((0, KGS), (6, KGS), (12, DEARER), (36, DEARER), (132, DEARER)):
            store.listed(SITE, Index("https://site.example/feed/", NOON + hours * HOUR, ticker=Ticker((quote, UZS))))
    return path


def asked(db: Path, *args: str, columns: int = 60, colour: bool = False, **environment: str) -> Result:
    """Run `scraper quotes` in a terminal of so many columns."""
    runner = CliRunner(env={"COLUMNS": str(columns), **environment})
    return runner.invoke(cli, ["-d", str(db), "quotes", *args], color=colour)


@pytest.mark.parametrize(("at", "rate", "observed"), [
    ("2026-03-02T13:00Z", "0.01144", 1),
    ("2026-03-02T18:00+05:00", "0.01144", 1),
    ("2026-03-02T20:00:00", "0.01144", 0),
    ("2026-03-03", "0.01145", 1),
    ("2026-03-06", "0.01145", 0),
])
def test_the_rate_standing_at_a_time_comes_with_whether_anyone_looked(
    db: Path, at: str, rate: str, observed: int
) -> None:
    (row,) = json.loads(asked(db, "kgs/usd", "--at", at, "--json").stdout)

    assert (row["label"], row["rate_text"], row["observed"]) == ("KGS/USD", rate, observed)


def test_a_rate_turned_round_is_as_exact_as_its_digits(db: Path) -> None:
    (row,) = json.loads(asked(db, "KGS/USD", "--inverse", "--json").stdout)

    assert row == {
        "source": "site", "pair": "USD/KGS", "inverse": 87.3362, "lowest": 87.2981, "highest": 87.3744,
        "label": "KGS/USD", "rate_text": "0.01145", "last_seen": "2026-03-08T00:00:00Z"}


def test_a_pair_named_the_other_way_round_is_told_how_it_is_printed(db: Path) -> None:
    result = asked(db, "usd/kgs")

    assert result.exit_code == 2
    assert "its pages print KGS/USD: `scraper quotes --inverse KGS/USD` turns it round" in result.stderr


def test_before_the_first_look_nothing_is_known(db: Path) -> None:
    result = asked(db, "--at", "2026-03-01")

    assert (result.stdout, result.stderr, result.exit_code) == ("", "nothing yet\n", 0)


def test_changes_and_days_can_be_narrowed_to_a_span(db: Path) -> None:
    def days(*span: str) -> list[str]:
        rows = csv.DictReader(io.StringIO(asked(db, "UZS/USD", "--daily", "--csv", *span).stdout))
        return [row["day"] for row in rows]

    assert days() == ["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-08"]
    assert days("--since", "2026-03-03", "--until", "2026-03-08") == ["2026-03-03", "2026-03-04"]
    assert len(json.loads(asked(db, "--changes", "--json", "--since", "2026-03-03").stdout)) == 1
    assert json.loads(asked(db, "--changes", "--json", "--since", "2026-03-03T00:00:01").stdout) == []


def test_a_chart_shows_each_pair_and_leaves_silences_blank(db: Path) -> None:
    lines = asked(db, "--chart").stdout.splitlines()

    assert lines[0] == "KGS/USD  0.01145  +0.09%  site"
    assert lines[1] == "0.01145 ┤    ⢸⠉⠉⠉⠉⠉⠉⠉⠉⠉⠁" + " " * 35 + "⠈"
    assert lines[9] == "UZS/USD  0.00008  unchanged  site"
    assert lines[10].rstrip()[-1] != " "
    assert " " * 30 in lines[10]
    assert lines[11] == "         2026-03-02 12:00               2026-03-08 00:00 UTC"
    assert lines[12:] == ["Dotted: nobody looked in between. Blank: nobody looked for", "more than 36 hours."]


def test_colours_are_for_terminals_that_want_them(db: Path) -> None:
    assert "\x1b[36m" in asked(db, "--chart", colour=True).stdout
    assert "\x1b" not in asked(db, "--chart").stdout
    assert "\x1b" not in asked(db, "--chart", colour=True, NO_COLOR="1").stdout


def test_without_rates_a_chart_says_so(tmp_path: Path) -> None:
    Store.open(tmp_path / "empty.db").close()

    result = asked(tmp_path / "empty.db", "--chart")

    assert (result.stdout, result.stderr, result.exit_code) == ("", "nothing yet\n", 0)


@pytest.mark.parametrize(("args", "line"), [
    (("--at", "yesterday"), "'yesterday' is no time; write it as 2026-03-02 or 2026-03-02T18:30+05:00"),
    (("--chart", "--csv"), "--chart is a picture, --csv is not; for the numbers leave --chart out"),
    (("--chart", "--at", "2026-03-02"), "--at and --chart ask for two different things"),
    (("KSG/USD",), "no pair 'KSG/USD' in this archive; `scraper quotes` shows those there are"),
    (("--since", "2026-03-02"), "--since and --until go with --changes, --daily or --chart"),
])
def test_what_is_asked_wrongly_is_one_clear_line(db: Path, args: tuple[str, ...], line: str) -> None:
    result = asked(db, *args)

    assert result.exit_code == 2
    assert result.stderr.rstrip().endswith(line)
