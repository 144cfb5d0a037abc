"""Every built-in source against the addresses that are known of its site (tests/fixtures/sources)."""

from __future__ import annotations

import re
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from scraper.cli.context import Context
from scraper.cli.sites import declaration_faults
from scraper.config import Settings
from scraper.source import Basis, Listing, Source
from scraper.sources import ALL
from scraper.urls import edition_language, external_id, host, is_story, normalised, numbered, same_site

ADDRESSES = Path(__file__).parent / "fixtures" / "sources"
# What stands for the parts of an address that were not noted where it was seen.
PARTS = {"yyyy": "2024", "mm": "03", "dd": "27", "id": "32587835", "section": "economy", "slug": "a-bridge-opens-again"}
NO_STORIES = (
    "", "about", "about/", "about-us", "about-us/", "contact", "contacts/", "contact-us/", "privacy-policy/", "rss",
    "feed/", "search?q=bridge", "login", "tag/bridge", "category/society/", "author/a-writer/", "page/2/", "robots.txt",
    "sitemap.xml", "wp-content/uploads/2024/03/bridge.jpg", "uz/", "ru/", "en/", "en/contacts",
)  # fmt: skip
HOSTILE = ("a-" * 1000, "/" * 2000, "1" * 2000, "a/" * 1000, "-0" * 1000, "news/" * 400, "/a/" * 700, "//en." * 400)


@dataclass(frozen=True, slots=True)
class Known:
    """The addresses known of a site: stories as met, stories by the shape that was noted, listings."""

    stories: tuple[str, ...]
    shapes: tuple[str, ...]
    listings: tuple[str, ...]


def known(key: str) -> Known:
    """Return the addresses of a source, with every part filled in."""
    found = tomllib.loads((ADDRESSES / f"{key}.toml").read_text("utf-8"))
    return Known(*(tuple(address.format(**PARTS) for address in found.pop(name, ()))
                   for name in ("stories", "story_shapes", "listings")), *found)


SOURCES = pytest.mark.parametrize("source", ALL.values(), ids=ALL)


def stories(source: Source) -> tuple[str, ...]:
    """Return a source's story addresses in the one spelling they are stored in."""
    addresses = known(source.key)
    return tuple(normalised(url, source.drop_query) for url in (*addresses.stories, *addresses.shapes))


@SOURCES
def test_a_source_recognises_its_stories(source: Source) -> None:
    assert [url for url in stories(source) if not is_story(url, source)] == []


@SOURCES
def test_a_listing_is_no_story(source: Source) -> None:
    places = [place.url for place in source.discover]
    places += [page for place in source.discover if isinstance(place, Listing) and (page := numbered(place, "2"))]
    others = [source.home + path for path in NO_STORIES]
    seen = [normalised(url, source.drop_query) for url in (*places, *known(source.key).listings, *others)]

    assert source.story is None or [url for url in seen if is_story(url, source)] == []


@SOURCES
def test_a_source_keeps_to_its_own_site(source: Source) -> None:
    addresses = (*known(source.key).listings, *stories(source), *(place.url for place in source.discover))

    assert [url for url in addresses if not same_site(url, source)] == []
    assert declaration_faults(source) == []


@SOURCES
def test_a_source_without_a_story_pattern_leaves_stories_to_the_page(source: Source) -> None:
    """A pattern nobody saw a story for would silently drop every story."""
    assert (source.story is None) == ("story" not in source.basis)
    assert (source.story is None) == (stories(source) == ())
    assert (len(known(source.key).stories) > 0) <= (source.basis.get("story") == "page")


@SOURCES
def test_each_fact_says_what_it_rests_on(source: Source) -> None:
    facts = {type(place).__name__.lower() for place in source.discover}
    facts |= {name for name in ("story", "layouts", "editions", "widgets") if getattr(source, name)}

    assert set(source.basis) == facts
    assert set(source.basis.values()) <= set(get_args(Basis))
    assert {layout.experimental for layout in source.layouts} <= {source.basis.get("layouts") != "page"}


@SOURCES
def test_a_source_says_where_and_in_what_language(source: Source) -> None:
    folder = sys.modules[f"scraper.sources.{_folder(source.key)}.{source.key}"].__doc__ or ""

    assert ZoneInfo(source.timezone)
    assert source.name
    assert re.fullmatch(r"[a-z]{2}(-Cyrl|-Latn)?", source.language or "")
    assert source.country == (None if _folder(source.key) == "regional" else _folder(source.key).upper())
    assert len(folder) > 80


@SOURCES
def test_patterns_take_no_longer_on_hostile_addresses(source: Source) -> None:
    """A listing is other people's data; 2,000 characters are the longest address that is read."""
    started = time.process_time()
    for tail in HOSTILE:
        for url in (f"{source.home}{tail}!", f"{source.home}news/2024/03/27/{tail}?", f"{source.home}en/{tail}-"):
            is_story(url, source)
            external_id(url, source)
            edition_language(url, source)

    assert time.process_time() - started < 1.0


