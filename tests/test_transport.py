"""Connections: dialled only where checked, trusted only where verified, through the proxy where one is set."""

from __future__ import annotations

import base64
import gc
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trio
import trustme

from fetching import Net, outcome
from scraper.errors import AddressRefused, ConfigError, FetchError, NetworkError
from scraper.fetch import Fetcher
from scraper.records import Response
from scraper.transport import access_from_environment
from servers import Proxy, Site, answer, redirect

PAGE = b"<h1>An invented story</h1>"


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "ssl_cert_file", "ssl_cert_dir"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """A certificate authority that SSL_CERT_FILE names."""
    ca = trustme.CA()
    ca.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return ca


def _context(ca: trustme.CA, *names: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert(*names).configure_cert(context)
    return context


class Names(trio.abc.HostnameResolver):
    """A resolver that knows a few names; each look-up takes the next of its lists, the last one for ever."""

    def __init__(self, **known: list[list[str]]) -> None:
        self.known = {name.replace("_", "."): answers for name, answers in known.items()}
        self.asked: list[str] = []

    async def getaddrinfo(
        self, host: bytes | None, port: object, *_: int, **kinds: int
    ) -> list[Any]:
        name = (host or b"").decode()
        self.asked.append(name)
        answers = self.known.get(name)
        if answers is None:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, kinds.get("type"), 6, "", (text, port)) for text in found]

    async def getnameinfo(self, sockaddr: object, flags: int) -> tuple[str, str]:
        raise NotImplementedError(sockaddr, flags)


def _get(net: Net, names: Names, *urls: str) -> list[Response | FetchError]:
    async def act(fetcher: Fetcher) -> list[Response | FetchError]:
        trio.socket.set_custom_hostname_resolver(names)
        return [await outcome(fetcher, url) for url in urls]

    return net.run(act)


# Addresses


@pytest.mark.parametrize(
    "there",
    [
        "http://127.0.0.9:{port}/",
        "http://2130706441:{port}/",
        "http://0x7f000009:{port}/",
        "http://0177.0.0.011:{port}/",
        "http://127.9:{port}/",
        "http://[::ffff:127.0.0.9]:{port}/",
        "http://[::ffff:7f00:9]:{port}/",
        "http://[::1]:{port}/",
        "http://2130706433:{port}/",
        "http://localhost:{port}/",
        "http://127.0.0.9.:{port}/",
        "http://%31%32%37.0.0.9:{port}/",
        "http://①②⑦.⓪.⓪.⑨:{port}/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1:{port}/",
    ],
)
def test_a_redirect_to_a_private_address_is_refused_in_every_spelling(there: str) -> None:
    """127.0.0.1 is allowed here by name; its other spellings and its neighbours are not."""
    with Site(host="127.0.0.9") as canary:
        target = there.format(port=canary.port)
        with Site({"/a": redirect(target.encode().decode("latin-1"))}) as site:
            error = Net().error(site.url("/a"))

    assert isinstance(error, AddressRefused)
    assert canary.accepted == 0


def test_a_name_with_a_private_address_is_refused_when_it_is_dialled() -> None:
    """Unless it is named as allowed."""
    with Site({"/a": answer(PAGE)}) as site:
        names = Names(inside_example=[["127.0.0.1"]])
        url = f"http://inside.example:{site.port}/a"
        (refused,) = _get(Net(), names, url)
        (page,) = _get(Net(private=("inside.example",)), names, url)

    assert str(refused) == f"refused, inside.example has a loopback address: {url}"
    assert isinstance(page, Response)
    assert site.paths == ["/a"]


def test_what_was_checked_is_what_is_dialled() -> None:
    """A name that changes its address between two look-ups (DNS rebinding) is looked up once per connection."""
    names = Names(rebinding_example=[["127.0.0.1"], ["10.0.0.1"]])
    with Site({"/a": answer(PAGE)}) as site:
        (page,) = _get(Net(private=("rebinding.example",)), names, f"http://rebinding.example:{site.port}/a")

    assert isinstance(page, Response)
    assert names.asked == ["rebinding.example"]


def test_the_next_address_of_a_name_is_tried() -> None:
    """Where the first does not answer."""
    with Site({"/a": answer(PAGE)}) as site:
        names = Names(two_example=[["127.0.0.3", "127.0.0.1"]])
        (page,) = _get(Net(private=("two.example",)), names, f"http://two.example:{site.port}/a")

    assert isinstance(page, Response)


def test_a_name_that_does_not_exist_is_not_asked_for_again() -> None:
    """One look-up, one error that names it."""
    names = Names()
    (error,) = _get(Net(), names, "http://nowhere.example/a")

    assert str(error) == "robots.txt could not be had, no such host nowhere.example: http://nowhere.example/a"
    assert names.asked == ["nowhere.example"]


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "gopher://127.0.0.9:70/_x", "data:text/html,x", "ftp://a.example/", "", "mailto:x"]
)
def test_no_other_scheme_is_opened(url: str) -> None:
    """Neither asked for, nor as the target of a redirect."""
    with Site({"/a": redirect(url)}) as site:
        direct, redirected = Net().get(url, site.url("/a"))

    assert isinstance(direct, AddressRefused)
    assert isinstance(redirected, FetchError)
    assert site.paths[:1] == ["/a"]


# Trust


def test_a_certificate_of_a_trusted_authority_is_accepted(authority: trustme.CA) -> None:
    """SSL_CERT_FILE names whom to trust."""
    with Site({"/a": answer(PAGE)}, tls=_context(authority, "127.0.0.1")) as site:
        assert Net().page(site.url("/a")).body == PAGE


@pytest.mark.parametrize("name", ["127.0.0.1", "other.example"])
def test_a_certificate_that_cannot_be_verified_ends_the_matter(name: str, authority: trustme.CA) -> None:
    """Self-signed, or for another name: one try, and the reason."""
    signer = authority if name == "other.example" else trustme.CA()
    with Site({"/a": answer(PAGE)}, tls=_context(signer, name)) as site:
        error = Net().error(site.url("/a"))

    assert isinstance(error, NetworkError)
    assert "certificate not trusted" in str(error)
    assert (site.accepted, site.requests) == (1, [])


def test_a_port_without_tls_is_named_as_the_cause() -> None:
    """Plain HTTP behind https."""
    with Site(on_accept=lambda line, _: (line.recv(9999), line.send(answer(b"", "400 Bad Request")))) as site:
        error = Net().error(site.url("/a").replace("http:", "https:"))

    assert isinstance(error, NetworkError)
    assert error.message.startswith("robots.txt could not be had, no TLS, ")


def test_a_handshake_that_never_ends_leaves_no_socket_open() -> None:
    """httpcore forgets the socket of a cancelled handshake; a warning about it would fail this test."""
    with Site(on_accept=lambda _, closing: closing.wait(5)) as site:
        error = Net().error(site.url("/a").replace("http:", "https:"))
        gc.collect()

    assert isinstance(error, NetworkError)


def test_certificates_that_cannot_be_read_are_a_configuration_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is fetched."""
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/ca.pem")

    with pytest.raises(ConfigError, match="SSL_CERT_FILE"):
        Net().fetcher()


# Proxies


@pytest.fixture
def proxy(authority: trustme.CA) -> Iterator[Proxy]:
    """A proxy on 127.0.0.1, which is not named as allowed: its own address is exempt."""
    with Proxy(inside=_context(authority, "news.example")) as proxy:
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
