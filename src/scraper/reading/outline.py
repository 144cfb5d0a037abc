"""A page as lines and boxes: what one walk leaves behind, and all that every reader of a story looks at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate

from selectolax.lexbor import LexborNode

_HEADLINE = 400  # characters; what is longer is an h1 that was never closed


@dataclass(slots=True)
class Line:
    """A run of text that a reader sees as one block.

    `linked` counts the characters inside links, `strong` those in bold, `breaks` the <br> that ended it.
    """

    text: str
    linked: int
    strong: int
    box: int
    breaks: int = 0


@dataclass(slots=True)
class Mark:
    """A node to come back to: its own hints, the box it stands in, the line it precedes."""

    node: LexborNode
    hints: int
    box: int
    at: int


@dataclass(slots=True)
class Outline:
    """A page as lines and boxes, with the nodes other readers want, each with the line it precedes.

    A box is a block element, known by its number: `parents`, `tags`, `hints` (its own) and its lines, from `starts` to
    before `ends`, are lists of one length; `words` are those of its class, where it is said to be anything. The root
    is box 0, with parent -1; boxes are numbered as they begin. `passed_over` counts the characters in boxes that were
    not read.
    """

    parents: list[int] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    hints: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    words: dict[int, str] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    images: list[Mark] = field(default_factory=list)
    times: list[Mark] = field(default_factory=list)
    authors: list[Mark] = field(default_factory=list)
    passed_over: int = 0

    def sums(self, values: Iterable[int]) -> list[int]:
        """Return of each box the sum of what its lines have, given a value a line."""
        totals = [0, *accumulate(values)]
        return [totals[end] - totals[start] for start, end in zip(self.starts, self.ends, strict=True)]

    def within(self, root: int) -> range:
        """Return the box and those below it, which follow it."""
        parents, end = self.parents, root + 1
        while end < len(parents) and parents[end] >= root:
            end += 1
        return range(root, end)

    def tagged(self, tag: str) -> list[int]:
        """Return the boxes of this tag, in page order."""
        return [at for at, name in enumerate(self.tags) if name == tag] if tag in self.tags else []

    def h1s(self) -> list[str]:
        """Return the text of each h1 in page order."""
        texts: dict[int, list[str]] = {}
        heads: dict[int, int] = {}  # each box of an h1, and the h1's own
        inside = range(0)
        for h1 in self.tagged("h1"):
            if h1 in inside:
                continue
            inside = self.within(h1)
            for at in inside:
                if self.tags[at] == "h1":
                    heads[at] = at
                elif self.parents[at] in heads and self.tags[at] not in ("div", "article", "section"):
                    heads[at] = heads[self.parents[at]]
            for line in self.lines[self.starts[h1] : self.ends[h1]]:
                if line.box in heads:
                    texts.setdefault(heads[line.box], []).append(line.text)
        return [text if len(text := " ".join(parts)) <= _HEADLINE else parts[0] for parts in texts.values()]
