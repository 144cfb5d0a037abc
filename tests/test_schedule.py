"""What `schedule` prints is what cron and systemd read."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from ceilings import HANG_S
from newsroom import Newsroom
from scraper.cli import cli
from scraper.cli.schedule import Every, EveryType, crontab_command, units


def every(text: str) -> Every:
    """Return a span as the option reads it."""
    return EveryType().convert(text, None, None)


@pytest.mark.parametrize(
    ("text", "cron", "calendar"),
    [
        ("15min", "*/15 * * * *", "*:0/15"),
        ("5m", "*/5 * * * *", "*:0/5"),
        ("60 minutes", "7 * * * *", "*:07"),
        ("1h", "7 */1 * * *", "0/1:07"),
        ("6 hours", "7 */6 * * *", "0/6:07"),
        ("1d", "7 4 * * *", "04:07"),
    ],
)
def test_a_span_is_said_in_both_languages(text: str, cron: str, calendar: str) -> None:
    """Off the full hour, when everybody's jobs start."""
    assert (every(text).cron, every(text).calendar) == (cron, calendar)


@pytest.mark.parametrize("text", ["7min", "0min", "5h", "2d", "often", "", "-15min", "90min"])
def test_a_span_that_cron_cannot_keep_is_refused(text: str) -> None:
    """It names what would do."""
    result = CliRunner().invoke(cli, ["schedule", "--every", text])

    assert result.exit_code == 2
    assert "divides the hour or the day" in result.stderr


def test_the_crontab_line_needs_no_folder_and_no_environment(tmp_path: Path) -> None:
    """Program, archive and settings by absolute paths, for a shell that starts in no place in particular."""
    (tmp_path / "scraper.toml").write_text('db = "news here.db"\n', "utf-8")

    process = subprocess.run(
        [sys.executable, "-m", "scraper", "schedule"], cwd=tmp_path, text=True, capture_output=True,
        timeout=HANG_S, check=True,
    )  # fmt: skip

    fields, command = process.stdout.split("  ", 1)
    assert fields == "*/15 * * * *"
    assert shlex.split(command) == [
        sys.executable, "-m", "scraper", "-q", "-d", f"{tmp_path}/news here.db", "-c", f"{tmp_path}/scraper.toml",
        "harvest",
    ]  # fmt: skip


def test_the_printed_command_runs(tmp_path: Path) -> None:
    """As cron runs it: by sh, with a bare environment, from another folder."""
    with Newsroom(tmp_path) as room:
        room.publish("flood")
        (tmp_path / "sources.d").mkdir()
        (tmp_path / "scraper.toml").write_text('sources = ["newsroom"]\nallow_private = ["127.0.0.1"]\n', "utf-8")
        home = room.source.home
        (tmp_path / "sources.d" / "newsroom.toml").write_text(
            f'key = "newsroom"\nhome = "{home}"\ndiscover = [{{ listing = "{home}latest" }}]\n', "utf-8"
        )
        printed = subprocess.run(
            [sys.executable, "-m", "scraper", "schedule"], cwd=tmp_path, text=True, capture_output=True,
            timeout=HANG_S, check=True,
        ).stdout.split("  ", 1)[1]  # fmt: skip

        process = subprocess.run(
            ["/bin/sh", "-c", printed], cwd="/", env={}, capture_output=True, timeout=HANG_S, check=False
        )

        assert (process.returncode, process.stdout, process.stderr) == (0, b"", b"")
        assert room.rows("SELECT count(*) AS articles FROM articles") == [{"articles": 1}]


def test_a_percent_sign_is_escaped_for_cron() -> None:
    """To cron a bare one is the end of the line (crontab, 5)."""
    assert crontab_command(["scraper", "-d", "/srv/100%/news.db"]) == r"scraper -d /srv/100\%/news.db"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
@pytest.mark.parametrize("folder", ["/srv/news", "/tmp/a b", '/srv/100%/$new "s'])
@pytest.mark.parametrize("span", ["15min", "1h", "1d"])
def test_systemd_accepts_the_service_and_the_timer(tmp_path: Path, folder: str, span: str) -> None:
    """Not a word of complaint, whatever the paths are."""
    db = Path(folder) / "news.db"
    text = units(every(span), [sys.executable, "-m", "scraper", "-q", "-d", str(db)], db)
    files = [tmp_path / "scraper.service", tmp_path / "scraper.timer"]
    for file, unit in zip(files, text.split("\n\n# /etc", 1), strict=True):
        file.write_text(unit if unit.startswith("#") else f"# /etc{unit}", "utf-8")

    process = subprocess.run(
        ["systemd-analyze", "verify", *map(str, files)], text=True, capture_output=True, timeout=HANG_S, check=False
    )

    assert (process.returncode, process.stderr) == (0, "")
