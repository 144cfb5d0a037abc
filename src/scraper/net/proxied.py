"""The way to an origin through a proxy: who is asked by way of which, and httpcore's connection to it."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress
from functools import partial
from ipaddress import ip_address, ip_network

import httpcore
import httpx

from scraper.net.dialling import PORTS, CheckedBackend
from scraper.net.direct import KEEPALIVE_S


class Proxied:
    """A connection through a proxy, dialled when it is needed; after a request that failed, close it."""

    def __init__(
        self, url: httpx.URL, trust: Callable[[], ssl.SSLContext], backend: CheckedBackend, proxy: httpx.Proxy
    ) -> None:
        self._open = partial(_connection, url, trust, backend, proxy)
        self._connection: httpcore.AsyncConnectionInterface | None = None

    @property
    def stale(self) -> bool:
        """Tell whether it is closed, or waited too long."""
        connection = self._connection
        return connection is not None and (connection.is_closed() or connection.has_expired())

    async def answer(self, request: httpx.Request) -> httpx.Response:
        """Send a request and return its answer when its head is there."""
        url = request.url
        self._connection = self._connection or self._open()
        answer = await self._connection.handle_async_request(
            httpcore.Request(
                request.method,
                httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Body(answer), extensions=answer.extensions
        )

    async def aclose(self) -> None:
        """Close it; the next request opens another."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            await connection.aclose()


def bypassed(host: str, port: int, no_proxy: str) -> bool:
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
    url: httpx.URL, trust: Callable[[], ssl.SSLContext], backend: CheckedBackend, proxy: httpx.Proxy
) -> httpcore.AsyncConnectionInterface:
    there = proxy.url
    pool = httpcore.AsyncHTTPProxy(
        httpcore.URL(scheme=there.raw_scheme, host=there.raw_host, port=there.port, target=there.raw_path),
        proxy_auth=proxy.raw_auth,
        ssl_context=trust() if url.scheme == "https" else None,
        proxy_ssl_context=trust() if there.scheme == "https" else None,
        max_connections=1,
        keepalive_expiry=KEEPALIVE_S,
        network_backend=backend,
    )
    return pool.create_connection(httpcore.Origin(url.raw_scheme, url.raw_host, url.port or PORTS[url.scheme]))


class _Body(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __aiter__(self) -> AsyncIterator[bytes]:
        stream = self._answer.stream
        assert not isinstance(stream, Iterable)  # that is how connections here answer
        return stream.__aiter__()

    async def aclose(self) -> None:
        await self._answer.aclose()
