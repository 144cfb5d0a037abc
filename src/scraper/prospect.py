"""A site's front page and addresses in, what a source of it could declare out. No network, no disk, no clock."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from scraper.document import Document, document_from
from scraper.records import Response
from scraper.source import Feed, Listing, Place, Sitemap, WordPress
from scraper.urls import absolute, host, origin

# Where engines keep them; asked one by one, and only where what the site itself names brings no story.
_USUAL_FEEDS = ("/feed/", "/rss", "/rss.xml", "/feed.xml", "/atom.xml")
_USUAL_SITEMAPS = ("/sitemap.xml", "/sitemap_index.xml")
_TRIED = "tried"
_POSTS = "wp/v2/posts"
_FEED_TYPES = ", ".join(f'link[rel~="alternate"][type*="{kind}"]' for kind in ("rss", "atom", "feed+json"))
_ZONES = {
    "kg": "Asia/Bishkek", "kz": "Asia/Almaty", "tj": "Asia/Dushanbe", "tm": "Asia/Ashgabat", "uz": "Asia/Tashkent",
}  # fmt: skip
_LINKED_FEED = re.compile(r"/(?:rss|feed|atom)(?:\.xml)?/?$", re.IGNORECASE)
_FEEDS = 3  # of those a page names; the first are the site's, then come sections and comments
_MOST = 0.9  # of the stories found that a pattern must match


@dataclass(frozen=True, slots=True)
class FrontPage:
    """What the page one was pointed to says of its site; `posts` is WordPress' list of posts, where it is named."""

    url: str
    name: str
    feeds: tuple[str, ...] = ()
    linked: tuple[str, ...] = ()  # addresses it links to that look like a feed's
    posts: str | None = None
    script_data: tuple[str, ...] = ()  # schema.org types


@dataclass(frozen=True, slots=True)
class Prospect:
    """A place to look at, and why there."""

    place: Place
    why: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a place holds: its stories, how many of them are dated, or why it is of no use."""

    prospect: Prospect
    stories: tuple[str, ...] = ()
    dated: int = 0
    fault: str | None = None


def front_page_from(response: Response) -> FrontPage:
    """Read what a page says of its site.

    Raises:
        ParseError: the page cannot be read at all.
    """
    document = document_from(response.body, response.header("content-type"), response.url)
    found = (absolute(node.attributes.get("href") or "", document.base) for node in document.tree.css(_FEED_TYPES))
    feeds = tuple(dict.fromkeys(feed for feed in found if feed and "comment" not in feed))
    kinds = dict.fromkeys(str(data.get("@type")) for data in document.json_ld if data.get("@type"))
    linked = tuple(feed for feed in _linked_feeds(document) if feed not in feeds)
    return FrontPage(response.url, _name(document), feeds[:_FEEDS], linked[:_FEEDS], _posts(document), tuple(kinds))


def _linked_feeds(document: Document) -> Iterable[str]:
    """Return the addresses of the page's own host that its links lead to and that look like a feed's."""
    links = (absolute(node.attributes.get("href") or "", document.base) for node in document.tree.css("a[href]"))
    return dict.fromkeys(url for url in links if url and host(url) == host(document.url)
                         and _LINKED_FEED.search(urlsplit(url).path))


def _name(document: Document) -> str:
    names = document.meta.get("og:site_name", ())
    return next(filter(None, names), "") or re.split(r"\s[|–—-]\s", document.title)[-1] or host(document.url)


def _posts(document: Document) -> str | None:
    root = next(iter(document.links.get("https://api.w.org/", ())), None)
    address = absolute(root, document.base) if root else None
    return _posts_below(address) if address else None


def _posts_below(root: str) -> str:
    # without pretty addresses the interface is https://a.example/?rest_route=/
    return f"{root}{_POSTS}{'&' if '?' in root else '?'}per_page=50"


def prospects(front: FrontPage, sitemaps: Iterable[str]) -> tuple[Prospect, ...]:
    """Return the places to look at, the cheapest way to stories first; `sitemaps` are those robots.txt names."""

    def usual(paths: Iterable[str], named: Sequence[str]) -> list[str]:
        return [url for path in paths if (url := urljoin(front.url, path)) not in named]

    feeds, maps = (*front.feeds, *front.linked), tuple(sitemaps)
    found = [Prospect(Feed(url), "named in the page's head") for url in front.feeds]
    found += [Prospect(Feed(url), "linked from the page") for url in front.linked]
    found += [Prospect(Feed(url), _TRIED) for url in usual(_USUAL_FEEDS, feeds)]
    posts = front.posts or _posts_below(urljoin(front.url, "/wp-json/"))
    found.append(Prospect(WordPress(posts), "named in the page's head" if front.posts else _TRIED))
    found += [Prospect(Sitemap(url), "named in robots.txt") for url in maps]
    found += [Prospect(Sitemap(url), _TRIED) for url in usual(_USUAL_SITEMAPS, maps)]
    return (*found, Prospect(Listing(front.url), "the page given"))


def is_spared(prospect: Prospect, findings: Iterable[Finding]) -> bool:
    """Tell whether a place that the site does not name need not be asked: another of its kind has brought stories."""
    kind = type(prospect.place)
    return prospect.why == _TRIED and any(each.stories and isinstance(each.prospect.place, kind) for each in findings)


def country_of(url: str) -> str | None:
    """Return the country of ours a domain belongs to, as the folder of its sources is called; None for any other."""
    ending = host(url).rpartition(".")[2]
    return ending if ending in _ZONES else None


def zone_from(url: str) -> str | None:
    """Return the time zone a country's domain suggests; None where it suggests none."""
    return _ZONES.get(host(url).rpartition(".")[2])


def story_pattern(stories: Sequence[str]) -> str | None:
    """Return the narrowest pattern that nine of ten addresses match; None where they have too little in common."""
    for shaped in (_shape, _open_shape):
        shapes = Counter(filter(None, map(shaped, stories)))
        for shape, count in shapes.most_common(1):
            if count >= _MOST * len(stories):
                return shape
    return None


def _shape(url: str, *, folders: bool = True) -> str | None:
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    if parts.query or not segments:
        return None
    *above, last = segments
    shaped = [_folder(segment) if folders or segment.isdigit() else "[^/?#]+" for segment in above]
    slug = _slug(last, alone=not above)
    return "/".join([re.escape(origin(url)), *shaped, slug]) + "/?" if slug else None


def _open_shape(url: str) -> str | None:
    return _shape(url, folders=False)


def _folder(segment: str) -> str:
    return rf"\d{{{len(segment)}}}" if segment.isdigit() else re.escape(segment)


def _slug(segment: str, *, alone: bool) -> str | None:
    """Return what a story's last segment looks like; None for one that could be any page's."""
    stem, dot, ending = segment.rpartition(".")
    if dot and ending.isalnum() and len(ending) <= 5:
        slug = _slug(stem, alone=False)
        return rf"{slug}\.{re.escape(ending)}" if slug else None
    if segment.isdigit():
        return r"\d+"
    if numbered := re.match(r"\d+([-_])", segment):
        return rf"\d+{numbered[1]}[^/?#]+"
    if numbered := re.search(r"([-_])\d{3,}$", segment):
        return rf"[^/?#]+{numbered[1]}\d+"
    if "-" in segment:
        return r"[^/?#-]+-[^/?#]+"
    return None if alone else "[^/?#]+"
