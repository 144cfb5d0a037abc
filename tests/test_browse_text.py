"""What story pages are made of: blocks, clocks, marks, links."""

from __future__ import annotations

import json

import pytest

from scraper.browse.reading import (
    Block,
    apart,
    blocks,
    day_from,
    day_name,
    direction,
    marked,
    published_times,
    utc_clock,
    web_address,
)


def test_a_body_is_shown_in_its_blocks() -> None:
    body = "One.\n\nHead\n\n- x\n- y\n\nTwo.\n\nThree."
    kinds = [{"kind": "heading", "start": 6, "end": 10, "level": 1},
             {"kind": "list", "start": 12, "end": 19, "level": None}]

    assert blocks(body, json.dumps(kinds)) == (
        Block("paragraph", "One."), Block("heading", "Head", 2), Block("list", "- x\n- y", 2),
        Block("paragraph", "Two."), Block("paragraph", "Three."),
    )


def test_a_story_has_the_clock_of_its_place_and_the_one_of_the_world() -> None:
    article = {"published": "2026-03-02T20:30:00Z", "published_date": "2026-03-03", "published_precision": "minute",
               "published_raw": "3 March", "timezone": "Asia/Almaty"}

    assert published_times(article) == ("3 March 2026, 01:30 (Asia/Almaty)", "2026-03-02 20:30 UTC")
    assert published_times(article | {"published_precision": "day"}) == ("3 March 2026", "")
    assert published_times(article | {"published": None}) == ("3 March", "")


@pytest.mark.parametrize(("theirs", "said"), [
    ("2026-03-02T12:00:00Z", "at the same time"), ("2026-03-02T12:01:00Z", "1 minute later"),
    ("2026-03-02T10:01:00Z", "119 minutes earlier"), ("2026-03-02T15:30:00Z", "3 hours later"),
    ("2026-02-27T12:00:00Z", "3 days earlier"), (None, ""),
])
def test_two_stories_are_so_long_apart(theirs: str | None, said: str) -> None:
    mine = {"published": "2026-03-02T12:00:00Z", "published_precision": "second"}

    assert apart(mine, {"published": theirs, "published_precision": "minute"}) == said
    assert apart(mine, {"published": theirs, "published_precision": "day"}) == ""


def test_instants_are_written_to_the_minute() -> None:
    assert (utc_clock("2026-03-02T12:00:59Z"), utc_clock(None)) == ("2026-03-02 12:00 UTC", "")


@pytest.mark.parametrize(("snippet", "parts"), [
    ("a \x02b\x03 c", ((False, "a "), (True, "b"), (False, " c"))),
    ("\x02a", ((False, "a"),)),
    ("", ()),
])
def test_matches_are_told_apart_without_their_marks(snippet: str, parts: object) -> None:
    assert marked(snippet) == parts


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "", None, "//x.example/", "http://"])
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert web_address(url) is None
    assert web_address("https://x.example/a") == "https://x.example/a"


@pytest.mark.parametrize(("language", "runs"), [
    ("fa", "rtl"), ("ug-CN", "rtl"), ("kk-Arab", "rtl"), ("ug-Cyrl", "ltr"), ("uz-Latn", "ltr"), ("ru", "ltr"),
    (None, "auto"), ("", "auto"),
])
def test_a_text_runs_as_its_script_does(language: str | None, runs: str) -> None:
    assert direction(language) == runs


@pytest.mark.parametrize("text", [None, "", "2026-02-30", "yesterday", "2026-03-02'--"])
def test_only_days_narrow_a_search(text: str | None) -> None:
    assert day_from(text) is None
    assert day_from("2026-03-02") == "2026-03-02"
    assert day_name("2026-03-02") == "Monday, 2 March 2026"
