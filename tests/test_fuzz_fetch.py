"""Answers broken at random: each ends as a response or as expected trouble, and in time."""

from __future__ import annotations

import gzip
import random
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace

import trio

from ceilings import HANG_S
from fetching import SMALL, Net, outcome
from scraper.fetch import Fetcher
from servers import Answer, Site, Talk, answer, redirect

PAGE = b"<p>Words of an invented story.</p>" * 9
WHOLE = (
    answer(PAGE),
    answer(gzip.compress(PAGE), Content_Encoding="gzip"),
    redirect("/b"),
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nTrailer: x\r\n\r\n",
    b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + answer(PAGE),
    b"HTTP/1.0 200 OK\r\n\r\n" + PAGE,
)
SPLINTERS = (
    b"\r\n", b"\n", b"\0", b":", b" ", b"HTTP/1.1", b"\xff\xfe", b"0\r\n\r\n", b"FFFFFFFFFF\r\n",
    b"Content-Length: 3\r\n", b"Content-Length: 99999999999999999999\r\n", b"Transfer-Encoding: chunked\r\n",
    b"Location: http://[::1\r\n", b"Location: //\r\n", b"Content-Encoding: br\r\n", b"Retry-After: \xb2\r\n",
    b"Connection: close\r\n",
)  # fmt: skip


def _broken(dice: random.Random) -> bytes:
    """Return one of the whole answers with a few splinters in it, bytes changed, or pieces missing."""
    data = bytearray(dice.choice(WHOLE))
    for _ in range(dice.randint(1, 5)):
        place = dice.randint(0, len(data))
        match dice.randint(0, 3):
            case 0:
                data[place:place] = dice.choice(SPLINTERS)
            case 1:
                data[place : place + 1] = dice.randbytes(1)
            case 2:
                del data[place : place + dice.randint(1, 12)]
            case _:
                data[place:place] = dice.randbytes(5)
    return bytes(data)


def _site(dice: random.Random) -> Site:
    def closing(data: bytes) -> Answer:
        def reply(talk: Talk) -> None:
            talk.send(data)
            talk.hang_up()

        return reply

    return Site({**{f"/{number}": closing(_broken(dice)) for number in range(10)}, "/b": answer(PAGE)})


def test_three_hundred_broken_answers_break_nothing() -> None:
    """No other exception, no warning, no page that never ends; a healthy one comes after them."""
    dice, found = random.Random(20260301), Counter[str]()

    async def visit(fetcher: Fetcher, site: Site) -> None:
        for path in (*(f"/{number}" for number in range(10)), "/b"):
            found[type(await outcome(fetcher, site.url(path))).__name__] += 1

    async def act(fetcher: Fetcher) -> None:
        with trio.fail_after(HANG_S):
            async with trio.open_nursery() as nursery:
                for site in sites:
                    nursery.start_soon(visit, fetcher, site)

    with ExitStack() as stack:
        sites = [stack.enter_context(_site(dice)) for _ in range(30)]
        Net(limits=replace(SMALL, retries=1, retry_after_s=0.1)).run(act)

    assert sum(found.values()) == 330
    assert found["Response"] > 60
    assert found["NetworkError"] > 30
    assert found["BodyError"] > 10
