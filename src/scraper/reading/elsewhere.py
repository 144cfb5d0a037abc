"""What stands inside a story's box and is none of it: other stories' cards, requests to readers, echoes."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import accumulate, pairwise

from scraper.reading.density import HEADINGS, Weighed, within
from scraper.reading.hints import QUOTE
from scraper.reading.outline import Line

_NOT_WORD = re.compile(r"\W+")
_ASCII_NOT_WORD = {code: None for code in range(128) if not (chr(code).isalnum() or chr(code) == "_")}
_POINTER = re.compile(r"[^:：]{2,40}[:：]\s*")
COMMENTS = re.compile(  # what stands above readers' comments; in the singular only behind a number or a request
    r"\W*(?:(?:\d+\W+|(?:leave|post|write|add)\s(?:a|your)\s|(?:добавить|оставить|написать)\s)(?:comment|reply|коммент)"
    r"|(?:\d+\W+)?(?:comments|replies|kommentare|commentaires|comentarios|yorumlar|(?:все\s)?комментарии|комментарийлер|отзывы"
    r"|izohlar|изоҳлар|pikirler|pıkırler|пікірлер|пикирлер|fikrlar|фикрлар|шарҳҳо|назарҳо|teswirler)\b)[^.!?]{0,20}$",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"\w@\w")
_CARD = 400  # characters of running text that a card under a linked heading holds at most
_MOST_CARDS = 200
_LISTED = 800  # the same of one in a list of three or more
_TOLD = 400  # characters of running text that make a story
_HEADING = 40  # characters of the heading of comments
_REQUEST = 300  # a longer line says something besides
_PLAIN_REQUEST = 160  # the same of one without a link or bold
_ASKED = (  # whatever else stands in a short line with a link, it asks the reader to subscribe
    "subscribe to", "subscribe now", "follow us", "подпишитесь", "подписывайтесь", "obuna bo", "обуна бў", "обуна шав",
    "жазылыңыз", "jazylyñyz", "jazylyŋyz", "jazılıń", "ýazylyň", "abone ol",
)
# Substrings, not a pattern: a hundred alternatives without regard to case cost more than the rest of the choice.
_REQUESTS = (
    *_ASKED, "newsletter", "sign up", "signing up", "sign-up", "subscribe here", "subscribe today", "subscribe for",
    "abonnier", "abonnez", "inscrivez", "suscríb", "suscribirt", "suscribete", "подписатьс",
    "follow him", "follow her", "follow me", "follow them", "folgen sie", "síguenos", "síguelo", "bookmark",
    " our website", " our app", "get in touch", "do you have a story", "contact us", "email:", "e-mail:",
    "push-nachricht", "download our", "read more", "read next", "read also", "click here", "hier klicken",
    "читайте также", "смотрите также", "читайте ещ", "lesen sie auch", "lesen sie hier", "mehr zum", "mehr dazu",
    "lee también", "lee además", "à lire", "leggi anche", "leia também", "leia mais", "baca juga", "xem thêm",
    "czytaj też", "czytaj także", "czytaj więcej", "dowiedz się więcej", "subskryp", "vea también", "gefällt dir",
    "gefällt ihnen", "continua a leggere", "ctrl+enter", "ctrl + enter", "при использовании материал",
    "при копировании", "при перепечатке", "перепечатка", "мнение редакции", "сілтеме жаса", "шилтеме жаса",
    "havola qilin", "ҳавола қилин",
    "rights reserved", "tous droits réserv", "alle rechte vorbeh", "chroniony prawem", "los derechos reserv",
    "все права защ",
)  # fmt: skip
_SERVICES = (  # what stories are about as well; a line that leads there, or speaks to the reader, asks for something
    "whatsapp", "telegram", "google news", "subscription", "on twitter", "on facebook", "on instagram", "email ",
    "podcast", "messenger", "download the",
)  # fmt: skip
_READER = (
    " us ", " us!", " us.", " us:", " our ", " you ", " you'", " you’", " your ", " follow ", "наш", " нас ", " вас ",
    " вам ", " uns ", " unser", " dir ", " du ", " ihnen ", " euch ", " nous ", " notre ", " nos ", " vous ", " votre ",
    "nuestr", " nossa", " nosso", "bizning", "бизнинг", "imizga", "имизга", "imizda", "имизда", "imizni", "имизни",
    "ımızda", "біздің", "біздин", "биздин",
)  # fmt: skip


def squashed(text: str) -> str:
    """Return only the letters and digits of `text`, in lower case: what two renderings of one text share."""
    if text.isascii():
        return text.translate(_ASCII_NOT_WORD).lower()  # a third of what the pattern costs
    return _NOT_WORD.sub("", text).lower()


def is_pointer(line: Line) -> bool:
    """Tell whether the line is a label and a colon, and all behind it a link: `Read also:` in any language."""
    match = _POINTER.match(line.text) if line.linked else None
    return match is not None and abs(len(line.text) - match.end() - line.linked) <= 2


def beside(page: Weighed) -> frozenset[int]:
    """Return the lines that show other stories, in boxes of their own or in none."""
    carded = within(page.outline, _cards(page))
    boxed = (index for index, line in enumerate(page.outline.lines) if carded[line.box])
    return frozenset((*boxed, *_listed(page), *_following(page), *_comments(page)))


def _cards(page: Weighed) -> set[int]:
    """Return the boxes that show other stories: headings that are links, little text below each, none above."""
    lines, boxes, found, climbed = page.outline.lines, page.outline.boxes, set[int](), set[int]()
    heads = [
        index for index, line in enumerate(lines)
        if boxes[line.box].tag in HEADINGS and index != page.headline_at and line.linked * 10 >= len(line.text) * 8
    ]
    opens = _first_texts(page)
    ends, told = (_ends(page), [0, *accumulate(page.good)]) if heads else ([], [])
    for index in heads:
        at = lines[index].box
        while (above := boxes[at].parent) > 0 and above not in climbed and opens[above] > index:
            if not _are_cards(heads, told, index, ends[above]):
                break
            climbed.add(above)
            at = above
        found.add(at)
    return found | _listed_cards(page, opens)


def _are_cards(heads: list[int], told: list[int], first: int, end: int) -> bool:
    """Tell whether little text stands below each heading from `first` to `end`."""
    inside = heads[bisect_left(heads, first) : bisect_left(heads, end)][:_MOST_CARDS]
    return all(told[later] - told[head] < _CARD for head, later in pairwise([*inside, end]))


def _listed(page: Weighed) -> set[int]:
    """Return the lines of cards that stand in no boxes of their own: linked headings side by side, a few words each."""
    outline, found = page.outline, set[int]()
    runs: dict[tuple[int, str], list[int]] = {}
    for index, line in enumerate(outline.lines):
        box = outline.boxes[line.box]
        if index > page.headline_at and box.tag in HEADINGS and line.linked * 10 >= len(line.text) * 8:
            runs.setdefault((box.parent, box.tag), []).append(index)
    for heads in runs.values():
        gaps = [later - head for head, later in pairwise(heads)]
        for head, gap in zip(heads, (*gaps, max(gaps, default=0)), strict=True):
            if sum(page.widths[head + 1 : head + gap]) < _CARD and gap > 1:
                found.update(range(head, min(head + gap, len(outline.lines))))
    return found


def _following(page: Weighed) -> range:
    """Return the lines from the next story on: another h1 and its text, boxed apart from this h1 and its text.

    Where this one stands in an article, the next article beside it is another (HTML, 4.3.2), whatever heads it.
    """
    lines, boxes = page.outline.lines, page.outline.boxes
    if page.headline_at < 0 or boxes[lines[page.headline_at].box].tag != "h1":
        return range(0)
    inner, around = lines[page.headline_at].box, dict[int, int]()  # each box around the headline, and the next inside
    own = len(boxes)  # the outermost article around it: what stands in there is a part of this story
    while inner > 0:
        own = inner if boxes[inner].tag == "article" else own
        around[boxes[inner].parent] = inner
        inner = boxes[inner].parent
    for index in range(page.headline_at + 1, len(lines)):
        at = lines[index].box
        if boxes[at].tag not in HEADINGS:
            continue
        titled, linked = boxes[at].tag == "h1", lines[index].linked * 10 >= len(lines[index].text) * 8
        while boxes[at].parent not in around and at > 0:
            at = boxes[at].parent
        beside = around.get(boxes[at].parent, 0)
        if titled and (linked or boxes[at].parent < own) and min(page.below[at], page.below[beside]) > _TOLD:
            return range(index, len(lines))
        if boxes[at].tag == boxes[beside].tag == "article" and page.below[beside]:
            return range(index, len(lines))
    return range(0)


def _comments(page: Weighed) -> range:
    """Return the lines from the heading of the readers' comments on, where text stands above it, and not around it."""
    lines, boxes, told = page.outline.lines, page.outline.boxes, -1
    for index in range(max(page.headline_at, 0) + 1, len(lines)):
        if page.good[index]:
            told = index
        elif told >= 0 and not lines[index].linked and _heads_comments(lines[index].text):
            below = next((at for at in range(index, len(lines)) if page.good[at]), -1)
            apart = below < 0 or boxes[lines[below].box].parent != boxes[lines[told].box].parent
            if apart:
                return range(index, len(lines))
    return range(0)


