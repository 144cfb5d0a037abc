"""Settings and source files: TOML in, records out, errors that name the line."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from scraper.config import limits_with, settings_from, source_from
from scraper.errors import ConfigError
from scraper.limits import Limits
from scraper.source import Edition, Feed, Layout, Listing, Source, Widget

WHOLE = """\
key = "herald"
home = "https://herald.example/"
name = "The Herald"
timezone = "Asia/Almaty"
story = 'https://herald\\.example/news/\\d+'
hosts = ["old.herald.example"]
limits = { gap_s = 2, pages = 3 }
discover = [
  { feed = "https://herald.example/rss" },
  { kind = "listing", url = "https://herald.example/news/", pages = "?page={n}" },
]

[[layouts]]
body = "div.story"
until = 2024-02-29
"""


def written(folder: Path, text: str, name: str = "herald.toml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_a_source_file_has_the_fields_of_a_source(tmp_path: Path) -> None:
    """A site in TOML is the same record as one in Python."""
    source = source_from(written(tmp_path, WHOLE))

    assert source == Source(
        key="herald",
        home="https://herald.example/",
        name="The Herald",
        timezone="Asia/Almaty",
        story=r"https://herald\.example/news/\d+",
        hosts=("old.herald.example",),
        limits={"gap_s": 2, "pages": 3},
        discover=(Feed("https://herald.example/rss"), Listing("https://herald.example/news/", pages="?page={n}")),
        layouts=(Layout(body="div.story", until=date(2024, 2, 29)),),
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("timezone", "timezon", "line 4: unknown key 'timezon'; did you mean 'timezone'?"),
        ("Asia/Almaty", "Asia/Almata", "line 4: unknown time zone 'Asia/Almata'"),
        (r"\d+'", r"(\d+'", "line 5: story is no regular expression"),
        ("gap_s", "gap", "line 7: unknown key 'gap'; did you mean 'gap_s'?"),
        ("gap_s = 2", "gap_s = -2", "line 7: gap_s must be a number, zero or more"),
        ("{ feed", "{ fead", "line 9: an entry of discover names one of"),
        ("pages = \"", "page = \"", "line 10: unknown key 'page'; did you mean 'pages'?"),
        ("until = 2024-02-29", 'until = "soon"', "line 15: until must be a date"),
        ('key = "herald"', 'key = "The Herald"', "line 1: a key is lower-case letters"),
        ('home = "https', 'home = "ftp', "line 2: home must be an http or https address"),
        ("https://herald.example/rss", "https://me:secret@herald.example/rss", "must not hold a user or a password"),
        ('name = "The Herald"', "name = 3", "line 3: name must be a text"),
        ("discover = [", "discover = ", "at line 8"),
        ('key = "herald"\n', "", "'key' is missing"),
    ],
)
def test_an_error_in_a_source_file_names_its_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    """Whoever wrote the file is told where to look and what was meant."""
    path = written(tmp_path, WHOLE.replace(old, new, 1))

    with pytest.raises(ConfigError) as caught:
        source_from(path)

    assert str(path) in str(caught.value)
    assert message in str(caught.value)


def test_settings_are_read_and_a_relative_archive_lies_beside_them(tmp_path: Path) -> None:
    """A cron job's working directory decides nothing."""
    path = written(
        tmp_path,
        'db = "data/news.db"\ncontact = "desk@news.example"\n[limits]\ngap_s = 3\n[source.herald.limits]\ngap_s = 9\n',
        "scraper.toml",
    )

    settings = settings_from(path)

    assert settings.db == tmp_path / "data" / "news.db"
    assert settings.contact == "desk@news.example"
    assert settings.limits == Limits(gap_s=3.0)
    assert settings.source_limits == {"herald": {"gap_s": 9}}


def test_an_unknown_setting_names_the_nearest_right_one(tmp_path: Path) -> None:
    """A misspelt setting is never ignored."""
    path = written(tmp_path, '\ncontakt = "desk@news.example"\n', "scraper.toml")

    with pytest.raises(ConfigError, match=r"line 2: unknown key 'contakt'; did you mean 'contact'\?"):
        settings_from(path)


def test_a_file_that_is_not_there_is_one_clear_error(tmp_path: Path) -> None:
    """The message names the file and the cause."""
    with pytest.raises(ConfigError, match=r"none\.toml: cannot be read \(No such file or directory\)"):
        settings_from(tmp_path / "none.toml")


def test_counting_limits_stay_whole_numbers() -> None:
    """TOML's 3.0 for a count is the count 3."""
    limits = limits_with(Limits(), {"pages": 3.0, "gap_s": 2})

    assert (limits.pages, limits.gap_s) == (3, 2.0)
    assert isinstance(limits.pages, int)


def test_editions_and_the_basis_of_facts_are_tables(tmp_path: Path) -> None:
    """Where the languages of a site stand, and what was seen of it."""
    more = 'basis = { story = "page" }\nlimits ='
    editions = "\n[[editions]]\npattern = '/kr/'\nlanguage = \"uz-Cyrl\"\n"

    source = source_from(written(tmp_path, WHOLE.replace("limits =", more) + editions))

    assert source.editions == (Edition("/kr/", "uz-Cyrl"),)
    assert source.basis == {"story": "page"}


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("[[editions]]\npattern = '/(kr/'\nlanguage = \"uz-Cyrl\"\n", "line 17: pattern is no regular expression"),
        ("[[editions]]\npattern = '/kr/'\n", "line 16: an entry of editions has pattern and language"),
        ("[[editions]]\npath = '/kr/'\n", "line 17: unknown key 'path'"),
        ("[basis]\nstory = \"seen\"\n", "must be one of page, scraper, list, guess"),
    ],
)
def test_a_wrong_edition_or_basis_names_its_line(tmp_path: Path, more: str, message: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(message)):
        source_from(written(tmp_path, WHOLE + more))


def test_a_widget_is_a_table_of_its_own(tmp_path: Path) -> None:
    """An unlabelled box names its currencies in the order of print."""
    more = "\n[[widgets]]\npattern = '(?P<rate>[\\d.]+) UZS'\ncounter = \"UZS\"\nbases = [\"USD\", \"EUR\"]\nunit = 1\n"

    source = source_from(written(tmp_path, WHOLE + more))

    assert source.widgets == (Widget(r"(?P<rate>[\d.]+) UZS", "UZS", bases=("USD", "EUR")),)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("pattern = '(?P<rate>.+'\ncounter = \"UZS\"\n", "line 17: pattern is no regular expression"),
        ("pattern = '.+'\ncounter = \"UZS\"\n", "line 17: a widget's pattern has a group `rate`, and either"),
        ("pattern = '(?P<rate>.+)'\ncounter = \"UZS\"\n", "line 17: a widget's pattern has a group `rate`, and either"),
        ("pattern = '(?P<rate>.+)'\n", "line 16: an entry of widgets has pattern and counter"),
        ("pattern = '(?P<rate>.+)'\ncounter = \"UZS\"\nunit = 0\n", "line 19: unit must be a whole number"),
        ("pattern = '(?P<rate>.+)'\ncounter = \"UZS\"\nchange_in = \"soum\"\n", "line 19: change_in must be one of"),
        ("pattern = '(?P<rate>.+)'\ncounter = \"UZS\"\nbase = \"USD\"\n", "line 19: unknown key 'base'; did you mean"),
    ],
)
def test_a_wrong_widget_names_its_line(tmp_path: Path, more: str, message: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(message)):
        source_from(written(tmp_path, f"{WHOLE}[[widgets]]\n{more}"))
