"""The pictures of a story: address, caption, credit, alt text and size, in page order, cover first."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborNode

from scraper.reading.body import Story
from scraper.reading.hints import ASIDE, BIO, BYLINE, CAPTION, COMMENT, CREDIT, FIGURE, FRAME, HIDDEN, JUNK
from scraper.reading.outline import Mark
from scraper.reading.pictured import CREDIT_LABEL, told_by_link
from scraper.reading.stamplines import gives_minute, is_signed, says_when
from scraper.records import Image, Role
from scraper.text import squeezed
from scraper.urls import absolute

_NEVER = COMMENT | HIDDEN | BIO | BYLINE
_ELSEWHERE = _NEVER | JUNK | FRAME | ASIDE
_SOURCES = ("src", "data-src", "data-original", "data-lazy", "data-url", "data-image")
_DECORATION = (
    "logo", "icon", "avatar", "sprite", "pixel", "spacer", "blank", "placeholder", "1x1", "emoji", "gravatar"
)  # fmt: skip
_NO_PICTURE = re.compile(rf"\.svg(?:$|\?)|(?:^|[/_.-])(?:{'|'.join(_DECORATION)})", re.IGNORECASE)
_GALLERY = ("galler", "slide", "carousel", "swiper")
_CREDIT = re.compile(
    r"(?:^|[\s.|(/–—-])\(?(?:(?:photo|foto|фото|picture|image|credit|bild|quelle|source|crédit|crédito|surat|photograph|rasm)s?"
    r"(?:\s(?:by|credit|von|de))?\s?:|©|\(c\))\s?(?P<credit>[^()]{2,100}?)\)?\s*$",
    re.IGNORECASE,
)
_PARTED = re.compile(r"(.{8,}?)\s+[/|©]\s*(.{2,60})$")
_SOURCE = re.compile(r"(?:source|quelle|fuente|fonte|bron|źródło|источник|manba)\s?:", re.IGNORECASE)
_CREDIT_LINE = 80  # characters of a line beside the caption; a longer one is of it
_TINY = 60  # pixels; icons, avatars and counters are smaller
_LABEL = 3  # times a text stands below pictures that is a button's or a label
_LOOSE_END = re.compile(r"\s[–—-]{1,3}$")  # what parted it from the credit; a dash that ends a word is the caption's
_BYLINE = 60  # characters of who wrote the story that a card shows
_REACH = 12  # lines above the headline and below the text in which its pictures stand


@dataclass(slots=True)
class _Caption:
    box: int
    at: int
    texts: list[str]
    credits: list[str]

    def parted(self) -> tuple[str | None, str | None]:
        """Return caption and credit: what is marked as credit, or stands beside the longest line, is that."""
        told = [text for text in self.texts if not _is_credit(text)] or self.texts
        text = max(told, key=len, default="")
        others = [other for other in self.texts if other is not text]
        names = [*self.credits, *(other for other in others if len(other) <= _CREDIT_LINE)]
        text = " ".join(other for other in self.texts if other is text or len(other) > _CREDIT_LINE)
        parted = _PARTED.match(text)
        if parted is not None and not names and parted[1].count("(") == parted[1].count(")"):
            text, names = parted[1], [parted[2]]
        match = _CREDIT.search(text)
        if match is not None and not names:
            names = [match["credit"].strip()]
        if match is not None:
            rest = text[: match.start()]
            rest = rest.strip(" .|(/–—-") if match.start() < 15 else rest.rstrip(" |(/–—-")
            text = rest or text  # a line that is nothing but a credit is the caption all the same, as printed
        if _SOURCE.match(text):
            text, names = "", names or [text]
        return _LOOSE_END.sub("", text) or None, " ".join(dict.fromkeys(names)) or None


def _is_credit(text: str) -> bool:
    match = _CREDIT.search(text)
    return match is not None and match.start() == 0


def images_from(story: Story, base: str) -> tuple[Image, ...]:
    """Return the story's images; a caption that no image goes with is an image without an address."""
    low, high = _region(story)
    inside = story.page.outline.within(story.top)
    captions = list(_captions(story, low, high, inside))
    at = story.page.headline_at
    headline = story.page.outline.lines[at].text if at >= 0 else ""
    found: list[tuple[int, Image]] = []
    for mark in story.page.outline.images:
        box, at = mark.box, mark.at
        if at > story.last and box not in inside:  # a card of another story
            continue
        if low <= at <= high and not story.page.inherited[box] & (_NEVER if box in inside else _ELSEWHERE):
            image = _image(mark.node, base)
            if image is not None:
                image = _captioned(image, story, mark, captions)
                image = image if image.caption else replace(image, caption=told_by_link(mark.node, headline))
                found.append((at, replace(image, role=_role(story, box, at))))
    for caption in captions:
        text, credit = caption.parted()
        if text is not None:
            found.append((caption.at, Image(0, None, caption=text, credit=credit)))
    found.sort(key=lambda each: each[0])
    return _numbered(image for _, image in found)


def _region(story: Story) -> tuple[int, int]:
    start = story.page.headline_at if story.page.headline_at >= 0 else story.first
    end = story.last + 1
    while end in story.page.pictured:
        end += 1
    return min(start, story.first) - _REACH, end + 2


