"""Workers: whatever a page does to its worker, the run goes on, and nothing stays behind."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest
import trio
import trio.testing

import errands
from ceilings import HANG_S
from scraper.errors import NotAnArticle, ParseKilled, ScraperError, StatusError
from scraper.limits import Limits
from scraper.workers import HEAVY_BYTES, Workers

URL = "https://news.example/page"
LIMITS = Limits(parse_s=20.0)
T = TypeVar("T")


def with_workers(act: Callable[[Workers], Awaitable[T]], *, limits: Limits = LIMITS, count: int = 1) -> T:
    """Return what `act` returns, given workers that import nothing beforehand."""

    async def main() -> T:
        async with Workers(limits, count, imports=()) as workers:
            return await act(workers)

    return trio.run(main)


async def two_that_meet(workers: Workers, weight: int = 0) -> set[int]:
    """Return the process ids of two calls that each wait for the other to have begun."""
    pids: set[int] = set()

    async def call(mine: str, other: str) -> None:
        pids.add(await workers.run(errands.meeting, mine, other, url=URL, weight=weight))

    (a, b), (c, d) = os.pipe(), os.pipe()
    paths = [f"/proc/{os.getpid()}/fd/{descriptor}" for descriptor in (a, b, c, d)]
    async with trio.open_nursery() as nursery:
        nursery.start_soon(call, paths[1], paths[2])
        nursery.start_soon(call, paths[3], paths[0])
    for descriptor in (a, b, c, d):
        os.close(descriptor)
    return pids


def is_gone(pid: int, seconds: float) -> bool:
    """Wait until the process ends, at most so long."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], seconds)[0])
    finally:
        os.close(descriptor)


def test_a_result_comes_back_and_the_worker_is_used_again() -> None:
    async def act(workers: Workers) -> list[int]:
        return [await workers.run(os.getpid, url=URL) for _ in range(3)]

    first, *others = with_workers(act)

    assert first != os.getpid()
    assert others == [first, first]


ASKING = """\
import os, trio
from pathlib import Path
from scraper.lock import run_lock
from scraper.limits import Limits
from scraper.workers import Workers

with Path("runs").open("a") as runs:
    runs.write(f"{{os.getpid()}}\\n")

async def main():
    async with Workers(Limits()) as workers:
        print(await workers.run(os.getppid, url="https://news.example/page") == os.getpid())

{guard}
    trio.run(main)
"""
LOCKED = "from datetime import UTC, datetime\nwith run_lock(Path('news.db'), now=datetime.now(UTC)):"


