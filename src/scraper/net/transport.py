"""An httpx transport that dials checked addresses only, one connection at a time, to one origin.

httpx's own takes no network backend, so this one has a connection of our own below it, or httpcore's where a proxy
stands between. It is used without httpx.AsyncClient, which keeps cookies, follows redirects, logs addresses and costs
a sixth more, and without a pool: queues are kept in `pacing`, a pool of one costs 7 % of a page, and a cancellation in
its queue spoils it for good (httpcore issue 1093).
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.request import getproxies_environment

import httpcore
import httpx
import trio

from scraper.errors import AddressRefused, ConfigError
from scraper.net.addresses import host_refusal, named
from scraper.net.dialling import PORTS, CheckedBackend, Meter
from scraper.net.direct import Direct
from scraper.net.proxied import Proxied, bypassed


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
        usable = httpx.URL(url).scheme in PORTS and bool(httpx.URL(url).host)
    except httpx.InvalidURL:
        usable = False
    if not usable:  # the address itself may hold a password
        raise ConfigError(f"{scheme.upper()}_PROXY: not the address of an http or https proxy")
    return url


class OriginTransport(httpx.AsyncBaseTransport):
    """The connection to one origin, for one request at a time; after one that failed or was cancelled, close it."""

    def __init__(self, url: httpx.URL, access: Access, head_bytes: int) -> None:
        allowed = named(url.host, url.port or PORTS[url.scheme], access.allow_private)
        self._fault = None if allowed else host_refusal(url.raw_host.decode("ascii"))
        self._head_bytes = head_bytes
        self._meter = Meter()
        proxy = _proxy_for(url, access)
        self._backend = CheckedBackend(self._meter, None if proxy else access.allow_private)
        self._connection: Direct | Proxied = (
            Proxied(url, access.trust, self._backend, proxy) if proxy else Direct(url, access.trust, self._backend)
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request and return its answer when its head is there."""
        if self._fault is not None:
            raise AddressRefused(f"refused, {self._fault}")
        self._meter.heard, self._meter.left = False, self._head_bytes
        self._meter.over = f"response head over {self._head_bytes} bytes"
        if self._connection.stale:
            await self.aclose()
        response = await self._connection.answer(request)
        if not self._meter.heard:
            # more came with the last answer than it announced: h11 would take the rest for this one
            raise httpcore.RemoteProtocolError("an answer came before it was asked for")
        self._meter.left = None
        return response

    def stop(self, why: str) -> None:
        """Let the next read from the net raise a BodyError; what is buffered still comes."""
        self._meter.left, self._meter.over = 0, why

    async def aclose(self) -> None:
        """Close the connection at once, whatever state it is in; the next request opens another."""
        with trio.CancelScope(shield=True):
            await self._connection.aclose()
            await self._backend.aclose()


def _proxy_for(url: httpx.URL, access: Access) -> httpx.Proxy | None:
    proxy = access.proxies.get(url.scheme) or access.proxies.get("all")
    if not proxy or bypassed(url.host, url.port or PORTS[url.scheme], access.no_proxy):
        return None
    return httpx.Proxy(proxy)
