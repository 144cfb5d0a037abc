"""Links in, the next page of a listing out. A counter such as "1 - 6 of 12" is never believed: it lies.

Page numbers decide, whatever the words say: "older", "next" and "previous" mean opposite things on
different sites. Words and arrows decide only where an address shows no number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from scraper.document import Document
from scraper.listings.links import Link
from scraper.urls import absolute

_MAX_WORDS: Final = 40  # characters of a pagination link

_NEXT = re.compile(
    r"next\b|older|more (?:posts|news|stories|articles)|load more|show more|siguiente|próxim|proxim|suivant|anciens"
    r"|weiter|nächste|ältere|volgende|oudere|successiv|avanti|следующ|^след\b|впер[её]д|ещ[её]|показать больше"
    r"|старые|старше|наступн|далі|наступ|следващ|напред|следећ|sljede|naslednj|następn|starsze|dalš|ďalš|další|starší|következő|régebbi"
    r"|nästa|äldre|neste|eldre|næste|ældre|seuraava|vanhemm|sonraki|ileri|daha eski|növbəti|keyingi|кейинги|yana|яна"
    r"|келесі|кийинки|оянда|баъдӣ|indiki|berikut|selanjutnya|tiếp|cũ hơn|ถัดไป|अगला|पुराने|পরবর্তী|পুরনো|επόμεν|παλαιότερ"
    r"|下一[页頁]|下页|次の|次へ|過去の|다음|이전 글|التالي|الصفحة التالية|أقدم|بعدی|قدیمی|הבא|הקודמות",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"prev|newer|zurück|neuere|anterior|précédent|назад|предыдущ|попередн|oldingi|олдинги|алдыңғы|мурунку|önceki"
    r"|poprzedni|předchoz|上一|前へ|前の|이전|السابق|قبلی|προηγ|[«‹←≪<]",
    re.IGNORECASE,
)
_ARROW = re.compile(r"\s*(?:[»›→≫▶⟩>]|>>|&gt;)\s*")
_NUMBER = re.compile(r"\d{1,9}")
_PATH_PAGE = re.compile(
    r"/(?:page|pages|pag|pagina|página|seite|strona|strana|sayfa|sahifa|bet|stranica|stranitsa|sida|side|sivu|oldal|p)[/_.=-]?(\d{1,6})"
    r"(?:\.\w{3,5})?/?$",
    re.IGNORECASE,
)
_PAGE_KEYS = re.compile(
    r"page|paged|pagenum|pageno|page_?number|page_num|pg|pn|pageindex|curpage|currentpage|cpage|pagina|seite|strona|sayfa|sahifa|pagen_\d+",
    re.IGNORECASE,
)
_OFFSET_KEYS = re.compile(r"start|offset|from|skip|limitstart|first", re.IGNORECASE)
_INDEX = re.compile(r"/index\.\w{3,5}$")


@dataclass(frozen=True, slots=True)
class _Numbered:
    """An address as the page of something: what it would be without its number, and the number."""

    base: str
    number: int


def next_page(document: Document, links: Sequence[Link]) -> str | None:
    """Return the address of the page after this one, None where it is the last or has no pages.

    Of the links whose number is higher than this page's the lowest wins.
    """
    higher = sorted(_higher(document.url, links))
    if higher:
        return higher[0][2]
    if any(_is_pager_link(link, document.url) for link in links):
        return None  # a pager stands here and goes no further, whatever the head promises (SEO plugins do)
    return _declared(document, links) or _worded(document.url, links) or _second(document.url, links)


def _second(url: str, links: Sequence[Link]) -> str | None:
    """Return page two of the list a front page shows the first of, where its pager says 2 and 3 of that list."""
    told: dict[str, dict[int, str]] = {}
    for link in links if urlsplit(url).path in ("", "/") else ():
        address = absolute(link.href, url) if _NUMBER.fullmatch(link.text) else None
        there = _numbered(address) if address else None
        if address and there is not None and there.number == int(link.text):
            told.setdefault(there.base, {})[there.number] = address
    return next((pages[2] for pages in told.values() if {2, 3} <= pages.keys()), None)


def _higher(url: str, links: Sequence[Link]) -> Iterator[tuple[int, int, str]]:
    """Yield (number, place on the page, address) of each link to a later page."""
    here = _own(url)
    templates = dict(_templates(url))
    for at, link in enumerate(links):
        address = absolute(link.href, url)
        if address is None or not any(char.isdigit() for char in address):
            continue
        there = _numbered(address)
        if there is not None and there.base == here.base:
            if there.number > here.number:
                yield there.number, at, address
        elif _speaks(link):
            yield from ((number, at, address) for template, number in _templates(address)
                        if number > templates.get(template, number))


def _is_pager_link(link: Link, url: str) -> bool:
    address = absolute(link.href, url)
    there = _numbered(address) if address else None
    return there is not None and there.base == _own(url).base and address != url


def _speaks(link: Link) -> bool:
    """Tell whether a link's text is a number, an arrow or a word of pagination."""
    text = link.text
    return bool(_NUMBER.fullmatch(text) or _ARROW.fullmatch(text) or "next" in link.rel.split() or _says_next(link))


