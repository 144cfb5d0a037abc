"""A line in, a claim out: it says when a story was published or who wrote it, and next to nothing besides."""

from __future__ import annotations

import re

from scraper.dates import is_calendar_word
from scraper.reading.hints import BYLINE
from scraper.reading.persons import looks_named, signed_in

SIGNED = re.compile(r"(?:by|von|par|por|di|door|av|af|текст:|автор:)\s", re.IGNORECASE)
_STAMP = 100  # characters of a line that says when
_DATED = 3  # words in it that are no part of a date: `Oct 18, 2019 · 8 min read`
_CLOCKED = 5  # the same where it gives the minute
_CLOCK = re.compile(r"\b\d{1,2}:\d\d(?!\d)")
_DAY = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./]\d\d(?!\d)")
_MOST_CLOCKS = 2  # published, and changed
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE = re.compile(r"(?:[^\W\d_]{4,}|\d)[.!?]\Z")  # `2025 г.` and `3:15 p.m.` end no sentence
_TELLING = 2  # words in one that is no stamp, and behind the comma of one that is no byline
_EVENT = re.compile(  # what is to come, in an announcement
    r"(?:when|starts?|wann|beginn|когда|начало|qachon|boshlan\w+|қачон|бошлан\w+|қашан|баста\w+|качан|баштал\w+|кай"
    r"|haçan)\b",
    re.IGNORECASE,
)
_BYLINE = 200  # characters of a line that says who wrote the story, and of what else


def says_when(text: str) -> bool:
    """Tell whether the line is a date or a time, with a few words about it at most."""
    if len(text) > _STAMP or not any(map(str.isdigit, text)):
        return False
    clock = _CLOCK.search(text)
    if clock is None and not _DAY.search(text):
        return False
    words = [word for word in _WORD.findall(text) if not is_calendar_word(word)]
    return len(words) <= (_CLOCKED if clock else _DATED)


def gives_minute(text: str) -> bool:
    """Tell whether a time of day stands in the line."""
    return _CLOCK.search(text) is not None


def heads_story(text: str, hints: int) -> bool:
    """Tell whether a line near the headline is a stamp to the minute, or a byline with or without who that is."""
    if says_when(text) and 0 < len(_CLOCK.findall(text)) <= _MOST_CLOCKS:  # more of them are opening hours
        words = [is_calendar_word(word) for word in _WORD.findall(text)]
        told = _SENTENCE.search(text) is not None and words.count(False) >= _TELLING
        told = told or _EVENT.match(text) is not None
        return not told and (_YEAR.search(text) is not None or any(words))
    match = SIGNED.match(text) if len(text) <= _BYLINE else None
    if match is None:
        return False
    name, _, behind = text[match.end() :].partition(",")
    if not looks_named(name):
        return False
    told = _SENTENCE.search(text) is not None and len(behind.split()) > _TELLING
    return bool(hints & BYLINE) or (len(text) < _STAMP and not told and bool(signed_in(text)[1]))


def is_signed(text: str) -> bool:
    """Tell whether the line begins as a byline: `Von der Leyen in Tolmen` and `By the river` do not."""
    match = SIGNED.match(text)
    return match is not None and text[match.end() : match.end() + 1].isupper()
