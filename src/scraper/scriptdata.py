"""Script text in, JSON out, as far as it can be read: real pages break it in every way."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import cast

Json = dict[str, object]

_OPENING_MARKS = ("<!--", "//<![CDATA[", "// <![CDATA[", "/*<![CDATA[*/", "/* <![CDATA[ */", "<![CDATA[")
_CLOSING_MARKS = ("-->", "//]]>", "// ]]>", "/*]]>*/", "/* ]]> */", "]]>", ";")
_BETWEEN = re.compile(r"[\s,;]*")
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_MEMBER = re.compile(
    r'"(@type|headline|datePublished|dateModified|description|articleBody|articleSection|keywords|isAccessibleForFree)"'
    r'\s{0,9}:\s{0,9}"((?:[^"\\]|\\.){1,100000})"'
)
_NESTED = ("mainEntity", "@graph")  # the latter is read first: the last one waiting comes next
_DECODER = json.JSONDecoder(strict=False)  # making one takes as long as reading a small script
_MAX_VALUES = 50
_MAX_OBJECTS = 2_000


def json_values(text: str) -> list[object]:
    """Return the JSON values standing in a script, as far as they can be read.

    Taken as they come: comments and CDATA marks around the value, raw line breaks in strings, trailing commas,
    several values one after the other, a broken end.
    """
    text = _unmarked(text)
    values, complete = _decoded_values(text)
    return values if complete else _decoded_values(_TRAILING_COMMA.sub("", text))[0]


def json_objects(text: str) -> Iterator[Json]:
    """Yield the objects of a JSON-LD script, lists, @graph and mainEntity flattened, in its order."""
    waiting, seen = list(reversed(json_values(text) or _salvaged(text))), 0
    while waiting and seen < _MAX_OBJECTS:
        current, seen = waiting.pop(), seen + 1
        if isinstance(current, list):
            waiting.extend(reversed(current))
        elif isinstance(current, dict):
            yield cast(Json, current)
            waiting.extend(current[key] for key in _NESTED if isinstance(current.get(key), list | dict))


def _unmarked(text: str) -> str:
    text = text.strip()
    for mark in _OPENING_MARKS:
        text = text.removeprefix(mark).lstrip()
    for mark in _CLOSING_MARKS * 2:
        text = text.removesuffix(mark).rstrip()
    return text


def _decoded_values(text: str) -> tuple[list[object], bool]:
    """Return the values and whether they are all there is."""
    values, at = list[object](), 0
    while at < len(text) and len(values) < _MAX_VALUES:
        try:
            value, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            return values, False
        values.append(value)
        between = _BETWEEN.match(text, at)
        at = between.end() if between else at
    return values, True


def _salvaged(text: str) -> list[object]:
    """Return the plain strings of a JSON-LD article that no decoder takes, one object of them."""
    found: dict[str, object] = {}
    for match in _MEMBER.finditer(text):
        try:
            found.setdefault(match[1], json.loads(f'"{match[2]}"', strict=False))
        except ValueError:
            continue
    return [found] if found else []