def test_a_source_of_somebodys_own_is_not_experimental() -> None:
    """Nobody says on what it rests, and its author knows the site: a harvest without names takes it."""
    assert not Source("herald", "https://herald.example/", ()).experimental
    assert Source("herald", "https://herald.example/", (), basis={"story": "guess"}).experimental


def test_no_two_sources_claim_one_address() -> None:
    addresses = [url for source in ALL.values() for url in (*stories(source), *known(source.key).listings, source.home)]
    claims = {url: [source.key for source in ALL.values() if same_site(url, source)] for url in addresses}

    assert {url: keys for url, keys in claims.items() if len(keys) != 1} == {}


def test_no_two_sources_share_a_host_or_a_place() -> None:
    hosts = [name for source in ALL.values() for name in {host(source.home), *source.hosts}]
    places = [place.url for source in ALL.values() for place in source.discover]

    assert len(set(hosts)) == len(hosts)
    assert len(set(places)) == len(places)


@pytest.mark.parametrize(
    ("key", "url", "number"),
    [
        ("qalampir", "https://www.qalampir.uz/en/news/toir-6-125372", "en:125372"),
        ("tengrinews", "https://test.tengrinews.kz/kazakhstan_news/chto-proizoshlo-530395", "530395"),
        ("tengrinews", "https://en.tengrinews.kz/kazakhstan_news/a-bridge-264511/", "en:264511"),
        ("azattyq", "https://rus.azattyq.org/a/32587835.html", "rus:32587835"),
        ("inform", "https://www.inform.kz/ru/most-otkryt-32af94", "32af94"),
        ("fergana", "https://en.fergana.agency/news/112233/", "en:112233"),
        ("nur", "https://www.nur.kz/politics/kazakhstan/2050607-most-otkryt/", "2050607"),
    ],
)
def test_the_publishers_own_number_is_read_off_the_address(key: str, url: str, number: str) -> None:
    assert external_id(url, ALL[key]) == number


@pytest.mark.parametrize(
    ("key", "path", "language"),
    [
        ("gazeta", "https://www.gazeta.uz/oz/2024/03/27/kopri/", "uz-Latn"),
        ("gazeta", "https://www.gazeta.uz/uz/2024/03/27/kopri/", "uz-Cyrl"),
        ("kun", "https://kun.uz/kr/news/2024/03/27/kopri", "uz-Cyrl"),
        ("kun", "https://kun.uz/news/2024/03/27/kopri", None),
        ("qalampir", "https://www.qalampir.uz/en/news/toir-6-125372", "en"),
        ("azattyq", "https://www.azattyq.org/a/32587835.html", "kk"),
        ("timesca", "https://timesca.com/a-bridge-opens/", None),
    ],
)
def test_an_edition_names_its_language(key: str, path: str, language: str | None) -> None:
    """/oz is Latin and /uz Cyrillic on gazeta.uz, /kr Cyrillic on kun.uz."""
    assert edition_language(path, ALL[key]) == language


def test_a_zone_is_a_name_that_knows_its_history() -> None:
    """Almaty went from +06 to +05 on 1 March 2024."""
    zone = ZoneInfo(ALL["tengrinews"].timezone)

    offsets = [datetime(2024, month, 1, 12, tzinfo=UTC).astimezone(zone).strftime("%z") for month in (2, 3)]

    assert offsets == ["+0600", "+0500"]


def test_a_sources_file_is_read_when_it_is_asked_for() -> None:
    """Start-up pays for no site; one that is named pays for itself."""
    code = (
        "import sys; from scraper.sources import ALL; len(ALL), 'gazeta' in ALL, [*ALL]; ALL['kun'];"
        "print([n for n in sys.modules if n.startswith('scraper.sources.') and n.count('.') > 2])"
    )

    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert printed.strip() == "['scraper.sources.uz.kun']"


def test_the_command_line_starts_without_a_site() -> None:
    """Fifty imports would be felt at every `scraper --help`."""
    code = (
        "import sys; from click.testing import CliRunner; from scraper.cli import cli;"
        "print(CliRunner().invoke(cli, ['--help']).exit_code, [n for n in sys.modules if 'scraper.sources' in n])"
    )

    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert printed.strip() == "0 []"


def test_without_names_experimental_sources_are_left_out(tmp_path: Path) -> None:
    """Nobody asks twenty strange sites by leaving out an argument; a name is enough to mean one."""
    context = Context(Settings(), tmp_path, 0, debug=False)

    unnamed = [source.key for source in context.chosen([])]

    assert unnamed == [key for key, source in ALL.items() if not source.experimental]
    assert [source.key for source in context.chosen(["uzdaily"])] == ["uzdaily"]


def test_every_file_of_addresses_belongs_to_a_source() -> None:
    assert sorted(path.stem for path in ADDRESSES.glob("*.toml")) == [*ALL]


def _folder(key: str) -> str:
    folders: Iterator[Path] = Path(sys.modules["scraper.sources"].__file__ or "").parent.glob(f"*/{key}.py")
    return next(folders).parent.name
