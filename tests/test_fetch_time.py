"""Deadlines, cancellation and lines: what ends a request, and what must survive it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import trio
import trio.testing

from ceilings import HANG_S
from fetching import SMALL, Net, outcome
from scraper.errors import (
    AddressRefused,
    Blocked,
    FetchError,
    NetworkError,
    StatusError,
)
from scraper.fetch import Fetcher
from scraper.limits import Limits
from scraper.records import Response
from servers import Site, Talk, answer, silence

PAGE = b"<h1>An invented story</h1>"
RULES = b"User-agent: *\nDisallow: /private\n"


def test_a_storm_of_cancelled_requests_spoils_nothing() -> None:
    """After such a storm none of 20 later requests used to work (httpcore issue 1093)."""

    def slow(talk: Talk) -> None:
        talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345")
        talk.wait(0.004)
        talk.send(b"67890")

    sites = [Site({"/slow": slow, "/fine": answer(PAGE)}) for _ in range(5)]

    async def cancelled(fetcher: Fetcher, url: str, seconds: float) -> None:
        with trio.move_on_after(seconds):
            await outcome(fetcher, url)

    async def act(fetcher: Fetcher) -> list[Response | FetchError]:
        async with trio.open_nursery() as nursery:
            for number in range(500):
                nursery.start_soon(cancelled, fetcher, sites[number % 5].url("/slow"), number / 1000)
        return [await outcome(fetcher, sites[number % 5].url("/fine")) for number in range(20)]

    with sites[0], sites[1], sites[2], sites[3], sites[4]:
        later = Net().run(act)

    assert [page.body for page in later if isinstance(page, Response)] == [PAGE] * 20


def test_a_deadline_ends_a_drip_and_the_host_goes_on() -> None:
    """No single read times out; the line is closed, and the next address gets a new one."""

    def drip(talk: Talk) -> None:
        talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while talk.wait(0.05):
            talk.send(b"x")

    with Site({"/drip": drip, "/a": answer(PAGE)}) as site:
        net = Net()
        first, error, page = net.run(lambda fetcher: hurried(fetcher, replace(SMALL, url_s=3.0), "/drip", site))

    assert isinstance(first, Response)
    assert isinstance(error, NetworkError)
    assert str(error) == f"timed out, no whole answer within 3 s: {site.url('/drip')}"
    assert isinstance(page, Response)
    assert [exchange.truncated for exchange in net.exchanges] == [None, None, "time", None]
    assert site.accepted == 2


def test_one_address_gets_so_much_time_over_all_its_tries() -> None:
    """Of a hundred tries of 0.4 s three begin within a second."""
    hasty = replace(SMALL, read_s=0.4, url_s=1.0, retries=100)
    with Site({"/mute": silence, "/a": answer(PAGE)}) as site:
        _, error, _ = Net().run(lambda fetcher: hurried(fetcher, hasty, "/mute", site))

    assert isinstance(error, NetworkError)
    assert 1 <= site.paths.count("/mute") <= 3


def test_a_wait_ends_before_the_exchange_does() -> None:
    """For the head, and for every part of a body; both may go better another time."""

    def stall(talk: Talk) -> None:
        talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345")
        talk.wait(HANG_S)

    with Site({"/mute": silence, "/stalls": stall, "/a": answer(PAGE)}) as site:
        _, mute, _ = Net().run(lambda fetcher: hurried(fetcher, replace(SMALL, read_s=0.3, retries=0), "/mute", site))
        _, stalled, _ = Net().run(
            lambda fetcher: hurried(fetcher, replace(SMALL, read_s=2.0, retries=0), "/stalls", site))

    assert str(mute) == f"no answer in time: {site.url('/mute')}"
    assert str(stalled) == f"body cut short, no answer in time: {site.url('/stalls')}"


async def hurried(fetcher: Fetcher, hasty: Limits, path: str, site: Site) -> list[Response | FetchError]:
    """Fetch a page, an address in haste, and the page again."""
    return [
        await outcome(fetcher, site.url("/a")), await outcome(fetcher, site.url(path), hasty),
        await outcome(fetcher, site.url("/a")),
    ]  # fmt: skip


def test_who_hangs_up_without_a_word_is_said_to_have() -> None:
    """h11 would speak of its states."""
    with Site({"/a": lambda talk: talk.hang_up()}) as site:
        error = Net(replace(SMALL, retries=0)).error(site.url("/a"))

    assert str(error) == f"server disconnected without sending a response: {site.url('/a')}"


def test_a_challenge_is_reported_and_not_tried_again() -> None:
    """By the header that says so, or the marks of the known ones."""
    marked = answer(b'<script src="/cdn-cgi/challenge-platform/x.js">', "503 Service Unavailable")
    with Site({"/a": answer(b"", "403 Forbidden", **{"cf-mitigated": "challenge"}), "/b": marked}) as site:
        got = Net().get(site.url("/a"), site.url("/b"))

    assert [(type(error), error.status) for error in got if isinstance(error, StatusError)] == [
        (Blocked, 403), (Blocked, 503),
    ]  # fmt: skip
    assert site.paths == ["/a", "/b"]


def test_an_answer_that_nobody_asked_for_is_nobodys_page() -> None:
    """More comes than was announced, and looks like an answer: the next address gets its own all the same."""
    with Site({"/a": answer(PAGE) + answer(b"smuggled"), "/b": answer(b"its own")}) as site:
        first, second = Net().get(site.url("/a"), site.url("/b"))

    assert isinstance(first, Response)
    assert isinstance(second, Response)
    assert (first.body, second.body) == (PAGE, b"its own")


def test_the_rules_of_an_origin_can_be_asked_for() -> None:
    """For showing them; the answer is remembered for the pages."""
    with Site({"/robots.txt": answer(RULES + b"Crawl-delay: 7"), "/a": answer(PAGE)}) as site:
        rules = Net().run(lambda fetcher: fetcher.rules(site.url("/a")))

    assert (rules.crawl_delay, rules.allowed(site.url("/private")), rules.allowed(site.url("/a"))) == (7.0, False, True)
    assert len(site.requests) == 1


def test_an_address_of_any_length_is_answered() -> None:
    """Those that no server takes are refused, and shown in part."""
    with Site() as site:
        error = Net().error(site.url("/" + "x" * 100_000))

    assert isinstance(error, AddressRefused)
    assert len(str(error)) < 300
    assert site.requests == []


def test_dates_of_receipts_are_the_clocks() -> None:
    """UTC, as handed in."""
    with Site({"/a": answer(PAGE)}) as site:
        page = Net(now=datetime(2025, 11, 10, 6, 0, tzinfo=UTC)).page(site.url("/a"))

    assert {kept.fetched for kept in page.kept} == {page.fetched} == {datetime(2025, 11, 10, 6, 0, tzinfo=UTC)}


def test_kept_alive_lines_are_used_again() -> None:
    """Ten pages over one connection."""
    with Site({"/a": answer(PAGE)}) as site:
        Net().get(*[site.url("/a")] * 10)

    assert (site.accepted, len(site.paths)) == (1, 10)
