"""The language of a text by its letters: those of Central Asia, Russian and English. Where they do not tell, None.

Tags are BCP 47. Uzbek always names its script (uz-Latn, uz-Cyrl), the others only where it is not the usual one
(kk-Latn, kaa-Cyrl). Alphabets: Kazakh of 1940 and its Latin drafts of 2018 and 2021, Karakalpak of 1957 and 2016,
Turkmen of 1993, Uzbek of 1995.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from scraper.text import APOSTROPHES

_SAMPLE: Final = 2000  # characters that are looked at
_FEW: Final = 20  # letters below which nothing is said


@dataclass(frozen=True, slots=True)
class _Alphabet:
    """The letters a language has beyond the common ones; without one of its `own` a text is not in it."""

    language: str
    letters: str
    own: str


# Fewest letters first: of two alphabets that hold a text's letters, the smaller one is meant.
_CYRILLIC: Final = (
    _Alphabet("uz-Cyrl", "ғқҳў", "ў"),
    _Alphabet("ky", "ңүөы", "ң"),  # Mongolian has the other two as well
    _Alphabet("tg", "ғқҳӣӯҷ", "ӣӯҷ"),
    _Alphabet("kaa-Cyrl", "әғқңөүўҳы", "ә"),
    _Alphabet("kk", "әғқңөұүһіы", "іұ"),
)
_LATIN: Final = (
    _Alphabet("kaa", "áǵıńóúw", "w"),
    _Alphabet("kk-Latn", "áǵıńóúý", "ý"),
    _Alphabet("kk-Latn", "äğıŋöşūüw", "ŋū"),
    _Alphabet("tk", "äçňöşüýžw", "ňýž"),
)
_RUSSIAN: Final = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")
_NO_LETTERS: Final = bytes(code for code in range(128) if not 97 <= code <= 122)  # in lower case
_ASCII = re.compile(r"[\x00-\x7f]+")
_ENGLISH: Final = frozenset("abcdefghijklmnopqrstuvwxyz")
_COMMON: Final = (_RUSSIAN | _ENGLISH) - {"ы", "w"}
_BEYOND: Final = 1.2  # percent of letters; Russian text with Kazakh names in it stays below, Kazakh text has 15
_OWN: Final = 0.3
_YERY: Final = 0.8  # percent of ы in Russian, which has 1.9; Uzbek, Tajik, Bulgarian and Serbian have none
_HELD: Final = 90  # percent of the uncommon letters that the alphabet holds

_ALONE: Final = (
    ("th", "\u0e00", "\u0e7f"), ("he", "\u05d0", "\u05ea"), ("ko", "\uac00", "\ud7af"), ("ka", "\u10a0", "\u10ff"),
    ("hy", "\u0530", "\u058f"), ("el", "\u0370", "\u03ff"),
)  # fmt: skip
_PERSIAN: Final = "پچژگ"  # which Arabic has not
_NOT_PERSIAN: Final = "ٹڈڑےڤۆێڕەۇۈڭۋځڅښټډ"  # Urdu, Kurdish, Uyghur and Pashto

_MARK: Final = f"[{APOSTROPHES}]"
_WORD = re.compile(rf"[^\W\d_]+(?:{_MARK}[^\W\d_]+)*")
_UZBEK_LETTER = re.compile(rf"[og]{_MARK}")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ENGLISH_WORDS: Final = _words(
    "the of and to in that is was for on with as by at from said has have be are it its an this which will"
)
_UZBEK_WORDS: Final = _words(
    "va bu bilan uchun ham esa deb bir emas edi kerak shu qilish qildi haqida mumkin yangi yil"
)
_ONE_SCRIPT: Final = {
    **dict.fromkeys(_words("ru uk be bg mk mn ba tt cv os sah"), "Cyrl"),
    **dict.fromkeys(_words("en de fr es it pt nl pl cs sk sl hr sv da no nb nn fi et lv lt hu ro tr tk"), "Latn"),
}
_USUAL: Final = {"uz": None, "kk": "Cyrl", "ky": "Cyrl", "tg": "Cyrl", "kaa": "Latn"}  # of two scripts
_TOLD: Final = _words("uz kk ky tg tk kaa ru en")
_COUNTRIES: Final = {"kz": "kk", "kg": "ky", "tj": "tg", "tm": "tk"}  # the country's code in the language's place


def language_of(text: str) -> str | None:
    """Return the language of `text`; None for another than ours, or where its letters do not tell."""
    return _told(text, _letters(text))


def language_of_script(text: str) -> str | None:
    """Return the language that a text's letters are written in alone, or nearly so: Thai, Hebrew, Han with kana."""
    letters = _letters(text)
    total = sum(letters.values())
    for language, first, last in _ALONE:
        held = sum(count for letter, count in letters.items() if first <= letter <= last)
        if total >= _FEW and held * 2 >= total:
            return language
    han, kana = (sum(count for letter, count in letters.items() if first <= letter <= last)
                 for first, last in (("\u4e00", "\u9fff"), ("\u3040", "\u30ff")))
    if total >= _FEW and 2 * (han + kana) >= total:
        return "ja" if 10 * kana >= total else "zh"
    persian = sum(letters.get(letter, 0) for letter in _PERSIAN)
    return "fa" if 100 * persian >= total > _FEW and not any(letter in letters for letter in _NOT_PERSIAN) else None


