"""Bytes that should be a feed or a sitemap: what they really are, and their text. No tree, no network.

The charset is looked for as XML 1.0, appendix F says, the declaration last, because it lies most often.
"""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Iterator
from html.entities import html5
from typing import Literal

from w3lib.encoding import http_content_type_encoding

from scraper.charsets import decoded
from scraper.errors import ParseError

Kind = Literal["feed", "sitemap", "html", "json", "addresses", "nothing", "something else"]

CHUNK = 256 * 1024  # bytes decoded or decompressed at a time
_GZIP = b"\x1f\x8b"
_HEAD = 64 * 1024  # warnings and comments stand before the root, seldom more

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)
# the first "<" in encodings that are not a superset of ASCII
_ZERO_PATTERNS = (
    (b"<\0\0\0", "utf-32-le"), (b"\0\0\0<", "utf-32-be"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"),
    (b"\x4c\x6f\xa7\x94", "cp037"),
)
_DECLARATION = re.compile(
    rb"""\A(\s{0,64})<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}["']([\w.:-]{1,40})["'][^>]{0,99}>"""
)
# Wide ones show their zeros, so a narrow body that names one lies; the rest are codecs of Python's, not of the web.
_NEVER_TRIED = re.compile(
    r"(utf|ucs|u|unicode|csucs|csunicode|iso-10646-ucs)?[-_]?(2|4|7|16|32)?([-_]?[lb]e)?|.*(escape|punycode|idna|undefined|codec).*",
    re.IGNORECASE,
)

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]+")
_ROOT = re.compile(r"<(?:[\w.-]{1,40}:)?(rss|feed|rdf|channel|urlset|sitemapindex)(?=[\s>/])", re.IGNORECASE)
_PAGE = re.compile(r"<!doctype\s{1,9}html|<(?:html|head|body|div|meta|script)(?=[\s>/])", re.IGNORECASE)
_PAGE_START = re.compile(r"<!doctype\s{1,9}html|<(?:html|body)(?=[\s>])", re.IGNORECASE)
_ADDRESS_LINE = re.compile(r"\s*https?://\S+[ \t]*(?:\r?\n|\r|$)")
_DOCTYPE_END = re.compile(r"\]\s*>")
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})


def kind_from(body: bytes, content_type: str | None) -> Kind:
    """Return what the first 64 KiB of a body show it to be, gzip or not, whatever its label says."""
    head = text_from(_head(body), content_type).lstrip("\ufeff \t\r\n\0")
    if not head:
        return "nothing"
    if head[0] in "{[":
        return "json"
    root, page = _ROOT.search(head), _PAGE.search(head)
    # a warning of the server's, in HTML, may stand before a feed; the start of a page may not
    if root and not _PAGE_START.search(head, 0, root.start()):
        return "sitemap" if root[1].lower() in ("urlset", "sitemapindex") else "feed"
    if page:
        return "html"
    return "addresses" if _ADDRESS_LINE.match(head) else "something else"


def _head(body: bytes) -> bytes:
    try:
        return next(inflated(body, CHUNK), b"")[:_HEAD]
    except ParseError:  # no gzip after all, or a broken one
        return body[:_HEAD]


def text_from(body: bytes, content_type: str | None) -> str:
    """Return the text of a body without what XML forbids; what no charset explains becomes U+FFFD."""
    codec = _wide(body)
    text = body.decode(codec, "replace") if codec else decoded(_undeclared(body), _believed(content_type, body))[0]
    return _NOT_XML.sub("", text)


def texts(chunks: Iterator[bytes], content_type: str | None) -> Iterator[str]:
    """Yield the text of `chunks` as they come, at most one of them held; the first one settles the charset."""
    first = next(chunks, b"")
    whole = _undeclared(first[: first.rfind(b">") + 1] or first)  # a character may be cut in two behind it
    codec = _wide(first) or decoded(whole, _believed(content_type, first))[1]
    decoder = codecs.getincrementaldecoder(codec)("replace")
    yield _NOT_XML.sub("", decoder.decode(first))
    for chunk in chunks:
        yield _NOT_XML.sub("", decoder.decode(chunk))
    yield _NOT_XML.sub("", decoder.decode(b"", final=True))


def _wide(body: bytes) -> str | None:
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return codec
    start = body[:64].lstrip(b" \t\r\n")
    return next((codec for pattern, codec in _ZERO_PATTERNS if start.startswith(pattern)), None)


def _believed(content_type: str | None, body: bytes) -> str | None:
    """Return the label whose charset may be tried: the header's, else the declaration's."""
    declared = _DECLARATION.match(body[:400])
    named = http_content_type_encoding(content_type) or (declared and declared[2].decode("ascii", "replace"))
    return None if not named or _NEVER_TRIED.fullmatch(named) else f"text/xml; charset={named}"


def _undeclared(body: bytes) -> bytes:
    """Return `body` without an XML declaration, which the reader of HTML would believe."""
    return _DECLARATION.sub(rb"\1", body, count=1)


def inflated(body: bytes, limit: int) -> Iterator[bytes]:
    """Yield `body` in chunks, taken out of gzip where it is in it, members after the first included (RFC 1952).

    Raises: ParseError after the last good chunk, where the gzip breaks or `limit` bytes are passed.
    """
    given = 0
    for chunk in _gunzipped(body) if body.startswith(_GZIP) else _sliced(body):
        yield chunk[: limit - given]
        given += len(chunk)
        if given > limit:
            raise ParseError(f"cut at {limit} bytes")


def _sliced(body: bytes) -> Iterator[bytes]:
    return (body[at : at + CHUNK] for at in range(0, len(body), CHUNK))


def _gunzipped(body: bytes) -> Iterator[bytes]:
    inflater = zlib.decompressobj(wbits=31)
    for piece in _sliced(body):
        while piece:
            if inflater.eof and not piece.startswith(_GZIP[:1]):
                return  # padding after the last member
            inflater = zlib.decompressobj(wbits=31) if inflater.eof else inflater
            try:
                yield inflater.decompress(piece, CHUNK)
            except zlib.error as error:
                raise ParseError(f"corrupt gzip ({error})") from error
            piece = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
    if not inflater.eof:
        raise ParseError("gzip cut short")


def plain_entities(text: str) -> str:
    """Return `text` without its document type, and HTML's named entities as their characters.

    So nothing is left that could declare an entity, and the five of XML are the only ones in use.
    """
    return _ENTITY.sub(_character, _without_doctype(text))


def _character(match: re.Match[str]) -> str:
    return match[0] if match[1] in _OF_XML else html5.get(match[1] + ";", match[0])


def _without_doctype(text: str) -> str:
    kept, at = [], 0
    while (start := text.find("<!DOCTYPE", at)) >= 0:
        kept.append(text[at:start])
        subset, end = text.find("[", start), text.find(">", start)
        if 0 <= subset < end:
            match = _DOCTYPE_END.search(text, subset)
            end = match.end() - 1 if match else -1
        if end < 0:
            return "".join(kept)
        at = end + 1
    kept.append(text[at:])
    return "".join(kept)
