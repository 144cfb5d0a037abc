"""Distance, patience and robots.txt: how the fetcher behaves at a host."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from threading import Event

import pytest
import trio
import trio.testing

from ceilings import HANG_S
from fetching import NOW, SMALL, Net, outcome
from scraper.errors import (
    Deferred,
    FetchError,
    RobotsRefused,
    StatusError,
)
from scraper.fetch import Fetcher
from scraper.records import Response
from scraper.robots import RobotsCopy
from servers import Answer, Site, Talk, answer, redirect

PAGE = b"<h1>An invented story</h1>"
RULES = b"User-agent: *\nDisallow: /private\n"


def _at_first(refusal: bytes) -> Answer:
    """Refuse the first request, answer the others."""
    return lambda talk: talk.send(refusal if talk.number == 1 else answer(PAGE))


def test_requests_to_a_host_keep_their_distance_and_never_overlap() -> None:
    """The gap counts from the end of one answer to the start of the next request, robots.txt and redirects included."""

    def slow(talk: Talk) -> None:
        talk.wait(0.05)
        talk.send(answer(PAGE))

    with Site({"/a": slow, "/b": redirect("/a"), "/c": slow}) as site:
        Net(limits=replace(SMALL, gap_s=0.1)).together(*(site.url(path) for path in ("/a", "/b", "/c")))

    assert len(site.requests) == 5
    assert min(site.gaps) >= 0.1


def test_hosts_do_not_wait_for_one_another() -> None:
    """A port of its own is a host of its own."""

    other_came = Event()

    def until_the_other_came(talk: Talk) -> None:
        if other_came.wait(HANG_S):
            talk.send(answer(PAGE))

    with Site({"/a": until_the_other_came}) as stuck, Site({"/b": answer(PAGE)}) as well:
        got: list[Response | FetchError] = []

        async def act(fetcher: Fetcher) -> None:
            async def ask_the_stuck() -> None:
                got.append(await outcome(fetcher, stuck.url("/a")))

            async with trio.open_nursery() as nursery:
                nursery.start_soon(ask_the_stuck)
                await trio.testing.wait_all_tasks_blocked()
                got.append(await outcome(fetcher, well.url("/b")))
                other_came.set()

        Net().run(act)

    assert [page.url for page in got if isinstance(page, Response)] == [well.url("/b"), stuck.url("/a")]


def test_a_failing_address_goes_to_the_end_of_its_hosts_queue() -> None:
    """The healthy ones do not wait for its tries; robots.txt is answered when all of them stand in line."""
    in_line = Event()

    def rules(talk: Talk) -> None:
        in_line.wait(HANG_S)
        talk.send(answer(RULES))

    pages = dict.fromkeys(("/1", "/2", "/3"), answer(PAGE))
    with Site({"/robots.txt": rules, "/bad": answer(b"", "500 Oops"), **pages}) as site:
        Net().together(*(site.url(path) for path in ("/bad", *pages)), then=in_line.set)

    assert site.paths == ["/bad", "/1", "/2", "/3", "/bad", "/bad", "/bad"]


def test_a_host_rests_as_long_as_it_asks() -> None:
    """Retry-After in seconds, and as a date measured from the answer's own."""
    date = {"Date": "Sun, 01 Mar 2020 12:00:00 GMT", "Retry-After": "Sun, 01 Mar 2020 12:00:01 GMT"}
    answers = {
        "/seconds": _at_first(answer(b"", "429 Too Many Requests", **{"Retry-After": "1"})),
        "/date": _at_first(answer(b"", "503 Service Unavailable", **date)),
    }
    with Site(answers) as site:
        got = Net().get(site.url("/seconds"), site.url("/date"))

    assert [page.body for page in got if isinstance(page, Response)] == [PAGE, PAGE]
    assert site.paths == ["/seconds", "/seconds", "/date", "/date"]
    assert min(site.gaps[1], site.gaps[3]) >= 1


@pytest.mark.parametrize("wish", ["soon", "-5", "1.5", "Thu, 01 Jan 1970 00:00:00 GMT", "", "Sun, 99 Mar 2026"])
def test_a_senseless_wish_is_an_ordinary_back_off(wish: str) -> None:
    """As if the header were missing: whoever waits for nobody would put off a sensible one."""
    with Site({"/a": _at_first(answer(b"", "503 Later", **{"Retry-After": wish}))}) as site:
        page = Net(replace(SMALL, retry_after_s=0.0)).page(site.url("/a"))

    assert page.body == PAGE


def test_a_wish_longer_than_a_run_defers_the_address() -> None:
    """It is asked once; the host's other stories go on."""
    with Site({"/a": answer(b"", "429 Too Many", **{"Retry-After": "99999999"}), "/b": answer(PAGE)}) as site:
        deferred, page = Net().get(site.url("/a"), site.url("/b"))

    assert isinstance(deferred, Deferred)
    assert deferred.until == NOW + timedelta(days=30)
    assert isinstance(page, Response)
    assert site.paths == ["/a", "/b"]


def test_a_host_that_puts_off_three_in_a_row_is_left_alone() -> None:
    """No hammering: the fourth is not even asked for."""
    later = answer(b"", "503 Later", **{"Retry-After": "3600"})
    with Site({f"/{n}": later for n in range(5)}) as site:
        got = Net().get(*(site.url(f"/{n}") for n in range(5)))

    assert [(type(error), error.until) for error in got if isinstance(error, Deferred)] == [
        (Deferred, NOW + timedelta(hours=1))
    ] * 5
    assert site.paths == ["/0", "/1", "/2"]


