"""What stands inside a story's box and is none of it: other stories' cards, requests to readers, echoes."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import accumulate, chain, islice, pairwise

from scraper.reading.density import HEADINGS, Weighed
from scraper.reading.hints import ARTICLE, QUOTE
from scraper.reading.outline import Line, Outline
from scraper.reading.stamplines import says_when

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
_NOTICE = 600  # the same of a box that speaks of adverts
_MOST_NOTICES = 40  # lines that do
_ADVERTS = re.compile(r"\bad[\s-]?block|werbeblocker|блокировщик\w* рекламы", re.IGNORECASE)
_BLOCKING = ("lock", "LOCK", "локир")  # in each of these
_ADDRESSED = re.compile(
    r"\b(?:you|your|please|sie|ihr\w*|bitte|vous|votre|usted|вы|вас|вам|ваш\w*|пожалуйста|siz\w*|сиз\w*|сіз\w*"
    r"|\w{3,}(?:ите|йте))\b",
    re.IGNORECASE,
)
_TOLD = 400  # characters of running text that make a story
_TITLE = 20  # characters of the linked title of the next story
_OWN = 300  # of running text above it: less may be what opens a digest of them
_NEXT = 150  # of running text below it, up to the next heading
_STAMPS = 2  # lines below it in which its day stands
_STAMP = 60  # characters of such a line
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
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
    outline = page.outline
    headings = [index for index, line in enumerate(outline.lines) if outline.tags[line.box] in HEADINGS]
    carded = (range(outline.starts[box], outline.ends[box]) for box in _cards(page, headings) | _notices(page))
    following = (_following(page, headings), _dated_next(page, headings))
    return frozenset(chain(*carded, _listed(page, headings), *following, _comments(page)))


def _notices(page: Weighed) -> set[int]:
    """Return the boxes that ask the reader to let adverts through: small, apart from the headline and from the text."""
    found, parents = set[int](), page.outline.parents
    naming = (line for line in page.outline.lines if any(map(line.text.__contains__, _BLOCKING)))
    for line in islice((line for line in naming if _ADVERTS.search(line.text)), _MOST_NOTICES):
        at = line.box
        while (above := parents[at]) > 0 and _may_ask(page, above):
            at = above
        told = page.outline.lines[page.outline.starts[at] : page.outline.ends[at]]
        if at != line.box and any(_ADDRESSED.search(each.text) for each in told):
            found.add(at)
    return found


def _may_ask(page: Weighed, box: int) -> bool:
    """Tell whether the box may be a notice: a story about such programs is longer, or most of what the page tells."""
    outline, size = page.outline, page.below[box]
    titled = outline.starts[box] <= page.headline_at < outline.ends[box]
    return size <= _NOTICE and size * 2 <= page.below[0] and not titled and not outline.hints[box] & ARTICLE


def _cards(page: Weighed, headings: list[int]) -> set[int]:
    """Return the boxes that show other stories: headings that are links, little text below each, none above."""
    outline, found, climbed = page.outline, set[int](), set[int]()
    heads = [index for index in headings if index != page.headline_at and _is_linked(outline.lines[index])]
    texts = [index for index, weight in enumerate(page.good) if weight]
    told = [0, *accumulate(page.good)] if heads else []
    for index in heads:
        at = outline.lines[index].box
        while (above := outline.parents[at]) > 0 and above not in climbed and _opening(outline, above, texts) > index:
            if not _are_cards(heads, told, index, outline.ends[above]):
                break
            climbed.add(above)
            at = above
        found.add(at)
    return found | _listed_cards(page, texts)


def _is_linked(line: Line) -> bool:
    return line.linked * 10 >= len(line.text) * 8


def _opening(outline: Outline, box: int, texts: list[int]) -> int:
    """Return the first of the lines of running text that stands in the box; behind all lines where none does."""
    at = bisect_left(texts, outline.starts[box])
    return texts[at] if at < len(texts) and texts[at] < outline.ends[box] else len(outline.lines)


def _are_cards(heads: list[int], told: list[int], first: int, end: int) -> bool:
    """Tell whether little text stands below each heading from `first` to `end`."""
    inside = heads[bisect_left(heads, first) : bisect_left(heads, end)][:_MOST_CARDS]
    return all(told[later] - told[head] < _CARD for head, later in pairwise([*inside, end]))


def _listed(page: Weighed, headings: list[int]) -> set[int]:
    """Return the lines of cards that stand in no boxes of their own: linked headings side by side, a few words each."""
    outline, found = page.outline, set[int]()
    runs: dict[tuple[int, str], list[int]] = {}
    for index in headings:
        line = outline.lines[index]
        if index > page.headline_at and _is_linked(line):
            runs.setdefault((outline.parents[line.box], outline.tags[line.box]), []).append(index)
    for heads in runs.values():
        gaps = [later - head for head, later in pairwise(heads)]
        for head, gap in zip(heads, (*gaps, max(gaps, default=0)), strict=True):
            if sum(page.widths[head + 1 : head + gap]) < _CARD and gap > 1:
                found.update(range(head, min(head + gap, len(outline.lines))))
    return found


def _following(page: Weighed, headings: list[int]) -> range:
    """Return the lines from the next story on: another h1 and its text, boxed apart from this h1 and its text.

    Where this one stands in an article, the next article beside it is another (HTML, 4.3.2), whatever heads it.
    """
    lines, tags, parents = page.outline.lines, page.outline.tags, page.outline.parents
    if page.headline_at < 0 or tags[lines[page.headline_at].box] != "h1":
        return range(0)
    inner, around = lines[page.headline_at].box, dict[int, int]()  # each box around the headline, and the next inside
    own = len(tags)  # the outermost article around it: what stands in there is a part of this story
    while inner > 0:
        own = inner if tags[inner] == "article" else own
        around[parents[inner]] = inner
        inner = parents[inner]
    for index in headings[bisect_right(headings, page.headline_at) :]:
        at = lines[index].box
        titled, linked = tags[at] == "h1", _is_linked(lines[index])
        while parents[at] not in around and at > 0:
            at = parents[at]
        beside = around.get(parents[at], 0)
        if titled and (linked or parents[at] < own) and min(page.below[at], page.below[beside]) > _TOLD:
            return range(index, len(lines))
        if tags[at] == tags[beside] == "article" and page.below[beside]:
            return range(index, len(lines))
    return range(0)


def _dated_next(page: Weighed, headings: list[int]) -> range:
    """Return the lines from the next story on: a linked title, the day it came out, then its text in the same box.

    A card in the midst of the text has a title and a day as well, but the text that follows is not in its box; the
    parts of a digest have all that, but little stands above the first.
    """
    outline, at = page.outline, page.headline_at
    told = [0, *accumulate(page.good)]
    below = headings[bisect_right(headings, at) :] if at >= 0 else []
    for index, later in pairwise([*below, len(page.good)]):
        line = outline.lines[index]
        if not line.linked or len(line.text) < _TITLE or not _is_linked(line):
            continue
        stamps = (beneath.text for beneath in outline.lines[index + 1 : index + 1 + _STAMPS])
        dated = any(len(text) <= _STAMP and _YEAR.search(text) and says_when(text) for text in stamps)
        end = min(later, outline.ends[outline.parents[line.box]])
        if dated and told[end] - told[index] > _NEXT:
            return range(index, len(outline.lines) if told[index] - told[at] >= _OWN else index)
    return range(0)


def _comments(page: Weighed) -> range:
    """Return the lines from the heading of the readers' comments on, where text stands above it, and not around it."""
    lines, parents, told = page.outline.lines, page.outline.parents, -1
    for index in range(max(page.headline_at, 0) + 1, len(lines)):
        if page.good[index]:
            told = index
        elif told >= 0 and not lines[index].linked and _heads_comments(lines[index].text):
            below = next((at for at in range(index, len(lines)) if page.good[at]), -1)
            apart = below < 0 or parents[lines[below].box] != parents[lines[told].box]
            if apart:
                return range(index, len(lines))
    return range(0)


