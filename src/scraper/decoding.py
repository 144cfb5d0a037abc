"""Content codings undone within a bound. Bytes in, bytes out.

Only gzip is ever asked for; deflate is taken, as old servers send it unasked. Everything else is refused:
httpx itself decodes without a bound, takes a cut gzip for whole, drops later members and ignores unknown codings.
"""

from __future__ import annotations

import io
import zlib
from functools import lru_cache

from scraper.errors import BodyError

_PIECE = 256 * 1024  # in
_STEP = 1024 * 1024  # out
_MEMBERS = 4096  # block-wise gzip has one per 64 KiB; 800,000 empty ones fit into a page's limit
_GZIP = zlib.MAX_WBITS | 16
_STARTS = {"gzip": (_GZIP,), "x-gzip": (_GZIP,), "deflate": (zlib.MAX_WBITS, -zlib.MAX_WBITS)}


def codings(content_encoding: str | None) -> tuple[str, ...]:
    """Return the codings of a Content-Encoding header in lower case, `identity` left out."""
    names = (name.strip().lower() for name in (content_encoding or "").split(","))
    return tuple(name for name in names if name not in ("", "identity"))


def decoded(wire: bytes, content_encoding: str | None, limit: int) -> bytes:
    """Return the body without its coding.

    Raises: BodyError where it is cut, corrupt, over `limit` bytes, or in a coding that was not asked for.
    """
    names = codings(content_encoding)
    if len(names) > 1:
        raise BodyError(f"nested content encodings {', '.join(names)[:60]!r}")
    if names and names[0] not in _STARTS:
        raise BodyError(f"content encoding {names[0][:60]!r} was not asked for")
    if not names or not wire:
        if len(wire) > limit:
            raise BodyError(f"body over {limit} bytes")
        return wire
    body, whole = _inflated(wire, _bits(names[0], wire), limit)
    if len(body) > limit:
        raise BodyError(f"body over {limit} bytes once decoded")
    if not whole:
        raise BodyError(f"{names[0]} body is cut short")
    return body


def beginning(wire: bytes, content_encoding: str | None, limit: int) -> bytes:
    """Return what can be decoded of a body that may be cut or corrupt, at most `limit` bytes; b"" where nothing can."""
    names = codings(content_encoding)
    if not names:
        return wire[:limit]
    if len(names) > 1 or names[0] not in _STARTS:
        return b""
    try:
        return _inflated(wire, _bits(names[0], wire), limit)[0][:limit]
    except BodyError:
        return b""


def unpacked(body: bytes, limit: int) -> bytes:
    """Return the content of a gzip file such as sitemap.xml.gz; any other body as it is.

    Raises: BodyError where the file is cut, corrupt, or over `limit` bytes unpacked.
    """
    return decoded(body, "gzip", limit) if body.startswith(b"\x1f\x8b") else body


def _bits(name: str, wire: bytes) -> int:
    # RFC 9110, 8.4.1.2: some servers send "deflate" without its zlib wrapper
    wrapped = wire[0] & 0x0F == 8 and len(wire) > 1 and (wire[0] << 8 | wire[1]) % 31 == 0
    return _STARTS[name][0] if wrapped else _STARTS[name][-1]


def _inflated(wire: bytes, bits: int, limit: int) -> tuple[bytes, bool]:
    """Inflate up to `limit` + 1 bytes, all members of it; tell whether the last end mark was reached."""
    if len(wire) <= _PIECE and (body := _at_once(wire, bits)) is not None:
        return body[: limit + 1], len(body) <= limit
    out, place = io.BytesIO(), 0  # grows in place: joined parts would hold a sitemap twice
    for _ in range(_MEMBERS):
        member = zlib.decompressobj(bits)
        before = -1
        while not member.eof and out.tell() <= limit and (place < len(wire) or out.tell() > before):
            piece, before = wire[place : place + _PIECE], out.tell()
            try:
                out.write(member.decompress(piece, min(limit + 1 - out.tell(), _STEP)))
            except zlib.error as error:
                raise BodyError("body is not what its content encoding says, or corrupt") from error
            place += len(piece) - len(member.unused_data) - len(member.unconsumed_tail)
        if not member.eof or out.tell() > limit:
            return out.getvalue(), False
        # RFC 1952, 2.2: members follow one another; zeros pad tapes
        if bits != _GZIP or place == len(wire) or not wire[place:].strip(b"\0"):
            return out.getvalue(), True
    raise BodyError(f"body of more than {_MEMBERS} gzip members")


# a page is asked for twice in a row: by who looks for a mark against keeping it, and to be read
@lru_cache(maxsize=1)
def _at_once(wire: bytes, bits: int) -> bytes | None:
    """Inflate a body of one member and up to a step, as nearly all are; None where it is another kind, or corrupt."""
    member = zlib.decompressobj(bits)
    try:
        body = member.decompress(wire, _STEP)
    except zlib.error:
        return None
    return body if member.eof and not member.unused_data else None
