"""The ticker grammar: text in, rates out. Only the full line form counts, whatever tags stood between its parts.

    • KGS/USD = 0.01144 0%

Rates stand in prose too (`2.7 Kyrgyz som (KGS)`); without the label and the equals sign they are none. Other forms
are read only where a source declares them (widgets).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from scraper.records import Conflict, Quote, Rejected, Ticker
from scraper.text import squeezed, visible

MAX_DIGITS = 20  # in one number; the longest rate seen has 6

# Possessive throughout: a run of spaces or digits is walked once, so 50,000 x "KGS/USD = " stays linear.
_HEAD = re.compile(r"(?<![0-9A-Za-z/])([A-Z]{3,6})\s*+/\s*+([A-Z]{3,6})\s*+=\s*+(?=([^\s=•]*+))")
_RATE = re.compile(r"[-+−–]?(?:[0-9]++(?:\.[0-9]++)?|\.[0-9]++)")
_CHANGE = re.compile(r"([\s(▲▼△▽▴▾↑↓⬆⬇]*+)([-+−–]?\s?[0-9]++(?:\.[0-9]++)?)\s?%")
_FALLING = frozenset("▼▽▾↓⬇")
_LINE_END = re.compile(r"[^\S\n]*+(?:\n|\Z|[•|·*])|\s*+(?=[A-Z]{3,6}\s*+/\s*+[A-Z]{3,6}\s*+=)")
_BULLETS = " \t\xa0•|·*‣▪◦–-"
_NO_NUMBERS = {"": "no rate", "n/a": "not available", "na": "not available", "nan": "not a number",
               "inf": "infinite", "infinity": "infinite", "∞": "infinite"}
_MINUS = str.maketrans("−–", "--")


def quotes(text: str) -> Iterator[Quote]:
    """Yield each rate in `text`, repeats included, in reading order.

    `change` is in percent; it is None where the ticker shows none, which only a cell on a line of its own may do.
    """
    return (entry for entry in entries(text) if isinstance(entry, Quote))


def ticker_from(text: str) -> Ticker:
    """Return the rates of one page: each label once, with what contradicts it and what cannot be a rate."""
    return ticker_of(entries(text))


def ticker_of(found: Iterable[Quote | Rejected]) -> Ticker:
    """Return these entries as the rates of one page."""
    cells: Counter[Quote] = Counter()
    rejected: dict[Rejected, None] = {}
    for entry in found:
        if isinstance(entry, Quote):
            cells[entry] += 1
        else:
            rejected[entry] = None
    by_label: dict[str, list[tuple[Quote, int]]] = {}
    for quote, count in cells.items():
        by_label.setdefault(quote.label, []).append((quote, count))
    conflicts = (_conflict(label, seen) for label, seen in by_label.items())
    return Ticker(
        quotes=tuple(_taken(seen) for seen in by_label.values()),
        conflicts=tuple(conflict for conflict in conflicts if conflict is not None),
        rejected=tuple(rejected),
        cells=cells.total(),
    )


def unseen_ticker(text: str) -> Ticker:
    """Return the rates of a text that no reader sees as it stands (a script's, a picture's): only those with a change.

    What is not one is no cell of a marquee there, and so is not rejected either.
    """
    return ticker_of(entry for entry in entries(text) if isinstance(entry, Quote) and entry.change is not None)


def entries(text: str) -> Iterator[Quote | Rejected]:
    """Yield each entry of the marquee's form, repeats included, in reading order, those that are no rate too."""
    text = visible(text)
    end = 0
    for head in _HEAD.finditer(text):
        change = _CHANGE.match(text, head.end(3))
        if change is None:
            yield _entry_without_change(text, head, end)
        else:
            entry = _entry(head, text[change.start(2):change.end()], text[head.start():change.end()])
            yield _falling(entry) if not _FALLING.isdisjoint(change[1]) else entry
        end = change.end() if change else head.end(3)


def _entry_without_change(text: str, head: re.Match[str], last_end: int) -> Quote | Rejected:
    cell = text[head.start():head.end(3)]
    entry = _entry(head, None, cell)
    before = text[max(last_end, head.start() - 40):head.start()].rstrip(_BULLETS)
    alone = (not before or before.endswith("\n")) and _LINE_END.match(text, head.end(3))
    return entry if isinstance(entry, Rejected) or alone else _rejection(cell, "no change in percent")


def _entry(head: re.Match[str], change_text: str | None, cell: str) -> Quote | Rejected:
    rate_text = head[3]
    reason = _not_a_rate(rate_text)
    if reason is None and change_text is not None and _digits(change_text) > MAX_DIGITS:
        reason = "too many digits in the change"
    if reason is not None:
        return _rejection(cell, reason)
    return Quote(
        base=head[1], counter=head[2],
        rate=Decimal(rate_text), rate_text=rate_text,
        change=_change(change_text) if change_text is not None else None,
        change_text=squeezed(change_text) if change_text is not None else None,
    )


def _falling(entry: Quote | Rejected) -> Quote | Rejected:
    """Return the entry with the sign that an arrow says in its stead."""
    if isinstance(entry, Rejected) or not entry.change or entry.change < 0:
        return entry
    return replace(entry, change=-entry.change)


def _not_a_rate(text: str) -> str | None:
    if not _RATE.fullmatch(text):
        return _NO_NUMBERS.get(text.lower().lstrip("-+−"), "not a plain number")
    if text[0] in "-+−–":
        return "signed with a plus" if text[0] == "+" else "negative"
    if _digits(text) > MAX_DIGITS:
        return "too many digits"
    return None if text.strip("0.") else "zero"


def _digits(text: str) -> int:
    return sum(map(str.isdigit, text))


def _change(text: str) -> Decimal:
    number = Decimal("".join(text.rstrip("%").split()).translate(_MINUS))
    return number if number else abs(number)  # -0% equals 0%


def _rejection(cell: str, reason: str) -> Rejected:
    return Rejected(squeezed(cell[:200])[:80], reason)


def _taken(seen: list[tuple[Quote, int]]) -> Quote:
    """Return the rate most cells show, then the smaller text; of its changes likewise."""
    rates: Counter[Decimal] = Counter()
    changes: Counter[tuple[Decimal, Decimal | None]] = Counter()
    texts: dict[Decimal, str] = {}
    for quote, count in seen:
        rates[quote.rate] += count
        changes[quote.rate, quote.change] += count
        texts[quote.rate] = min(quote.rate_text, texts.get(quote.rate, quote.rate_text))
    return min(seen, key=lambda cell: (
        -rates[cell[0].rate], texts[cell[0].rate],
        -changes[cell[0].rate, cell[0].change], -cell[1],
        cell[0].rate_text, cell[0].change_text or ""))[0]


def _conflict(label: str, seen: list[tuple[Quote, int]]) -> Conflict | None:
    """Return what the label's cells say, one entry per (rate, change), or None where they agree."""
    groups: dict[tuple[Decimal, Decimal | None], list[tuple[Quote, int]]] = {}
    for quote, count in seen:
        groups.setdefault((quote.rate, quote.change), []).append((quote, count))
    if len(groups) == 1:
        return None
    votes = tuple((_taken(group), sum(count for _, count in group)) for group in groups.values())
    return Conflict(label, _taken(seen), votes)
