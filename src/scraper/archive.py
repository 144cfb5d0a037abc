"""The raw bytes: every exchange kept in WARC files before anyone reads it, and read back. No network, no database.

    YYYYMMDD-NNNNN.warc.gz    a day of exchanges (UTC), or less where a file reached its size
    request, metadata (source, fetch instant), response | revisit    one gzip member each, in this order

What was written before a crash is told by the database: `committed` says up to which byte it knows each file.
- Beyond that byte whole records stay (they are pages, and the database may be the older of the two); only what
  follows the last whole record is cut off. `uncommitted` yields them to whoever wants to catch up.
- A file the database does not know is never touched, except a torn tail of the newest one.
- Nothing is appended to a file that is shorter than the database says, or that was not looked through: a new
  one is begun, so that no two rows ever claim the same bytes.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from scraper import __version__
from scraper.errors import ArchiveError
from scraper.records import Exchange, Kept
from scraper.secrets import without_user
from scraper.warc.captures import (
    Answer,
    Capture,
    Damaged,
    answers,
    exchange_at,
    exchanges,
    exchanges_after,
    warc_files,
)
from scraper.warc.holes import Stretch, blank, is_repeat
from scraper.warc.proof import fault
from scraper.warc.tombstones import bury
from scraper.warc.warcread import Damage, instant_from, is_torn, whole_end
from scraper.warc.warcrecord import digest_of, exchange_members, info_member

__all__ = [
    "FILE_BYTES", "Answer", "Capture", "Damage", "WarcArchive", "answers", "exchanges", "exchanges_after",
    "instant_from",
]  # fmt: skip

FILE_BYTES: Final = 1_000_000_000
REMEMBERED: Final = 4096  # originals kept in memory, about 0.5 KB each; older ones are asked for

_OURS = re.compile(r"(\d{8})-(\d{5})\.warc\.gz")
_log = logging.getLogger(__name__)

Earlier = Callable[[str], Kept | None]


class WarcArchive:
    """A folder of WARC files, for one writer at a time (the run lock sees to that).

    `earlier` is asked for the receipt of the last whole answer to a URL: a repeated one becomes a revisit of it.
    """

    def __init__(
        self,
        folder: Path,
        committed: Mapping[str, int] | None = None,
        *,
        earlier: Earlier | None = None,
        file_bytes: int = FILE_BYTES,
    ) -> None:
        self.folder = folder
        self._committed = dict(committed or {})
        self._earlier = earlier
        self._file_bytes = file_bytes
        self._originals: OrderedDict[str, Kept] = OrderedDict()
        self._ends: dict[str, int] = {}  # files known to be whole, and where the next record goes
        self._file: str | None = None
        self._descriptor = -1

    def __enter__(self) -> Self:
        """Make the folder and repair what a crash left.

        Raises: ArchiveError where the folder cannot be written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if not os.access(self.folder, os.W_OK | os.X_OK):
                raise PermissionError(f"no permission to write in {self.folder}")
            for name in self._files_to_prove():
                self._prove(name)
        except OSError as error:
            raise ArchiveError(f"cannot use the WARC folder {self.folder} ({error.strerror or error})") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def keep(self, exchange: Exchange, *, source: str | None = None) -> Kept:
        """Write the exchange and return its receipt; one without an answer leaves no bytes.

        Raises: ArchiveError where it could not be written; nothing of it is left in the file then.
        """
        if exchange.status == 0:
            return self.receipt(exchange)
        url = without_user(exchange.url)
        digest, original = self._digest_and_original(exchange, url)
        before, answer = exchange_members(exchange, digest, source=source, original=original)
        _log.debug("warc %s", url)
        offset = self._append(before + answer, exchange.fetched) + len(before)
        kept = Kept(url, exchange.fetched, exchange.status, len(exchange.wire), digest, self._file, offset, len(answer))
        if original is None and exchange.status != 304 and exchange.truncated is None:
            self._remember(kept)
        return kept

    def receipt(self, exchange: Exchange) -> Kept:
        """Return the receipt of an exchange that leaves no bytes: nobody answered, or they are not to be kept."""
        digest = digest_of(exchange.wire) if exchange.status else None
        return Kept(without_user(exchange.url), exchange.fetched, exchange.status, len(exchange.wire), digest)

    def sync(self) -> None:
        """Bring everything kept so far to the disk; called before the database commits what refers to it.

        Raises: ArchiveError where the disk refuses, or the file was taken away.
        """
        if self._descriptor < 0:
            return
        try:
            os.fsync(self._descriptor)
            if not os.path.samestat(os.fstat(self._descriptor), (self.folder / str(self._file)).stat()):
                raise FileNotFoundError(errno.ENOENT, "another file stands in its place")
        except OSError as error:
            raise self._trouble(error) from error

    def read(self, file: str, offset: int) -> Exchange:
        """Return the exchange whose answer lies at `offset`, without its request; a revisit with its original's body.

        Raises: ArchiveError where there is none.
        """
        return exchange_at(self.folder, file, offset)

    def fault(self, kept: Kept) -> str | None:
        """Return why the bytes that a receipt leads to are not what it says, None where they are."""
        return fault(self.folder, kept)

    def bury(self, wanted: Callable[[str], bool], instant: datetime) -> int:
        """Overwrite every record whose address is `wanted` by an empty one in its place; return how many.

        Raises: ArchiveError where one cannot be overwritten.
        """
        return sum(bury(path, wanted, instant) for path in warc_files(self.folder))

    def is_repeat(self, file: str, offset: int) -> bool:
        """Tell whether a revisit lies there: no other record refers to it."""
        return is_repeat(self.folder / file, offset)

    def blank(self, file: str, stretches: Iterable[Stretch], instant: datetime) -> None:
        """Empty records of a file in their place, and give their room back to the disk. Raises: ArchiveError."""
        _log.debug("blank %s", file)
        blank(self.folder / file, stretches, instant)

    def exchanges(self, damaged: Damaged | None = None) -> Iterator[Capture]:
        """Yield everything in the folder, in order of writing."""
        return exchanges(self.folder, damaged=damaged)

    def uncommitted(self, damaged: Damaged | None = None) -> Iterator[Capture]:
        """Yield the whole exchanges an earlier run left that the database does not know; to be asked before `keep`."""
        return exchanges_after(self.folder, self.behind(), damaged)

    def behind(self) -> dict[str, int]:
        """Return the files that hold more than the database knows, each with the byte up to which it knows them."""
        known = {name: self._committed.get(name, 0) for name in self._ends}
        return {name: start for name, start in known.items() if start < self._ends[name]}

    def _digest_and_original(self, exchange: Exchange, url: str) -> tuple[str | None, Kept | None]:
        """Return the digest of the answer's body, and the receipt it repeats; after a 304 the original's digest."""
        original = self._originals.get(url) or (self._earlier(url) if self._earlier else None)
        if exchange.status == 304:
            return (original.digest if original else None), original
        digest = digest_of(exchange.wire)
        if original is None or not exchange.wire or exchange.truncated is not None:
            return digest, None
        repeated = (original.digest, original.status) == (digest, exchange.status)
        return digest, original if repeated else None

    def _remember(self, kept: Kept) -> None:
        self._originals[kept.url] = kept
        self._originals.move_to_end(kept.url)
        if len(self._originals) > REMEMBERED:
            self._originals.popitem(last=False)

    def _files_to_prove(self) -> list[str]:
        names = sorted(path.name for path in self.folder.iterdir() if _OURS.fullmatch(path.name))
        return [name for name in names if name in self._committed or name == names[-1]]

    def _prove(self, name: str) -> None:
        """Cut a torn tail off, and note where the next record of this file goes."""
        path, known = self.folder / name, self._committed.get(name, 0)
        size = path.stat().st_size
        if size < known:
            _log.warning("%s has %d bytes, the database knows %d: left alone", path, size, known)
            return
        with path.open("rb") as stream:
            end = whole_end(stream, known)
            if end < size:  # rare, so it may cost a look at the whole file: no byte goes that was a record
                end = whole_end(stream, 0)
                if end < known or not is_torn(stream, end):
                    _log.warning("%s is damaged at byte %d: left alone", path, end)
                    return
        if end < size:
            self._cut(path, end, size)
        if end > 0:
            self._ends[name] = end

    def _cut(self, path: Path, end: int, size: int) -> None:
        _log.warning("%s: %d bytes of a torn record cut off", path, size - end)
        if end > 0:
            os.truncate(path, end)
        else:  # nothing in it is whole; out of the set, but not lost
            path.rename(path.with_name(path.name + ".torn"))

    def _append(self, data: bytes, instant: datetime) -> int:
        """Write `data` whole or not at all, and return where it begins."""
        day = f"{instant.astimezone(UTC):%Y%m%d}"
        try:
            if self._file is None or not self._takes(self._file, day, len(data)):
                self._open_for(day, len(data), instant)
            return self._write(data)
        except OSError as error:
            raise self._trouble(error) from error

    def _write(self, data: bytes) -> int:
        file = str(self._file)
        begin = self._ends[file]
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError:
            with contextlib.suppress(OSError):  # the next opening repairs what stays
                os.ftruncate(self._descriptor, begin)
            raise
        self._ends[file] = begin + len(data)
        return begin

    def _takes(self, name: str, day: str, size: int) -> bool:
        return name.startswith(day) and self._ends[name] + size <= self._file_bytes

    def _open_for(self, day: str, size: int, instant: datetime) -> None:
        """Open the file of this day that takes `size` more bytes, a new one if there is none."""
        self._close()
        fitting = [name for name in self._ends if self._takes(name, day, size)]
        if not fitting:
            self._begin_file(day, instant)
            return
        self._descriptor = os.open(self.folder / max(fitting), os.O_WRONLY | os.O_APPEND)
        self._file = max(fitting)

    def _begin_file(self, day: str, instant: datetime) -> None:
        names = [name for path in self.folder.iterdir() if (name := _OURS.match(path.name)) and name[1] == day]
        file = f"{day}-{max((int(name[2]) for name in names), default=0) + 1:05d}.warc.gz"
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL
        self._descriptor = os.open(self.folder / file, flags, 0o644)
        self._file, self._ends[file] = file, 0
        try:
            self._write(info_member(file, instant, f"scraper/{__version__}"))
            _sync_folder(self.folder)
        except OSError:
            del self._ends[file]
            os.close(self._descriptor)
            self._file, self._descriptor = None, -1
            (self.folder / file).unlink(missing_ok=True)
            raise

    def _close(self) -> None:
        if self._descriptor < 0:
            return
        try:
            self.sync()
        finally:
            os.close(self._descriptor)
            self._file, self._descriptor = None, -1

    def _trouble(self, error: OSError) -> ArchiveError:
        return ArchiveError(f"cannot write {self.folder / (self._file or '')} ({error.strerror})")


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
