"""Which of the texts that may be the headline is it: a vote of h1, JSON-LD, og:title and title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from scraper.document import Document
from scraper.reading.density import HEADINGS
from scraper.reading.metadata import Found, plain
from scraper.reading.outline import Outline
from scraper.scriptdata import Json
from scraper.text import folded
from scraper.urls import host

# Weights of a vote, fitted on two thirds of 125 pages whose gold was written per site: where they differ, the
# editor's own choice is og:title more often than the h1, which is more often cut for the layout.
_H1, _LD, _OG, _TWITTER, _TITLE = 0.8, 0.7, 1.6, 0.1, 0.2
_OG_BY_TEMPLATE = 0.6  # with the site's name in it nobody wrote it by hand
_SEPARATOR = re.compile(r"\s+[|\-–—»«·•:/›]+\s+|\s*[|_]\s*|\s+::\s+")
_MARK = re.compile(r"\s+[^\w\s'\"“”„‘’«()\[\],.!?…]+\s+|\s*[|_»]\s*")  # what may part a title, whoever wrote it
_QUOTED = frozenset("'\"“”„‘’«,.!?…)")  # behind part of a headline they go on with it
_BEHIND_SITE = ("|", "»", "›")
_NAME = 30  # characters of a site's or a section's name at most, and of an h1 that is none at least
_ARTICLE = 3  # letters of a word that any two titles may share
_HEADED = 0.9  # the weight of a title that a lower heading prints, where every h1 says something else
_MARK_BEFORE = re.compile(r"^[^\w\s'\"“„«(\[]\s+")
_MOST_H1S = 4
_MOST_MARKS = 12
_WORD = re.compile(r"[^\W_]+")
_PART, _LINE = 6, 20  # characters of a title's part that a heading prints, or any other line


@dataclass(frozen=True, slots=True)
class _Witness:
    """A text that may be the headline, folded too, and the weight of its vote."""

    text: str
    key: str
    source: str
    weight: float


def headline_from(document: Document, data: Json, outline: Outline) -> Found | None:
    """Return the headline that most witnesses name, site names cut off."""
    votes: dict[str, float] = {}
    shown: dict[str, _Witness] = {}
    for witness in _witnesses(document, data, outline):
        votes[witness.key] = votes.get(witness.key, 0.0) + witness.weight
        shown.setdefault(witness.key, witness)
    if not votes:
        return None
    best = max(votes, key=lambda key: votes[key])
    return Found(shown[best].text, shown[best].source, min(1.0, votes[best] / 3))


def _witnesses(document: Document, data: Json, outline: Outline) -> list[_Witness]:
    """Return each text without what is not the headline's in it; the site's own name is no witness."""
    raw = [witness for witness in _raw(document, data, outline) if witness.text]
    sites, title = site_names(document, data), folded(document.title)
    h1s = {witness.key for witness in raw if witness.source == "structure"}
    long = {key for key in h1s if len(key) > _NAME}
    sites -= long & {witness.key for witness in raw if witness.source != "structure"}  # told as the site's by mistake
    keyed = [(witness.text, witness.key) for witness in raw]
    ahead = sites - {name for name in sites for h1 in h1s if h1.startswith(f"{name} ")}  # the headline is of the site
    found = [_cut(witness, keyed, (sites, ahead), outline, title) for witness in raw]
    titles = [_without_kicker(witness, found) if witness.source == "structure" else witness for witness in found]
    told = set(_WORD.findall(title))
    titles = [_headed(witness, titles, title, outline) for witness in titles]
    heard = [_doubted(witness, told) for witness in titles if witness.key]
    own = [witness for witness in heard if witness.key not in sites]
    return [witness for witness in own if not _names_page(witness, heard)] or own


def _names_page(witness: _Witness, others: list[_Witness]) -> bool:
    """Tell whether a few words in the head name the site or a section: an h1 says far more, and none of them."""
    h1s = [other.key for other in others if other.source == "structure"]
    if not h1s or witness.key in h1s or not len(witness.key) <= _NAME < len(h1s[0]):
        return False
    agreed = any(other.key == h1s[0] for other in others if other.source != "structure")
    longer = len(h1s[0]) > 2 * len(witness.key)
    words = {word for word in _WORD.findall(witness.key) if len(word) > _ARTICLE}
    return (agreed or longer) and words.isdisjoint(_WORD.findall(h1s[0]))


def _raw(document: Document, data: Json, outline: Outline) -> Iterator[_Witness]:
    texts = [(text, "structure", _H1) for text in outline.h1s()[:_MOST_H1S]]
    texts.append((plain(data.get("headline")) or plain(data.get("name")), "json-ld", _LD))
    texts += [(plain(text), "open-graph", _OG) for text in document.meta.get("og:title", ())[:1]]
    texts += [(plain(text), "open-graph", _TWITTER) for text in document.meta.get("twitter:title", ())[:1]]
    texts.append((document.title, "title", _TITLE))
    return (_Witness(text, folded(text), source, weight) for text, source, weight in texts)


def _cut(
    witness: _Witness, others: list[tuple[str, str]], sites: tuple[set[str], set[str]], outline: Outline, title: str
) -> _Witness:
    """Return the witness without the names of site and section; a template's title is read beside the page's lines."""
    text = trimmed(witness.text, witness.key, others, *sites)
    if witness.source == "title" or (witness.source == "open-graph" and witness.key == title):
        text = _printed_part(text, outline)
    if text == witness.text:
        return witness
    weight = _OG_BY_TEMPLATE if witness.weight == _OG else witness.weight
    return replace(witness, text=text, key=folded(text), weight=weight)


def _printed_part(text: str, outline: Outline) -> str:
    """Return the longest of the title's parts that the page prints as a line, the title where it prints none."""
    marks = list(_MARK.finditer(text))[:_MOST_MARKS]
    parts = [text, *(text[: mark.start()] for mark in marks), *(text[mark.end() :] for mark in marks)]
    wanted = {folded(part): part for part in parts if len(part) >= _PART}
    sizes, best = {len(part) for part in wanted.values()} if marks else set(), ""
    for line in outline.lines if sizes else ():
        size = len(line.text)
        if size in sizes and size > len(best) and (size >= _LINE or outline.tags[line.box] in HEADINGS):
            best = wanted.get(folded(line.text), best)
    return best or text


