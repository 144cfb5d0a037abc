"""A listing, feed or sitemap in, its story links out. No network, no disk, no clock.

    index_from ─┬─ Feed ─────── xmltext ── feeds
                ├─ Sitemap ──── xmltext ── sitemaps (or a feed, a plain list, a robots.txt)
                ├─ WordPress ── wordpress
                └─ Listing ──── document, or fragments ── links ─┬─ listing ─┬─ storyurls   which links are stories
                                                                 │           └─ unlinked
                                                                 ├─ cards                   headline, stamp, excerpt
                                                                 └─ pagination              the next page
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from selectolax.lexbor import SelectolaxError

from scraper.charsets import decoded
from scraper.dates import stamp_from
from scraper.document import Document, document_from_text, page_text
from scraper.errors import ParseError
from scraper.limits import Limits
from scraper.listings.cards import teasers_from
from scraper.listings.feeds import Item, items_from, json_items_from
from scraper.listings.fragments import fragment_from, stories_in_state
from scraper.listings.links import MAX_LINKS, sheet_from
from scraper.listings.listing import story_targets
from scraper.listings.pagination import next_page
from scraper.listings.sitemaps import Entry, addresses_from, entries_from, sitemaps_named
from scraper.listings.storyurls import NO_STORY, address_score
from scraper.listings.wordpress import Post, posts_from
from scraper.listings.xmltext import Kind, kind_from, text_from
from scraper.records import Index, Response, Stamp, Teaser
from scraper.source import Feed, Listing, Place, Sitemap, Source, WordPress
from scraper.text import squeezed
from scraper.urls import absolute, edition_language, external_id, is_story, normalised, numbered, same_site, split
from scraper.widgets import ticker_of_page

_EXCERPT: Final = 2_000  # characters of a feed's summary that are kept
_MARKUP: Final = 20_000  # characters of a feed's summary that are read
_ROBOTS: Final = 512 * 1024  # bytes of a robots.txt that are read (RFC 9309, 2.5)
_MISFITS: Final = 3  # stories shown, none of which fits, before that is said
_N: Final = "987654321"  # stands for {n} while an address is made absolute
_LINK = re.compile(r"<a\s", re.IGNORECASE)
_IS_MARKUP = re.compile(r"<[a-zA-Z!/]|&[#\w]{2,10};")


def index_from(response: Response, place: Place, source: Source) -> Index:
    """Read what one of a source's places answered.

    Teasers are on the source's site, match its patterns, and stand once, under their normalised address.
    What is not what its place says brings no teasers and a fault; what is cut or damaged brings what is
    whole, and a fault.

    Raises:
        ParseError: the body cannot be read at all.
    """
    kind = kind_from(response.body, response.header("content-type"))
    match place:
        case Listing():
            return _listing_index(response, kind, place, source)
        case WordPress():
            return _wordpress_index(response, kind, source)
        case Feed():
            return _feed_index(response, kind, source)
        case Sitemap():
            return _sitemap_index(response, kind, source)


def _listing_index(response: Response, kind: Kind, place: Listing, source: Source) -> Index:
    content_type = response.header("content-type")
    if kind == "nothing" and response.asked != place.url:
        return Index(response.url, response.fetched)  # where a "load more" has no more
    if kind in ("feed", "sitemap", "nothing"):
        return _fault(response, kind, "page")
    if kind != "json":
        markup = _of_readable_length(decoded(response.body, content_type)[0])
        return _page_index(response, document_from_text(markup, response.url), place, source)
    fragment = fragment_from(response.body, content_type, response.url, source)
    if not fragment.markup and response.asked == place.url:
        return _fault(response, kind, "page")
    return _page_index(response, document_from_text(fragment.markup, response.url), place, source, fragment.following)


def _of_readable_length(markup: str) -> str:
    """Return a page up to the last link that is read: a tree of a million takes 500 MB."""
    surplus = next(islice(_LINK.finditer(markup), MAX_LINKS + 1, None), None)
    return markup[: surplus.start()] if surplus else markup


def _page_index(response: Response, document: Document, place: Listing, source: Source, named: str | None = None
                ) -> Index:
    sheet = sheet_from(document)
    targets = story_targets(document, sheet, _judge(source, _selected(document, place, source)), source.drop_query)
    teasers = teasers_from(
        sheet, targets, zone=source.timezone, fetched=response.fetched, language=_language(response, source)
    )
    if not teasers and (told := stories_in_state(document, source)):
        named = named or next_page(document, sheet.links)
        index = _page_index(response, document_from_text(told, response.url), place, source, named)
        return replace(index, ticker=ticker_of_page(document, source.widgets))
    following = _numbered_page(response, place) if place.pages else named or next_page(document, sheet.links)
    passed_over = 0 if teasers or source.story is None or response.asked != place.url else len(
        story_targets(document, sheet, lambda url: None if same_site(url, source) else False, source.drop_query))
    return Index(
        url=response.url, fetched=response.fetched,
        teasers=tuple(replace(teaser, external_id=external_id(teaser.url, source)) for teaser in teasers),
        following=_on_site(_leading([following] if following else [], teasers), response, source),
        ticker=ticker_of_page(document, source.widgets),
        fault=f"more than {len(sheet.links)} links, the rest not read" if sheet.cut else _misfit(passed_over),
    )


def _leading(following: list[str], teasers: tuple[Teaser, ...]) -> list[str]:
    """Leave out what leads to a story, whose headline may say "more" as well; without stories nothing leads on."""
    stories = {teaser.url for teaser in teasers}
    return [url for url in following if stories and normalised(url) not in stories]


def _misfit(passed_over: int) -> str | None:
    """Return what to say where so many stories are shown and the source's patterns take none: they dropped them all."""
    return f"none of {passed_over} stories shown fits the source's patterns" if passed_over >= _MISFITS else None


