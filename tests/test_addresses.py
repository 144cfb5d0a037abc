"""Which addresses may be dialled, in every spelling that a resolver takes."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scraper.net.addresses import dialable, host_refusal, literal, named, refusal

_ipv4 = st.integers(0, 2**32 - 1).map(IPv4Address)


def _written(address: IPv4Address, bases: list[int], parts: int) -> str:
    """Spell an address in so many parts, each in base 8, 10 or 16."""
    octets = list(address.packed)
    numbers = [*octets[: parts - 1], int.from_bytes(bytes(octets[parts - 1 :]), "big")]
    forms = {8: "0{:o}", 10: "{}", 16: "0x{:x}"}
    return ".".join(forms[base].format(number) for base, number in zip(bases, numbers, strict=False))


@given(_ipv4, st.lists(st.sampled_from([8, 10, 16]), min_size=4, max_size=4), st.integers(1, 4))
@example(IPv4Address("127.0.0.9"), [10, 10, 10, 10], 1)
def test_every_spelling_of_an_address_is_recognised(address: IPv4Address, bases: list[int], parts: int) -> None:
    """Octal, decimal and hexadecimal, in one to four parts: 2130706441 is 127.0.0.9."""
    assert literal(_written(address, bases, parts)) == address


@given(st.text(alphabet="0123456789abcdefxX.", max_size=24))
@example("0x")
@example("08.1")
@example("1..2")
@example("256")
@example("1.256")
@example("0x.0x.0")
def test_what_the_resolver_takes_for_an_address_is_taken_for_one_here(text: str) -> None:
    """inet_aton is what getaddrinfo asks first; whatever it reads may not pass as a name."""
    try:
        there = IPv4Address(socket.inet_aton(text))
    except OSError:
        return

    assert literal(text) == there


@given(_ipv4)
def test_an_address_inside_an_ipv6_one_counts_as_itself(address: IPv4Address) -> None:
    """Mapped, 6to4 and NAT64 all lead to the IPv4 address they hold."""
    number = int(address)
    wrapped = [
        IPv6Address(0xFFFF << 32 | number),
        IPv6Address(0x2002 << 112 | number << 80),
        IPv6Address(0x64FF9B << 96 | number),
    ]

    assert [refusal(inner) for inner in wrapped] == [refusal(address)] * 3


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("127.0.0.1", "loopback"),
        ("127.255.255.254", "loopback"),
        ("0.0.0.0", "unspecified"),
        ("0.1.2.3", "private"),
        ("10.1.2.3", "private"),
        ("172.16.0.1", "private"),
        ("192.168.1.1", "private"),
        ("169.254.169.254", "link-local"),
        ("100.64.0.1", "carrier-private"),
        ("100.127.255.255", "carrier-private"),
        ("192.0.2.7", "private"),
        ("198.18.0.1", "private"),
        ("192.88.99.1", "reserved"),
        ("224.0.0.251", "multicast"),
        ("240.0.0.1", "reserved"),
        ("255.255.255.255", "reserved"),
        ("::1", "loopback"),
        ("::", "unspecified"),
        ("fe80::1", "link-local"),
        ("fec0::1", "reserved"),
        ("fd00::1", "private"),
        ("ff02::1", "multicast"),
        ("::7f00:1", "reserved"),
        ("2001:db8::1", "private"),
        ("3fff::1", "reserved"),
        ("64:ff9b:1::a00:1", "reserved"),
        ("100::1", "private"),
        ("4000::1", "reserved"),
        ("2001:0:7f00:1::", "loopback"),
    ],
)
def test_an_address_nobody_publishes_at_is_refused(text: str, kind: str) -> None:
    """One of every block that is not the public net."""
    assert refusal(ip_address(text)) == kind


@pytest.mark.parametrize(
    "text", ["8.8.8.8", "100.128.0.1", "172.32.0.1", "2606:4700::1", "64:ff9b::808:808", "2002:808:808::1"]
)
def test_a_public_address_may_be_dialled(text: str) -> None:
    """The neighbours of refused blocks among them."""
    assert refusal(ip_address(text)) is None


@pytest.mark.parametrize(
    ("host", "why"),
    [
        ("news.example", None),
        ("xn--80ak6aa92e.example", None),
        ("under_score.example.", None),
        ("8.8.8.8", None),
        ("2130706441", "loopback address"),
        ("0x7f.1", "loopback address"),
        ("127.0.0.1.", "loopback address"),
        ("[::ffff:127.0.0.9]", "loopback address"),
        ("fe80::1%eth0", "link-local address"),
        ("localhost", "loopback name"),
        ("news.localhost.", "loopback name"),
        ("256.0.0.1", "not an address"),
        ("1.2.3.4.5", "not an address"),
        ("news.0x7f", "not an address"),
        ("%31%32%37.0.0.1", "not a host name"),
        ("news example", "not a host name"),
        ("a..b", "not a host name"),
        ("", "not a host name"),
        ("a" * 64 + ".example", "not a host name"),
        ("a." * 126 + "a", None),
        ("a." * 126 + "ab", "not a host name"),
    ],
)
def test_a_host_is_judged_before_it_is_looked_up(host: str, why: str | None) -> None:
    """So that it stays refused behind a proxy, which looks names up itself."""
    assert host_refusal(host) == why


def test_of_what_a_name_resolves_to_only_the_public_is_dialled() -> None:
    """A name with a private address among its public ones is no way in."""
    assert dialable(["10.0.0.1", "8.8.8.8", "::1"]) == (["8.8.8.8"], "private")
    assert dialable(["fe80::1%eth0"]) == ([], "link-local")


def test_a_private_host_is_named_as_the_address_spells_it() -> None:
    """127.0.0.1 allows neither its decimal spelling nor its neighbour; a port may be part of the name."""
    allow = ("127.0.0.1", "Intra.example:8080", "[::1]:80")

    meant = (("127.0.0.1", 5), ("intra.example", 8080), ("::1", 80))
    others = (("2130706433", 5), ("127.0.0.9", 5), ("intra.example", 80), ("::1", 81), ("::ffff:127.0.0.1", 5))

    assert [named(host, port, allow) for host, port in meant] == [True] * 3
    assert [named(host, port, allow) for host, port in others] == [False] * 5
