"""What a page asks of those who would keep it: a noarchive mark, a paywall mark. Bytes in, a claim out.

    X-Robots-Tag: noarchive              <meta name="robots" content="noarchive">
    X-Robots-Tag: scraper: noarchive     <meta name="scraper" content="noarchive">

A directive for another crawler's name is not for us. The marks are looked for in the bytes, before a page is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from scraper.decoding import beginning
from scraper.records import Exchange, Headers, Page
from scraper.source import Rule

_OURS = ("robots", "scraper")  # the product's name in its User-Agent
_NOARCHIVE = "noarchive"
_LETTERS = tuple((letter.upper().encode(), letter.encode()) for letter in sorted(set(_NOARCHIVE)))
HEAD_BYTES = 256 * 1024  # of a page, in which a <meta> may stand
_TAG_BYTES = 4000  # of a <meta>
_PAGE_BYTES = 16 * 1024 * 1024
_VALUED = ("unavailable_after", "max-snippet", "max-image-preview", "max-video-preview")  # a colon, but no crawler
_META = re.compile(
    rb"<!--.*?(?:-->|\Z)|<(?:script|style|noscript)\b.*?(?:</(?:script|style|noscript)|\Z)|<meta\b([^>]{0,%d})"
    % _TAG_BYTES,
    re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTE = re.compile(rb"""([a-z-]{1,20})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_NOT_FREE = re.compile(
    rb"""isAccessibleForFree["']?\s{0,9}[:=]\s{0,9}["']?(?:https?://schema\.org/)?(?:false|no|0)\b""", re.IGNORECASE
)
_TIERS = (b"locked", b"metered", b"premium", b"paid")


def asks_noarchive(headers: Headers, body: bytes) -> bool:
    """Tell whether an answer asks that no copy be kept, by its headers or by its first 256 KiB."""
    if any(_forbids(value) for name, value in headers if name.lower() == "x-robots-tag"):
        return True
    head = body[:HEAD_BYTES].replace(b"\0", b"")  # UTF-16, read as the ASCII it is here
    last = _last_noarchive(head)
    metas = _metas(head[: last + _TAG_BYTES]) if last >= 0 else ()  # most ask for it near the top, if they do
    return any(name in _OURS and _NOARCHIVE in _words(content) for name, content in metas)


def _last_noarchive(head: bytes) -> int:
    """Return where the word stands last, in any case, or -1; to make only its letters small takes a third of lower."""
    for capital, small in _LETTERS:
        head = head.replace(capital, small)
    word = _NOARCHIVE.encode()
    return head.rfind(word) if word in head else -1  # a search from the end takes longer


def may_ask_noarchive(meta: Mapping[str, tuple[str, ...]]) -> bool:
    """Tell whether a parsed page asks so itself, by Document.meta; a search of its bytes costs a third of the parse."""
    return any(_NOARCHIVE in content.lower() for name in _OURS for content in meta.get(name, ()))


def withheld(exchange: Exchange, rule: Rule) -> bool:
    """Tell whether the bytes of an answer are not to be kept under this rule."""
    if rule == "everything":
        return False
    encoding = next((value for name, value in exchange.headers if name.lower() == "content-encoding"), None)
    body = beginning(exchange.wire, encoding, _PAGE_BYTES if rule == "notice" else HEAD_BYTES)
    return asks_noarchive(exchange.headers, body) or (rule == "notice" and _is_paid(body))


def kept_of(page: Page, rule: Rule) -> Page:
    """Return what of a page is stored under this rule: of a marked story the notice alone, without its text."""
    article = page.article
    if article is None or rule != "notice" or not (article.noarchive or article.paywalled):
        return page
    return replace(page, article=replace(article, body="", lead=None, blocks=(), images=()))


def _is_paid(body: bytes) -> bool:
    """Tell whether a paywall mark stands anywhere in a page, more readily than the reader of the page would."""
    if _NOT_FREE.search(body):
        return True
    head = body[:HEAD_BYTES]
    return b"article:content_tier" in head and any(
        name == "article:content_tier" and content.strip().lower().encode() in _TIERS for name, content in _metas(head)
    )


def _forbids(tag: str) -> bool:
    """Tell whether an X-Robots-Tag names us, or nobody, and forbids a copy; a name goes for what follows it."""
    ours = True
    for part in tag.lower().split(","):
        name, colon, rest = (piece.strip() for piece in part.partition(":"))
        if colon and name not in _VALUED:
            ours, name = name in _OURS, rest
        if ours and name == _NOARCHIVE:
            return True
    return False


def _metas(head: bytes) -> Iterator[tuple[str, str]]:
    for match in _META.finditer(head):
        found = {name.lower(): b"".join(values) for name, *values in _ATTRIBUTE.findall(match[1] or b"")}
        named = found.get(b"name") or found.get(b"property") or b""
        yield named.decode("latin-1").strip().lower(), found.get(b"content", b"").decode("latin-1")


def _words(content: str) -> list[str]:
    return [word.strip().lower() for word in content.split(",")]
