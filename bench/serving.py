"""A server that is never the bottleneck: whole answers, made before they are asked for. The standard library alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

Reply = Callable[[bytes], bytes]  # of a request's head


class Speaker(asyncio.Protocol):
    """One connection: each head that ends is answered at once."""

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the line to answer on."""
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every request that is whole."""
        self._buffer += data
        while b"\r\n\r\n" in self._buffer:
            head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
            self._transport.write(self._reply(head))


def whole(body: bytes, kind: str, *, gzip: bool = False) -> bytes:
    """Return a 200 as servers send them, with the validators of a page; `gzip`: the body is packed."""
    coding = "Content-Encoding: gzip\r\n" if gzip else ""
    head = (
        "HTTP/1.1 200 OK\r\nServer: bench\r\nDate: Sat, 14 Mar 2026 12:00:00 GMT\r\n"
        f'Content-Type: {kind}\r\n{coding}Vary: Accept-Encoding\r\nETag: "bench"\r\nContent-Length: {len(body)}\r\n\r\n'
    )
    return head.encode() + body
