"""The floor: bare httpx. Fetches the addresses on stdin, eight at a time, and counts what came."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator

import httpx


async def _fetch(client: httpx.AsyncClient, urls: Iterator[str]) -> tuple[int, int]:
    pages = size = 0
    for url in urls:
        response = await client.get(url)
        pages, size = pages + 1, size + len(response.content)
    return pages, size


async def _main(urls: Iterator[str]) -> None:
    async with httpx.AsyncClient(headers={"Accept-Encoding": "gzip"}) as client:
        counts = await asyncio.gather(*(_fetch(client, urls) for _ in range(8)))
    print(json.dumps({"pages": sum(pages for pages, _ in counts), "bytes": sum(size for _, size in counts)}))


asyncio.run(_main(iter(json.load(sys.stdin))))
