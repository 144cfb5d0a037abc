"""What a command loads before it does anything: told without a clock, by the modules that were imported."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

import pytest

import scraper
from ceilings import HANG_S
from newsroom import Newsroom

LIBRARIES = frozenset(
    {"anyio", "click", "dateparser", "feedparser", "httpx", "selectolax", "sqlite_utils", "tenacity", "trio", "warcio"}
)
READERS = frozenset({"scraper.discover", "scraper.parse", "scraper.dates", "scraper.document"})
# for workers, for a file to be made or migrated, for a try that failed, for records to be read
RARELY = frozenset({"anyio.to_process", "sqlite_utils", "tenacity", "warcio"})
TELLING = """\
import atexit, runpy, sys
atexit.register(lambda: print(*sys.modules, file=sys.stderr))
sys.argv = ["scraper", *{args!r}]
runpy.run_path({script!r}, run_name={name!r})
"""
MAIN = Path(scraper.__file__).with_name("__main__.py")
CONSOLE_SCRIPT = "import sys\nfrom scraper.cli import main\nif __name__ == '__main__':\n    sys.exit(main())\n"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    """Yield a site that was harvested to its last story."""
    with Newsroom(tmp_path) as room:
        room.publish("flood", "storm")
        room.brought()
        room.now += timedelta(minutes=5)
        yield room


def loaded(script: str, *args: str, name: str = "__main__") -> frozenset[str]:
    """Return the modules that a Python process has imported at its end."""
    probe = TELLING.format(args=args, script=script, name=name)
    process = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, timeout=HANG_S, check=True)
    return frozenset(process.stderr.split())


def harvest(room: Newsroom) -> list[str]:
    """Return the cron job's arguments for the site."""
    declared = room.folder / "newsroom.toml"
    declared.write_text(
        f'key = "newsroom"\nhome = "{room.source.home}"\nstory = "{room.source.home}story-[a-z0-9-]+"\n'
        f'discover = [{{ listing = "{room.site.url("/latest")}" }}]\nlimits = {{ gap_s = 0 }}\n'
    )
    options = ["--source-file", str(declared), "--allow-private", "127.0.0.1"]
    return ["-q", "-d", str(room.db), "harvest", *options]


def test_help_loads_no_library_but_the_one_that_prints_it() -> None:
    """Commands import their rooms when they run."""
    assert loaded(str(MAIN), "--help") & LIBRARIES == {"click"}


def test_a_harvest_that_finds_nothing_new_loads_no_reader_and_starts_no_worker(room: Newsroom) -> None:
    """Most runs of a cron job find nothing new: each listing answers 304."""
    modules = loaded(str(MAIN), *harvest(room))

    assert "scraper.harvest" in modules
    assert modules & (READERS | RARELY) == set()
    assert not [name for name in modules if name.startswith(("scraper.sources.", "scraper.replay", "scraper.backfill"))]


def test_a_harvest_that_finds_a_story_has_it_read_by_others(room: Newsroom) -> None:
    """The process of the run itself carries no parser."""
    room.publish("hail")

    modules = loaded(str(MAIN), *harvest(room))

    assert modules & READERS == set()
    assert "anyio.to_process" in modules
    assert room.rows("SELECT count(*) AS articles FROM articles") == [{"articles": 3}]


@pytest.mark.parametrize("script", [MAIN.read_text(), CONSOLE_SCRIPT], ids=["python -m scraper", "scraper"])
def test_a_worker_loads_next_to_nothing_of_the_command_that_starts_it(script: str, tmp_path: Path) -> None:
    """It runs its parent's script once more, under another name: that must not load the whole command line."""
    (tmp_path / "script.py").write_text(script)

    modules = loaded(str(tmp_path / "script.py"), name="__mp_main__")

    assert {name for name in modules if name.split(".")[0] in {"scraper", *LIBRARIES}} == {"scraper", "scraper.cli"}


def test_the_version_is_told_without_asking_the_installed_packages() -> None:
    """It goes into every request and every WARC file."""
    assert version("scraper") == scraper.__version__


def test_a_worker_is_ready_without_what_few_pages_need(tmp_path: Path) -> None:
    """Patterns of printed dates, the escaping of addresses and the library that reads feeds come with the first."""
    (tmp_path / "script.py").write_text("import scraper.discover, scraper.parse\n")

    modules = loaded(str(tmp_path / "script.py"))

    assert "scraper.dates" in modules
    assert modules & {"scraper.calendars.dateforms", "scraper.calendars.relative", "w3lib.url", "http.client"} == set()
    assert modules & (LIBRARIES - {"selectolax"}) == set()
