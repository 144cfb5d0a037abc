"""What a command prints, and where to: into nothing, onto a full disk, in a legacy charset, on a terminal."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from dataclasses import replace
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from archives import BODY, HOUR, NOON, STORY, saved
from scraper.cli.streams import speak_to_programs
from scraper.store import Store

HANG_S = 60
EDITED = replace(STORY, headline="Ўзбекистон éclair 🚆", body=BODY.replace("closed", "open"))
ASKED = (
    ("status",), ("quotes", "--chart"), ("search", "pass"), ("diff", STORY.url), ("export", "csv"), ("export", "jsonl"),
    ("report",), ("sources", "list"),
)  # fmt: skip


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Return an archive with a story that was edited, in letters of several scripts."""
    with Store.open(tmp_path / "news.db") as store:
        saved(store, STORY)
        saved(store, EDITED, NOON + HOUR)
    return tmp_path / "news.db"


def ran(db: Path, command: str, *args: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the program from a shell: `command` says how, "$@" is what."""
    line = ["/bin/sh", "-c", command, "sh", sys.executable, "-m", "scraper", "-d", str(db), *args]
    return subprocess.run(line, capture_output=True, timeout=HANG_S, env=os.environ | environment, check=False)


@pytest.mark.parametrize("args", ASKED, ids=" ".join)
def test_a_closed_stdout_is_no_bug(db: Path, args: tuple[str, ...]) -> None:
    """Some schedulers start jobs like that; nobody hears the answer."""
    process = ran(db, 'exec "$@" >&-', *args)

    assert (process.returncode, b"bug" in process.stderr) == (0, False)


def test_a_closed_stdin_holds_no_pages(db: Path) -> None:
    """Nor does an empty one."""
    closed, empty = (ran(db, f'exec "$@" {end}', "import", "-") for end in ("<&-", "</dev/null"))

    assert (closed.returncode, closed.stderr) == (0, b"nothing of a known source in these files\n")
    assert (empty.returncode, empty.stderr) == (0, closed.stderr)


@pytest.mark.parametrize("args", [*(args for args in ASKED if args[0] != "quotes"), ("--help",)], ids=" ".join)
def test_a_full_disk_behind_stdout_is_one_line(db: Path, args: tuple[str, ...]) -> None:
    """An export that is cut short must not look like a whole one."""
    if not Path("/dev/full").exists():
        pytest.skip("only Linux has /dev/full")

    process = ran(db, 'exec "$@" >/dev/full', *args)

    assert process.returncode == 74
    assert process.stderr.splitlines()[-1] == b"scraper: stdout cannot be written (No space left on device)"


@pytest.mark.parametrize("charset", ["ascii", "latin-1", "cp1251"])
def test_what_programs_read_is_utf_8_in_every_locale(db: Path, charset: str) -> None:
    """Escapes made the headline another one in CSV, and no JSON of an emoji."""
    said = {"PYTHONIOENCODING": charset, "PYTHONUTF8": "0"}

    found = ran(db, 'exec "$@"', "search", "pass", "--json", **said)
    lines = ran(db, 'exec "$@"', "export", "jsonl", **said)
    table = ran(db, 'exec "$@"', "export", "csv", **said)
    page = ran(db, 'exec "$@"', "diff", STORY.url, "--html", **said)

    assert json.loads(found.stdout)[0]["headline"] == EDITED.headline
    assert json.loads(lines.stdout)["headline"] == EDITED.headline
    assert all(EDITED.headline in each.stdout.decode() for each in (table, page))


def test_a_terminal_of_another_charset_still_shows_what_it_can(db: Path) -> None:
    """A table is for people."""
    process = ran(db, 'exec "$@"', "search", "pass", PYTHONIOENCODING="latin-1", PYTHONUTF8="0")

    assert r"\u0442\u043e\u043d éclair \U0001f686" in process.stdout.decode("latin-1")


@pytest.mark.parametrize(
    "args", [("quotes",), ("search", "nothing"), ("health",), ("status", "--coverage")], ids=" ".join
)
def test_a_table_without_rows_still_has_its_head(tmp_path: Path, args: tuple[str, ...]) -> None:
    """pandas takes a file without any line for a broken one."""
    Store.open(tmp_path / "news.db").close()

    said = {form: ran(tmp_path / "news.db", 'exec "$@"', *args, form) for form in ("--csv", "--tsv", "--nl", "--json")}

    (head,) = said["--csv"].stdout.decode().splitlines()
    assert "source" in head.split(",")
    assert said["--tsv"].stdout.decode() == head.replace(",", "\t") + "\n"
    assert (said["--nl"].stdout, json.loads(said["--json"].stdout)) == (b"", [])
    assert all((each.stderr, each.returncode) == (b"", 0) for each in said.values())


@pytest.mark.parametrize(("wish", "colours"), [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True)])
def test_a_terminal_gets_the_colours_it_wants(db: Path, wish: dict[str, str], colours: bool) -> None:
    """https://no-color.org: without them the marks say what went and came."""
    environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"} | wish
    mine, its = pty.openpty()

    subprocess.run([sys.executable, "-m", "scraper", "-d", str(db), "diff", STORY.url], stdout=its, env=environment,
                   timeout=HANG_S, check=True)  # fmt: skip

    os.close(its)
    shown = os.read(mine, 1 << 16)
    os.close(mine)
    assert (b"\x1b[3" in shown, b"[-" in shown) == (colours, not colours)


def test_what_utf_8_cannot_say_is_escaped_for_programs_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new encoding alone makes a stream strict: a file's name of odd bytes would end the command."""
    stream = TextIOWrapper(BytesIO(), "ascii", "backslashreplace")
    monkeypatch.setattr(sys, "stdout", stream)

    speak_to_programs()

    assert (stream.encoding, stream.errors) == ("utf-8", "backslashreplace")
