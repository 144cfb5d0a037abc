"""The marks of a text: what is fast about them changes none, in any alphabet."""

from __future__ import annotations

import re
from itertools import pairwise
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracles import histories
from scraper.tables.likeness import marks
from scraper.text import APOSTROPHES

SAYINGS = (
    "The town's well-known clockmaker's daughter didn't sell the O'Neill`s twelve watches at 9 o'clock on the 21st.",
    "Straße, naïve café: “the İzmir office” paid 12abc, 2025year and 7 ½ m² on the 5th — ŉever again…",
    "Қазақстанда ұлттық валюта бағамы өзгерді; «Тенге» 512,4 болды, деп хабарлады агенттік.",
    "O‘zbekistonda so'm kursi 12 700 ga yetdi: bu haqda Markaziy bank ma’lum qildi.",
    "به گزارش خبرگزاری، ۱۲ نفر در این همایش شرکت کردند و ۳۴ اثر به نمایش درآمد.",
    "ประเทศไทย under_scored words_and_signs 東京都知事選挙 １２３ Ⅷ ①② \u0345 ΐ ﬁnally",
)


def expected(text: str) -> tuple[int, ...]:
    """Return the marks as they are defined, each step by itself."""
    for mark in APOSTROPHES:
        text = text.replace(mark, "")
    words = [crc32(word.encode()) for word in re.findall(r"(?<!\w)(?:\w{6,}|\d+)", text.casefold())]
    hashes = sorted((one * 0x9E3779B1 + other) % 2**32 for one, other in pairwise(words))
    if not hashes:
        return ()
    least = [next((each for each in hashes if each >= place * 2**32 // 30), hashes[0]) for place in range(30)]
    threes = [tuple(least[number + 10 * row] for row in range(3)) for number in range(10)]
    return tuple(crc32(repr(each).encode()) << 16 | each[1][0] & 0xFFFF for each in enumerate(threes))


@pytest.mark.parametrize("saying", SAYINGS)
def test_marks_are_those_of_the_definition(saying: str) -> None:
    text = "\n\n".join(f"{number} {saying} {saying[number:]}" for number in range(8))

    assert marks(text) == expected(text)


@histories(100, full=3000)
@given(st.lists(st.text(st.characters(exclude_categories=())), min_size=30, max_size=60))
def test_marks_of_any_characters_are_those_of_the_definition(words: list[str]) -> None:
    text = "x ".join(["some", *words, "telling", "numbers", "12"])

    assert marks(text) == expected(text)
