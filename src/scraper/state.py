"""The story's text in script data: JSON-LD, Next.js and other state, for pages whose markup holds none."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator

from scraper.document import Document, Json, json_values
from scraper.text import squeezed

_STATE = re.compile(r"^\s*(?:window\.|self\.|var |let |const |globalThis\.)?[\w.$\[\]\"']{1,60}\s*=\s*(?=[{\[])")
_PUSHED = re.compile(r"self\.__next_f\.push\(\s*(?=\[)")
_BREAK = re.compile(r"<(?:br|/p|/div|/h[1-6]|/li|p|li)\b[^<>]{0,300}>|\n", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{1,2000}>")
_TEXT_KEYS = frozenset(
    "articlebody body content text html bodyhtml body_html contents paragraphs articlecontent article_body maintext story"
    " description_full bodytext value contenthtml rendered".split(" ")
)
_MAX_NODES = 200_000
_ENOUGH = 300  # characters of running text in script data worth having


def text_from_data(data: Json) -> str:
    """Return the text of a JSON-LD article, a paragraph per line; "" where it has none."""
    for key in ("articleBody", "text"):
        value = data.get(key)
        if isinstance(value, str) and len(value) >= _ENOUGH:
            return _plain_lines(value)
    return ""


def text_from_state(document: Document, headline: str) -> str:
    """Return the longest running text in the page's script state, a paragraph per line; "" where there is none."""
    best = ""
    for node in document.scripts:
        kind = (node.attributes.get("type") or "").lower()
        if kind and "json" not in kind and "javascript" not in kind:
            continue
        for value in _values(node.text(), kind):
            for text in _texts(value):
                if len(text) > len(best):
                    best = text
    return best if len(best) >= _ENOUGH else ""


def _values(script: str, kind: str) -> list[object]:
    if len(script) < _ENOUGH:
        return []
    if "json" in kind and "ld+json" not in kind:
        return json_values(script)
    pushed = _PUSHED.match(script)
    if pushed is not None:
        return json_values(script[pushed.end() :])
    match = _STATE.match(script)
    return json_values(script[match.end() :]) if match else []


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
            paragraphs = [text for item in current[:2000] if (text := _paragraph(item))]
            if len(paragraphs) > 2:
                yield "\n".join(paragraphs)
            waiting.extend((key, item) for item in current)
        elif isinstance(current, str) and len(current) >= _ENOUGH and (key in _TEXT_KEYS or "</p>" in current or key == ""):
            if current.lstrip().startswith(("{", "[")) and len(current) < 4_000_000:
                waiting.extend((key, item) for item in json_values(current))
            else:
                text = _plain_lines(current)
                if _is_running(text):
                    yield text


def _paragraph(item: object) -> str:
    """Return the text of one block of a block list: {"type": "paragraph", "content": "..."} and its kin."""
    if not isinstance(item, dict):
        return ""
    for key in ("text", "content", "value", "html", "data", "paragraph"):
        value = item.get(key)
        if isinstance(value, dict):
            value = value.get("text") or value.get("html") or value.get("content")
        if isinstance(value, str) and len(value) > 20 and "://" not in value[:12]:
            return squeezed(" ".join(_plain_lines(value).split("\n")))
    return ""


def _is_running(text: str) -> bool:
    """Tell prose from code and data: few brackets, words parted or an unspaced script."""
    sample = text[:4000]
    return sum(map(sample.count, "{}[]<>;=\\")) * 50 < len(sample)


def _plain_lines(text: str) -> str:
    if "&" in text:
        text = html.unescape(text)
    lines = (squeezed(_TAG.sub("", line)) for line in _BREAK.sub("\n", text).split("\n"))
    return "\n".join(line for line in lines if line)
