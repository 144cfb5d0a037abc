"""Connections: dialled only where checked, trusted only where verified, through the proxy where one is set."""

from __future__ import annotations

import gc
import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import trio
import trustme

from fetching import SMALL, Net, outcome
from scraper.errors import AddressRefused, ConfigError, FetchError, NetworkError
from scraper.fetch import Fetcher
from scraper.records import Response
from servers import Site, answer, redirect, tls_context

PAGE = b"<h1>An invented story</h1>"


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

    assert str(error) == "robots.txt could not be had, DNS error, no such host nowhere.example: http://nowhere.example/a"
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
    with Site({"/a": answer(PAGE)}, tls=tls_context(authority, "127.0.0.1")) as site:
        assert Net().page(site.url("/a")).body == PAGE


@pytest.mark.parametrize("name", ["127.0.0.1", "other.example"])
def test_a_certificate_that_cannot_be_verified_ends_the_matter(name: str, authority: trustme.CA) -> None:
    """Self-signed, or for another name: one try, and the reason."""
    signer = authority if name == "other.example" else trustme.CA()
    with Site({"/a": answer(PAGE)}, tls=tls_context(signer, name)) as site:
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
    with Site(on_accept=lambda _, closing: closing.wait(60)) as site:
        error = Net(replace(SMALL, connect_s=0.5, retries=0)).error(site.url("/a").replace("http:", "https:"))
        gc.collect()

    assert isinstance(error, NetworkError)


def test_certificates_that_are_not_there_are_a_configuration_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is fetched."""
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/ca.pem")

    with pytest.raises(ConfigError, match="SSL_CERT_FILE"):
        Net().fetcher()


def test_certificates_that_cannot_be_read_are_a_configuration_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Before anything is fetched from a site that shows one; others need none."""
    (tmp_path / "ca.pem").write_text("no certificate")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))

    with Site({"/a": answer(PAGE)}) as site:
        assert Net().page(site.url("/a")).body == PAGE
        with pytest.raises(ConfigError, match="SSL_CERT_FILE"):
            Net().page(site.url("/a").replace("http:", "https:"))
