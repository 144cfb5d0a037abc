"""The log of observations: one UTC day of one source, packed into a few hundred bytes and back. Pure.

A day holds each distinct ticker once, and every instant as the seconds since the one before (a varint,
shifted left by one; the low bit says that another ticker's number follows). 1,152 instants a day of
five pairs come out as 1.3 KB. The same set of observations always gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
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


def packed(day: Mapping[int, Seen]) -> tuple[str, bytes]:
    """Return the day's distinct tickers as JSON, and its instants; keys are seconds since midnight UTC."""
    numbers: dict[Cells, int] = {}
    instants = bytearray()
    before, current = 0, -1
    for second in sorted(day):
        cells = _cells(day[second])
        number = numbers.setdefault(cells, len(numbers))
        instants += _varint((second - before) << 1 | (number != current))
        if number != current:
            instants += _varint(number)
        before, current = second, number
    return json.dumps(list(numbers), ensure_ascii=False, separators=(",", ":")), bytes(instants)


def unpacked(tickers: str, instants: bytes) -> dict[int, Seen]:
    """Return the day that was packed."""
    seen = [_seen(cells) for cells in json.loads(tickers)]
    day: dict[int, Seen] = {}
    numbers = _varints(instants)
    second, current = 0, -1
    for step in numbers:
        second += step >> 1
        if step & 1:
            current = next(numbers)
        day[second] = seen[current]
    return day


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
