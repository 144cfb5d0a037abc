"""The usual exchange: what is read in one step is read as h11 reads it, and nothing else is."""

from __future__ import annotations

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracles import histories
from scraper.net.usual import Head, usual_head, usual_request

HEADERS = [(b"Host", b"news.example"), (b"User-Agent", b"scraper/1 (a b)"), (b"Accept-Encoding", b"gzip")]
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 4\r\nETag:W/\"1\"\r\n\r\nPage"
UNUSUAL = (
    b"HTTP/1.0 200 OK\r\nContent-Length: 4\r\n\r\nPage",
    b"HTTP/1.1 203 Other\r\nContent-Length: 4\r\n\r\nPage",
    b"HTTP/1.1 200\r\nContent-Length: 4\r\n\r\nPage",
    b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nPage",
    b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nPage",
    b"HTTP/1.1 200 OK\r\nContent-Length: 4, 4\r\n\r\nPage",
    b"HTTP/1.1 200 OK\r\nContent-Length: +4\r\n\r\nPage",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\nPage",
    b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nPage",
    b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: keep-alive\r\nConnection: close\r\n\r\nPage",
    b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX: a\r\n b\r\n\r\nPage",
    b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX : a\r\n\r\nPage",
    b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX: caf\xe9\r\n\r\nPage",
    b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX: a\0\r\n\r\nPage",
    b"HTTP/1.1 200 OK\nContent-Length: 4\n\nPage",
    b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\nPage",
)


def asked() -> h11.Connection:
    """Return a connection over which a page was asked for."""
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method="GET", target="/", headers=HEADERS))
    connection.send(h11.EndOfMessage())
    return connection


def read_by_h11(data: bytes) -> Head:
    """Return the same answer as h11 reads it."""
    connection = asked()
    connection.receive_data(data)
    head = connection.next_event()
    assert isinstance(head, h11.Response)
    length = dict(head.headers)[b"content-length"]
    body = connection.next_event()
    return Head(head.reason, head.headers.raw_items(), int(length), body.data if isinstance(body, h11.Data) else b"")


def test_a_usual_answer_is_read() -> None:
    headers = [(b"Content-Type", b"text/html; charset=utf-8"), (b"Content-Length", b"4"), (b"ETag", b'W/"1"')]

    assert usual_head(PLAIN) == Head(b"OK", headers, 4, b"Page") == read_by_h11(PLAIN)


@pytest.mark.parametrize("data", UNUSUAL)
def test_an_unusual_answer_is_left_to_h11(data: bytes) -> None:
    assert usual_head(data) is None


@histories(300, full=20_000)
@given(st.lists(st.tuples(st.integers(0, len(PLAIN) - 1), st.sampled_from(b"\0\t\r\n :;,-0459aA\x7f\xe9") | st.none())))
def test_a_damaged_answer_is_read_as_by_h11_or_left_to_it(damages: list[tuple[int, int | None]]) -> None:
    data = bytearray(PLAIN)
    for place, byte in damages:
        data[place : place + 1] = b"" if byte is None else bytes((byte,))

    head = usual_head(bytes(data))

    assert head is None or head == read_by_h11(bytes(data))


def test_a_usual_request_is_what_h11_sends() -> None:
    connection = h11.Connection(h11.CLIENT)

    sent = connection.send(h11.Request(method="GET", target="/a?b=%20", headers=HEADERS))

    assert usual_request("GET", b"/a?b=%20", HEADERS) == sent


@pytest.mark.parametrize("header", [
    (b"If-None-Match", b"a\r\nX: b"), (b"If-None-Match", b"a\nb"), (b"If-None-Match", b" a"), (b"X Y", b"a"),
    (b"X", b""), (b"X", b"caf\xe9"), (b"X", b"a\0"),
])  # fmt: skip
def test_an_unusual_request_is_left_to_h11(header: tuple[bytes, bytes]) -> None:
    assert usual_request("GET", b"/", [*HEADERS, header]) is None
    assert usual_request("GET", b"/a b", HEADERS) is None
    assert usual_request("GET", b"/", HEADERS[1:]) is None
