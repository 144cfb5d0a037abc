"""WARC files in, records out, whoever wrote them: gzip per record, gzip over all, or plain; WARC 1.x and ARC.

Damage is a value, not an end: reading goes on at the next record that can be read. Nothing is written here.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import BinaryIO

from scraper.records import Exchange, Headers

RECORD_BYTES = 80 * 1024 * 1024  # a longer one is skipped: above Limits.sitemap_bytes, so never one of ours
MAGIC = b"\x1f\x8b\x08"  # a gzip member begins so (RFC 1952, 2.3.1)
_HEAD_BYTES = 1024 * 1024
_CHUNK = 16 * 1024
_FIRST_LINE = re.compile(rb"WARC/\d\.\d+\s*$|^\S+:\S+ [\d.:a-fA-F]+ \d{14} \S+ \d+\s*$")  # of WARC, of ARC


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes of a file that could not be read, and why; `offset` is where they begin."""

    file: str
    offset: int
    reason: str


@dataclass(frozen=True, slots=True)
class Record:
    """One WARC record; `fields` have their names in lower case.

    `offset` and `length` are those of the gzip member, or of the plain record; None inside one gzip over all.
    """

    kind: str
    fields: dict[str, str]
    block: bytes
    offset: int | None
    length: int | None


Report = Callable[[int, str], None]


class _Unreadable(ValueError):
    """These bytes are no record; the message says why."""


class _TooLarge(_Unreadable):
    """The member holds more than RECORD_BYTES."""


def records(stream: BinaryIO, damaged: Report, start: int = 0) -> Iterator[Record]:
    """Yield the records of a seekable file from the byte `start` on, in file order."""
    stream.seek(start)
    packed = stream.read(2) == MAGIC[:2]
    stream.seek(start)
    if not packed:
        yield from _parsed(stream, damaged)
        return
    try:
        yield from _member_records(stream, damaged, start)
    except _TooLarge:
        stream.seek(start)
        yield from _unaddressed_records(stream, damaged)


def record_at(stream: BinaryIO, offset: int) -> Record:
    """Return the record at `offset`.

    Raises: ValueError where there is none.
    """
    faults: list[str] = []
    for record in records(stream, lambda _, reason: faults.append(reason), offset):
        if record.offset == offset:
            return record
        break
    raise ValueError(faults[0] if faults else "no record")


def whole_end(stream: BinaryIO, start: int) -> int:
    """Return where the last whole record after `start` ends, in a file of one gzip member per record."""
    end = start
    try:
        while True:
            data, following = _inflated(stream, end)
            if not data.startswith(b"WARC/"):
                return end
            end = following
    except _Unreadable:
        return end


def is_torn(stream: BinaryIO, offset: int) -> bool:
    """Tell whether nothing from `offset` on is a record: a write that a crash cut, and not damage within a file."""
    size = stream.seek(0, io.SEEK_END)
    while (offset := _next_member(stream, offset + 1, size)) < size:
        if whole_end(stream, offset) > offset:
            return False
    return True


def _inflated(stream: BinaryIO, offset: int) -> tuple[bytes, int]:
    """Return the gzip member at `offset`, its checksum proved, and where it ends."""
    stream.seek(offset)
    engine = zlib.decompressobj(zlib.MAX_WBITS + 16)
    parts: list[bytes] = []
    room = RECORD_BYTES
    while not engine.eof:
        chunk = stream.read(_CHUNK)
        if not chunk:
            raise _Unreadable("cut short")
        try:
            parts.append(engine.decompress(chunk, room + 1))
        except zlib.error as error:
            raise _Unreadable(f"damaged gzip ({error})") from error
        room -= len(parts[-1])
        if room < 0:
            raise _TooLarge(f"more than {RECORD_BYTES} bytes")
    return b"".join(parts), stream.tell() - len(engine.unused_data)


def _member_records(stream: BinaryIO, damaged: Report, start: int) -> Iterator[Record]:
    """Yield the records of gzip members, resuming after a damaged one at the next that holds a record.

    Raises: _TooLarge where the first member does not end: one gzip over all records.
    """
    size = stream.seek(0, io.SEEK_END)
    offset, fault, fault_at = start, "", start
    while offset < size:
        try:
            found, end = _records_in(stream, offset, damaged)
        except _Unreadable as error:
            if isinstance(error, _TooLarge) and offset == start:
                raise
            fault, fault_at = (fault, fault_at) if fault else (str(error), offset)
            offset = _next_member(stream, offset + 1, size)
            continue
        if fault:
            damaged(fault_at, f"{fault}, {offset - fault_at} bytes lost")
            fault = ""
        yield from found
        offset = end
    if fault:
        damaged(fault_at, f"{fault}, {size - fault_at} bytes lost")