def _heads_comments(text: str) -> bool:
    return len(text) <= _HEADING and COMMENTS.match(text) is not None


def _held(page: Weighed, indexes: list[int]) -> list[int]:
    """Return of each box how many of these lines it holds."""
    held = [0] * len(page.outline.boxes)
    for index in indexes:
        held[page.outline.lines[index].box] += 1
    return page.outline.gathered(held)


def _ends(page: Weighed) -> list[int]:
    """Return of each box the line behind its last."""
    parents = page.outline.parents
    ends = [0] * len(parents)
    for index, line in enumerate(page.outline.lines):
        ends[line.box] = index + 1
    for at in range(len(parents) - 1, 0, -1):
        if ends[at] > ends[parents[at]]:
            ends[parents[at]] = ends[at]
    return ends


def _first_texts(page: Weighed) -> list[int]:
    """Return of each box the first line of running text in it."""
    parents = page.outline.parents
    opens = [len(page.good)] * len(parents)
    for index in range(len(page.good) - 1, -1, -1):
        if page.good[index]:
            opens[page.outline.lines[index].box] = index
    for at in range(len(parents) - 1, 0, -1):
        if opens[at] < opens[parents[at]]:
            opens[parents[at]] = opens[at]
    return opens


def _listed_cards(page: Weighed, opens: list[int]) -> set[int]:
    """Return boxes that stand three or more in a row, each a linked title above a few words."""
    boxes = page.outline.boxes
    titled = [
        index for index, line in enumerate(page.outline.lines)
        if len(line.text) >= 20 and line.linked * 10 >= len(line.text) * 8
    ]
    if len(titled) < 3:
        return set()
    titles = _held(page, titled)
    groups: dict[int, set[int]] = {}
    for index in titled:
        at = page.outline.lines[index].box
        while at > 0 and titles[boxes[at].parent] == 1:
            at = boxes[at].parent
        if 0 < page.below[at] < _LISTED and index < opens[at] < len(page.good):
            groups.setdefault(boxes[at].parent, set()).add(at)
    return {at for group in groups.values() if len(group) >= 3 for at in group}