def test_waits_that_add_up_to_more_than_a_run_defer_too() -> None:
    """1 s, 1 s, and no third one where 2 s are allowed."""
    with Site({"/a": answer(b"", "503 Later", **{"Retry-After": "1"})}) as site:
        error = Net().error(site.url("/a"))

    assert isinstance(error, Deferred)
    assert site.paths == ["/a"] * 3


def test_a_host_may_not_pause_a_run_for_ever() -> None:
    """Every page asks for a second, is given it, and then comes: three times what one wait may be is all."""
    with Site({f"/{n}": _at_first(answer(b"", "503 Later", **{"Retry-After": "1"})) for n in range(5)}) as site:
        got = Net(limits=replace(SMALL, retry_after_s=1.0)).get(*(site.url(f"/{n}") for n in range(5)))

    assert [type(each) for each in got] == [Response, Response, Response, Deferred, Deferred]


def test_a_host_that_fails_everything_is_left_alone_for_the_run() -> None:
    """Twenty addresses in a row with all their tries; one answer in between starts the count anew."""
    failing: dict[str, Answer] = {f"/{n}": answer(b"", "500 Oops") for n in range(30)}
    paths = [*(f"/{n}" for n in range(10)), "/missing", *(f"/{n}" for n in range(30))]
    with Site(failing) as site:
        got = Net(limits=replace(SMALL, retries=0)).get(*(site.url(path) for path in paths))

    assert len(site.paths) == 10 + 1 + 20
    assert str(got[-1]) == f"the host failed 20 addresses in a row, left alone for this run: {site.url('/29')}"


@pytest.mark.parametrize(("status", "tries"), [("408 Slow", 4), ("425 Early", 4), ("999 No", 1)])
def test_only_what_may_pass_is_tried_again(status: str, tries: int) -> None:
    """Odd statuses among them."""
    with Site({"/a": answer(b"", status, Connection="close")}) as site:
        error = Net().error(site.url("/a"))

    assert isinstance(error, StatusError)
    assert (error.status, len(site.paths)) == (int(status[:3]), tries)


def test_rules_are_asked_for_once_and_obeyed() -> None:
    """For every address of the origin, redirect targets included."""
    with Site({"/robots.txt": answer(RULES), "/a": answer(PAGE), "/b": redirect("/private/x")}) as site:
        got = Net().get(site.url("/private"), site.url("/a"), site.url("/b"))

    assert [str(error) for error in got if isinstance(error, RobotsRefused)] == [
        f"robots.txt forbids it: {site.url('/private')}", f"robots.txt forbids it: {site.url('/private/x')}",
    ]  # fmt: skip
    assert [request.path for request in site.requests] == ["/robots.txt", "/a", "/b"]


def test_rules_are_remembered_for_a_day_between_runs() -> None:
    """A copy that is older, or from the future, is asked for again."""
    with Site({"/robots.txt": answer(RULES), "/a": answer(PAGE)}) as site:
        first = Net()
        copies = first.run(lambda fetcher: _copies(fetcher, site.url("/a")))
        for age in (timedelta(hours=23), timedelta(hours=25), -timedelta(hours=1)):
            Net(robots=copies, now=NOW + age).get(site.url("/a"))

    assert copies == (RobotsCopy(site.url(""), NOW, 200, RULES),)
    assert [request.path for request in site.requests] == ["/robots.txt", "/a", "/a", *["/robots.txt", "/a"] * 2]


async def _copies(fetcher: Fetcher, url: str) -> tuple[RobotsCopy, ...]:
    await fetcher.get(url)
    return fetcher.robots


def test_rules_that_could_not_be_had_are_not_remembered_between_runs() -> None:
    """The next run asks again; this one asks once for all its addresses."""
    with Site({"/robots.txt": answer(b"", "500 Oops"), "/a": answer(PAGE)}) as site:

        async def act(fetcher: Fetcher) -> tuple[list[Response | FetchError], tuple[RobotsCopy, ...]]:
            return [await outcome(fetcher, site.url(path)) for path in ("/a", "/b")], fetcher.robots

        got, copies = Net().run(act)

    assert [str(error) for error in got] == [
        f"robots.txt could not be had, status 500: {site.url(path)}" for path in ("/a", "/b")
    ]
    assert copies == ()
    assert [request.path for request in site.requests] == ["/robots.txt"] * 4


def test_a_crawl_delay_is_obeyed() -> None:
    """From robots.txt itself on."""
    rules = answer(b"User-agent: *\nCrawl-delay: 0.2")
    with Site({"/robots.txt": rules, "/a": answer(PAGE), "/b": answer(PAGE)}) as site:
        Net().get(site.url("/a"), site.url("/b"))

    assert min(site.gaps) >= 0.2


def test_a_long_crawl_delay_means_one_page_per_run() -> None:
    """The next is deferred by that delay."""
    rules = answer(b"User-agent: *\nCrawl-delay: 600")
    with Site({"/robots.txt": rules, "/a": redirect("/b"), "/b": answer(PAGE), "/c": answer(PAGE)}) as site:
        page, deferred = Net().get(site.url("/a"), site.url("/c"))

    assert isinstance(page, Response)
    assert isinstance(deferred, Deferred)
    assert deferred.until == NOW + timedelta(minutes=10)
    assert site.paths == ["/a", "/b"]


def test_robots_txt_asking_to_come_back_later_defers_the_origin() -> None:
    """Its pages are deferred without another request."""
    with Site({"/robots.txt": answer(b"", "503 Later", **{"Retry-After": "3600"})}) as site:
        got = Net().get(site.url("/a"), site.url("/b"))

    assert [error.until for error in got if isinstance(error, Deferred)] == [NOW + timedelta(hours=1)] * 2
    assert len(site.requests) == 1
