"""Whether the bytes a receipt leads to are there, and are what it says."""

from __future__ import annotations

from pathlib import Path

from scraper.errors import ArchiveError
from scraper.records import Kept
from scraper.warc.captures import exchange_at
from scraper.warc.warcread import record_at
from scraper.warc.warcrecord import digest_of


def fault(folder: Path, kept: Kept) -> str | None:
    """Return why the bytes are not what the receipt says, None where they are."""
    file, offset = kept.file or "", kept.offset or 0
    try:
        exchange = exchange_at(folder, file, offset)
        with (folder / file).open("rb") as stream:
            length = record_at(stream, offset).length
    except ArchiveError as error:
        return error.message
    if (exchange.url, length) != (kept.url, kept.length):
        return f"another record lies at byte {offset} of {file}"
    same = kept.digest is None or digest_of(exchange.wire) == kept.digest
    return None if same else f"the bytes at {offset} of {file} have changed"