def without_requests(page: Weighed, chosen: list[int]) -> list[int]:
    """Leave out short lines that ask for something: with a link or bold anywhere, else first or near the end."""
    ends = {*chosen[-3:], *chosen[:1]}
    return [index for index in chosen if not _requests(page, index, index in ends)]


def _requests(page: Weighed, index: int, at_the_end: bool) -> bool:
    line = page.outline.lines[index]
    marked = line.linked * 4 > len(line.text) or line.strong * 2 > len(line.text)
    may = page.widths[index] <= _REQUEST and (line.linked or marked or at_the_end)
    text = f" {line.text.lower()} " if may else ""
    if line.linked and any(words in text for words in _ASKED):
        return True
    if page.widths[index] > (_REQUEST if marked else _PLAIN_REQUEST) or not (marked or at_the_end):
        return False
    if ("@" in text and _EMAIL.search(text) is not None) or any(request in text for request in _REQUESTS):
        return True
    leads = line.linked * 4 > len(line.text)
    return any(name in text for name in _SERVICES) and (leads or any(word in text for word in _READER))


def without_echoes(page: Weighed, chosen: list[int]) -> list[int]:
    """Leave out a pulled quotation whose words stand in the text as well."""
    lines = page.outline.lines
    pulled = {index for index in chosen if page.inherited[lines[index].box] & QUOTE and page.widths[index] >= 30}
    if not pulled:
        return chosen
    told = "\n".join(squashed(lines[index].text) for index in chosen if index not in pulled)
    return [index for index in chosen if index not in pulled or squashed(lines[index].text) not in told]
