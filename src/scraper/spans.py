"""Ranges of days, and which days an address, a sitemap's name or a teaser speaks of; days are in a source's zone."""

from __future__ import annotations

import re
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from scraper.records import Teaser

Basis = Literal["total", "dated", "changed"]  # the site's own total; by date of publication; of the last change

_STORY = re.compile(
    r"/((?:19|20)\d\d)/(0?[1-9]|1[0-2])(?:/(0?[1-9]|[12]\d|3[01]))?/"
    r"|[/_-]((?:19|20)\d\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?!\d)"
    r"|/((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=[/_-])"
)
_NAME = re.compile(
    r"(?<!\d)((?:199|20[0-4])\d)(?:[-_/.]?(0[1-9]|1[0-2])(?:[-_/.]?(0[1-9]|[12]\d|3[01]))?|[-_/.]([1-9]))?(?!\d)"
)
SITE_CLOCK = timedelta(hours=15)
_PER_PAGE = 100  # posts; WordPress gives no more
_MONTH = re.compile(r"(\d{4}-\d{2})-01T00:00:00")
_KEYS = (("year", "yyyy", "y"), ("month", "mm", "monthnum", "m"), ("day", "dd", "d"))


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A range of days, both ends included."""

    first: date
    last: date

    def meets(self, other: Span) -> bool:
        """Tell whether the two have a day in common."""
        return self.first <= other.last and other.first <= self.last

    def whole(self) -> Span:
        """Return the range widened to whole months."""
        return Span(_month(self.first).first, _month(self.last).last)

    def months(self) -> Iterator[Span]:
        """Yield the whole months the range meets, the newest first."""
        month = _month(self.last)
        while month.last >= self.first:
            yield month
            if month.first == date.min:
                return
            month = _month(month.first - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Dating:
    """When a story may have come out; `basis` says by what it is told."""

    span: Span
    basis: Basis

    @property
    def month(self) -> str | None:
        """Return the one month it speaks of, YYYY-MM; by its last change, that of the change."""
        if self.basis == "dated" and _month(self.span.first) != _month(self.span.last):
            return None
        return f"{self.span.last:%Y-%m}"


def dating(teaser: Teaser, page: Span | None) -> Dating | None:
    """Tell when a story came out, by its address, its date, the name of its sitemap (`page`), or its last change."""
    day = teaser.stamp.day if teaser.stamp else None
    told = _story_days(teaser.url)
    if day is not None and not teaser.updated:
        return Dating(Span(day, day), "dated")
    if told is not None or page is not None:
        return Dating(told or page or Span(date.min, date.max), "dated")
    return Dating(Span(date.min, day), "changed") if day is not None else None


def months_of(datings: Iterable[Dating | None]) -> Counter[tuple[str, Basis]]:
    """Count stories by month and by what tells it; those of no single month are left out."""
    return Counter((each.month, each.basis) for each in datings if each is not None and each.month is not None)


def named_days(url: str) -> Span | None:
    """Return the days a sitemap's address names: a day, a month or a year, in its path or its query."""
    parts = urlsplit(url)
    query = {key.lower(): value for key, value in parse_qsl(parts.query)}
    asked = [next((query[key] for key in keys if query.get(key, "").isdecimal()), None) for keys in _KEYS]
    if asked[0] is not None and len(asked[0]) == 4:
        return _days(*asked)
    named = [*_NAME.finditer(parts.path), *_NAME.finditer(parts.query)]
    if not named:
        return None
    year, month, day, short = named[-1].groups()
    return _days(year, month or short, day)


def month_query(url: str, month: Span) -> str:
    """Return WordPress' question for the posts of a month, on the site's own clock; both bounds are exclusive there."""
    before = month.last + timedelta(days=1)
    query = dict(parse_qsl(urlsplit(url).query)) | {
        "per_page": str(_PER_PAGE), "before": f"{before}T00:00:00",
        "after": f"{month.first - timedelta(days=1)}T23:59:59",
    }
    query.pop("page", None)
    return urlunsplit(urlsplit(url)._replace(query=urlencode(query)))


def edits_query(url: str, since: datetime) -> str:
    """Return WordPress' question for the posts changed since an instant, those changed last first.

    The bound is set back by 15 hours: some versions take it for the site's own clock.
    """
    query = dict(parse_qsl(urlsplit(url).query)) | {
        "modified_after": (since - SITE_CLOCK).strftime("%Y-%m-%dT%H:%M:%S"), "orderby": "modified", "order": "desc",
    }
    query.pop("page", None)
    return urlunsplit(urlsplit(url)._replace(query=urlencode(query)))


def month_of(url: str) -> Span | None:
    """Return the month a question made by `month_query` asks for; None where it is none."""
    query = dict(parse_qsl(urlsplit(url).query))
    match = _MONTH.fullmatch(query.get("before", ""))
    if match is None or "after" not in query:
        return None
    last = date.fromisoformat(f"{match[1]}-01") - timedelta(days=1)
    return Span(last.replace(day=1), last)


def _story_days(url: str) -> Span | None:
    match = _STORY.search(urlsplit(url).path)
    if match is None:
        return None
    year, month, *day = (part for part in match.groups() if part is not None)
    return _days(year, month, day[0] if day else None)


def _days(year: str | None, month: str | None, day: str | None) -> Span | None:
    try:
        if month is None:
            return Span(date(int(year or 0), 1, 1), date(int(year or 0), 12, 31))
        first = date(int(year or 0), int(month), int(day or 1))
    except ValueError:  # no such day
        return None
    return Span(first, first) if day else _month(first)


def _month(day: date) -> Span:
    return Span(day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]))
