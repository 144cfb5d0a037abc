"""A harvest dealt out to a Dask cluster: shares are harvested there, then taken into the one archive.

    sources -> shares -> harvested by whoever is free, each into  NEWS.warc/shares/NN.db  and  NN.warc/
                              stories of which no bytes are kept -> handover -> NEWS.db
                              what is new in their WARC files    -> replay   -> NEWS.db, where the bytes lie already

A share is an ordinary archive: dealt again after a worker's death, it is gone on with where it was. What a run could
not take in any more, the next one does. A deadline ends the fetching; what came is taken in, however long that takes:
else a run that is always late would never take anything in.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

import trio

from scraper.archive import WarcArchive
from scraper.cli.context import Context
from scraper.cli.joining import forget_too
from scraper.cli.rooms import GRACE_S, Terms, harvested, utc_now, watched
from scraper.cli.stored import WORKERS
from scraper.cluster import Cluster, wanted
from scraper.config import Settings
from scraper.dealing import FOLDER, shares_from
from scraper.disk import demand_room
from scraper.errand import Plan
from scraper.errors import ArchiveError, NetworkError, ScraperError
from scraper.handover import take_over_further
from scraper.harvest import first_error
from scraper.importing import Rooms, take_further
from scraper.lock import run_lock
from scraper.replay import Brought
from scraper.reports import Problem, RunReport, SourceReport
from scraper.sights import Atlas
from scraper.source import Source
from scraper.store import Store
from scraper.workers import Workers

WAIT_S: Final = 30.0  # for who may still hold a share: a run that was killed ends within seconds
LATE_S: Final = 60.0  # after the deadline: a share that has not ended by then is left to itself
HEED_S: Final = 0.25

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Share:
    """What one worker is to harvest, into which archive, and until when."""

    db: Path
    sources: tuple[Source, ...]
    plan: Plan
    until: datetime | None
    settings: Settings
    private: tuple[str, ...]
    forgotten: tuple[dict[str, Any], ...]  # what nobody may bring in any more


def dealt(
    context: Context, sources: Sequence[Source], plan: Plan, terms: Terms, address: str
) -> tuple[RunReport, int | None]:
    """Harvest with the workers of a scheduler; return the report, and the signal that ended the run early, if one did.

    Raises: LockHeld, ArchiveError, NetworkError, ConfigError.
    """
    known = context.catalogue() | {source.key: source for source in sources}
    with ExitStack() as rooms:
        rooms.enter_context(run_lock(context.settings.db, now=terms.clock(), wait_s=terms.wait_s))
        demand_room((context.settings.db.parent, context.warcs), context.limits().free_bytes)
        cluster = rooms.enter_context(Cluster(address))
        store = rooms.enter_context(Store.open(context.settings.db))
        archive = rooms.enter_context(WarcArchive(context.warcs, store.committed(), earlier=store.earlier))
        shares = _shares(context, sources, known.values(), plan, terms, store)

        async def main() -> tuple[RunReport, int | None]:
            imports = ("scraper.parse", "scraper.discover")
            async with Workers(context.limits(), WORKERS, imports=imports) as workers:
                desk = Rooms(store, archive, workers, context.limits())
                return await _run(cluster, shares, desk, known, terms)

        return trio.run(main)


def _shares(context: Context, sources: Sequence[Source], known: Iterable[Source], plan: Plan, terms: Terms,
            store: Store) -> list[Share]:
    """Return the shares in the order in which they are to be dealt."""
    folder = context.warcs.absolute() / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    until = terms.clock() + timedelta(seconds=plan.deadline_s) if plan.deadline_s < math.inf else None
    settings, forgotten = replace(context.settings, sources=()), tuple(store.upkeep.forgotten())
    plan = replace(plan, deadline_s=math.inf)
    shares = [Share(folder / f"{name}.db", each, plan, until, settings, terms.private, forgotten)
              for name, each in shares_from(sources, known).items()]
    return in_turn(shares)


def in_turn(shares: Iterable[Share]) -> list[Share]:
    """Return the largest first; under a deadline those first that were harvested longest ago, so that none starves."""

    def turn(share: Share) -> tuple[float, int]:
        waits = share.until is not None and share.db.exists()
        return share.db.stat().st_mtime if waits else 0.0, -len(share.sources)

    return sorted(shares, key=turn)


async def _run(cluster: Cluster, shares: Sequence[Share], rooms: Rooms, known: Mapping[str, Source],
               terms: Terms) -> tuple[RunReport, int | None]:
    started, ended = terms.clock(), list[RunReport]()
    run = await trio.to_thread.run_sync(rooms.store.begin, started)

    async def act(stop: trio.CancelScope) -> bool:
        with stop:
            late = await _gather(cluster, shares, ended, terms)
            await _take_in(shares, rooms, known)
            return late
        return True

    cut_short, caught = await watched(act)
    brought = {report.source: report for each in ended for report in each.sources}
    reports = tuple(brought[source.key] for share in shares for source in share.sources if source.key in brought)
    stopped = cut_short or any(each.stopped for each in ended)
    report = RunReport(started, terms.clock(), tuple(sorted(reports, key=lambda each: each.source)), stopped=stopped)
    cause = "a signal or the deadline" if stopped else None
    rooms.store.finish(run, report.sources, report.finished, interrupted=cause, code=report.code)
    return report, caught


async def _gather(cluster: Cluster, shares: Sequence[Share], ended: list[RunReport], terms: Terms) -> bool:
    """Wait for every share; tell whether one was left that had not ended LATE_S after the deadline."""
    results, until = cluster.dealt(harvest_share, shares), shares[0].until if shares else None
    with trio.CancelScope() as patience:
        if until is not None:
            patience.deadline = trio.current_time() + (until - terms.clock()).total_seconds() + LATE_S
        while done := await trio.to_thread.run_sync(next, results, None, abandon_on_cancel=True):
            ended.append(done.result or _failed(done.task, f"its share is given up: {done.killed}"))
    return patience.cancelled_caught


async def _take_in(shares: Sequence[Share], rooms: Rooms, known: Mapping[str, Source]) -> None:
    """Take in what shares alone know, then what is new in the WARC files of all."""
    for share in shares:
        try:
            theirs = Store.reading(share.db)
        except ArchiveError:
            continue  # its turn has never come, or not yet with this version; or it was said that it is damaged
        with theirs:
            await take_over_further(theirs, f"{FOLDER}/{share.db.stem}", known, rooms.store, Brought())
    await take_further(FOLDER, Atlas(known.values()), rooms)


def harvest_share(share: Share) -> RunReport:
    """Harvest a share into its own archive, as long as the run that dealt it wants it; runs on a worker."""
    if not share.db.parent.is_dir():
        return _failed(share, f"{share.db.parent} is not on the machine that should harvest there")
    context = Context(replace(share.settings, db=share.db), share.db.parent, -1, debug=False)
    left = (share.until - utc_now()).total_seconds() if share.until else math.inf
    if left <= 0:
        return RunReport(utc_now(), utc_now(), stopped=True)  # its turn did not come: no source of it has failed
    terms = Terms(share.private, WAIT_S, watched=_heeded)
    try:
        if share.forgotten:
            forget_too(context, share.forgotten)
        return harvested(context, share.sources, replace(share.plan, deadline_s=left), terms)[0]
    except ScraperError as error:
        return _failed(share, str(error))


def _failed(share: Share, why: str) -> RunReport:
    reports = tuple(SourceReport(source.key, problems=(Problem(source.home, why),)) for source in share.sources)
    return RunReport(utc_now(), utc_now(), reports)


async def _heeded(act: Callable[[trio.CancelScope], Awaitable[T]]) -> tuple[T, int | None]:
    """Run an act until it is done, or nobody waits for it any more: then it ends as at a signal."""
    stop, results = trio.CancelScope(), list[T]()

    async def watch() -> None:
        while True:
            await trio.sleep(HEED_S)
            if not wanted():
                break
        stop.cancel()
        nursery.cancel_scope.deadline = trio.current_time() + GRACE_S

    with first_error():
        async with trio.open_nursery() as nursery:
            nursery.start_soon(watch)
            results.append(await act(stop))
            nursery.cancel_scope.cancel()
    if not results:
        raise NetworkError("cut off, as nobody waited for it any more")
    return results[0], None
