"""From an answer to an index: what the three kinds of place have in common. Every page here is invented."""

from __future__ import annotations

import gzip
import json
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.discover import index_from
from scraper.errors import ParseError
from scraper.records import Index, Quote, Response, Stamp, Teaser
from scraper.source import Edition, Feed, Listing, Place, Sitemap, Source, WordPress

FETCHED = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
SOURCE = Source(key="a", home="https://a.example/", discover=(), timezone="Asia/Bishkek", language="en")
STORIES = Source(key="a", home="https://a.example/", discover=(), timezone="Asia/Bishkek", language="en",
                 story=r"https://a\.example/[a-z0-9-]+/", skip=r"/(about|latest)/", drop_query=("catid", "id"),
                 external_id=r"-(\d+)/$")

LISTING = Listing("https://a.example/latest/")
FEED = Feed("https://a.example/feed/")
SITEMAP = Sitemap("https://a.example/sitemap.xml")

PAGE = """<html><head><title>Latest</title></head><body>
<ul><li>KGS/USD = 0.01144 0%</li><li>KGS/USD = 0.01144 0%</li></ul>
<nav><a href="/about/">About</a></nav><p>Viewing results 1 - 6 of 12</p>
<article><h2><a href="/bridge-opens-at-last/">The bridge opens at last</a></h2></article>
<article><h2><a href="/a-tunnel-is-next/?catid=3&id=77">A tunnel is next, says the mayor</a></h2></article>
<article><h2><a href="/a-tunnel-is-next/">A tunnel is next, says the mayor</a></h2></article></body></html>"""
RSS = ("<rss><channel><item><title>Bridge &lt;b&gt;opens&lt;/b&gt; &lt;script&gt;alert(1)&lt;/script&gt;</title>"
       "<link>https://www.a.example/bridge-opens-4711/?utm_source=rss</link>"
       "<pubDate>Fri, 06 Mar 2026 14:05:00 +0600</pubDate>"
       "<description>&lt;p&gt;A long bridge.&lt;/p&gt;</description></item>"
       "<item><title>Elsewhere</title><link>https://b.example/elsewhere/</link></item></channel></rss>")
URLSET = ("<urlset><url><loc>https://a.example/bridge-opens/</loc><lastmod>2026-03-06</lastmod></url>"
          "<url><loc>https://b.example/x/</loc></url><url><loc>ftp://a.example/x/</loc></url><url><loc>https://a.example/bridge-opens/</loc></url></urlset>")


def answer(body: str | bytes, url: str, content_type: str = "") -> Response:
    raw = body.encode() if isinstance(body, str) else body
    return Response(url, url, 200, (("Content-Type", content_type),) if content_type else (), raw, FETCHED)


def index(body: str | bytes, place: Place, source: Source = SOURCE) -> Index:
    return index_from(answer(body, place.url), place, source)


def urls(found: Index) -> list[str]:
    return [teaser.url for teaser in found.teasers]


def test_a_listing_gives_its_stories_once_with_the_ticker() -> None:
    """The counter "1 - 6 of 12" over two stories neither pages nor stops anything."""
    found = index(PAGE, LISTING)

    assert found == Index(
        LISTING.url, FETCHED,
        (Teaser("https://a.example/bridge-opens-at-last/", "The bridge opens at last"),
         Teaser("https://a.example/a-tunnel-is-next/?catid=3&id=77", "A tunnel is next, says the mayor"),
         Teaser("https://a.example/a-tunnel-is-next/", "A tunnel is next, says the mayor")),
        ticker=found.ticker)
    assert found.ticker.quotes == (Quote("KGS", "USD", Decimal("0.01144"), "0.01144", Decimal(0), "0%"),)


def test_the_patterns_of_a_source_decide_what_is_a_story() -> None:
    """Left-over query keys that the source names make no second story."""
    found = index(PAGE, LISTING, STORIES)

    assert urls(found) == ["https://a.example/bridge-opens-at-last/", "https://a.example/a-tunnel-is-next/"]


def test_what_is_no_selector_is_an_error() -> None:
    """A slip in a source file is named, with the selector."""
    with pytest.raises(ParseError, match=r"'\[\[' is no CSS selector"):
        index(PAGE, Listing(LISTING.url, links="[["))


def test_a_selector_only_sharpens() -> None:
    """One that finds nothing, after a redesign, is as good as none."""
    sharp = index(PAGE, Listing(LISTING.url, links="article:first-of-type h2"))
    blunt = index(PAGE, Listing(LISTING.url, links=".gone"))

    assert urls(sharp) == ["https://a.example/bridge-opens-at-last/"]
    assert urls(blunt) == urls(index(PAGE, LISTING))


