"""What an answer's head says: where to go on, when to come back, who stands in the way. Pure."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from scraper.errors import Blocked, RedirectError, StatusError
from scraper.records import Headers
from scraper.secrets import told
from scraper.urls import absolute

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PASSING = frozenset({408, 425, 429})  # of the moment (RFC 9110, 15.5.9; RFC 8470; RFC 6585)
_LONGEST_WAIT_S = 30 * 24 * 3600.0  # a longer Retry-After is a mistake, and would end the source for good
_CHALLENGES = re.compile(
    rb"/cdn-cgi/challenge-platform/|_Incapsula_Resource|captcha-delivery\.com|px-captcha|ddos-guard/js-challenge",
    re.IGNORECASE,
)


def header(headers: Headers, name: str) -> str | None:
    """Return all values of a header, joined by commas (RFC 9110, 5.3); None where it is missing."""
    values = [value for key, value in headers if key.lower() == name]
    return ", ".join(values) if values else None


def announced(headers: Headers) -> int:
    """Return the length that the answer announces, 0 where it announces none."""
    length = (header(headers, "content-length") or "").strip()
    return int(length) if re.fullmatch(r"\d{1,18}", length) else 0


def target(url: str, headers: Headers) -> str:
    """Return where a redirect leads.

    Raises: RedirectError where there is no Location, or one that is no http address.
    """
    location = header(headers, "location")
    if not location:
        raise RedirectError("redirect without a Location", url)
    with suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")  # unescaped, as many servers send it
    there = absolute(location, url)
    if there is None:
        raise RedirectError(f"redirect to what is no http address {told(location)[:80]!r}", url)
    return there


def retry_after(headers: Headers, now: datetime) -> float | None:
    """Return the seconds to wait by Retry-After (RFC 9110, 10.2.3); None where it is missing, senseless or past.

    A date is measured from the answer's own Date, so a clock set wrong on either side does no harm.
    """
    text = (header(headers, "retry-after") or "").strip()
    if re.fullmatch(r"\d+", text):
        seconds = float(text[:18])
    else:
        then = _http_date(text)
        if then is None:
            return None
        seconds = (then - (_http_date(header(headers, "date") or "") or now)).total_seconds()
    return min(seconds, _LONGEST_WAIT_S) if seconds > 0 else None


def later(now: datetime, seconds: float) -> datetime:
    """Return the UTC instant so many seconds from now, whole seconds."""
    return (now + timedelta(seconds=seconds)).astimezone(UTC).replace(microsecond=0)


def status_error(url: str, status: int, headers: Headers, start: bytes) -> StatusError:
    """Return the error that an answer other than 200 is; `start` is the beginning of its decoded body."""
    if status in (403, 429, 503) and (header(headers, "cf-mitigated") or _CHALLENGES.search(start)):
        return Blocked(f"blocked by a bot challenge (status {status})", url, status=status)
    try:
        phrase = f" {HTTPStatus(status).phrase}"
    except ValueError:
        phrase = ""
    return StatusError(f"status {status}{phrase}", url, status=status)


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
