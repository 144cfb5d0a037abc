"""TOML in, tables that know on which lines they stand, so that every complaint names file and line."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scraper.errors import ConfigError

_HEADER = re.compile(r"\s*\[\[?\s*([^\[\]]+?)\s*\]\]?\s*$")
_COMMENT = re.compile(r"""^((?:[^"'#]|"(?:\\.|[^"\\])*"|'[^']*')*)#.*""")
_TEXT = re.compile(r""""(?:\\.|[^"\\])*"|'[^']*'""")


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a TOML file: its values, the header it goes under, and where to look for its keys.

    `lines` are those of the whole file, without comments; `start` is the first of this table's, counted from 0.
    """

    path: Path
    lines: tuple[str, ...]
    values: Mapping[str, Any]
    header: str = ""
    start: int = 0

    def fault(self, message: str, key: str | None = None) -> ConfigError:
        """Return the error about `key`, naming file and line; without one, or where it is missing, about the table."""
        line = self._line_of(key) if key else None
        if line is None and self.header:
            line = self.start
        return ConfigError(f"{self.path}: {message}" if line is None else f"{self.path}, line {line + 1}: {message}")

    def check(self, allowed: Iterable[str]) -> None:
        """Refuse the first key that is not `allowed`.

        Raises: ConfigError with the line and the nearest right key.
        """
        names = tuple(allowed)
        for key in self.values:
            if key not in names:
                raise self.fault(f"unknown key {key!r}; {nearest(key, names) or 'known: ' + ', '.join(names)}", key)

    def text(self, key: str, default: str | None = None) -> Any:
        """Return the text of a key. Raises: ConfigError where it is none."""
        value = self.values.get(key, default)
        if value is not None and not isinstance(value, str):
            raise self.fault(f"{key} must be a text", key)
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return the list of texts of a key. Raises: ConfigError where it is none."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            raise self.fault(f"{key} must be a list of texts", key)
        return tuple(value)

    def table(self, key: str) -> Table:
        """Return the table of a key, an empty one where there is none. Raises: ConfigError where it is none."""
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            raise self.fault(f"{key} must be a table", key)
        header = f"{self.header}.{key}".lstrip(".")
        start = next(self._headers(header), None)
        if start is None:
            start = self._line_of(key)
        return Table(self.path, self.lines, value, header, self.start if start is None else start)

    def tables(self, key: str) -> list[Table]:
        """Return the tables of a key. Raises: ConfigError where they are none."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            raise self.fault(f"{key} must be a list of tables", key)
        header = f"{self.header}.{key}".lstrip(".")
        starts = [*self._headers(header)] or self._entries(self._line_of(key) or 0, len(value))
        return [Table(self.path, self.lines, entry, header, start) for entry, start in zip(value, starts, strict=False)]

    def _line_of(self, key: str) -> int | None:
        standing = re.compile(rf"(?:^|[{{,\[.])\s*[\"']?{re.escape(key)}[\"']?\s*(?:=|\]|\.)")
        below = range(self.start, len(self.lines))
        return next((number for number in below if standing.search(self.lines[number])), None)

    def _headers(self, name: str) -> Iterator[int]:
        """Yield the lines on which a table or a list's next table of this name begins."""
        for number, line in enumerate(self.lines):
            found = _HEADER.match(line)
            if found and re.sub(r"[\s\"']", "", found[1]) == name:
                yield number

    def _entries(self, start: int, count: int) -> list[int]:
        """Return the line of each of `count` tables in braces from the line `start` on."""
        braces = [number for number in range(start, len(self.lines))
                  for _ in range(_TEXT.sub("", self.lines[number]).count("{"))]  # fmt: skip
        return (braces + [start] * count)[:count]


def table_from(path: Path) -> Table:
    """Read a TOML file.

    Raises: ConfigError where it cannot be read, is not UTF-8, or no TOML.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
        values = tomllib.loads(text)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8 text") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {error}") from error
    return Table(path, tuple(_COMMENT.sub(r"\1", line) for line in text.split("\n")), values)


def nearest(word: str, right: Iterable[str], alike: float = 0.5) -> str | None:
    """Return the question whether the right word was meant that is nearest to `word`; None where none is near."""
    near = difflib.get_close_matches(word, [*right], n=1, cutoff=alike)
    return f"did you mean {near[0]!r}?" if near else None
