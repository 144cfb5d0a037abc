"""Sitemaps, fact by fact: streamed, bounded, and safe against what XML can do. Every address is invented."""

from __future__ import annotations

import gzip
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.listings.sitemaps import Entries, Entry, addresses_from, entries_from

LIMIT = 4_000_000


def urlset(*items: str) -> bytes:
    body = "".join(f"<url>{item}</url>" for item in items)
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="urn:x">{body}</urlset>'.encode()


def test_a_urlset_gives_its_addresses_in_order() -> None:
    """lastmod stands beside the address it belongs to."""
    body = urlset("<loc>https://a.example/one</loc><lastmod>2026-03-01</lastmod>", "<loc> https://a.example/two </loc>")

    found = entries_from(body, "application/xml", limit=LIMIT)

    assert found == Entries([Entry("https://a.example/one", changed="2026-03-01"), Entry("https://a.example/two")])


def test_an_index_gives_its_sitemaps() -> None:
    """CDATA is as good as text."""
    body = (b"<sitemapindex><sitemap><loc><![CDATA[https://a.example/s1.xml?a=1&b=2]]></loc>"
            b"<lastmod>2026-01-01</lastmod></sitemap></sitemapindex>")

    found = entries_from(body, None, limit=LIMIT)

    assert found == Entries(sitemaps=[Entry("https://a.example/s1.xml?a=1&b=2", changed="2026-01-01")])


def test_the_sitemaps_of_other_languages_are_found() -> None:
    """hreflang stands beside the sitemap of one language and names those of the others."""
    body = (b"<sitemapindex xmlns:x='urn:x'><sitemap><loc>https://a.example/en.xml</loc>"
            b"<x:link rel='alternate' hreflang='uz' href='https://a.example/uz.xml'/></sitemap></sitemapindex>")

    found = entries_from(body, None, limit=LIMIT)

    assert found == Entries(sitemaps=[Entry("https://a.example/en.xml"), Entry("https://a.example/uz.xml")])


def test_a_news_sitemap_gives_headline_and_time_under_any_prefix() -> None:
    """Google News' fields are found by their local names; the picture's loc is not the story's."""
    body = urlset("<image:image xmlns:image='urn:i'><image:loc>https://a.example/1.jpg</image:loc></image:image>"
                  "<loc>https://a.example/one</loc><n:news xmlns:n='urn:n'><n:publication><n:name>Paper</n:name>"
                  "</n:publication><n:publication_date>2026-03-01T10:00:00+05:00</n:publication_date>"
                  "<n:title>Bridge &amp; tunnel</n:title></n:news>")

    found = entries_from(body, None, limit=LIMIT)

    assert found.urls == [Entry("https://a.example/one", "Bridge & tunnel", "2026-03-01T10:00:00+05:00")]


def test_a_raw_ampersand_loses_no_address() -> None:
    """Real sitemaps hold `?a=1&b=2` unescaped, which is not well-formed."""
    body = urlset("<loc>https://a.example/?a=1&b=2</loc>", "<loc>https://a.example/?a=1&amp;b=3</loc>")

    found = entries_from(body, None, limit=LIMIT)

    assert found == Entries([Entry("https://a.example/?a=1&b=2"), Entry("https://a.example/?a=1&b=3")])


def test_gzip_is_read_by_its_first_bytes_and_all_its_members() -> None:
    """RFC 1952 allows members one after the other, as parallel compressors write them."""
    body = urlset("<loc>https://a.example/one</loc>", "<loc>https://a.example/two</loc>")

    found = entries_from(gzip.compress(body[:60]) + gzip.compress(body[60:]), "application/xml", limit=LIMIT)

    assert found == Entries([Entry("https://a.example/one"), Entry("https://a.example/two")])


def test_a_gzip_cut_short_gives_what_came_and_says_so() -> None:
    """httpx would call such a body complete."""
    items = [f"<loc>https://a.example/{number}</loc>" for number in range(20_000)]

    found = entries_from(gzip.compress(urlset(*items))[:-3_000], None, limit=LIMIT)

    assert found.urls[:2] == [Entry("https://a.example/0"), Entry("https://a.example/1")]
    assert (found.fault, 10_000 < len(found.urls) < 20_000) == ("gzip cut short", True)


def test_a_gzip_bomb_ends_at_the_limit() -> None:
    """A gibibyte of blanks in a megabyte."""
    bomb = gzip.compress(b"<urlset>" + b" " * 40_000_000)
    started = time.process_time()

    found = entries_from(bomb, None, limit=LIMIT)

    assert found == Entries(fault="cut at 4000000 bytes")
    assert time.process_time() - started < 2


