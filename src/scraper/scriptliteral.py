"""Script text in, the values of its object literals out: state that is JavaScript and no JSON.

    window.__NUXT__=(function(a,b){return {title:"Bread",seen:a}}(true,"x"))      JSON.parse("{\"title\":...}")
    var page = {title: 'Bread', at: new Date(0), last: void 0}

Nothing is run: literals are read, and an argument stands for its parameter. What is no literal is a ValueError here,
and none outside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Final
from urllib.parse import unquote

from scraper.scriptdata import json_values

_LEAST: Final = 300  # characters of a literal that may be a page's state
_ATTEMPTS: Final = 200  # places of a script at which one may begin
_TOKENS: Final = 400_000  # that are read of one script
_DEPTH: Final = 60
_HOLES: Final = 1_000  # of Array(n)

_TOKEN = re.compile(
    r"""\s*+(?:(?P<text>"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'|`(?:[^`\\]|\\.)*+`)"""
    r"|(?P<number>-?(?:\d++(?:\.\d*+)?|\.\d++)(?:[eE][-+]?\d++)?)|(?P<name>[A-Za-z_$][\w$]*+)"
    r"|(?P<sign>!0|!1|[{}\[\]():,;=.]))",
    re.DOTALL,
)
# a function that returns at once or gives members first; most others are programs, and long
_CALL = re.compile(r"\(\s*function\s*\(([\w$,\s]{0,20000})\)\s*(?=\{\s*(?:return\b|[\w$]+\s*[.=\[]))")
_PARSED = re.compile(r"(?:JSON\.parse|decodeURIComponent)\(\s*(?=[\"'`])")
_BRACKET = re.compile(r"[{\[](?<=[=(,:n\s][{\[])")  # sought by itself: with what stands before it, a third of all work
_OPENS = re.compile(r"(?:=|\breturn|[\w\"']\s*:|[(,])\Z")
_BEFORE: Final = 100  # characters, blanks included
_NAMED: Final = 10  # the same without those at the end
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r?\n)|(.))", re.DOTALL)
_PLAIN = {"n": "\n", "t": "\t", "r": "\r", "b": "", "f": "", "v": "", "0": ""}
_WORDS = {"true": True, "false": False, "null": None, "undefined": None, "NaN": None, "Infinity": None}


def literal_values(script: str) -> Iterator[object]:
    """Yield the values of a script that are long enough to be a page's state, as far as they can be read."""
    reader = _Reader(script)
    for call in islice(_CALL.finditer(script), _ATTEMPTS):
        with suppress(ValueError, RecursionError):
            yield reader.returned(call)
            return
    for match in islice(_PARSED.finditer(script), _ATTEMPTS):
        with suppress(ValueError):
            text = str(reader.value_at(match.end()))
            yield from json_values(unquote(text) if match[0].startswith("d") else text)
    yield from _standing(script, reader)


def _standing(script: str, reader: _Reader) -> Iterator[object]:
    """Yield the literals that stand in the script as they are."""
    at = 0
    for _ in range(_ATTEMPTS):
        at = _opening(script, at)
        if at < 0:
            return
        with suppress(ValueError, RecursionError):
            value = reader.value_at(at)
            if reader.at - at >= _LEAST:
                yield value
            at = reader.at


def _opening(script: str, at: int) -> int:
    """Return where the next literal may begin: behind a sign that a value follows, or `return`; -1 for nowhere."""
    for match in _BRACKET.finditer(script, at):
        before = script[max(at, match.start() - _BEFORE) : match.start()].rstrip()
        if _OPENS.search(before[-_NAMED:]):
            return match.start()
    return -1