def _says_next(link: Link) -> bool:
    text = link.text or link.label
    return len(text) <= _MAX_WORDS and bool(_NEXT.search(text))


def _declared(document: Document, links: Sequence[Link]) -> str | None:
    """Return the address under rel=next, in the body or else in the head."""
    hrefs = [link.href for link in links if "next" in link.rel.split()]
    hrefs += [node.attributes.get("href") or "" for node in document.tree.css("link[rel=next]")]
    found = (absolute(href, document.base) for href in hrefs if href)
    return next((address for address in found if address and address != document.url), None)


def _worded(url: str, links: Sequence[Link]) -> str | None:
    """Return the address behind the last word for "next" that leads to this page with another query."""
    own = _bare(url)
    for link in reversed(links):
        if _says_next(link) and not _BACK.search(link.text):
            address = absolute(link.href, url)
            if address and address != url and urlsplit(address).query and _bare(address) == own:
                return address
    return None


def _own(url: str) -> _Numbered:
    return _numbered(url) or _Numbered(_base(url, None, None), 1)


def _numbered(url: str) -> _Numbered | None:
    """Read `url` as a numbered page: by a word for "page" in its path or query, or by an offset."""
    parts = urlsplit(url)
    path = _PATH_PAGE.search(parts.path)
    if path:
        return _Numbered(_base(url, path.start(), None), int(path[1]))
    for key, value in parse_qsl(parts.query):
        if value.isdecimal() and len(value) < 10:
            if _PAGE_KEYS.fullmatch(key):
                return _Numbered(_base(url, None, key), int(value))
            if _OFFSET_KEYS.fullmatch(key):
                return _Numbered(_base(url, None, key), int(value) + 1)  # offset 0 is the page without one
    return None


def _base(url: str, path_end: int | None, key: str | None) -> str:
    parts = urlsplit(url)
    path = _INDEX.sub("", parts.path[:path_end].rstrip("/"))
    query = sorted(pair for pair in parse_qsl(parts.query) if pair[0] != key)
    return f"{_host(url)}{path}?{query}"


def _bare(url: str) -> str:
    return _host(url) + urlsplit(url).path.rstrip("/")


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _templates(url: str) -> Iterator[tuple[str, int]]:
    """Yield the address with each of its numbers blanked out in turn, and that number."""
    parts = urlsplit(url)
    rest = f"{_host(url)}{parts.path.rstrip('/')}?{parts.query}"
    for match in list(_NUMBER.finditer(rest))[-4:]:
        yield f"{rest[: match.start()]}#{rest[match.end() :]}", int(match[0])
