"""Every served fault of the network, HTTP and address groups, all sites side by side: each ends as it must."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace

import pytest
import trio

from faults.served import STORY, Aside, Fault, all_faults
from fetching import SMALL, Net, outcome
from scraper.errors import AddressRefused, Deferred, FetchError, RedirectError
from scraper.fetch import Fetcher
from scraper.limits import Limits
from scraper.records import Response
from servers import Site, answer

HEALTHY = 5
LIMITS = replace(SMALL, retry_after_s=5.0, body_bytes=Limits().body_bytes)
HASTY = replace(LIMITS, read_s=2.5, url_s=6.0)  # for who waits in vain


@dataclass(frozen=True, slots=True)
class Run:
    """What one run over all sites came to: by fault, then by path."""

    faults: dict[str, Fault]
    sites: dict[str, Site]
    got: dict[str, dict[str, Response | FetchError]]
    aside: Aside
    seconds: float
    grown_bytes: int


async def _visit(fetcher: Fetcher, site: Site, fault: Fault, got: dict[str, Response | FetchError]) -> None:
    async def one(path: str, limits: Limits) -> None:
        got[path] = await outcome(fetcher, site.url(path), limits)

    await fetcher.rules(site.url("/"))
    async with trio.open_nursery() as nursery:
        nursery.start_soon(one, "/fault", HASTY if fault.endless else LIMITS)
        for number in range(HEALTHY):
            nursery.start_soon(one, f"/story-{number:02}/", LIMITS)


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    """One run over a site per fault, each with healthy stories beside it."""
    with ExitStack() as stack:
        aside = Aside(stack)
        faults = all_faults(aside)
        stories = {f"/story-{n:02}/": answer(STORY) for n in range(HEALTHY)}
        sites = {
            name: stack.enter_context(Site({**stories, **fault.more, "/fault": fault.page}))
            for name, fault in faults.items()
        }
        got: dict[str, dict[str, Response | FetchError]] = {name: {} for name in faults}

        async def act(fetcher: Fetcher) -> None:
            async with trio.open_nursery() as nursery:
                for name, site in sites.items():
                    nursery.start_soon(_visit, fetcher, site, faults[name], got[name])

        before, started = _peak_bytes(), time.monotonic()
        Net(limits=LIMITS, private=("127.0.0.1", "127.0.0.2")).run(act)
        yield Run(faults, sites, got, aside, time.monotonic() - started, _peak_bytes() - before)


def _peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _amiss(fault: Fault, got: Response | FetchError, asked: int) -> str | None:
    """Say what is not as listed."""
    if not 1 <= asked <= fault.most:
        return f"{asked} requests"
    if isinstance(got, Response):
        return None if fault.verdict in ("KEEP", "SAFE") and got.body == STORY else f"came as {got.body[:80]!r}"
    expected = "LATER" if isinstance(got, Deferred) else "SKIP"
    named = bool(got.url) and fault.says in got.message
    return None if fault.verdict in ("SAFE", expected) and named else f"{type(got).__name__} {got}"


def test_every_fault_ends_as_it_must(run: Run) -> None:
    """Kept whole, skipped with an address and a cause, or put off; in so many requests at most."""
    amiss = {
        name: _amiss(fault, run.got[name]["/fault"], run.sites[name].paths.count("/fault"))
        for name, fault in run.faults.items()
    }

    assert {name: what for name, what in amiss.items() if what} == {}
    assert len(run.faults) == 63


def test_the_healthy_stories_beside_each_fault_are_fetched_once(run: Run) -> None:
    """Whatever went wrong, the run goes on."""
    lost = {
        f"{name}{path}": str(got)
        for name, paths in run.got.items()
        for path, got in paths.items()
        if path != "/fault" and not (isinstance(got, Response) and got.body == STORY)
    }
    healthy = [f"/story-{n:02}/" for n in range(1, 5)]
    twice = [name for name, site in run.sites.items() if any(site.paths.count(path) != 1 for path in healthy)]

    assert (lost, twice) == ({}, [])


def test_all_faults_together_are_bounded(run: Run) -> None:
    """In time and in memory: four bombs, two endless bodies and two endless heads among them."""
    assert run.seconds < 120  # 7 are usual, of which the silent ones take six
    assert run.grown_bytes < 100 << 20


def test_nothing_private_is_ever_connected_to(run: Run) -> None:
    """Refused before the connection, in whatever spelling."""
    refused = {name: type(run.got[name]["/fault"]) for name in run.faults if name.startswith("ssrf-")}

    assert run.aside.canary.accepted == 0
    assert set(refused.values()) == {AddressRefused, RedirectError}


def test_an_untrusted_site_gets_no_request(run: Run) -> None:
    """The handshake ends it."""
    assert run.aside.self_signed.requests == []


def test_silent_and_dead_ends_are_tried_a_few_times(run: Run) -> None:
    """At most four connections each."""
    assert 1 <= run.aside.silent.accepted <= 4
    assert 1 <= run.aside.resetting.accepted <= 4
    assert 1 <= run.aside.banner.accepted <= 4


def test_nothing_follows_a_redirect_to_another_site(run: Run) -> None:
    """Neither a cookie nor credentials; and requests never swell."""
    heads = [request.headers for request in run.aside.foreign.requests]
    sizes = [len(request.head) for site in run.sites.values() for request in site.requests]

    assert all({"host", "user-agent", "accept", "accept-encoding"} == set(head) for head in heads)
    assert max(sizes) < 400
