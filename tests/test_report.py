"""`scraper report`: whole days as one page that needs nothing else, and as a mail."""

from __future__ import annotations

import email
import email.policy
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archives import HOUR, KGS, NOON, SITE, STORY, UZS, saved
from ceilings import HANG_S
from scraper.cli import cli
from scraper.errors import StatusError
from scraper.ratelines import RateLine, Seen
from scraper.records import Quote, Stamp
from scraper.report.markup import joined, tag
from scraper.report.picture import blocks, picture
from scraper.store import Store

DAY = timedelta(days=1)
MONDAY = NOON.replace(hour=0)  # 2 March 2026
DEARER = Quote("KGS", "USD", Decimal("0.01145"), "0.01145", Decimal("0.09"), "0.09%")
LAKE = replace(STORY, url="https://site.example/lake/", headline="Lake <full>", body="The lake is full & cold.",
               published=Stamp("3 March 2026", NOON + 7 * HOUR, date(2026, 3, 3)), images=(), lead=None)


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A story of Monday, edited on Tuesday; one of Tuesday by the clock of its place, withdrawn on Wednesday; rates."""
    path = tmp_path_factory.mktemp("report") / "news.db"
    with Store.open(path) as store:
        saved(store, STORY, NOON, quotes=(KGS, UZS))
        saved(store, LAKE, NOON + DAY)
        edited = replace(STORY, headline="Pass open", body=STORY.body.replace("closed", "opened"))
        saved(store, edited, NOON + DAY, quotes=(DEARER, UZS))
        store.failed(SITE, LAKE.url, StatusError("status 410 Gone", LAKE.url, status=410), NOON + 2 * DAY)
    return path


@pytest.fixture
def page(db: Path) -> str:
    return reported(db, "--since", "2026-03-02", "--until", "2026-03-04").stdout


def reported(db: Path, *args: str) -> Result:
    """Run `scraper report`."""
    return CliRunner().invoke(cli, ["-d", str(db), "report", *args])


def test_the_sums_stand_at_the_top(page: str) -> None:
    assert "<h1>News of 2 March 2026 to 4 March 2026</h1>" in page
    assert '<p class="sums">2 stories of 1 outlet, 1 edit, 1 withdrawal, 1 move of 2 rates</p>' in page


def test_a_story_belongs_to_its_own_day_wherever_it_is(db: Path) -> None:
    """That midnight of 3 March is 19 h on 2 March in UTC does not matter."""
    tuesday = reported(db, "--days", "1", "--until", "2026-03-03").stdout

    assert "<h1>News of 3 March 2026</h1>" in tuesday
    assert re.findall(r"<b><a [^>]*>(.+?)</a></b>", tuesday) == ["Lake &lt;full&gt;"]
    assert "1 story of 1 outlet, 1 edit, 0 withdrawals, 1 move of 2 rates" in tuesday


def test_a_story_stands_in_the_direction_of_its_script(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    with Store.open(path) as store:
        saved(store, replace(STORY, headline="دریاچه پر شد.", lead="آب بالا آمد.", language="fa"))

    page = reported(path, "--since", "2026-03-02", "--until", "2026-03-04").stdout

    assert page.count('lang="fa" dir="rtl"') == 2


def test_an_edit_is_shown_word_by_word(page: str) -> None:
    assert '<del>closed</del> <ins>open</ins>' in page
    assert "The pass was <del>closed</del> <ins>opened</ins> on Monday night." in page
    assert "silently, between 2026-03-02 12:00 UTC and 2026-03-03 12:00 UTC" in page


def test_a_rate_is_told_from_where_it_stood_when_the_first_day_began(db: Path) -> None:
    wednesday = reported(db, "--days", "1", "--until", "2026-03-03").stdout

    assert re.search(r"<td>KGS/USD</td><td class=\"number\">0\.01145</td><td class=\"number\">\+0\.09%</td>", wednesday)
    assert wednesday.count("<svg") == 1


def test_the_page_loads_nothing_and_runs_nothing(page: str) -> None:
    assert re.search(r"content=\"default-src &#x27;none&#x27;; style-src &#x27;unsafe-inline&#x27;\"", page)
    assert re.search(r"<(script|link|img|iframe|object|form)|url\(|@import|\bsrc=|\bon\w+=", page) is None
    assert {address.split("/")[2] for address in re.findall(r'href="([^"]+)"', page)} == {"site.example"}


def test_days_that_brought_nothing_are_a_page_all_the_same(db: Path) -> None:
    result = reported(db, "--since", "2020-01-01", "--until", "2020-01-02")

    assert result.exit_code == 0
    assert "0 stories of 0 outlets, 0 edits, 0 withdrawals, 0 moves of 0 rates" in result.stdout
    assert "None in this span." in result.stdout


def test_a_mail_is_whole_and_has_the_page_and_a_text(db: Path) -> None:
    args = ["-q", "-d", str(db), "report", "--until", "2026-03-03", "--mail", "a@x.example"]
    process = subprocess.run([sys.executable, "-m", "scraper", *args], capture_output=True, timeout=HANG_S, check=True)

    mail = email.message_from_bytes(process.stdout, policy=email.policy.default)
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))

    assert (mail["To"], process.stderr) == ("a@x.example", b"")
    assert mail["Subject"].startswith("News of 25 February 2026 to 3 March 2026: 2 stories of 1 outlet, 1 edit")
    assert text is not None
    assert html is not None
    assert "- Lake <full> (The Site)\n  https://site.example/lake/" in text.get_content()
    assert "Lake &lt;full&gt;" in html.get_content()
    assert max(map(len, process.stdout.splitlines())) < 998  # RFC 5322, 2.1.1


def test_a_file_is_written_whole_with_one_line_to_say_so(db: Path, tmp_path: Path) -> None:
    path = tmp_path / "week.html"

    result = reported(db, "--until", "2026-03-04", "-o", str(path))
    quiet = CliRunner().invoke(cli, ["-q", "-d", str(db), "report", "-o", str(path)])

    assert result.stderr == f"{path}: 2 stories of 1 outlet, 1 edit, 1 withdrawal, 1 move of 2 rates\n"
    assert (result.stdout, quiet.output) == ("", "")
    assert [each.name for each in tmp_path.iterdir()] == ["week.html"]


@pytest.mark.parametrize(("args", "line"), [
    (("--since", "2026-03-02", "--days", "3"), "--since and --days both say where it begins"),
    (("--since", "2026-03-02", "--until", "2026-03-01"), "the span ends before it begins"),
    (("-o", "/proc/none/x.html"), "/proc/none/x.html: cannot be written (No such file or directory)"),
])
def test_what_is_asked_wrongly_is_one_clear_line(db: Path, args: tuple[str, ...], line: str) -> None:
    result = CliRunner().invoke(cli, ["-d", str(db), "report", *args], standalone_mode=False)

    assert str(result.exception) == line


# --- its parts


def test_what_is_no_markup_is_text() -> None:
    hostile = "\"><script>'&"

    assert joined((tag("b", hostile, title=hostile, lang=None), hostile)) == (
        '<b title="&quot;&gt;&lt;script&gt;&#x27;&amp;">&quot;&gt;&lt;script&gt;&#x27;&amp;</b>'
        "&quot;&gt;&lt;script&gt;&#x27;&amp;")


def seen(rate: float, first: datetime, last: datetime, *, after_silence: bool = False) -> Seen:
    return Seen(rate, str(rate), first, last, after_silence)


def test_a_picture_joins_looks_with_dots_and_shades_what_nobody_saw() -> None:
    line = RateLine("site", "KGS/USD", (
        seen(0.5, MONDAY, MONDAY + DAY), seen(0.75, MONDAY + 2 * DAY, MONDAY + 2 * DAY),
        seen(0.75, MONDAY + 6 * DAY, MONDAY + 8 * DAY, after_silence=True),
    ))

    drawn = picture(line, MONDAY, MONDAY + 8 * DAY)

    assert re.findall(r' d="([^"]*)"', drawn) == ["M123.5 96.0H173.0V10.0", "M74.0 96.0H123.5\nM371.0 10.0H470.0",
                                                  "M173.0 10.0h0"]
    assert re.findall(r'class="silence" x="([\d.]+)" y="10" width="([\d.]+)"', drawn) == [("173.0", "198.0")]
    assert "nobody looked from 2026-03-04 00:00 to 2026-03-08 00:00 UTC" in drawn


def test_a_row_of_blocks_has_one_a_day_and_none_where_nobody_looked() -> None:
    days = {date(2026, 3, 2): 0.5, date(2026, 3, 3): 0.75, date(2026, 3, 5): 0.5}

    assert blocks(days, MONDAY, MONDAY + 5 * DAY) == "▁█ ▁ "
    assert blocks({date(2026, 3, 2): 0.5}, MONDAY, MONDAY + DAY) == "▄"
    assert blocks({}, MONDAY, MONDAY + DAY) == ""
    assert len(blocks(days, MONDAY, MONDAY + 365 * DAY)) == 31
