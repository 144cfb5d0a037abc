"""The time of day printed beside a date, and the zone printed behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scraper.calendars.written import ZONES, Clock, minutes_east


@dataclass(frozen=True, slots=True)
class Beside:
    """A clock at `text[start:end]`; it is `near` when it stands on the line of its date."""

    clock: Clock
    start: int
    end: int
    near: bool


# What may stand between a date and its time, in the languages of `months`.
_WORDS = (
    r"at|um|à|a las|a la|a les|às|as|alle|ore|ora|la ora|kl|klo|kello|kell|pukul|jam|lúc|om|den|o|ob|u|v|ve|в|у|о"
    r"|года в|года|год|г|ж|й|йил|yil|yili|жылы|жыл|j|ý|ýyl|m|d|soat|saat|sagat|соат|саат|сағат|соати|ساعت|الساعة|godz"
    r"|on|am|le|the|маҳаллий вақт|mahalliy vaqt|местное время|local time|uhr|hrs|hours|h|del|de")
_LINK = r"\.?[\s,;|/•·@()\[\]\-–—]{0,6}T?(?:(?:" + _WORDS + r")\.?[\s:,]{1,3}(?:[|/•·@\-–—,]\s?)?){0,2}"
_DOTTED_AFTER = re.compile(
    r"\b(?:kl|klo|kello|kell|ore|alle|pukul|jam|godz|um|om|o|a las)\b\.?[\s:]{0,3}\Z", re.IGNORECASE)
_AFTERNOON = ("p", "μ", "م", "下午", "午後", "오후")
_TIME = (
    r"(?:(?P<first>上午|下午|午前|午後|오전|오후)\s?)?(?P<hour>\d{1,2})"
    r"(?:\s?[:：h時时시点點]\s?(?P<minute>\d{2})(?!\d)"
    r"(?:\s?[:：分분]\s?(?P<second>\d{1,2})(?:[.,]\d{1,9})?(?!\d))?(?:\s?[分분秒초])?"
    r"|\.(?P<dotted>\d{2})(?![\d.])|(?=\s?[ap]\.?\s?m\b))"
    r"(?:\s?(?:(?P<half>[apπμ])\.?\s?[mμ]\b\.?|(?P<arabic>[صم])(?!\w)))?(?P<uhr>\s?Uhr\b)?")
_ZONE = (
    r"(?:\s?\(?(?:GMT|UTC|UT)\s?(?P<gmt>[+\-−]\s?\d{1,2}(?::?\d{2})?)(?!\d)"
    r"|\s?(?P<offset>[+\-−]\d{2}:?\d{2}|\+\d{2})(?![\d:])"
    r"|\s?\(?(?-i:(?P<zone>" + "|".join(sorted(ZONES, key=len, reverse=True)) + r"))\b)?")
_AFTER = re.compile(r"(?P<link>" + _LINK + r")(?P<time>" + _TIME + _ZONE + r")", re.IGNORECASE)
_BEFORE = re.compile(r"(?<!\d)(?P<time>" + _TIME + _ZONE + r")(?P<link>" + _LINK + r")\Z", re.IGNORECASE)


def clock_after(text: str, position: int) -> Beside | None:
    """Return the time printed right behind `position`."""
    return _beside(_AFTER.match(text, position))


def clock_before(text: str, position: int, earliest: int = 0) -> Beside | None:
    """Return the time printed right before `position`, from `earliest` on."""
    start = max(earliest, position - 48)
    if not any(mark.isdigit() for mark in text[start:position]):
        return None
    return _beside(_BEFORE.search(text, start, position))


def _beside(match: re.Match[str] | None) -> Beside | None:
    clock = _clock(match) if match else None
    if match is None or clock is None:
        return None
    return Beside(clock, match.start("time"), match.end("time"), "\n" not in match["link"])


def _clock(match: re.Match[str]) -> Clock | None:
    if match["dotted"] and not (match["half"] or match["uhr"] or _DOTTED_AFTER.search(match["link"])):
        return None
    hour, minute = int(match["hour"]), int(match["minute"] or match["dotted"] or 0)
    second = min(int(match["second"]), 59) if match["second"] else None  # 60 is a leap second
    half = match["first"] or match["half"] or match["arabic"]
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half.lower() in _AFTERNOON else 0)
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return None
    return Clock(hour, minute, second, _offset(match))


def _offset(match: re.Match[str]) -> int | str | None:
    if match["zone"]:
        return match["zone"]
    text = match["gmt"] or match["offset"]
    if not text:
        return None
    if not match["gmt"] and text[0] != "+" and ":" in text and match["second"] is None:
        return None  # 10:30-11:30 is a span of time
    return minutes_east(text)
