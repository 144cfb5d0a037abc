"""Text in, names of persons out: a byline taken apart, and what looks like a name and nothing else."""

from __future__ import annotations

import re
from typing import Final

from scraper.dates import is_calendar_word
from scraper.document import names
from scraper.text import folded, squeezed

# What may stand before names anywhere in a line, and what only at its start: `von` and `de` are parts of names as well.
_BY_ANYWHERE: Final = (
    r"by|par|por|door|przez|yazan|oleh|penulis|authors?|autor(?:in|es|a|zy|ka)?|auteure?s?|autori?e?|reporter|redakteur"
    r"|автор(?:ы|лар)?|муаллиф(?:он|лар)?|muallif(?:lar)?|awtor|avtor|жазған|жазган|بقلم|نویسنده|מאת|โดย|作者|撰文"
)
_BY_FIRST: Final = (
    r"von|vom|di|de|da|av|af|od|texte?|texto|tekst|words|story|interview|redakt(?:ion|or)|текст|матн|matn|كتب|记者|記者|文"
)
_GENRES: Final = (
    r"(?:\w+\s)?\w{0,9}(?:artikel|beitrag|kommentar|interview|bericht|analyse|kolumne|essay|reportage|glosse|kritik|text)"
)
_BY: Final = re.compile(rf"^(?:(?:\w+\s)?by|{_BY_ANYWHERE}|{_BY_FIRST})(?:\s*[:：|/／]\s*|\s+|$)", re.IGNORECASE)
_BY_LINE: Final = re.compile(
    rf"^(?:(?P<before>.{{0,60}}?[\s|,·•–—-])?(?:{_BY_ANYWHERE})|{_GENRES}\svon|(?P<first>{_BY_FIRST}))"
    r"(?:(?P<marked>\s?[:：/／]\s*)|\s+)(?P<names>[^\W\d_].{1,80})$",
    re.IGNORECASE,
)
_PARTED: Final = re.compile(
    r"\s*(?:[,;/&、،]|\s(?:and|und|et|y|e|og|och|en|ja|i|и|және|жана|va|ва|ve|a|dan|with|mit|avec|con|con|و)\s)\s*",
    re.IGNORECASE,
)
_JOINED: Final = re.compile(r"^(?:and|und|et|y|e|og|och|i|и|va|ва|ve)\s+", re.IGNORECASE)  # `Odra, Ilma, and Tavi`
_TRAILING: Final = re.compile(r"\s*(?:[|•·–—(\[]|\s-\s|\s(?:\w{1,4}\s)?\d).*$")
_BEHIND: Final = re.compile(r"(?<=\w)\s(?:Last\s)?(?:Published|Updated|Posted|Follow)\b.*$")
_GLUED: Final = re.compile(r"^By(?=[A-Z][^A-Z\s]+\s)")
_ROLE: Final = re.compile(r"\s(?:기자|記者|记者|特派員|기고)$")
_DOMAIN: Final = re.compile(r"^[\w-]+(?:\.[\w-]+)*\.[a-z]{2,10}$", re.IGNORECASE)
_DEGREES: Final = names("phd ph.d md m.d msc ma ba mba rd rn jr sr esq dr prof")
_PARTICLES: Final = names("von van de der den del della di da dos das du la le el al bin ibn ben ter zu y e do af av")
_NOT_NAMES: Final = names(
    "admin administrator editor editors staff author autor unknown none null webmaster read more"
    " share login facebook twitter instagram email print follow comments home news contact wordpressadmin"
) | {
    "no author", "guest author", "staff writer", "read more", "sign in", "sign up", "log in", "last updated", "updated",
    "published", "posted", "on", "last", "view profile", "all posts", "view all posts", "executive editor", "投稿者",
}
_CAPITAL: Final = re.compile(r"[^\W\d_][\w.'’ʻʼ‘`´-]*\.?")
_STRANGE: Final = re.compile(r"[\d@:©]").match
_WORDS_BEFORE: Final = 2
_LONGEST: Final = 45  # characters of a name that nothing but its look says to be one


def names_in(text: str) -> list[str]:
    """Return the names a byline holds; what cannot be a name is left out."""
    if len(text) > 300:
        return []
    text = _BY.sub("", squeezed(text))
    found = [name for part in _PARTED.split(text) if (name := _name(part))]
    return [name for name in found if not _DOMAIN.match(name)] or found


def signed_in(text: str) -> tuple[str, list[str]]:
    """Return the byline in a short line and the names in it; ("", []) where no word like "by" stands before names.

    Prose has such words as well: before one may stand a date or two words, and without a colon only full names count.
    """
    match = _BY_LINE.match(squeezed(text))
    before = (match["before"] or "") if match else ""
    if match is None or not (len(before.split()) <= _WORDS_BEFORE or any(map(str.isdigit, before))):
        return "", []
    found = [name for part in _PARTED.split(match["names"]) if (name := _leading(_name(part)))]
    if not match["marked"] and (before or match["first"]):
        found = [name for name in found if looks_named(name) or name == name.swapcase()]
    return (match[0][len(before) :], found) if found else ("", [])


def _name(part: str) -> str:
    name = _JOINED.sub("", _GLUED.sub("", _BY.sub("", part.strip(" .,:;-–—*\"'"))))
    name = _ROLE.sub("", _TRAILING.sub("", name).strip(" .,:;-–—*\"'"))
    name = _BEHIND.sub("", name)
    words = name.split()
    usable = 1 < len(name) <= 60 and len(words) <= 6 and not any(map(_STRANGE, name))
    meant = usable and folded(name) not in _NOT_NAMES | _DEGREES and not all(map(is_calendar_word, words))
    return name if meant and any(map(str.isalpha, name)) else ""


def _leading(name: str) -> str:
    """Return the words up to the first that cannot be of a name: one in lower case, where the script has cases."""
    if name == name.swapcase():
        return name
    words = name.split()
    kept = 0
    for at, word in enumerate(words):
        if word[:1].isupper() or word[:1] == word[:1].swapcase():
            kept = at + 1
        elif word.lower() not in _PARTICLES:
            break
    return " ".join(words[:kept])


def persons_in(text: str) -> list[str]:
    """Return the names in a text that is known to be a byline: words in lower case end a name."""
    return [name for part in names_in(text) if (name := _leading(part))]


def looks_named(text: str) -> bool:
    """Tell whether a line looks like a person's name and nothing else: two to four capitalised words, no date's."""
    words = text.split()
    if not 2 <= len(words) <= 5 or len(text) > _LONGEST or text.isupper() or not words[-1][:1].isupper():
        return False
    capitals = [word for word in words if word.lower() not in _PARTICLES]
    if not all(_CAPITAL.fullmatch(word) and word[:1].isupper() for word in capitals) or len(capitals) < 2:
        return False
    return not any(map(is_calendar_word, words))
