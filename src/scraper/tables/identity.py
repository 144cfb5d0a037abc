"""Which article is this: hashes of its text, how alike two texts are, its number. Pure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise

from scraper.records import Article
from scraper.text import squeezed

_HASH_BITS = 27  # with 26 bits of minutes an id stays below 2**53, which JavaScript and JSON readers need
_WORDS = re.compile(r"\w+")
_UNSEEN = bytes((*range(32), 127))
_SAME_STORY = 0.5  # of the word pairs; corrected stories share most, two stories of one site under a tenth

# How long after its publication a story is looked at again; then it is left alone.
# An hour short of whole days: a job that runs daily at one hour finds them due, a few seconds early or late.
_CHECKS = tuple(timedelta(minutes=minutes) for minutes in (15, 60, 180, 480, 1380, 2820, 5700, 10020, 20100, 43140))


def text_hash(headline: str, body: str) -> str:
    """Return the hash by which two pages hold the same text; white space does not count."""
    return _hash(headline, body)


def revision(article: Article) -> str:
    """Return the hash of all that counts as an edit when it changes: headline, lead, body, byline."""
    return _hash(article.headline, article.lead or "", article.body, article.byline or "")


def similarity(one: str, other: str) -> float:
    """Return the share of neighbouring word pairs two texts have in common, 0-1 (Jaccard)."""
    mine, theirs = _word_pairs(one), _word_pairs(other)
    if not mine or not theirs:
        return float(mine == theirs)
    return round(len(mine & theirs) / len(mine | theirs), 3)


def same_story(one: str, other: str) -> bool:
    """Tell whether two texts are versions of one story."""
    return similarity(one, other) >= _SAME_STORY


def article_id(source: str, identity: str, instant: datetime) -> int:
    """Return a number that grows with `instant`, the publication, to the minute; `identity` tells equals apart."""
    minutes = max(0, int(instant.timestamp()) // 60)
    return minutes << _HASH_BITS | int(_hash(source, identity), 16) & ((1 << _HASH_BITS) - 1)


def next_check(published: datetime | None, first_seen: datetime, seen: datetime) -> datetime | None:
    """Return when a story that was `seen` now is looked at again, by its age; None: never.

    One that was older than the last check when it was first seen (a backfill) is looked at once more, that long after.
    """
    since = first_seen if published is None else min(published, first_seen)
    if first_seen - since >= _CHECKS[-1]:
        return first_seen + _CHECKS[-1] if seen < first_seen + _CHECKS[-1] else None
    return next((since + age for age in _CHECKS if since + age >= seen + _CHECKS[0] / 2), None)


def _hash(*parts: str) -> str:
    return blake2b(b"\0".join(map(_one_line, parts)), digest_size=16).hexdigest()


@lru_cache(maxsize=4)  # a story's text is hashed twice in a row
def _one_line(text: str) -> bytes:
    joined = text.replace("\n\n", " ")  # between paragraphs; nothing else is left to squeeze in most
    line = joined.encode() if joined.isascii() else b""
    if line and b"  " not in line and len(line.translate(None, _UNSEEN)) == len(line):  # a quarter of isprintable
        return line.strip(b" ")
    return squeezed(joined).encode()


def _word_pairs(text: str) -> set[tuple[str, str]]:
    words = [word.casefold() for word in _WORDS.findall(text)]
    return set(pairwise(words)) if len(words) > 1 else {(word, "") for word in words}
