"""The calendar of Iran and Afghanistan, in which their pages print dates: 1403/01/15 is 3 April 2024."""

from __future__ import annotations

from datetime import date

YEARS = range(1300, 1500)  # the arithmetic is exact here; pages of our time lie in 1369-1410

_NEW_YEAR = date(2024, 3, 20).toordinal()  # 1 Farvardin 1403
_LEAP = (1, 5, 9, 13, 17, 22, 26, 30)  # of each 33 years


def gregorian(year: int, month: int, day: int) -> date:
    """Return the Gregorian day of a Solar Hijri one.

    Raises: ValueError where there is no such day.
    """
    length = 31 if month < 7 else 30 if month < 12 or _is_leap(year) else 29
    if year not in YEARS or not 1 <= month <= 12 or not 1 <= day <= length:
        raise ValueError("no such day in the Solar Hijri calendar")
    years = 365 * (year - 1403) + _leaps_before(year) - _leaps_before(1403)
    months = 31 * (month - 1) - max(0, month - 7)
    return date.fromordinal(_NEW_YEAR + years + months + day - 1)


def _is_leap(year: int) -> bool:
    return year % 33 in _LEAP


def _leaps_before(year: int) -> int:
    return year // 33 * len(_LEAP) + sum(leap < year % 33 for leap in _LEAP)
