"""Sources dealt into shares: whole origins, and the same on every run."""

from __future__ import annotations

from dataclasses import replace

from scraper.dealing import FEW_SHARES, MANY, SHARES, shares_from
from scraper.source import Feed, Source
from scraper.sources import ALL


def source(key: str, home: str, *more: str, hosts: tuple[str, ...] = ()) -> Source:
    """A source with a home and feeds elsewhere."""
    return Source(key, home, tuple(Feed(url) for url in (f"{home}feed", *more)), hosts=hosts)


def test_sources_of_one_host_are_in_one_share() -> None:
    found = shares_from(
        [source("north", "https://canal.example/north/"), source("south", "https://www.canal.example/south/")], ())

    assert [[each.key for each in share] for share in found.values()] == [["north", "south"]]


def test_sources_that_reach_one_another_through_a_third_are_in_one_share() -> None:
    """Each may be redirected to, or name, a host of the next."""
    ends = [source("ferry", "https://ferry.example/"), source("tram", "https://tram.example/")]
    bridge = source("port", "https://port.example/", "https://ferry.example/port", hosts=("tram.example",))

    assert [len(share) for share in shares_from([*ends, bridge], ()).values()] == [3]
    assert [len(share) for share in shares_from(ends, [bridge]).values()] == [2]


def test_a_port_of_its_own_is_a_host_of_its_own() -> None:
    sites = [source(str(port), f"http://127.0.0.1:{port}/") for port in range(8000, 8040)]

    assert len(shares_from(sites, ())) > 1


def test_every_source_is_dealt_once_and_alike_on_every_run() -> None:
    chosen = list(ALL.values())

    dealt = shares_from(chosen, ())

    assert sorted(each.key for share in dealt.values() for each in share) == sorted(ALL)
    assert dealt == shares_from(chosen, reversed(chosen))
    assert all(int(name) < FEW_SHARES for name in dealt)


def test_many_sources_make_as_many_shares_as_a_cluster_needs() -> None:
    sites = [source(f"site{number}", f"https://site{number}.example/") for number in range(MANY)]

    assert len(shares_from(sites[:1], sites)) == 1
    assert len(shares_from(sites, ())) == SHARES


def test_who_is_chosen_does_not_change_the_share() -> None:
    everybody = shares_from(list(ALL.values()), ())

    alone = {source.key: next(iter(shares_from([source], ALL.values()))) for source in ALL.values()}

    assert alone == {each.key: name for name, share in everybody.items() for each in share}


def test_other_limits_do_not_change_the_share() -> None:
    one = source("north", "https://canal.example/north/")

    assert [*shares_from([one], ())] == [*shares_from([replace(one, limits={"gap_s": 9.0})], ())]
