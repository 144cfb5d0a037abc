"""An httpx transport that dials checked addresses only, one connection at a time, to one origin.

httpx's own takes no network backend, so this one stands on httpcore's public connections. It is used without
httpx.AsyncClient, which keeps cookies, follows redirects, logs addresses and costs a sixth more, and without a pool:
queues are kept in `pacing`, a pool of one costs 7 % of a page, and a cancellation in its queue spoils it for good
(httpcore issue 1093).
"""

from __future__ import annotations

import os
import ssl
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache, partial
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.request import getproxies_environment

import httpcore
import httpx
import trio

from scraper.errors import AddressRefused, ConfigError
from scraper.net.addresses import host_refusal, named
from scraper.net.dialling import CheckedBackend, Meter

_KEEPALIVE_S = 15.0
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Access:
    """How this program reaches the net: whom it trusts, through which proxies, and which private hosts are named."""

    allow_private: tuple[str, ...] = ()
    proxies: Mapping[str, str] = field(default_factory=dict)  # by scheme; credentials may be inside: never shown
    no_proxy: str = ""
    trust: Callable[[], ssl.SSLContext] = httpx.create_ssl_context  # loads them when it is first asked


def access_from_environment(allow_private: tuple[str, ...]) -> Access:
    """Read HTTPS_PROXY, HTTP_PROXY, ALL_PROXY in any case, and SSL_CERT_FILE.

    Raises: ConfigError for a proxy that is no http proxy, and for a file of certificates that cannot be opened.
    """
    found = getproxies_environment()
    proxies = {scheme: _proxy_url(scheme, found[scheme]) for scheme in ("http", "https", "all") if found.get(scheme)}
    if file := os.environ.get("SSL_CERT_FILE"):
        with _certificates():
            Path(file).open("rb").close()
    return Access(allow_private, proxies, found.get("no", ""), cache(_trust))


def _trust() -> ssl.SSLContext:
    """Load the certificates of those we trust, 25 ms: for the first https origin. Raises: ConfigError."""
    with _certificates():
        return httpx.create_ssl_context()


@contextmanager
def _certificates() -> Iterator[None]:
    try:
        yield
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(f"SSL_CERT_FILE: no certificates could be read ({error})") from error


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
    """The connection to one origin, for one request at a time; after one that failed or was cancelled, close it."""

    def __init__(self, url: httpx.URL, access: Access, head_bytes: int) -> None:
        allowed = named(url.host, url.port or _PORTS[url.scheme], access.allow_private)
        self._fault = None if allowed else host_refusal(url.raw_host.decode("ascii"))
        self._head_bytes = head_bytes
        self._meter = Meter()
        proxy = _proxy_for(url, access)
        self._backend = CheckedBackend(self._meter, None if proxy else access.allow_private)
        self._open = partial(_connection, url, access.trust, proxy, self._backend)
        self._connection = self._open()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request and return its answer when its head is there."""
        if self._fault is not None:
            raise AddressRefused(f"refused, {self._fault}")
        url = request.url
        self._meter.heard, self._meter.left = False, self._head_bytes
        self._meter.over = f"response head over {self._head_bytes} bytes"
        if self._connection.is_closed() or self._connection.has_expired():
            await self.aclose()
            self._connection = self._open()
        answer = await self._connection.handle_async_request(
            httpcore.Request(
                request.method,
                httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        if not self._meter.heard:
            # more came with the last answer than it announced: h11 would take the rest for this one
            raise httpcore.RemoteProtocolError("an answer came before it was asked for")
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
            await self._connection.aclose()
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


def _connection(
    url: httpx.URL, trust: Callable[[], ssl.SSLContext], proxy: httpx.Proxy | None, backend: CheckedBackend
) -> httpcore.AsyncConnectionInterface:
    context = trust() if url.scheme == "https" else None
    origin = httpcore.Origin(url.raw_scheme, url.raw_host, url.port or _PORTS[url.scheme])
    if proxy is None:
        return httpcore.AsyncHTTPConnection(
            origin, ssl_context=context, keepalive_expiry=_KEEPALIVE_S, network_backend=backend
        )
    there = proxy.url
    pool = httpcore.AsyncHTTPProxy(
        httpcore.URL(scheme=there.raw_scheme, host=there.raw_host, port=there.port, target=there.raw_path),
        proxy_auth=proxy.raw_auth,
        ssl_context=context,
        proxy_ssl_context=trust() if there.scheme == "https" else None,
        max_connections=1,
        keepalive_expiry=_KEEPALIVE_S,
        network_backend=backend,
    )
    return pool.create_connection(origin)


class _Body(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __aiter__(self) -> AsyncIterator[bytes]:
        stream = self._answer.stream
        assert not isinstance(stream, Iterable)  # that is how connections here answer
        return stream.__aiter__()

    async def aclose(self) -> None:
        await self._answer.aclose()
