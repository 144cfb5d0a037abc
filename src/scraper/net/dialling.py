"""Dials checked addresses only, and bounds what comes back over them."""

from __future__ import annotations

import math
import ssl
from collections.abc import Iterable
from contextlib import nullcontext, suppress

import httpcore
import trio

from scraper.errors import AddressRefused, BodyError, NetworkError
from scraper.net.addresses import dialable, named

PORTS = {"http": 80, "https": 443}
_ADDRESSES_TRIED = 4  # of one name, sharing the time to connect
_UNLIMITED = nullcontext()
_BROKEN = (trio.BrokenResourceError, trio.ClosedResourceError)

_SocketOptions = Iterable[tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]]


class Meter:
    """How many bytes may still come; None is no bound, and `over` what to say when it is passed.

    `heard` tells whether anything came since it was last set to False.
    """

    __slots__ = ("heard", "left", "over")

    def __init__(self) -> None:
        self.heard = False
        self.left: int | None = None
        self.over = ""


class _MeteredStream(httpcore.AsyncNetworkStream):
    """A connection that counts a response's head: h11 bounds one header block, not a flood of 1xx answers.

    It stands on trio's streams itself; a layer on top of httpcore's own cost 5 % of a page.
    """

    def __init__(self, stream: trio.abc.Stream, socket: trio.socket.SocketType, meter: Meter) -> None:
        self._stream = stream
        self._socket = socket
        self._meter = meter

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's
        left = self._meter.left
        if left is not None:
            if left <= 0:
                raise BodyError(self._meter.over)
            max_bytes = min(max_bytes, left)
        try:
            with _limit(timeout) as scope:
                data = bytes(await self._stream.receive_some(max_bytes))
        except _BROKEN as error:
            raise httpcore.ReadError("the connection broke") from error
        if scope is not None and scope.cancelled_caught:
            raise httpcore.ReadTimeout("no answer in time")
        self._meter.heard = True
        if left is not None:
            self._meter.left = left - len(data)
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - httpcore's
        if not buffer:
            return
        try:
            with _limit(timeout) as scope:
                await self._stream.send_all(buffer)
        except _BROKEN as error:
            raise httpcore.WriteError("the connection broke") from error
        if scope is not None and scope.cancelled_caught:
            raise httpcore.WriteTimeout("nothing taken in time")

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's
    ) -> httpcore.AsyncNetworkStream:
        stream = trio.SSLStream(self._stream, ssl_context, server_hostname=server_hostname, https_compatible=True)
        try:
            with _limit(timeout) as scope:
                await stream.do_handshake()
        except _BROKEN as error:
            raise httpcore.ConnectError("no TLS") from error
        if scope is not None and scope.cancelled_caught:
            raise httpcore.ConnectTimeout("no TLS in time")
        return _MeteredStream(stream, self._socket, self._meter)

    def get_extra_info(self, info: str) -> object:
        if info == "is_readable":  # httpcore asks before it uses a kept connection again
            return self._socket.is_readable()
        return None  # of the rest, only HTTP/2 has use


def _limit(timeout: float | None) -> trio.CancelScope | nullcontext[None]:
    """Return what ends a wait after so many seconds; None where somebody else looks at the time."""
    return _UNLIMITED if timeout is None else trio.CancelScope(deadline=trio.current_time() + timeout)


class CheckedBackend(httpcore.AsyncNetworkBackend):
    """Resolves, checks, and dials what was checked; `allow` None dials unchecked (the configured proxy)."""

    def __init__(self, meter: Meter, allow: tuple[str, ...] | None) -> None:
        self._meter = meter
        self._allow = allow
        self._stream: trio.SocketStream | None = None

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's
        local_address: str | None = None,  # noqa: ARG002 - httpcore's
        socket_options: _SocketOptions | None = None,  # noqa: ARG002 - httpcore's
    ) -> httpcore.AsyncNetworkStream:
        await self.aclose()
        try:
            with _limit(timeout):
                addresses = await self._addresses(host, port)
                self._stream = await _first_connected(addresses, port, (timeout or math.inf) / len(addresses))
        except OSError as error:
            raise httpcore.ConnectError("no connection") from error
        if self._stream is None:
            raise httpcore.ConnectTimeout("no connection in time")
        return _MeteredStream(self._stream, self._stream.socket, self._meter)

    async def _addresses(self, host: str, port: int) -> list[str]:
        try:
            found = await trio.socket.getaddrinfo(host, port, type=trio.socket.SOCK_STREAM)
        except trio.socket.gaierror as error:
            raise NetworkError(f"DNS error, no such host {host}") from error
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        if self._allow is None or named(host, port, self._allow):
            return addresses[:_ADDRESSES_TRIED]
        public, kind = dialable(addresses)
        if not public:
            raise AddressRefused(f"refused, {host} has a {kind} address")
        return public[:_ADDRESSES_TRIED]

    async def aclose(self) -> None:
        """Close what was dialled; a TLS handshake that was cancelled leaves it open, and httpcore never sees it."""
        if self._stream is not None:
            stream, self._stream = self._stream, None
            await stream.aclose()

    async def sleep(self, seconds: float) -> None:
        """Wait, for httpcore."""
        await trio.sleep(seconds)


async def _first_connected(addresses: list[str], port: int, share_s: float) -> trio.SocketStream:
    """Dial one address after the other, each for its share of the time."""
    for address in addresses[:-1]:
        with suppress(OSError), trio.CancelScope(deadline=trio.current_time() + share_s):
            return await trio.open_tcp_stream(address, port)
    return await trio.open_tcp_stream(addresses[-1], port)
