"""Through the proxy where one is set: pages, passwords, and private addresses that stay refused."""

from __future__ import annotations

import base64
import socket
import threading
from collections.abc import Iterator

import pytest
import trustme

from fetching import Net
from scraper.errors import AddressRefused, ConfigError
from scraper.net.transport import access_from_environment
from scraper.records import Response
from servers import Proxy, Site, answer, tls_context

PAGE = b"<h1>An invented story</h1>"


@pytest.fixture
def proxy(authority: trustme.CA) -> Iterator[Proxy]:
    """A proxy on 127.0.0.1, which is not named as allowed: its own address is exempt."""
    with Proxy(inside=tls_context(authority, "news.example")) as proxy:
        yield proxy


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_pages_come_through_the_proxy(proxy: Proxy, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    """Names are looked up there, not here."""
    monkeypatch.setenv(variable, proxy.url("/"))
    proxy.answers["http://news.example/a"] = answer(PAGE)

    assert Net(private=()).page("http://news.example/a").body == PAGE


def test_secure_pages_come_through_a_tunnel(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    """The certificate is the site's, verified as ever."""
    monkeypatch.setenv("https_proxy", f"127.0.0.1:{proxy.port}")
    proxy.answers["/a"] = answer(PAGE)

    page, error = Net(private=()).get("https://news.example/a", "https://other.example/a")

    assert isinstance(page, Response)
    assert "certificate not trusted" in str(error)
    assert proxy.tunnelled == ["news.example:443", "other.example:443"]


def test_a_proxys_password_goes_to_the_proxy_and_nowhere_else(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither into what is kept, nor into an error."""
    monkeypatch.setenv("http_proxy", proxy.url("").replace("//", "//reader:secret@"))
    proxy.answers["http://news.example/a"] = answer(PAGE)
    net = Net(private=())

    got = net.get("http://news.example/a", "http://news.example/missing")

    sent = {request.headers["proxy-authorization"] for request in proxy.requests}
    assert sent == {"Basic " + base64.b64encode(b"reader:secret").decode()}
    assert "roxy" not in repr(net.exchanges)
    assert "secret" not in repr([net.exchanges, got])


@pytest.mark.parametrize(
    "url",
    ["http://10.0.0.1/", "http://2130706441/", "http://0x7f.9/", "http://[::ffff:10.0.0.1]/", "http://localhost/",
     "http://127.0.0.1/", "http://256.256.256.256/"],
)  # fmt: skip
def test_private_addresses_stay_refused_behind_the_proxy(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    """The proxy would dial them for us."""
    monkeypatch.setenv("http_proxy", proxy.url("/"))

    assert isinstance(Net(private=()).error(url), AddressRefused)
    assert proxy.accepted == 0


@pytest.mark.parametrize(
    ("exempt", "through"),
    [
        ("127.0.0.1", False),
        ("*", False),
        ("a.example, 127.0.0.0/8", False),
        ("127.0.0.1:{port}", False),
        ("127.0.0.1:1", True),
        ("7.0.0.1", True),
        ("a.example", True),
        (".", True),
    ],
)
def test_no_proxy_names_who_is_asked_directly(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch, exempt: str, through: bool
) -> None:
    """By address, network, port or star."""
    with Site({"/a": answer(PAGE)}) as site:
        monkeypatch.setenv("http_proxy", proxy.url("/"))
        monkeypatch.setenv("no_proxy", exempt.format(port=site.port))
        Net().get(site.url("/a"))

    assert (proxy.accepted > 0, site.accepted > 0) == (through, not through)


def test_a_refusing_proxy_is_named_as_the_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own words, not a traceback."""

    def refuse(line: socket.socket, _: threading.Event) -> None:
        line.recv(9999)
        line.sendall(b"HTTP/1.1 403 No\r\n\r\n")

    with Site(on_accept=refuse) as wall:
        monkeypatch.setenv("https_proxy", wall.url("/"))
        error = Net(private=()).error("https://news.example/a")

    assert str(error) == "robots.txt could not be had, the proxy refused, 403 No: https://news.example/a"


@pytest.mark.parametrize("url", ["socks5://reader:secret@127.0.0.1:1", "http://", "ftp://a.example"])
def test_a_proxy_of_another_kind_is_a_configuration_error(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """The message does not show its address: a password may be in it."""
    monkeypatch.setenv("https_proxy", url)

    with pytest.raises(ConfigError, match="HTTPS_PROXY: not the address of an http or https proxy") as raised:
        access_from_environment(())

    assert "secret" not in str(raised.value)
