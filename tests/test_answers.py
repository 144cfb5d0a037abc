"""What an answer's head says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.answers import announced, header, later, retry_after, status_error, target
from scraper.errors import Blocked, RedirectError, StatusError

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HERE = "https://paper.example/news/"


def test_headers_of_one_name_are_one_list() -> None:
    """RFC 9110, 5.3; in any case of letters."""
    headers = (("Vary", "Accept"), ("Content-Encoding", "gzip"), ("content-encoding", "br"))

    assert (header(headers, "content-encoding"), header(headers, "etag")) == ("gzip, br", None)


@pytest.mark.parametrize(
    ("text", "length"), [("12", 12), (" 7 ", 7), ("", 0), ("-5", 0), ("1e9", 0), ("12, 12", 0), ("9" * 40, 0)]
)
def test_a_length_is_believed_only_where_it_is_one(text: str, length: int) -> None:
    """Anything else is left to the reader of the body."""
    assert announced((("Content-Length", text),)) == length


@pytest.mark.parametrize(
    ("location", "there"),
    [
        ("/a", "https://paper.example/a"),
        ("b?c=1#d", "https://paper.example/news/b?c=1"),
        ("//other.example/x", "https://other.example/x"),
        ("http://other.example/", "http://other.example/"),
        ("/жаңалық".encode().decode("latin-1"), "https://paper.example/жаңалық"),
        ("/caf\xe9", "https://paper.example/café"),
    ],
)
def test_a_redirect_leads_where_a_browser_would_go(location: str, there: str) -> None:
    """Relative ones, unescaped ones in UTF-8 or Latin-1, and without their fragment."""
    assert target(HERE, (("Location", location),)) == there


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "javascript:x()", "http://", "http://[x/", "https://reader:secret@paper.example/"]
)
def test_a_redirect_to_no_http_address_is_an_error(location: str) -> None:
    """It names where it was met; a password in it is not shown."""
    with pytest.raises(RedirectError, match="redirect to what is no http address") as raised:
        target(HERE, (("Location", location),))

    assert raised.value.url == HERE
    assert "secret" not in str(raised.value)


def test_a_redirect_without_a_location_is_an_error() -> None:
    """Or with an empty one."""
    for headers in ((), (("Location", ""),)):
        with pytest.raises(RedirectError, match="redirect without a Location"):
            target(HERE, headers)


@pytest.mark.parametrize(
    ("wish", "seconds"),
    [
        ("120", 120.0),
        (" 3 ", 3.0),
        ("99999999", 30 * 86400.0),
        ("9" * 400, 30 * 86400.0),
        ("Sun, 01 Mar 2026 12:00:04 GMT", 4.0),
        ("Sunday, 01-Mar-26 12:01:00 GMT", 60.0),
        ("Sun Mar  1 12:00:09 2026", 9.0),
        ("Sun, 01 Mar 2026 17:00:05 +0500", 5.0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("0", None),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
        ("Sun, 32 Mar 2026 12:00:04 GMT", None),
    ],
)
def test_a_wish_to_come_back_is_read_in_both_forms(wish: str, seconds: float | None) -> None:
    """RFC 9110, 10.2.3, with all three forms of an HTTP date."""
    assert retry_after((("Retry-After", wish),), NOW) == seconds


def test_a_date_is_measured_from_the_answers_own() -> None:
    """A clock set wrong on either side does no harm."""
    headers = (("Date", "Wed, 01 Jan 2020 00:00:00 GMT"), ("Retry-After", "Wed, 01 Jan 2020 00:00:07 GMT"))

    assert retry_after(headers, NOW) == 7.0


@given(st.text(max_size=60))
def test_no_wish_breaks_anything(wish: str) -> None:
    """Whatever stands in the header, the wait is a moment in the next thirty days, or none."""
    seconds = retry_after((("Retry-After", wish),), NOW)

    assert seconds is None or NOW < later(NOW, seconds) + timedelta(seconds=1) <= NOW + timedelta(days=30, seconds=1)


def test_an_instant_is_in_whole_seconds() -> None:
    """And in UTC, whatever zone the clock is in."""
    assert later(datetime.fromisoformat("2026-03-01T17:00:00.9+05:00"), 60) == NOW + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("status", "headers", "start", "kind", "message"),
    [
        (404, (), b"", StatusError, "status 404 Not Found"),
        (799, (), b"", StatusError, "status 799"),
        (403, (), b"", StatusError, "status 403 Forbidden"),
        (403, (("CF-Mitigated", "challenge"),), b"", Blocked, "blocked by a bot challenge (status 403)"),
        (503, (), b"<script src=//geo.captcha-delivery.com/c.js>", Blocked, "blocked by a bot challenge (status 503)"),
        (404, (), b"about px-captcha", StatusError, "status 404 Not Found"),
    ],
)
def test_a_refusal_is_named(
    status: int, headers: tuple[tuple[str, str], ...], start: bytes, kind: type[StatusError], message: str
) -> None:
    """By its status, or as the challenge it is."""
    error = status_error(HERE, status, headers, start)

    assert (type(error), error.message, error.status, error.url) == (kind, message, status, HERE)
