"""Markup nobody closed: the text is read as a reader sees it."""

from __future__ import annotations

import pytest

from scraper import extract

WORDS = (
    "The ferry crew counted the wooden gates before the first frost, and nobody came to see it.",
    "In the evening the baker described a row of pumps that stood behind the northern road.",
    "A visiting teacher doubted the missing ledger, and the district office postponed the talk.",
)
PARAGRAPHS = "".join(f"<p>{each}</p>" for each in WORDS)
TITLE = "The lower gates are counted again"


@pytest.mark.parametrize(
    "markup",
    [
        f"<div><a href=/1>Home</div><h1>{TITLE}</h1>{PARAGRAPHS}",
        f"<h1>{TITLE}</h1><div><a href=/1>Home <a href=/2>News</div><div>{PARAGRAPHS}</div>",
        f"<a href=/1>One<a href=/2>Two<table><tr><div><td><h1>{TITLE}</h1><b><i></b>{PARAGRAPHS}<table><p><td>",
        f"<table><article><h1>{TITLE}</h1>{PARAGRAPHS}</article><tr><td>cell</table>",
        f"<article><h1>{TITLE}<p>{PARAGRAPHS * 2}",
        f"<h1>{TITLE}</h1><a name=top>{PARAGRAPHS}",
    ],
)
def test_what_was_never_closed_swallows_no_text(markup: str) -> None:
    """A parser gives an open link, or an open h1, all that stands behind it."""
    article = extract(f"<html><head><title>{TITLE} - Courier</title></head><body>{markup}", "http://courier.example/1")

    assert (article.headline, [each for each in WORDS if each not in article.body]) == (TITLE, [])


def test_cards_that_are_links_stay_links() -> None:
    """A card may hold a headline and two paragraphs; a list of them is no story."""
    cards = "".join(f"<a href=/{n}><h3>Another headline of the day, {n}</h3>{PARAGRAPHS}</a>" for n in range(6))

    article = extract(f"<h1>{TITLE}</h1><p>{'In Ovan it rained for a week. ' * 20}</p>{cards}", "http://courier.example/1")

    assert WORDS[0] not in article.body
