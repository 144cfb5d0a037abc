"""A printed date in, a Stamp out: what the text says, read in the source's zone against the moment of the fetch.

A date without a year takes the latest year that is not after the fetch; a weekday beside it decides. The day comes
before the month unless the language is one that writes it behind; 03/04/2026 in English of no country is either. Such
a date, or one after the fetch, before 1990 or on no calendar, is kept raw, with its fault, and has no instant.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from scraper.calendars import solarhijri
from scraper.calendars.months import known, month_in, weekday_from
from scraper.calendars.written import ZONES, Clock, Written, minutes_east
from scraper.records import Precision, Stamp
from scraper.text import squeezed

if TYPE_CHECKING:
    from scraper.calendars.relative import Relative

EARLIEST = 1990  # the web's first page is of 1990: an older date on a page is a default or a mistake
TORN = "day or month first"  # Stamp.fault
SKEW = timedelta(minutes=10)  # a publisher's clock may run ahead of ours; a day is never given this grace
_LONGEST = 400  # characters of a text that is a date
_LINE = 80  # characters of a line in which "today, 14:19" and "2 hours ago" are a stamp, not prose

_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt ]\s?(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?"
    r"\s?(Z|z|[+-]\d{2}:?\d{2}|[+-]\d{2})?(?:\[[\w/+-]{1,40}\])?)?")
_COMPACT = re.compile(
    r"((?:19|20)\d{2})(0[1-9]|1[0-2])([0-2]\d|3[01])(?:T?([01]\d|2[0-4]):?([0-5]\d):?([0-6]\d)?(Z|[+-]\d{2}:?\d{2})?)?")
_EPOCH = re.compile(r"[1-9]\d{9}(?:\d{3})?")  # seconds or milliseconds since 1970, as in <time datetime="1715279080">
_MONTH_FIRST = re.compile(r"[a-z]{2,3}-(?:us|ph|pr|fm|gu|as|mh|mp|pw|vi|um)\b|fil\b")  # CLDR: M/d/y
_BUDDHIST = range(1990 + 543, 2700)  # the years Thai pages print
_SOLAR_HIJRI = re.compile(r"(?:fa|ps|ckb|lrc|mzn)\b")
_DIGITS_AND_LETTERS = re.compile(r"(?=.*\d).*[^\W\d_]")
_STROKES = re.compile(r"\d\s?/\s?\d{1,2}\s?/\s?\d")
_LABEL = re.compile(r"[^\d\n]{0,24}")

@dataclass(frozen=True, slots=True)
class _Now:
    """The moment of the fetch, seen from the source: what a printed date is read against."""

    fetched: datetime
    zone: ZoneInfo
    local: datetime
    language: str


def is_calendar_word(word: str) -> bool:
    """Tell whether the word is the name of a month or of a day of the week."""
    return weekday_from(word) is not None or month_in(word)[0] is not None


def stamp_from(text: str, *, zone: str, fetched: datetime, language: str | None = None) -> Stamp | None:
    """Return the date `text` is, or None where it holds none: ISO, RFC 822, or printed in one of our languages.

    `zone` is the source's, an IANA name; `fetched` is UTC. What stands beside the date (views, reading minutes,
    a label) is set aside; `raw` holds the date's own text. `5 hours ago` names no minute: its precision is the day.
    """
    text = squeezed(text[:_LONGEST])
    now = _now(zone, fetched, language)
    numbers = _ISO.fullmatch(text) or _COMPACT.fullmatch(text)
    if numbers is not None:
        return _stamp(_written(numbers), text, now)
    if _EPOCH.fullmatch(text):
        return _epoch_stamp(text, now)
    for written in _dates(text, now):
        if _stands(text, written):
            return _stamp(written, text[written.start:written.end], now)
    relative = _relative_in(text)
    return _relative_stamp(relative, text, now) if relative else _last_resort(text, now)


def stamps_in(
    text: str, *, zone: str, fetched: datetime, language: str | None = None,
) -> Iterator[tuple[int, Stamp]]:
    """Yield each date that stands in `text` with its offset, in reading order.

    Numbers that only look like one are passed over: versions, prices, scores, a bare `1.2.24`, impossible days.
    """
    now = _now(zone, fetched, language)
    found: list[tuple[int, Stamp]] = []
    for written in _dates(text, now):
        if _stands(text, written) and _is_year(written, now):
            stamp = _stamp(written, squeezed(text[written.start:written.end]), now)
            if stamp.day is not None:
                found.append((written.start, stamp))
    found.extend(_relative_lines(text, now, [start for start, _ in found]))
    yield from sorted(found, key=lambda each: each[0])


def _is_year(written: Written, now: _Now) -> bool:
    """Tell whether the number may be a year on the calendar it is printed in."""
    if written.year is None or 1900 <= written.year < 2100:
        return True
    solar = written.solar or _SOLAR_HIJRI.match(now.language) is not None
    return (solar and written.year in solarhijri.YEARS) or (now.language[:2] == "th" and written.year in _BUDDHIST)


@lru_cache(maxsize=16)  # asked for each of a page's stamps
def _now(zone: str, fetched: datetime, language: str | None) -> _Now:
    place = ZoneInfo(zone)
    return _Now(fetched, place, fetched.astimezone(place), (language or "").lower().replace("_", "-"))


def _written(match: re.Match[str]) -> Written:
    """Return the numbers of an ISO 8601 date; a time no clock shows is left out."""
    year, month, day, hour, minute, second, offset = match.groups()
    clock = None
    if hour is not None and (int(hour) < 24 or (int(hour) == 24 and not int(minute))) and int(minute) < 60:
        east = None if offset is None else 0 if offset in "Zz" else minutes_east(offset)
        clock = Clock(int(hour), int(minute), min(int(second), 59) if second else None, east)
    return Written(month=int(month), day=int(day), start=0, end=match.end(), year=int(year), clock=clock)


def _dates(text: str, now: _Now) -> Iterator[Written]:
    """Yield the printed dates; a number that can be no year, with reading minutes behind it, counts views."""
    # 15 ms of patterns: what a page's data says is most often in numbers, and read without them
    from scraper.calendars.dateforms import written_in
    from scraper.calendars.relative import READING_TIME

    for written in written_in(text, now.language):
        possible = written.year is None or EARLIEST <= written.year <= now.local.year
        if possible or written.named is None or not READING_TIME.match(text, written.end):
            yield written
        else:
            yield replace(written, year=None, end=written.named)


def _stands(text: str, written: Written) -> bool:
    """Tell whether the date may be one where it stands: plainly, beside a time, or alone on its line."""
    beside = written.clock is not None or written.weekday is not None
    if written.stands == "anywhere" or (written.stands == "beside" and beside):
        return True
    line_start = text.rfind("\n", max(0, written.start - 30), written.start) + 1
    after = text[written.end:written.end + 10].lstrip(" \t\r\xa0.,)|•-–—")
    return bool(_LABEL.fullmatch(text, line_start, written.start)) and after[:1] in ("", "\n")


def _stamp(written: Written, raw: str, now: _Now) -> Stamp:
    month, day = _month_and_day(written, now)
    year = written.year if written.year is not None else _latest_year(month, day, written, now)
    precision = _precision(written.clock)
    zone: Literal["page", "source"] = "source" if written.clock is None or written.clock.offset is None else "page"
    try:
        printed = _day(year or 0, month, day, now, solar=written.solar)
    except ValueError:
        return Stamp(raw, None, None, precision, zone, "no such day")
    if printed.year < EARLIEST:
        return Stamp(raw, None, printed, precision, zone, "before 1990")
    if printed.year > now.local.year + 1:
        return Stamp(raw, None, printed, precision, zone, "after the fetch")
    instant = _instant(printed, written.clock, now)
    local = printed if written.clock is None else instant.astimezone(now.zone).date()
    if _is_after(local, instant, written.clock, now):
        return Stamp(raw, None, local, precision, zone, "after the fetch")
    if local.year < EARLIEST:
        return Stamp(raw, None, local, precision, zone, "before 1990")
    if _is_torn(written, now) and _STROKES.search(raw):
        return Stamp(raw, None, local, precision, zone, TORN)
    return Stamp(raw, instant, local, precision, zone)


def _is_torn(written: Written, now: _Now) -> bool:
    """Tell whether nothing says which number is the month: no language, weekday, nor that one would be to come."""
    month, day, year = written.month, written.day, written.year
    if not year or not written.swappable or month == day or max(month, day) > 12 or now.language not in ("", "en"):
        return False
    days = date(year, month, day), date(year, day, month)
    told = written.weekday is not None and len({written.weekday == each.weekday() for each in days}) == 2
    return not told and max(days) <= now.local.date()


def _day(year: int, month: int, day: int, now: _Now, *, solar: bool) -> date:
    if year in solarhijri.YEARS and (solar or _SOLAR_HIJRI.match(now.language)):
        return solarhijri.gregorian(year, month, day)
    if year in _BUDDHIST and now.language.startswith("th"):
        year -= 543
    return date(year, month, day)


def _month_and_day(written: Written, now: _Now) -> tuple[int, int]:
    """Return month and day; of 10-07-2025 the day comes first, unless weekday, language or calendar forbid it."""
    month, day = written.month, written.day
    if written.swappable and written.weekday is not None and max(month, day) <= 12:
        fits = [date(written.year or 1, *pair).weekday() == written.weekday for pair in ((month, day), (day, month))]
        if fits[0] != fits[1] and written.year:
            return (month, day) if fits[0] else (day, month)
    if written.swappable and (month > 12 or _MONTH_FIRST.match(now.language)):
        return (day, month) if day <= 12 else (month, day)
    return month, day


def _latest_year(month: int, day: int, written: Written, now: _Now) -> int | None:
    """Return the latest year in which the date is not after the fetch, and falls on its weekday if one is printed."""
    latest = None
    for year in range(now.local.year + 1, EARLIEST - 1, -1):
        try:
            candidate = date(year, month, day)
        except ValueError:
            continue
        if _is_after(candidate, _instant(candidate, written.clock, now), written.clock, now):
            continue
        if written.weekday is None or candidate.weekday() == written.weekday:
            return year
        latest = latest or year
    return latest


def _is_after(day: date, instant: datetime, clock: Clock | None, now: _Now) -> bool:
    return day > now.local.date() if clock is None else instant > now.fetched + SKEW


def _instant(day: date, clock: Clock | None, now: _Now) -> datetime:
    """Return the UTC instant of a local day and clock; of a day alone, its local midnight."""
    if clock is None:
        return datetime.combine(day, time(), now.zone).astimezone(UTC)
    wall = datetime.combine(day, time()) + timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second or 0)
    return wall.replace(tzinfo=_tzinfo(clock.offset, wall, now)).astimezone(UTC)


def _tzinfo(offset: int | str | None, wall: datetime, now: _Now) -> tzinfo:
    if offset is None or wall.replace(tzinfo=now.zone).tzname() == offset:
        return now.zone
    meant = ZONES[offset] if isinstance(offset, str) else offset
    return ZoneInfo(meant) if isinstance(meant, str) else timezone(timedelta(minutes=meant))


def _precision(clock: Clock | None) -> Precision:
    if clock is None:
        return "day"
    return "minute" if clock.second is None else "second"


def _relative_in(line: str) -> Relative | None:
    from scraper.calendars.relative import relative_in  # as above

    return relative_in(line)


def _relative_lines(text: str, now: _Now, dated: list[int]) -> Iterator[tuple[int, Stamp]]:
    """Yield the dates that count from now, from the short lines in which none of the offsets `dated` lies."""
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if line and len(line) <= _LINE and bisect_left(dated, start) == bisect_left(dated, end):
            relative = _relative_in(line)
            if relative is not None:
                yield start + relative.start, _relative_stamp(relative, line, now)
        start = end + 1


def _relative_stamp(relative: Relative, text: str, now: _Now) -> Stamp:
    raw = squeezed(text[relative.start:relative.end])
    if relative.span is not None and relative.exact:
        instant = (now.fetched - relative.span).replace(second=0, microsecond=0)
        return Stamp(raw, instant, instant.astimezone(now.zone).date(), "minute")
    span = timedelta(days=relative.days) if relative.days is not None else relative.span
    day = (now.local - (span or timedelta())).date()
    return _stamp(Written(day.month, day.day, 0, 0, year=day.year, clock=relative.clock), raw, now)


def _epoch_stamp(text: str, now: _Now) -> Stamp | None:
    """Return the instant of a POSIX time; a number of the same length that is none (a telephone) is no date."""
    seconds = int(text[:10])
    if seconds > now.fetched.timestamp():
        return None
    instant = datetime.fromtimestamp(seconds, UTC)
    return Stamp(text, instant, instant.astimezone(now.zone).date(), "second", "page")


def _last_resort(text: str, now: _Now) -> Stamp | None:
    """Ask dateparser about a short text in a language whose months we do not have.

    It costs 5 ms a text and 0.3 s to import, reads `7 min` as a date, and needs every setting spelled out.
    """
    if not now.language or known(now.language) or len(text) > _LINE or not _DIGITS_AND_LETTERS.match(text):
        return None
    import dateparser

    settings = {
        "TIMEZONE": now.zone.key, "RELATIVE_BASE": now.local.replace(tzinfo=None), "DATE_ORDER": "DMY",
        "PREFER_DATES_FROM": "past", "REQUIRE_PARTS": ["day", "month"], "PARSERS": ["absolute-time"],
    }
    try:
        moment = dateparser.parse(text, languages=[now.language.partition("-")[0]], settings=settings)
    except (ValueError, OverflowError, TypeError):  # a language it has not; numbers it cannot hold
        return None
    if moment is None:
        return None
    clock = Clock(moment.hour, moment.minute) if ":" in text else None
    return _stamp(Written(moment.month, moment.day, 0, 0, year=moment.year, clock=clock), text, now)
