"""`new-source` looks at an invented site over loopback; the guide to adding a source is tried word by word."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ceilings import HANG_S
from newsroom import FILLER, listing_page, story_page
from scraper.config import source_from
from scraper.drafting import Draft, source_file
from scraper.prospect import (
    Finding,
    FrontPage,
    Prospect,
    front_page_from,
    prospects,
    story_pattern,
    zone_from,
)
from scraper.records import Response
from scraper.source import Feed, Listing, Sitemap, WordPress
from servers import Site, answer

GUIDE = Path(__file__).parent.parent / "docs" / "adding-a-source.md"
SETTINGS = 'allow_private = ["127.0.0.1"]\n[limits]\ngap_s = 0\nretry_wait_s = 0.01\n'
STORIES = {"/bridge-opens-again": "Bridge opens again after the flood", "/ferry-goes-on": "Ferry goes on all winter"}
HEAD = '<head><meta property="og:site_name" content="The Herald">{}</head><body>'


def feed(site: Site) -> bytes:
    """Return an RSS feed of the site's stories."""
    items = "".join(
        f"<item><title>{headline}</title><link>{site.url(path)}</link><description>{FILLER}</description>"
        "<pubDate>Sun, 01 Mar 2026 09:30:00 +0600</pubDate></item>"
        for path, headline in STORIES.items()
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Herald</title>{items}</channel></rss>'.encode()


def sitemap(site: Site) -> bytes:
    """Return a sitemap of the site's stories."""
    entries = "".join(f"<url><loc>{site.url(path)}</loc></url>" for path in STORIES)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'.encode()


def posts(site: Site) -> bytes:
    """Return WordPress' list of the site's stories."""
    return json.dumps([
        {"id": number, "link": site.url(path), "date_gmt": "2026-03-01T03:30:00", "title": {"rendered": headline}}
        for number, (path, headline) in enumerate(STORIES.items(), 1)
    ]).encode()  # fmt: skip


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Yield a site whose page names a feed, and a folder's settings that let it be dialled."""
    (tmp_path / "scraper.toml").write_text(SETTINGS, "utf-8")
    with Site() as site:
        link = HEAD.format('<link rel="alternate" type="application/rss+xml" href="/rss">')
        site.answers["/latest"] = answer(listing_page(STORIES.items()).replace(b"<body>", link.encode()))
        site.answers["/rss"] = answer(feed(site), Content_Type="application/rss+xml")
        for path, headline in STORIES.items():
            site.answers[path] = answer(story_page(headline, "Word of it spread early on."))
        yield site


def ran(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Run `scraper` in a folder and return what it printed."""
    return subprocess.run(
        [sys.executable, "-m", "scraper", *args], cwd=folder, text=True, capture_output=True, timeout=HANG_S,
        check=False,
    )  # fmt: skip


def test_a_new_source_declares_every_way_that_brought_stories(site: Site, tmp_path: Path) -> None:
    site.answers["/robots.txt"] = answer(f"Sitemap: {site.url('/map.xml')}\n".encode(), Content_Type="text/plain")
    site.answers["/map.xml"] = answer(sitemap(site), Content_Type="application/xml")
    site.answers["/wp-json/wp/v2/posts?per_page=50"] = answer(posts(site), Content_Type="application/json")

    process = ran(tmp_path, "new-source", "herald", site.url("/latest"))

    source = source_from(tmp_path / "sources.d" / "herald.toml")
    assert (process.returncode, source.home, source.name, source.language) == (0, site.url("/"), "The Herald", "en")
    assert source.discover == (
        Feed(site.url("/rss")), WordPress(site.url("/wp-json/wp/v2/posts?per_page=50")), Sitemap(site.url("/map.xml")),
        Listing(site.url("/latest")),
    )  # fmt: skip
    assert f"feed        {site.url('/rss')}  2 stories, 2 dated; named in the page's head" in process.stdout
    assert "headline 'Bridge opens again after the flood' [structure]" in process.stdout


def test_what_brought_nothing_is_said_and_left_out(site: Site, tmp_path: Path) -> None:
    site.answers["/sitemap.xml"] = answer(listing_page(STORIES.items()))

    process = ran(tmp_path, "new-source", "herald", site.url("/latest"), "--output", "herald.toml")

    assert process.returncode == 0
    assert source_from(tmp_path / "herald.toml").discover == (Feed(site.url("/rss")), Listing(site.url("/latest")))
    written = (tmp_path / "herald.toml").read_text("utf-8")
    assert f"# no use: sitemap {site.url('/sitemap.xml')} (html where a sitemap should be)" in written
    assert "# no use: wordpress" in written


def test_an_index_of_sitemaps_is_followed_to_its_stories(site: Site, tmp_path: Path) -> None:
    inner = f"<sitemapindex><sitemap><loc>{site.url('/stories.xml')}</loc></sitemap></sitemapindex>"
    site.answers["/sitemap.xml"] = answer(inner.encode(), Content_Type="application/xml")
    site.answers["/stories.xml"] = answer(sitemap(site), Content_Type="application/xml")

    ran(tmp_path, "new-source", "herald", site.url("/latest"))

    assert Sitemap(site.url("/sitemap.xml")) in source_from(tmp_path / "sources.d" / "herald.toml").discover


def test_robots_txt_is_obeyed_while_looking(site: Site, tmp_path: Path) -> None:
    rules = b"User-agent: *\nDisallow: /rss\nDisallow: /wp-json/\n"
    site.answers["/robots.txt"] = answer(rules, Content_Type="text/plain")

    ran(tmp_path, "new-source", "herald", site.url("/latest"))

    assert not [path for path in site.paths if path.startswith(("/rss", "/wp-json"))]
    assert source_from(tmp_path / "sources.d" / "herald.toml").discover == (Listing(site.url("/latest")),)


@pytest.mark.parametrize(
    ("name", "path", "code", "message"),
    [
        ("taken", "/latest", 2, "is there already; it is not overwritten"),
        ("timesca", "/latest", 2, "'timesca' is a built-in source"),
        ("The Herald", "/latest", 2, "is no key"),
        ("herald", "/empty", 1, "no stories found; give the address of a page that lists some"),
        ("herald", "/gone", 1, "404"),
    ],
)
def test_nothing_is_written_where_nothing_can_be(
    site: Site, tmp_path: Path, name: str, path: str, code: int, message: str
) -> None:
    site.answers["/empty"] = answer(b"<p>Soon.</p>")
    site.answers.pop("/rss")
    taken = tmp_path / "sources.d" / "taken.toml"
    taken.parent.mkdir()
    taken.write_text('key = "taken"\n', "utf-8")

    process = ran(tmp_path, "new-source", name, site.url(path))

    assert (process.returncode, message in process.stderr) == (code, True)
    assert [*taken.parent.iterdir()] == [taken]
    assert taken.read_text("utf-8") == 'key = "taken"\n'


@pytest.mark.parametrize("url", ["herald.example", "notes", "ftp://herald.example/", "https://"])
def test_an_address_that_is_not_whole_is_a_mistake_of_use(tmp_path: Path, url: str) -> None:
    process = ran(tmp_path, "new-source", "herald", url)

    assert process.returncode == 2
    assert f"{url!r} is no address; give it whole, as a browser shows it: https://..." in process.stderr
    assert [*tmp_path.iterdir()] == []


def test_the_guide_to_adding_a_source_does_what_it_says(site: Site, tmp_path: Path) -> None:
    """Each command as printed, on a site that is in no catalogue."""
    escaped = re.escape(site.url(""))
    guide = GUIDE.read_text("utf-8").replace("https://herald.example", site.url(""))
    guide = guide.replace(r"https://herald\.example", escaped)
    commands = re.findall(r"^    scraper (.+)$", guide, re.MULTILINE)
    printed = re.findall(r"^\S+ = .+|^  \{ .+|^\]|^# story = .+", guide[: guide.index("**2.")], re.MULTILINE)

    codes = [ran(tmp_path, *shlex.split(command)).returncode for command in commands]

    written = (tmp_path / "sources.d" / "herald.toml").read_text("utf-8")
    assert codes == [0] * 4
    assert [line for line in printed if line not in written] == []
    assert len(guide.splitlines()) <= 60


def front(html: str) -> FrontPage:
    """Return what a page says of its site."""
    url = "https://herald.example/latest"
    return front_page_from(Response(url, url, 200, (), html.encode(), datetime(2026, 3, 2, tzinfo=UTC)))


def test_a_page_names_its_site_its_feeds_and_its_engine() -> None:
    links = (
        '<link rel="alternate" type="application/rss+xml" href="/feed/">'
        '<link rel="alternate" hreflang="ru" href="/ru/">'
        '<link rel="alternate" type="application/rss+xml" href="/comments/feed/">'
        '<link rel="https://api.w.org/" href="https://herald.example/?rest_route=/">'
        '<script type="application/ld+json">{"@type": "WebSite"}</script>'
    )

    assert front(HEAD.format(links)) == FrontPage(
        "https://herald.example/latest", "The Herald", ("https://herald.example/feed/",), (),
        "https://herald.example/?rest_route=/wp/v2/posts&per_page=50", ("WebSite",),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("<title>Latest news | The Herald</title>", "The Herald"),
        ("<title>Herald</title>", "Herald"),
        ("", "herald.example"),
    ],
)
def test_a_page_without_a_site_name_is_named_by_its_title_or_host(head: str, name: str) -> None:
    assert front(head).name == name


def test_usual_places_come_after_those_the_site_names() -> None:
    url = "https://herald.example/latest"
    silent, telling = FrontPage(url, "Herald"), FrontPage(url, "Herald", ("https://herald.example/all.xml",))

    tried = [each.place.url for each in prospects(silent, ())]
    named = [each.place.url for each in prospects(telling, ("https://herald.example/news-map.xml",))]

    posts = "https://herald.example/wp-json/wp/v2/posts?per_page=50"
    root = "https://herald.example"
    feeds = [f"{root}{path}" for path in ("/feed/", "/rss", "/rss.xml", "/feed.xml", "/atom.xml")]
    maps = [f"{root}/sitemap.xml", f"{root}/sitemap_index.xml"]
    assert tried == [*feeds, posts, *maps, url]
    assert named == [f"{root}/all.xml", *feeds, posts, f"{root}/news-map.xml", *maps, url]


def test_a_link_to_a_feed_is_as_good_as_a_name_in_the_head() -> None:
    links = '<a href="/rss">RSS</a><a href="https://other.example/rss">theirs</a><a href="/rss-explained">?</a>'

    seen = front(HEAD.format('<link rel="alternate" type="application/rss+xml" href="/feed/">') + links)

    assert (seen.feeds, seen.linked) == (("https://herald.example/feed/",), ("https://herald.example/rss",))


def test_a_usual_place_is_spared_once_another_of_its_kind_shows_stories(site: Site, tmp_path: Path) -> None:
    """The feed the page names is empty: /feed/ is asked, then /rss; then no other feed."""
    link = HEAD.format('<link rel="alternate" type="application/rss+xml" href="/old.xml">')
    site.answers["/latest"] = answer(listing_page(STORIES.items()).replace(b"<body>", link.encode()))
    site.answers["/sitemap_index.xml"] = answer(sitemap(site), Content_Type="application/xml")

    ran(tmp_path, "new-source", "herald", site.url("/latest"))

    asked = [path for path in site.paths if path.endswith(("xml", "rss", "feed/"))]
    assert asked == ["/old.xml", "/feed/", "/rss", "/sitemap.xml", "/sitemap_index.xml"]
    assert source_from(tmp_path / "sources.d" / "herald.toml").discover == (
        Feed(site.url("/rss")), Sitemap(site.url("/sitemap_index.xml")), Listing(site.url("/latest")))


@pytest.mark.parametrize(
    ("paths", "pattern"),
    [
        (["/news/12-a-b", "/news/13-c"], r"https://a\.example/news/\d+-[^/?#]+/?"),
        (["/a-b-125372", "/c-d-125373/"], r"https://a\.example/[^/?#]+-\d+/?"),
        (["/2026/03/01/a", "/2026/02/11/b-c/"], None),
        (["/2026/03/01/a-b", "/2026/02/11/b-c/"], r"https://a\.example/\d{4}/\d{2}/\d{2}/[^/?#-]+-[^/?#]+/?"),
        (["/sport/a/123.html", "/city/b/124.html"], r"https://a\.example/[^/?#]+/[^/?#]+/\d+\.html/?"),
        (["/a-b", "/c-d"], r"https://a\.example/[^/?#-]+-[^/?#]+/?"),
        (["/about", "/news"], None),
        (["/?id=1", "/?id=2"], None),
        ([], None),
    ],
)
def test_a_pattern_is_as_narrow_as_the_addresses_allow(paths: list[str], pattern: str | None) -> None:
    stories = [f"https://a.example{path}" for path in paths]

    found = story_pattern(stories)

    assert found == pattern
    assert found is None or all(re.fullmatch(found, story) for story in stories)


def test_one_stray_address_does_not_spoil_a_pattern() -> None:
    stories = [f"https://a.example/news/{number}-words" for number in range(20)]

    assert story_pattern([*stories, "https://a.example/promo"]) == r"https://a\.example/news/\d+-[^/?#]+/?"


def test_a_countrys_domain_suggests_its_zone() -> None:
    assert [zone_from(f"https://herald.{end}/") for end in ("kz", "uz", "example")] == [
        "Asia/Almaty", "Asia/Tashkent", None,
    ]  # fmt: skip


def test_whatever_a_site_calls_itself_its_file_can_be_read(tmp_path: Path) -> None:
    name = 'The "Herald" \\ of\n# key = "other" \u2028 it\'s'
    place = Listing("https://herald.example/latest?a='b'")
    finding = Finding(Prospect(place, "the page given"), ("https://herald.example/it's-here",))
    draft = Draft("herald", FrontPage("https://herald.example/latest", name), (finding,), None, date(2026, 3, 2))
    path = tmp_path / "herald.toml"

    path.write_text(source_file(draft), "utf-8")

    source = source_from(path)
    assert (source.key, source.discover) == ("herald", (place,))
    assert source.name == 'The "Herald" \\ of # key = "other" it\'s'
