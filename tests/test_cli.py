"""The command line as its users meet it: real processes, real exit codes, one clear line when something is wrong."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner

from ceilings import HANG_S
from newsroom import Newsroom
from scraper.cli import cli
from servers import Talk, answer

ROOT = Path(__file__).parent.parent

SOURCE = """\
key = "newsroom"
home = "{home}"
timezone = "Asia/Bishkek"
story = '{home}story-[a-z0-9-]+'
discover = [{{ listing = "{home}latest" }}]
limits = {{ gap_s = 0, retry_wait_s = 0.01, read_s = 60, url_s = 120 }}
"""


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    """Yield a site with two stories on line, declared in newsroom.toml of its folder."""
    with Newsroom(tmp_path) as room:
        room.publish("flood", "storm")
        (tmp_path / "newsroom.toml").write_text(SOURCE.format(home=room.site.url("/")), "utf-8")
        yield room


def command(room: Newsroom, *args: str) -> list[str]:
    """Return the arguments of a `scraper` process for this room's archive."""
    return [sys.executable, "-m", "scraper", "-d", str(room.db), *args]


HARVEST = ("harvest", "--source-file", "newsroom.toml", "--allow-private", "127.0.0.1")


def ran(room: Newsroom, *args: str, **options: object) -> subprocess.CompletedProcess[str]:
    """Run `scraper` in the room's folder and return what it printed."""
    process: subprocess.CompletedProcess[str] = subprocess.run(
        command(room, *args), cwd=room.folder, text=True, capture_output=True, timeout=HANG_S, **options  # type: ignore[call-overload]
    )
    return process


def test_a_harvest_explains_itself_on_stdout_and_ends_with_0(room: Newsroom) -> None:
    """stderr says only how sites could reach the user."""
    process = ran(room, *HARVEST)

    assert process.stdout == "newsroom: 2 listed, 0 known, 2 new, 0 changed; 2 pairs, 0 moved\n"
    assert process.stderr.splitlines() == [
        'scraper: no contact is set; so that sites can reach you, put contact = "..." into scraper.toml'
    ]
    assert process.returncode == 0


def test_success_is_silent_under_q(room: Newsroom) -> None:
    """Cron mails what a job prints."""
    process = ran(room, "-q", *HARVEST)

    assert (process.stdout, process.stderr, process.returncode) == ("", "", 0)


def test_a_lost_page_is_no_mail(room: Newsroom) -> None:
    """Beside stories that came; the run ends with 0, and the archive says which page and why."""
    del room.site.answers["/story-flood"]

    process = ran(room, "-q", *HARVEST)

    assert (process.stdout, process.stderr, process.returncode) == ("", "", 0)
    assert [row["reason"] for row in room.rows("SELECT reason FROM run_problems")] == ["status 404 Not Found"]


def test_a_dry_run_shows_what_would_be_fetched_and_writes_nothing(room: Newsroom) -> None:
    """Not even an archive is made."""
    process = ran(room, *HARVEST, "--dry-run")

    assert [line.split("\t")[1] for line in process.stdout.splitlines()] == [
        room.site.url("/story-storm"), room.site.url("/story-flood"),
    ]  # fmt: skip
    assert process.stderr == "newsroom: 2 listed, 0 known, 2 would be fetched\n"
    assert not room.db.exists()


def test_check_shows_each_field_and_its_origin_and_writes_nothing(room: Newsroom) -> None:
    """A page of no declared source is read all the same."""
    process = ran(room, "check", room.site.url("/story-flood"), "--allow-private", "127.0.0.1")

    assert re.search(r"headline +Flood closes the lower streets of the town  \[", process.stdout)
    assert re.search(r"published_date +2026-03-01", process.stdout)
    assert "KGS/USD = 0.01150 0%" in process.stdout
    assert process.returncode == 0
    assert not room.db.exists()


def test_check_of_a_page_without_an_article_ends_with_4(room: Newsroom) -> None:
    """It says what the page is instead."""
    room.site.answers["/about"] = answer(b"<html><body><h1>Page not found</h1><p>Nothing is here.</p></body></html>")

    process = ran(room, "check", room.site.url("/about"), "--allow-private", "127.0.0.1")

    assert process.returncode == 4
    assert process.stderr.startswith("no article: ")