@pytest.mark.parametrize(("asked", "expected"), [
    ("https://a.example/latest/", ("https://a.example/latest/page/2/",)),
    ("https://a.example/latest/page/2/", ("https://a.example/latest/page/3/",)),
    ("https://a.example/other/", ()),
])
def test_a_page_pattern_names_the_next_page(asked: str, expected: tuple[str, ...]) -> None:
    """A source that knows its pages is not asked to show a link to them."""
    place = Listing("https://a.example/latest/", pages="page/{n}/")

    assert index_from(answer(PAGE, asked), place, SOURCE).following == expected


def test_a_page_without_stories_ends_the_walk() -> None:
    """Page patterns count to infinity, and some sites answer every number."""
    place = Listing("https://a.example/latest/", pages="page/{n}/")

    assert index("<html><body><p>Nothing here</p></body></html>", place).following == ()


def test_a_feed_gives_inert_text_and_the_page_s_own_zone() -> None:
    """Markup is read, not kept; scripts go; the other site's item stays out; www is the same site."""
    found = index(RSS, FEED, SOURCE)

    instant = datetime(2026, 3, 6, 8, 5, tzinfo=UTC)
    stamp = Stamp("Fri, 06 Mar 2026 14:05:00 +0600", instant, date(2026, 3, 6), "second", "page")
    assert found.teasers == (
        Teaser("https://www.a.example/bridge-opens-4711/", "Bridge opens", stamp, "A long bridge."),)


def test_the_publisher_s_number_comes_from_the_address() -> None:
    """By the source's pattern, in every kind of place."""
    found = index("<urlset><url><loc>https://a.example/bridge-opens-4711/</loc></url></urlset>", SITEMAP, STORIES)

    assert found.teasers == (Teaser("https://a.example/bridge-opens-4711/", external_id="4711"),)


def test_a_sitemap_keeps_to_its_site() -> None:
    """Other hosts and schemes are ignored (sitemaps.org), repeats counted once."""
    found = index(gzip.compress(URLSET.encode()), SITEMAP)

    assert [(teaser.url, teaser.stamp and teaser.stamp.day) for teaser in found.teasers] == [
        ("https://a.example/bridge-opens/", date(2026, 3, 6))]


def test_an_index_of_sitemaps_leads_to_the_newest_first() -> None:
    """A budget may end the walk, and the oldest year stands first; itself and other hosts are left out."""
    places = (("https://a.example/s1.xml", "2019-01-01"), ("https://a.example/s9.xml", "2026-03-01"),
              ("https://a.example/sitemap.xml", "2026-03-01"), ("https://b.example/s.xml", "2026-03-01"))
    body = "".join(f"<sitemap><loc>{url}</loc><lastmod>{day}</lastmod></sitemap>" for url, day in places)

    found = index(f"<sitemapindex>{body}</sitemapindex>", SITEMAP)

    assert (found.teasers, found.following) == ((), ("https://a.example/s9.xml", "https://a.example/s1.xml"))


@pytest.mark.parametrize(("body", "place", "fault"), [
    (PAGE, FEED, "html where a feed should be"),
    (PAGE, SITEMAP, "html where a sitemap should be"),
    ("", FEED, "nothing where a feed should be"),
    (URLSET, FEED, "sitemap where a feed should be"),
    ("{}", SITEMAP, "json where a sitemap should be"),
    ("{}", FEED, "JSON without items where a feed should be"),
    (RSS, LISTING, "feed where a page should be"),
    ("", LISTING, "nothing where a page should be"),
    ("%PDF-1.4", SITEMAP, "something else where a sitemap should be"),
])
def test_what_is_not_what_it_says_brings_a_fault(body: str, place: Place, fault: str) -> None:
    """Known by its content; the label may say anything."""
    found = index_from(answer(body, place.url, "application/xml"), place, SOURCE)

    assert found == Index(place.url, FETCHED, fault=fault)


def test_a_feed_may_stand_where_a_sitemap_should() -> None:
    """sitemaps.org takes feeds and plain lists for sitemaps."""
    assert len(index(RSS, SITEMAP).teasers) == 1
    assert urls(index("https://a.example/bridge-opens/\n", SITEMAP)) == ["https://a.example/bridge-opens/"]


def test_a_warning_before_a_feed_does_not_hide_it() -> None:
    """PHP prints its warnings, in HTML, in front of the XML."""
    assert len(index("<br />\n<b>Warning</b>: something in line 3<br />\n" + RSS, FEED).teasers) == 1


@given(st.binary(max_size=300) | st.text("<>&;/ abhrefliurlsetomrs=\"'!-[]{}:,\x1f\x8b", max_size=200).map(str.encode))
def test_no_bytes_break_any_place(body: bytes) -> None:
    """An index or a ParseError."""
    for place in (LISTING, FEED, SITEMAP, WordPress("https://a.example/wp-json/wp/v2/posts")):
        for start in (b"", b"<html><body><a href=/a-long-story-slug/>", b'{"items": [{"url": "'):
            with suppress(ParseError):
                assert isinstance(index(start + body, place), Index)


