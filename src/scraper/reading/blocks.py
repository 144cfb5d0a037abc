"""Tree in, lines out: every block of text a reader sees, with what stands around it, in one walk. No judgement here."""

from __future__ import annotations

from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from scraper.reading.hints import (
    ASIDES,
    BYLINE,
    DATE,
    FRAME,
    HIDDEN,
    JUNK,
    PARTED,
    SPAN_BLOCKS,
    TELLING,
    hints_from,
    hints_of,
    on_paragraph,
)
from scraper.reading.outline import Line, Mark, Outline
from scraper.reading.runaway import ENDS, runaways
from scraper.reading.tags import (
    BREAK,
    BUTTON,
    IMAGE,
    INLINE,
    LINK,
    LOOSE,
    SPAN,
    STRONG,
    TAGS,
    TEXT,
    TIGHT,
    TIME,
    UNREAD,
    Tag,
    tag_of,
)
from scraper.text import squeezed

_PARAGRAPH = 60  # linked characters of a line
_STAMPED = 10  # lines below the h1 in which a story is dated
_SIGNED = 2  # the same in which a footer is the story's
_FAR = 4  # boxes between an h1 and what holds it and the site's header both
_SMALL = 1500  # characters; a larger box is read even if its name says that it is none of the story
_NOTED = DATE | BYLINE


def outline_from(root: LexborNode | None) -> Outline:
    """Read the tree below `root`; small boxes of navigation, comments, promos and adverts are passed over."""
    return _read(root, ASIDES)


def full_outline_from(root: LexborNode | None) -> Outline:
    """Read the tree below `root`, whatever its boxes are called."""
    return _read(root, 0)


def _read(root: LexborNode | None, asides: int) -> Outline:
    outline = _walked(root, asides)
    if root is not None and sum(line.linked > _PARAGRAPH and line.text.endswith(ENDS) for line in outline.lines) > 1:
        unclosed = runaways(root)
        return _walked(root, asides, unclosed) if unclosed else outline
    return outline


def _walked(root: LexborNode | None, asides: int, unclosed: frozenset[str] = frozenset()) -> Outline:
    walk = _Walk(asides, unclosed)
    if root is not None:
        walk.prepare(root)
        walk.run(root)
    return walk.outline


def _above(node: LexborNode | None) -> Iterator[int]:
    while node is not None:
        yield node.mem_id
        node = node.parent