def _judge(source: Source, selected: frozenset[str] | None) -> Callable[[str], bool | None]:
    """Return what says of an address whether it is a story; None where only the page's structure can."""

    def wanted(url: str) -> bool | None:
        if not is_story(url, source) or (selected is not None and url not in selected):
            return False
        return True if source.story is not None or selected is not None else None

    return wanted


def _selected(document: Document, place: Listing, source: Source) -> frozenset[str] | None:
    """Return the addresses a place's selector finds, None without one or where it finds none: it only sharpens."""
    if place.links is None:
        return None
    try:
        nodes = document.tree.css(place.links)
    except SelectolaxError as error:
        raise ParseError(f"{place.links!r} is no CSS selector", document.url) from error
    links = (link for node in nodes for link in ([node] if node.tag == "a" else node.css("a[href]")))
    addresses = (absolute(link.attributes.get("href") or "", document.base) for link in links)
    return frozenset(normalised(address, source.drop_query) for address in addresses if address) or None


def _numbered_page(response: Response, place: Listing) -> str | None:
    """Return the page after this one by the place's own pattern, which knows better than the page."""
    pattern = numbered(place, _N)
    if pattern is None:
        return None
    match = re.fullmatch(re.escape(pattern).replace(_N, r"(\d{1,7})"), response.asked)
    if match is None and normalised(response.asked) != normalised(place.url):
        return None
    return pattern.replace(_N, str(int(match[1]) + 1 if match else 2))


def _feed_index(response: Response, kind: Kind, source: Source) -> Index:
    content_type = response.header("content-type")
    if kind == "json":
        items = json_items_from(response.body, content_type, response.url)
    elif kind == "feed":
        items = items_from(response.body, content_type, response.url)
    else:
        return _fault(response, kind, "feed")
    index = _index(
        response, source, ((item.address, _feed_teaser(item, response, source)) for item in items.items),
        [items.following] if items.following else [], items.fault,
    )
    if index.teasers or items.fault or source.story is None:
        return index
    addresses = (absolute(item.address, response.url) for item in items.items if item.address)
    return replace(index, fault=_misfit(sum(1 for url in addresses if url and same_site(url, source))))


def _feed_teaser(item: Item, response: Response, source: Source) -> Teaser:
    stamp = _stamp(item.published, response, source)
    if stamp is None and item.read is not None:
        day = item.read.astimezone(ZoneInfo(source.timezone)).date()
        stamp = Stamp(item.published or "", item.read, day, "second", "page")
    return Teaser(
        url="", headline=_plain(item.title), stamp=stamp, excerpt=_plain(item.summary), external_id=item.number
    )


def _wordpress_index(response: Response, kind: Kind, source: Source) -> Index:
    if kind != "json":
        return _fault(response, kind, "list of posts")
    found = posts_from(response)
    index = _index(
        response, source, ((post.address, _post_teaser(post, response, source)) for post in found.posts),
        [found.following] if found.following else [], None,
    )
    return replace(index, total=found.total)


