"""Edits by WordPress' own word: what it says was changed is fetched again, the rest is known unchanged unvisited."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from presses import NOW, Press
from servers import answer

HOUR = timedelta(hours=1)
ALL_DUE = "UPDATE resources SET next_due = '2026-01-10T07:00:00Z' WHERE kind = 'story'"


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    """Yield a site of 8 stories that were all archived four hours ago; each is due to be looked at again."""
    with Press(tmp_path, 8, 1) as press:
        press.harvest("wordpress", now=NOW)
        press.change(ALL_DUE)
        press.site.requests.clear()
        yield press


def visited(press: Press) -> list[str]:
    """Return the stories asked for since the last time, and forget the requests."""
    paths = [path for path in press.site.paths if path.startswith("/story-")]
    press.site.requests.clear()
    return paths


def test_only_what_was_changed_is_visited(press: Press) -> None:
    press.edited[3] = NOW + 2 * HOUR

    report = press.harvest("wordpress", now=NOW + 4 * HOUR)

    assert (report.sources[0].changed, report.sources[0].unchanged) == (1, 0)
    assert [path.partition("?")[2].partition("=")[0] for path in press.listings_asked()] == ["per_page", "per_page"]
    assert "modified_after=2026-01-0" in press.listings_asked()[1]
    assert visited(press) == ["/story-00003"]
    assert [row["similarity"] for row in press.rows("edits")] != []


def test_an_edit_is_fetched_once(press: Press) -> None:
    """The next question goes back to before it, so that two clocks may differ."""
    press.edited[3] = NOW + 2 * HOUR
    press.harvest("wordpress", now=NOW + 4 * HOUR)
    visited(press)

    report = press.harvest("wordpress", now=NOW + 4 * HOUR + timedelta(minutes=10))

    assert (report.sources[0].changed, visited(press)) == (0, [])


def test_an_edit_between_two_looks_need_not_wait_until_its_story_is_due(press: Press) -> None:
    press.harvest("wordpress", now=NOW + 4 * HOUR)
    visited(press)
    press.edited[5] = NOW + 5 * HOUR

    report = press.harvest("wordpress", now=NOW + 6 * HOUR)

    assert (report.sources[0].changed, visited(press)) == (1, ["/story-00005"])


def test_stories_are_visited_all_the_same_when_three_days_have_passed(press: Press) -> None:
    """The interface does not say what was withdrawn."""
    press.harvest("wordpress", now=NOW + 4 * HOUR)
    visited(press)

    press.harvest("wordpress", now=NOW + timedelta(days=3, hours=1))

    assert len(visited(press)) == 8


def test_a_site_that_does_not_understand_the_question_is_visited_as_before(press: Press) -> None:
    """It answers with all its posts, whenever they were changed."""
    press.heeds_edits = False

    report = press.harvest("wordpress", now=NOW + 4 * HOUR)

    assert (len(visited(press)), report.sources[0].unchanged) == (8, 8)


def test_what_does_not_fit_into_the_answer_is_visited_as_before(tmp_path: Path) -> None:
    """Thirty were changed, of which 25 fit on the one page that may be read."""
    with Press(tmp_path, 30, 1) as press:
        press.harvest("wordpress", now=NOW)
        press.change(ALL_DUE)
        press.edited = dict.fromkeys(range(30), NOW + 2 * HOUR)
        press.limits = replace(press.limits, pages=1)
        press.site.requests.clear()

        press.harvest("wordpress", now=NOW + 4 * HOUR)

    assert len(visited(press)) == 30


def test_a_question_that_is_refused_costs_nothing_but_itself(press: Press) -> None:
    otherwise = press.answer
    press.site.otherwise = lambda path: answer(b"{}", "400 Bad Request") if "modified" in path else otherwise(path)

    report = press.harvest("wordpress", now=NOW + 4 * HOUR)

    assert (report.code, len(visited(press)), report.sources[0].problems) == (0, 8, ())


def test_a_source_without_wordpress_asks_no_such_question(press: Press) -> None:
    press.harvest("feed", now=NOW + 4 * HOUR)

    assert [path for path in press.site.paths if "modified" in path] == []
