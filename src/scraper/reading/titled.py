"""Script state in, the one object in it that is the page's story: the one that bears its headline.

State holds other stories as well, often whole ones; the longest text in it is as likely theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from scraper.document import Document
from scraper.reading.elsewhere import squashed
from scraper.reading.metadata import plain
from scraper.reading.persons import persons_in
from scraper.reading.state import TEXT_KEYS, block_texts, plain_lines, running_texts
from scraper.scriptdata import Json, json_values
from scraper.scriptstate import laden_values, state_values
from scraper.text import folded

_MOST = 100_000  # values that are looked at
_LEAST = 40  # characters of a text
_TITLE = 6  # of a headline
_WHOLE = 25  # of one that a page's title may say more behind
_NESTED = 300  # of a value that may hold the story as JSON
_LIKE = 100  # that tell two renderings of one text
_DATES = re.compile(
    r"date|(?:date_?)?(?:first_?)?(?:published|publish|pub|created)(?:ing)?_?(?:at|on|date|time)?", re.IGNORECASE
)
_TONGUE = re.compile(r"_(uz|oz|ru|en|kk|kz|ky|kg|tg|tj|tk|tm|kaa|lat|latin|cyr|cyril)$")
_AUTHOR = re.compile(r"authors?(?:_?name)?|byline", re.IGNORECASE)


def titled_from(document: Document, headline: str) -> Json:
    """Return the object of the page's script state that bears the headline and the most text beside it; {} for none."""
    if headline not in document.borne:
        document.borne[headline] = _bearing(state_values(document), headline)
    return document.borne[headline]


def _bearing(values: Iterable[object], headline: str) -> Json:
    found = [each for value in values for each in _titled(value, folded(headline), len(headline))]
    best = max(found, key=lambda each: len(titled_text(each)), default={})
    return best if len(titled_text(best)) > len(headline) else {}


def state_text(document: Document, headline: str, shown: str) -> str:
    """Return the story's text as it stands in the page's script state (HTML or plain); "" for none.

    Where no object bears the headline, the longest text counts if it is the only one, if the headline stands in a
    script at all, or if the text holds what the page shows: else it is another story's.
    """
    values = [*state_values(document), *laden_values(document)]
    story = document.borne[headline] = _bearing(values, headline)
    text = titled_text(story)
    texts = [] if text else running_texts(values)
    if not texts:
        return text
    known = len(texts) == 1 if not shown else squashed(shown[:_LIKE]) in squashed(texts[0])
    return texts[0] if known or _is_named(document, squashed(headline)) else ""


def _is_named(document: Document, headline: str) -> bool:
    scripts = (node.text() for node in document.scripts if "ld+json" not in (node.attributes.get("type") or ""))
    return any(headline in squashed(text) for text in scripts if len(text) > len(headline))


def _titled(root: object, wanted: str, size: int) -> Iterator[Json]:
    waiting, seen = [root], 0
    while waiting and seen < _MOST:
        value, seen = waiting.pop(), seen + 1
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, str):
            if len(value) >= _NESTED and value[:1] in "{[":  # JSON in JSON
                waiting.extend(json_values(value))
        elif isinstance(value, dict):
            waiting.extend(value.values())
            texts = ((key, _said(each)) for key, each in value.items())
            bearing = (key for key, text in texts if _TITLE <= len(text) <= 2 * size + 40
                       and _is_title(folded(plain(text)), wanted))  # fmt: skip
            if (key := next(bearing, None)) is not None:
                yield _edition(value, key)


def _edition(story: Json, title: str) -> Json:
    """Leave out the members of other languages, where members are named as title_uz and title_ru are."""
    own = _TONGUE.search(title)
    if own is None:
        return story
    tongues = {key: _TONGUE.search(key) for key in story}
    return {key: story[key] for key, tongue in tongues.items() if tongue is None or tongue[1] == own[1]}


def _is_title(text: str, headline: str) -> bool:
    """Tell whether the text is the headline, or what stands before the site's name in it."""
    return text == headline or (len(text) >= _WHOLE and headline.startswith(f"{text} "))


def _said(value: object) -> str:
    """Return a string, or the one in WordPress' {"rendered": "..."}."""
    value = value.get("rendered") if isinstance(value, dict) else value
    return value if isinstance(value, str) else ""


def titled_text(story: Json) -> str:
    """Return the object's text as it stands there (HTML or plain): the longest under a telling key; "" for none."""
    texts = [_said(value) for key, value in story.items()
             if _TONGUE.sub("", key.lower()) in TEXT_KEYS or "</p>" in _said(value)]
    texts += [text for value in story.values() for text in block_texts(value)]
    best = max(texts, key=len, default="")
    return best if len(plain_lines(best)) >= _LEAST else ""


def titled_headline(document: Document, headline: str) -> str:
    """Return the headline without the site's name behind it, where the object that bears it says it so."""
    story = document.borne.get(headline, {})
    told = [plain(_said(value)) for value in story.values()]
    parted = (text for text in told if _WHOLE <= len(text) < len(headline) and headline.startswith(text)
              and not headline[len(text) :].lstrip()[:1].isalnum())  # fmt: skip
    own = headline if headline in told else next(parted, headline)
    document.borne[own] = story
    return own


def titled_dates(story: Json) -> Iterator[str | int]:
    """Yield what the object says of when it was published."""
    for key, value in story.items():
        if isinstance(value, str | int) and _DATES.fullmatch(key):
            yield value


def titled_authors(story: Json) -> list[str]:
    """Return the names of the object's authors."""
    told = (value for key, value in story.items() if _AUTHOR.fullmatch(key))
    value = next(told, None)
    value = value[0] if isinstance(value, list) and value else value
    value = value.get("name") if isinstance(value, dict) else value
    return persons_in(plain(value))
