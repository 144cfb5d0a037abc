"""Answers as WARC files hold them, joined: each with its request and source, each revisit with its original's body."""

from __future__ import annotations

import logging
import re
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Final

from scraper.errors import ArchiveError
from scraper.records import Exchange, Headers, Kept
from scraper.warc.warcread import Damage, Record, exchange_from, record_at, records, request_headers, target
from scraper.warc.warcrecord import digest_of

Capture = tuple[Kept, Exchange, str | None]
Damaged = Callable[[Damage], None]
_Told = tuple[Headers, str | None]  # what the request and metadata records beside an answer say

_WARC_NAME: Final = re.compile(r"\.w?arc(\.gz)?$")
ORIGINALS: Final = 100_000  # places of whole answers remembered for the revisits of files not ours, 0.3 KB each
_BESIDE: Final = 64  # records that stand near the answer they belong to
_ANSWERS: Final = ("response", "resource", "revisit")
_HOPS: Final = 8  # a revisit of a revisit of ...

_log = logging.getLogger("scraper.archive")


def answers(file: Path, start: int, damaged: Damaged) -> Iterator[Answer]:
    """Yield the answers of one WARC file from the byte `start` on, each as it stands there: no other file is opened."""
    return Captures(damaged).answers(file, str(file), start)


def exchange_at(folder: Path, file: str, offset: int) -> Exchange:
    """Return the exchange whose answer begins at `offset`; a revisit with its original's body.

    A 304 whose original is not known has none. Raises: ArchiveError where no answer, or not its original, can be had.
    """
    path = folder / file
    try:
        record = _record(path, offset)
        exchange = exchange_from(record)
    except (OSError, ValueError) as error:
        raise ArchiveError(f"no answer at byte {offset} of {path} ({error})") from error
    if record.kind != "revisit":
        return exchange
    original = _told_original(path, record)
    if original is None and exchange.status != 304:
        raise ArchiveError(f"the page repeated at byte {offset} of {path} is not where it should be")
    return exchange if original is None else _revisited(exchange, original)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a file by itself; `repeats` says that it is a revisit, whose bytes lie elsewhere."""

    kept: Kept
    exchange: Exchange
    source: str | None
    repeats: bool


class Captures:
    """Reads one set of files; what it met earlier in the set is the original of what comes later."""

    def __init__(self, damaged: Damaged) -> None:
        self._damaged = damaged
        self._originals: OrderedDict[str, tuple[Path, int]] = OrderedDict()
        self._beside: OrderedDict[str, _Told] = OrderedDict()
        self._waiting: list[tuple[Path, str, Record, _Told]] = []

    def of_file(self, path: Path, name: str, start: int = 0) -> Iterator[Capture]:
        """Yield the answers of one file from the byte `start` on; `name` is how receipts call it."""
        try:
            with path.open("rb") as stream:
                for record in records(stream, lambda offset, why: self._damaged(Damage(name, offset, why)), start):
                    yield from self._captures_in(path, name, record)
        except OSError as error:
            self._damaged(Damage(name, 0, f"cannot be read ({error.strerror})"))

    def answers(self, path: Path, name: str, start: int = 0) -> Iterator[Answer]:
        """Yield the answers of one file from the byte `start` on as they stand there, no revisit joined."""
        try:
            with path.open("rb") as stream:
                for record in records(stream, lambda offset, why: self._damaged(Damage(name, offset, why)), start):
                    yield from self._answers_in(name, record)
        except OSError as error:
            self._damaged(Damage(name, 0, f"cannot be read ({error.strerror})"))

    def _answers_in(self, name: str, record: Record) -> Iterator[Answer]:
        try:
            if record.kind in ("request", "metadata"):
                self._note_beside(record)
            elif record.kind in _ANSWERS and target(record).startswith(("http:", "https:")):
                kept, exchange, source = _capture(name, record, exchange_from(record), self._told(record))
                yield Answer(kept, exchange, source, record.kind == "revisit")
        except ValueError as error:
            self._damaged(Damage(name, record.offset or 0, str(error)))

    def late(self) -> Iterator[Capture]:
        """Yield the revisits that stood before their original; to be asked for when the files are read."""
        for path, name, record, told in self._waiting:
            original = self._original(path, record)
            if original is None:
                self._damaged(Damage(name, record.offset or 0, f"its original is not here: {target(record)}"))
            else:
                yield _capture(name, record, _revisited(exchange_from(record), original), told)
        self._waiting.clear()

    def _captures_in(self, path: Path, name: str, record: Record) -> Iterator[Capture]:
        try:
            if record.kind in ("request", "metadata"):
                self._note_beside(record)
            elif record.kind in _ANSWERS and target(record).startswith(("http:", "https:")):
                yield from self._answer(path, name, record)
        except ValueError as error:
            self._damaged(Damage(name, record.offset or 0, str(error)))

    def _answer(self, path: Path, name: str, record: Record) -> Iterator[Capture]:
        if "warc-segment-number" in record.fields:
            raise ValueError("a record in segments")
        exchange = exchange_from(record)
        if record.kind == "revisit":
            original = self._original(path, record)
            if original is None and (exchange.status != 304 or "warc-refers-to-date" in record.fields):
                self._waiting.append((path, name, record, self._told(record)))
                return
            exchange = exchange if original is None else _revisited(exchange, original)
        elif record.offset is not None:
            self._note_original(path, record)
        yield _capture(name, record, exchange, self._told(record))

    def _told(self, record: Record) -> _Told:
        return self._beside.pop(record.fields.get("warc-record-id", ""), ((), None))

    def _note_beside(self, record: Record) -> None:
        answer = record.fields.get("warc-concurrent-to", "")
        headers, source = self._beside.get(answer, ((), None))
        if record.kind == "request":
            headers = request_headers(record.block)
        else:
            source = dict(request_headers(b"fields\r\n" + record.block)).get("source", source)
        self._beside[answer] = headers, source
        if len(self._beside) > _BESIDE:
            self._beside.popitem(last=False)

    def _note_original(self, path: Path, record: Record) -> None:
        for key in (record.fields.get("warc-payload-digest"), f"{target(record)} {record.fields.get('warc-date')}"):
            if key and record.offset is not None:
                self._originals[key] = path, record.offset
        while len(self._originals) > ORIGINALS:
            self._originals.popitem(last=False)

    def _original(self, path: Path, record: Record) -> Exchange | None:
        told = _told_original(path, record)
        if told is not None:
            return told
        fields = record.fields
        spot = self._originals.get(
            f"{fields.get('warc-refers-to-target-uri', '').strip('<> ')} {fields.get('warc-refers-to-date')}"
        ) or self._originals.get(fields.get("warc-payload-digest", ""))
        try:
            return exchange_from(_record(*spot)) if spot else None
        except (OSError, ValueError):
            return None


def _record(path: Path, offset: int) -> Record:
    with path.open("rb") as stream:
        return record_at(stream, offset)


def _told_original(path: Path, record: Record) -> Exchange | None:
    """Return the exchange at the file and offset the revisit names; None where it names none, or another's bytes."""
    for _ in range(_HOPS):
        file, offset = (record.fields.get(f"warc-refers-to-{part}", "") for part in ("filename", "file-offset"))
        url = record.fields.get("warc-refers-to-target-uri", "")
        if not file or not offset.isdecimal():
            return None
        path = _beside(path, file)
        try:
            record = _record(path, int(offset))
            exchange = exchange_from(record)
        except (OSError, ValueError):
            return None
        if exchange.url != url.strip("<> "):
            return None
        if record.kind != "revisit":
            return exchange
    return None


