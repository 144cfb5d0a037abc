"""HTTP/1.1 to one origin, one request at a time: h11's rules on a connection that was checked.

What is usual is read past h11 (`usual`); the first thing that is not goes to it, with all that has come.

httpcore's own connection does it with two locks, five traces and a cancel scope for each read, which `pacing` and
`wire` make needless here: 1.24 M instructions a page, of which h11 takes 0.47 M and trio 0.14 M.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable

import h11
import httpcore
import httpx
import trio

from scraper.net.dialling import PORTS, CheckedBackend
from scraper.net.patience import Patience
from scraper.net.usual import Head, usual_head, usual_request

KEEPALIVE_S = 15.0
_PIECE = 256 * 1024  # most pages in one read, in 64 KiB it takes three
_GONE = "server disconnected without sending a response"
_HEAD_BYTES = 100 * 1024  # of one header block; the meter bounds all of an answer's together


class Direct:
    """A connection that is dialled when it is needed; after a request that failed or was cancelled, close it."""

    def __init__(self, url: httpx.URL, trust: Callable[[], ssl.SSLContext], backend: CheckedBackend) -> None:
        self._host = url.raw_host.decode("ascii")
        self._port = url.port or PORTS[url.scheme]
        self._trust = trust if url.scheme == "https" else None
        self._backend = backend
        self._stream: httpcore.AsyncNetworkStream | None = None
        self._state = h11.Connection(h11.CLIENT)
        self._idle_until = 0.0

    @property
    def stale(self) -> bool:
        """Tell whether it waited too long, or something came that nobody asked for: its end, most likely."""
        if self._stream is None:
            return False
        return trio.current_time() > self._idle_until or bool(self._stream.get_extra_info("is_readable"))

    async def answer(self, request: httpx.Request) -> httpx.Response:
        """Send a request and return its answer when its head is there."""
        patience: Patience = request.extensions["patience"]
        if self._stream is None:
            self._stream = await self._dialled(request.extensions["timeout"]["connect"])
            self._state = h11.Connection(h11.CLIENT, max_incomplete_event_size=_HEAD_BYTES)
        head = await self._asked(self._stream, request, patience)
        if isinstance(head, Head):
            said = {"reason_phrase": head.reason}
            body = _Measured(self, self._stream, patience, head)
            return httpx.Response(200, headers=head.headers, stream=body, extensions=said)
        while isinstance(head, h11.InformationalResponse):
            head = await self.event(patience)
        assert isinstance(head, h11.Response)  # h11 lets nothing else come first
        said = {"reason_phrase": head.reason}
        return httpx.Response(
            head.status_code, headers=head.headers.raw_items(), stream=_Body(self, patience), extensions=said
        )

    async def event(self, patience: Patience) -> object:
        """Return h11's next event of the answer."""
        assert self._stream is not None
        while (event := self._state.next_event()) is h11.NEED_DATA:
            patience.renew()
            data = await self._stream.read(_PIECE)
            if not data and self._state.their_state is h11.SEND_RESPONSE:
                raise httpcore.RemoteProtocolError(_GONE)
            self._state.receive_data(data)
        return event

    async def finish(self) -> None:
        """Make ready for the next request, or close what is not to be used again: more came than was asked for, say."""
        if self._state.their_state is h11.DONE and self._state.trailing_data == (b"", False):
            self._state.start_next_cycle()
            self.rest()
        else:
            await self.aclose()

    def rest(self) -> None:
        """Wait for the next request."""
        self._idle_until = trio.current_time() + KEEPALIVE_S

    async def aclose(self) -> None:
        """Close it; the next request dials anew."""
        if self._stream is not None:
            stream, self._stream = self._stream, None
            await stream.aclose()

    async def _dialled(self, seconds: float) -> httpcore.AsyncNetworkStream:
        stream = await self._backend.connect_tcp(self._host, self._port, seconds)
        if self._trust is None:
            return stream
        context = self._trust()
        context.set_alpn_protocols(["http/1.1"])
        return await stream.start_tls(context, self._host, seconds)

    async def _asked(
        self, stream: httpcore.AsyncNetworkStream, request: httpx.Request, patience: Patience
    ) -> Head | object:
        """Send a request; return the head of its answer, or h11's first event of one that is not usual."""
        told = usual_request(request.method, request.url.raw_path, request.headers.raw)
        if told is None:
            await stream.write(self._sent(request))
            return await self.event(patience)
        await stream.write(told)
        patience.renew()
        data = await stream.read(_PIECE)
        head = usual_head(data)
        if head is not None:
            return head
        if not data:
            raise httpcore.RemoteProtocolError(_GONE)
        self._sent(request)  # so that h11 knows what the answer is to
        self._state.receive_data(data)
        return await self.event(patience)

    def _sent(self, request: httpx.Request) -> bytes:
        head = h11.Request(method=request.method, target=request.url.raw_path, headers=request.headers.raw)
        return (self._state.send(head) or b"") + (self._state.send(h11.EndOfMessage()) or b"")


class _Body(httpx.AsyncByteStream):
    """What follows the head. No generator: one that is left in the middle ends with a warning."""

    def __init__(self, line: Direct, patience: Patience) -> None:
        self._line = line
        self._patience = patience

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        event = await self._line.event(self._patience)
        if isinstance(event, h11.Data):
            return event.data
        raise StopAsyncIteration

    async def aclose(self) -> None:
        await self._line.finish()


class _Measured(httpx.AsyncByteStream):
    """A body of announced length, read past h11. No generator, as above."""

    def __init__(self, line: Direct, stream: httpcore.AsyncNetworkStream, patience: Patience, head: Head) -> None:
        self._line = line
        self._stream = stream
        self._patience = patience
        self._length = head.length
        self._begun = head.begun
        self._left = head.length  # below zero once more came than was announced

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        if self._left <= 0:
            raise StopAsyncIteration
        data, self._begun = self._begun, b""
        if not data:
            self._patience.renew()
            data = await self._stream.read(_PIECE)
        if not data:
            came = f"received {self._length - self._left} bytes, expected {self._length}"
            said = f"peer closed connection without sending complete message body ({came})"
            raise h11.RemoteProtocolError(said)
        wanted, self._left = self._left, self._left - len(data)
        return data[:wanted]

    async def aclose(self) -> None:
        if self._left == 0:
            self._line.rest()
        else:  # broken off, or followed by something nobody asked for
            await self._line.aclose()