class _Reader:
    """A place in a script, and what its names stand for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.left = _TOKENS
        self.names: dict[str, object] = {}

    def token(self) -> tuple[str, str]:
        """Return the kind and the text of what stands here, and go behind it."""
        match = _TOKEN.match(self.text, self.at) if self.left else None
        if match is None:
            raise ValueError("no literal, or enough has been read")
        self.left -= 1
        self.at = match.end()
        kind = match.lastgroup or ""
        return kind, match[kind]

    def takes(self, sign: str) -> bool:
        """Tell whether this sign stands here, and go behind it if it does."""
        at = self.at
        if self.text.startswith(sign, at):  # most have no blank before them, and half of all tokens are asked for so
            self.at = at + 1
            self.left -= bool(self.left)
            return True
        if not self.text[at : at + 1].isspace():
            return False
        if self.token() == ("sign", sign):
            return True
        self.at = at
        return False

    def value_at(self, at: int) -> object:
        """Read the literal that stands there."""
        self.at = at
        return self.value()

    def value(self, depth: int = 0) -> object:
        """Read one literal."""
        kind, text = self.token()
        if depth > _DEPTH:
            raise ValueError("no literal")
        if kind == "text":
            return _unescaped(text[1:-1])
        if kind == "number":
            return float(text) if any(mark in text for mark in ".eE") else int(text[:20])
        if kind == "name":
            return self.named(text, depth)
        match text:
            case "{":
                return self.members(depth)
            case "[":
                return self.items("]", depth)
            case "!0" | "!1":
                return text == "!0"
        raise ValueError("no literal")

    def named(self, name: str, depth: int) -> object:
        """Return what a word stands for: a constant, an argument, `new Date(0)`, `Array(3)`."""
        if name == "void":
            self.value(depth + 1)
            return None
        made = name == "new" and self.token()[0] == "name"
        if made or name == "Array":
            held = self.items(")", depth) if self.takes("(") else []
            if made:
                return held[0] if held else None
            return self.holes(held[0]) if held and isinstance(held[0], int) else held
        if name in _WORDS:
            return _WORDS[name]
        if name in self.names:
            return self.names[name]
        raise ValueError("no literal")

    def holes(self, count: int) -> list[object]:
        """Return as many holes, each of which counts as a token."""
        count = max(0, min(count, _HOLES, self.left))
        self.left -= count
        return [None] * count

    def items(self, end: str, depth: int) -> list[object]:
        """Read values up to the sign that ends them."""
        found: list[object] = []
        while not self.takes(end):
            if self.takes(","):  # a hole
                found.append(None)
                continue
            found.append(self.value(depth + 1))
            if not self.takes(","):
                if not self.takes(end):
                    raise ValueError("no literal")
                break
        return found

    def members(self, depth: int) -> dict[str, object]:
        """Read an object's members up to its end."""
        found: dict[str, object] = {}
        while not self.takes("}"):
            kind, text = self.token()
            if kind == "sign":
                raise ValueError("no literal")
            key = _unescaped(text[1:-1]) if kind == "text" else text
            if self.takes(":"):
                found[key] = self.value(depth + 1)
            elif kind == "name":
                found[key] = self.names.get(key)
            if not self.takes(","):
                if not self.takes("}"):
                    raise ValueError("no literal")
                break
        return found

    def returned(self, call: re.Match[str]) -> object:
        """Return what a function that is called where it stands gives back for its arguments."""
        self.at, self.names = call.end(), {}
        self.skip_braces()
        self.takes(")")
        arguments = self.items(")", 0) if self.takes("(") else []
        self.at = call.end() + 1
        self.names = dict(zip(re.findall(r"[\w$]+", call[1]), arguments, strict=False))
        while (word := self.token()) != ("name", "return"):
            self.assign(word)
        return self.value()

    def skip_braces(self) -> None:
        """Go behind the brace that closes the one that stands here."""
        depth = 0
        while True:
            match self.token():
                case ("sign", "{"):
                    depth += 1
                case ("sign", "}"):
                    depth -= 1
                    if depth == 0:
                        return

    def assign(self, word: tuple[str, str]) -> None:
        """Read `a.title=b;` and `a[0]=b;`: how an object that is used twice gets its members."""
        holder: object = self.names.get(word[1])
        key: object = None
        while not self.takes("="):
            if key is not None:
                holder = holder.get(key) if isinstance(holder, dict) and isinstance(key, str) else None
            if self.takes("."):
                key = self.token()[1]
            elif self.takes("["):
                key = self.value()
                self.takes("]")
            else:
                raise ValueError("no literal")
        value = self.value()
        if isinstance(holder, dict):
            holder[str(key)] = value
        elif isinstance(holder, list) and isinstance(key, int) and 0 <= key < len(holder):
            holder[key] = value
        if not self.takes(";"):
            self.takes(",")


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    plain = _ESCAPE.sub(_character, text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _character(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    if code:
        return chr(number) if (number := int(code, 16)) <= 0x10FFFF else "\ufffd"
    return "" if match[4] else _PLAIN.get(match[5], match[5])
