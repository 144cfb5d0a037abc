"""An httpx transport that dials checked addresses only, one connection at a time, to one origin.

httpx's own takes no network backend, so this one stands on httpcore's public pool. It is used without
httpx.AsyncClient: that keeps cookies, follows redirects, logs addresses, and costs a sixth more.
"""

from __future__ import annotations

import math
import ssl
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from urllib.request import getproxies_environment

import httpcore
import httpx
import trio

from scraper.addresses import dialable, host_refusal, named
from scraper.errors import AddressRefused, BodyError, ConfigError, NetworkError

_KEEPALIVE_S = 15.0
_ADDRESSES_TRIED = 4  # of one name, sharing the time to connect
_PORTS = {"http": 80, "https": 443}

_SocketOptions = Iterable[tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]]


@dataclass(frozen=True, slots=True)
class Access:
    """How this program reaches the net: whom it trusts, through which proxies, and which private hosts are named."""

    allow_private: tuple[str, ...] = ()
    proxies: Mapping[str, str] = field(default_factory=dict)  # by scheme; credentials may be inside: never shown
    no_proxy: str = ""
    trust: ssl.SSLContext | None = None


def access_from_environment(allow_private: tuple[str, ...]) -> Access:
    """Read HTTPS_PROXY, HTTP_PROXY, ALL_PROXY in any case, and SSL_CERT_FILE.

    Raises: ConfigError for a proxy that is no http proxy, and for certificates that cannot be read.
    """
    found = getproxies_environment()
    proxies = {scheme: _proxy_url(scheme, found[scheme]) for scheme in ("http", "https", "all") if found.get(scheme)}
    try:
        trust = httpx.create_ssl_context()
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(f"SSL_CERT_FILE: no certificates could be read ({error})") from error
    return Access(allow_private, proxies, found.get("no", ""), trust)


def _proxy_url(scheme: str, text: str) -> str:
    url = text if "://" in text else f"http://{text}"
    try:
        usable = httpx.URL(url).scheme in _PORTS and bool(httpx.URL(url).host)
    except httpx.InvalidURL:
        usable = False
    if not usable:  # the address itself may hold a password
        raise ConfigError(f"{scheme.upper()}_PROXY: not the address of an http or https proxy")
    return url


