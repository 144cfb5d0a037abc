"""Where a page says that its story stands in other languages (RFC 8288, rel=alternate with hreflang)."""

from __future__ import annotations

import re
from typing import Final

from scraper.document import Document
from scraper.urls import absolute, normalised

_MOST: Final = 40  # editions; some pages name one for each country of the world
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")


def alternates_from(document: Document, drop: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return language and address of each edition the page names, its own left out, in page order.

    `x-default` is no language. What is claimed is only believed where a story is stored under that address.
    """
    own, found = normalised(document.url, drop), dict[str, str]()
    for language, target in document.editions:
        address = absolute(target, document.base)
        url = normalised(address, drop) if address else own
        if url != own and _LANGUAGE.fullmatch(language):
            found.setdefault(url, language)
    return tuple((language, url) for url, language in found.items())[:_MOST]