def _without_kicker(witness: _Witness, others: list[_Witness]) -> _Witness:
    """Return an h1 without the kicker inside it: words of their own before what another witness says is all."""
    for other in others:
        size = len(other.key)
        before = witness.key[:-size] if 12 <= size < len(witness.key) and witness.key.endswith(other.key) else ""
        if before.endswith(" ") and before[-2:-1].isalnum():
            return replace(witness, text=other.text, key=other.key)
    return witness


def _headed(witness: _Witness, others: list[_Witness], title: str, outline: Outline) -> _Witness:
    """Return the page's title weighed as an h1 where a lower heading prints it, and each h1 names site or section."""
    if witness.source != "title" or len(witness.key) < _LINE:
        return witness
    told = {word for word in _WORD.findall(title) if len(word) > _ARTICLE}
    for other in others:
        part = other.key in title and len(other.key) < len(witness.key)
        if other.source == "structure" and not part and not told.isdisjoint(_WORD.findall(other.key)):
            return witness
    for line in outline.lines:
        heads = outline.tags[line.box] in HEADINGS and line.linked * 2 < len(line.text)
        if heads and _MARK_BEFORE.sub("", folded(line.text)) == witness.key:
            return replace(witness, weight=_HEADED)
    return witness


def _doubted(witness: _Witness, told: set[str]) -> _Witness:
    """Return an h1 with half its weight where the page's title has no word of it."""
    strange = witness.source == "structure" and told and told.isdisjoint(_WORD.findall(witness.key))
    return replace(witness, weight=witness.weight / 2) if strange else witness


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


def trimmed(text: str, key: str, others: list[tuple[str, str]], sites: set[str], leading: set[str]) -> str:
    """Cut site names and sections off a title, where another candidate or the site's name says that they are that.

    `key` is the text folded, `others` the candidates, each with its own; `leading` the names that may stand ahead.
    """
    for other, part in others:
        if 12 <= len(part) < len(key) and part not in sites:
            behind = key[len(part) :].lstrip() if key.startswith(part) else ""
            ahead = key[: -len(part)].rstrip() if key.endswith(part) else ""
            parted = behind and not behind[0].isalnum() and behind[0] not in _QUOTED
            if parted or (ahead.endswith(_BEHIND_SITE) and len(ahead) < 40):
                return other
    pieces = list(_SEPARATOR.finditer(text))
    while pieces and _names_site(folded(text[pieces[-1].end() :]), sites):
        text = text[: pieces.pop().start()]
    if pieces and folded(text[: pieces[0].start()]) in leading:
        text = text[pieces[0].end() :]
    return text.strip()


def _names_site(tail: str, sites: set[str]) -> bool:
    return any(tail == name or (len(name) > 3 and (name in tail or (len(tail) > 3 and tail in name))) for name in sites)
