"""Markup and tree as a browser shows them, before anyone reads them: shadow roots opened, seen line ends as <br>."""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

_TEMPLATE = re.compile(
    r"<!--.*?(?:-->|\Z)|<script\b.*?(?:</script|\Z)|<(?P<closing>/?)template\b[^<>]*>", re.DOTALL | re.IGNORECASE
)
_PRESERVED = re.compile(r"white-space(?:-collapse)?\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)
_BLANK = re.compile(r"\n[^\S\n]*\n\s*")
_END = re.compile(r"\n")
_SENTENCE: Final = 60  # characters; with an end mark it is running text, which code is not
_ENDS: Final = (".", "!", "?", "…", "。", "։", "।", "۔", "؟", '"', "”", "»")
_MOST: Final = 20_000  # line ends of a page that are looked at


def shadows_opened(markup: str) -> str:
    """Return the markup with each declarative shadow root as a box of its host's content (HTML, 4.12.3).

    A template's content is none of the tree; what stands in other templates stays unread.
    """
    if "shadowrootmode=" not in markup:
        return markup
    roots: list[bool] = []  # of the templates that are open

    def written(match: re.Match[str]) -> str:
        tag, closing = match[0], match["closing"]
        if closing is None:
            return tag
        if not closing:
            roots.append("shadowrootmode" in tag)
            return "<div>" if roots[-1] else tag
        return "</div>" if roots and roots.pop() else tag

    return _TEMPLATE.sub(written, markup)


def break_lines(tree: LexborHTMLParser) -> None:
    """Put <br> where a text in `<pre>`, or whose own style keeps white space, shows its line ends.

    Blank lines part it, and single line ends where there are none; a `<pre>` that is no running text stays as it is.
    """
    inner: set[int] = set()
    left = _MOST
    for box in tree.css('pre, [style*="white-space"]'):
        if box.mem_id in inner or not _keeps_lines(box):  # one inside another may be gone
            continue
        nodes = list(box.traverse(include_text=True))
        inner.update(node.mem_id for node in nodes)
        parting = _parting(box)
        if parting is None:
            continue
        for node in nodes:
            pieces = parting.split(node.text_content or "") if node.is_text_node else []
            left -= len(pieces)
            if len(pieces) > 1 and any(pieces) and left >= 0:
                _part(tree, node, pieces, 2 if parting is _BLANK else 1)
        if box.tag == "pre":
            _rename(tree, box)


def _keeps_lines(box: LexborNode) -> bool:
    return box.tag == "pre" or _PRESERVED.search(box.attributes.get("style") or "") is not None


def _parting(box: LexborNode) -> re.Pattern[str] | None:
    """Return what parts the text of the box, None where nothing does."""
    text = box.text().strip()
    if "\n" not in text:
        return None
    parting = _BLANK if _BLANK.search(text) else _END
    pieces = [piece.rstrip() for piece in parting.split(text)]
    running = sum(len(piece) >= _SENTENCE and piece.endswith(_ENDS) for piece in pieces)
    return parting if box.tag != "pre" or 2 * running >= len(pieces) else None


def _part(tree: LexborHTMLParser, node: LexborNode, pieces: list[str], breaks: int) -> None:
    for at, piece in enumerate(pieces):
        for _ in range(breaks if at else 0):
            node.insert_before(tree.create_node("br"))
        if piece:
            node.insert_before(piece)
    node.decompose()


def _rename(tree: LexborHTMLParser, box: LexborNode) -> None:
    """Make a box of a `<pre>` that holds a story: it is no code."""
    box.insert_before(tree.create_node("div"))
    renamed = box.prev
    if renamed is not None:
        for child in box.iter(include_text=True):
            renamed.insert_child(child)
        box.decompose()
