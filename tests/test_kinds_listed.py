"""Kinds of sites, as their engines list what they have: which addresses are stories, and of which day."""

from __future__ import annotations

import pytest

from pages import FETCHED, HERALD
from scraper.discover import index_from
from scraper.records import Index, Response
from scraper.source import Listing, Place, Sitemap

HOME = "https://herald.example"


def _index(body: str, place: Place, content_type: str) -> Index:
    return index_from(
        Response(place.url, place.url, 200, (("Content-Type", content_type),), body.encode(), FETCHED), place, HERALD
    )


def _mapped(*paths: str) -> list[str]:
    body = "".join(f"<url><loc>{HOME}{path}</loc></url>" for path in paths)
    found = _index(f"<urlset>{body}</urlset>", Sitemap(f"{HOME}/sitemap.xml"), "application/xml")
    return [teaser.url.removeprefix(HOME) for teaser in found.teasers]


def test_a_sitemap_of_everything_brings_no_sections_and_services() -> None:
    """A source without a pattern of its stories would fetch and keep each page about the paper."""
    stories = ["/bread-is-sold-by-weight/", "/news/48213", "/n.php?id=48213"]

    assert _mapped("/", "/about/", "/tag/bread/", "/contacts", *stories, "/author/odra-penn/", "/a.jpg") == stories


def test_a_sitemap_whose_every_address_looks_so_is_believed() -> None:
    stories = ["/archive/bread-is-sold-by-weight/", "/archive/the-kiln-is-lit-again/"]

    assert _mapped(*stories) == stories


def test_a_day_that_stands_above_its_stories_dates_them() -> None:
    """Each shows its time alone; the next day's line follows the last story of a day and is not of it."""
    days = {"10 ноября 2025": ("10:40", "09:05"), "9 ноября 2025": ("18:20", "07:15", "00:01")}
    lines = "".join(
        f"<div>{day}</div>" + "".join(
            f"<div><span>{clock}</span><a href='/n/{at}{clock.replace(':', '')}/'>Хлеб на вес, часть {clock}</a></div>"
            for clock in clocks
        )
        for at, (day, clocks) in enumerate(days.items(), 48)
    )  # fmt: skip

    found = _index(f"<body><main>{lines}</main></body>", Listing(f"{HOME}/news/"), "text/html; charset=utf-8")

    instants = [teaser.stamp.instant for teaser in found.teasers if teaser.stamp and teaser.stamp.instant]
    assert [f"{instant:%d %H:%M}" for instant in instants] == [
        "10 05:40", "10 04:05", "09 13:20", "09 02:15", "08 19:01"]


def _listed(*links: tuple[str, str]) -> list[str]:
    rows = "".join(f"<div><a href='{path}'>{title}</a></div>" for path, title in links)
    found = _index(f"<body><main>{rows}</main></body>", Listing(f"{HOME}/news/"), "text/html; charset=utf-8")
    return [teaser.url.removeprefix(HOME) for teaser in found.teasers]


@pytest.mark.parametrize("path", ["/node/{}", "/a.php?ELEMENT_ID={}", "/?p={}", "/index.php?newsid={}", "/n?id={}"])
def test_the_stories_of_a_young_site_have_short_numbers(path: str) -> None:
    """Their headlines may be short besides."""
    titles = ("Bread is sold by weight once more", "The kiln is lit after thirty years",
              "Varn has a bus for its teachers")

    paths = [path.format(220 + at) for at in range(3)]

    assert _listed(*zip(paths, titles, strict=True)) == paths


def test_the_sections_of_joomla_and_drupal_are_no_stories() -> None:
    stories = [("/node/2201", "Bread is sold by weight again in the harbour"), ("/node/2202", "The kiln is lit again")]
    sections = [("/taxonomy/term/2203", "Stories of the harbour and of the valley"),
                ("/index.php?option=com_content&view=category&id=2204", "Stories of the harbour and of the valley")]

    assert _listed(*stories, *sections, ("/node/2205", "A bus for the teachers of the valley")) == [
        "/node/2201", "/node/2202", "/node/2205"]


def test_a_headline_that_says_more_is_no_next_page() -> None:
    """Behind ?p= stands a story; `yana` is Uzbek for more."""
    links = "".join(f"<h2><a href='/?p={at}'>Tegirmon yana un tortmoqda, {at}</a></h2>" for at in range(4820, 4824))

    found = _index(f"<body><main>{links}</main></body>", Listing(f"{HOME}/"), "text/html; charset=utf-8")

    assert (len(found.teasers), found.following) == (4, ())


