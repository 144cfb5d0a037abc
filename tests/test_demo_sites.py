"""The demo's two sites, over real loopback HTTP."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPResponse
from itertools import pairwise
from urllib.parse import urlsplit

import pytest

from scraper.demo import DAYS, Sites, demo_sites
from scraper.quotes import ticker_from
from scraper.source import Feed, Listing
from scraper.urls import is_story


@pytest.fixture
def sites() -> Iterator[Sites]:
    with demo_sites() as opened:
        yield opened


def exchange(url: str, **headers: str) -> tuple[HTTPResponse, str]:
    """Ask for an address; header names are given with _ for -."""
    parts = urlsplit(url)
    line = HTTPConnection(parts.hostname or "", parts.port)
    line.request("GET", parts.path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    response = line.getresponse()
    body = response.read().decode()
    line.close()
    return response, body


def page(url: str) -> str:
    response, body = exchange(url)
    assert response.status == 200
    return body


def links(html: str, home: str) -> list[str]:
    found = re.findall(r'href="([^"]+)"', html)
    return [home + link.removeprefix("/") if link.startswith("/") else link for link in found]


def story_urls(sites: Sites) -> set[str]:
    """Return the address of every story that a listing or feed shows on this day."""
    found = set()
    for source in sites.sources:
        for place in source.discover:
            html = page(place.url)
            found |= set(re.findall(r"<link>(.+?)</link>", html)) if isinstance(place, Feed) else set()
            found |= set(links(html, source.home))
            if isinstance(place, Listing) and place.pages and 'rel="next"' in html:
                found |= set(links(page(place.url + place.pages.format(n=2)), source.home))
    return {url for url in found if any(is_story(url, source) for source in sites.sources)}


def test_the_sources_say_where_the_sites_are(sites: Sites) -> None:
    """Each on a port of its own, none of them known before."""
    times, qovun = sites.sources

    assert (times.key, times.timezone, qovun.key, qovun.timezone) == (
        "silkroad-times", "Asia/Bishkek", "qovun", "Asia/Tashkent")
    assert times.home != qovun.home
    assert all(place.url.startswith(source.home) for source in sites.sources for place in source.discover)


def test_new_stories_appear_every_day(sites: Sites) -> None:
    """A withdrawn one leaves the listings; every other stays."""
    by_day = []
    for sites.day in range(1, DAYS + 1):
        by_day.append(story_urls(sites))

    assert [len(urls) for urls in by_day] == [5, 10, 12, 13]
    assert [len(after - before) for before, after in pairwise(by_day)] == [5, 3, 2]


def test_the_rates_move_and_stand_eight_times_on_every_page(sites: Sites) -> None:
    home = sites.sources[0].home
    tickers = []
    for sites.day in range(1, DAYS + 1):
        tickers.append(ticker_from(page(home)))

    assert [(len(ticker.quotes), ticker.cells, ticker.conflicts, ticker.rejected) for ticker in tickers] == [
        (5, 40, (), ())] * DAYS
    assert [ticker.quotes[2].rate_text for ticker in tickers] == ["0.10850", "0.10899", "0.10811", "0.10811"]
    assert len({ticker.quotes[0] for ticker in tickers}) == 1


def test_the_other_site_has_no_ticker(sites: Sites) -> None:
    """Its rates stand in a widget that is none."""
    assert ticker_from(page(f"{sites.sources[1].home}en/latest")).cells == 0


def test_one_story_is_corrected_on_the_third_day(sites: Sites) -> None:
    url = f"{sites.sources[0].home}apricot-exchange-opens-with-a-broken-scale/"
    texts = []
    for sites.day in (2, 3):
        texts.append(page(url))

    assert ["sold 120 tonnes" in text for text in texts] == [True, False]
    assert [re.findall(r'"dateModified": "(.{10})', text) for text in texts] == [["2025-10-07"], ["2025-10-08"]]
    assert [re.findall(r'"datePublished": "(.{10})', text) for text in texts] == [["2025-10-07"]] * 2


def test_one_story_is_withdrawn_on_the_fourth_day(sites: Sites) -> None:
    url = f"{sites.sources[0].home}steppe-radio-changes-its-signature-tune/"
    statuses = []
    for sites.day in range(1, DAYS + 1):
        statuses.append(exchange(url)[0].status)

    assert statuses == [404, 200, 200, 410]


def test_one_listed_story_is_not_there_on_the_second_day(sites: Sites) -> None:
    sites.day = 2

    missing = {url for url in story_urls(sites) if exchange(url)[0].status == 404}

    assert missing == {f"{sites.sources[0].home}the-photograph-nobody-took/"}


def test_an_unchanged_page_is_answered_with_304(sites: Sites) -> None:
    """The next day its clock and its rates have changed, and its tag with them."""
    url = f"{sites.sources[0].home}the-melon-express-crosses-the-pass/"
    etag = exchange(url)[0].headers["ETag"]

    again, body = exchange(url, If_None_Match=etag)
    sites.day = 2
    tomorrow, _ = exchange(url, If_None_Match=etag)

    assert (again.status, body, tomorrow.status) == (304, "", 200)


def test_a_body_is_compressed_where_asked_for(sites: Sites) -> None:
    line = HTTPConnection("127.0.0.1", urlsplit(sites.sources[0].home).port)
    line.request("GET", "/feed/", headers={"Accept-Encoding": "gzip"})
    response = line.getresponse()

    body = response.read()

    line.close()
    assert (response.headers["Content-Encoding"], body[:2]) == ("gzip", b"\x1f\x8b")


def test_excerpts_are_cut_after_five_hundred_words(sites: Sites) -> None:
    excerpts = re.findall(r"<div class=\"entry-summary\"><p>(.+?)</p>", page(f"{sites.sources[0].home}latest/"), re.S)

    assert [excerpt.endswith("...") for excerpt in excerpts].count(True) == 1
    assert max(len(excerpt.split()) for excerpt in excerpts) == 500


def test_a_shortcode_stands_unrendered_in_a_story(sites: Sites) -> None:
    assert "[caption id=" in page(f"{sites.sources[0].home}a-river-counted-drop-by-drop/")


def test_views_grow_while_the_text_of_a_story_stays(sites: Sites) -> None:
    url = f"{sites.sources[1].home}en/news/three-valleys-one-canal-31004"
    stamps = []
    for sites.day in (1, 2):
        stamps.append(re.findall(r'<p class="right">.+?</p>', page(url)))

    assert [re.sub("<.+?>", "", stamp[0]) for stamp in stamps] == [
        "6 Octobervisibility10822 4 minutes", "6 Octobervisibility11799 4 minutes"]


def test_uzbek_stories_spell_one_letter_with_many_signs(sites: Sites) -> None:
    html = page(f"{sites.sources[1].home}uz/news/qovun-sayli-boshlandi-31002")

    assert set(re.findall(r"so(.)m", html)) == {"\u2018", "\u02bb", "\u02bc", "'", "`"}


def test_the_moment_of_a_harvest_moves_with_the_day(sites: Sites) -> None:
    """Every story of the day is out by then."""
    sites.day = 4

    assert sites.now == datetime(2025, 10, 9, 13, tzinfo=UTC)


def test_the_ports_are_free_again_afterwards() -> None:
    with demo_sites() as sites:
        port = urlsplit(sites.sources[0].home).port

    with socket.socket() as line:
        assert line.connect_ex(("127.0.0.1", port or 0)) != 0


@pytest.mark.parametrize("day", [0, DAYS + 1])
def test_the_demo_has_four_days(day: int) -> None:
    with pytest.raises(ValueError, match="4 days"):
        demo_sites(day)
