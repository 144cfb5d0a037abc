"""`init` writes every setting, and what it writes is what `settings_from` reads."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
from click.testing import CliRunner

from scraper.cli import cli
from scraper.config import Settings, settings_from
from scraper.limits import Limits


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """Return a file written by the command."""
    path = tmp_path / "scraper.toml"
    result = CliRunner().invoke(cli, ["init", str(path)])
    assert (result.exit_code, result.stdout) == (0, "")
    return path


def test_what_is_written_changes_nothing(written: Path) -> None:
    assert settings_from(written) == Settings(db=written.parent / "news.db")


def test_every_setting_stands_there_with_its_default(written: Path) -> None:
    """With the # taken away the file is read, and each limit is what it was."""
    text = written.read_text("utf-8")
    text = re.sub(r"^# (\[|\w+ = )", r"\1", text, flags=re.MULTILINE)
    written.write_text(text, "utf-8")

    settings = settings_from(written)

    assert (settings.db, settings.contact) == (written.parent / "news.db", "newsroom@example.org")
    assert settings.limits == Limits()
    assert settings.source_limits == {"timesca": {"gap_s": 5.0}}
    assert [spec.name for spec in fields(Limits) if f"\n{spec.name} = " not in text] == []


def test_each_setting_says_what_it_is_for_in_its_own_words(written: Path) -> None:
    """The comment of the field itself."""
    text = written.read_text("utf-8")

    assert re.search(r"^# gap_s = 1\.0 +# end of one request to a host to the start of the next$", text, re.MULTILINE)
    assert re.search(r"^# contact = .+# an address or a mailbox for the User-Agent; unset, none is invented$", text,
                     re.MULTILINE)


def test_a_file_that_is_there_is_left_as_it_is(written: Path) -> None:
    before = written.read_text("utf-8")

    result = CliRunner().invoke(cli, ["init", str(written)])

    assert str(result.exception) == f"{written}: is there already and was left as it is"
    assert written.read_text("utf-8") == before


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('key = "herald"\nhome = "https://herald.example/"\nlanguag = "en"\ndiscover = []\n',
         "line 3: unknown key 'languag'; did you mean 'language'?"),
        ('key = "herald"\nhome = "https://herald.example/"\ndiscover = [{ sitmap = "https://herald.example/s.xml" }]\n',
         "line 3: an entry of discover names one of feed, sitemap, listing, wordpress"),
        ('key = "herald"\nhome = "https://herald.example/"\ndiscover = []\nlimits = { gaps = 3 }\n',
         "line 4: unknown key 'gaps'; did you mean 'gap_s'?"),
    ],
)  # fmt: skip
def test_an_error_in_sources_d_names_file_line_and_the_nearest_right_key(
    tmp_path: Path, text: str, complaint: str
) -> None:
    """Whatever command meets it first."""
    (tmp_path / "sources.d").mkdir()
    file = tmp_path / "sources.d" / "herald.toml"
    file.write_text(text, "utf-8")
    settings = tmp_path / "scraper.toml"
    settings.write_text("", "utf-8")

    result = CliRunner().invoke(cli, ["-c", str(settings), "sources", "list"])

    assert str(result.exception) == f"{file}, {complaint}"


def test_two_files_of_one_key_are_named_both(tmp_path: Path) -> None:
    """Nobody can tell which was meant."""
    (tmp_path / "sources.d").mkdir()
    for name in ("a.toml", "b.toml"):
        (tmp_path / "sources.d" / name).write_text(
            'key = "herald"\nhome = "https://herald.example/"\ndiscover = [{ feed = "https://herald.example/rss" }]\n'
        )
    (tmp_path / "scraper.toml").touch()

    result = CliRunner().invoke(cli, ["-c", str(tmp_path / "scraper.toml"), "sources", "list"])

    assert str(result.exception) == (
        f"{tmp_path}/sources.d/b.toml: key 'herald' is already used by {tmp_path}/sources.d/a.toml"
    )


def test_a_file_of_sources_d_is_read_once_and_a_hidden_one_never(tmp_path: Path) -> None:
    """It may be named as well; and an editor leaves locks and copies beside what it edits."""
    (tmp_path / "sources.d").mkdir()
    file = tmp_path / "sources.d" / "herald.toml"
    file.write_text('key = "herald"\nhome = "https://herald.example/"\ndiscover = [{ feed = "http://h.example" }]')
    (tmp_path / "sources.d" / ".#herald.toml").symlink_to("nobody@nowhere:1")
    (tmp_path / "scraper.toml").touch()
    asked = ["-c", str(tmp_path / "scraper.toml"), "sources", "show", "herald", "--source-file", str(file)]

    result = CliRunner().invoke(cli, asked)

    assert result.exit_code == 0
    assert "home         https://herald.example/" in result.output