def settled(claim: str, text: str) -> str | None:
    """Return the tag that `claim` (BCP 47) means for `text`, with its script where it needs one.

    None where the text is plainly in something else: in other letters, or in another of the languages that are
    told apart here. kz, kg, tj and tm are taken for the languages of those countries.
    """
    primary, *rest = claim.split("-")
    primary = _COUNTRIES.get(primary.lower(), primary.lower())
    letters = _letters(text)
    script = _script(letters)
    if script and _ONE_SCRIPT.get(primary, script) != script:
        return None
    if not script and primary in _ONE_SCRIPT and language_of_script(text) is not None:
        return None
    told = _told(text, letters) if primary in _TOLD else None
    if told is not None and told.split("-")[0] != primary:
        return None
    if primary in _USUAL and script is not None:
        rest = [*([] if script == _USUAL[primary] else [script]), *(part for part in rest if len(part) != 4)]
    return "-".join([primary, *rest])


def _letters(text: str) -> Mapping[str, int]:
    """Count the letters of the sample; everything but the word lists is told from these few numbers.

    The English ones but w, which nothing here tells apart, are counted in one go, as a.
    """
    sample = text[:_SAMPLE].lower()
    plain = sample.encode("ascii", "ignore").translate(None, _NO_LETTERS)
    beyond = "" if sample.isascii() else _ASCII.sub("", sample)
    letters = {letter: beyond.count(letter) for letter in set(beyond) if letter.isalpha()}
    return letters | {"w": plain.count(b"w"), "a": len(plain) - plain.count(b"w")}


def _script(letters: Mapping[str, int]) -> str | None:
    """Return Cyrl or Latn, whichever wrote at least four fifths of the sample's letters; None for too few of them."""
    cyrillic, latin = (sum(count for letter, count in letters.items() if letter in common)
                       for common in (_RUSSIAN, _ENGLISH))  # fmt: skip
    total = cyrillic + latin
    if total < _FEW or 5 * max(cyrillic, latin) < 4 * total:
        return None
    return "Cyrl" if cyrillic > latin else "Latn"


def _told(text: str, letters: Mapping[str, int]) -> str | None:
    script = _script(letters)
    if script is None:
        return None
    uncommon = {letter: count for letter, count in letters.items() if letter not in _COMMON}
    total = sum(letters.values())
    strange = sum(count for letter, count in uncommon.items() if letter not in "ыw")
    if 100 * strange >= _BEYOND * total:
        told = _lettered(uncommon, total, _CYRILLIC if script == "Cyrl" else _LATIN)
        if told or script == "Cyrl":
            return told
    if script == "Cyrl":
        return "ru" if 100 * letters.get("ы", 0) >= _YERY * total else None
    return _worded(text[:_SAMPLE].lower())


def _lettered(uncommon: Mapping[str, int], total: int, alphabets: tuple[_Alphabet, ...]) -> str | None:
    """Return the language of the first alphabet that holds nearly all letters that are not common ones."""
    found = sum(uncommon.values())
    for alphabet in alphabets:
        held = sum(uncommon.get(letter, 0) for letter in alphabet.letters)
        own = sum(uncommon.get(letter, 0) for letter in alphabet.own)
        if 100 * own >= _OWN * total and 100 * held >= _HELD * found:
            return alphabet.language
    return None


def _worded(sample: str) -> str | None:
    """Return English or Uzbek by their commonest words, Uzbek also by its two letters with an apostrophe."""
    words = _WORD.findall(sample)
    if not _UZBEK_WORDS.isdisjoint(words):
        uzbek = [word for word in words if word in _UZBEK_WORDS]
        marked = 100 * len(_UZBEK_LETTER.findall(sample)) >= _BEYOND * len(sample)
        if marked or (len(set(uzbek)) > 1 and len(uzbek) * 15 >= len(words)):
            return "uz-Latn"
    return "en" if sum(map(_ENGLISH_WORDS.__contains__, words)) * 6 >= len(words) else None