def _heads_comments(text: str) -> bool:
    return len(text) <= _HEADING and COMMENTS.match(text) is not None


def _listed_cards(page: Weighed, texts: list[int]) -> set[int]:
    """Return boxes that stand three or more in a row, each a linked title above a few words."""
    outline, parents = page.outline, page.outline.parents
    titled = [index for index, line in enumerate(outline.lines)
              if line.linked and len(line.text) >= 20 and _is_linked(line)]
    if len(titled) < 3:
        return set()
    titles = _held(outline, titled)
    groups: dict[int, set[int]] = {}
    for index in titled:
        at = outline.lines[index].box
        while at > 0 and titles[parents[at]] == 1:
            at = parents[at]
        if 0 < page.below[at] < _LISTED and index < _opening(outline, at, texts) < len(page.good):
            groups.setdefault(parents[at], set()).add(at)
    return {at for group in groups.values() if len(group) >= 3 for at in group}


def _held(outline: Outline, indexes: list[int]) -> list[int]:
    """Return of each box how many of these lines it holds."""
    flags = [0] * len(outline.lines)
    for index in indexes:
        flags[index] = 1
    return outline.sums(flags)


def without_requests(page: Weighed, chosen: list[int]) -> list[int]:
    """Leave out short lines that ask for something: with a link or bold anywhere, else first or near the end."""
    ends = {*chosen[-3:], *chosen[:1]}
    return [index for index in chosen if not _requests(page, index, index in ends)]


def _requests(page: Weighed, index: int, at_the_end: bool) -> bool:
    line = page.outline.lines[index]
    marked = line.linked * 4 > len(line.text) or line.strong * 2 > len(line.text)
    may = page.widths[index] <= _REQUEST and (line.linked or marked or at_the_end)
    text = f" {line.text.lower()} " if may else ""
    if line.linked and any(map(text.__contains__, _ASKED)):
        return True
    if page.widths[index] > (_REQUEST if marked else _PLAIN_REQUEST) or not (marked or at_the_end):
        return False
    if ("@" in text and _EMAIL.search(text) is not None) or any(map(text.__contains__, _REQUESTS)):
        return True
    leads = line.linked * 4 > len(line.text)
    return any(map(text.__contains__, _SERVICES)) and (leads or any(map(text.__contains__, _READER)))


def without_echoes(page: Weighed, chosen: list[int]) -> list[int]:
    """Leave out a pulled quotation whose words stand in the text as well."""
    lines = page.outline.lines
    pulled = {index for index in chosen if page.inherited[lines[index].box] & QUOTE and page.widths[index] >= 30}
    if not pulled:
        return chosen
    told = "\n".join(squashed(lines[index].text) for index in chosen if index not in pulled)
    return [index for index in chosen if index not in pulled or squashed(lines[index].text) not in told]
