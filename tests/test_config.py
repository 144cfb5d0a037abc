"""Settings and source files: TOML in, records out, errors that name the line."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from scraper.config import check_names, limits_with, settings_from, source_from
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
        ("Asia/Almaty", "Asia/Almata", "line 4: unknown time zone 'Asia/Almata'; did you mean 'Asia/Almaty'?"),
        (r"\d+'", r"(\d+'", "line 5: story is no regular expression"),
        ("gap_s", "gap", "line 7: unknown key 'gap'; did you mean 'gap_s'?"),
        ("gap_s = 2", "gap_s = -2", "line 7: gap_s must be a number, zero or more"),
        ("{ feed", "{ fead", "line 9: an entry of discover names one of"),
        ("pages = \"", "page = \"", "line 10: unknown key 'page'; did you mean 'pages'?"),
        ("until = 2024-02-29", 'until = "soon"', "line 15: until must be a date"),
        ('key = "herald"', 'key = "The Herald"', "line 1: a key is lower-case letters"),
        ('home = "https', 'home = "ftp', "line 2: home must be an http or https address"),
        ('home = "https://herald.example/"', 'home = "https://[herald]/"', "line 2: home must be an http or https"),
        ("https://herald.example/rss", "https://me:secret@herald.example/rss", "line 9: an address must not hold"),
        ("https://herald.example/rss", "/rss", "line 9: feed must be an http or https address"),
        ("?page={n}", "?page=", 'line 10: pages must hold {n}, such as "?page={n}"'),
        ('pages = "?page={n}"', "pages = 5", "line 10: pages must be a text"),
        ("old.herald", "https://old.herald", "line 6: a host is a name such as m.herald.example"),
        ("pages = 3", "pages = 3.5", "line 7: pages must be a whole number"),
        ("pages = 3", "pages = inf", "line 7: pages must be a number, zero or more"),
        ("gap_s = 2", "gap_s = nan", "line 7: gap_s must be a number, zero or more"),
        ('body = "div.story"', "body = 5", "line 14: body must be a text"),
        ('name = "The Herald"', "external_id = 'id=5'", "line 3: external_id has no group"),
        ('name = "The Herald"', "live = 5", "line 3: live must be a date"),
        ('name = "The Herald"', 'basis = { stori = "page" }', "line 3: unknown key 'stori'; did you mean 'story'?"),
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


@pytest.mark.parametrize(("head", "named"), [("[[layouts]]", "layouts"), ("[limits]", "limits")])
def test_a_key_that_stands_below_a_table_is_told_where_it_stands(tmp_path: Path, head: str, named: str) -> None:
    """TOML takes it for one of the table's, and whoever wrote it sees it standing in the file."""
    path = written(tmp_path, f"""
key = "herald"
home = "https://herald.example/"
{head}
discover = [{{ feed = "https://herald.example/rss" }}]
""")

    with pytest.raises(ConfigError, match=rf"'discover' is missing; it stands below \[{named}\] and so"):
        source_from(path)


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


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[limits]\ngap_s = 1\n\n[source.herald.limits]\ngap_s = -1\n", "line 5: gap_s must be a number"),
        ("[limits]\n# so, gap_z = 3\n[source.herald.limits]\ngap_z = 1\n", "line 4: unknown key 'gap_z'"),
        ("[source.herald]\nlimits = { gap_s = 1 }\n[limits]\ngap_s = inf\n", "line 4: gap_s must be a number"),
        ("source.herald.limits.gap_s = -1\n", "line 1: gap_s must be a number"),
        ("[source]\nherald = 3\n", "line 2: herald must be a table"),
        ("\r\n[limits]\r\ngap_z = 3\r\n", "line 3: unknown key 'gap_z'; did you mean 'gap_s'?"),
    ],
)  # fmt: skip
def test_a_key_that_stands_twice_is_complained_of_where_it_is_wrong(tmp_path: Path, text: str, message: str) -> None:
    """The general limits come first in the file, and the wrong one is a source's."""
    with pytest.raises(ConfigError, match=re.escape(message)):
        settings_from(written(tmp_path, text, "scraper.toml"))


@pytest.mark.parametrize("contact", [r"desk@news.example\r\nX-Mark: 1", r"desk\u0000", "редакция@news.example", ""])
def test_a_contact_that_fits_no_header_is_refused(tmp_path: Path, contact: str) -> None:
    """It failed every request, or arrived as question marks."""
    with pytest.raises(ConfigError, match="line 1: contact goes into a header"):
        settings_from(written(tmp_path, f'contact = "{contact}"\n', "scraper.toml"))


def test_settings_with_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    """As an editor on Windows writes them."""
    path = tmp_path / "scraper.toml"
    path.write_bytes(b'\xef\xbb\xbfcontact = "desk@news.example"\r\n[limits]\r\ngap_s = 7\r\n')

    settings = settings_from(path)

    assert (settings.contact, settings.limits.gap_s) == ("desk@news.example", 7.0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('\nsources = ["heralt"]\n', "line 2: unknown source 'heralt'; did you mean 'herald'?"),
        ("[source.heralt.limits]\ngap_s = 3\n", "line 1: unknown source 'heralt'; did you mean 'herald'?"),
    ],
)
def test_a_misspelt_source_in_the_settings_names_its_line(tmp_path: Path, text: str, message: str) -> None:
    """Its limits would silently be those of everybody."""
    with pytest.raises(ConfigError, match=re.escape(message)):
        check_names(written(tmp_path, text, "scraper.toml"), ["herald", "courier"])


def test_the_settings_may_speak_of_a_source_that_another_command_is_given(tmp_path: Path) -> None:
    """Its file comes by --source-file, and not with every command."""
    check_names(written(tmp_path, "[source.gazette.limits]\ngap_s = 3\n", "scraper.toml"), ["herald", "courier"])


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
