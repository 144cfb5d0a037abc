"""Which of the texts that may be the headline is it: a vote of h1, JSON-LD, og:title and title."""

from __future__ import annotations

import re

from scraper.document import Document
from scraper.reading.metadata import Found, plain
from scraper.scriptdata import Json
from scraper.text import folded
from scraper.urls import host

# Weights of a vote, fitted on two thirds of 125 pages whose gold was written per site: where they differ, the
# editor's own choice is og:title more often than the h1, which is more often cut for the layout.
_H1, _LD, _OG, _TWITTER, _TITLE = 0.8, 0.7, 1.6, 0.1, 0.2
_OG_BY_TEMPLATE = 0.6  # with the site's name in it nobody wrote it by hand
_SEPARATOR = re.compile(r"\s+[|\-–—»«·•:/›]+\s+|\s*\|\s*|\s+::\s+")
_AHEAD_OF_SITE = "|-–—»«·•:/ㅣ(›♥"
_BEHIND_SITE = "|»«›"
_MOST_H1S = 4


def headline_from(document: Document, data: Json, h1s: list[str]) -> Found | None:
    """Return the headline that most witnesses name, site names cut off."""
    votes: dict[str, float] = {}
    shown: dict[str, tuple[str, str]] = {}
    for text, source, weight in _witnesses(document, data, h1s):
        key = folded(text)
        votes[key] = votes.get(key, 0.0) + weight
        shown.setdefault(key, (text, source))
    if not votes:
        return None
    best = max(votes, key=lambda key: votes[key])
    text, source = shown[best]
    return Found(text, source, min(1.0, votes[best] / 3))


def _witnesses(document: Document, data: Json, h1s: list[str]) -> list[tuple[str, str, float]]:
    """Return each text with its source and the weight of its vote."""
    raw = [(text, "structure", _H1) for text in h1s[:_MOST_H1S]]
    raw.append((plain(data.get("headline")) or plain(data.get("name")), "json-ld", _LD))
    raw += [(plain(text), "open-graph", _OG) for text in document.meta.get("og:title", ())[:1]]
    raw += [(plain(text), "open-graph", _TWITTER) for text in document.meta.get("twitter:title", ())[:1]]
    raw.append((document.title, "title", _TITLE))
    keyed = [(text, folded(text)) for text, _, _ in raw]
    sites, found = site_names(document, data), []
    for (text, source, weight), (_, key) in zip(raw, keyed, strict=True):
        cut = trimmed(text, key, keyed, sites)
        if cut:
            found.append((cut, source, _OG_BY_TEMPLATE if weight == _OG and cut != text else weight))
    return found


def site_names(document: Document, data: Json) -> set[str]:
    """Return what the site calls itself, folded: its names in meta and script data, and its host."""
    found = set[str]()
    for key in ("og:site_name", "application-name", "twitter:site", "apple-mobile-web-app-title"):
        found.update(folded(text).lstrip("@") for text in document.meta.get(key, ()))
    publisher = data.get("publisher")
    if isinstance(publisher, dict):
        found.add(folded(plain(publisher.get("name"))))
    name = re.sub(r"^(www|m|amp|mobile)\.", "", host(document.url))
    found.update((name, name.rpartition(".")[0]))
    return {name for name in found if name}


def trimmed(text: str, key: str, others: list[tuple[str, str]], sites: set[str]) -> str:
    """Cut site names and sections off a title, where another candidate or the site's name says that they are that.

    `key` is the text folded, `others` the candidates, each with its own.
    """
    for other, part in others:
        if 12 <= len(part) < len(key):
            behind = key[len(part) :].lstrip() if key.startswith(part) else ""
            ahead = key[: -len(part)].rstrip() if key.endswith(part) else ""
            if behind[:1] in tuple(_AHEAD_OF_SITE) or (ahead[-1:] in tuple(_BEHIND_SITE) and len(ahead) < 40):
                return other
    pieces = list(_SEPARATOR.finditer(text))
    while pieces and _names_site(folded(text[pieces[-1].end() :]), sites):
        text = text[: pieces.pop().start()]
    return text.strip()


def _names_site(tail: str, sites: set[str]) -> bool:
    return any(tail == name or (len(name) > 3 and (name in tail or (len(tail) > 3 and tail in name))) for name in sites)
