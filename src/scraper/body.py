"""Outline in, running text out: which lines are the story. Decides line by line, inside the densest run."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from scraper.blocks import Outline
from scraper.hints import ASIDE, BIO, BODY, BYLINE, CAPTION, COMMENT, CREDIT, DATE, FIGURE, FRAME, HIDDEN, JUNK, LEAD, PICTURE, QUOTE, TABLE, TAGS
from scraper.text import folded

_WIDE = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]")
OUT = FRAME | COMMENT | JUNK | CAPTION | CREDIT | HIDDEN | BIO | TAGS | ASIDE
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
PROSE = HEADINGS | {"p", "li", "blockquote", "pre", "dd", "dt", "td"}
_GOOD = 70
_SENTENCE_END = tuple(".!?…。！？।۔؟:\"”»“’'\u0964")


def width(text: str) -> int:
    """Return the length of `text` in Latin characters: a sign of an unspaced script counts for two and a half."""
    if text.isascii() or len(text.encode("utf-8", "replace")) < 2.2 * len(text):  # few signs of three bytes: no count
        return len(text)
    return len(text) + 3 * len(_WIDE.findall(text)) // 2


@dataclass(slots=True)
class Weighed:
    """An outline with its numbers: per line the width and the weight as running text, per box the hints above it."""

    outline: Outline
    widths: list[int]
    good: list[int]
    inherited: list[int]
    headline_at: int
    below: list[int]
    pictured: frozenset[int]  # lines that stand alone with a picture: its caption, whatever its box is called


def weighed(outline: Outline, headline: str, out: int = OUT) -> Weighed:
    boxes, lines = outline.boxes, outline.lines
    widths = [len(line.text) if line.text.isascii() else width(line.text) for line in lines]
    good = [w if w >= _GOOD and line.linked * 2 < len(line.text) else 0 for w, line in zip(widths, lines)]
    below = [0] * len(boxes)
    for line, weight in zip(lines, good):
        below[line.box] += weight
    for index in range(len(boxes) - 1, 0, -1):
        below[boxes[index].parent] += below[index]
    headline_at = headline_line(outline, headline)
    spared = set[int]()
    at = lines[headline_at].box if headline_at >= 0 else -1
    while at >= 0:
        spared.add(at)
        at = boxes[at].parent
    inherited = [0] * len(boxes)
    total = below[0]
    bodied = [0] * len(boxes)
    for index in range(len(boxes) - 1, 0, -1):
        own = below[index] if boxes[index].hints & BODY else 0
        bodied[index] = max(bodied[index], own)
        up = boxes[index].parent
        bodied[up] = max(bodied[up], bodied[index])
    quoted = _quoting_figures(outline)
    for index, box in enumerate(boxes):
        own = box.hints | (QUOTE if index in quoted else 0)
        if not own:
            inherited[index] = inherited[box.parent] if box.parent >= 0 else 0
            continue
        if own & OUT:
            own &= ~(OUT & ~out)
            size = below[index]
            if index in spared:
                own &= ~OUT
            elif own & FRAME and size * 10 > total * 8:
                own &= ~OUT
            elif not own & (COMMENT | FRAME):
                if size * 3 > total * 2 or (own & BODY or bodied[index] * 2 > size) and size * 10 > total:
                    own &= ~OUT
            if own & CAPTION and size > 600:
                own &= ~(CAPTION | CREDIT)
            if own & JUNK and own & LEAD and size < 500:
                own &= ~JUNK
        above = inherited[box.parent] if box.parent >= 0 else 0
        if own & FIGURE and below[index] * 10 < total:
            own |= CAPTION
        if (own | above) & QUOTE:  # what stands under a quotation is who said it
            own, above = own & ~CAPTION, above & ~CAPTION
        inherited[index] = own | above
    good = [0 if inherited[line.box] & OUT else weight for line, weight in zip(lines, good)]
    pictured = _pictured(outline, widths, inherited, headline_at)
    for index in pictured:
        good[index] = 0
    return Weighed(outline, widths, good, inherited, headline_at, below, pictured)


_UNPICTURED = FRAME | COMMENT | HIDDEN | ASIDE | BIO | BYLINE | DATE | QUOTE
_CAPTION_WIDTH = 400
_CAPTION_LEAST = 12


def _pictured(outline: Outline, widths: list[int], inherited: list[int], headline_at: int) -> frozenset[int]:
    """Return the lines that share a box with a picture and at most one other line."""
    boxes, lines = outline.boxes, outline.lines
    counts, sizes = [0] * len(boxes), [0] * len(boxes)
    for line, w in zip(lines, widths):
        counts[line.box] += 1
        sizes[line.box] += w
    for index in range(len(boxes) - 1, 0, -1):
        counts[boxes[index].parent] += counts[index]
        sizes[boxes[index].parent] += sizes[index]
    found = set[int]()
    for mark in outline.images:
        box = mark.box
        for _ in range(5):
            if counts[box] or box == 0:
                break
            box = boxes[box].parent
        if not 0 < counts[box] <= 2 or sizes[box] > _CAPTION_WIDTH or inherited[box] & _UNPICTURED or box == 0:
            continue
        for index in range(max(mark.at - 1, 0), min(mark.at + 2, len(lines))):
            if index > headline_at and not inherited[lines[index].box] & _UNPICTURED and _below(outline, lines[index].box, box) and _captions(outline, index, mark.box, box):
                found.add(index)
    return frozenset(found)


_BY = re.compile(r"(?:by|von|par|por|di|door|av|af|текст:|автор:)\s", re.IGNORECASE)


def _below(outline: Outline, box: int, root: int) -> bool:
    for _ in range(5):
        if box == root:
            return True
        box = outline.boxes[box].parent
        if box < root:
            return False
    return False


def _captions(outline: Outline, index: int, picture: int, holder: int) -> bool:
    """Tell whether the line may be a caption: no link, and no paragraph unless the box is named for pictures."""
    line = outline.lines[index]
    tag = outline.boxes[line.box].tag
    if line.linked * 2 > len(line.text) or line.box == picture or len(line.text) < _CAPTION_LEAST or _BY.match(line.text):
        return False
    return tag in ("div", "span", "small", "em") or bool(outline.boxes[holder].hints & (PICTURE | CAPTION))


def _quoting_figures(outline: Outline) -> set[int]:
    found = set[int]()
    for box in outline.boxes:
        if box.tag == "blockquote":
            at = box.parent
            for _ in range(3):
                if at > 0 and outline.boxes[at].hints & FIGURE:
                    found.add(at)
                at = outline.boxes[at].parent if at > 0 else 0
    return found


def headline_line(outline: Outline, headline: str) -> int:
    """Return the line that prints the headline: an h1 before any other."""
    wanted, size = folded(headline), len(headline)
    found = first_h1 = -1
    for index, line in enumerate(outline.lines):
        tag = outline.boxes[line.box].tag
        if tag == "h1" and first_h1 < 0:
            first_h1 = index
        if abs(len(line.text) - size) <= 6 and (tag in HEADINGS or found < 0) and folded(line.text) == wanted:
            if tag == "h1":
                return index
            if found < 0 or tag in HEADINGS and outline.boxes[outline.lines[found].box].tag not in HEADINGS:
                found = index
    return found if found >= 0 else first_h1


def densest_run(page: Weighed) -> tuple[int, int]:
    """Return the stretch of lines with the most running text for the least of anything else, as [start, end)."""
    best = total = 0.0
    start, span = 0, (0, 0)
    opening = page.headline_at if 2 * sum(page.good[page.headline_at + 1 :]) > sum(page.good) else -1
    for index, (line, weight) in enumerate(zip(page.outline.lines, page.good)):
        if weight:
            total += min(weight, 800)
        else:
            total -= 20 + (20 if line.linked * 2 > len(line.text) else 0) + (20 if page.inherited[line.box] & OUT else 0)
        if index == opening:
            total, start = 400.0, index + 1
        elif total < 0:
            total, start = 0.0, index + 1
        elif weight and total > best:
            best, span = total, (start, index + 1)
    return span


def main_box(page: Weighed, span: tuple[int, int]) -> int:
    """Return the smallest box that holds nearly all of the run."""
    boxes, lines = page.outline.boxes, page.outline.lines
    inside = [0] * len(boxes)
    for line, weight in zip(lines[span[0]:span[1]], page.good[span[0]:span[1]]):
        inside[line.box] += min(weight, 800)
    for index in range(len(boxes) - 1, 0, -1):
        inside[boxes[index].parent] += inside[index]
    best = 0
    for index in range(1, len(boxes)):
        if boxes[index].parent == best and inside[index] and inside[index] * 100 >= inside[best] * SHARE:
            best = index
    return best


SHARE = 90


def within(outline: Outline, roots: set[int]) -> list[bool]:
    """Tell of each box whether it is one of `roots` or below one."""
    inside = [False] * len(outline.boxes)
    for index, box in enumerate(outline.boxes):
        inside[index] = index in roots or box.parent >= 0 and inside[box.parent]
    return inside


def cards(page: Weighed, top: int, inside: list[bool]) -> set[int]:
    """Return the boxes inside the story that show another one: small, under a heading that is a link."""
    boxes, found = page.outline.boxes, set[int]()
    opens = [len(page.good)] * len(boxes)
    for index in range(len(page.good) - 1, -1, -1):
        if page.good[index]:
            opens[page.outline.lines[index].box] = index
    for index in range(len(boxes) - 1, 0, -1):
        opens[boxes[index].parent] = min(opens[boxes[index].parent], opens[index])
    for index, line in enumerate(page.outline.lines):
        at = line.box
        if not inside[at] or boxes[at].tag not in HEADINGS or line.linked * 10 < len(line.text) * 8:
            continue
        while (up := boxes[at].parent) not in (top, -1) and opens[up] > index and page.below[up] < 400:
            at = up
        found.add(at)
    return found | _repeated_cards(page, inside)


def _repeated_cards(page: Weighed, inside: list[bool]) -> set[int]:
    """Return boxes that stand three or more in a row, each a linked title and a few words: a list of other stories."""
    boxes, lines = page.outline.boxes, page.outline.lines
    titled: dict[int, set[int]] = {}
    for line in lines:
        if inside[line.box] and len(line.text) >= 20 and line.linked * 10 >= len(line.text) * 8:
            at, steps = line.box, 0
            while steps < 4 and boxes[at].tag not in ("li", "article") and boxes[at].parent > 0:
                at, steps = boxes[at].parent, steps + 1
            if boxes[at].tag in ("li", "article") and 0 < page.below[at] < 800:
                titled.setdefault(boxes[at].parent, set()).add(at)
    return {at for group in titled.values() if len(group) >= 3 for at in group}


_NOT_WORD = re.compile(r"\W+")


def squashed(text: str) -> str:
    """Return only the letters and digits of `text`, in lower case: what two renderings of one text share."""
    return _NOT_WORD.sub("", text).lower()


def told(page: Weighed, guide: str) -> list[bool]:
    """Tell of each line of at least 40 whether the script data's text holds it."""
    return [w >= 40 and squashed(line.text)[:300] in guide for w, line in zip(page.widths, page.outline.lines)]


