"""A listing page in, its story links out, in page order: by address, text and setting, in any language.

No class of any site is known here; classes only tell which links are set alike, and a few plain English
words in them ("menu", "tag") count a little. With every class renamed the judgement stays the same but
for those words.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from statistics import fmean
from typing import Final

from scraper.document import Document
from scraper.listings.links import Link, Sheet, weight
from scraper.listings.storyurls import NO_STORY, address_score, address_shape
from scraper.listings.unlinked import headlines_beside
from scraper.urls import absolute, normalised

MAX_STORIES: Final = 5_000
THRESHOLD: Final = 2.0  # tuned on 20 labelled pages, see bench/listings.py
_OWN_SHARE: Final = 0.65  # the rest is the mean of the links set alike

_NAV_TAGS = frozenset({"nav", "menu", "footer"})
_NAV_WORDS = re.compile(r"\b(?:nav\w*|menu\w*|footer\w*|breadcrumbs?|tag-?cloud|tags|pagination)\b", re.IGNORECASE)
_TEXT_SCORES: Final = ((60, 2.5), (35, 2.25), (25, 1.5), (15, 0.75), (8, 0.0), (4, -1.0), (0, -2.5))
_ALIKE: Final = 3  # stories that make the shape of their addresses count
_MAX_REPEATS: Final = 3  # a text over more targets than this is "read more", in whatever language


@dataclass(slots=True)
class Target:
    """One address of the page with every link to it, best headline first."""

    url: str
    links: list[Link] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)  # without boilerplate
    beside: str | None = None  # the headline its card shows without a link, where no link says one
    score: float = 0.0


def story_targets(document: Document, sheet: Sheet, wanted: Callable[[str], bool | None], drop_query: tuple[str, ...]
                  ) -> tuple[Target, ...]:
    """Return the story links of a page in its order, at most 5,000.

    `wanted` says of an address whether it is a story; None leaves it to the page's structure.
    """
    targets = _targets(document, sheet, drop_query)
    here = normalised(document.url, drop_query)
    known = {url: wanted(url) for url in targets if url != here}
    _note_texts(targets.values())
    _note_beside([target for target in targets.values() if not target.texts], sheet)
    open_ones = [targets[url] for url, verdict in known.items() if verdict is None]
    if open_ones:
        _score(open_ones, sheet)
    found = (targets[url] for url, verdict in known.items()
             if verdict or (verdict is None and targets[url].score >= THRESHOLD))
    return tuple(target for target, _ in zip(found, range(MAX_STORIES), strict=False))


def _targets(document: Document, sheet: Sheet, drop_query: tuple[str, ...]) -> dict[str, Target]:
    targets: dict[str, Target] = {}
    spellings: dict[str, str | None] = {}
    for link in sheet.links:
        if link.href not in spellings:
            address = absolute(link.href, document.url)
            spellings[link.href] = normalised(address, drop_query) if address else None
        url = spellings[link.href]
        if url is not None:
            targets.setdefault(url, Target(url)).links.append(link)
    return targets


def _note_texts(targets: Iterable[Target]) -> None:
    targets = list(targets)
    spread = Counter(text for target in targets for text in {link.text for link in target.links} if text)
    for target in targets:
        target.texts = [text for link in target.links
                        if (text := link.text) and (link.heading or spread[text] <= _MAX_REPEATS)]


def _note_beside(mute: list[Target], sheet: Sheet) -> None:
    for target, headline in zip(mute, headlines_beside(sheet, [target.links for target in mute]), strict=True):
        target.beside = headline


def _score(targets: list[Target], sheet: Sheet) -> None:
    """Score each target by itself, then by the links set as its own are."""
    own = {id(target): _own_score(target, sheet) for target in targets}
    groups: dict[tuple[str, ...], list[float]] = defaultdict(list)
    kinds = {id(target): {_kind(link, sheet) for link in target.links} for target in targets}
    for target in targets:
        for kind in kinds[id(target)]:
            groups[kind].append(own[id(target)])
    means = {kind: fmean(scores) for kind, scores in groups.items() if len(scores) >= _ALIKE}
    for target in targets:
        mine = own[id(target)]
        alike = max((means[kind] for kind in kinds[id(target)] if kind in means), default=mine)
        alike = max(alike, mine) if mine >= THRESHOLD else alike
        target.score = _OWN_SHARE * mine + (1 - _OWN_SHARE) * alike if mine > NO_STORY else mine
    shapes = Counter(address_shape(target.url) for target in targets if target.score >= THRESHOLD)
    for target in targets:
        if own[id(target)] > 0.5 and shapes[address_shape(target.url)] >= _ALIKE:
            target.score += 0.75


def _own_score(target: Target, sheet: Sheet) -> float:
    address = address_score(target.url)
    if address <= NO_STORY:
        return address
    listed = [link for link in target.links if target.beside or not _in_prose(link, sheet)]
    if not listed:
        return -1.0
    said = max((weight(text) for text in target.texts), default=weight(target.beside or ""))
    pictures = sum(link.image is not None for link in listed)
    score = (max(address, 0.0) if said >= 30 else address) + _text_score(said, pictures > 0)
    if target.beside or any(link.heading for link in listed):
        score += 2.0 if said >= 12 else 1.0
    if pictures and said:
        score += 0.75
    if all(_in_navigation(link, sheet) for link in listed):
        score -= 2.5 if said < 40 else 1.25
    return score


def _text_score(said: int, pictured: bool) -> float:
    if not said:
        return 0.5 if pictured else -1.5
    return next(score for letters, score in _TEXT_SCORES if said >= letters)


def _in_prose(link: Link, sheet: Sheet) -> bool:
    """Tell whether a link stands in the midst of running text, as one to an older story does."""
    if link.heading or link.first >= len(sheet.lines):
        return False
    line = sheet.lines[link.first]
    around = len(line.text) - line.linked
    return link.first == link.last and around > 30 and around > 2 * line.linked


def _in_navigation(link: Link, sheet: Sheet) -> bool:
    boxes = [sheet.boxes[box] for box in sheet.above(link.box)]
    if any(box.tag in _NAV_TAGS for box in boxes):
        return True
    return any(_NAV_WORDS.search(box.kind) for box in boxes[:4])


def _kind(link: Link, sheet: Sheet) -> tuple[str, ...]:
    return tuple(sheet.boxes[box].kind for box in sheet.above(link.box)[:4])
