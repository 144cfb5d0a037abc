"""The forms dates are printed in: text in, the numbers as written out. Which instant they mean is for `dates`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from scraper.calendars.clocks import clock_after, clock_before
from scraper.calendars.months import month_in, solar_month_from, weekday_from
from scraper.calendars.written import Standing, Written

# Letters of any script and the marks that stand on them: \w leaves out Thai and Hindi vowels. U+2100-218F are not
# among the excluded: without regard to case the Kelvin sign is a k, and no `dekabr` would be a word.
_LETTER = r"[^\s\d\x00-\x40\[-`{-\xbf\xd7\xf7\u2000-\u206f\u20a0-\u20cf\u2190-\u2bff\u3000-\u303f\uff00-\uff20]"
_GAP = r"[\s.,/|\-–—]{1,4}"
_OF = r"(?:(?:de|del|of|соли)\s{1,4}|d['’])?"
# A year ends, or the next stamp is glued to it: `9 maj 202021:15`, `5. Mai 20225. Mai 2022`.
_YEAR = r"(?P<year>\d{4})(?:(?!\d)|(?=\d{1,2}(?::\d{2}|\.\s\w)))"
_YEAR_WORD = r"(?:-?\s?(?:yil|йил|жылғы|жылы|жылдын|жыл|nji\sýylyň|m|gada)\b)?"

# Every quantifier is bounded and each attempt ends within some 80 characters: a scan is linear in the text.
_ANCHOR = re.compile(
    r"(?<!\d)(?<!\d[-./:])(?<![vV])(?:(?P<year>\d{4})(?!\d)|(?P<day>\d{1,2})(?!\d|:\d))"
    r"|(?:(?<![^\W\d_])|(?<=[^\W\d_A-ZА-ЯЁ])(?=[A-ZА-ЯЁ]))(?P<word>" + _LETTER
    + r"{2,20})(?=\.?[\s\-,]{1,4}\d{1,2}(?!\d|[:.]\d))")

@dataclass(frozen=True, slots=True)
class _Form:
    """A pattern, and where what it matches may stand; a form with a month's name decides by the name."""

    pattern: re.Pattern[str]
    stands: Standing = "anywhere"


def _form(pattern: str, stands: Standing = "anywhere") -> _Form:
    return _Form(re.compile(pattern, re.IGNORECASE), stands)


_YEAR_FIRST = (
    # 2024年3月5日, 2024년 3월 5일, 2024 оны 3 сарын 5
    _form(r"(?P<year>\d{4})\s?(?:[年년]|оны)\s?(?P<month>\d{1,2})\s?(?:[月월]|сарын)\s?(?P<day>\d{1,2})(?!\d)"
          r"(?:\s?[日일號号])?"),
    # 2026-3-19, 2024/03/05, 2024. 3. 5.
    _form(r"(?P<year>\d{4})(?P<gap>\s?[-/.]\s?)(?P<month>\d{1,2})(?P=gap)(?P<day>\d{1,2})(?!\d|[-./]\d(?!\d?:\d))"),
    # 2024 yil 5 mart, 2024 жылғы 5 наурыз
    _form(r"(?P<year>\d{4})" + _YEAR_WORD + _GAP + r"(?P<day>\d{1,2})(?:-nj[iy])?(?P<gap>[\s.\-]{1,3})"
          r"(?P<name>" + _LETTER + r"{3,20})"),
    # 2024. március 5., 2024 m. kovo 5 d., 2024-Mar-05
    _form(r"(?P<year>\d{4})" + _YEAR_WORD + _GAP + r"(?P<name>" + _LETTER + r"{3,20})(?P<gap>[\s.\-]{1,3})"
          r"(?P<day>\d{1,2})(?!\d|[:.]\d)"),
)
_DAY_FIRST = (
    # 24.06.2019, 10-07-2025, 24. 6. 2019
    _form(r"(?P<day>\d{1,2})(?P<gap>\s?[-/.]\s?)(?P<month>\d{1,2})(?P=gap)" + _YEAR + r"(?![-./]\d)"),
    # 24.06.19
    _form(r"(?P<day>\d{1,2})(?P<gap>\s?[-/.]\s?)(?P<month>\d{1,2})(?P=gap)(?P<short>\d{2})(?!\d|[-./:]\d)", "beside"),
    # 5 tháng 3, 2024
    _form(r"(?P<day>\d{1,2})\s(?:tháng|thg)\s(?P<month>\d{1,2}),?\s(?:năm\s)?" + _YEAR),
    # 24年3月5日
    _form(r"(?P<short>\d{2})[年년]\s?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日일]"),
    # 3月5日, 3월 5일
    _form(r"(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日일號号]"),
    # 5 March 2024, 7-may, 21, April, 2021, 5 de marzo de 2024, 1er mars, 05-MAR-24
    _form(r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|ª|-го|-nj[iy])?(?P<gap>[\s.,/|\-–—]{0,4})" + _OF + r"(?P<name>"
          + _LETTER + r"{2,30})(?:\.?[\s.,/|\-–—]{0,4}" + _OF + _YEAR
          + r"|\.?[\s\-.]{1,2}['’]?(?P<short>\d{2})(?=\s{0,3}(?:\Z|[,|]|\d{1,2}:\d{2})))?"),
    # 24.06 14:12, 6/19 11:06
    _form(r"(?P<day>\d{1,2})(?P<gap>[/.])(?P<month>\d{1,2})(?=[\s,|]{1,3}\d{1,2}:\d{2})", "alone"),
)
_WORD_FIRST = (
    # March 5, 2024, Jan. 19, 2018, Dec-28-2025
    _form(r"(?P<name>" + _LETTER + r"{2,20})\.?(?P<gap>[\s\-,]{1,4})(?P<day>\d{1,2})(?:st|nd|rd|th)?(?!\d|[:.]\d)"
          r"(?:[\s,.\-]{1,4}" + _YEAR + r")?"),
)
_FORMS = {"year": _YEAR_FIRST, "day": _DAY_FIRST, "word": _WORD_FIRST}
_WEEKDAY_BEFORE = re.compile(r"(" + _LETTER + r"{2,14})\.?\)?[\s,.|\-–—]{1,4}\Z|(" + _LETTER + r"{2,14}),\Z")
_WEEKDAY_AFTER = re.compile(r"[\s,(|\-–—]{1,4}(" + _LETTER + r"{2,14})")
_YEAR_AFTER = re.compile(r"\s(\d{4})(?!\d)")  # Tue Mar 5 10:00:00 UTC 2024


