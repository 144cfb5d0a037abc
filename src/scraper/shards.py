"""WARC files wherever they lie: a path, a pattern, a folder, or an address that fsspec knows (s3://, https://, ...).

A path needs nothing beyond the core. What is not on this machine is brought here whole before it is read: a WARC file
is read from end to end, and a page that must be read twice should not be fetched twice.
"""

from __future__ import annotations

import glob
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any, Final

from scraper.errors import ArchiveError, ConfigError

_WARC = re.compile(r"\.w?arc(\.gz)?$")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*(::|://)")
_PATTERN = re.compile(r"[*?\[]")
_LOCAL: Final = "file://"


@dataclass(frozen=True, slots=True)
class Shard:
    """A WARC file: its address (a path from the root, or a URL), its bytes, and what changes when they do."""

    address: str
    size: int
    version: str

    @property
    def name(self) -> str:
        """Return a file name of its own: two shards of one name in two folders have two."""
        stem = _WARC.sub("", PurePosixPath(self.address).name)
        plain = re.sub(r"[^A-Za-z0-9._-]", "_", stem)[:100]
        return f"{plain}-{sha256(self.address.encode()).hexdigest()[:8]}"

    def brought(self, folder: Path) -> Path:
        """Return a path to its bytes on this machine, copied into `folder` if they lie elsewhere.

        Raises: ArchiveError where they cannot be had.
        """
        if not _ADDRESS.match(self.address):
            return Path(self.address)
        files, path = _files_of(self.address)
        copy = folder / self.name
        try:
            files.get_file(path, str(copy))
        except (OSError, ValueError) as error:
            raise ArchiveError(f"cannot be fetched ({_words(error)})", self.address) from error
        return copy


def shards_from(places: Sequence[str]) -> tuple[Shard, ...]:
    """Return the WARC files that paths, patterns, folders and addresses name, each once, in their order.

    Raises: ConfigError where a place names none.
    """
    found: dict[str, Shard] = {}
    for place in places:
        there = list(_elsewhere(place) if _is_elsewhere(place) else _here(place.removeprefix(_LOCAL)))
        if not there:
            raise ConfigError(f"no WARC files in {place}")
        found.update((shard.address, shard) for shard in there)
    return tuple(found.values())


def _is_elsewhere(place: str) -> bool:
    return _ADDRESS.match(place) is not None and not place.startswith(_LOCAL)


def _here(place: str) -> Iterator[Shard]:
    path = Path(place)
    paths: Iterable[Path] = [path]
    if path.is_dir():
        paths = sorted(each for each in path.rglob("*") if _WARC.search(each.name) and each.is_file())
    elif not path.exists() and _PATTERN.search(place):
        paths = sorted(Path(each) for each in glob.glob(place, recursive=True) if Path(each).is_file())  # noqa: PTH207 - an absolute pattern
    for each in paths:
        try:
            stat = each.stat()
        except OSError as error:
            raise ConfigError(f"{each}: cannot be read ({error.strerror})") from error
        yield Shard(str(each.resolve()), stat.st_size, str(stat.st_mtime_ns))


def _elsewhere(place: str) -> Iterator[Shard]:
    files, path = _files_of(place)
    try:
        for each in _paths(files, path):
            about = files.info(each)
            yield Shard(str(files.unstrip_protocol(each)), int(about.get("size") or 0), str(files.ukey(each)))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{place}: cannot be read ({_words(error)})") from error


def _paths(files: Any, path: str) -> list[str]:
    if _PATTERN.search(path):
        return sorted(files.glob(path))
    if not _WARC.search(path) and files.isdir(path):
        return sorted(each for each in files.find(path) if _WARC.search(each))
    return [path]


def _files_of(address: str) -> tuple[Any, str]:
    """Return the file system of an address, and the path in it. Raises: ConfigError."""
    try:
        import fsspec
    except ImportError as error:
        raise ConfigError(f"{address}: addresses need more than the core: pip install 'scraper[cluster]'") from error
    try:
        files, path = fsspec.url_to_fs(address)
    except (ImportError, ValueError) as error:  # s3fs is missing, say; or nothing knows the protocol
        raise ConfigError(f"{address}: {_words(error)}") from error
    return files, str(path)


def _words(error: Exception) -> str:
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(text).splitlines()[0]
