"""How much of each feed and sitemap is read, beside the peers that are installed.

    python bench/feeds.py FOLDER

FOLDER holds feeds and sitemaps, in any folders. Columns: entries, entries with a date, entries with a link; for us and
for feedparser, given the same bytes and label; and the links that trafilatura finds and we do not, the feed's own
address aside, where it can be imported (it is no dependency). Ours count as read before a source's own site and
patterns choose among them. A line is marked `!` where a peer has more.
"""

from __future__ import annotations

import html
import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import feedparser

from scraper.dates import stamp_from
from scraper.errors import ParseError
from scraper.listings.feeds import items_from, json_items_from
from scraper.listings.sitemaps import addresses_from, entries_from
from scraper.listings.xmltext import inflated, kind_from, text_from

LABEL = "application/xml"
URL = "https://a.example/feed"
LIMIT = 64 * 1024 * 1024
NOW = datetime.now(UTC)

Counts = tuple[int, int, int]  # entries, dates, links
NOTHING: tuple[Counts, set[str]] = ((0, 0, 0), set())


def ours(body: bytes) -> tuple[Counts, set[str]]:
    """Count what we read, whatever kind it is, and give its addresses; nothing where it is refused."""
    kind = kind_from(body, LABEL)
    try:
        if kind in ("feed", "json"):
            items = (items_from if kind == "feed" else json_items_from)(body, LABEL, URL).items
            dated = [item for item in items if item.read or is_date(item.published)]
            linked = [item.address for item in items if item.address]
            return (len(items), len(dated), len(linked)), set(linked)
    except ParseError:
        return NOTHING
    if kind not in ("sitemap", "addresses"):
        return NOTHING
    found = (entries_from if kind == "sitemap" else addresses_from)(body, LABEL, limit=LIMIT)
    entries = [*found.urls, *found.sitemaps]
    dates = sum(is_date(entry.published or entry.changed) for entry in entries)
    return (len(entries), dates, len(entries)), {entry.address for entry in entries}


def is_date(text: str | None) -> bool:
    return bool(text) and stamp_from(text or "", zone="UTC", fetched=NOW) is not None


def feedparsers(body: bytes) -> tuple[Counts, set[str]]:
    """Count what feedparser reads, with its own date readers, and give the addresses of the feed itself."""
    parsed = feedparser.parse(io.BytesIO(body), response_headers={"content-type": LABEL})
    entries = parsed.entries
    dates = sum(bool(entry.get("published_parsed") or entry.get("updated_parsed")) for entry in entries)
    own = {link.get("href") for link in parsed.feed.get("links", ())}
    return (len(entries), dates, sum(bool(entry.get("link")) for entry in entries)), own


def trafilaturas(body: bytes) -> set[str]:
    """Return the links trafilatura takes from a feed or a sitemap; none where it is not installed."""
    if find_spec("trafilatura") is None:
        return set()
    feeds, sitemaps = import_module("trafilatura.feeds"), import_module("trafilatura.sitemaps")
    text = text_from(b"".join(inflated(body, LIMIT)), LABEL)
    host = "https://example.org"
    links = feeds.find_links(text, feeds.FeedParameters(host, host, host, False, None))
    reader = sitemaps.SitemapObject(host, host, [], None, False)
    reader.content = text
    reader.process()
    return set(map(html.unescape, (*links, *reader.urls, *reader.sitemap_urls)))


def files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def main(folder: Path) -> None:
    print(f"{'':<43}ours  feedparser  only trafilatura")
    behind = count = 0
    for path in files(folder):
        body = path.read_bytes()
        (mine, addresses), (theirs, own) = ours(body), feedparsers(body)
        missed = trafilaturas(body) - addresses - own
        short = bool(missed) or any(a < b for a, b in zip(mine, theirs, strict=True))
        behind, count = behind + short, count + 1
        counts = f"{shown(mine):>10} {shown(theirs):>11}"
        print(f"{'!' if short else ' '} {path.name[:34]:<34} {counts}  {' '.join(sorted(missed))}")
    print(f"{count} files, {behind} with less than a peer")


def shown(counts: Counts) -> str:
    return "/".join(map(str, counts))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    for argument in sys.argv[1:]:
        main(Path(argument))
