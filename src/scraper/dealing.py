"""Sources dealt into shares by origin, so that no site is ever asked by two machines. Pure: no files, no network.

    every known source -> groups that share a host -> a share each, by the group's name -> the chosen sources of each

The same sources make the same shares on every run: a share has an archive of its own, which remembers what it has seen.
Only who comes to know MANY sources has them dealt anew, and their listings read once more from the beginning.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Final

from scraper.source import Source
from scraper.urls import split

FOLDER: Final = "shares"  # within the folder of WARC files: what lies in it is part of the archive
FEW_SHARES: Final = 8  # at most so many machines harvest at once; a share takes about 2 s of CPU to begin
SHARES: Final = 64  # the same, where MANY sources are known
MANY: Final = 1000


def shares_from(chosen: Sequence[Source], known: Iterable[Source]) -> dict[str, tuple[Source, ...]]:
    """Return the chosen sources by the name of their share, "00" onwards; `known` are all that may name a host."""
    everybody = {source.key: source for source in (*known, *chosen)}
    groups, count = _groups(everybody), SHARES if len(everybody) >= MANY else FEW_SHARES
    shares: dict[str, list[Source]] = {}
    for source in chosen:
        number = int.from_bytes(sha256(groups[source.key].encode()).digest()[:4]) % count
        shares.setdefault(f"{number:02d}", []).append(source)
    return {name: tuple(shares[name]) for name in sorted(shares)}


def _groups(sources: Mapping[str, Source]) -> dict[str, str]:
    """Return the name of each source's group, the first of the hosts that its sources reach one another by."""
    leader: dict[str, str] = {}

    def led(host: str) -> str:
        while leader.setdefault(host, host) != host:
            leader[host] = leader[leader[host]]
            host = leader[host]
        return host

    hosts = {key: _hosts(source) for key, source in sources.items()}
    for first, *others in hosts.values():
        for other in others:
            one, two = sorted((led(first), led(other)))
            leader[two] = one
    return {key: led(names[0]) for key, names in hosts.items()}


def _hosts(source: Source) -> list[str]:
    """Return the hosts a source's pages lie on, its home first; a port of its own is a host of its own."""
    addresses = (source.home, *(place.url for place in source.discover), *(f"https://{name}" for name in source.hosts))
    parts = (split(address) for address in addresses)
    found = [f"{(part.hostname or '').rstrip('.').removeprefix('www.')}:{part.port or ''}" for part in parts if part]
    return found or [source.key]
