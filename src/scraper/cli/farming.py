"""Runs an extraction here or on a cluster, under the folder's lock and with its signals watched."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import trio

from scraper.cli.rooms import utc_now, watched
from scraper.errors import ArchiveError
from scraper.extracting.job import LOCK, Show, by_size, demand_ours, extract_here, settle
from scraper.extracting.shard import Job, ShardReport, extract_shard, report_of
from scraper.lock import run_lock
from scraper.shards import Shard


def extracted(shards: Sequence[Shard], job: Job, workers: int | str, show: Show) -> int | None:
    """Turn shards into parts with so many workers, or those of a scheduler; return the signal that ended it early.

    Raises: ConfigError where the folder is another's, LockHeld, ArchiveError, NetworkError.
    """
    try:
        demand_ours(job.folder)
        job.folder.mkdir(parents=True, exist_ok=True)
        with run_lock((job.folder / LOCK).with_suffix(""), now=utc_now()):
            settle(job.folder)
            waiting = _waiting(shards, job, show)
            if isinstance(workers, int):
                return _run(lambda: extract_here(waiting, job, workers, show))
            return _run_dealt(waiting, job, workers, show)
    except OSError as error:
        raise ArchiveError(f"{job.folder} cannot be written ({error.strerror or error})") from error


def _waiting(shards: Sequence[Shard], job: Job, show: Show) -> list[Shard]:
    """Return the shards that have no parts yet; tell of the others."""
    waiting = []
    for shard in shards:
        known = report_of(shard, job)
        if known is None:
            waiting.append(shard)
        else:
            show(known)
    return waiting


def _run(act: Callable[[], Awaitable[None]]) -> int | None:
    async def stoppable(stop: trio.CancelScope) -> None:
        with stop:
            await act()

    _, caught = trio.run(watched, stoppable)
    return caught


def _run_dealt(shards: Sequence[Shard], job: Job, address: str, show: Show) -> int | None:
    from scraper.cluster import Cluster

    if not shards:
        return None
    with Cluster(address) as cluster:
        results = cluster.dealt(partial(extract_shard, job=job), by_size(shards))

        async def gather() -> None:
            while done := await trio.to_thread.run_sync(next, results, None, abandon_on_cancel=True):
                shard = done.task
                show(done.result or ShardReport(shard.address, shard.size, shard.version, failed=done.killed))

        return _run(gather)
