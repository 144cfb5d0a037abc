"""A page as lines and boxes: what one walk leaves behind, and all that every reader of a story looks at."""

from __future__ import annotations

from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

_HEADLINE = 400  # characters; what is longer is an h1 that was never closed


@dataclass(slots=True)
class Box:
    """A block element; `hints` are its own, `parent` an index (-1 above the root)."""

    parent: int
    tag: str
    hints: int
    words: str = ""


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

    `parents` are those of the boxes; `passed_over` counts the characters in boxes that were not read.
    """

    boxes: list[Box] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    images: list[Mark] = field(default_factory=list)
    times: list[Mark] = field(default_factory=list)
    authors: list[Mark] = field(default_factory=list)
    passed_over: int = 0

    def gathered(self, values: list[int]) -> list[int]:
        """Add what each box holds to all above it; return the same list."""
        parents = self.parents
        for index in range(len(parents) - 1, 0, -1):
            value = values[index]
            if value:
                values[parents[index]] += value
        return values

    def h1s(self) -> list[str]:
        """Return the text of each h1 in page order."""
        texts: dict[int, list[str]] = {}
        heads: dict[int, int] = {}  # each box of an h1, and the h1's own
        for at, box in enumerate(self.boxes):
            if box.tag == "h1":
                heads[at] = at
            elif heads and box.parent in heads and box.tag not in ("div", "article", "section"):
                heads[at] = heads[box.parent]
        for line in self.lines if heads else ():
            if line.box in heads:
                texts.setdefault(heads[line.box], []).append(line.text)
        return [text if len(text := " ".join(parts)) <= _HEADLINE else parts[0] for parts in texts.values()]