POSTS = WordPress("https://a.example/wp-json/wp/v2/posts?per_page=2")
POST = ('{"id": 4711, "link": "https://a.example/bridge-opens/", "date": "2026-03-06T14:05:00",'
        '"date_gmt": "2026-03-06T08:05:00",'
        '"title": {"rendered": "Bridge &#8220;opens&#8221;"}, "excerpt": {"rendered": "<p>A long bridge.</p>"}}')


def posts(body: str, url: str = POSTS.url, **headers: str) -> Index:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return index_from(Response(url, url, 200, named, body.encode(), FETCHED), POSTS, SOURCE)


def test_wordpress_gives_its_posts_with_number_and_instant() -> None:
    """Its time is UTC, its titles are markup, its totals are headers."""
    found = posts(f"[{POST}]", X_WP_Total="5", X_WP_TotalPages="3")

    stamp = Stamp("2026-03-06T08:05:00Z", datetime(2026, 3, 6, 8, 5, tzinfo=UTC), date(2026, 3, 6), "second", "page")
    assert found == Index(
        POSTS.url, FETCHED,
        (Teaser("https://a.example/bridge-opens/", "Bridge “opens”", stamp, "A long bridge.", external_id="4711"),),
        following=("https://a.example/wp-json/wp/v2/posts?per_page=2&page=2",), total=5)


@pytest.mark.parametrize(("url", "headers", "expected"), [
    (POSTS.url + "&page=2", {"X_WP_TotalPages": "3"}, (POSTS.url + "&page=3",)),
    (POSTS.url + "&page=3", {"X_WP_TotalPages": "3"}, ()),
    (POSTS.url, {"Link": f'<{POSTS.url}&page=2>; rel="next"'}, (POSTS.url + "&page=2",)),
    (POSTS.url, {"Link": '<https://b.example/x>; rel="next"'}, ()),
    (POSTS.url, {"X_WP_TotalPages": "many"}, ()),
])
def test_wordpress_pages_follow_its_totals(url: str, headers: dict[str, str], expected: tuple[str, ...]) -> None:
    """The page after the last is an error there, so it is not asked for."""
    assert posts(f"[{POST}]", url, **headers).following == expected


@pytest.mark.parametrize(("body", "message"), [
    ('{"code": "rest_no_route"}', "rest_no_route where posts should be"),
    ("[[", "no JSON where posts should be"),
    ("[" * 100_000, "no JSON where posts should be"),
])
def test_no_list_of_posts_is_an_error(body: str, message: str) -> None:
    """WordPress says in its own words why."""
    with pytest.raises(ParseError, match=message):
        posts(body)


def test_a_page_where_posts_should_be_is_a_fault() -> None:
    """Many sites close the interface and answer with their home page."""
    assert posts(PAGE).fault == "html where a list of posts should be"


def test_markup_in_json_is_a_listing() -> None:
    """What a "load more" button fetches; the pattern names the piece after it."""
    place = Listing("https://a.example/latest/", pages="https://a.example/more?page={n}")
    markup = '<a href="/news/water-returns-12537"><span>9 March</span><p>Water returns to the lake</p></a>'

    found = index_from(answer(json.dumps({"data": markup}), "https://a.example/more?page=2"), place, SOURCE)

    assert [(teaser.url, teaser.headline, teaser.stamp and teaser.stamp.day) for teaser in found.teasers] == [
        ("https://a.example/news/water-returns-12537", "Water returns to the lake", date(2026, 3, 9))]
    assert found.following == ("https://a.example/more?page=3",)


def test_objects_in_json_are_a_listing() -> None:
    """Address, headline and date under their usual names, and the next piece."""
    story = {"title": "Water returns to the lake", "url": "/news/water-returns-12537"}
    body = {"data": [{**story, "published_at": "2026-03-09 10:00"}], "next_page_url": "/api/news?page=2"}

    found = index_from(answer(json.dumps(body), LISTING.url), LISTING, SOURCE)

    assert [(teaser.url, teaser.headline, teaser.stamp and teaser.stamp.day) for teaser in found.teasers] == [
        ("https://a.example/news/water-returns-12537", "Water returns to the lake", date(2026, 3, 9))]
    assert found.following == ("https://a.example/api/news?page=2",)


