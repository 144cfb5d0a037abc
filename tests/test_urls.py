"""Addresses: one spelling each, and none that pages hold breaks anything."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.source import Listing, Source
from scraper.urls import absolute, external_id, host, is_story, normalised, numbered, origin, same_site, story_folder

HERALD = Source(key="herald", home="https://herald.example/", discover=(), hosts=("old.herald.example",))


@pytest.mark.parametrize(
    ("url", "spelling"),
    [
        ("https://Herald.Example:443/rain?utm_source=x&b=2&a=1#comments", "https://herald.example/rain?a=1&b=2"),
        ("https://herald.example./rain/amp", "https://herald.example/rain/"),
        ("https://herald.example/rain/amp/", "https://herald.example/rain/"),
        ("https://herald.example/camp/", "https://herald.example/camp/"),
        ("https://herald.example/rain?fbclid=abc&replytocom=7", "https://herald.example/rain"),
        ("https://herald.example/san%25ca%25bcat", "https://herald.example/san%CA%BCat"),
        ("https://herald.example/“дождь”", "https://herald.example/%E2%80%9C%D0%B4%D0%BE%D0%B6%D0%B4%D1%8C%E2%80%9D"),
        ("http://[2001:DB8::1]:8080/a", "http://[2001:db8::1]:8080/a"),
        ("mailto:desk@herald.example", "mailto:desk@herald.example"),
        ("http://[ccpa-preferences]", "http://[ccpa-preferences]"),
    ],
)
def test_a_page_has_one_spelling(url: str, spelling: str) -> None:
    """What names the visit, not the page, is dropped; what is no address is left alone."""
    assert normalised(url) == spelling


def test_a_source_names_query_keys_that_tell_no_stories_apart() -> None:
    """A site's old engine left them on every link."""
    assert normalised("https://herald.example/page/2/?catid=1&p=3", ("catid",)) == "https://herald.example/page/2/?p=3"


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("/rain", "https://herald.example/rain"),
        ("//other.example/x", "https://other.example/x"),
        ("javascript:void(0)", None),
        ("mailto:desk@herald.example", None),
        ("https://user:pass@herald.example/", None),
        ("http://[ccpa-preferences]", None),
        ("http://herald.example:99999999/", None),
        ("x" * 100_000, None),
        ("/ra\nin", "https://herald.example/rain"),
    ],
)
def test_a_link_is_an_http_address_or_nothing(href: str, url: str | None) -> None:
    """Schemes, passwords, floods and broken ones lead nowhere."""
    assert absolute(href, "https://herald.example/") == url


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("https://www.herald.example/rain", True),
        ("http://m.herald.example/rain", True),
        ("https://old.herald.example/rain", True),
        ("https://herald.example.evil.example/rain", False),
        ("https://sport.herald.example/rain", False),
        ("ftp://herald.example/rain", False),
    ],
)
def test_a_site_is_its_home_host_and_the_hosts_it_names(url: str, ours: bool) -> None:
    """www., m. and amp. are set aside; a host that only looks alike is another site."""
    assert same_site(url, HERALD) is ours


def test_a_site_on_a_port_of_its_own_is_that_port_only() -> None:
    """Two test sites on loopback are two sites."""
    site = Source(key="one", home="http://127.0.0.1:8001/", discover=())

    assert same_site("http://127.0.0.1:8001/a", site)
    assert not same_site("http://127.0.0.1:8002/a", site)


def test_a_story_matches_whole_and_holds_nothing_to_skip() -> None:
    """`story` is for the whole address, `skip` for any part of it."""
    site = Source(key="h", home="https://h.example/", discover=(), story=r"https://h\.example/[a-z-]+/", skip="/about")

    assert is_story("https://h.example/rain/", site)
    assert not is_story("https://h.example/rain/2/", site)
    assert not is_story("https://h.example/about-us/", site)


def test_a_lone_surrogate_is_no_part_of_an_address() -> None:
    """JSON can deliver one; no file and no query can hold it."""
    assert normalised("https://herald.example/ra\ud800in") == "https://herald.example/ra%EF%BF%BDin"


@given(st.text(st.characters()))  # lone surrogates included
def test_no_text_breaks_an_address_function(text: str) -> None:
    """Whatever stands in an href, nothing is raised."""
    for url in (text, f"http://{text}", f"https://herald.example/{text}"):
        assert normalised(normalised(url)) == normalised(url)
        absolute(text, url)
        host(url)
        origin(url)
        is_story(url, HERALD)


@pytest.mark.parametrize(
    ("url", "pages", "second"),
    [
        ("https://h.example/latest/", "/page/{n}/", "https://h.example/latest/page/2/"),
        ("https://h.example/latest", "page/{n}/", "https://h.example/latest/page/2/"),
        ("https://h.example/", "/page/{n}/", "https://h.example/page/2/"),
        ("https://h.example/news/", "?page={n}", "https://h.example/news/?page=2"),
        ("https://h.example/news?lang=uz", "?page={n}", "https://h.example/news?lang=uz&page=2"),
        ("https://h.example/news", "https://h.example/archive/{n}", "https://h.example/archive/2"),
        ("https://h.example/news", None, None),
    ],
)
def test_a_pattern_for_pages_is_appended_to_its_listing(url: str, pages: str | None, second: str | None) -> None:
    """Path or query; one that begins with http stands by itself."""
    assert numbered(Listing(url, pages=pages), "2") == second


def test_a_publishers_own_number_is_the_groups_of_the_pattern() -> None:
    """Two editions may number their stories apart."""
    site = Source(key="h", home="https://h.example/", discover=(), external_id=r"/(?:([a-z]{2})/)?news/[^/]*-(\d+)")

    assert external_id("https://h.example/en/news/rain-17", site) == "en:17"
    assert external_id("https://h.example/news/rain-17", site) == "17"
    assert external_id("https://h.example/about", site) is None
    assert external_id("https://h.example/news/rain-17", HERALD) is None


@pytest.mark.parametrize(("story", "folder"), [
    (r"https://herald\.example/news/[a-z0-9-]+", "https://herald.example/news/"),
    (r"^https://herald\.example/uz/n-\d+", "https://herald.example/uz/"),
    (r"https?://(?:www\.)?herald\.example/news\-room/.+", "https://herald.example/news-room/"),
    (r"https?://(?:herald\.example|m\.herald\.example)/news/(?:(?:a|b)-)?[^|]+", "https://herald.example/news/"),
    ("https://herald.example/(?:uz|ru)/.+", None),
    (r"https://herald\.example/news/.+|https://herald\.example/ru/.+", None),
    (r"https?://(?:www\.herald\.example/news/|herald\.example/ru/).+", None),
    (None, None),
])  # fmt: skip
def test_a_pattern_that_begins_with_an_address_names_its_stories_folder(story: str | None, folder: str | None) -> None:
    assert story_folder(replace(HERALD, story=story)) == folder
