"""Loopback servers that answer as they are told, byte for byte, and remember what they were asked."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from types import TracebackType
from typing import Self

import trustme

from ceilings import HANG_S

NO_ROBOTS = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Request:
    """What came in; `started` is seconds of the monotonic clock, `head` the bytes of the head."""

    path: str
    headers: Mapping[str, str]
    head: bytes
    started: float


@dataclass(slots=True)
class Talk:
    """One request being answered. `number` counts the requests for this path, from 1.

    `sent` is when its last bytes were about to leave, on the monotonic clock: nobody can have had them earlier.
    """

    request: Request
    number: int
    line: socket.socket
    closing: threading.Event
    sent: float

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.sent = time.monotonic()
        self.line.sendall(data)

    def wait(self, seconds: float) -> bool:
        """Wait, at most until the site closes; tell whether to go on."""
        return not self.closing.wait(seconds)

    def hang_up(self) -> None:
        """End the connection in good order."""
        self.sent = time.monotonic()
        self.line.shutdown(socket.SHUT_RDWR)

    def reset(self) -> None:
        """End the connection by RST."""
        self.sent = time.monotonic()
        self.line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.line.close()


Answer = bytes | Callable[[Talk], None]


def answer(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    """Return a whole answer; header names are given with _ for -."""
    fields = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode("latin-1") + body


def redirect(there: str, status: str = "302 Found") -> bytes:
    """Return a redirect."""
    return answer(b"", status, Location=there)


def silence(talk: Talk) -> None:
    """Say nothing for longer than anybody waits."""
    talk.wait(HANG_S)


def tls_context(ca: trustme.CA, *names: str) -> ssl.SSLContext:
    """Return a server's context with a certificate for these names."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert(*names).configure_cert(context)
    return context


@dataclass(eq=False)
class Site:
    """Answers by path, on 127.0.0.1 or as told; a path that is not known is a 404. One thread per connection."""

    answers: dict[str, Answer] = field(default_factory=dict)
    host: str = "127.0.0.1"
    tls: ssl.SSLContext | None = None
    on_accept: Callable[[socket.socket, threading.Event], object] | None = None
    otherwise: Callable[[str], Answer | None] | None = None  # asked for a path that is not among the answers
    requests: list[Request] = field(default_factory=list)
    talks: list[Talk] = field(default_factory=list)  # a request each
    accepted: int = 0
    port: int = 0

    def __enter__(self) -> Self:
        self._closing = threading.Event()
        self._lines: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server((self.host, 0), family=socket.AF_INET)
        self.port = int(self._listener.getsockname()[1])
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._closing.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for line in self._lines:
            _close(line)
        for thread in self._threads:
            thread.join(5)

    def url(self, path: str) -> str:
        """Return the address of a path."""
        return f"{'https' if self.tls else 'http'}://{self.host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        """Return the paths asked for, in order, without robots.txt."""
        return [request.path for request in self.requests if request.path != "/robots.txt"]

    @property
    def gaps(self) -> list[float]:
        """Return the seconds between each answer and the next request: the least that was waited."""
        return [later.request.started - talk.sent for talk, later in pairwise(self.talks)]

    def _start(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            self.accepted += 1
            self._lines.append(line)
            self._start(self._serve, line)

    def _serve(self, line: socket.socket) -> None:
        try:
            if self.on_accept is not None:
                self.on_accept(line, self._closing)
                return
            if self.tls is not None:
                line = self.tls.wrap_socket(line, server_side=True)
                self._lines.append(line)
            self._talk(line)
        except (OSError, ValueError):
            pass
        finally:
            _close(line)

    def _talk(self, line: socket.socket) -> None:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while not self._closing.is_set():
            head = _head(line)
            if head is None:
                return
            self._reply(line, head)

    def _reply(self, line: socket.socket, head: bytes) -> None:
        request = _request(head)
        self.requests.append(request)
        number = sum(1 for other in self.requests if other.path == request.path)
        reply = self.answers.get(request.path)
        if reply is None and self.otherwise is not None:
            reply = self.otherwise(request.path)
        if reply is None:
            reply = NO_ROBOTS if request.path.endswith("/robots.txt") else answer(b"nothing here", "404 Not Found")
        talk = Talk(request, number, line, self._closing, request.started)
        self.talks.append(talk)
        if callable(reply):
            reply(talk)
        else:
            talk.send(reply)
        if isinstance(reply, bytes) and b"\r\nConnection: close\r\n" in reply:
            line.shutdown(socket.SHUT_RDWR)


@dataclass(eq=False)
class Proxy(Site):
    """A proxy that plays every host itself: answers are found by whole address, CONNECT speaks TLS."""

    tunnelled: list[str] = field(default_factory=list)
    inside: ssl.SSLContext | None = None

    def _talk(self, line: socket.socket) -> None:
        head = _head(line)
        if head is not None and head.startswith(b"CONNECT "):
            self.requests.append(_request(head))
            self.tunnelled.append(head.split(b" ")[1].decode())
            assert self.inside is not None
            line.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            line = self.inside.wrap_socket(line, server_side=True)
            self._lines.append(line)
            head = _head(line)
        while head is not None and not self._closing.is_set():
            self._reply(line, head)
            head = _head(line)


def _head(line: socket.socket) -> bytes | None:
    data = b""
    while b"\r\n\r\n" not in data:
        more = line.recv(65536)
        if not more:
            return None
        data += more
    return data


def _request(head: bytes) -> Request:
    first, *rest = head.decode("latin-1").split("\r\n")
    pairs = (entry.partition(":") for entry in rest if entry)
    return Request(
        first.split(" ")[1], {name.lower(): value.strip() for name, _, value in pairs}, head, time.monotonic()
    )


def _close(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
    line.close()
