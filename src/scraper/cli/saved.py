"""Saved pages of a source and what must be read from them: written by `new-source`, held to by `sources test`.

    sources.d/herald.toml
    sources.d/saved/herald/1.html   the page as it came
    sources.d/saved/herald/1.json   its address, when it was fetched, what is read from it, stories seen beside it
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from scraper.cli.look import page_fields
from scraper.errors import ConfigError, ParseError
from scraper.parse import page_from
from scraper.records import Page, Response
from scraper.source import Source
from scraper.urls import is_story, normalised

SHIPPED = Path(__file__).parent.parent / "sources" / "saved"
_SHORT = 60  # characters of a value that are shown


def folder_of(source_file: Path, key: str) -> Path:
    """Return where the saved pages of a source file lie."""
    return source_file.parent / "saved" / key


def save(folder: Path, response: Response, source: Source, listed: Iterable[str]) -> Path:
    """Write a page and what is read from it today; return the page's file. Raises: ConfigError, ParseError."""
    number = next(number for number in range(1, 1000) if not (folder / f"{number}.json").exists())
    page, expected = folder / f"{number}.html", folder / f"{number}.json"
    found = {
        "content_type": response.header("content-type"), **_read(page_from(response, source)), "listed": [*listed],
    }  # fmt: skip
    try:
        folder.mkdir(parents=True, exist_ok=True)
        page.write_bytes(response.body)
        _write(expected, found)
    except OSError as error:
        raise ConfigError(f"{page}: cannot be written ({error.strerror})") from error
    return page


def expectations(folders: Iterable[Path]) -> Iterator[Path]:
    """Yield the expected result of each saved page in these folders."""
    for folder in folders:
        yield from sorted(folder.glob("*.json"), key=lambda path: (len(path.stem), path.stem))


def fault_of(expected: Path, source: Source) -> str | None:
    """Return in one line what is first read otherwise than expected, None where all is as it was."""
    try:
        wanted = json.loads(expected.read_text("utf-8"))
        now = _read(page_from(_response(expected, wanted), source))
    except (OSError, ValueError, KeyError, TypeError, ParseError) as error:
        return f"{expected}: cannot be read ({error})"
    for url in (wanted["url"], *wanted.get("listed", ())):
        if not is_story(normalised(url, source.drop_query), source):
            return f"{expected}: the source's patterns do not take {url} for a story"
    return next((f"{expected.with_suffix('.html')}: {line}" for line in _differences(wanted, now)), None)


def accept(expected: Path, source: Source) -> None:
    """Take what is read today for the expected result. Raises: ConfigError, ParseError."""
    try:
        wanted = json.loads(expected.read_text("utf-8"))
        _write(expected, wanted | _read(page_from(_response(expected, wanted), source)))
    except (OSError, ValueError, KeyError) as error:
        raise ConfigError(f"{expected}: cannot be renewed ({error})") from error


def _response(expected: Path, wanted: Mapping[str, Any]) -> Response:
    label, url = wanted.get("content_type"), wanted["url"]
    headers = (("Content-Type", label),) if label else ()
    body, fetched = expected.with_suffix(".html").read_bytes(), datetime.fromisoformat(wanted["fetched"])
    return Response(url, url, 200, headers, body, fetched)


def _read(page: Page) -> dict[str, Any]:
    """Return what a page holds; how sure each field is may change from version to version."""
    return {name: value for name, value in page_fields(page).items() if name != "origins"}


def _differences(wanted: Mapping[str, Any], now: Mapping[str, Any], where: str = "") -> Iterator[str]:
    for name in (name for name in now if name in wanted):  # others came with a later version
        value, was, place = now[name], wanted[name], f"{where}{name}"
        if isinstance(value, dict) and isinstance(was, dict):
            yield from _differences(was, value, f"{place} ")
        elif value != was:
            yield f"{place.removeprefix('article ')} is {_shown(value, was)}, expected {_shown(was, value)}"


def _shown(value: object, other: object) -> str:
    """Return a value as JSON, from a little before where it begins to differ from the other."""
    text, against = (json.dumps(each, ensure_ascii=False) for each in (value, other))
    at = next((number for number, pair in enumerate(zip(text, against, strict=False)) if pair[0] != pair[1]), 0)
    start = max(0, at - 20) if len(text) > _SHORT else 0
    piece = text[start : start + _SHORT]
    return f"{'...' if start else ''}{piece}{'...' if start + _SHORT < len(text) else ''}"


def _write(path: Path, values: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", "utf-8")