def _captions(story: Story, low: int, high: int, inside: range) -> Iterator[_Caption]:
    """Yield the captions of the region, the lines of one holder as one."""
    page, lines = story.page, story.page.outline.lines
    chosen = frozenset(story.chosen)
    found: dict[tuple[int, int], _Caption] = {}
    starts: dict[int, list[int]] = {}
    for mark in page.outline.images:
        starts.setdefault(mark.box, []).append(mark.at)
    for index in range(max(low, 0), min(high + 1, len(lines))):
        line = lines[index]
        hints, pictured = page.inherited[line.box], index in page.pictured and index < high - 2
        own = line.box in inside or (hints & FIGURE and index <= story.last)
        if not (hints & CAPTION or pictured) or hints & (_NEVER if own else _ELSEWHERE) or index in chosen:
            continue
        if index > story.last and index in page.beside:
            continue
        if _is_stamp(line.text, named=bool(hints & CAPTION)):
            continue
        box = line.box
        while (up := page.outline.parents[box]) >= 0 and page.inherited[up] & CAPTION:
            box = up
        place = box, bisect_right(starts.get(box, ()), index)  # one box may hold several pictures and their captions
        caption = found.setdefault(place, _Caption(box, index, [], []))
        bare = pictured and page.outline.tags[line.box] == "p" and not hints & CAPTION
        if bare and (label := CREDIT_LABEL.match(line.text)):
            caption.credits.append(line.text[label.end() :].strip())
        else:
            (caption.credits if hints & CREDIT else caption.texts).append(line.text)
    told = Counter(text for caption in found.values() for text in caption.texts)
    for caption in found.values():
        caption.texts = [text for text in caption.texts if told[text] < _LABEL and not _is_furniture(text)]
        if caption.texts or caption.credits:
            yield caption


def _is_stamp(text: str, *, named: bool) -> bool:
    """Tell whether the line says when, and where no name calls it a caption but a few words besides."""
    if sum(map(str.isalpha, text)) <= sum(map(str.isdigit, text)):
        return True
    return says_when(text) and (gives_minute(text) or not named)


def _is_furniture(text: str) -> bool:
    """Tell whether the text says who wrote the story, or what to subscribe to."""
    return (len(text) <= _BYLINE and is_signed(text)) or "newsletter" in text.lower()


def _captioned(image: Image, story: Story, mark: Mark, captions: list[_Caption]) -> Image:
    """Give the image the nearest caption that shares its figure, or stands beside it, and take that off the list."""
    parents = story.page.outline.parents
    above, at = set[int](), mark.box
    while at > 0 and at != story.top:
        above.add(at)
        at = parents[at]
    for caption in sorted(captions, key=lambda caption: abs(caption.at - mark.at)):
        below = caption.at == mark.at and caption.at in story.page.pictured
        if below or _shares(caption, story, above):
            captions.remove(caption)
            text, credit = caption.parted()
            return replace(image, caption=text, credit=credit)
    return image


def _shares(caption: _Caption, story: Story, above: set[int]) -> bool:
    """Tell whether the caption stands in one of the boxes `above` a picture, or at most two boxes deeper."""
    holder = caption.box
    for _ in range(3):
        if holder in above:
            return True
        if holder <= 0 or holder == story.top:
            return False
        holder = story.page.outline.parents[holder]
    return False


def _image(node: LexborNode, base: str) -> Image | None:
    attributes = node.attributes
    width, height = _pixels(attributes.get("width")), _pixels(attributes.get("height"))
    if (width is not None and width < _TINY) or (height is not None and height < _TINY):
        return None
    srcset = _largest(attributes.get("srcset") or attributes.get("data-srcset"))
    lazy = (text for name, text in attributes.items() if name.startswith("data-") and name.endswith("src"))
    for source in (*(attributes.get(name) for name in _SOURCES), *lazy, srcset):
        if source and not source.startswith("data:") and not _is_decoration(source[:300]):
            url = absolute(source, base)
            if url is not None:
                return Image(0, url, squeezed(attributes.get("alt") or "") or None, width=width, height=height)
    return None


def _is_decoration(source: str) -> bool:
    lowered = source.lower()  # the pattern alone costs six times as much
    return any(map(lowered.__contains__, (".svg", *_DECORATION))) and _NO_PICTURE.search(source) is not None


def _largest(srcset: str | None) -> str | None:
    """Return the last address of a srcset, where sites put the widest."""
    entries = [entry.split() for entry in re.split(r",\s+", srcset[:4000])] if srcset else []
    return next((entry[0] for entry in reversed(entries) if entry), None)


def _pixels(text: str | None) -> int | None:
    match = re.match(r"\s*(\d{1,5})(?:px)?\s*$", text) if text else None
    return int(match[1]) if match else None


def _role(story: Story, box: int, at: int) -> Role:
    words, parents = story.page.outline.words, story.page.outline.parents
    while box > 0 and box != story.top:
        named = words.get(box, "")[:200].lower()
        if named and any(name in named for name in _GALLERY):
            return "gallery"
        box = parents[box]
    return "cover" if at <= story.first else "inline"


def _numbered(images: Iterator[Image]) -> tuple[Image, ...]:
    """Drop repeats, leave one cover, and count from 0; a placeholder that stands for several pictures is none."""
    kept: list[Image] = []
    covered = False
    for image in images:
        repeated = next((at for at, other in enumerate(kept) if _is_same(image, other)), None)
        if repeated is not None:
            if kept[repeated].caption is None and image.caption is not None:
                kept[repeated] = replace(kept[repeated], caption=image.caption, credit=image.credit)
            continue
        if image.role == "cover" and covered:
            image = replace(image, role="inline")
        covered = covered or image.role == "cover"
        kept.append(replace(image, position=len(kept)))
    return tuple(kept)


def _is_same(image: Image, other: Image) -> bool:
    if image.url is None:
        return image.caption == other.caption
    return image.url == other.url and (None in (image.caption, other.caption) or image.caption == other.caption)