class OriginTransport(httpx.AsyncBaseTransport):
    """The connection to one origin. After a request that failed or was cancelled: close it, open another.

    A cancellation inside a request spoils httpcore's pool for good (httpcore issue 1093).
    """

    def __init__(self, url: httpx.URL, access: Access, head_bytes: int) -> None:
        self._access = access
        self._head_bytes = head_bytes
        self._meter = _Meter()
        proxy = _proxy_for(url, access)
        self._backend = _CheckedBackend(self._meter, None if proxy else access.allow_private)
        self._pool = _pool(access.trust, proxy, self._backend)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request and return its answer when its head is there."""
        url = request.url
        port = url.port or _PORTS[url.scheme]
        if not named(url.host, port, self._access.allow_private):
            fault = host_refusal(url.raw_host.decode("ascii"))
            if fault:
                raise AddressRefused(f"refused, {fault}")
        self._meter.left = self._head_bytes
        self._meter.over = f"response head over {self._head_bytes} bytes"
        answer = await self._pool.handle_async_request(
            httpcore.Request(
                request.method,
                httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        self._meter.left = None
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Body(answer), extensions=answer.extensions
        )

    def stop(self, why: str) -> None:
        """Let the next read from the net raise a BodyError; what is buffered still comes."""
        self._meter.left, self._meter.over = 0, why

    async def aclose(self) -> None:
        """Close the connection at once, whatever state it is in."""
        with trio.CancelScope(shield=True):
            await self._pool.aclose()
            await self._backend.aclose()


def _proxy_for(url: httpx.URL, access: Access) -> httpx.Proxy | None:
    proxy = access.proxies.get(url.scheme) or access.proxies.get("all")
    if not proxy or _bypassed(url.host, url.port or _PORTS[url.scheme], access.no_proxy):
        return None
    return httpx.Proxy(proxy)


def _bypassed(host: str, port: int, no_proxy: str) -> bool:
    """Tell whether NO_PROXY names the host: itself or a domain above it, an address or its network, a port or none."""
    for entry in no_proxy.lower().replace(",", " ").split():
        name = entry.removeprefix("*").removeprefix(".")
        if entry == "*" or (name and (f".{host}".endswith(f".{name}") or f".{host}:{port}".endswith(f".{name}"))):
            return True
        with suppress(ValueError):
            if ip_address(host) in ip_network(name, strict=False):
                return True
    return False


def _pool(
    trust: ssl.SSLContext | None, proxy: httpx.Proxy | None, backend: _CheckedBackend
) -> httpcore.AsyncConnectionPool:
    if proxy is None:
        return httpcore.AsyncConnectionPool(
            ssl_context=trust, max_connections=1, keepalive_expiry=_KEEPALIVE_S, network_backend=backend
        )
    url = proxy.url
    return httpcore.AsyncHTTPProxy(
        httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
        proxy_auth=proxy.raw_auth,
        ssl_context=trust,
        proxy_ssl_context=trust if url.scheme == "https" else None,
        max_connections=1,
        keepalive_expiry=_KEEPALIVE_S,
        network_backend=backend,
    )


class _Body(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __aiter__(self) -> AsyncIterator[bytes]:
        stream = self._answer.stream
        assert not isinstance(stream, Iterable)  # the pool is asynchronous
        return stream.__aiter__()

    async def aclose(self) -> None:
        await self._answer.aclose()


class _Meter:
    """How many bytes may still come; None is no bound, and `over` what to say when it is passed."""

    __slots__ = ("left", "over")

    def __init__(self) -> None:
        self.left: int | None = None
        self.over = ""


class _MeteredStream(httpcore.AsyncNetworkStream):
    """A connection that counts a response's head: h11 bounds one header block, not a flood of 1xx answers."""

    def __init__(self, inner: httpcore.AsyncNetworkStream, meter: _Meter) -> None:
        self._inner = inner
        self._meter = meter

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's
        left = self._meter.left
        if left is None:
            return await self._inner.read(max_bytes, timeout)
        if left <= 0:
            raise BodyError(self._meter.over)
        data = await self._inner.read(min(max_bytes, left), timeout)
        self._meter.left = left - len(data)
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - httpcore's
        await self._inner.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's
    ) -> httpcore.AsyncNetworkStream:
        return _MeteredStream(await self._inner.start_tls(ssl_context, server_hostname, timeout), self._meter)

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


class _CheckedBackend(httpcore.AsyncNetworkBackend):
    """Resolves, checks, and dials what was checked; `allow` None dials unchecked (the configured proxy)."""

    def __init__(self, meter: _Meter, allow: tuple[str, ...] | None) -> None:
        self._meter = meter
        self._allow = allow
        self._inner = httpcore.TrioBackend()
        self._stream: httpcore.AsyncNetworkStream | None = None

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
            with trio.fail_after(math.inf if timeout is None else timeout):
                addresses = await self._addresses(host, port)
                self._stream = await self._first_connected(addresses, port, (timeout or math.inf) / len(addresses))
        except trio.TooSlowError as error:
            raise httpcore.ConnectTimeout("no connection in time") from error
        return _MeteredStream(self._stream, self._meter)

    async def _addresses(self, host: str, port: int) -> list[str]:
        try:
            found = await trio.socket.getaddrinfo(host, port, type=trio.socket.SOCK_STREAM)
        except trio.socket.gaierror as error:
            raise NetworkError(f"no such host {host}") from error
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        if self._allow is None or named(host, port, self._allow):
            return addresses[:_ADDRESSES_TRIED]
        public, kind = dialable(addresses)
        if not public:
            raise AddressRefused(f"refused, {host} has a {kind} address")
        return public[:_ADDRESSES_TRIED]

    async def _first_connected(
        self, addresses: list[str], port: int, share_s: float
    ) -> httpcore.AsyncNetworkStream:
        for address in addresses[:-1]:
            try:
                return await self._inner.connect_tcp(address, port, share_s)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._inner.connect_tcp(addresses[-1], port, share_s)

    async def aclose(self) -> None:
        # a TLS handshake that was cancelled leaves its socket open: httpcore's close never sees it
        if self._stream is not None:
            await self._stream.aclose()
            self._stream = None

    async def sleep(self, seconds: float) -> None:
        await trio.sleep(seconds)


