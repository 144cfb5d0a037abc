"""The one door to the net: what goes out, what comes back, and in what order."""

from __future__ import annotations

import gzip
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import trio
import trio.testing

from fetching import NOW, SMALL, Net, outcome
from scraper.errors import (
    AddressRefused,
    Blocked,
    BodyError,
    Deferred,
    FetchError,
    NetworkError,
    RedirectError,
    RobotsRefused,
    StatusError,
)
from scraper.fetch import Fetcher
from scraper.records import Kept, Response, Validators
from scraper.robots import RobotsCopy
from servers import Answer, Site, Talk, answer, redirect

PAGE = b"<h1>An invented story</h1>"
RULES = b"User-agent: *\nDisallow: /private\n"


def _gaps(site: Site) -> list[float]:
    """Return the seconds between the end of each answer and the start of the next request."""
    return [request.started - ended for ended, request in zip(site.ended, site.requests[1:], strict=False)]


def _at_first(refusal: bytes) -> Answer:
    """Refuse the first request, answer the others."""
    return lambda talk: talk.send(refusal if talk.number == 1 else answer(PAGE))


# What goes out, what comes back


def test_a_page_comes_back_decoded_with_a_receipt_per_exchange() -> None:
    """robots.txt first; the wire bytes are kept, the body is unpacked."""
    packed = gzip.compress(PAGE)
    with Site({"/a": answer(packed, Content_Encoding="gzip", ETag='"1"')}) as site:
        net = Net()

        response = net.page(site.url("/a"))

    head = (("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(packed))))
    assert response == Response(
        asked=site.url("/a"), url=site.url("/a"), status=200,
        headers=(*head, ("Content-Encoding", "gzip"), ("ETag", '"1"')), body=PAGE, fetched=NOW,
        kept=(Kept(site.url("/robots.txt"), NOW, 404, 0), Kept(site.url("/a"), NOW, 200, len(packed))),
    )  # fmt: skip
    assert [(exchange.url, exchange.wire, exchange.truncated) for exchange in net.exchanges] == [
        (site.url("/robots.txt"), b"", None), (site.url("/a"), packed, None),
    ]  # fmt: skip


def test_a_request_says_who_asks_and_carries_nothing_else() -> None:
    """Only gzip is asked for; the kept head is the one that was sent."""
    with Site({"/a": answer(PAGE)}) as site:
        net = Net(agent="scraper/0.1 (+mailto:desk@paper.example)")

        net.page(site.url("/a"))

    sent = site.requests[-1]
    assert set(sent.headers) == {"host", "user-agent", "accept", "accept-encoding"}
    assert (sent.headers["user-agent"], sent.headers["accept-encoding"]) == (net.agent, "gzip")
    assert {name.lower(): value for name, value in net.exchanges[-1].request_headers} == sent.headers


def test_cookies_are_not_kept() -> None:
    """Not for the same host, not over a redirect."""
    cookie = {"Set_Cookie": "visit=1; Path=/"}
    with Site({"/a": answer(PAGE, **cookie), "/b": answer(b"", "302 Found", Location="/a", **cookie)}) as site:
        Net().get(site.url("/a"), site.url("/b"), site.url("/a"))

    assert site.paths == ["/a", "/b", "/a", "/a"]
    assert all("cookie" not in request.headers for request in site.requests)


def test_an_address_with_a_password_is_refused_and_never_shown() -> None:
    """Neither asked for, nor kept, nor in the error; a redirect to one neither."""
    with Site({"/a": redirect("http://reader:secret@127.0.0.1/")}) as site:
        net = Net()

        first, second = net.get(site.url("/").replace("//", "//reader:secret@"), site.url("/a"))

    assert isinstance(first, AddressRefused)
    assert isinstance(second, RedirectError)
    assert first.url == site.url("/")
    assert "secret" not in f"{first} {second}"
    assert site.paths == ["/a"]


def test_a_redirect_is_followed_and_both_ends_are_named() -> None:
    """301, 302, 303, 307 and 308; relative, and with letters that were not escaped."""
    there = "/янги-хабар/".encode().decode("latin-1")
    codes = ("301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent")
    answers = {f"/{code[:3]}": redirect(there.encode("latin-1").decode("latin-1"), code) for code in codes}
    final = "/%D1%8F%D0%BD%D0%B3%D0%B8-%D1%85%D0%B0%D0%B1%D0%B0%D1%80/"
    with Site({**answers, final: answer(PAGE)}) as site:
        got = Net().get(*(site.url(path) for path in answers))

    assert [(page.asked, page.url, page.body) for page in got if isinstance(page, Response)] == [
        (site.url(path), site.url(final), PAGE) for path in answers
    ]


def test_a_fresh_copy_is_a_304_only_to_a_conditional_request() -> None:
    """The validators go out as they came; a 304 nobody asked for is an error, never an empty page."""

    def fresh(talk: Talk) -> None:
        talk.send(b"HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n")

    async def act(fetcher: Fetcher) -> Response:
        return await fetcher.get(site.url("/a"), validators=Validators('"1-é"', "Sun, 01 Mar 2026 10:00:00 GMT"))

    with Site({"/a": fresh}) as site:
        response = Net().run(act)
        unasked = Net().error(site.url("/a"))

    conditions = site.requests[1].headers
    assert (response.status, response.body) == (304, b"")
    assert (conditions["if-none-match"], conditions["if-modified-since"]) == ('"1-é"', "Sun, 01 Mar 2026 10:00:00 GMT")
    assert isinstance(unasked, StatusError)
    assert unasked.status == 304


def test_validators_do_not_follow_to_another_host() -> None:
    """An ETag is a mark that only its own site may read."""

    async def act(fetcher: Fetcher) -> Response:
        return await fetcher.get(here.url("/a"), validators=Validators('"1"'))

    with Site({"/b": answer(PAGE)}, host="127.0.0.2") as there, Site({"/a": redirect(there.url("/b"))}) as here:
        Net(private=("127.0.0.1", "127.0.0.2")).run(act)

    assert "if-none-match" in here.requests[-1].headers
    assert "if-none-match" not in there.requests[-1].headers


def test_a_source_has_limits_of_its_own() -> None:
    """Limits and the size of a body are given per address."""

    async def act(fetcher: Fetcher) -> list[Response | FetchError]:
        small = outcome(fetcher, site.url("/a"))
        return [await small, await fetcher.get(site.url("/a"), max_bytes=300_000)]

    with Site({"/a": answer(b"x" * 200_000)}) as site:
        small, large = Net().run(act)

    assert isinstance(small, BodyError)
    assert isinstance(large, Response)
    assert len(large.body) == 200_000


def test_a_body_cut_at_its_limit_is_kept_as_cut() -> None:
    """The archive shows what was read, and that it is not all; a length that is announced is believed at once."""

    def endless(talk: Talk) -> None:
        talk.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while talk.wait(0):
            talk.send(b"10000\r\n" + bytes(65536) + b"\r\n")

    with Site({"/endless": endless, "/vast": answer(b"x" * 99, Content_Length="10000000000")}) as site:
        net = Net()
        errors = net.get(site.url("/endless"), site.url("/vast"))

    assert [str(error) for error in errors] == [
        f"body over 100000 bytes: {site.url('/endless')}", f"body over 100000 bytes: {site.url('/vast')}",
    ]  # fmt: skip
    cut = [(len(exchange.wire), exchange.truncated) for exchange in net.exchanges if exchange.status == 200]
    assert cut == [(100_000, "length"), (0, "length")]


def test_an_error_carries_the_receipts_of_all_its_tries() -> None:
    """Three failures and the robots.txt before them."""
    with Site({"/a": answer(b"later", "500 Oops")}) as site:
        error = Net().error(site.url("/a"))

    assert [(kept.url, kept.status) for kept in error.kept] == [
        (site.url("/robots.txt"), 404), *[(site.url("/a"), 500)] * 4,
    ]  # fmt: skip


# Manners


def test_requests_to_a_host_keep_their_distance_and_never_overlap() -> None:
    """The gap counts from the end of one answer to the start of the next request, robots.txt and redirects included."""

    def slow(talk: Talk) -> None:
        talk.wait(0.05)
        talk.send(answer(PAGE))

    with Site({"/a": slow, "/b": redirect("/a"), "/c": slow}) as site:
        Net(limits=replace(SMALL, gap_s=0.1)).together(*(site.url(path) for path in ("/a", "/b", "/c")))

    assert len(site.requests) == 5
    assert min(_gaps(site)) >= 0.095


def test_hosts_do_not_wait_for_one_another() -> None:
    """A port of its own is a host of its own."""

    def silent(talk: Talk) -> None:
        talk.wait(5)

    with Site({"/a": silent}) as stuck, Site({"/b": answer(PAGE)}) as well:
        moments: dict[str, float] = {}

        async def timed(fetcher: Fetcher, url: str) -> None:
            await outcome(fetcher, url)
            moments[url] = trio.current_time()

        async def act(fetcher: Fetcher) -> None:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(timed, fetcher, stuck.url("/a"))
                nursery.start_soon(timed, fetcher, well.url("/b"))

        Net().run(act)

    assert moments[stuck.url("/a")] - moments[well.url("/b")] > 0.5


def test_a_failing_address_goes_to_the_end_of_its_hosts_queue() -> None:
    """The healthy ones do not wait for its tries."""
    with Site({"/bad": answer(b"", "500 Oops"), "/1": answer(PAGE), "/2": answer(PAGE), "/3": answer(PAGE)}) as site:
        Net(limits=replace(SMALL, gap_s=0.05)).together(*(site.url(path) for path in ("/bad", "/1", "/2", "/3")))

    assert site.paths[:4] == ["/bad", "/1", "/2", "/bad"] or site.paths[:4] == ["/bad", "/1", "/2", "/3"]
    assert sorted(site.paths) == ["/1", "/2", "/3", "/bad", "/bad", "/bad", "/bad"]


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
    assert [round(gap) for gap in _gaps(site)] == [0, 1, 0, 1]


@pytest.mark.parametrize("wish", ["soon", "-5", "1.5", "Thu, 01 Jan 1970 00:00:00 GMT", "", "Sun, 99 Mar 2026"])
def test_a_senseless_wish_is_an_ordinary_back_off(wish: str) -> None:
    """As if the header were missing."""
    with Site({"/a": _at_first(answer(b"", "503 Later", **{"Retry-After": wish}))}) as site:
        page = Net().page(site.url("/a"))

    assert page.body == PAGE
    assert max(_gaps(site)) < 0.5


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


# robots.txt


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

    assert min(_gaps(site)) >= 0.195


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


# Time and cancellation


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
        error, page = net.get(site.url("/drip"), site.url("/a"))

    assert isinstance(error, NetworkError)
    assert str(error) == f"no whole answer within 1 s: {site.url('/drip')}"
    assert isinstance(page, Response)
    assert [exchange.truncated for exchange in net.exchanges] == [None, "time", None]
    assert site.accepted == 2


def test_one_address_gets_so_much_time_over_all_its_tries() -> None:
    """Four tries of 0.3 s do not fit into one second."""
    with Site({"/a": lambda talk: talk.hang_up() if not talk.wait(5) else None}) as site:
        started = time.monotonic()
        error = Net().error(site.url("/a"))
        took = time.monotonic() - started

    assert str(error) == f"no whole answer within 1 s: {site.url('/a')}"
    assert took < 1.6


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


