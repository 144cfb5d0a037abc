"""Bytes in, text out: which charset a page is in, by what it says and by what it is."""

from __future__ import annotations

import re
from contextlib import suppress

import cchardet
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, resolve_encoding

_WIDE = re.compile(r"utf[-_]?(?:16|32)|ucs", re.IGNORECASE)
_NO_CHARSET = re.compile(r"punycode|idna|utf[-_]?7|.*(?:escape|undefined)", re.IGNORECASE)  # codecs, but of no page


def decoded(body: bytes, content_type: str | None) -> tuple[str, str]:
    """Return the text of `body` and the charset it was read in.

    A byte-order mark wins, then valid multi-byte UTF-8 (chance does not produce it), then the header, then
    `<meta>`, then a detector; what no charset explains becomes U+FFFD. NUL is dropped.
    """
    marked, mark = read_bom(body)
    if marked is not None and mark is not None:
        return _clean(body[len(mark) :].decode(marked, "replace"), body), marked
    if not body.isascii():
        with suppress(UnicodeDecodeError):
            return _clean(body.decode(), body), "utf-8"
    declared = _declared(body, content_type)
    for charset in (*declared, "utf-8") if body.isascii() else declared:
        try:
            return _clean(body.decode(charset), body), charset
        except (UnicodeDecodeError, LookupError):
            continue
    charset = _detected(body, declared)
    return _clean(body.decode(charset, "replace"), body), charset


def _declared(body: bytes, content_type: str | None) -> list[str]:
    found = (http_content_type_encoding(content_type), html_body_declared_encoding(body[:4096]))
    wide = b"\0" in body[:200]  # markup in two or four bytes a character; without it such a name is a lie
    return [charset for charset in found if charset is not None and _NO_CHARSET.match(charset) is None
            and (wide or _WIDE.match(charset) is None) and _of_text(charset)]


def _of_text(charset: str) -> bool:
    """Tell whether a codec gives text; Python's `uu`, `hex` and `zlib` make bytes out of bytes."""
    try:
        "".encode(charset)
    except LookupError:
        return False
    return True


def _detected(body: bytes, declared: list[str]) -> str:
    # a page cut in mid-character or with one stray byte is still in the charset it names
    for charset in declared:
        if body[:200_000].decode(charset, "replace").count("\ufffd") < 20:
            return charset
    guessed = cchardet.detect(body[:200_000])["encoding"]
    return (resolve_encoding(guessed) if guessed else None) or "utf-8"


def _clean(text: str, body: bytes) -> str:
    return text.replace("\x00", "") if b"\0" in body else text  # sought in a wide text it costs more than to decode it
