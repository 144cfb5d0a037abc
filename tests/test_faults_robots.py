"""Every served fault of robots.txt: what it allows is fetched, and nothing before it is known."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import replace

import pytest
import trio

from faults.rules import PATHS, RobotsFault, robots_faults
from fetching import SMALL, Net, outcome
from scraper.fetch import Fetcher
from scraper.limits import Limits
from servers import Request, Site, answer

FAULTS = robots_faults()
HASTY = replace(SMALL, read_s=0.5, url_s=2.0)  # for who waits in vain


def _visited(faults: dict[str, RobotsFault]) -> dict[str, list[Request]]:
    """Return what each site was asked for, all sites visited side by side."""

    async def visit(fetcher: Fetcher, site: Site, limits: Limits) -> None:
        for path in PATHS:
            await outcome(fetcher, site.url(path), limits)

    async def act(fetcher: Fetcher) -> None:
        async with trio.open_nursery() as nursery:
            for name, site in sites.items():
                nursery.start_soon(visit, fetcher, site, HASTY if faults[name].endless else SMALL)

    with ExitStack() as stack:
        pages = {path: answer(b"<p>A page.</p>") for path in PATHS}
        sites = {
            name: stack.enter_context(Site({**pages, **fault.more, "/robots.txt": fault.robots}))
            for name, fault in faults.items()
        }
        Net().run(act)
        return {name: site.requests for name, site in sites.items()}


@pytest.fixture(scope="module")
def asked() -> dict[str, list[Request]]:
    """One run over a site per fault."""
    return _visited(FAULTS)


def test_only_what_the_rules_allow_is_fetched(asked: dict[str, list[Request]]) -> None:
    """NONE means that nothing but robots.txt is asked for."""
    fetched = {name: tuple(request.path for request in sent if request.path in PATHS) for name, sent in asked.items()}

    assert fetched == {name: fault.fetched for name, fault in FAULTS.items()}


def test_nothing_is_fetched_before_the_rules_are_known(asked: dict[str, list[Request]]) -> None:
    """robots.txt, its tries and its redirects come first."""
    early = [
        name
        for name, requests in asked.items()
        if any(request.path in PATHS for request in requests[: [r.path for r in requests].count("/robots.txt")])
    ]

    assert early == []


def test_rules_are_asked_for_a_few_times_at_most(asked: dict[str, list[Request]]) -> None:
    """Four tries where the network fails, one where it does not."""
    counts = {name: [request.path for request in requests].count("/robots.txt") for name, requests in asked.items()}

    assert {name: count for name, count in counts.items() if not 1 <= count <= FAULTS[name].most} == {}


def test_all_of_them_together_take_little() -> None:
    """The hostile ones among them: 0.1 s of CPU, the servers' included."""
    started = time.process_time()

    _visited(FAULTS)

    assert time.process_time() - started < 5