def test_check_reads_a_saved_page(room: Newsroom) -> None:
    """Without the net, as JSON."""
    body = b"<html><body><h1>Rain fills the upper lake</h1><p>" + b"It rained for a week in the hills. " * 20 + b"</p>"
    (room.folder / "saved.html").write_bytes(body)

    process = ran(room, "check", "saved.html", "--url", "https://herald.example/news/1-rain", "--json")

    assert json.loads(process.stdout)["article"]["headline"] == "Rain fills the upper lake"


def test_quotes_and_status_show_what_is_stored(room: Newsroom) -> None:
    """As a table, and in the forms sqlite-utils users know."""
    ran(room, *HARVEST)

    quotes = ran(room, "quotes", "kgs/usd", "--csv").stdout.splitlines()
    status = json.loads(ran(room, "status", "--json").stdout)

    assert quotes[0].startswith("source,label,rate_text,change_text,")
    assert quotes[1].startswith("newsroom,KGS/USD,0.01150,0%,")
    assert [(row["source"], row["articles"]) for row in status] == [("newsroom", 2)]


@pytest.mark.parametrize(
    ("args", "code", "line"),
    [
        (["harvst"], 2, "Error: No such command 'harvst'. Did you mean 'harvest'?"),
        (["harvest", "--limt", "3"], 2, "Error: No such option '--limt'. (Did you mean one of: '--limit', '--wait'?)"),
        (["harvest", "timeska"], 2, "scraper: unknown source 'timeska'; did you mean 'timesca'?"),
        (["harvest", "--source-file", "x.toml"], 2, "scraper: x.toml: cannot be read (No such file or directory)"),
        (["-c", "none.toml", "status"], 2, "scraper: none.toml: cannot be read (No such file or directory)"),
        (["check", "none.html"], 2, "scraper: none.html: cannot be read (No such file or directory)"),
        (["quotes", "--at", "2026-01-01", "--changes"], 2, "Error: --at and --changes ask for two different things"),
    ],
)
def test_what_is_asked_wrongly_is_one_clear_line(room: Newsroom, args: list[str], code: int, line: str) -> None:
    """And says what to do; no traceback."""
    process = ran(room, *args)

    assert process.stderr.splitlines()[-1] == line
    assert process.returncode == code


def test_settings_for_a_source_go_before_its_own_file(room: Newsroom) -> None:
    """Whoever runs the program has the last word, per source."""
    (room.folder / "scraper.toml").write_text("[limits]\nread_s = 7\n[source.newsroom.limits]\ngap_s = 9\n", "utf-8")

    shown = ran(room, "sources", "show", "newsroom", "--source-file", "newsroom.toml").stdout

    assert re.search(r"gap_s +9\.0\n", shown)
    assert re.search(r"read_s +60\.0\n", shown)
    assert re.search(r"connect_s +10\.0\n", shown)


@pytest.mark.parametrize("args", [("harvest", "--deadline"), ("harvest", "--wait"), ("health", "--within")])
def test_what_is_no_number_is_a_wrong_option(args: tuple[str, ...]) -> None:
    """It was an endless deadline, or a bug."""
    result = CliRunner().invoke(cli, [*args, "nan"])

    assert result.exit_code == 2
    assert result.output.splitlines()[-1] == f"Error: Invalid value for '{args[1]}': 'nan' is no amount"


def test_an_archive_that_is_not_there_is_one_clear_line(room: Newsroom) -> None:
    """Reading makes no file."""
    process = ran(room, "status")

    assert process.returncode == 74
    assert process.stderr.count("\n") == 1
    assert str(room.db) in process.stderr
    assert not room.db.exists()


def test_a_closed_network_is_one_line_per_source_and_code_1(room: Newsroom) -> None:
    """Nothing answers on the port of a site that is gone."""
    home = room.source.home
    (room.folder / "newsroom.toml").write_text(SOURCE.format(home=re.sub(r":\d+/", ":9/", home)), "utf-8")

    process = ran(room, "-q", *HARVEST)

    assert process.returncode == 1
    assert process.stderr.count("\n") == 1
    assert process.stderr.startswith("newsroom: ")


def test_a_folder_where_nothing_can_be_written_is_refused_before_the_first_request(room: Newsroom) -> None:
    """Nothing is fetched that could not be kept; /proc takes no file even from root."""
    process = ran(room, "-q", "-d", "/proc/news.db", *HARVEST)

    assert process.returncode == 74
    assert process.stderr.count("\n") == 1
    assert "/proc" in process.stderr
    assert room.site.requests == []


def test_a_folder_that_is_not_there_is_refused_before_the_first_request(room: Newsroom) -> None:
    """The line names the folder."""
    process = ran(room, "-q", "-d", "missing/news.db", *HARVEST)

    assert process.returncode == 74
    assert process.stderr.count("\n") == 1
    assert room.site.requests == []