def _beside(path: Path, name: str) -> Path:
    """Return the file that a record names, below the folder it lies in or beside it; a name leads nowhere else."""
    parts = PurePosixPath(name)
    below = path.parent / parts
    inside = not parts.is_absolute() and ".." not in parts.parts
    return below if inside and below.is_file() else path.parent / parts.name


def _revisited(exchange: Exchange, original: Exchange) -> Exchange:
    """Return `exchange` with the body of `original`, and what headers it did not bring itself (RFC 9111, 3.2)."""
    brought = {name.lower() for name, _ in exchange.headers}
    missing = tuple((name, value) for name, value in original.headers if name.lower() not in brought)
    return replace(exchange, headers=exchange.headers + missing, wire=original.wire, truncated=original.truncated)


def _capture(name: str, record: Record, exchange: Exchange, told: _Told) -> Capture:
    headers, source = told
    kept = Kept(
        exchange.url,
        exchange.fetched,
        exchange.status,
        0 if exchange.status == 304 else len(exchange.wire),
        digest_of(exchange.wire) if exchange.wire or exchange.status != 304 else None,
        name,
        record.offset,
        record.length,
    )
    return kept, replace(exchange, request_headers=headers), source


def exchanges(*places: Path, damaged: Damaged | None = None) -> Iterator[Capture]:
    """Yield (receipt, exchange, source key if one is told) of every answer in these WARC files and folders.

    A receipt's `file` is relative to the folder given, or the path given. A revisit has the body of its original
    where that is in the set; a 304 too, and those of its original's headers that it does not bring itself.
    Those met before their original come last. What cannot be read goes to `damaged`, or to the log.
    """
    captures = Captures(damaged or warn)
    for place in places:
        if place.is_dir():
            for path in warc_files(place):
                yield from captures.of_file(path, str(path.relative_to(place)))
        else:
            yield from captures.of_file(place, str(place))
    yield from captures.late()


def warc_files(folder: Path) -> list[Path]:
    """Return the WARC files in a folder and below it, by name; a folder may be called like one."""
    return sorted(path for path in folder.rglob("*") if _WARC_NAME.search(path.name) and path.is_file())


def exchanges_after(folder: Path, starts: Mapping[str, int], damaged: Damaged | None = None) -> Iterator[Capture]:
    """Yield the exchanges of these files of a folder, each from its byte on; receipts name the files as given."""
    captures = Captures(damaged or warn)
    for name, start in sorted(starts.items()):
        yield from captures.of_file(folder / name, name, start)
    yield from captures.late()


def warn(damage: Damage) -> None:
    """Say in the log what could not be read."""
    _log.warning("%s, byte %d: %s", damage.file, damage.offset, damage.reason)
