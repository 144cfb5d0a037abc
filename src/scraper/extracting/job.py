"""Many WARC files into one folder of parts, on this machine: as many files at once as there are workers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import trio

from scraper.errors import ConfigError
from scraper.export.parts import UNFINISHED, write_whole
from scraper.extracting.columns import TABLES
from scraper.extracting.shard import HEAD, Job, ShardReport, extracted, workers_for
from scraper.shards import Shard

LOCK: Final = "extract.lock"

Show = Callable[[ShardReport], None]


def demand_ours(folder: Path) -> None:
    """See that a folder is empty, or one of parts like ours.

    Raises: ConfigError where it holds something else, parts of other columns say; OSError.
    """
    head = folder / HEAD
    if not head.exists():
        if folder.exists() and any(each.name != LOCK for each in folder.iterdir()):
            raise ConfigError(f"{folder} is not empty and no earlier extraction; name another folder with -o")
    elif head.read_text("utf-8") != _head():
        raise ConfigError(f"{folder} holds parts of another version of this program; name another folder with -o")


def settle(folder: Path) -> None:
    """Mark the folder as one of parts; what killed writers left in it goes. Raises: OSError."""
    write_whole(folder / HEAD, _head())
    for table in TABLES:
        for left in (folder / table).glob(f"*{UNFINISHED}"):
            left.unlink(missing_ok=True)


def _head() -> str:
    tables = {table: {field.name: field.kind for field in fields} for table, fields in TABLES.items()}
    return json.dumps({"made_by": "scraper extract", "tables": tables}, indent=1) + "\n"


def by_size(shards: Sequence[Shard]) -> list[Shard]:
    """Return the shards, the largest first: the last one to end is then a small one."""
    return sorted(shards, key=lambda shard: (-shard.size, shard.address))


async def extract_here(shards: Sequence[Shard], job: Job, count: int, show: Show) -> None:
    """Turn shards into parts, `count` at once, and tell of each as it ends."""
    waiting = iter(by_size(shards))
    async with workers_for(job, count) as workers, trio.open_nursery() as nursery:

        async def lane(waiting: Iterator[Shard]) -> None:
            for shard in waiting:
                show(await extracted(shard, job, workers))

        for _ in range(min(count, len(shards))):
            nursery.start_soon(lane, waiting)
