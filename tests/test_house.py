"""The shape of the house: imports run downwards, a library has one keeper, every site is in the catalogue."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import scraper
from scraper.sources import ALL

HOUSE = Path(scraper.__file__).parent

# Every room by floor; docs/design.md draws it. A room is a module, or a folder.
FLOORS = {
    "errors": 0, "text": 0,
    "records": 1, "limits": 1, "reports": 1, "source": 1,
    "urls": 2, "dates": 2, "quotes": 2, "widgets": 2, "scriptdata": 2, "scriptliteral": 2, "scriptstate": 2,
    "document": 2, "robots": 2, "answers": 2, "charsets": 2, "decoding": 2, "language": 2, "coverage": 2,
    "health": 2, "worddiff": 2, "spans": 2, "ratelines": 2, "secrets": 2, "marks": 2, "markup": 2,
    "discover": 3, "parse": 3, "prospect": 3, "sources": 3,
    "tomlfile": 4, "config": 4, "fetch": 4, "archive": 4, "store": 4, "workers": 4, "lock": 4, "disk": 4, "drafting": 4,
    "shards": 4, "cluster": 4, "workbench": 4, "readers": 4,
    "errand": 5, "walks": 5, "stopgap": 5, "edits": 5, "stories": 5, "harvest": 5, "backfill": 5, "sights": 5,
    "replay": 5, "importing": 5, "handover": 5, "reparse": 5, "pruning": 5, "demo": 5, "browse": 5, "export": 5,
    "report": 5, "extracting": 5, "dealing": 5,
    "cli": 6, "__main__": 6,
}  # fmt: skip
HELPERS = {  # a folder of helpers, and the module beside it through which alone it is entered
    "calendars": "dates", "listings": "discover", "reading": "parse", "net": "fetch", "warc": "archive",
    "tables": "store",
}  # fmt: skip
STRANGERS = {"fetch", "archive", "store"}  # they never see each other
KEEPERS = {
    "httpx": {"fetch"}, "httpcore": {"fetch"}, "h11": {"fetch"}, "tenacity": {"fetch"},
    "sqlite_utils": {"store"}, "sqlite3": {"store"},
    "anyio": {"workers"},
    "warcio": {"archive"},
    "feedparser": {"discover"},
    "protego": {"robots"},
    "selectolax": {"document", "markup", "parse", "discover"},
    "trio": {
        "fetch", "workers", "errand", "stories", "harvest", "backfill", "replay", "importing", "handover", "reparse",
        "demo", "cli", "extracting",
    },
    "click": {"cli"}, "rich": {"cli"},
    "datasette": {"browse"}, "uvicorn": {"browse"}, "pyarrow": {"export"},
    "fsspec": {"shards"}, "dask": {"cluster"}, "distributed": {"cluster"},
}  # fmt: skip


def room(path: Path) -> str:
    """Name the room a file belongs to: its module, its folder, or the module its folder helps."""
    first = path.relative_to(HOUSE).parts[0].removesuffix(".py")
    return HELPERS.get(first, first)


def rooms_used(path: Path) -> set[str]:
    """Return the rooms a file imports from, its own left out."""
    used = {name.split(".")[1] for name in imports(path) if name.startswith("scraper.")}
    return {HELPERS.get(name, name) for name in used} - {room(path)}


def imports(path: Path) -> Iterator[str]:
    """Yield every module a file imports, inside functions too; not what only a type checker reads."""
    tree = ast.parse(path.read_text("utf-8"))
    for guard in [node for node in ast.walk(tree) if isinstance(node, ast.If)]:
        if getattr(guard.test, "id", "") == "TYPE_CHECKING":
            guard.body.clear()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


MODULES = sorted(path for path in HOUSE.rglob("*.py") if path != HOUSE / "__init__.py")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_imports_run_downwards(path: Path) -> None:
    """A room knows its own floor and those below; fetch, archive and store do not know each other."""
    here, used = room(path), rooms_used(path)

    assert {name for name in used if FLOORS[name] > FLOORS[here]} == set()
    assert here not in STRANGERS or used & STRANGERS == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_helpers_are_entered_through_their_face(path: Path) -> None:
    """Who needs a room asks the module that speaks for it."""
    entered = {name.split(".")[1] for name in imports(path) if name.startswith("scraper.")} & set(HELPERS)

    assert {folder for folder in entered if HELPERS[folder] != room(path)} == set()


@pytest.mark.parametrize("library", KEEPERS)
def test_a_library_has_one_keeper(library: str) -> None:
    """A switch to another library touches one room."""
    users = {room(path) for path in MODULES if library in {name.split(".")[0] for name in imports(path)}}

    assert users <= KEEPERS[library]


def test_every_site_in_the_folder_is_in_the_catalogue() -> None:
    """A site file that nobody lists would never be harvested."""
    files = [path.stem for path in (HOUSE / "sources").glob("*/*.py") if path.stem != "__init__"]

    assert [*ALL] == sorted(files)
    assert [source.key for source in ALL.values()] == sorted(files)


def test_only_the_command_line_catches_everything() -> None:
    """A broad except hides bugs; the last line of defence stands in the CLI."""
    broad = {
        room(path)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or getattr(node.type, "id", "") in ("Exception", "BaseException"))
        and not (isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None)  # undoes, and passes it on
    }

    assert broad <= {"cli"}