@pytest.mark.parametrize(
    ("guard", "code", "said"),
    [('if __name__ == "__main__":', 0, ""), ("if True:", 1, "__main__"), (LOCKED, 1, "__main__")],
    ids=["guarded", "unguarded", "unguarded, under a lock"],
)
def test_a_script_starts_no_processes_without_end(tmp_path: Path, guard: str, code: int, said: str) -> None:
    """Each worker runs the script that asks for it once more, up to where that would start workers of its own."""
    (tmp_path / "script.py").write_text(ASKING.format(guard=guard))

    process = subprocess.run(
        [sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, timeout=HANG_S, check=False
    )

    assert process.returncode == code
    assert process.stdout == ("" if code else "True\n")
    assert said in (process.stderr.splitlines() or [""])[-1]
    assert len((tmp_path / "runs").read_text().splitlines()) == 2


def test_heavy_calls_run_one_at_a_time() -> None:
    """The tree of a page takes many times its bytes; the second call finds the first one's worker."""

    async def act(workers: Workers) -> set[int]:
        pids = set[int]()

        async def call() -> None:
            pids.add(await workers.run(os.getpid, url=URL, weight=HEAVY_BYTES + 1))

        async with trio.open_nursery() as nursery:
            nursery.start_soon(call)
            nursery.start_soon(call)
        return pids

    assert len(with_workers(act, count=2)) == 1


def test_calls_of_up_to_that_weight_run_side_by_side() -> None:
    async def act(workers: Workers) -> set[int]:
        return await two_that_meet(workers, weight=HEAVY_BYTES)

    assert len(with_workers(act, count=2)) == 2


def test_imports_are_done_before_the_first_call() -> None:
    async def main() -> set[str]:
        async with Workers(LIMITS, imports=("scraper.quotes",)) as workers:
            return await workers.run(errands.modules, url=URL)

    assert "scraper.quotes" in trio.run(main)


def test_calls_run_side_by_side_up_to_the_count() -> None:
    """Each call waits for the other to have begun: with one at a time neither would end."""

    assert len(with_workers(two_that_meet, count=2)) == 2


# What goes wrong


@pytest.mark.parametrize(
    "function,args,seconds,reason",
    [
        (errands.hang, (), 0.1, "not read within 0.1 s"),
        (os.abort, (), 20, "reading it killed its worker"),
        (os._exit, (3,), 20, "reading it killed its worker"),
        (errands.eat, (400_000_000,), 20, "it takes too much memory"),
    ],
    ids=["hang", "crash", "exit", "memory"],
)
def test_a_killer_page_costs_itself(
    function: Callable[..., object], args: tuple[object, ...], seconds: float, reason: str
) -> None:
    async def act(workers: Workers) -> int:
        with pytest.raises(ParseKilled) as caught:
            await workers.run(function, *args, url=URL, seconds=seconds)
        assert (caught.value.message, caught.value.url) == (reason, URL)
        return await workers.run(abs, -7, url=URL)

    assert with_workers(act, limits=Limits(parse_bytes=200_000_000)) == 7


def test_a_hang_ends_its_worker_and_leaves_the_others() -> None:
    async def act(workers: Workers) -> tuple[int, int]:
        before = await workers.run(os.getpid, url=URL)
        with pytest.raises(ParseKilled):
            await workers.run(errands.hang, url=URL, seconds=0.1)
        return before, await workers.run(os.getpid, url=URL)

    before, after = with_workers(act)

    assert is_gone(before, HANG_S)
    assert after != before


def test_waiting_for_a_turn_or_for_a_start_does_not_count() -> None:
    """One hangs for longer than the other is allowed, which has its whole time left when its turn comes."""

    async def act(workers: Workers) -> int:
        async def hang() -> None:
            with pytest.raises(ParseKilled):
                await workers.run(errands.hang, url=URL, seconds=3.0)

        async with trio.open_nursery() as nursery:
            nursery.start_soon(hang)
            await trio.testing.wait_all_tasks_blocked()
            return await workers.run(abs, -7, url=URL, seconds=2.5)

    assert with_workers(act) == 7


@pytest.mark.parametrize("function,kind", [(errands.refuse, NotAnArticle), (errands.refuse_with_status, StatusError)])
def test_our_errors_come_out_as_themselves(function: Callable[[str], None], kind: type[ScraperError]) -> None:
    async def act(workers: Workers) -> tuple[int, ScraperError, int]:
        before = await workers.run(os.getpid, url=URL)
        with pytest.raises(ScraperError) as caught:
            await workers.run(function, URL, url=URL)
        return before, caught.value, await workers.run(os.getpid, url=URL)

    before, error, after = with_workers(act)

    assert (type(error), error.url, after) == (kind, URL, before)
    assert getattr(error, "status", 410) == 410


def test_a_bug_comes_out_as_itself_with_its_traceback() -> None:
    async def act(workers: Workers) -> int:
        with pytest.raises(ZeroDivisionError) as caught:
            await workers.run(errands.blunder, url=URL)
        assert "in blunder" in caught.value.__notes__[0]
        return await workers.run(abs, -7, url=URL)

    assert with_workers(act) == 7


def test_a_worker_that_has_grown_is_replaced() -> None:
    async def act(workers: Workers) -> list[int]:
        hoard = f"import sys; sys.hoard = b'x' * {120 * 1024 * 1024}"
        await workers.run(exec, hoard, {}, url=URL)
        return [await workers.run(errands.resident, url=URL)]

    assert with_workers(act)[0] < 100 * 1024


def test_a_worker_that_only_keeps_free_memory_is_not_replaced() -> None:
    """The allocator keeps what large pages took; it gives it back when asked."""

    async def act(workers: Workers) -> tuple[set[int], int]:
        pids = {await workers.run(errands.rummage, url=URL) for _ in range(2)}
        return pids, await workers.run(errands.resident, url=URL)

    pids, resident = with_workers(act)

    assert len(pids) == 1
    assert resident < 60 * 1024


def test_a_worker_at_work_keeps_what_a_page_took_for_the_next_one() -> None:
    async def act(workers: Workers) -> list[int]:
        return [await workers.run(errands.page_faults, url=URL) for _ in range(20)]

    assert with_workers(act)[-1] < 50


# Signals, streams, ends


def test_signals_to_the_group_do_not_disturb_a_worker() -> None:
    async def act(workers: Workers) -> list[int]:
        return [await workers.run(errands.signalled, url=URL) for _ in range(2)]

    assert len(set(with_workers(act))) == 1


def test_cancelling_the_run_ends_a_busy_worker_at_once() -> None:
    async def act(workers: Workers) -> int:
        pid = await workers.run(os.getpid, url=URL)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(lambda: workers.run(errands.hang, url=URL))
            await trio.testing.wait_all_tasks_blocked()
            nursery.cancel_scope.cancel()
        return pid

    assert is_gone(with_workers(act), HANG_S)


def test_nothing_is_left_when_the_workers_are_closed() -> None:
    pids = with_workers(two_that_meet, count=2)

    assert [is_gone(pid, HANG_S) for pid in pids] == [True, True]


SCRIPT = """
import os, sys
sys.path.insert(0, {tests!r})
import errands, trio
from scraper.limits import Limits
from scraper.workers import Workers
async def main():
    async with Workers(Limits(parse_s=1.0), 2, imports=()) as workers:
        {body}
trio.run(main)
"""
ORPHANS = """
        async with trio.open_nursery() as nursery:
            nursery.start_soon(lambda: workers.run(errands.tell_and_hang, {told!r}, url=""))
            await trio.to_thread.run_sync(sys.stdin.readline)
            await workers.run(errands.tell, {told!r}, url="")
            await trio.sleep_forever()
"""


def script(body: str) -> list[str]:
    """Return the command that runs `body` inside workers of its own."""
    return [sys.executable, "-c", SCRIPT.format(tests=str(Path(__file__).parent), body=body.strip())]


def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    """The idle one at its closed pipe, the hanging one by its own alarm."""
    told = tmp_path / "told"
    os.mkfifo(told)

    with subprocess.Popen(script(ORPHANS.format(told=str(told))), stdin=subprocess.PIPE) as parent:
        hanging = int(told.read_text())
        assert parent.stdin is not None
        parent.stdin.write(b"\n")
        parent.stdin.flush()
        idle = int(told.read_text())
        parent.kill()

    assert (parent.returncode, hanging != idle) == (-signal.SIGKILL, True)
    assert (is_gone(idle, HANG_S), is_gone(hanging, HANG_S)) == (True, True)


def test_noise_goes_nowhere_and_stops_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    async def act(workers: Workers) -> int:
        return await workers.run(errands.shout, url=URL)

    assert with_workers(act) == 500_000
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_workers_need_no_streams_no_home_and_no_folder(tmp_path: Path, closed: str) -> None:
    told = tmp_path / "told"
    body = (
        f"open({str(told)!r}, 'w').write(str(await workers.run(abs, -7, url='') + await workers.run(abs, -1, url='')))"
    )
    shell = ["/bin/sh", "-c", f'exec "$@" {closed}', "sh", *script(body)]

    ended = subprocess.run(shell, env={"LANG": "C"}, cwd="/", check=False, capture_output=closed == "<&-")

    assert (ended.returncode, told.read_text()) == (0, "8")