def test_a_body_cut_in_mid_item_gives_its_whole_items() -> None:
    """Half an address would be a page that never was."""
    body = urlset("<loc>https://a.example/one</loc>", "<loc>https://a.example/two</loc>")

    found = entries_from(body[:-30], None, limit=LIMIT)

    assert found == Entries([Entry("https://a.example/one")], fault="cut short in line 1")


def test_a_warning_before_the_declaration_costs_nothing() -> None:
    """PHP prints in front of the XML, where XML allows nothing."""
    body = b"\n<br />\n<b>Warning</b>: a header was sent twice\n" + urlset("<loc>https://a.example/one</loc>")

    assert entries_from(body, None, limit=LIMIT) == Entries([Entry("https://a.example/one")])


def test_declared_entities_are_refused() -> None:
    """Billion laughs and external entities are declarations first; expat never gets to use one."""
    body = (b'<?xml version="1.0"?><!DOCTYPE u [<!ENTITY a "ha"><!ENTITY b SYSTEM "file:///etc/hostname">]>'
            b"<urlset><url><loc>https://a.example/&a;&b;</loc></url></urlset>")

    found = entries_from(body, None, limit=LIMIT)

    assert found == Entries(fault="declares entities, which are never expanded")


def test_a_wrong_encoding_is_seen_through() -> None:
    """It says UTF-16 and is windows-1251: a body without zero bytes is no UTF-16."""
    body = ('<?xml version="1.0" encoding="UTF-16"?><urlset><url><loc>https://a.example/one</loc>'
            "<news><title>Мост открыт, движение по нему пойдёт завтра утром</title></news></url></urlset>")

    found = entries_from(body.encode("cp1251"), None, limit=LIMIT)

    assert found.urls == [Entry("https://a.example/one", "Мост открыт, движение по нему пойдёт завтра утром")]


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "utf-32", "utf-16-be"])
def test_every_encoding_of_unicode_is_read(charset: str) -> None:
    """By its mark, or by where its zeros stand (XML 1.0, appendix F)."""
    body = "<urlset><url><loc>https://a.example/қала</loc></url></urlset>".encode(charset)

    assert entries_from(body, None, limit=LIMIT) == Entries([Entry("https://a.example/қала")])


def test_fifty_thousand_addresses_are_read_and_no_more() -> None:
    """The protocol's own limit."""
    items = [f"<loc>https://a.example/{number}</loc>" for number in range(50_001)]

    assert len(entries_from(urlset(*items[1:]), None, limit=LIMIT).urls) == 50_000
    found = entries_from(urlset(*items), None, limit=LIMIT)
    assert (len(found.urls), found.fault) == (50_000, "more than 50000 addresses")


@pytest.mark.parametrize("shift", range(6))
def test_nothing_is_lost_where_a_piece_ends(shift: int) -> None:
    """Bodies are decoded 256 KiB at a time: a reference, a character or a line may be cut in two."""
    items = [f"<loc>https://a.example/{number:06}?a=1&amp;b=қ</loc>" for number in range(10_000)]
    lines = [f"https://a.example/{number:06}/қала" for number in range(20_000)]

    listed = entries_from(b" " * shift + urlset(*items), None, limit=LIMIT)
    plain = addresses_from(("#" * shift + "\n" + "\n".join(lines)).encode(), "text/plain", limit=LIMIT)

    assert [entry.address for entry in listed.urls] == [f"https://a.example/{n:06}?a=1&b=қ" for n in range(10_000)]
    assert [entry.address for entry in plain.urls] == lines


def test_a_plain_list_is_a_sitemap_too() -> None:
    """One address to a line; a line that is none is passed over."""
    body = b"https://a.example/one\r\n\r\nnot an address\nhttps://a.example/two"

    found = addresses_from(body, "text/plain", limit=LIMIT)

    assert found == Entries([Entry("https://a.example/one"), Entry("https://a.example/two")])


@given(st.binary(max_size=400) | st.text(alphabet="<>&;/ aurlsetoc![]-?'\"=\x1f\x8b", max_size=200).map(str.encode))
def test_no_bytes_break_the_reader(body: bytes) -> None:
    """Whatever comes, entries and a fault go out."""
    for start in (b"", b"<urlset>", b"\x1f\x8b\x08\x00", gzip.compress(body)[:40]):
        assert isinstance(entries_from(start + body, None, limit=LIMIT), Entries)
        assert isinstance(addresses_from(start + body, None, limit=LIMIT), Entries)
