"""What a source's selectors find; one that finds nothing leaves its field as if none were given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborNode, SelectolaxError

from scraper.document import Document
from scraper.source import Layout, Source
from scraper.text import squeezed

_ENOUGH = 200  # characters in the box a body selector names; with less it has found something else


def layout_from(source: Source | None, fetched: datetime) -> Layout:
    """Return the layout of the day the page was fetched, in the source's zone; an empty one where none is declared."""
    if source is None or not source.layouts:
        return Layout()
    day = fetched.astimezone(ZoneInfo(source.timezone)).date()
    standing = [layout for layout in source.layouts if layout.until is None or day <= layout.until]
    return min(standing, key=lambda layout: (layout.until is None, layout.until or day), default=Layout())


def selected_text(document: Document, selector: str | Callable[[object], str | None] | None) -> str | None:
    """Return the text of the first node found, or what the source's own function makes of the tree."""
    if selector is None:
        return None
    if not isinstance(selector, str):
        return selector(document.tree)
    nodes = selected(document, selector)
    return squeezed(nodes[0].text(separator=" ")) or None if nodes else None


def selected_body(document: Document, selector: str | None) -> LexborNode | None:
    """Return the node that holds the story's text."""
    for node in selected(document, selector):
        if len(node.text()) >= _ENOUGH:
            return node
    return None


def selected(document: Document, selector: str | None) -> list[LexborNode]:
    """Return the nodes found, in page order; a selector that is none finds nothing."""
    if selector is None:
        return []
    try:
        return document.tree.css(selector)
    except SelectolaxError:
        return []
