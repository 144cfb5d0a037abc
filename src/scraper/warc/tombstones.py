"""Records taken out of WARC files for good: each is overwritten in place by an empty one of the same length.

No offset of any other record moves. The tombstone says only when it was put there.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import uuid4

from scraper.errors import ArchiveError
from scraper.warc.warcread import MAGIC, records, target
from scraper.warc.warcrecord import warc_date

_HEADER: Final = b"\x00\x00\x00\x00\x00\xff"  # RFC 1952: no time, no level, unknown system
_COMMENTED, _PLAIN = b"\x10", b"\x00"


def bury(path: Path, wanted: Callable[[str], bool], instant: datetime) -> int:
    """Overwrite every record of this file whose address is `wanted`; return how many.

    Raises: ArchiveError where one cannot be overwritten: the file is one gzip over all, or not writable.
    """
    with path.open("rb") as stream:
        found = [record for record in records(stream, lambda _offset, _reason: None) if wanted(target(record))]
    try:
        descriptor = os.open(path, os.O_RDWR) if found else -1
        try:
            for record in found:
                if record.offset is None or record.length is None:
                    raise ArchiveError("records of one gzip over all cannot be taken out", str(path))
                packed = os.pread(descriptor, len(MAGIC), record.offset) == MAGIC
                text = tombstone(record.length, instant) if packed else plain_tombstone(record.length, instant)
                os.pwrite(descriptor, text, record.offset)
            if found:
                os.fsync(descriptor)
        finally:
            if found:
                os.close(descriptor)
    except OSError as error:
        raise ArchiveError(f"cannot write ({error.strerror})", str(path)) from error
    return len(found)


def tombstone(length: int, instant: datetime) -> bytes:
    """Return a gzip member of exactly `length` bytes that holds an empty record; a comment fills it up.

    Raises: ArchiveError where it does not fit; the shortest record of ours is twice as long.
    """
    end = empty_tail(instant)
    room = length - len(MAGIC) - 1 - len(_HEADER) - len(end)
    if room < 0:
        raise ArchiveError(f"a record of {length} bytes is too short to be overwritten")
    if room == 0:
        return MAGIC + _PLAIN + _HEADER + end
    return MAGIC + _COMMENTED + _HEADER + b" " * (room - 1) + b"\0" + end


def empty_tail(instant: datetime) -> bytes:
    """Return what follows the header of a gzip member that holds an empty record."""
    text = empty_record(b"", instant)
    engine = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = engine.compress(text) + engine.flush()
    return packed + zlib.crc32(text).to_bytes(4, "little") + len(text).to_bytes(4, "little")


def plain_tombstone(length: int, instant: datetime) -> bytes:
    """Return an empty record of exactly `length` bytes, its block filled up. Raises: ArchiveError as tombstone."""
    empty = len(empty_record(b"", instant))
    for blanks in (" ", "  "):  # a longer block may need a digit more to say so, and then miss the length by one
        for digits in range(1, 12):
            room = length - empty - (len(blanks) - 1) - (digits - 1)
            if room >= 0 and len(str(room)) == digits:
                return empty_record(b" " * room, instant, blanks)
    raise ArchiveError(f"a record of {length} bytes is too short to be overwritten")


def empty_record(block: bytes, instant: datetime, blanks: str = " ") -> bytes:
    """Return a record that says only when it was written."""
    lines = ("WARC/1.1", "WARC-Type: metadata", f"WARC-Record-ID: <urn:uuid:{uuid4()}>",
             f"WARC-Date: {warc_date(instant.replace(microsecond=0))}", f"Content-Length:{blanks}{len(block)}", "", "")
    return "\r\n".join(lines).encode() + block + b"\r\n\r\n"
