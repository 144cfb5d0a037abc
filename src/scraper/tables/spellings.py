"""The spellings of one word that readers take for the same and the search index does not. Pure."""

from __future__ import annotations

import re
import unicodedata

_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_YO = str.maketrans("ёЁ", "еЕ")
_MOST = 6  # letters that may be ё; a name or a word has one, a long phrase is left as it was typed


def spellings(text: str) -> tuple[str, ...]:
    """Return `text` (a word, a phrase) in each of its spellings, its own first.

    Russian prints ё as е, but not always: самолёт, самолет. A Cyrillic letter with a mark is one character or
    two (й, ў), by the machine it was typed on; of Latin ones the index itself drops the mark.
    """
    own = unicodedata.normalize("NFC", text)
    if not _CYRILLIC.search(own):
        return (text,)
    plain = own.translate(_YO)
    places = [at for at, letter in enumerate(own) if letter in "еЕ"]
    dotted = (own[:at] + "ё" + own[at + 1:] for at in places) if plain == own and len(places) <= _MOST else ()
    found = (own, plain, *dotted)
    return tuple(dict.fromkeys((*found, *(unicodedata.normalize("NFD", each) for each in found))))
