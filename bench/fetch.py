"""What the fetch layer costs in CPU against bare aiohttp, over loopback, in one run.

    python bench/fetch.py [--peer PYTHON] [--pages N] [FOLDER]

FOLDER holds *.html pages; without one, pages are written. PYTHON is an interpreter that has aiohttp. Both read the same
pages from the same eight origins, one request at a time each, in turns, each in a process of its own; the bodies' bytes
are compared, so that neither can look fast by reading nothing. Rows: as servers send pages today (gzip), and plain.

What it does not show: TLS, name look-ups, and a server slower than the client. Politeness is off (no gaps); robots.txt,
the checks of addresses, the bounds, the deadline and the receipts are on.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import importlib
import json
import random
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from serving import Speaker, whole

ORIGINS = 8
ROUNDS = 5
ABSENT = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


def written_pages(count: int) -> list[bytes]:
    """Return pages of some 110 KB of markup and random words, the median of news pages; the same in each run."""
    dice = random.Random(7)
    words = ["".join(dice.choices("aeinorstlkmdu", k=dice.randint(2, 11))) for _ in range(8000)]
    return [
        b"".join(
            f'<div class="c{n % 40}"><p>{" ".join(dice.choices(words, k=45))}</p></div>\n'.encode() for n in range(310)
        )
        for _ in range(count)
    ]


# The server: answers made before the first request, so that it is never the bottleneck


def _answer(page: bytes, coding: str) -> bytes:
    packed = coding == "gzip"
    return whole(gzip.compress(page, 6) if packed else page, "text/html; charset=utf-8", gzip=packed)


async def _serve(pages: list[bytes]) -> None:
    answers = {f"/{c}/{n}".encode(): _answer(page, c) for c in ("gzip", "plain") for n, page in enumerate(pages)}
    loop = asyncio.get_running_loop()

    def reply(head: bytes) -> bytes:
        return answers.get(head.split(b" ", 2)[1], ABSENT)

    servers = [await loop.create_server(lambda: Speaker(reply), "127.0.0.1", 0) for _ in range(ORIGINS)]
    print(json.dumps([server.sockets[0].getsockname()[1] for server in servers]), flush=True)
    await asyncio.Event().wait()


# The clients: each prints its CPU seconds, wall seconds, pages and bytes


def ours(urls: list[list[str]]) -> None:
    """Fetch with this project's Fetcher, one task per origin."""
    import trio

    from scraper.fetch import Fetcher
    from scraper.limits import Limits
    from scraper.records import Exchange, Kept

    sizes: list[int] = []

    def now() -> datetime:
        return datetime.now(UTC)

    def keep(exchange: Exchange) -> Kept:
        return Kept(exchange.url, exchange.fetched, exchange.status, len(exchange.wire))

    async def origin(fetcher: Fetcher, pages: list[str]) -> None:
        for url in pages:
            response = await fetcher.get(url)
            sizes.append(len(response.body))

    async def main() -> None:
        fetcher = Fetcher(Limits(gap_s=0.0), keep=keep, clock=now, user_agent="bench", allow_private=("127.0.0.1",))
        async with fetcher, trio.open_nursery() as nursery:
            begin()
            for pages in urls:
                nursery.start_soon(origin, fetcher, pages)
        end(sizes)

    trio.run(main)


def aiohttp(urls: list[list[str]]) -> None:
    """Fetch with one aiohttp session, one task per origin."""
    peer = importlib.import_module("aiohttp")  # in an environment of its own
    sizes: list[int] = []

    async def origin(session: Any, pages: list[str]) -> None:
        for url in pages:
            async with session.get(url) as response:
                sizes.append(len(await response.read()))

    async def main() -> None:
        async with peer.ClientSession(headers={"Accept-Encoding": "gzip"}) as session:
            begin()
            await asyncio.gather(*(origin(session, pages) for pages in urls))
        end(sizes)

    asyncio.run(main())


_begun = (0.0, 0.0)


def begin() -> None:
    """Start the clocks: imports and certificates are not part of a page's cost."""
    global _begun
    _begun = time.process_time(), time.perf_counter()


def end(sizes: list[int]) -> None:
    """Print what it took."""
    cpu, wall = time.process_time() - _begun[0], time.perf_counter() - _begun[1]
    print(json.dumps({"cpu": cpu, "wall": wall, "pages": len(sizes), "bytes": sum(sizes)}))


def measured(python: str, client: str, urls: list[list[str]]) -> dict[str, float]:
    """Run one client in a process of its own."""
    command = [python, __file__, "--client", client]
    done = subprocess.run(command, input=json.dumps(urls), text=True, capture_output=True, check=False)
    if done.returncode:
        raise SystemExit(f"{client}: {done.stderr[-800:]}")
    found: dict[str, float] = json.loads(done.stdout)
    return found


def compare(pages: list[bytes], peer: str | None, count: int) -> None:
    """Run the clients in turns and print the medians."""
    server = subprocess.Popen([sys.executable, __file__, "--serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write(json.dumps([page.decode("latin-1") for page in pages]).encode() + b"\n")
    server.stdin.flush()
    ports = json.loads(server.stdout.readline())
    clients = {"scraper": sys.executable} | ({"aiohttp": peer} if peer else {})
    try:
        for coding in ("gzip", "plain"):
            urls = [
                [f"http://127.0.0.1:{port}/{coding}/{n % len(pages)}" for n in range(place, count, ORIGINS)]
                for place, port in enumerate(ports)
            ]
            runs = [{name: measured(python, name, urls) for name, python in clients.items()} for _ in range(ROUNDS)]
            assert len({run[name]["bytes"] for run in runs for name in clients}) == 1, "different bytes were read"
            for name in clients:
                cpu, wall = (statistics.median(run[name][key] for run in runs) for key in ("cpu", "wall"))
                ratio = statistics.median(run[name]["cpu"] / run[list(clients)[-1]]["cpu"] for run in runs)
                cost = f"{1e3 * cpu / count:6.3f} ms CPU a page, {count / wall:6.0f} pages/s"
                print(f"{coding:6} {name:8} {cost}, x {ratio:.2f}")
    finally:
        server.kill()
        server.communicate()


def main() -> None:
    """Read the options and play the part they name."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", nargs="?", type=Path)
    options.add_argument("--peer", help="an interpreter that has aiohttp")
    options.add_argument("--pages", type=int, default=2000)
    options.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options.add_argument("--client", choices=("scraper", "aiohttp"), help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.serve:
        asyncio.run(_serve([page.encode("latin-1") for page in json.loads(sys.stdin.readline())]))
    elif chosen.client:
        (ours if chosen.client == "scraper" else aiohttp)(json.load(sys.stdin))
    else:
        files = sorted(chosen.folder.glob("*.html")) if chosen.folder else []
        compare([file.read_bytes() for file in files] or written_pages(80), chosen.peer, chosen.pages)


if __name__ == "__main__":
    main()
