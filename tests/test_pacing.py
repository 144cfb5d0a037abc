"""Turns at hosts, on a clock that jumps."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar

import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from scraper.errors import Deferred, NetworkError
from scraper.net.pacing import Host, Hosts, turn

T = TypeVar("T")

HERE = "https://paper.example/a"


async def _turns(host: Host, gaps: list[float], lasting: float = 0.5) -> list[tuple[float, float]]:
    """Ask for one turn after the other and return when each began and ended."""
    begun = trio.current_time()
    moments: list[tuple[float, float]] = []

    async def one(gap_s: float) -> None:
        async with turn(host, gap_s, HERE):
            start = trio.current_time()
            await trio.sleep(lasting)
            moments.append((start - begun, trio.current_time() - begun))

    async with trio.open_nursery() as nursery:
        for gap_s in gaps:
            nursery.start_soon(one, gap_s)
            await wait_all_tasks_blocked()
    return moments


def _run(act: Callable[[], Awaitable[T]]) -> T:
    return trio.run(act, clock=MockClock(autojump_threshold=0))


def test_turns_follow_one_another_with_a_gap_from_end_to_start() -> None:
    """First come, first served; the gap is the comer's own."""

    async def act() -> list[tuple[float, float]]:
        return await _turns(Host(), [1.0, 1.0, 3.0, 0.0])

    assert _run(act) == [(0.0, 0.5), (1.5, 2.0), (5.0, 5.5), (5.5, 6.0)]


def test_a_pause_holds_all_turns() -> None:
    """From the moment it was asked for, whatever the gap; a twentieth of a second longer, for the host's own clock."""

    async def act() -> list[tuple[float, float]]:
        host = Host()
        host.pause(10)
        host.pause(2)
        return await _turns(host, [1.0, 1.0])

    assert _run(act) == [(10.05, 10.55), (11.55, 12.05)]


def test_a_host_to_be_left_alone_turns_everyone_away_at_once() -> None:
    """After three put-offs in a row, and after twenty failures; an answer in between forgives."""

    async def act() -> None:
        until = datetime(2026, 3, 1, tzinfo=UTC)
        host = Host()
        for _ in range(2):
            host.put_off(until)
        host.answered()
        host.put_off(until)
        await _turns(host, [0.0])
        for _ in range(2):
            host.put_off(until)
        with pytest.raises(Deferred, match="asked to wait until 2026-03-01T00:00:00Z: https://paper"):
            async with turn(host, 99.0, HERE):
                pass
        failing = Host(failures=20)
        with pytest.raises(NetworkError, match="failed 20 addresses in a row"):
            async with turn(failing, 99.0, HERE):
                pass
        assert trio.current_time() < 2

    _run(act)


def test_a_cancelled_wait_gives_its_turn_back() -> None:
    """While it is in the queue, while it waits for its gap, and in its turn."""

    async def act() -> list[tuple[float, float]]:
        host = Host()
        for seconds in (0.2, 0.6, 0.7):
            with trio.move_on_after(seconds):
                await _turns(host, [0.0, 5.0])
        return await _turns(host, [1.0])

    ((begun, ended),) = _run(act)
    assert ended - begun == pytest.approx(0.5)


def test_hosts_are_told_apart_by_name_and_odd_port() -> None:
    """http and https of one name are one host; a port of its own is another."""
    hosts = Hosts()

    assert hosts["https://paper.example/a"] is hosts["http://PAPER.example:80/b"]
    assert hosts["https://paper.example/a"] is not hosts["https://paper.example:8443/a"]
    assert hosts["https://paper.example/a"] is not hosts["https://www.paper.example/a"]


def test_hosts_at_rest_are_forgotten_and_those_at_work_are_not() -> None:
    """100,000 hosts in a run keep a bounded table."""

    async def act() -> int:
        hosts = Hosts()
        busy, marked = hosts["https://busy.example/"], hosts["https://marked.example/"]
        marked.put_off(datetime(2026, 3, 1, tzinfo=UTC))
        async with turn(busy, 0.0, HERE):
            for number in range(100_000):
                assert hosts[f"https://h{number}.example/"].failures == 0
            assert hosts["https://busy.example/"] is busy
        assert hosts["https://marked.example/"] is marked
        return len(hosts)

    assert _run(act) <= 4098