def _records_in(stream: BinaryIO, offset: int, damaged: Report) -> tuple[list[Record], int]:
    """Return the records of the member at `offset`, and where it ends."""
    data, end = _inflated(stream, offset)
    faults: list[str] = []
    found = list(_parsed(io.BytesIO(data), lambda _, reason: faults.append(reason)))
    if data.strip() and not found:
        raise _Unreadable(faults[0])
    for reason in faults:
        damaged(offset, reason)
    if len(found) == 1:
        return [replace(found[0], offset=offset, length=end - offset)], end
    return [replace(record, offset=None, length=None) for record in found], end


def _next_member(stream: BinaryIO, offset: int, size: int) -> int:
    """Return where the next gzip header may begin, `size` if nowhere."""
    stream.seek(offset)
    before = b""
    while chunk := stream.read(_CHUNK):
        found = (before + chunk).find(MAGIC)
        if found >= 0:
            return offset - len(before) + found
        offset += len(chunk)
        before = (before + chunk)[-2:]
    return size


def _unaddressed_records(stream: BinaryIO, damaged: Report) -> Iterator[Record]:
    try:
        for record in _parsed(gzip.GzipFile(fileobj=stream), damaged):
            yield replace(record, offset=None, length=None)
    except (zlib.error, EOFError, OSError) as error:
        damaged(0, f"one gzip over all records, and damaged: {error}")


def _parsed(stream: BinaryIO | gzip.GzipFile | io.BytesIO, damaged: Report) -> Iterator[Record]:
    """Yield the records of undeflated bytes; lines between them that begin none are skipped and reported."""
    stray: int | None = None
    while line := stream.readline(_HEAD_BYTES):
        at = stream.tell() - len(line)
        first = _FIRST_LINE.search(line)
        if stray is None and (line.strip() if first is None else first.start()):
            stray = at
        if first is None:
            continue
        at += first.start()
        if stray is not None:
            damaged(stray, f"{at - stray} bytes that belong to no record")
            stray = None
        try:
            kind, fields, block = _split(stream, first[0])
        except _Unreadable as error:
            damaged(at, str(error))
            continue
        yield Record(kind, fields, block, at, stream.tell() - at)
    if stray is not None:
        damaged(stray, f"{stream.tell() - stray} bytes that belong to no record")


def _split(stream: BinaryIO | gzip.GzipFile | io.BytesIO, first: bytes) -> tuple[str, dict[str, str], bytes]:
    from scraper.warc.heads import record_head  # with warcio, for who reads records: a harvest only writes them

    try:
        kind, fields, length = record_head(stream, first, _HEAD_BYTES)
    except ValueError as error:
        raise _Unreadable(f"no record head ({error})") from error
    if length is None:
        raise _Unreadable("no length")
    if length > RECORD_BYTES:
        _skip(stream, length)
        raise _Unreadable(f"more than {RECORD_BYTES} bytes")
    block = stream.read(length)
    if len(block) < length:
        raise _Unreadable(f"cut short, {length - len(block)} bytes missing")
    return kind, fields, block


def _skip(stream: BinaryIO | gzip.GzipFile | io.BytesIO, size: int) -> None:
    while size > 0 and (chunk := stream.read(min(size, 64 * _CHUNK))):
        size -= len(chunk)


def exchange_from(record: Record) -> Exchange:
    """Return the answer a response, revisit or resource record holds, de-chunked; its request stands elsewhere.

    Raises: ValueError where it holds none.
    """
    url, fetched = target(record), instant_from(record.fields.get("warc-date", ""))
    if record.kind == "resource":
        headers: Headers = (("Content-Type", record.fields.get("content-type", "")),)
        return Exchange(url, fetched, status=200, reason="OK", headers=headers, wire=record.block)
    if not record.block and record.kind == "revisit":  # its head is optional (ISO 28500:2017, 6.7)
        return Exchange(url, fetched, status=200)
    from scraper.warc.heads import http_answer

    status, reason, answer_headers, wire = http_answer(record.block)
    return Exchange(
        url, fetched, status=status, reason=reason, headers=answer_headers, wire=wire,
        truncated=record.fields.get("warc-truncated"),
    )  # fmt: skip


def target(record: Record) -> str:
    """Return the record's URL; WARC/1.0 examples put it in angle brackets."""
    return record.fields.get("warc-target-uri", "").strip("<> ")


def request_headers(block: bytes) -> Headers:
    """Return the headers of a request record's block."""
    from scraper.warc.heads import http_headers

    return http_headers(block)


def instant_from(text: str) -> datetime:
    """Return the instant of a WARC-Date or a 14-digit ARC date, UTC.

    Raises: ValueError for any other text.
    """
    if re.fullmatch(r"\d{14}", text):
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    instant = datetime.fromisoformat(text.strip())  # of WARC/1.1's nanoseconds six digits are read
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
