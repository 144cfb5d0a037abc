"""The only door to the net: an address in, a Response or a FetchError out, with manners and within limits.

    get -> [robots, host's turn -> wire -> status, back-off]* per try -> redirect -> ... -> decoded body

The way of one address is `_travelled`, a hop of it `_answered`, a try of that `_tried`. Helpers in this room:
`wire` (one exchange), `patience` (its time), `transport` over `direct` or `proxied` (a connection), `dialling` (checked
addresses), `pacing` (turns), `retries`, `rulebook` (robots.txt).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from types import TracebackType
from typing import Self

from scraper.answers import REDIRECTS, header, later, retry_after, status_error, target
from scraper.decoding import beginning, decoded
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
from scraper.limits import Limits
from scraper.net.pacing import GRACE_S, Host, Hosts, turn
from scraper.net.retries import passing, retrying
from scraper.net.rulebook import Rulebook
from scraper.net.transport import access_from_environment
from scraper.net.wire import Answer, Trip, Wire
from scraper.records import Exchange, Headers, Kept, Response, Validators
from scraper.robots import RobotsCopy, RobotsRules, whole_lines
from scraper.secrets import told
from scraper.urls import MAX_URL, host, origin, split

_PAUSES = 3  # of the longest kind that a host gets in one run
_PEEK_BYTES = 64 * 1024  # of a refusal, to tell who refuses


class Fetcher:
    """Fetches politely: robots.txt, one request per host at a time, gaps, conditions, bounded tries and sizes."""

    def __init__(
        self,
        limits: Limits,
        *,
        keep: Callable[[Exchange], Kept],
        clock: Callable[[], datetime],
        user_agent: str,
        allow_private: tuple[str, ...] = (),
        robots: Iterable[RobotsCopy] = (),
    ) -> None:
        """Take what a run has; `keep` gets every exchange before anyone reads it, `clock` gives UTC.

        `allow_private` names hosts, as addresses spell them, that may be private; `robots` are copies of earlier runs.
        """
        self._limits = limits
        self._clock = clock
        self._hosts = Hosts()
        self._rulebook = Rulebook(user_agent, clock, robots)
        self._wire = Wire(access_from_environment(allow_private), keep=keep, clock=clock, user_agent=user_agent)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._wire.aclose()

    @property
    def robots(self) -> tuple[RobotsCopy, ...]:
        """Return the copies of robots.txt that a later run may use."""
        return self._rulebook.copies

    async def get(
        self,
        url: str,
        *,
        validators: Validators | None = None,
        limits: Limits | None = None,
        max_bytes: int | None = None,
        whole: bool = True,
    ) -> Response:
        """Fetch an address: a 200, or a 304 where `validators` made the request conditional.

        `limits` are the source's own; `max_bytes` bounds the decoded body in place of limits.body_bytes. Where only a
        `whole` one is of use a longer one is an error, else its beginning comes, of just that length.

        Raises: FetchError, whose `url` is where it went wrong and whose `kept` has a receipt per exchange.
        """
        own = limits or self._limits
        trip = Trip(url, url, own, max_bytes or own.body_bytes, whole, conditions=_conditions(validators))
        try:
            answer = await self._travelled(trip, self._admitted)
            body, kept = _body(answer, trip), tuple(trip.kept)
            return Response(url, trip.told(answer.url), answer.status, answer.headers, body, answer.fetched, kept)
        except FetchError as error:
            error.url = trip.told(error.url or trip.url)
            error.kept = tuple(trip.kept)
            raise

    async def rules(self, url: str, *, limits: Limits | None = None) -> RobotsRules:
        """Return what robots.txt says at the origin of an address."""
        return await self._rules(Trip(url, url, limits or self._limits, 0))

    async def _travelled(self, trip: Trip, admit: Callable[[Trip], Awaitable[float]]) -> Answer:
        """Follow an address through its redirects; `admit` lets each hop pass, and gives the gap its host is owed."""
        seen: set[str] = set()
        while True:
            _check(trip.url)
            seen.add(trip.url)
            gap_s = await admit(trip)
            answer = await self._answered(trip, gap_s)
            if answer.status not in REDIRECTS:
                return answer
            there = target(answer.url, answer.headers)
            if there in seen:
                raise RedirectError("redirect in a circle", told(there))
            if len(seen) > trip.limits.redirects:
                raise RedirectError(f"more than {trip.limits.redirects} redirects", told(there))
            if host(there) != host(trip.url):
                trip.conditions = ()  # they belong to the site they came from
            trip.url = there

    async def _answered(self, trip: Trip, gap_s: float) -> Answer:
        """Ask until there is an answer, or no try left that could help."""
        try:
            return await self._tried(trip, gap_s)
        except FetchError as error:
            failed = [error]

        async def again() -> Answer:
            if failed:
                raise failed.pop()
            return await self._tried(trip, gap_s)

        try:
            # it is told of the first try when that has failed: asked for every page, it costs 3 % of one
            return await retrying(trip)(again)
        except (NetworkError, BodyError, StatusError):
            self._hosts[trip.url].failures += 1
            raise

    async def _tried(self, trip: Trip, gap_s: float) -> Answer:
        there = self._hosts[trip.url]
        async with turn(there, gap_s, trip.url):
            answer = await self._wire.ask(trip)
            if not passing(answer.status):
                there.answered()
                return answer
            error = _refusal(answer, trip)
            if not isinstance(error, Blocked):
                self._heed(there, trip, answer)
            raise error

    def _heed(self, there: Host, trip: Trip, answer: Answer) -> None:
        """Let the host rest for its Retry-After; one that is longer than a run waits defers the address."""
        now = self._clock()
        seconds = retry_after(answer.headers, now)
        if seconds is None:
            return
        trip.waited_s += seconds
        most = trip.limits.retry_after_s
        if trip.waited_s > most or there.paused_s + seconds > most * _PAUSES:
            until = later(now, seconds)
            there.put_off(until)
            raise Deferred(f"status {answer.status}, asked to wait until {_stamp(until)}", trip.url, until=until)
        there.pause(seconds)

    async def _admitted(self, trip: Trip) -> float:
        """Let an address pass by robots.txt; return the gap in seconds that its host is owed."""
        rules = await self._rules(trip)
        if rules.unreachable and rules.refused:
            raise NetworkError(rules.refused, trip.url)
        if not rules.allowed(trip.url):
            raise RobotsRefused(rules.refused or "robots.txt forbids it", trip.url)
        delay, limits = rules.crawl_delay or 0.0, trip.limits
        if delay > limits.crawl_delay_s:
            there = self._hosts[trip.url]
            if there.page not in (None, trip.asked):
                until = later(self._clock(), delay)
                raise Deferred(f"Crawl-delay of {delay:g} s, one page per run", trip.url, until=until)
            there.page = trip.asked
        return max(limits.gap_s, min(delay + GRACE_S, limits.crawl_delay_s) if delay else 0.0)

    async def _rules(self, trip: Trip) -> RobotsRules:
        there = origin(trip.url)
        known = self._rulebook.known(there, trip.limits.robots_s)
        if known is not None:
            return known
        file, cap = f"{there}/robots.txt", trip.limits.robots_bytes
        own = Trip(file, file, trip.limits, cap, whole=False, kept=trip.kept)  # its receipts are those of who asked
        return await self._rulebook.rules(there, trip.limits.robots_s, lambda: self._robots_copy(there, own))

    async def _robots_copy(self, there: str, trip: Trip) -> RobotsCopy:
        try:
            answer = await self._travelled(trip, _gap)
        except Deferred as error:
            self._hosts[there].until = error.until
            raise
        except RedirectError:
            return RobotsCopy(there, self._clock(), 404)  # RFC 9309, 2.3.1.2: as if there were none
        except StatusError as error:
            return RobotsCopy(there, self._clock(), error.status)
        except FetchError as error:
            if isinstance(error, AddressRefused) and origin(trip.url) == there:
                error.url = None  # nobody was asked, so it is the page's own address that is refused
                raise
            return RobotsCopy(there, self._clock(), 0, fault=error.message)
        cut = beginning(answer.wire, header(answer.headers, "content-encoding"), trip.cap)
        body = whole_lines(cut) if answer.truncated or len(cut) == trip.cap else cut
        return RobotsCopy(there, self._clock(), answer.status, body if answer.status == 200 else b"")


async def _gap(trip: Trip) -> float:
    return trip.limits.gap_s


def _check(url: str) -> None:
    """Refuse what is no http address, or has a user in it, before anything is logged, kept or asked."""
    parts = split(url)
    if parts is None:
        raise AddressRefused("refused, not an http address", url[:200])
    if len(url) > MAX_URL:
        raise AddressRefused(f"refused, an address of {len(url)} characters", url[:200])
    if "@" in parts.netloc:
        raise AddressRefused("refused, an address with a user name in it", url)


def _conditions(validators: Validators | None) -> Headers:
    if validators is None:
        return ()
    pairs = (("If-None-Match", validators.etag), ("If-Modified-Since", validators.last_modified))
    return tuple((name, value) for name, value in pairs if value)


def _body(answer: Answer, trip: Trip) -> bytes:
    """Return the decoded body of an answer that brings a page, or raise why it brings none."""
    if answer.status == 304 and trip.conditions:
        return b""
    if answer.status != 200:
        raise _refusal(answer, trip)
    encoding = header(answer.headers, "content-encoding")
    if not trip.whole and len(start := beginning(answer.wire, encoding, trip.cap)) == trip.cap:
        return start
    if answer.truncated:
        raise BodyError(f"body over {trip.cap} bytes", trip.url)
    return decoded(answer.wire, encoding, trip.cap)


def _refusal(answer: Answer, trip: Trip) -> StatusError:
    start = beginning(answer.wire, header(answer.headers, "content-encoding"), _PEEK_BYTES)
    return status_error(trip.url, answer.status, answer.headers, start)


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
