"""A saved page and what was read from it: written by `new-source`, held to by `sources test`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from newsroom import listing_page, story_page
from scraper.cli import cli
from scraper.cli.saved import SHIPPED, expectations, fault_of
from scraper.config import source_from
from scraper.sources import ALL
from servers import Site, answer

STORIES = {"/bridge-opens-again": "Bridge opens again after the flood", "/ferry-goes-on": "Ferry goes on all winter"}
SETTINGS = 'allow_private = ["127.0.0.1"]\n[limits]\ngap_s = 0\nretry_wait_s = 0.01\n'


def ran(*args: str) -> Result:
    """Run `scraper` in this process, and return what it printed."""
    return CliRunner().invoke(cli, args, standalone_mode=False, catch_exceptions=False)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Yield a site of two stories, in a folder whose settings let it be dialled."""
    (tmp_path / "scraper.toml").write_text(SETTINGS, "utf-8")
    monkeypatch.chdir(tmp_path)
    with Site() as site:
        site.answers["/latest"] = answer(listing_page(STORIES.items()))
        for path, headline in STORIES.items():
            site.answers[path] = answer(story_page(headline, "Word of it spread early on."))
        yield site


@pytest.fixture
def saved(site: Site, tmp_path: Path) -> Path:
    """Return where the pages of a source lie that `new-source` has just written."""
    assert ran("new-source", "herald", site.url("/latest")).return_value == 0
    return tmp_path / "sources.d" / "saved" / "herald"


def test_a_new_source_comes_with_a_page_and_what_is_read_from_it(site: Site, saved: Path) -> None:
    expected = json.loads((saved / "1.json").read_text("utf-8"))

    assert (saved / "1.html").read_bytes() == story_page(STORIES["/bridge-opens-again"], "Word of it spread early on.")
    assert expected["url"] == site.url("/bridge-opens-again")
    assert expected["article"]["headline"] == "Bridge opens again after the flood"
    assert [quote["label"] for quote in expected["quotes"]] == ["KGS/USD", "KZT/USD"]
    assert expected["listed"] == [site.url(path) for path in STORIES]


def test_its_test_is_green_without_asking_the_site(site: Site, saved: Path) -> None:
    site.requests.clear()

    result = ran("sources", "test", "herald")

    assert result.stdout == "herald: declaration holds; 1 saved page as expected; live: never\n"
    assert (result.return_value, site.requests, saved.exists()) == (0, [], True)


def test_a_field_that_came_with_a_later_version_is_no_fault(saved: Path) -> None:
    expected = json.loads((saved / "1.json").read_text("utf-8"))
    del expected["article"]["lead"], expected["quotes"]
    (saved / "1.json").write_text(json.dumps(expected), "utf-8")

    assert ran("sources", "test", "herald").return_value == 0


def test_a_changed_page_is_one_clear_line(site: Site, saved: Path) -> None:
    page = saved / "1.html"
    page.write_bytes(page.read_bytes().replace(b"Bridge opens again after the flood", b"Bridge stays shut for good"))

    result = ran("sources", "test", "herald")

    assert (result.return_value, site.accepted > 0) == (3, True)
    assert result.stderr == (
        'herald: sources.d/saved/herald/1.html: headline is "Bridge stays shut for good",'
        ' expected "Bridge opens again after the flood"\n'
    )


def test_a_pattern_that_takes_no_story_any_more_is_one_clear_line(site: Site, saved: Path, tmp_path: Path) -> None:
    file = tmp_path / "sources.d" / "herald.toml"
    written = file.read_text("utf-8")
    file.write_text(f"{written}story = '{re.escape(site.url('/'))}news/\\d+'\n", "utf-8")

    result = ran("sources", "test", "herald")

    assert result.return_value == 3
    assert result.stderr == (
        f"herald: {saved.relative_to(tmp_path) / '1.json'}: the source's patterns do not take"
        f" {site.url('/bridge-opens-again')} for a story\n"
    )


