"""Links that were never closed: the tree lets them swallow the text behind them, whole or cloned block by block."""

from __future__ import annotations

from collections import Counter
from typing import Final

from selectolax.lexbor import LexborNode

_SENTENCE: Final = 60  # characters; with an end mark it is running text, of which a teaser holds one paragraph
ENDS: Final = (".", "!", "?", "…", "。", "։", "।", ".”", ".»", '."')
_MANY: Final = 2_000  # links on a page that are looked at
_FEW: Final = 2  # links that hold so much; more of them are cards, whose excerpts may have two paragraphs


def runaways(root: LexborNode) -> frozenset[str]:
    """Return the targets of links that hold two paragraphs or more, which no reader would take for a link."""
    held: Counter[str] = Counter()
    for link in root.css("a[href]")[:_MANY]:
        if len(link.text_lexbor()) >= _SENTENCE:  # nine links of ten hold less, and this costs half
            text = link.text(separator="\n")
            held[link.attributes.get("href") or ""] += sum(_is_running(piece.strip()) for piece in text.split("\n"))
    found = frozenset(href for href, paragraphs in held.items() if paragraphs > 1)
    return found if len(found) <= _FEW else frozenset()


def _is_running(text: str) -> bool:
    return len(text) >= _SENTENCE and text.endswith(ENDS)
