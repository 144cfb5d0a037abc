"""The floor: bare aiohttp. Fetches the addresses on stdin, eight at a time, and counts what came."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator

import aiohttp


async def _fetch(session: aiohttp.ClientSession, urls: Iterator[str]) -> tuple[int, int]:
    pages = size = 0
    for url in urls:
        async with session.get(url) as response:
            pages, size = pages + 1, size + len(await response.read())
    return pages, size


async def _main(urls: Iterator[str]) -> None:
    async with aiohttp.ClientSession(headers={"Accept-Encoding": "gzip"}) as session:
        counts = await asyncio.gather(*(_fetch(session, urls) for _ in range(8)))
    print(json.dumps({"pages": sum(pages for pages, _ in counts), "bytes": sum(size for _, size in counts)}))


asyncio.run(_main(iter(json.load(sys.stdin))))