def test_a_second_run_beside_the_first_says_so_and_ends_with_75(room: Newsroom) -> None:
    """The first goes on undisturbed."""
    started, first = held_up(room)

    second = ran(room, *HARVEST)
    Path(started).unlink()
    output, _ = first.communicate(timeout=HANG_S)

    assert second.returncode == 75
    assert str(first.pid) in second.stderr.splitlines()[-1]
    assert (first.returncode, output) == (0, "newsroom: 2 listed, 0 known, 2 new, 0 changed; 2 pairs, 0 moved\n")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_a_run_with_everything_fetched_stored(room: Newsroom, number: signal.Signals, code: int) -> None:
    """Before the story that is held up could come, without a traceback; the next run completes it."""
    started, process = held_up(room)

    process.send_signal(number)
    output, errors = process.communicate(timeout=HANG_S)
    Path(started).unlink()
    rest = ran(room, *HARVEST)

    assert (process.returncode, "Traceback" in errors) == (code, False)
    assert output.startswith("newsroom: 2 listed, 0 known, 1 new")
    assert " 1 new" in rest.stdout
    assert room.rows("SELECT count(*) AS articles FROM articles") == [{"articles": 2}]


def test_a_second_signal_ends_a_run_at_once(room: Newsroom) -> None:
    """Its number is the exit code, though a page is still being read; what was committed is whole, the rest follows."""
    whole = room.site.answers["/story-storm"]
    room.site.answers["/story-storm"] = answer(b"<html><body>" + b'<div title="</div>">' * 100_000 + b"<h1>Storm</h1>")
    started, process = held_up(room)

    process.send_signal(signal.SIGTERM)
    while process.poll() is None and not left(room):
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=HANG_S)
    Path(started).unlink()
    room.site.answers["/story-storm"] = whole
    declared = room.folder / "newsroom.toml"
    declared.write_text(declared.read_text("utf-8").replace("gap_s = 0", "gap_s = 0, parse_s = 4"), "utf-8")
    rest = ran(room, *HARVEST)

    assert (process.returncode, "Traceback" in errors) == (130, False)
    assert rest.returncode == 0
    assert room.rows("SELECT count(*) AS articles FROM articles") == [{"articles": 2}]


def left(room: Newsroom) -> bool:
    """Tell whether whoever asked for the story that is held up has hung up: the first signal has come through."""
    return (room.folder / "left").exists()


def held_up(room: Newsroom) -> tuple[str, subprocess.Popen[str]]:
    """Start a harvest whose second story does not come before a file is gone; return the file, once it is asked for."""
    holding = room.folder / "holding"
    holding.touch()
    whole = room.site.answers["/story-flood"]
    asked = room.folder / "asked"

    def held(talk: Talk) -> None:
        asked.touch()
        talk.line.setblocking(False)
        while holding.exists() and talk.wait(0.01):
            with suppress(BlockingIOError):
                if talk.line.recv(1) == b"":
                    (room.folder / "left").touch()
                    return
        talk.line.setblocking(True)
        assert callable(whole)
        whole(talk)

    room.site.answers["/story-flood"] = held
    process = subprocess.Popen(
        command(room, *HARVEST), cwd=room.folder, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    waited = time.monotonic()
    while not asked.exists() and time.monotonic() - waited < HANG_S:
        time.sleep(0.01)
    return str(holding), process


def test_help_names_every_command_and_the_readme_has_a_line_for_each() -> None:
    """A command nobody can find is none."""
    text = CliRunner().invoke(cli, ["--help"]).output
    readme = (ROOT / "README.md").read_text("utf-8")

    for name, sub in cli.commands.items():
        assert re.search(rf"^  {name} ", text, re.MULTILINE)
        assert f"| `{name}" in readme
        assert sub.help
        shown = CliRunner().invoke(cli, [name, "--help"])
        assert (shown.exit_code, "%Y" in shown.output, " RANGE " in shown.output) == (0, False, False)


def test_pages_with_validators_are_asked_for_conditionally(room: Newsroom) -> None:
    """What has not changed is not downloaded again."""
    ran(room, *HARVEST)
    room.site.requests.clear()

    ran(room, *HARVEST, "--recheck")

    conditions = {request.path: "if-none-match" in request.headers for request in room.site.requests}
    assert conditions["/story-flood"]
    assert conditions["/story-storm"]
