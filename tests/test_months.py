"""The names of months and weekdays, against dateparser where it has the language."""

from __future__ import annotations

from importlib import import_module

import pytest

from scraper.calendars.months import MONTHS, known, month_in, weekday_from

# dateparser has no table of these, or an unusable one
ALONE = {"tg", "tk", "tt", "kaa", "mk"}
ENGLISH = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")


@pytest.mark.parametrize("language", sorted(set(MONTHS) - ALONE))
def test_the_names_of_a_language_are_those_dateparser_knows(language: str) -> None:
    """Of each month at least one form is among dateparser's, and no form is another month's there."""
    table = import_module(f"dateparser.data.date_translation_data.{language}").info
    theirs = [{name.casefold() for name in table[month]} for month in ENGLISH]

    ours = [names.split() for names in MONTHS[language].split("|")]

    assert len(ours) == 12
    for number, names in enumerate(ours):
        assert theirs[number] & set(names), (names, theirs[number])
        assert not any(set(names) & theirs[other] for other in range(12) if other != number)


@pytest.mark.parametrize("language", sorted(MONTHS))
def test_every_name_is_read_in_its_language_whatever_its_case(language: str) -> None:
    for number, names in enumerate(MONTHS[language].split("|"), start=1):
        for name in names.split():
            assert month_in(name, language) == month_in(name.title(), language) == (number, len(name))
            assert month_in(name.upper(), language)[0] == number


@pytest.mark.parametrize("word, expected", [
    ("Octobervisibility", (10, 7)), ("октябряАвтор", (10, 7)), ("OCTviews", (10, 3)), ("Octoberfest", (None, 0)),
    ("Marching", (None, 0)), ("maymun", (None, 0)), ("", (None, 0)), ("EKİM", (10, 4)), ("kasım", (11, 5)),
])
def test_a_month_ends_where_a_capital_or_an_icon_begins(word: str, expected: tuple[int | None, int]) -> None:
    assert month_in(word) == expected


def test_a_language_is_known_by_its_first_subtag() -> None:
    assert [known(language) for language in ("uz-Cyrl", "en_US", "no", "cy", "", None)] == [
        True, True, True, False, False, False]


@pytest.mark.parametrize("words", [
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "понедельник вторник среда четверг пятница суббота воскресенье",
    "dushanba seshanba chorshanba payshanba juma shanba yakshanba",
    "дүйсенбі сейсенбі сәрсенбі бейсенбі жұма сенбі жексенбі",
    "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
])
def test_a_week_has_its_days_in_order(words: str) -> None:
    assert [weekday_from(word) for word in words.split()] == list(range(7))
