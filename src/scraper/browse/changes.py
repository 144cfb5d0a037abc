"""Two texts compared: paragraph by paragraph, and word by word where a paragraph was changed. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
# difflib is quadratic: 3,000 words that share few take 0.2 s, longer ones are shown whole, before and after
_MOST_WORDS = 3000

Kind = Literal["same", "gone", "new"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that stands in both, only in the old one, or only in the new one."""

    kind: Kind
    text: str


def changes(old: str, new: str) -> tuple[tuple[Piece, ...], ...]:
    """Return the paragraphs of both texts in reading order, each as pieces; a blank line ends a paragraph."""
    before, after = old.split("\n\n"), new.split("\n\n")
    found: list[tuple[Piece, ...]] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [(Piece("same", text),) for text in before[i1:i2]]
        else:
            found += _replaced(before[i1:i2], after[j1:j2])
    return tuple(found)


def _replaced(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[Piece, ...]]:
    for old, new in zip(before, after, strict=False):
        yield tuple(_words(old, new))
    yield from ((Piece("gone", text),) for text in before[len(after):])
    yield from ((Piece("new", text),) for text in after[len(before):])


def _words(old: str, new: str) -> Iterator[Piece]:
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if max(len(before), len(after)) > _MOST_WORDS:
        yield from (Piece("gone", old), Piece("new", new))
        return
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(before[i1:i2]))
            continue
        if i2 > i1:
            yield Piece("gone", "".join(before[i1:i2]))
        if j2 > j1:
            yield Piece("new", "".join(after[j1:j2]))
