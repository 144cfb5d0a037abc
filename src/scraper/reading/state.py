"""The story's text in script data: JSON-LD, Next.js and other state, for pages whose markup holds none."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import islice

from scraper.document import Document, names
from scraper.scriptdata import Json, json_values
from scraper.text import squeezed

_STATE = re.compile(r"^\s*(?:window\.|self\.|var |let |const |globalThis\.)?[\w.$\[\]\"']{1,60}\s*=\s*(?=[{\[])")
_PUSH = "self.__next_f.push("
_ROW = re.compile(r"(?:^|\n|(?<=[>\]}\"]))[0-9a-f]{1,4}:(?:T[0-9a-f]{1,6},)?", re.MULTILINE)
_BREAK = re.compile(r"<(?:br|/p|/div|/h[1-6]|/li|p|li)\b[^<>]{0,300}>|\n", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{1,2000}>")
TEXT_KEYS = names(
    "articlebody body content text html bodyhtml body_html contents paragraphs articlecontent article_body maintext"
    " story bodytext value contenthtml rendered"
)
_MAX_NODES = 100_000
_DEPTH = 2  # levels below an object that names its members by place
_MEMBERS = 60  # of it that are read, lest two objects of ten thousand make a hundred million
_OBJECTS = 2_000
_ENOUGH = 300  # characters of running text in script data worth having


def text_from_data(data: Json) -> str:
    """Return the text of a JSON-LD article, a paragraph per line; "" where it has none."""
    for key in ("articleBody", "text"):
        value = data.get(key)
        if isinstance(value, str) and len(value) >= _ENOUGH:
            return plain_lines(value)
    return ""


def running_texts(document: Document) -> list[str]:
    """Return each running text in the page's script state once, as it stands there (HTML or plain), longest first."""
    texts = dict.fromkeys(text for value in state_values(document) for text in _texts(value))
    sizes = {text: len(plain_lines(text)) for text in texts}
    return sorted((text for text in texts if sizes[text] > _ENOUGH), key=lambda text: -sizes[text])


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
            yield from (_revived(value) for value in json_values(script))
        elif match := _STATE.match(script):
            yield from json_values(script[match.end() :])
    yield from _rows("".join(pushed))


def _revived(value: object) -> object:
    """Return the objects of a flat list in which they name their members by place (Nuxt 3), each with its members."""
    if not (isinstance(value, list) and len(value) > 3 and isinstance(value[0], dict | list)):
        return value
    named = [at for at, item in enumerate(value) if isinstance(item, dict) and all(map(_is_place, item.values()))]
    return [_member(value, at, _DEPTH) for at in named[:_OBJECTS]] or value


def _member(flat: list[object], at: object, depth: int) -> object:
    item = flat[at] if isinstance(at, int) and 0 <= at < len(flat) else None
    if isinstance(item, dict):
        members = islice(item.items(), _MEMBERS if depth else 0)
        return {key: _member(flat, place, depth - 1) for key, place in members if _is_place(place)}
    if isinstance(item, list):
        return [_member(flat, place, depth - 1) for place in item[: _MEMBERS if depth else 0] if _is_place(place)]
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


def _texts(value: object) -> Iterator[str]:
    """Yield what may be a story: a long string under a telling key, or the strings of a list of blocks."""
    waiting: list[tuple[str, object]] = [("", value)]
    seen = 0
    while waiting and seen < _MAX_NODES:
        key, current = waiting.pop()
        seen += 1
        if isinstance(current, dict):
            waiting.extend((str(name).lower(), item) for name, item in current.items())
        elif isinstance(current, list):
            yield from block_texts(current)
            waiting.extend((key, item) for item in current)
        elif isinstance(current, str) and _may_tell(key, current):
            if current.lstrip()[:1] in "[{" and seen < 100:
                waiting.extend((key, item) for item in json_values(current) if not isinstance(item, str))
            elif _is_running(current):
                yield current


def _may_tell(key: str, text: str) -> bool:
    return len(text) >= _ENOUGH and (not key or key in TEXT_KEYS or "</p>" in text)


def block_texts(value: object) -> Iterator[str]:
    """Yield the text of a list of blocks, a paragraph per line, where the value is one."""
    if isinstance(value, list):
        paragraphs = [text for item in value[:2000] if (text := _paragraph(item))]
        if len(paragraphs) > 2:
            yield "\n".join(paragraphs)


def _paragraph(item: object) -> str:
    """Return the text of one block of a block list: {"type": "paragraph", "content": "..."} and its kin."""
    if not isinstance(item, dict):
        return ""
    for key in ("text", "content", "value", "html", "data", "paragraph"):
        value = item.get(key)
        if isinstance(value, dict):
            value = value.get("text") or value.get("html") or value.get("content")
        if isinstance(value, str) and len(value) > 20 and "://" not in value[:12]:
            return squeezed(" ".join(plain_lines(value).split("\n")))
    return ""


def _is_running(text: str) -> bool:
    """Tell prose from code and data: few brackets outside its tags."""
    sample = _TAG.sub("", text[:6000])
    return len(sample) >= 100 and sum(map(sample.count, "{}[]<>;=\\")) * 40 < len(sample)


def plain_lines(text: str) -> str:
    """Return text without its tags and entities, a line per block."""
    if "&" in text:
        text = html.unescape(text)
    lines = (squeezed(_TAG.sub("", line)) for line in _BREAK.sub("\n", text).split("\n"))
    return "\n".join(line for line in lines if line)
