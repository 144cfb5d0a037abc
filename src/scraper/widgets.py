"""The rates of a page: those of its marquee, and the boxes of other forms that its source declares.

    $ 12178.85 UZS 49.84    146.54 UZS -1.45        USD12904.51
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from itertools import chain, islice
from typing import Final

from scraper.document import Document, page_text
from scraper.quotes import MAX_DIGITS, entries, ticker_of, unseen_ticker
from scraper.records import Quote, Rejected, Ticker
from scraper.source import Widget
from scraper.text import squeezed, visible

_MOST: Final = 200  # rates of one widget on one page, repeats included
_BETWEEN = re.compile(r"[\s•|·*$€₽₸£¥-]*")  # what may stand between two rates of one box
_QUOTED = re.compile(r"/\s*+[A-Z]{3,6}+[^\w=]*+=")  # the second half of KGS/USD =, whatever the tags between its parts
_BASE = re.compile(r"[A-Z]{3}")
_MINUS = str.maketrans("−–", "--", " \xa0\u202f+%")


def ticker_of_page(document: Document, widgets: Sequence[Widget] = ()) -> Ticker:
    """Return the page's rates; the text is laid out only where a pair stands in it, most pages hold none.

    Where the text shows none, the marquee is one that a script writes, or drawn (SVG), or there for want of scripts.
    """
    body = document.tree.body
    text = body.text_lexbor() if body is not None else ""
    paired = _names_pair(text)
    if not (widgets or paired):
        return Ticker()
    ticker = rates_from(page_text(document), widgets)
    return ticker if ticker.cells or ticker.rejected or not paired else unseen_ticker(text)


def _names_pair(text: str) -> bool:
    """Tell whether a pair of currencies stands in `text`; sought from its stroke, as its letters stand everywhere."""
    for match in _QUOTED.finditer(text):
        at = match.start()
        while at and text[at - 1].isspace():
            at -= 1
        if _BASE.fullmatch(text, max(0, at - 3), at):
            return True
    return False


def rates_from(text: str, widgets: Iterable[Widget]) -> Ticker:
    """Return the rates of one page: those of the marquee, and of the source's own widgets."""
    text = visible(text)
    return ticker_of(chain(entries(text), *(_widget_entries(text, widget) for widget in widgets)))


def _widget_entries(text: str, widget: Widget) -> Iterator[Quote | Rejected]:
    matches = list(islice(re.finditer(widget.pattern, text, re.MULTILINE), _MOST))
    if not widget.bases:
        yield from (_entry(match, match["base"], widget) for match in matches)
        return
    for box in _boxes(text, matches):
        if len(box) % len(widget.bases):
            cell = squeezed(text[box[0].start():box[-1].end()][:200])[:80]
            yield Rejected(cell, f"{len(box)} rates where {len(widget.bases)} should stand")
        else:
            yield from (_entry(match, widget.bases[number % len(widget.bases)], widget)
                        for number, match in enumerate(box))  # fmt: skip


def _boxes(text: str, matches: list[re.Match[str]]) -> Iterator[list[re.Match[str]]]:
    """Yield the rates that follow each other with nothing but white space and signs between them."""
    box: list[re.Match[str]] = []
    for match in matches:
        if box and not _BETWEEN.fullmatch(text, box[-1].end(), match.start()):
            yield box
            box = []
        box.append(match)
    if box:
        yield box


def _entry(match: re.Match[str], base: str, widget: Widget) -> Quote | Rejected:
    named = match.groupdict()
    rate, change = _number(named["rate"]), _number(named.get("change") or "")
    if rate is None or rate <= 0:
        return Rejected(squeezed(match[0][:200])[:80], "no rate" if rate is None else "zero or negative")
    return Quote(
        base.upper(), widget.counter, rate, squeezed(named["rate"]),
        change=change if change is None or change else abs(change),  # -0 equals 0
        change_text=squeezed(named["change"]) if change is not None else None,
        kind=widget.name, unit=widget.unit, change_in=widget.change_in,
    )


def _number(text: str) -> Decimal | None:
    """Return a printed number: white space groups its digits, and so does a comma before a point, else it is one."""
    plain = text.translate(_MINUS).strip()
    plain = plain.replace(",", "") if "." in plain else plain.replace(",", ".")
    if sum(map(str.isdigit, plain)) > MAX_DIGITS or not plain.isascii():
        return None
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
