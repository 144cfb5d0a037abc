"""Feeds, fact by fact: RSS, Atom, JSON, whole and damaged. Every feed here is invented."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import ParseError
from scraper.listings.feeds import Item, Items, items_from, json_items_from

URL = "https://a.example/feed/"


def rss(*items: str, head: str = "") -> str:
    body = "".join(f"<item>{item}</item>" for item in items)
    return f'<?xml version="1.0"?>{head}<rss version="2.0"><channel><title>A</title>{body}</channel></rss>'


def read(text: str | bytes) -> Items:
    return items_from(text.encode() if isinstance(text, str) else text, "application/rss+xml", URL)


def addresses(found: Items) -> list[str | None]:
    return [item.address for item in found.items]


def test_an_rss_item_keeps_what_it_prints() -> None:
    """The date stays text: its reader is another room. WordPress shows its own number in the guid."""
    found = read(rss("<title>Bridge opens</title><link>https://a.example/bridge/</link>"
                     "<guid isPermaLink='false'>https://a.example/?p=4711</guid>"
                     "<pubDate>Fri, 06 Mar 2026 14:05:00 +0600</pubDate><description>A long bridge.</description>"))

    assert found == Items((Item("https://a.example/bridge/", "Bridge opens", "A long bridge.",
                                "Fri, 06 Mar 2026 14:05:00 +0600", datetime(2026, 3, 6, 8, 5, tzinfo=UTC), "4711"),))


def test_an_atom_feed_gives_its_entries_and_its_next_page() -> None:
    """RFC 5005: an archived feed names the page after it; a relative address stays for the caller to resolve."""
    found = read('<feed xmlns="http://www.w3.org/2005/Atom"><link rel="next" href="https://a.example/feed/?page=2"/>'
                 '<entry><title>One</title><link href="/one"/><id>urn:1</id>'
                 "<updated>2026-03-01T00:00:00Z</updated></entry></feed>")

    assert (addresses(found), found.following) == (["https://a.example/one"], "https://a.example/feed/?page=2")
    assert found.items[0].published == "2026-03-01T00:00:00Z"


def test_a_permalink_guid_stands_in_for_a_missing_link() -> None:
    """RSS 2.0 makes a guid an address unless it says otherwise."""
    assert addresses(read(rss("<guid>https://a.example/one</guid>"))) == ["https://a.example/one"]


def test_an_id_that_is_no_address_is_not_taken_for_one() -> None:
    """feedparser calls an Atom id the link where the only link is `self`."""
    found = read('<feed xmlns="http://www.w3.org/2005/Atom"><entry><link rel="self" href="https://a.example/one"/>'
                 "<id>urn:uuid:1225c695</id></entry></feed>")

    assert addresses(found) == ["https://a.example/one"]


def test_the_address_behind_a_redirecting_one_is_taken() -> None:
    """FeedBurner keeps the publisher's own address beside its counter."""
    found = read(rss("<link>https://counter.example/x</link><fb:origLink xmlns:fb='http://rssnamespace.org/feedburner/ext/1.0'>"
                     "https://a.example/one</fb:origLink>"))

    assert addresses(found) == ["https://a.example/one"]


def test_a_feed_cut_in_mid_item_gives_its_whole_items() -> None:
    """An item counts as whole once its address is: half an address would be a page that never was."""
    text = rss("<link>https://a.example/one</link>", "<link>https://a.example/two</link><title>Two</title>")

    in_address = read(text[: text.index("/two") + 2])
    behind_address = read(text[: text.rindex("</item>")])

    assert (addresses(in_address), in_address.fault) == (["https://a.example/one"], "cut short")
    assert addresses(behind_address) == ["https://a.example/one", "https://a.example/two"]


def test_damaged_xml_is_read_and_reported() -> None:
    """A stray tag and a raw ampersand cost no item."""
    found = read(rss("<title>Tea & bread</b></title><link>https://a.example/?a=1&b=2</link>"))

    assert (addresses(found), found.fault) == (["https://a.example/?a=1&b=2"], "damaged XML")


def test_named_entities_of_html_are_no_damage() -> None:
    """`&nbsp;` and `&laquo;` are undefined in XML and common in feeds."""
    found = read(rss("<title>&laquo;Bridge&raquo;&nbsp;opens</title><link>https://a.example/one</link>"))

    assert (found.items[0].title, found.fault) == ("«Bridge»\xa0opens", None)


