"""The heads of WARC and ARC records, and of the HTTP messages in them, as warcio reads them."""

from __future__ import annotations

import gzip
import io
from typing import BinaryIO

from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.limitreader import LimitReader
from warcio.recordloader import ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeadersParser, StatusAndHeadersParserException

from scraper.records import Headers


def record_head(
    stream: BinaryIO | gzip.GzipFile | io.BytesIO, first: bytes, size: int
) -> tuple[str, dict[str, str], int | None]:
    """Read the rest of a record's head, at most `size` bytes, whose `first` line was read already.

    Returns its kind, its fields by their names in lower case, and the length of its block.

    Raises: ValueError where it is none.
    """
    loader = ArcWarcRecordLoader(arc2warc=True)
    try:
        head = loader.parse_record_stream(LimitReader(stream, size), first, no_record_parse=True)
    except (ArchiveLoadFailed, StatusAndHeadersParserException, EOFError) as error:
        raise ValueError(str(error)) from error
    return str(head.rec_type), {name.lower(): value for name, value in head.rec_headers.headers}, head.length


def http_headers(block: bytes) -> Headers:
    """Return the headers of a request."""
    parsed = StatusAndHeadersParser([], verify=False).parse(io.BytesIO(block or b"\r\n"))
    return tuple((str(name), str(value)) for name, value in parsed.headers)


def http_answer(block: bytes) -> tuple[int, str, Headers, bytes]:
    """Return an answer's status, reason, headers, and its body without chunks.

    Raises: ValueError where it is none.
    """
    stream = io.BytesIO(block)
    try:
        head = StatusAndHeadersParser([], verify=False).parse(stream)
    except EOFError as error:
        raise ValueError("no HTTP head") from error
    code, _, reason = str(head.statusline).partition(" ")
    if not (head.protocol.upper().startswith("HTTP/") and code.isdecimal()):
        raise ValueError("no HTTP status line")
    headers = tuple((str(name), str(value)) for name, value in head.headers)
    body = stream.read()
    if any(name.lower() == "transfer-encoding" and "chunked" in value.lower() for name, value in headers):
        body = ChunkedDataReader(io.BytesIO(body)).read()
    return int(code), reason.strip(), headers, body