def _post_teaser(post: Post, response: Response, source: Source) -> Teaser:
    stamp = _stamp(post.published, response, source)
    return Teaser(
        url="", headline=_plain(post.title), stamp=stamp, excerpt=_plain(post.excerpt), external_id=post.number or None,
        changed=_utc(post.changed),
    )


def _utc(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None
    except ValueError:
        return None


def _sitemap_index(response: Response, kind: Kind, source: Source) -> Index:
    body, content_type = response.body, response.header("content-type")
    limit = int(source.limits.get("sitemap_bytes", Limits().sitemap_bytes))
    if kind == "feed":
        return _feed_index(response, kind, source)  # sitemaps.org takes feeds for sitemaps
    if kind == "something else" and (named := sitemaps_named(text_from(body[:_ROBOTS], content_type))):
        return _index(response, source, (), named, None)
    if kind == "something else" and response.asked.endswith("/robots.txt"):
        return Index(response.url, response.fetched)  # it names none
    if kind not in ("sitemap", "addresses"):
        return _fault(response, kind, "sitemap")
    found = (entries_from if kind == "sitemap" else addresses_from)(body, content_type, limit=limit)
    index = _index(
        response, source,
        ((entry.address, _sitemap_teaser(entry, response, source)) for entry in _of_stories(found.urls, source)),
        [entry.address for entry in _newest_first(found.sitemaps)], found.fault,
    )
    stamps = {absolute(each.address, response.url): _stamp(each.changed, response, source) for each in found.sitemaps}
    return replace(index, changed=tuple(stamp.day if (stamp := stamps[url]) else None for url in index.following))


def _of_stories(entries: list[Entry], source: Source) -> list[Entry]:
    """Leave out the sections, tags and services a sitemap lists, by their addresses; all of them look so on no site."""
    if source.story is not None:
        return entries
    return [entry for entry in entries if split(entry.address) and address_score(entry.address) > NO_STORY] or entries


def _sitemap_teaser(entry: Entry, response: Response, source: Source) -> Teaser:
    stamp = _stamp(entry.published or entry.changed, response, source)
    updated = stamp is not None and entry.published is None
    return Teaser(url="", headline=_plain(entry.title), stamp=stamp, updated=updated)


def _newest_first(sitemaps: list[Entry]) -> list[Entry]:
    """Return the sitemaps of an index, those changed last first: a budget may end the walk."""
    return sorted(sitemaps, key=lambda entry: entry.changed or "", reverse=True)


def _index(response: Response, source: Source, found: Iterable[tuple[str | None, Teaser]], following: Iterable[str],
           fault: str | None) -> Index:
    teasers: dict[str, Teaser] = {}
    for printed, teaser in found:
        address = absolute(printed, response.url) if printed else None
        url = normalised(address, source.drop_query) if address else ""
        if url and url not in teasers and is_story(url, source):
            teasers[url] = replace(teaser, url=url, external_id=external_id(url, source) or teaser.external_id)
    pages = _on_site(following, response, source)
    return Index(response.url, response.fetched, tuple(teasers.values()), pages, fault=fault)


def _on_site(found: Iterable[str], response: Response, source: Source) -> tuple[str, ...]:
    """Return the addresses of `found` on the source's site, each once, this page's own left out."""
    addresses = (absolute(each, response.url) for each in found)
    kept = dict.fromkeys(address for address in addresses if address and same_site(address, source))
    return tuple(address for address in kept if address not in (response.url, response.asked))


def _stamp(text: str | None, response: Response, source: Source) -> Stamp | None:
    if not text:
        return None
    return stamp_from(text, zone=source.timezone, fetched=response.fetched, language=_language(response, source))


def _language(response: Response, source: Source) -> str | None:
    """Return the language a listing's dates are read in: its edition's, or the source's own."""
    language = edition_language(response.url, source) or source.language
    return f"en-{source.country}" if language == "en" and source.country else language  # as its stories' dates are


def _plain(text: str | None) -> str | None:
    """Return the text of what may be markup, on one line, at most 2,000 characters; scripts are left out."""
    if text and _IS_MARKUP.search(text[:_MARKUP]):
        text = page_text(document_from_text(text[:_MARKUP], ""))
    return squeezed(text or "")[:_EXCERPT] or None


def _fault(response: Response, kind: Kind, wanted: str) -> Index:
    return Index(response.url, response.fetched, fault=f"{kind} where a {wanted} should be")