class _Walk:
    """One walk over a tree, without recursion: a page may be thousands of elements deep."""

    def __init__(self, asides: int, unclosed: frozenset[str]) -> None:
        self.outline = Outline([-1], ["body"], [0], [0], [0])
        self.lines = self.outline.lines
        self.asides = asides
        self.unclosed = unclosed  # targets of links that are read as plain text
        self.above_h1: dict[int, int] = {}  # the elements around the first h1, by how far above it they are
        self.nearing = -1  # the last of their boxes that was opened, and how far above
        self.away = 0
        self.h1_at = -1
        self.parts: list[str] = []
        self.linked = self.strong = self.box = self.links = self.strongs = 0  # the last two: elements that are open
        self.heeding = bool(unclosed)  # whether some link may be more than one
        self.captioned = True  # whether some picture has a caption

    def prepare(self, root: LexborNode) -> None:
        """Look ahead: for the first h1, and for whether links to authors and captions come at all."""
        if self.asides:
            self.above_h1 = {node: away for away, node in enumerate(_above(root.css_first("h1")))}
            self.nearing, self.away = 0, self.above_h1.get(root.mem_id, 0)
        self.heeding = self.heeding or root.css_first("a[rel*=author], a[name]:not([href])") is not None
        self.captioned = bool(root.parser.tags("figcaption"))  # half of what a selector costs

    def run(self, root: LexborNode) -> None:
        """Read everything below `root`: what stands here and in no method is done for each of a page's thousand nodes.

        White space between blocks is skipped in C; where that would glue two inline elements, a space is put.
        """
        stack: list[tuple[Iterator[LexborNode], int, bool]] = []
        children, loose = root.iter(include_text=True, skip_empty=True), True
        closed, plain = False, STRONG if self.heeding else LINK  # `closed`: an inline element ended here
        while True:
            for node in children:
                tag = TAGS.get(node.tag_id) or tag_of(node)
                kind = tag.kind
                if kind == TEXT:
                    self.told(node)
                    closed = False
                    continue
                if kind <= BUTTON:
                    if kind == UNREAD or not self.opens_picture(node):
                        continue
                    kind = LOOSE
                child = node.first_child
                if child is None or kind <= IMAGE:
                    self.void(node, kind)
                    continue
                opening = -kind if kind <= plain else self.opened(node, tag)
                if opening is None:
                    continue
                if opening < 0:
                    if closed and loose:
                        self.parts.append(" ")
                    if opening == -LINK:
                        self.links += 1
                    elif opening == -STRONG:
                        self.strongs += 1
                if not child.is_text_node or child.next is not None:
                    break
                self.told(child)  # half of all elements hold one text and nothing else
                closed = self.closed(opening)
            else:
                if not stack:
                    break
                children, opening, loose = stack.pop()
                closed = self.closed(opening)
                continue
            closed = False
            stack.append((children, opening, loose))
            loose = kind == LOOSE
            children = node.iter(True, loose)
        self.flush()
        self.outline.ends[0] = len(self.lines)

    def told(self, node: LexborNode) -> None:
        """Add a text to the line."""
        text = node.text_content or ""
        self.parts.append(text)
        if self.links:
            self.linked += len(text)
        if self.strongs:
            self.strong += len(text)

    def closed(self, opened: int) -> bool:
        """Go back to the box that was left for a block, and tell whether an inline element ended instead."""
        if opened < 0:
            if opened == -LINK:
                self.links -= 1
            elif opened == -STRONG:
                self.strongs -= 1
            return True
        if self.parts:
            self.flush()
        self.outline.ends[self.box] = len(self.lines)
        self.box = opened
        return False

    def void(self, node: LexborNode, kind: int) -> None:
        """Note what holds nothing: a line break, a picture, an empty block."""
        if kind == IMAGE:
            self.outline.images.append(Mark(node, 0, self.box, len(self.lines)))
        elif kind == BREAK:
            self.flush(breaks=1)
        elif kind >= TIGHT and self.parts:
            self.flush()

    def opened(self, node: LexborNode, tag: Tag) -> int | None:
        """Return what is closed behind the element: the box it stands in, or minus its kind; None to pass it over."""
        if tag.kind == LINK:
            return self.linking(node)
        attributes, words, hints = node.attributes, "", 0
        if attributes:
            words = attributes.get("class") or ""
            hints = hints_from(words) if words and len(attributes) == 1 else hints_of(attributes)
        if hints & _NOTED or tag.kind == TIME:
            self.note(node, tag.kind, hints)
        if TIME <= tag.kind <= SPAN:
            if tag.kind == TIME or not hints & SPAN_BLOCKS:
                return -tag.kind
            if hints & HIDDEN and self.asides:
                return None
        hints |= tag.hints
        if hints & PARTED and tag.kind == TIGHT:
            hints = on_paragraph(hints, tag.name)
        if self.parts:
            self.flush()
        if (self.away or hints & self.asides) and self.is_aside(node, hints):
            return None
        outer, outline = self.box, self.outline
        self.box = len(outline.parents)
        outline.parents.append(outer)
        outline.tags.append(tag.name)
        outline.hints.append(hints)
        outline.starts.append(len(self.lines))
        outline.ends.append(0)
        if hints:
            outline.words[self.box] = words
        return outer

    def linking(self, node: LexborNode) -> int:
        """Return what a link counts as, and note one that leads to an author."""
        attributes = node.attributes
        href = attributes.get("href")
        if href in self.unclosed or (href is None and "name" in attributes):  # a named place, often left open
            return -INLINE
        if "author" in (attributes.get("rel") or ""):
            self.outline.authors.append(Mark(node, BYLINE, self.box, len(self.lines)))
        return -LINK

    def opens_picture(self, button: LexborNode) -> bool:
        """Tell whether the button holds a caption, and note the picture of one that holds only that."""
        pictures = button.css("img, figcaption")
        if any(picture.tag == "figcaption" for picture in pictures):
            return True
        for picture in pictures[:1]:
            self.void(picture, IMAGE)
        return False

    def note(self, node: LexborNode, kind: int, hints: int) -> None:
        mark = Mark(node, hints, self.box, len(self.lines) + bool(self.parts))
        if kind == TIME or hints & DATE:
            self.outline.times.append(mark)
        if hints & BYLINE:
            self.outline.authors.append(mark)

    def is_aside(self, node: LexborNode, hints: int) -> bool:
        """Tell whether the box is passed over: by its name, or as one that stands far above the page's first h1."""
        if self.away:
            if (away := self.above_h1.get(node.mem_id)) is not None:
                self.nearing, self.away = len(self.outline.parents), away
                self.h1_at = len(self.lines) if away == 0 else self.h1_at
                return False
            if self.box == self.nearing and self.away >= _FAR and self.is_small(node, 2 * _SMALL):
                return True
        if node.tag == "footer" and self.h1_at >= 0 and len(self.outline.lines) <= self.h1_at + _SIGNED:
            return False  # right below the h1 it says who wrote the story and when, as Drupal's do
        if not hints & self.asides or hints & TELLING or not self.is_small(node, _SMALL, hints):
            return False
        if 0 <= self.h1_at <= len(self.lines) <= self.h1_at + _STAMPED:  # a date stands in many an aside there
            for time in node.css("time"):
                self.note(time, TIME, 0)
        return True

    def is_small(self, node: LexborNode, least: int, hints: int = 0) -> bool:
        """Tell whether the box holds little text; a widget by its name with a captioned picture is of the story."""
        size = len(node.text_lexbor())  # half the cost of text(), which takes it piece by piece
        if size >= least:
            return False
        behind = self.h1_at >= 0 or not self.above_h1
        if self.captioned and hints & (JUNK | FRAME) and behind and _is_captioned(node, size):
            return False
        self.outline.passed_over += size
        return True

    def flush(self, breaks: int = 0) -> None:
        """End the line."""
        text = "".join(self.parts).strip()
        plain = text.isprintable()
        if not plain or "  " in text:  # most lines need nothing: no white space but the blank is printable
            text = " ".join(text.split())
            plain = text.isprintable()
        if breaks and not text and self.lines:
            self.lines[-1].breaks += 1
        if text:
            text = text if plain else squeezed(text)
            self.lines.append(Line(text, self.linked, self.strong, self.box, breaks))
        self.parts.clear()
        self.linked = self.strong = 0


def _is_captioned(node: LexborNode, size: int) -> bool:
    """Tell whether the box of so many characters holds a picture's caption, and most of its words lead nowhere."""
    return node.css_first("figcaption") is not None and 2 * sum(len(link.text()) for link in node.css("a")) < size
