"""An archive thinned out as its settings say: rows first, then bytes, in batches that may be interrupted. No network.

    what an earlier run began -> its bytes go
    polls that brought nothing new, between two that said the same -> counted by day, their revisit records blanked
    exchanges of listings, feeds and sitemaps -> the row stays, the bytes are blanked

What lies in the files of a share goes only where the share's own rows need it no more; they are told first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from scraper.archive import WarcArchive
from scraper.store import Pruning, Store

BATCH: Final = 500  # exchanges

Row = dict[str, Any]
Question = Callable[[Pruning, datetime], list[Row]]
IsListing = Callable[[str, str], bool]  # of a source's key and an address


@dataclass(frozen=True, slots=True)
class Keep:
    """How many days are kept: of polls that brought nothing new, of listings' bytes. None: for ever."""

    polls: int | None = None
    listings: int | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """A share of a dealt harvest: an archive of its own, whose WARC files are in our rows too.

    `folder` is how our rows name where they lie, such as shares/00.warc.
    """

    folder: str
    store: Store

    def own(self, rows: Iterable[Row]) -> list[Row]:
        """Return those of our rows whose bytes lie in its files, these named as it names them."""
        begins = f"{self.folder}/"
        return [row | {"file": row["file"].removeprefix(begins)} for row in rows
                if row["file"] is not None and row["file"].startswith(begins)]


@dataclass(slots=True)
class Pruned:
    """What was taken away so far: polls counted by day, listings' bytes, and how many bytes of WARC files."""

    polls: int = 0
    listings: int = 0
    warc_bytes: int = 0

    def line(self) -> str:
        """Return it in words."""
        taken = f"{self.polls:,} unchanged polls became counts, {self.listings:,} listings lost their bytes"
        return f"{taken}; {self.warc_bytes:,} bytes of WARC files blanked"


def prune(store: Store, archive: WarcArchive, keep: Keep, is_listing: IsListing, now: datetime,
          shares: Sequence[Share] = ()) -> Pruned:
    """Take away what is older than its days; killed at any time, another call ends what was begun.

    Raises: ArchiveError.
    """
    pruning, done = store.upkeep.pruning, Pruned()
    _drop(store, archive, now, done)
    if keep.polls is not None:
        before = now - timedelta(days=keep.polls)
        rows = [row for row in _agreed(Pruning.unchanged, pruning, before, shares)
                if row["file"] is None or archive.is_repeat(row["file"], row["offset"])]
        for batch in _batches(rows):
            _tell(shares, batch)
            pruning.roll_up(batch)
            _drop(store, archive, now, done)
            done.polls += len(batch)
    if keep.listings is not None:
        before = now - timedelta(days=keep.listings)
        rows = [row for row in _agreed(Pruning.old, pruning, before, shares)
                if row["polled"] or is_listing(row["source"] or "", row["url"])]
        for batch in _batches(rows):
            _tell(shares, batch)
            pruning.let_go(batch)
            _drop(store, archive, now, done)
            done.listings += len(batch)
    store.checkpoint()
    return done


def _agreed(question: Question, pruning: Pruning, before: datetime, shares: Sequence[Share]) -> list[Row]:
    """Return the rows that may go, of those in a share's files the ones that it would let go as well."""
    rows, needed = question(pruning, before), set[tuple[str, int]]()
    for share in shares:
        free = {(row["file"], row["offset"]) for row in question(share.store.upkeep.pruning, before)}
        places = {(row["file"], row["offset"]) for row in share.own(rows)}
        needed |= {(f"{share.folder}/{file}", offset) for file, offset in places - free}
    return [row for row in rows if (row["file"], row["offset"]) not in needed]


def _tell(shares: Sequence[Share], rows: Sequence[Row]) -> None:
    """Let shares lose the places of bytes that are about to go: no repetition will be kept as one of these."""
    for share in shares:
        share.store.upkeep.pruning.lose(share.own(rows))


def _drop(store: Store, archive: WarcArchive, now: datetime, done: Pruned) -> None:
    """Blank the bytes that no row needs any more."""
    rows = store.upkeep.pruning.to_drop()
    for file in dict.fromkeys(row["file"] for row in rows):
        own = [row for row in rows if row["file"] == file]
        archive.blank(file, [(row["offset"], row["length"]) for row in own], now)
        store.upkeep.pruning.dropped(own)
        done.warc_bytes += sum(row["length"] for row in own)


def _batches(rows: Sequence[Row]) -> list[Sequence[Row]]:
    return [rows[first:first + BATCH] for first in range(0, len(rows), BATCH)]
