"""Who wrote it: names out of script data, meta and the byline on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scraper.document import Document, names
from scraper.reading.blocks import Outline
from scraper.reading.headline import site_names
from scraper.reading.metadata import plain, types
from scraper.scriptdata import Json
from scraper.text import folded, squeezed

_META = (
    "author", "article:author", "parsely-author", "dc.creator", "dcterms.creator", "sailthru.author",
    "citation_author", "article:author_name", "cxenseparse:author", "og:article:author", "dc.contributor",
    "article.author",
)  # fmt: skip
_LAST_FIRST = ("dc.creator", "dcterms.creator", "citation_author", "dc.contributor")
_LAST_NAME_FIRST = re.compile(r"^([^,]{2,30}), ([^,]{2,30})$")
_ROLE = re.compile(r"\s(?:기자|記者|记者|特派員|기고)$")
_BY = re.compile(
    r"^(?:(?:written|posted|published|reported|story|text|words|report|by|edited)\s+by|by|von|par|por|di|de|da|door|av|af"
    r"|przez|od|yazan|autor(?:in|es|a|zy|ka)?|author|auteur|autore|автор|текст|муаллиф|text|texte|texto|tekst|words"
    r"|redakt(?:ion|or|eur)|penulis|oleh|reporter)(?:\s*[:|]\s*|\s+)",
    re.IGNORECASE,
)
_BEHIND_STAMP = re.compile(  # "8 October 2025 by NAME"; "by" elsewhere in a line is prose
    r"^(?:[^\n]{0,60}?\d{2}[\s|,·•–—-]{1,5})?(?P<byline>(?:by|von|par|door|autor|автор|текст|yazan|muallif)(?:\s?:)?\s+[^\W\d_].{2,60})$",
    re.IGNORECASE,
)
_BYLINE_NEAR, _BYLINE_LINE = 7, 120  # lines below the headline; characters
_PARTED = re.compile(
    r"\s*(?:[,;/&]|\s(?:and|und|et|y|e|og|och|en|ja|i|и|және|va|ve|a|dan|with|mit|avec|con)\s)\s*", re.IGNORECASE
)
_TRAILING = re.compile(
    r"\s*(?:[|•·–—(\[]|\s-\s"
    r"|\b(?:for|in|at|from|aus|updated|published|correspondent|reporter|editor|contributor|staff writer)\b).*$",
    re.IGNORECASE,
)
_NOT_NAMES = names(
    "admin administrator redaktion redaction editor editors staff author autor unknown none null webmaster read more"
    " share login facebook twitter instagram email print follow comments home news contact"
)


@dataclass(frozen=True, slots=True)
class Authors:
    """Names, the byline as printed, where the names came from and how sure they are."""

    names: tuple[str, ...]
    byline: str | None
    source: str
    sure: float


def authors_from(document: Document, data: Json, outline: Outline, headline_at: int) -> Authors:
    """Return the story's authors: of script data, meta and the page the first that names any; the site itself last."""
    byline, printed = _printed(outline, headline_at)
    if byline is None:
        byline, printed = _named_behind(outline, headline_at)
    sites = site_names(document, data)
    found = [
        Authors(tuple(dict.fromkeys(named)), byline, source, sure)
        for named, source, sure in (
            (_names_in_data(data), "json-ld", 0.95),
            (_names_in_meta(document, sites), "meta", 0.85),
            (printed, "structure", 0.7),
        )
        if named
    ]
    persons = (each for each in found if each.source == "json-ld" or {folded(name) for name in each.names} - sites)
    return next(persons, found[0] if found else Authors((), byline, "", 0.0))


def _named_behind(outline: Outline, headline_at: int) -> tuple[str | None, list[str]]:
    """Return the byline that stands in a line below the headline, alone or behind a date, and the names in it."""
    for line in outline.lines[headline_at + 1 : headline_at + _BYLINE_NEAR] if headline_at >= 0 else ():
        match = _BEHIND_STAMP.search(line.text) if len(line.text) <= _BYLINE_LINE else None
        named = names_in(match["byline"]) if match is not None else []
        if match is not None and named:
            return match["byline"], named
    return None, []


def _names_in_data(data: Json) -> list[str]:
    for key in ("author", "creator"):
        found = list(_named(data.get(key)))
        if found:
            return found
    return []


def _named(value: object, depth: int = 0) -> Iterator[str]:
    if isinstance(value, list) and depth < 3:
        for item in value[:50]:
            yield from _named(item, depth + 1)
    elif isinstance(value, dict):
        name = plain(value.get("name"))
        if "Organization" in " ".join(types(value)) and 1 < len(name) <= 60:
            yield name
        else:
            yield from _named(value.get("name"), depth + 1)
    elif isinstance(value, str):
        yield from names_in(plain(value))


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


def names_in(text: str) -> list[str]:
    """Return the names a byline holds; what cannot be a name is left out."""
    if len(text) > 300:
        return []
    text = _BY.sub("", squeezed(text))
    return [name for part in _PARTED.split(text) if (name := _name(part))]


def _name(part: str) -> str:
    name = _TRAILING.sub("", _BY.sub("", part.strip(" .,:;-–—*\"'"))).strip(" .,:;-–—*\"'")
    name = _ROLE.sub("", name)
    words = name.split()
    usable = 1 < len(name) <= 60 and len(words) <= 6 and not any(map(str.isdigit, name)) and "@" not in name
    return name if usable and folded(name) not in _NOT_NAMES and any(map(str.isalpha, name)) else ""


def _printed(outline: Outline, headline_at: int) -> tuple[str | None, list[str]]:
    """Return the byline printed near the headline, and the names in it."""
    near = []
    for mark in outline.authors[:60]:
        if headline_at < 0 or -8 <= mark.at - headline_at <= 25:
            text = squeezed(mark.node.text(separator=" "))
            if 2 < len(text) <= 200:
                near.append(text)
    for text in near:
        named = names_in(text)
        if named:
            return text, named
    return (near[0] if near else None), []
