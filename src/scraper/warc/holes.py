"""Records taken out of WARC files so that their room is given back: no offset of any other record moves.

In their place stand empty records, each with an extra field of zeros that no reader looks at (RFC 1952, 2.3.1.1).
Where the file system can leave zeros out, the zeros take no room on the disk. The same stretch may be blanked again.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from scraper.errors import ArchiveError
from scraper.warc.tombstones import empty_tail, plain_tombstone
from scraper.warc.warcread import MAGIC, record_at

_EXTRA: Final = b"\x04\x00\x00\x00\x00\x00\xff"  # an extra field follows; no time, no level, unknown system
_ROOM: Final = 60_000  # of one empty record; an extra field holds up to 65,535
_PUNCH: Final = 0x01 | 0x02  # keep the file's size, make a hole (linux/falloc.h)

Stretch = tuple[int, int]  # offset, length


def blank(path: Path, stretches: Iterable[Stretch], instant: datetime) -> None:
    """Fill these stretches, each one or more whole records, with empty ones, and bring that to the disk.

    Raises: ArchiveError where it cannot be done; a stretch may be half done then, and is done by another call.
    """
    try:
        descriptor = os.open(path, os.O_RDWR)
        try:
            for offset, length in stretches:
                _blank(descriptor, offset, length, instant)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise ArchiveError(f"cannot write ({error.strerror})", str(path)) from error


def is_repeat(path: Path, offset: int) -> bool:
    """Tell whether a revisit lies there, that nothing can refer to: its original has the body."""
    try:
        with path.open("rb") as stream:
            return record_at(stream, offset).kind == "revisit"
    except (OSError, ValueError):
        return False


def _blank(descriptor: int, offset: int, length: int, instant: datetime) -> None:
    if os.pread(descriptor, len(MAGIC), offset) != MAGIC:
        os.pwrite(descriptor, plain_tombstone(length, instant), offset)
        return
    for begin, size in _shares(offset, length):
        tail = empty_tail(instant)
        zeros = size - len(MAGIC) - len(_EXTRA) - 6 - len(tail)
        if zeros < 0:
            raise ArchiveError(f"a record of {size} bytes is too short to be overwritten")
        head = MAGIC + _EXTRA + (zeros + 4).to_bytes(2, "little") + b"WB" + zeros.to_bytes(2, "little")
        os.pwrite(descriptor, head + bytes(zeros) + tail, begin)
        _punch(descriptor, begin + len(head), zeros)


def _shares(offset: int, length: int) -> Iterator[Stretch]:
    """Yield the stretch in equal parts, none longer than an extra field takes."""
    parts = -(-length // _ROOM)
    for number in range(parts):
        begin, end = length * number // parts, length * (number + 1) // parts
        yield offset + begin, end - begin


def _punch(descriptor: int, offset: int, length: int) -> None:
    """Give the room of zeros back to the disk where its file system can; elsewhere they stay zeros."""
    fallocate = getattr(ctypes.CDLL(None), "fallocate", None)
    if fallocate is not None and length:
        fallocate(descriptor, _PUNCH, ctypes.c_int64(offset), ctypes.c_int64(length))
