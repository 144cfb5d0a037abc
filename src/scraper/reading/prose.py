"""Story in, text out: paragraphs parted by blank lines, the kinds of blocks as offsets, shortcodes taken out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scraper.reading.body import Story
from scraper.reading.density import HEADINGS
from scraper.reading.hints import LIST, QUOTE, TABLE
from scraper.records import Block, BlockKind, Image

_CAPTION = re.compile(r"\[caption\b[^\[\]]{0,400}\](.{0,2000}?)\[/caption\]", re.DOTALL)
# names of shortcodes only: an editor's [sic] or [laughs] is text
_SHORTCODE = re.compile(
    r"\[/?(?:caption|gallery|embed|video|audio|playlist|soundcloud|youtube|twitter|instagram|contact-form(?:-\d+)?"
    r"|vc_\w+|et_pb_\w+|su_\w+|fusion_\w+|av_\w+|ads?|adrotate|shortcode|button|toc|wp_\w+)\b[^\[\]]{0,400}\]"
    r"|\$\$[A-Z_]{2,20}\$\$|\{\{[^{}]{1,60}\}\}"
)
_STAMP = re.compile(  # stands in the text's first line where an inline element holds it
    r"^\d{1,2}[./-]\d{1,2}[./-]\d{4}(?:,?\s\d{1,2}:\d{2}(?::\d{2})?[\s|/–—-]*|(?=[^\W\d_]))(?=\W*[^\W\d_])"
)
_ELLIPSES = ("...", "…", "&hellip;")
_GOES_ON = (
    "continue reading", "read more", "читать далее", "davomi", "weiterlesen", "lire la suite", "leer más",
    "sigue leyendo", "читайте далее",
)  # fmt: skip
_CUT_MARK = re.compile(
    r"(?:\.\.\.|…|\[(?:\.\.\.|…|&hellip;)\])\s*$"
    rf"|(?:{'|'.join(_GOES_ON)}|davomini o['‘ʻ]?qish)\b.{{0,80}}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Prose:
    """A story's text, its blocks, and the captions that stood in it as shortcodes; of script state the images too."""

    text: str
    blocks: tuple[Block, ...] = ()
    captions: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()


@dataclass(slots=True)
class _Piece:
    text: str
    kind: BlockKind
    level: int | None
    box: int


def prose_from(story: Story) -> Prose:
    """Join the chosen lines: list items and lines parted by one <br> with a line break, blocks with a blank line."""
    return _joined(list(_pieces(story)))


def prose_from_text(text: str) -> Prose:
    """Return plain text, as script data hold it, as prose: a paragraph per line."""
    lines = (line.strip() for line in text.split("\n"))
    return _joined([_Piece(line, "paragraph", None, -1 - index) for index, line in enumerate(lines) if line])


def is_cut(text: str) -> bool:
    """Tell whether the text ends in a mark that says it goes on elsewhere."""
    end = text[-200:]
    lowered = end.lower()  # the pattern alone costs ten times as much
    return any(map(lowered.__contains__, (*_ELLIPSES, *_GOES_ON))) and _CUT_MARK.search(end) is not None


def _pieces(story: Story) -> list[_Piece]:
    lines = story.page.outline.lines
    pieces: list[_Piece] = []
    last = -2
    for index in story.chosen:
        line = lines[index]
        kind, level, holder = _kind(story, line.box)
        before = pieces[-1] if pieces else None
        if before is not None and last == index - 1 and lines[last].breaks == 1 and lines[last].box == line.box:
            before.text += "\n" + line.text
        elif before is not None and kind in ("list", "table") and before.kind == kind and before.box == holder:
            same_row = kind == "table" and _row(story, line.box) == _row(story, lines[last].box)
            before.text += (" | " if same_row else "\n") + line.text
        else:
            pieces.append(_Piece(line.text, kind, level, holder))
        last = index
    if pieces and pieces[0].kind == "paragraph":
        pieces[0].text = _STAMP.sub("", pieces[0].text, count=1) or pieces[0].text
    return pieces


def _kind(story: Story, box: int) -> tuple[BlockKind, int | None, int]:
    """Return the kind of the line in this box, a heading's level, and the box that holds the whole block."""
    outline = story.page.outline
    tags, parents = outline.tags, outline.parents
    if tags[box] in HEADINGS:
        return "heading", int(tags[box][1]), box
    at = box
    while at >= 0 and at != story.top:
        hints, tag = outline.hints[at], tags[at]
        if tag == "pre":
            return "code", None, at
        if hints & LIST and tag in ("ul", "ol", "dl"):
            return "list", None, at
        if hints & QUOTE and tag == "blockquote":
            return "quotation", None, at
        if hints & TABLE and tag == "table":
            return "table", None, at
        at = parents[at]
    return "paragraph", None, box


def _row(story: Story, box: int) -> int:
    tags, parents = story.page.outline.tags, story.page.outline.parents
    while box >= 0 and tags[box] != "tr":
        box = parents[box]
    return box


def _joined(pieces: list[_Piece]) -> Prose:
    captions: list[str] = []
    texts: list[str] = []
    blocks: list[Block] = []
    at = 0
    for piece in _unshortened(pieces, captions):
        start, end = at, at + len(piece.text)
        if piece.kind != "paragraph":
            blocks.append(Block(piece.kind, start, end, piece.level))
        texts.append(piece.text)
        at = end + 2
    return Prose("\n\n".join(texts), tuple(blocks), tuple(captions))


def _unshortened(pieces: list[_Piece], captions: list[str]) -> list[_Piece]:
    kept: list[_Piece] = []
    for piece in pieces:
        if "[" in piece.text or "$$" in piece.text or "{{" in piece.text:
            captions.extend(text for match in _CAPTION.finditer(piece.text) if (text := match[1].strip()))
            piece.text = _SHORTCODE.sub("", _CAPTION.sub("", piece.text)).strip()
        if piece.text:
            kept.append(piece)
    return kept