def test_objects_without_an_address_stand_in_the_folder_of_the_sources_stories() -> None:
    """Interfaces say a slug; a section says one too, but has no headline."""
    source = Source(key="a", home="https://a.example/", discover=(), story=r"https://a\.example/news/[a-z0-9-]+")
    story = {"title": "Water returns to the lower lake", "slug": "water-returns", "created": 1773000000}
    section = {"title": "Society", "slug": "society"}

    found = index(json.dumps([story, section]), LISTING, source)

    assert [(teaser.url, teaser.stamp and teaser.stamp.day) for teaser in found.teasers] == [
        ("https://a.example/news/water-returns", date(2026, 3, 8))]


@pytest.mark.parametrize("script", [
    '<script id="__NEXT_DATA__" type="application/json">{}</script>',
    "<script>window.__NUXT__=(function(a){{return {{data:[{}],last:a}}}}(null));</script>",
    "<script>var page = {{list: {}}};</script>",
])
def test_stories_that_stand_only_in_a_pages_state_are_a_listing(script: str) -> None:
    stories = [{"title": f"Water returns to the {name} lake", "url": f"/news/water-{name}-12537", "text": "x" * 200}
               for name in ("upper", "lower")]
    page = f"<html><body><ul><li>KGS/USD = 0.01144 0%</li></ul><div id=app></div>{script.format(json.dumps(stories))}"

    found = index(page, LISTING)

    assert [(teaser.url, teaser.headline) for teaser in found.teasers] == [
        ("https://a.example/news/water-upper-12537", "Water returns to the upper lake"),
        ("https://a.example/news/water-lower-12537", "Water returns to the lower lake")]
    assert [quote.label for quote in found.ticker.quotes] == ["KGS/USD"]


def test_the_end_of_the_pieces_is_no_fault() -> None:
    """An empty answer to page 9 is an end; where the listing itself should be, it is a fault."""
    place = Listing("https://a.example/latest/", pages="https://a.example/more?page={n}")

    end = index_from(answer('{"data": ""}', "https://a.example/more?page=9"), place, SOURCE)
    start = index_from(answer('{"error": "no"}', place.url), place, SOURCE)

    assert (end.fault, end.following, start.fault) == (None, (), "json where a page should be")


def test_a_robots_txt_leads_to_its_sitemaps() -> None:
    """The site's own, in the order named."""
    body = ("User-agent: *\nDisallow: /admin/\nSitemap: https://a.example/s1.xml\n sitemap:https://a.example/s2.xml\n"
            "Sitemap: https://b.example/s.xml")

    found = index(body, Sitemap("https://a.example/robots.txt"))

    assert found.following == ("https://a.example/s1.xml", "https://a.example/s2.xml")


@pytest.mark.parametrize(("path", "day"), [("/us/latest/", date(2026, 2, 11)), ("/latest/", date(2025, 11, 2))])
def test_an_editions_own_language_reads_the_dates_of_its_listing(path: str, day: date) -> None:
    """02/11/2026 is 11 February where the month comes first; 2 November would lie after the fetch."""
    source = Source(key="a", home="https://a.example/", discover=(), language="ru",
                    editions=(Edition(r"//[^/]+/us/", "en-US"),))  # fmt: skip
    page = PAGE.replace("</h2></article>", f"</h2><p>02/11/{day.year}</p></article>", 1)

    found = index(page, Listing(f"https://a.example{path}"), source)

    assert [teaser.stamp.day for teaser in found.teasers if teaser.stamp] == [day]


def test_an_english_listing_is_dated_as_its_country_writes_days() -> None:
    """As on the stories themselves: 03/02/2026 is in February where the source is not of the United States."""
    link = "<a href='/bridge-opens-at-last/'>The bridge opens at last</a>"
    source = Source(key="a", home="https://a.example/", discover=(), language="en", country="UZ")

    found = index(f"<article><h2>{link}</h2><time>03/02/2026</time></article>", LISTING, source)

    assert [teaser.stamp and (teaser.stamp.day, teaser.stamp.fault) for teaser in found.teasers] == [
        (date(2026, 2, 3), None)]


def test_a_number_of_the_next_page_in_json_is_no_address() -> None:
    stories = [{"title": "Water returns to the lower lake", "url": "/news/water-returns-12537"}, {"title": 7, "url": 3}]

    found = index(json.dumps({"next": 2, "items": stories}), LISTING)

    assert (urls(found), found.following) == (["https://a.example/news/water-returns-12537"], ())


def test_a_listing_in_a_pages_state_goes_on_where_the_page_says() -> None:
    stories = [{"title": "Water returns to the lower lake", "url": "/news/water-returns-12537", "text": "x" * 400}]
    page = ("<html><head><link rel=next href='/latest/?page=2'></head><body><div id=app></div>"
            f"<script type='application/json'>{json.dumps(stories)}</script>")

    assert index(page, LISTING).following == ("https://a.example/latest/?page=2",)