def near(page: Weighed, span: tuple[int, int]) -> bool:
    """Tell whether the run begins close below the headline."""
    return 0 <= page.headline_at <= span[0] <= page.headline_at + 15


@dataclass(frozen=True, slots=True)
class Story:
    """The lines that are the story, by index; `first` and `last` bound its running text, `top` is the box it fills."""

    page: Weighed
    chosen: tuple[int, ...] = ()
    first: int = -1
    last: int = -1
    top: int = 0
    script: bool = False  # the script data was the arbiter

    @property
    def weight(self) -> int:
        """Return the width of its running text."""
        return sum(self.page.widths[index] for index in self.chosen if self.page.widths[index] >= _GOOD)


# Substrings, not a pattern: a hundred alternatives without regard to case cost more than the rest of the choice.
_PROMOS = (
    "newsletter", "whatsapp", "telegram", "google news", "sign up", "signing up", "sign-up", "subscribe to", "subscribe now",
    "subscribe here", "subscribe today", "subscribe for", "subscription", "abonnier", "abonnez", "inscrivez", "suscrib",
    "подпишитесь", "подписывайтесь", "подписат", "obuna bo", "follow us", "follow him", "follow her", "follow me",
    "follow them", "folgen sie", "síguenos", "síguelo", "on twitter", "on facebook", "on instagram", "bookmark",
    "our website", "our app", "get in touch", "do you have a story", "contact us", "email:", "e-mail:", "email ",
    "push-nachricht", "podcast", "messenger", "download the", "download our", "read more", "read next", "read also",
    "click here", "hier klicken", "читайте также", "смотрите также", "читайте ещ", "lesen sie auch", "lesen sie hier",
    "mehr zum", "mehr dazu", "lee también", "lee además", "à lire", "leggi anche", "leia também", "leia mais", "baca juga",
    "xem thêm", "czytaj też", "czytaj także", "czytaj więcej", "rights reserved", "tous droits", "alle rechte",
)  # fmt: skip
_PROMO_WIDTH = 300