def test_a_layout_that_reads_another_section_is_noticed(saved: Path, tmp_path: Path) -> None:
    """Every field counts."""
    file = tmp_path / "sources.d" / "herald.toml"
    layout = '\n[[layouts]]\nsection = "header li"\n'
    file.write_text(file.read_text("utf-8") + layout, "utf-8")

    faults = [fault_of(page, source_from(file)) for page in expectations([saved])]

    assert faults == [f'{saved / "1.html"}: section is "KGS/USD = 0.01150 0%", expected null']


@pytest.mark.parametrize("layout", ['headline = "h1["', 'captions = "figure >> p"'])
def test_a_selector_that_is_none_is_one_clear_line(saved: Path, tmp_path: Path, layout: str) -> None:
    """Harvests pass over it, as over one that finds nothing."""
    file = tmp_path / "sources.d" / "herald.toml"
    file.write_text(f"{file.read_text('utf-8')}\n[[layouts]]\n{layout}\n", "utf-8")

    result = ran("sources", "test", "herald")

    said = layout.replace(" = ", " ").replace('"', "'")
    assert (result.return_value, result.stderr, saved.exists()) == (3, f"herald: {said} is no CSS selector\n", True)


def test_what_is_read_today_can_be_accepted(saved: Path) -> None:
    page = saved / "1.html"
    page.write_bytes(page.read_bytes().replace(b"Bridge opens again after the flood", b"Bridge stays shut for good"))

    accepted = ran("sources", "test", "herald", "--accept")

    assert (accepted.return_value, ran("sources", "test", "herald").return_value) == (0, 0)
    assert json.loads((saved / "1.json").read_text("utf-8"))["article"]["headline"] == "Bridge stays shut for good"


@pytest.mark.parametrize("text", ["", "{}", '{"url": "https://a.example/"}', '{"url": "a", "fetched": 1}'])
def test_a_damaged_expectation_is_one_line_too(saved: Path, text: str) -> None:
    (saved / "1.json").write_text(text, "utf-8")

    result = ran("sources", "test", "herald")

    assert (result.return_value, result.stderr.count("\n"), "cannot be read" in result.stderr) == (3, 1, True)


def test_in_a_checkout_the_source_is_a_module_with_its_addresses(site: Site, tmp_path: Path) -> None:
    """The package's own form: a module, a file of addresses, a saved page."""
    package = tmp_path / "src" / "scraper" / "sources"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("", "utf-8")

    result = ran("new-source", "herald", site.url("/latest"))

    module = package / "regional" / "herald.py"
    names: dict[str, object] = {}
    exec(compile(module.read_text("utf-8"), str(module), "exec"), names)
    source = names["SOURCE"]
    assert result.return_value == 0
    assert fault_of(package / "saved" / "herald" / "1.json", source) is None  # type: ignore[arg-type]
    assert (tmp_path / "tests" / "fixtures" / "sources" / "herald.toml").read_text("utf-8") == (
        f'stories = [\n]\nlistings = [\n  "{site.url("/latest")}",\n]\n'
    )
    assert [line.partition("wrote ")[2] for line in result.stdout.splitlines() if line.startswith("wrote")] == [
        "src/scraper/sources/regional/herald.py", "tests/fixtures/sources/herald.toml",
        "src/scraper/sources/saved/herald/1.html",
    ]  # fmt: skip


def test_every_source_there_is_passes_its_test(site: Site, saved: Path) -> None:
    """Those of the package and the user's own."""
    result = ran("sources", "test")

    assert (result.return_value, result.stderr) == (0, "")
    assert len(result.stdout.splitlines()) == len(ALL) + 1
    assert (site.port > 0, saved.exists()) == (True, True)


def test_every_shipped_page_belongs_to_a_source_and_has_its_expectation() -> None:
    pages, results = ({(path.parent.name, path.stem) for path in SHIPPED.glob(f"*/*.{ending}")}
                      for ending in ("html", "json"))  # fmt: skip

    assert pages == results
    assert {key for key, _ in pages} <= {*ALL}
