"""The calendar of Iran, against days known from both calendars."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.calendars.solarhijri import gregorian


@pytest.mark.parametrize("year, month, day, expected", [
    (1403, 1, 1, date(2024, 3, 20)), (1403, 1, 15, date(2024, 4, 3)), (1398, 11, 29, date(2020, 2, 18)),
    (1399, 12, 30, date(2021, 3, 20)), (1404, 1, 1, date(2025, 3, 21)), (1357, 11, 22, date(1979, 2, 11)),
])
def test_a_day_is_the_same_in_both_calendars(year: int, month: int, day: int, expected: date) -> None:
    assert gregorian(year, month, day) == expected


@pytest.mark.parametrize("year, month, day", [(1402, 12, 30), (1403, 7, 31), (1403, 13, 1), (1403, 1, 0), (1500, 1, 1)])
def test_there_is_no_such_day(year: int, month: int, day: int) -> None:
    with pytest.raises(ValueError, match="no such day"):
        gregorian(year, month, day)


@given(st.integers(1300, 1498))
def test_the_last_day_of_a_year_is_followed_by_the_first_of_the_next(year: int) -> None:
    try:
        last = gregorian(year, 12, 30)
    except ValueError:
        last = gregorian(year, 12, 29)

    assert last + timedelta(days=1) == gregorian(year + 1, 1, 1)