@pytest.mark.parametrize("before", ["", "<!-- <a --> ", "\n"])
def test_no_entity_is_ever_expanded(before: str) -> None:
    """The document type leaves before anything can read it, wherever it hides."""
    laughs = '<!ENTITY l0 "ha">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    head = f'{before}<!DOCTYPE r [{laughs}<!ENTITY x SYSTEM "file:///etc/hostname">]>'

    found = read(rss("<title>&l9;&x;</title><link>https://a.example/one</link>", head=head))

    assert addresses(found) == ["https://a.example/one"]
    assert (found.items[0].title or "").replace("&amp;", "&") in ("&l9;&x;", "&l9&x")


def test_a_document_type_alone_is_no_damage() -> None:
    """Old feeds declare entities and use none; one they use stays as it is printed."""
    head = '<!DOCTYPE rss [<!ENTITY a "ha"> <!ENTITY b "ho">]>'

    found = read(rss("<link>https://a.example/one</link>", head=head))

    assert (addresses(found), found.fault) == (["https://a.example/one"], None)


def test_a_reference_to_no_character_is_kept_as_text() -> None:
    """`&#99999999;` has cost feedparser an exception."""
    found = read(rss("<title>A&#99999999;B&#xZ;C&#65;</title>"))

    assert (found.items[0].title or "").replace("&amp;", "&") == "A&#99999999;B&#xZ;CA"


def test_a_body_that_names_a_file_opens_none() -> None:
    """feedparser takes a string for an address or a path; it is given a stream."""
    assert read("/etc/hostname") == Items((), None, "cut short")


@pytest.mark.parametrize(("charset", "header"), [
    ("windows-1251", None), ("koi8-r", "text/xml; charset=koi8-r"), ("utf-16", None),
])
def test_the_charset_is_found(charset: str, header: str | None) -> None:
    """Declared, labelled, or marked."""
    text = rss("<title>Мост открыт для движения</title>").replace("?>", f' encoding="{charset}"?>', 1)

    assert items_from(text.encode(charset), header, URL).items[0].title == "Мост открыт для движения"


def test_a_bomb_of_tags_is_refused() -> None:
    """Quadratic in feedparser and in any tree."""
    with pytest.raises(ParseError):
        read("<rss><channel><item><description>" + "<div>" * 50_000)


def test_more_than_five_thousand_items_are_not_read() -> None:
    """A feed without end costs no more than a large one."""
    found = read("<rss><channel>" + "<item><link>https://a.example/1</link></item>" * 5_002 + "</channel></rss>")

    assert (len(found.items), found.fault) == (5_000, "more than 5000 items")


def test_a_json_feed_gives_its_items() -> None:
    """jsonfeed.org 1.1; an id that is an address stands in for a missing url."""
    feed = {"version": "https://jsonfeed.org/version/1.1", "next_url": "https://a.example/feed.json?page=2", "items": [
        {"id": "1", "url": "https://a.example/one", "title": "One", "summary": "S",
         "date_published": "2026-03-01T00:00:00Z"},
        {"id": "https://a.example/two", "content_html": "<p>T</p>"}, "no item"]}

    found = json_items_from(json.dumps(feed).encode(), "application/json", URL)

    assert found == Items((Item("https://a.example/one", "One", "S", "2026-03-01T00:00:00Z"),
                           Item("https://a.example/two", None, "<p>T</p>")), "https://a.example/feed.json?page=2")


@pytest.mark.parametrize("body", [b"{", b"[" * 100_000, b'{"items": '])
def test_broken_json_is_an_error(body: bytes) -> None:
    """Nesting without end included."""
    with pytest.raises(ParseError):
        json_items_from(body, "application/json", URL)


@given(st.binary(max_size=300) | st.text(alphabet="<>&;#x/ itemlnkCDATA![]-?'\"=:19", max_size=200).map(str.encode))
def test_no_bytes_break_the_reader(body: bytes) -> None:
    """Items, a fault, or a ParseError; nothing else."""
    for start in (b"", b"<rss><item>", b"<feed><entry><link href="):
        with suppress(ParseError):
            assert isinstance(items_from(start + body, None, URL), Items)
