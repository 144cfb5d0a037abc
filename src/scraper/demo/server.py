"""A small web server on loopback: answers as it is told, with validators, gzip and 304."""

from __future__ import annotations

import gzip
import hashlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Answer:
    """What a site says to a GET."""

    body: bytes
    content_type: str = "text/html; charset=UTF-8"
    status: int = 200

    @property
    def etag(self) -> str:
        """Return a strong validator: another body, another tag."""
        return f'"{hashlib.sha1(self.body, usedforsecurity=False).hexdigest()[:16]}"'


class SiteServer(ThreadingHTTPServer):
    """One site on a free port of 127.0.0.1; `answer` is asked anew for every request."""

    daemon_threads = True

    def __init__(self, answer: Callable[[str], Answer]) -> None:
        super().__init__(("127.0.0.1", 0), _Exchange)
        self.answer = answer

    def handle_error(self, request: object, client_address: object) -> None:
        """Let a client hang up when it likes; anything else is a bug and is shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # typeshed wants a socket

    @property
    def home(self) -> str:
        """Return the address of the front page."""
        return f"http://127.0.0.1:{self.server_port}/"


class _Exchange(BaseHTTPRequestHandler):
    server: SiteServer
    protocol_version = "HTTP/1.1"
    server_version = "demo"
    sys_version = ""
    disable_nagle_algorithm = True  # head and body are two writes; Nagle would hold the second for 40 ms

    def do_GET(self) -> None:
        answer = self.server.answer(urlsplit(self.path).path)
        if answer.status == 200 and self.headers.get("If-None-Match") == answer.etag:
            self.send_response(304)
            self.send_header("ETag", answer.etag)
            self.end_headers()
            return
        body = answer.body
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("ETag", answer.etag)
        if "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, mtime=0)
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Vary", "Accept-Encoding")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the standard library's name
        """Say nothing: the demo's terminal belongs to the harvest."""
