"""How long an address that failed is left alone, and how often it may fail. Pure."""

from __future__ import annotations

from datetime import timedelta

from scraper.errors import BodyError, Deferred, NetworkError, ParseKilled, RobotsRefused, ScraperError, StatusError

_SOON = tuple(timedelta(minutes=minutes) for minutes in (0, 30, 120, 360, 1380))  # after the nth failure in a row
_LATE = tuple(timedelta(minutes=minutes) for minutes in (360, 1380))  # the same, where time will hardly help
_ROBOTS = timedelta(hours=23)  # a story under rules; they are read again by then (RFC 9309, 2.4)
_TRIES_SOON, _TRIES_LATE = 10, 3  # in a row, before a story is given up


def most_tries(error: ScraperError) -> int:
    """Return how often in a row a story may fail before it is given up; a listing never is."""
    return _TRIES_SOON if _passing(error) else _TRIES_LATE


def delay(error: ScraperError, tries: int, kind: str) -> timedelta:
    """Return how long an address is left alone. An entry point nobody answered for is asked again by the next run:
    the trouble may be our own network, and a probe that cannot connect costs nobody anything."""
    if kind != "story" and isinstance(error, NetworkError | RobotsRefused):
        return timedelta(0)
    if isinstance(error, RobotsRefused):
        return _ROBOTS
    # a machine too busy to read a sitemap in time is less so later
    passing = _passing(error) or (kind != "story" and isinstance(error, ParseKilled))
    delays = _SOON if passing else _LATE
    return delays[min(max(tries, 1), len(delays)) - 1]


def _passing(error: ScraperError) -> bool:
    """Tell whether the trouble may be over soon: the network, a cut body, a busy server."""
    if isinstance(error, StatusError):
        return error.status >= 500 or error.status in (408, 425, 429)
    return isinstance(error, NetworkError | BodyError | Deferred)