def _asks(text: str) -> bool:
    text = text.lower()
    return "@" in text or any(promo in text for promo in _PROMOS)


def _without_promos(page: Weighed, chosen: list[int]) -> list[int]:
    """Leave out short lines that ask for something: with a link anywhere, without one only near the end."""
    lines = page.outline.lines
    tail = {*chosen[-3:], *chosen[:1]}
    return [
        index for index in chosen
        if page.widths[index] > _PROMO_WIDTH
        or not (index in tail or lines[index].linked * 4 > len(lines[index].text) or lines[index].strong * 2 > len(lines[index].text))
        or not _asks(lines[index].text)
    ]


def _without_echoes(page: Weighed, chosen: list[int]) -> list[int]:
    """Leave out a pulled quotation whose words stand in the text as well."""
    lines = page.outline.lines
    pulled = [index for index in chosen if page.inherited[lines[index].box] & QUOTE and page.widths[index] >= 30]
    if not pulled:
        return chosen
    told = "\n".join(squashed(lines[index].text) for index in chosen if index not in pulled)
    echoes = {index for index in pulled if squashed(lines[index].text) in told}
    return [index for index in chosen if index not in echoes]


def _arbiter(page: Weighed, guide: str) -> list[bool] | None:
    """Return which lines script data tell, if those hold what the page shows: neither a teaser nor another text."""
    telling = told(page, squashed(guide))
    covered = sum(w for w, t in zip(page.widths, telling) if t)
    shown = [w if t else g for w, t, g in zip(page.widths, telling, page.good)]
    start, end = densest_run(replace(page, good=shown))
    complete = len(guide) * 10 >= 7 * sum(shown[start:end])
    return telling if complete and covered * 10 >= 8 * len(guide) else None


