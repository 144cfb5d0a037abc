"""Document in, the values of its script state out: Next.js, Nuxt and their kin, and what pages say in attributes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from scraper.document import Document
from scraper.scriptdata import json_values
from scraper.scriptliteral import literal_values

_STATE = re.compile(r"^\s*(?:window\.|self\.|var |let |const |globalThis\.)?[\w.$\[\]\"']{1,60}\s*=\s*(?=[{\[])")
_PUSH = "self.__next_f.push("
_ROW = re.compile(r"(?:^|\n|(?<=[>\]}\"]))[0-9a-f]{1,4}:(?:T[0-9a-f]{1,6},)?", re.MULTILINE)
_DEPTH = 2  # levels below an object that names its members by place
_MEMBERS = 60  # of it that are read, lest two objects of ten thousand make a hundred million
_OBJECTS = 2_000
_REVIVED = 300_000  # members of all of them: each may stand in thousands, 0.2 s and 40 MB
_ENOUGH = 300  # characters of script data worth having
_LADEN: Final = 20_000  # elements whose attributes are looked at
_ANGULAR = (("&q;", '"'), ("&s;", "'"), ("&l;", "<"), ("&g;", ">"), ("&a;", "&"))  # its own escapes, up to version 15


def state_values(document: Document) -> Iterator[object]:
    """Yield the values of the page's script state, each as it can be read."""
    pushed: list[str] = []
    for node in document.scripts:
        kind = (node.attributes.get("type") or "").lower()
        script = node.text()
        if script.lstrip().startswith(_PUSH):
            pushed.extend(part for part in _pushed(script) if isinstance(part, str))
        elif len(script) < _ENOUGH or "ld+json" in kind:
            continue
        elif "json" in kind:
            yield from (_revived(value) for value in json_values(_unescaped(script)))
        elif match := _STATE.match(script):
            yield from json_values(script[match.end() :])
    yield from _rows("".join(pushed))


def laden_values(document: Document) -> Iterator[object]:
    """Yield the values that take longer to read: literals of JavaScript, and JSON in attributes.

    For a page that shows next to nothing: what it has to say must stand somewhere.
    """
    for node in document.scripts:
        script, kind = node.text(), (node.attributes.get("type") or "").lower()
        if len(script) >= _ENOUGH and "json" not in kind and not _is_read(script):
            yield from literal_values(script)
    body = document.tree.body
    for node in body.css("*")[:_LADEN] if body is not None else ():
        for text in node.attributes.values():
            if text is not None and len(text) >= _ENOUGH and text.lstrip()[:1] in "{[":
                yield from json_values(text)


def _is_read(script: str) -> bool:
    """Tell whether the script is one whose values are JSON already."""
    match = _STATE.match(script)
    return script.lstrip().startswith(_PUSH) or (match is not None and bool(json_values(script[match.end() :])))


def _unescaped(script: str) -> str:
    """Return the JSON of a script in which Angular has escaped it."""
    if not script.lstrip().startswith("{&q;"):
        return script
    for escape, sign in _ANGULAR:
        script = script.replace(escape, sign)
    return script


def _revived(value: object) -> object:
    """Return the objects of a flat list in which they name their members by place (Nuxt 3), each with its members."""
    if not (isinstance(value, list) and len(value) > 3 and isinstance(value[0], dict | list)):
        return value
    named = [at for at, item in enumerate(value) if isinstance(item, dict) and all(map(_is_place, item.values()))]
    left = iter(range(_REVIVED))
    return [_member(value, at, _DEPTH, left) for at in named[:_OBJECTS]] or value


def _member(flat: list[object], at: object, depth: int, left: Iterator[int]) -> object:
    """Return what stands at a place, its own members with it so many levels down, while any are `left`."""
    item = flat[at] if isinstance(at, int) and 0 <= at < len(flat) else None
    if isinstance(item, dict):
        members = zip(islice(item.items(), _MEMBERS if depth else 0), left, strict=False)
        return {key: _member(flat, place, depth - 1, left) for (key, place), _ in members if _is_place(place)}
    if isinstance(item, list):
        places = zip(item[: _MEMBERS if depth else 0], left, strict=False)
        return [_member(flat, place, depth - 1, left) for place, _ in places if _is_place(place)]
    return item


def _is_place(value: object) -> bool:
    return type(value) is int


def _pushed(script: str) -> list[object]:
    values = json_values(script[script.index(_PUSH) + len(_PUSH) :])
    return values[0] if values and isinstance(values[0], list) else []


def _rows(stream: str) -> Iterator[object]:
    """Yield the rows of a React stream: `1f:{...}` is JSON, `2a:T1b7b,...` text, whose length is not trusted."""
    marks = list(_ROW.finditer(stream))
    ends = [*(mark.start() for mark in marks), len(stream)][1:]
    for mark, end in zip(marks, ends, strict=True):
        row = stream[mark.end() : end]
        if len(row) < _ENOUGH:
            continue
        if "T" in mark[0]:
            yield row
        elif row[:1] in "[{":
            yield from json_values(row)
