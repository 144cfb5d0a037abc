"""The next page of a listing, fact by fact, in the shapes sites give it; every address is invented."""

from __future__ import annotations

import pytest

from scraper.document import document_from_text
from scraper.listings.links import sheet_from
from scraper.listings.pagination import next_page


def following(url: str, markup: str) -> str | None:
    document = document_from_text(f"<html><body>{markup}</body></html>", url)
    return next_page(document, sheet_from(document).links)


def pager(template: str, *numbers: int) -> str:
    return "".join(f'<a href="{template.format(number)}">{number}</a> ' for number in numbers)


@pytest.mark.parametrize(("url", "template", "expected"), [
    ("https://a.example/news/", "/news/page/{}/", "https://a.example/news/page/3/"),
    ("https://a.example/news/page/2/", "../{}/", "https://a.example/news/page/3/"),
    ("https://a.example/?cat=4", "/?cat=4&paged={}", "https://a.example/?cat=4&paged=3"),
    ("https://a.example/blog/", "?PAGEN_1={}", "https://a.example/blog/?PAGEN_1=3"),
    ("https://a.example/list_48_2.html", "list_48_{}.html", "https://a.example/list_48_3.html"),
    ("https://a.example/all/index2.html", "index{}.html", "https://a.example/all/index3.html"),
    ("https://a.example/news/strona/2", "/news/strona/{}", "https://a.example/news/strona/3"),
])
def test_a_numbered_pager_leads_to_the_next_number(url: str, template: str, expected: str) -> None:
    """Whatever form the number takes; the page's own number comes from its address."""
    assert following(url, pager(template, 1, 3, 4, 60)) == expected


def test_an_offset_counts_as_a_page() -> None:
    """`?start=12` follows `?start=10`, though the pager calls it 7."""
    markup = '<a href="/?start=8">5</a><a href="/?start=12">7</a>'

    assert following("https://a.example/?start=10", markup) == "https://a.example/?start=12"


@pytest.mark.parametrize("words", [
    "Older posts", "← Older posts", "« Previous", "Keyingi", "Келесі", "次へ", "Вперёд", "»", "",
])
def test_the_number_decides_and_not_the_word(words: str) -> None:
    """On blogs "previous" leads to older stories, which is where the walk goes on."""
    assert following("https://a.example/", f'<a href="/page/2/">{words}</a>') == "https://a.example/page/2/"


def test_the_last_page_has_no_next() -> None:
    """An SEO plugin promises page 4 in the head; the pager knows better."""
    markup = '<link rel="next" href="/page/4/">' + pager("/page/{}/", 1, 2)

    assert following("https://a.example/page/3/", markup) is None


def test_the_head_is_believed_where_no_pager_stands() -> None:
    """A listing that loads more by script may still name its next page."""
    promised = following("https://a.example/politics/", '<link rel="next" href="?page=2">')

    assert promised == "https://a.example/politics/?page=2"


def test_a_next_link_without_a_number_needs_its_word() -> None:
    """Cursors have no number; the path is the same and the query another."""
    markup = '<a href="/news?lang=ru">Русский</a><a href="/news?before=k9x">Следующая страница</a>'

    assert following("https://a.example/news", markup) == "https://a.example/news?before=k9x"


@pytest.mark.parametrize("markup", [
    '<a href="/?cat=2">World</a><a href="/?cat=3">Sport</a>',  # sections
    '<a href="/2026/03/10/">10</a><a href="/?m=20260311">11</a>',  # a calendar
    '<a href="/news/bridge-12/">The next bridge opens in May</a>',  # a story that says "next"
    '<a href="/other/page/2/">2</a>',  # another list's pager
    "<p>Viewing results 1 - 6 of 12</p>",  # a counter
    '<a href="javascript:more()">Load more</a><a href="http://[x]">Next</a>',
])
def test_what_is_no_pager_leads_nowhere(markup: str) -> None:
    """Each of these has been taken for one."""
    assert following("https://a.example/?cat=1", markup) is None
