"""What story pages are made of: blocks, clocks, marks, and two texts compared."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.browse.changes import Piece, changes
from scraper.browse.reading import Block, blocks, marked, published_times, web_address

texts = st.lists(st.text("ab ,.\n", max_size=12), max_size=6).map("\n\n".join)


def test_a_changed_word_is_shown_where_it_stands() -> None:
    old = "The pass is closed.\n\nLorries wait."
    new = "The road is closed.\n\nLorries wait.\n\nSnow fell."

    assert changes(old, new) == (
        (Piece("same", "The "), Piece("gone", "pass"), Piece("new", "road"), Piece("same", " is closed.")),
        (Piece("same", "Lorries wait."),),
        (Piece("new", "Snow fell."),),
    )


@given(texts, texts)
def test_the_pieces_hold_both_texts_whole(old: str, new: str) -> None:
    found = changes(old, new)

    def side(kind: str) -> list[str]:
        kept = [[piece.text for piece in paragraph if piece.kind in ("same", kind)] for paragraph in found]
        return ["".join(pieces) for pieces in kept]

    assert "".join(side("gone")) == "".join(old.split("\n\n"))
    assert "".join(side("new")) == "".join(new.split("\n\n"))


def test_a_long_paragraph_of_other_words_is_shown_before_and_after() -> None:
    """Word by word it would take minutes."""
    old, new = "a " * 20_000, "b " * 20_000

    assert changes(old, new) == ((Piece("gone", old), Piece("new", new)),)


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
