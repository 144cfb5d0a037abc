"""The log of observations: one UTC day of one source, packed into a few hundred bytes and back. Pure.

A day holds each distinct ticker once, and every instant as the seconds since the one before (a varint,
shifted left by one; the low bit says that another ticker's number follows). 1,152 instants a day of
five pairs come out as 1.3 KB. The same set of observations always gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from scraper.tables.history import Reading

Seen = Mapping[str, Reading]  # by label
Cells = tuple[tuple[str, str, str | None, str, str | None], ...]  # label, rate, change, texts as printed; by label


def merged(one: Seen, other: Seen) -> dict[str, Reading]:
    """Return the readings of both; of two for one label that with the smaller text."""
    both = dict(one)
    for label, reading in other.items():
        both[label] = min(both.get(label, reading), reading, key=lambda each: each.rank)
    return both


@dataclass(frozen=True, slots=True)
class Packed:
    """A packed day: its distinct tickers as JSON, its instants, and where the next one goes on from."""

    tickers: str = "[]"
    instants: bytes = b""
    last_second: int = -1  # since midnight UTC
    last_ticker: int = -1


def packed(day: Mapping[int, Seen]) -> Packed:
    """Return the day packed; keys are seconds since midnight UTC."""
    whole = Packed()
    for second in sorted(day):
        whole = appended(whole, second, day[second])
    return whole


def appended(day: Packed, second: int, seen: Seen) -> Packed:
    """Return the day with one more instant, later than all it holds."""
    cells = _cells(seen)
    number, tickers = _number(day.tickers, cells)
    other = number != day.last_ticker
    step = _varint((second - max(day.last_second, 0)) << 1 | other)
    return Packed(tickers, day.instants + step + (_varint(number) if other else b""), second, number)


def unpacked(day: Packed) -> dict[int, Seen]:
    """Return the day that was packed."""
    tickers = [_seen(cells) for cells in json.loads(day.tickers)]
    seen: dict[int, Seen] = {}
    numbers = _varints(day.instants)
    second, current = 0, -1
    for step in numbers:
        second += step >> 1
        if step & 1:
            current = next(numbers)
        seen[second] = tickers[current]
    return seen


def _number(tickers: str, cells: Cells) -> tuple[int, str]:
    """Return the number of a ticker in the list, and the list with it."""
    listed = json.loads(tickers)
    wanted = [list(cell) for cell in cells]
    if wanted in listed:
        return listed.index(wanted), tickers
    return len(listed), json.dumps([*listed, wanted], ensure_ascii=False, separators=(",", ":"))


def _cells(seen: Seen) -> Cells:
    return tuple(
        (label, str(reading.rate), None if reading.change is None else str(reading.change),
         reading.rate_text, reading.change_text)
        for label, reading in sorted(seen.items())
    )


def _seen(cells: Iterable[tuple[str, str, str | None, str, str | None]]) -> Seen:
    return {
        label: Reading(Decimal(rate), None if change is None else Decimal(change), rate_text, change_text)
        for label, rate, change, rate_text, change_text in cells
    }


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _varints(data: bytes) -> Iterator[int]:
    number = shift = 0
    for byte in data:
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            yield number
            number = shift = 0
