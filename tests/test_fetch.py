"""The one door to the net: what goes out and what comes back."""

from __future__ import annotations

import gzip

from fetching import NOW, Net, outcome
from scraper.errors import (
    AddressRefused,
    BodyError,
    FetchError,
    RedirectError,
    StatusError,
)
from scraper.fetch import Fetcher
from scraper.records import Kept, Response, Validators
from servers import Site, Talk, answer, redirect

PAGE = b"<h1>An invented story</h1>"


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


def test_an_answer_that_nobody_asked_for_is_not_taken_for_the_next() -> None:
    """It came along with one that h11 read, and h11 still held it when the next was of its kind."""
    asked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nPage\r\n0\r\n\r\n"
    with Site({"/a": asked + asked.replace(b"Page", b"Fake"), "/b": asked.replace(b"Page", b"Next")}) as site:
        got = Net().get(site.url("/a"), site.url("/b"))

    assert [page.body for page in got if isinstance(page, Response)] == [b"Page", b"Next"]