@pytest.mark.parametrize("page", ["/news/page/{}/", "/news/?PAGEN_1={}", "/all?page={}"])
def test_the_pager_of_a_front_page_leads_on_in_the_list_it_begins(page: str) -> None:
    links = "".join(f"<h2><a href='/n/{at}'>Bread is sold by weight again, {at}</a></h2>" for at in range(4820, 4824))
    pager = "".join(f"<a href='{page.format(number)}'>{number}</a>" for number in (2, 3, 27))

    found = _index(f"<body><main>{links}<b>1</b>{pager}</main></body>", Listing(f"{HOME}/"), "text/html; charset=utf-8")

    assert found.following == (HOME + page.format(2),)


def test_addresses_are_read_against_the_base_a_page_names() -> None:
    """Joomla and sites made by hand name one; relative links lead nowhere without it."""
    links = "".join(f"<h2><a href='n.php?id={at}'>Bread sold by weight again, {at}</a></h2>" for at in range(220, 223))
    html = f"<head><base href='{HOME}/'></head><body><main>{links}<a href='list.php?page=2'>2</a></main></body>"

    found = _index(html, Listing(f"{HOME}/lists/today/list.php"), "text/html; charset=utf-8")

    assert [teaser.url for teaser in found.teasers] == [f"{HOME}/n.php?id={at}" for at in range(220, 223)]


CARDS = {
    "more": "<div><h3>{1}</h3><p>It was said on Monday that this would be so.</p><a href='{0}'>More</a></div>",
    "a picture": "<div><a href='{0}'><img src='/a.jpg'></a><span>{1}</span></div>",
    "an empty link over all": "<div><a href='{0}' aria-label='{1}'></a><p>{1}</p></div>",
    "the card, clicked": """<article onclick="location.href='{0}'"><h3>{1}</h3><p>Said on Monday.</p></article>""",
    "the card, opened": """<li onclick="window.open(&quot;{0}&quot;, '_blank')"><div>{1}</div></li>""",
    "the card, by a script": "<div data-href='{0}'><img src='/a.jpg'><div>News</div><p>{1}</p><a href='#'>+</a></div>",
    "a row, by a script": "<table><tr data-url='{0}'><td>10:40</td><td>{1}</td></tr></table>",
}


@pytest.mark.parametrize("card", CARDS.values(), ids=list(CARDS))
def test_a_card_whose_link_says_nothing_shows_its_headline_beside_it(card: str) -> None:
    titles = [f"Bread is sold by weight once more, part {number}" for number in range(5)]
    cards = "".join(card.format(f"/news/{4820 + at}", title) for at, title in enumerate(titles))

    found = _index(f"<body><main>{cards}</main></body>", Listing(f"{HOME}/"), "text/html; charset=utf-8")

    assert [(teaser.url, teaser.headline) for teaser in found.teasers] == [
        (f"{HOME}/news/{4820 + at}", title) for at, title in enumerate(titles)]


@pytest.mark.parametrize("inside", ["<a href='/news/{0}'>{1}</a>", "<h3>{1}</h3><a href='/news/{0}'>More</a>"])
def test_a_link_inside_a_card_says_more_than_the_card(inside: str) -> None:
    title = "Bread is sold by weight once more, part {0}"
    cards = "".join(
        f"<div data-url='/share/{4820 + at}'>{inside.format(4820 + at, title.format(at))}</div>" for at in range(5))

    found = _index(f"<body><main>{cards}</main></body>", Listing(f"{HOME}/"), "text/html; charset=utf-8")

    assert [teaser.url for teaser in found.teasers] == [f"{HOME}/news/{4820 + at}" for at in range(5)]


@pytest.mark.parametrize("said", ["4820{0}", "true", '{{"id": "/n/4820{0}"}}', "#4820{0}", "https://shop.example/4820{0}"])
def test_what_else_a_script_hangs_on_a_box_is_no_address(said: str) -> None:
    card = "<div data-link='{}'><h3>Bread is sold by weight once more, part {}</h3></div>"
    cards = "".join(card.format(said.format(at), at) for at in range(5))

    assert _index(f"<body><main>{cards}</main></body>", Listing(f"{HOME}/"), "text/html").teasers == ()


def test_links_to_services_in_cards_are_no_stories() -> None:
    card = "<div><h3>What the paper can do for you, part {0}</h3><a href='/{1}/'>More</a></div>"
    cards = "".join(card.format(at, path) for at, path in enumerate(("about", "contacts", "subscribe", "archive")))

    found = _index(f"<body><main>{cards}</main></body>", Listing(f"{HOME}/"), "text/html; charset=utf-8")

    assert found.teasers == ()


def test_a_page_of_empty_links_to_one_address_is_read_in_time() -> None:
    links = "<p>Bread</p><a href='/news/4820'></a>" * 10_000

    assert _index(f"<body><main>{links}</main></body>", Listing(f"{HOME}/"), "text/html").teasers == ()
