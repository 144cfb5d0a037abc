"""Two texts word by word: what stayed, what went, what came. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_WORDS = re.compile(r"\S+")
_BREAK = re.compile(r"\n\s*\n")
_LONGEST = 4000  # words of a paragraph compared one by one: the comparison is quadratic


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that are in both texts, only in the old one ("gone"), or only in the new one ("new")."""

    kind: Literal["same", "gone", "new"]
    text: str


Paragraph = tuple[Piece, ...]


def word_diff(old: str, new: str) -> Iterator[Paragraph]:
    """Yield the paragraphs of both texts in reading order, each as pieces; paragraphs that match are one piece."""
    before, after = _paragraphs(old), _paragraphs(new)
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from ((Piece("same", text),) for text in before[i:j])
        else:
            yield from _changed(before[i:j], after[k:m])


def is_changed(paragraph: Paragraph) -> bool:
    """Tell whether anything went or came."""
    return any(piece.kind != "same" for piece in paragraph)


def _paragraphs(text: str) -> list[str]:
    return [" ".join(part.split()) for part in _BREAK.split(text) if part.strip()]


def _changed(before: Sequence[str], after: Sequence[str]) -> Iterator[Paragraph]:
    """Yield what became of a run of paragraphs: those side by side are compared, those left over went or came."""
    for old, new in zip(before, after, strict=False):
        yield tuple(_pieces(old, new))
    yield from ((Piece("gone", text),) for text in before[len(after):])
    yield from ((Piece("new", text),) for text in after[len(before):])


def _pieces(old: str, new: str) -> Iterator[Piece]:
    mine, theirs = _WORDS.findall(old), _WORDS.findall(new)
    if max(len(mine), len(theirs)) > _LONGEST:
        yield from (Piece("gone", old), Piece("new", new))
        return
    for tag, i, j, k, m in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("same", " ".join(mine[i:j]))
            continue
        if j > i:
            yield Piece("gone", " ".join(mine[i:j]))
        if m > k:
            yield Piece("new", " ".join(theirs[k:m]))
