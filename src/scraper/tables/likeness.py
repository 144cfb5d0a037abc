"""Whether two texts are copies of one story, and the marks by which copies find each other. Pure.

A text's longer words and its numbers are hashed in pairs; the smallest hash from each of 30 places on is taken
(one-permutation minhash), and three of these make a mark. Texts that share 70 % of their pairs have one of the ten
marks in common 98 times in 100, those that share a common opening of 10 % once.
The hashes are arithmetic of our own over CRC-32: the same on every machine and in every version of Python.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import repeat
from struct import pack, unpack
from typing import Final
from zlib import crc32

from scraper.tables.identity import similarity
from scraper.text import APOSTROPHES

MARKS: Final = 10
_ROWS: Final = 3  # hashes in a mark
_BASE: Final = 2**52  # of a hash as a float, which holds both exactly
_PLACES: Final = tuple(float(_BASE + number * 2**32 // (MARKS * _ROWS)) for number in range(MARKS * _ROWS))
# Short words are everybody's; numbers tell one notice from the next. A search that goes from blank to blank takes less
# than half of one that looks at each letter, so all that is no word is blanked first: letters stand in any alphabet.
_TELLING = re.compile(r" ([^ ]{6,}|\d\d*)")
_TELLING_ASCII = re.compile(rb" ([^ ]{6,}|[0-9][0-9]*)")
_SIGN = re.compile(r"[^\w\x00-\x7f]")
_PRINTED: Final = "\u201c\u201d\u201e\xab\xbb\u2013\u2014\u2026\xa0\u2022"  # what most texts have beyond ASCII
_BLANKED: Final = bytes(sign if chr(sign).isalnum() or sign > 127 or chr(sign) == "_" else 32 for sign in range(256))
_ASCII_APOSTROPHES: Final = "".join(filter(str.isascii, APOSTROPHES)).encode()
_NUMBER = re.compile(r"\d+")
_FACTOR: Final = 0x9E3779B1  # odd

_FEWEST: Final = 30  # words; a shorter text ("Video report") says too little to be anybody's copy
_SHORT: Final = 80  # words; below that a text of a template differs from the next in a name or two
_COPY, _SHORT_COPY = 0.6, 0.85  # of the word pairs: half the text cut off is 0.5, a digest of five stories 0.2
_SAME_NUMBERS = 0.5  # of the numbers in both


def marks(text: str) -> tuple[int, ...]:
    """Return a text's marks; none where it is too short to be compared. Copies of it most likely share one."""
    if len(text.split(None, _FEWEST)) < _FEWEST:
        return ()
    hashes = _pairs(_telling(text))
    if not hashes:
        return ()
    found = [*map(bisect_left, repeat(hashes), _PLACES)]
    hashes.append(hashes[0])  # beyond the last one comes the first
    least = [int(hashes[at]) - _BASE for at in found]
    thirds = (least[number * MARKS : number * MARKS + MARKS] for number in range(_ROWS))
    # the text of the numbers is what repr gives of (number, (one, two, three))
    return tuple(crc32(f"({number}, ({one}, {two}, {three}))".encode()) << 16 | one & 0xFFFF
                 for number, (one, two, three) in enumerate(zip(*thirds, strict=True)))


def copied(one: str, other: str) -> float | None:
    """Return the share of word pairs two texts have in common, 0-1; None where they are not copies of one story."""
    one, other = _unmarked(one), _unmarked(other)
    words = min(len(one.split(None, _SHORT)), len(other.split(None, _SHORT)))
    if words < _FEWEST:
        return None
    alike = similarity(one, other)
    enough = alike >= (_COPY if words >= _SHORT else _SHORT_COPY)
    return alike if enough and _same_numbers(one, other) else None


def _telling(text: str) -> list[bytes]:
    """Return a text's longer words and its numbers, caseless and without apostrophes, in their order."""
    if not text.isascii():
        for mark in APOSTROPHES:
            text = text.replace(mark, "")
        for sign in _PRINTED:
            text = text.replace(sign, " ")
    text, at = text.casefold(), 0
    if not text.isascii():
        while found := _SIGN.search(text, at):
            text, at = text.replace(found[0], " "), found.end()
    spaced = b" " + text.encode().translate(_BLANKED, _ASCII_APOSTROPHES)
    if spaced.isascii():
        return _TELLING_ASCII.findall(spaced)
    return [*map(str.encode, _TELLING.findall(spaced.decode()))]


def _pairs(words: list[bytes]) -> list[float]:
    """Return the hashes of each two words in a row, in ascending order, as floats; the order of the two counts.

    All sums are made at once, each in its own 64 bits of one long number: one by one they took three times as long.
    Floats are sorted in a third of the time that whole numbers take.
    """
    lanes = int.from_bytes(pack(f"<{len(words)}Q", *map(crc32, words)), "little")
    sums = (lanes * _FACTOR + (lanes >> 64)).to_bytes(8 * len(words), "little")
    count = max(len(words) - 1, 0)
    floats = bytearray(pack("<d", _BASE) * count)
    for byte in range(4):  # the lower 32 bits of each sum, without the last
        floats[byte::8] = sums[byte : 8 * count : 8]
    return sorted(unpack(f"<{count}d", floats))


def _unmarked(text: str) -> str:
    """Return the text without apostrophes: desks type one Uzbek letter in many ways."""
    for mark in APOSTROPHES:  # half the time of a pattern
        text = text.replace(mark, "")
    return text


def _same_numbers(one: str, other: str) -> bool:
    mine, theirs = set(_NUMBER.findall(one)), set(_NUMBER.findall(other))
    return len(mine & theirs) >= _SAME_NUMBERS * len(mine | theirs)