def written_in(text: str, language: str | None = None) -> Iterator[Written]:
    """Yield each date printed in `text`, in reading order, with the weekday and the time beside it."""
    end = 0
    position = 0
    while anchor := _ANCHOR.search(text, position):
        written = _written_at(text, anchor, language)
        if written is None:  # a word may hold a glued month: `NegotiationsNovember 7, 2023`
            position = anchor.start() + 1 if anchor["word"] else anchor.end()
            continue
        written = _with_clock(text, _with_weekday(text, written, end), end)
        yield written
        end = position = written.end


def _written_at(text: str, anchor: re.Match[str], language: str | None) -> Written | None:
    for form in _FORMS[anchor.lastgroup or "word"]:
        match = form.pattern.match(text, anchor.start())
        written = _written(match, form.stands, language) if match else None
        if written is not None:
            return written
    return None


def _written(match: re.Match[str], stands: Standing, language: str | None) -> Written | None:
    found = match.groupdict()
    name, year, short = found.get("name"), found.get("year"), found.get("short")
    month, length = (int(found["month"]), 0) if name is None else month_in(name, language)
    solar = month is None and year is not None and solar_month_from(name or "")
    month, length = (solar, len(name or "")) if solar else (month, length)
    if month is None or not _of_one_line(match):
        return None
    named = max(match.start("name") + length, match.end("day")) if name is not None else None
    bare = named is not None and year is None and short is None
    return Written(
        month=month, day=int(found["day"]), start=match.start(),
        end=named if named is not None and bare else match.end(),
        year=int(year) if year else _long_year(int(short)) if short else None,
        named=named,
        solar=bool(solar),
        swappable=name is None and found.get("gap") in ("-", "/", ".") and match.start("day") == match.start(),
        stands=_bare_stands(name or "", match["gap"]) if bare else stands,
    )


def _long_year(short: int) -> int:
    return short + (2000 if short < 70 else 1900)  # POSIX reads 69-99 as 19xx; no news page is older than 1990


def _bare_stands(name: str, gap: str) -> Standing:
    """Tell where a day and a month's name make a date: `5 out`, `may 5` and `page 5. May` may be something else."""
    sure = name[0].isupper() or gap == "-" or (len(name) > 4 and name != "march")
    return "anywhere" if sure and "." not in gap else "beside"


def _of_one_line(match: re.Match[str]) -> bool:
    """Tell whether the match stands on one line, or is all that stands on its lines (`10`, `OCT`)."""
    if "\n" not in match[0]:
        return True
    text = match.string
    before = text[max(0, match.start() - 20):match.start()].rstrip(" \t\r\xa0")
    after = text[match.end():match.end() + 20].lstrip(" \t\r\xa0.,")
    return (not before or before[-1] in "\n,|") and (not after or after[0] == "\n" or after[0].isdigit())


def _with_weekday(text: str, written: Written, last_end: int) -> Written:
    """Return the date with the weekday printed before or behind it, and its place widened to hold it."""
    before = _WEEKDAY_BEFORE.search(text, max(last_end, written.start - 20), written.start)
    if before:
        weekday = weekday_from(before[1] or before[2])
        if weekday is not None:
            return replace(written, weekday=weekday, start=before.start())
    after = _WEEKDAY_AFTER.match(text, written.end)
    weekday = weekday_from(after[1]) if after else None
    return written if after is None or weekday is None else replace(written, weekday=weekday, end=after.end())


def _with_clock(text: str, written: Written, last_end: int) -> Written:
    """Return the date with the time of day beside it: the one on its line, rather behind than before."""
    after = clock_after(text, written.end)
    before = None if after and after.near else clock_before(text, written.start, last_end)
    if before and (after is None or before.near):
        return replace(written, clock=before.clock, start=before.start)
    if after is None:
        return written
    year = _YEAR_AFTER.match(text, after.end) if written.year is None else None
    if year is not None:
        return replace(written, clock=after.clock, end=year.end(), year=int(year[1]))
    return replace(written, clock=after.clock, end=after.end)
