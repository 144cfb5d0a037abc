"""One request and its answer: sent, received within bounds, kept before anyone reads it."""

from __future__ import annotations

import io
import os
import ssl
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

import h11
import httpcore
import httpx
import trio

from scraper.answers import REDIRECTS, announced
from scraper.errors import AddressRefused, BodyError, FetchError, NetworkError
from scraper.limits import Limits
from scraper.net.patience import Patience
from scraper.net.transport import Access, OriginTransport
from scraper.records import Exchange, Headers, Kept
from scraper.secrets import told, without_user

_LINES_OPEN = 128  # idle connections to different origins
_WORDS = 120  # characters of somebody else's error message
_REFUSAL_BYTES = 256 * 1024  # read and kept of an answer that brings no page
_NO_BODY = httpx.ByteStream(b"")
_ACCEPT = b"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

# what the connections raise, and the ValueErrors that odd answers get out of them
TROUBLE = (
    h11.ProtocolError,
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.ConnectionNotAvailable,
    OSError,
    ValueError,
)


@dataclass(slots=True)
class Trip:
    """One address on its way: where it has got to, and what it has cost.

    `cap` bounds its body in bytes; where only a `whole` one is of use, one that announces more is not begun.
    `conditions` are the headers of a conditional request. `spent_s` is the time in requests, `waited_s` what
    the site asked to wait.
    """

    asked: str
    url: str
    limits: Limits
    cap: int
    whole: bool = True
    conditions: Headers = ()
    kept: list[Kept] = field(default_factory=list)
    requests: int = 0
    spent_s: float = 0.0
    waited_s: float = 0.0

    def told(self, url: str) -> str:
        """Return an address of the trip as it may be kept and shown: what was asked for is known, a target is not."""
        return without_user(url) if self.url == self.asked else told(url)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it came: `wire` still content-encoded, `truncated` where it was cut at a limit."""

    url: str
    status: int
    headers: Headers
    wire: bytes
    fetched: datetime
    truncated: str | None


@dataclass(slots=True)
class _Draft:
    """What has come so far."""

    fetched: datetime
    status: int = 0
    reason: str = ""
    headers: Headers = ()
    wire: io.BytesIO = field(default_factory=io.BytesIO)
    truncated: str | None = None


class Wire:
    """The open lines, one per origin. The caller sees to it that an origin has one request at a time."""

    def __init__(
        self, access: Access, *, keep: Callable[[Exchange], Kept], clock: Callable[[], datetime], user_agent: str
    ) -> None:
        self._access = access
        self._keep = keep
        self._clock = clock
        self._headers = (
            (b"User-Agent", user_agent.encode("latin-1", "replace")),
            (b"Accept", _ACCEPT),
            (b"Accept-Encoding", b"gzip"),
        )
        self._lines: OrderedDict[str, OriginTransport] = OrderedDict()

    async def ask(self, trip: Trip) -> Answer:
        """Send the request, receive the answer, keep both.

        Raises: NetworkError, AddressRefused, and BodyError where the answer broke off or its head never ended.
        """
        request = self._request(trip)
        seconds = trip.limits.url_s - trip.spent_s
        draft = _Draft(self._clock())
        trip.requests += 1
        started = trio.current_time()
        fault: FetchError | None = None
        try:
            with Patience(max(seconds, 0), trip.limits.read_s) as patience:
                request.extensions["patience"] = patience
                await self._receive(request, trip, draft)
        except trio.TooSlowError:
            draft.truncated = "time"
            fault = NetworkError(f"timed out, no whole answer within {trip.limits.url_s:g} s", trip.url)
        except TROUBLE as error:
            draft.truncated = "disconnect"
            fault = trouble(error, trip.url, begun=draft.status != 0)
        except FetchError as error:
            fault = error
        finally:
            trip.spent_s += trio.current_time() - started
        answer = self._kept(trip, request, draft)
        if fault is not None:
            fault.url = trip.url
            raise fault from fault.__cause__
        return answer

    def _request(self, trip: Trip) -> httpx.Request:
        limits = trip.limits
        timeout = {"connect": limits.connect_s, "read": limits.read_s, "write": limits.read_s}
        # a stored ETag may hold any byte; ours were decoded as Latin-1
        conditions = [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in trip.conditions]
        try:
            url = httpx.URL(trip.url)
            headers = [(b"Host", url.netloc), *self._headers, *conditions]
            # without a body to look for and headers to add it is made in a seventh of the time
            return httpx.Request("GET", url, headers=headers, stream=_NO_BODY, extensions={"timeout": timeout})
        except (httpx.InvalidURL, ValueError) as error:
            raise AddressRefused(f"no usable address ({error})", trip.url) from error

    async def _receive(self, request: httpx.Request, trip: Trip, draft: _Draft) -> None:
        # a line is taken out while in use; only one that ended its answer cleanly goes back
        origin = _origin(request.url)
        line = self._lines.pop(origin, None) or OriginTransport(request.url, self._access, trip.limits.header_bytes)
        whole = False
        try:
            response = await line.handle_async_request(request)
            draft.fetched = self._clock()
            draft.status, draft.reason = response.status_code, response.reason_phrase
            draft.headers = _pairs(response.headers)
            await _read(response, line, draft, trip)
            whole = draft.truncated is None
        finally:
            if not whole:
                await line.aclose()
        if whole:
            self._lines[origin] = line
        if len(self._lines) > _LINES_OPEN:
            await self._lines.popitem(last=False)[1].aclose()

    def _kept(self, trip: Trip, request: httpx.Request, draft: _Draft) -> Answer:
        url, wire = str(request.url), draft.wire.getvalue()
        if draft.status:
            sent, head = _pairs(request.headers), (draft.status, draft.reason, draft.headers)
            exchange = Exchange(trip.told(url), draft.fetched, sent, *head, wire, draft.truncated)
            trip.kept.append(self._keep(_discreet(exchange)))
        return Answer(url, draft.status, draft.headers, wire, draft.fetched, draft.truncated)

    async def aclose(self) -> None:
        """Close all lines."""
        while self._lines:
            await self._lines.popitem()[1].aclose()


def _discreet(exchange: Exchange) -> Exchange:
    """Return the exchange without what its Location gives away; the page that says it once more in words goes too."""
    if exchange.status not in REDIRECTS:
        return exchange
    headers = tuple((name, told(text) if name.lower() == "location" else text) for name, text in exchange.headers)
    if headers == exchange.headers:
        return exchange
    return replace(exchange, headers=headers, wire=b"", truncated="unspecified" if exchange.wire else None)


async def _read(response: httpx.Response, line: OriginTransport, draft: _Draft, trip: Trip) -> None:
    """Read the body into the draft, as much of it as the trip allows."""
    cap = trip.cap if draft.status == 200 else min(trip.cap, _REFUSAL_BYTES)
    if trip.whole and draft.status == 200 and announced(draft.headers) > cap:
        draft.truncated = "length"
        return
    stream = response.stream
    assert isinstance(stream, httpx.AsyncByteStream)
    # left in the middle, the generators below would be finished by the garbage collector, with a warning each:
    # the line raises a BodyError instead
    with suppress(BodyError):
        async for chunk in stream:
            if draft.truncated is None:
                draft.wire.write(chunk)
                if draft.wire.tell() > cap:
                    draft.truncated = "length"
                    draft.wire.truncate(cap)
                    line.stop(f"body over {cap} bytes")
        await stream.aclose()


def trouble(error: Exception, url: str, *, begun: bool) -> FetchError:
    """Return what went wrong in words a person understands; `begun` once the answer's head was there."""
    causes = list(_causes(error))
    fault: FetchError
    untrusted = next((cause for cause in causes if isinstance(cause, ssl.SSLCertVerificationError)), None)
    if untrusted is not None:
        fault = NetworkError(f"certificate not trusted, {untrusted.verify_message}", url)
    elif begun:
        fault = BodyError(f"body cut short, {_words(error, causes)}", url)
    else:
        fault = NetworkError(_words(error, causes), url)
    fault.__cause__ = untrusted or error
    return fault


def _words(error: Exception, causes: list[BaseException]) -> str:
    if isinstance(error, httpcore.ConnectTimeout | httpcore.PoolTimeout):
        return "no connection in time"
    if isinstance(error, httpcore.TimeoutException):
        return "no answer in time"
    if isinstance(error, httpcore.ProxyError):
        return f"the proxy refused, {error}"
    deepest = next((cause for cause in reversed(causes) if isinstance(cause, OSError) and cause.errno), None)
    if isinstance(deepest, ssl.SSLError):
        return f"no TLS, {deepest.reason}"
    said = os.strerror(deepest.errno) if deepest is not None and deepest.errno else str(error)
    said = (said or "the connection failed").strip().rstrip(".")
    return said[:1].lower() + said[1:_WORDS]  # h11 quotes the line that it cannot read, however long


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        inner = error.exceptions[0] if isinstance(error, BaseExceptionGroup) else None
        error = inner or error.__cause__ or error.__context__


def _origin(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode('ascii')}"


def _pairs(headers: httpx.Headers) -> Headers:
    return tuple((key.decode("latin-1"), value.decode("latin-1")) for key, value in headers.raw)
