"""Which addresses may be dialled, in whatever spelling. Pure: no name is looked up here."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address

_PART = re.compile(r"0[xX][0-9a-fA-F]*|[0-9]+", re.ASCII)
_NAME = re.compile(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*", re.ASCII)
_LOCAL_NAMES = ("localhost", "localhost.localdomain")

_GLOBAL_UNICAST = IPv6Network("2000::/3")  # RFC 4291, 2.4: nothing else is routed
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052
_RELAYS = IPv4Network("192.88.99.0/24")  # RFC 7526: 6to4 relays, withdrawn
_SHARED = IPv4Network("100.64.0.0/10")  # RFC 6598: carrier-grade NAT
_DOCUMENTATION = IPv6Network("3fff::/20")  # RFC 9637, unknown to Python 3.11


def literal(host: str) -> Address | None:
    """Return the address that `host` spells, None where it is a name.

    Takes all that a resolver takes (inet_aton): 2130706433, 0x7f.1, 0177.0.0.1; brackets and a final dot too.
    """
    bare = host.removeprefix("[").removesuffix("]").removesuffix(".")
    if ":" in bare:
        try:
            return IPv6Address(bare.partition("%")[0])
        except ValueError:
            return None
    return _ipv4(bare.split("."))


def _ipv4(parts: list[str]) -> IPv4Address | None:
    if len(parts) > 4 or not all(_PART.fullmatch(part) for part in parts):
        return None
    try:
        numbers = [_number(part) for part in parts]
    except ValueError:  # 08, or more digits than int() takes
        return None
    *heads, tail = numbers
    if any(number > 255 for number in heads) or tail >= 256 ** (4 - len(heads)):
        return None
    return IPv4Address(sum(number << 8 * (3 - place) for place, number in enumerate(heads)) + tail)


def _number(part: str) -> int:
    if part[:2] in ("0x", "0X"):
        return int(part[2:] or "0", 16)
    return int(part, 8) if part.startswith("0") else int(part)


def host_refusal(host: str) -> str | None:
    """Say why the host of an address may not be asked for, before any look-up; None where nothing speaks against it."""
    address = literal(host)
    if address is not None:
        kind = refusal(address)
        return kind and f"{kind} address"
    name = host.lower().removesuffix(".")
    if not _NAME.fullmatch(name) or len(name) > 253:
        return "not a host name"
    if _PART.fullmatch(name.rpartition(".")[2]):
        return "not an address"  # ends in a number: no such name exists (WHATWG URL, 3.5)
    if name in _LOCAL_NAMES or name.endswith(".localhost"):
        return "loopback name"
    return None


def refusal(address: Address) -> str | None:
    """Say what kind of address this is that may not be dialled; None for a public one.

    An IPv4 address inside an IPv6 one (mapped, 6to4, Teredo, NAT64) counts as itself.
    """
    if isinstance(address, IPv6Address):
        return _refusal_v6(address)
    for kind, applies in (
        ("unspecified", address.is_unspecified),
        ("loopback", address.is_loopback),
        ("link-local", address.is_link_local),
        ("multicast", address.is_multicast),
        ("carrier-private", address in _SHARED),
        ("reserved", address.is_reserved or address in _RELAYS),
        ("private", address.is_private or not address.is_global),
    ):
        if applies:
            return kind
    return None


def _refusal_v6(address: IPv6Address) -> str | None:
    inner = _embedded(address)
    if inner:
        return next((kind for kind in map(refusal, inner) if kind), None)
    if address in _DOCUMENTATION:
        return "reserved"
    if address in _GLOBAL_UNICAST and address.is_global:
        return None
    for kind, applies in (
        ("unspecified", address.is_unspecified),
        ("loopback", address.is_loopback),
        ("link-local", address.is_link_local),
        ("multicast", address.is_multicast),
    ):
        if applies:
            return kind
    return "private" if address.is_private else "reserved"


def _embedded(address: IPv6Address) -> tuple[IPv4Address, ...]:
    if address.ipv4_mapped:
        return (address.ipv4_mapped,)
    if address.sixtofour:
        return (address.sixtofour,)
    if address.teredo:
        return address.teredo
    if address in _NAT64:
        return (IPv4Address(int(address) & 0xFFFFFFFF),)
    return ()


def dialable(addresses: list[str]) -> tuple[list[str], str | None]:
    """Return the public ones of what a name resolved to, in its order, and what the first other one was."""
    kinds = [(text, refusal(ip_address(text.partition("%")[0]))) for text in addresses]
    return [text for text, kind in kinds if kind is None], next((kind for _, kind in kinds if kind), None)


def named(host: str, port: int, allow: tuple[str, ...]) -> bool:
    """Tell whether `allow` names this host as the address spells it, alone or with its port."""
    bare = host.lower().removeprefix("[").removesuffix("]")
    shown = f"[{bare}]" if ":" in bare else bare
    return any(entry.lower() in (bare, shown, f"{shown}:{port}") for entry in allow)
