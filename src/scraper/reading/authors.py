"""Who wrote it: names out of script data, meta and the byline on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scraper.document import Document
from scraper.reading.bylines import beside_stamp, marked, signed
from scraper.reading.headline import site_names
from scraper.reading.metadata import plain, section_from, tags_from, types
from scraper.reading.outline import Outline
from scraper.reading.persons import looks_named, names_in
from scraper.reading.stamped import Place
from scraper.reading.titled import titled_authors, titled_from
from scraper.scriptdata import Json
from scraper.text import folded, squeezed

_META = (
    "citation_author", "author", "article:author", "parsely-author", "dc.creator", "dcterms.creator", "sailthru.author",
    "article:author_name", "cxenseparse:author", "og:article:author", "dc.contributor", "article.author",
    "byl",
)  # fmt: skip
_LAST_FIRST = ("dc.creator", "dcterms.creator", "citation_author", "dc.contributor")
_STAFF = re.compile(r"\s(?:staff|editors?|desk|newsroom|team|editorial(?: team)?)$")
_LINKED = "a[rel~=author], [itemprop~=author], a[href*='/author']"
_MOST_LINKS, _MOST_NAMED = 40, 2  # links to authors that are looked at, and the names they may lead to
_NEAR = 8  # lines around the headline in which one that only its address tells stands
_OWNERS = ("copyright", "publisher", "dc.publisher", "dc.rights")
_NOTICE = 80  # characters of a line that says whose the page is
_OWNED = re.compile(r"copyright|\(c\)|©|\d+|all rights reserved|[.,\s–-]+")
_LAST_NAME_FIRST = re.compile(r"^([^,]{2,30}), ([^,]{2,30})$")


@dataclass(frozen=True, slots=True)
class Authors:
    """Names, the byline as printed, where the names came from and how sure they are."""

    names: tuple[str, ...]
    byline: str | None
    source: str
    sure: float


def authors_from(document: Document, data: Json, outline: Outline, place: Place) -> Authors:
    """Return the story's authors: of script data, meta and the page the first that names any; the site itself last."""
    sites = site_names(document, data) | _owners(document)
    shown = marked(outline, place) or signed(outline, place)
    found = [
        Authors(tuple(dict.fromkeys(named)), shown[0] if shown else None, source, sure)
        for named, source, sure in (
            (_names_in_data(document, data), "json-ld", 0.95),
            (_names_in_meta(document, sites), "meta", 0.85),
            (shown[1] if shown else [], "structure", 0.7),
        )
        if named
    ]
    if _is_published_as(data, "Organization"):
        sites = set()
    persons = (each for each in found if {_STAFF.sub("", folded(name)) for name in each.names} - sites)
    return next(persons, found[0] if found else _looked(document, data, outline, place, shown[0] if shown else None))


def _owners(document: Document) -> set[str]:
    """Return whom the page names as its publisher or the owner of its text, folded."""
    texts = (text for key in _OWNERS for text in document.meta.get(key, ())[:1] if len(text) <= _NOTICE)
    return {name for text in texts if (name := _OWNED.sub(" ", folded(text)).strip())}


def _looked(document: Document, data: Json, outline: Outline, place: Place, byline: str | None) -> Authors:
    """Return who only looks like the author: the least that a page may say of one."""
    linked = _linked(document, outline, place)
    if linked:
        return Authors(tuple(linked), byline, "structure", 0.5)
    section, (tags, _) = section_from(document, data, outline, -1), tags_from(document, data)
    topics = {folded(text) for text in (*tags, section.value if section else "")} | site_names(document, data)
    found = beside_stamp(outline, place, topics)
    if found is not None:
        return Authors(tuple(found[1]), found[0], "structure", 0.4)
    named = titled_authors(titled_from(document, place.headline)) if place.headline else []
    return Authors(tuple(named), byline, "script" if named else "", 0.6 if named else 0.0)


def _linked(document: Document, outline: Outline, place: Place) -> list[str]:
    """Return the names that links lead to as authors': marked so anywhere, or by their address near the headline."""
    at, found = place.headline_at, dict[str, None]()
    end = min(at + _NEAR, place.first) if place.first > at else at + _NEAR
    near = "\n".join(line.text for line in outline.lines[max(at - _NEAR, 0) : end]) if at >= 0 else ""
    for node in document.tree.css(_LINKED)[:_MOST_LINKS]:
        name, attributes = squeezed(node.text(separator=" ")), node.attributes
        marked = "itemprop" in attributes or "author" in (attributes.get("rel") or "")
        if (marked or name in near) and looks_named(name):
            found[name] = None
    return list(found) if len(found) <= _MOST_NAMED else []


def _is_published_as(data: Json, kind: str) -> bool:
    """Tell whether script data say outright that the author is no person: then the site's own name is an answer."""
    author = data.get("author")
    author = author[0] if isinstance(author, list) and author else author
    return isinstance(author, dict) and kind in " ".join(types(author))


def _names_in_data(document: Document, data: Json) -> list[str]:
    for key in ("author", "creator"):
        found = list(_named(document, data.get(key)))
        if found:
            return found
    return []


def _named(document: Document, value: object, depth: int = 0) -> Iterator[str]:
    if isinstance(value, list) and depth < 3:
        for item in value[:50]:
            yield from _named(document, item, depth + 1)
    elif isinstance(value, dict) and depth < 4:
        if set(value) == {"@id"}:
            yield from _named(document, _referred(document, value["@id"]), depth + 1)
            return
        name = plain(value.get("name"))
        if "Organization" in " ".join(types(value)) and 1 < len(name) <= 60:
            yield name
        else:
            yield from _named(document, value.get("name"), depth + 1)
    elif isinstance(value, str):
        yield from names_in(plain(value))


def _referred(document: Document, name: object) -> Json | None:
    """Return the object of the page's JSON-LD graph that bears this @id (JSON-LD 1.1, node references)."""
    return next((each for each in document.json_ld if each.get("@id") == name and len(each) > 1), None)


def _names_in_meta(document: Document, sites: set[str]) -> list[str]:
    for key in _META:
        texts = [plain(text) for text in document.meta.get(key, ())[:20] if "://" not in text and ":" not in text]
        if key in _LAST_FIRST:
            texts = [_LAST_NAME_FIRST.sub(r"\2 \1", text) for text in texts]
        found = [name for text in texts for name in names_in(text)]
        persons = [name for name in found if folded(name) not in sites]
        if found:
            return persons or found
    return []
