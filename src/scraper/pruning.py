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
Act = Callable[[Pruning, Sequence[Row]], None]
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
    work, done = _Work(store, archive, now, shares), Pruned()
    done.warc_bytes += work.blank()
    if keep.polls is not None:
        rows = [row for row in work.agreed(Pruning.unchanged, keep.polls)
                if row["file"] is None or archive.is_repeat(row["file"], row["offset"])]
        done.warc_bytes += work.take(rows, Pruning.roll_up)
        done.polls = len(rows)
    if keep.listings is not None:
        rows = [row for row in work.agreed(Pruning.old, keep.listings)
                if row["polled"] or is_listing(row["source"] or "", row["url"])]
        done.warc_bytes += work.take(rows, Pruning.let_go)
        done.listings = len(rows)
    store.checkpoint()
    return done


@dataclass(frozen=True, slots=True)
class _Work:
    """The archive that is thinned out, and the shares whose files are in its rows too."""

    store: Store
    archive: WarcArchive
    now: datetime
    shares: Sequence[Share]

    def agreed(self, question: Question, days: int) -> list[Row]:
        """Return the rows that may go, of those in a share's files the ones that it would let go as well."""
        before = self.now - timedelta(days=days)
        rows, needed = question(self.store.upkeep.pruning, before), set[tuple[str, int]]()
        for share in self.shares:
            free = {(row["file"], row["offset"]) for row in question(share.store.upkeep.pruning, before)}
            places = {(row["file"], row["offset"]) for row in share.own(rows)}
            needed |= {(f"{share.folder}/{file}", offset) for file, offset in places - free}
        return [row for row in rows if (row["file"], row["offset"]) not in needed]

    def take(self, rows: Sequence[Row], act: Act) -> int:
        """Take rows away in batches, and their bytes after them; return how many bytes that was.

        Shares lose the places first: no repetition will be kept as one of these.
        """
        blanked = 0
        for first in range(0, len(rows), BATCH):
            batch = rows[first:first + BATCH]
            for share in self.shares:
                share.store.upkeep.pruning.lose(share.own(batch))
            act(self.store.upkeep.pruning, batch)
            blanked += self.blank()
        return blanked

    def blank(self) -> int:
        """Blank the bytes that no row needs any more; return how many they were."""
        rows, pruning = self.store.upkeep.pruning.to_drop(), self.store.upkeep.pruning
        for file in dict.fromkeys(row["file"] for row in rows):
            own = [row for row in rows if row["file"] == file]
            self.archive.blank(file, [(row["offset"], row["length"]) for row in own], self.now)
            pruning.dropped(own)
        return sum(row["length"] for row in rows)
