"""The story's text in script data: JSON-LD, Next.js and other state, for pages whose markup holds none."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

from scraper.document import names
from scraper.scriptdata import Json, json_values
from scraper.text import squeezed

_BREAK = re.compile(r"<(?:br|/p|/div|/h[1-6]|/li|p|li)\b[^<>]{0,300}>|\n", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{1,2000}>")
TEXT_KEYS = names(
    "articlebody body content text html bodyhtml body_html contents paragraphs articlecontent article_body maintext"
    " story bodytext value contenthtml rendered"
)
_MAX_NODES = 100_000
_LEAVES = 200  # of one paragraph
_LEAVES_DEEP = 4  # a paragraph in an item in a list in a quotation
_ENOUGH = 300  # characters of running text in script data worth having


def text_from_data(data: Json) -> str:
    """Return the text of a JSON-LD article, a paragraph per line; "" where it has none."""
    for key in ("articleBody", "text"):
        value = data.get(key)
        if isinstance(value, str) and len(value) >= _ENOUGH:
            return plain_lines(value)
    return ""


def running_texts(values: Iterable[object]) -> list[str]:
    """Return each running text in script state once, as it stands there (HTML or plain), longest first."""
    texts = dict.fromkeys(text for value in values for text in _texts(value))
    sizes = {text: len(plain_lines(text)) for text in texts}
    return sorted((text for text in texts if sizes[text] > _ENOUGH), key=lambda text: -sizes[text])


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
    """Yield the text of a list of blocks, a paragraph per line, where the value is one, or an object that holds one."""
    if isinstance(value, dict):
        for member in value.values():
            yield from block_texts(member) if isinstance(member, list) else ()
    elif isinstance(value, list):
        paragraphs = [text for item in value[:2000] if (text := _paragraph(item))]
        typed = all(isinstance(item, dict) and "type" in item for item in value[:2000])
        if len(paragraphs) > (0 if typed else 2):
            yield "\n".join(paragraphs)


def _paragraph(item: object) -> str:
    """Return the text of one block of a block list: {"type": "paragraph", "content": "..."} and its kin."""
    if not isinstance(item, dict):
        return ""
    leaves = item.get("children") or item.get("content")
    if isinstance(leaves, list):  # of an editor's tree: marks and links part a paragraph into leaves
        return squeezed("".join(_leaves(leaves, _LEAVES_DEEP)))
    for key in ("text", "content", "value", "html", "data", "paragraph"):
        value = item.get(key)
        if isinstance(value, dict):
            value = value.get("text") or value.get("html") or value.get("content")
        if isinstance(value, str) and len(value) > 20 and "://" not in value[:12]:
            return squeezed(" ".join(plain_lines(value).split("\n")))
    return ""


def _leaves(nodes: list[object], depth: int) -> Iterator[str]:
    for node in nodes[:_LEAVES]:
        if isinstance(node, dict):
            inner = node.get("children") or node.get("content")
            if isinstance(node.get("text"), str):
                yield str(node["text"])
            elif isinstance(inner, list) and depth:
                yield from _leaves(inner, depth - 1)


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