RELAXED = HIDDEN | COMMENT | FRAME | ASIDE


def story_from(outline: Outline, headline: str, guide: str = "", out: int = OUT) -> Story:
    page = weighed(outline, headline, out)
    arbiter = _arbiter(page, guide) if len(guide) > 500 else None
    if arbiter:
        page.good = [w if told else 0 for w, told in zip(page.widths, arbiter)]
    span = densest_run(page)
    strict = sum(page.good[span[0]:span[1]])
    if strict < 400 or not near(page, span):
        relaxed = weighed(outline, headline, RELAXED)
        wider = densest_run(relaxed)
        more = sum(relaxed.good[wider[0]:wider[1]])
        if strict < 400 and more > 3 * strict or more > 2 * strict and near(relaxed, wider) > near(page, span):
            page, span = relaxed, wider
    boxes, lines = outline.boxes, outline.lines
    top = main_box(page, span)
    inside = within(outline, {top})
    carded = within(outline, cards(page, top, inside))
    title = squashed(headline)
    goods = [i for i in range(*span) if page.good[i] and inside[lines[i].box]]
    if not goods:
        return Story(page)
    first, last = goods[0], goods[-1]
    before = sum(page.good[i] for i in goods if i < page.headline_at)
    if before * 4 > sum(page.good[i] for i in goods):
        page.headline_at = -1
    prose = sum(page.good[i] for i in goods if boxes[lines[i].box].tag in PROSE)
    loose = prose * 2 < sum(page.good[i] for i in goods)
    home = {boxes[lines[i].box].parent for i in (first, last)} if not loose else {lines[i].box for i in (first, last)}
    chosen: list[int] = []
    for index in range(page.headline_at + 1 if page.headline_at >= 0 else first, min(len(lines), last + 12)):
        line, w = lines[index], page.widths[index]
        hints = page.inherited[line.box]
        tag = boxes[line.box].tag
        if arbiter and arbiter[index]:
            chosen.append(index)
            continue
        if arbiter and (index > last or (w >= 40 and tag not in HEADINGS)):
            continue
        if hints & OUT or carded[line.box] or index in page.pictured:
            continue
        lead = index < first and 0 <= page.headline_at >= index - 7 and w >= 50 and tag != "li" and (hints & LEAD or tag in PROSE)
        if not inside[line.box] and not lead:
            continue
        if not any(map(str.isalnum, line.text)) or line.text.startswith(("http://", "https://")):
            continue
        if line.linked * 10 > len(line.text) * 8 and w < 200:
            continue
        if tag == "h1" or (abs(len(line.text) - len(headline)) <= 12 and squashed(line.text) == title):
            continue
        if index < first and tag in HEADINGS and not hints & LEAD:
            continue
        if hints & (BYLINE | DATE) and not hints & BODY and w < 100:
            continue
        close = (boxes[line.box].parent if not loose else line.box) in home
        if index < first and not lead and not (close and w >= 30 and tag == "p"):
            continue
        if index > last and not (close and w >= 30 and line.text.endswith(_SENTENCE_END)):
            continue
        if tag not in PROSE and not loose and w < 60:
            continue
        if chosen and lines[chosen[-1]].text == line.text:
            continue
        chosen.append(index)
    chosen = _without_echoes(page, _without_promos(page, chosen))
    while chosen and boxes[lines[chosen[-1]].box].tag in HEADINGS:
        chosen.pop()
    return Story(page, tuple(chosen), first, last, top, arbiter is not None)
