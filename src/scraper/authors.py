"""Who wrote it: names out of script data, meta and the byline on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scraper.blocks import Outline
from scraper.document import Document, Json
from scraper.metadata import plain
from scraper.text import folded, squeezed

_META = (
    "author", "article:author", "parsely-author", "dc.creator", "dcterms.creator", "sailthru.author", "byl",
    "citation_author", "article:author_name", "cxenseparse:author", "og:article:author", "dc.contributor", "article.author",
)  # fmt: skip
_BY = re.compile(
    r"^(?:(?:written|posted|published|reported|story|text|words|report|by|edited)\s+by|by|von|par|por|di|de|da|door|av|af|przez|od|yazan"
    r"|autor(?:in|es|a|zy|ka)?|author|auteur|autore|автор|текст|муаллиф|text|texte|texto|tekst|words|redakt(?:ion|or|eur)|penulis|oleh|reporter)"
    r"(?:\s*[:|]\s*|\s+)",
    re.IGNORECASE,
)
_PARTED = re.compile(r"\s*(?:[,;/|•·&]|\s(?:and|und|et|y|e|og|och|en|ja|i|и|және|va|ve|und|a|dan|with|mit|avec|con)\s)\s*", re.IGNORECASE)
_TRAILING = re.compile(
    r"\s*(?:[|•·–—(\[]|\s-\s|\b(?:for|in|at|from|aus|updated|published|correspondent|reporter|editor|contributor|staff writer)\b).*$",
    re.IGNORECASE,
)
_NOT_NAMES = frozenset(
    "admin administrator redaktion redaction editor editors staff author autor unknown none null webmaster read more share"
    " more login facebook twitter instagram email print follow comments home news contact".split(" ")
)


@dataclass(frozen=True, slots=True)
class Authors:
    """Names, the byline as printed, where the names came from and how sure they are."""

    names: tuple[str, ...]
    byline: str | None
    source: str
    sure: float


def authors_from(document: Document, data: Json, outline: Outline, headline_at: int) -> Authors:
    """Return the story's authors: of script data, meta and the page the first that names any."""
    byline, printed = _printed(outline, headline_at)
    for names, source, sure in (
        (_names_in_data(data), "json-ld", 0.95),
        (_names_in_meta(document), "meta", 0.85),
        (printed, "structure", 0.7),
    ):
        kept = tuple(dict.fromkeys(name for name in names if name))
        if kept:
            return Authors(kept, byline, source, sure)
    return Authors((), byline, "", 0.0)


def _names_in_data(data: Json) -> list[str]:
    publisher = data.get("publisher")
    house = folded(plain(publisher.get("name"))) if isinstance(publisher, dict) else ""
    for key in ("author", "creator"):
        found = [name for name in _named(data.get(key)) if not (house and folded(name) == house)]
        if found:
            return found
    return []


def _named(value: object, depth: int = 0) -> Iterator[str]:
    if isinstance(value, list) and depth < 3:
        for item in value[:50]:
            yield from _named(item, depth + 1)
    elif isinstance(value, dict):
        yield from _named(value.get("name"), depth + 1)
    elif isinstance(value, str):
        yield from names_in(plain(value))


def _names_in_meta(document: Document) -> list[str]:
    for key in _META:
        found = [name for text in document.meta.get(key, ())[:20] if "://" not in text for name in names_in(plain(text))]
        if found:
            return found
    return []


def names_in(text: str) -> list[str]:
    """Return the names a byline holds; what cannot be a name is left out."""
    if len(text) > 300:
        return []
    text = _BY.sub("", squeezed(text))
    return [name for part in _PARTED.split(text) if (name := _name(part))]


def _name(part: str) -> str:
    name = _TRAILING.sub("", _BY.sub("", part.strip(" .,:;-–—*\"'"))).strip(" .,:;-–—*\"'")
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
        names = names_in(text)
        if names:
            return text, names
    return (near[0] if near else None), []
