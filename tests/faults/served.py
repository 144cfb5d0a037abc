"""The faults of the network, of HTTP, and of redirects into private nets, each as one page of a site of its own."""

from __future__ import annotations

import gzip
import socket
import threading
import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Literal

import trustme

from ceilings import HANG_S
from faults.site import ODD
from servers import Answer, Site, Talk, answer, redirect, silence, tls_context

Verdict = Literal["KEEP", "SKIP", "LATER", "SAFE"]

STORY = ODD.page()


@dataclass(frozen=True, slots=True)
class Fault:
    """A page that goes wrong at /fault, what must come of it, and in how many requests at most.

    A fault that is `endless` ends with the patience of whoever asks, and not before.
    """

    verdict: Verdict
    page: Answer
    most: int = 4
    says: str = ""  # part of the error's message
    more: Mapping[str, Answer] = field(default_factory=dict)
    endless: bool = False


def all_faults(aside: Aside) -> dict[str, Fault]:
    """Return every fault by name."""
    return {**network(aside), **statuses(), **waits(), **redirects(aside), **bodies(), **heads(), **private(aside)}


class Aside:
    """The other ends that redirects lead to; closed with `stack`."""

    def __init__(self, stack: ExitStack) -> None:
        self.silent = stack.enter_context(Site(on_accept=lambda _, closing: closing.wait(HANG_S)))
        self.resetting = stack.enter_context(Site(on_accept=lambda line, _: Talk.reset(_talk(line))))
        self.banner = stack.enter_context(Site(on_accept=_greet))
        self.foreign = stack.enter_context(Site({"/": answer(STORY)}, host="127.0.0.2"))
        self.canary = stack.enter_context(Site(host="127.0.0.9"))
        context = tls_context(trustme.CA(), "127.0.0.1")
        self.self_signed = stack.enter_context(Site({"/": answer(STORY)}, tls=context))
        dead = stack.enter_context(socket.socket())
        dead.bind(("127.0.0.1", 0))  # bound, so that nobody else gets it, and not listening
        self.refused = f"http://127.0.0.1:{dead.getsockname()[1]}/"


def _talk(line: socket.socket) -> Talk:
    return Talk(None, 1, line, threading.Event(), 0.0)  # type: ignore[arg-type]


def _greet(line: socket.socket, _: threading.Event) -> None:
    line.sendall(b"SSH-2.0-OpenSSH_9.6\r\n")
    line.recv(65536)


def _pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[place : place + size] for place in range(0, len(data), size))


def _at_first(count: int, *refusals: bytes) -> Answer:
    return lambda talk: talk.send(refusals[talk.number - 1] if talk.number <= count else answer(STORY))


# The network


def network(aside: Aside) -> dict[str, Fault]:
    """Connections that fail, stall, break off."""
    return {
        "to-refused": Fault("SKIP", redirect(aside.refused), says="connection refused"),
        "to-silent": Fault("SKIP", redirect(aside.silent.url("/")), says="no ", endless=True),
        "to-reset-on-accept": Fault("SKIP", redirect(aside.resetting.url("/"))),
        "to-not-http": Fault("SKIP", redirect(aside.banner.url("/"))),
        "to-no-dns": Fault("SKIP", redirect("http://nowhere.invalid/"), says="no such host nowhere.invalid"),
        "to-bad-tls": Fault("SKIP", redirect(aside.self_signed.url("/")), says="certificate not trusted"),
        "slow-headers": Fault("SKIP", _slow_headers, says="no whole answer within", endless=True),
        "slow-body": Fault("SKIP", _slow_body, says="no whole answer within", endless=True),
        "slow-ok": Fault("KEEP", _slow_ok),
        "no-answer": Fault("SKIP", silence, says="no ", endless=True),
        "reset-mid-body": Fault("SKIP", _reset_mid_body, says="body cut short"),
        "reset-once": Fault("KEEP", lambda talk: talk.reset() if talk.number == 1 else talk.send(answer(STORY))),
        "short-body": Fault(
            "SKIP", answer(STORY, Content_Length=str(len(STORY) + 9), Connection="close"), says="body cut short"
        ),
        "chunk-cut": Fault("SKIP", _chunk_cut, says="body cut short"),
        "stale-keepalive": Fault("KEEP", _stale),
    }


def _slow_headers(talk: Talk) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\n")
    while talk.wait(0.02):
        talk.send(b"X")


def _slow_body(talk: Talk) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n")
    while talk.wait(0.02):
        talk.send(b"x")


def _slow_ok(talk: Talk) -> None:
    for piece in _pieces(answer(STORY), 100):
        talk.send(piece)
        talk.wait(0.04)


def _reset_mid_body(talk: Talk) -> None:
    talk.send(answer(STORY)[:-200])
    talk.wait(0.02)
    talk.reset()


def _chunk_cut(talk: Talk) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n" % (len(STORY), STORY))
    talk.hang_up()


def _stale(talk: Talk) -> None:
    talk.send(answer(STORY))
    talk.hang_up()


# HTTP


def statuses() -> dict[str, Fault]:
    """Answers that bring no page."""
    named = {401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 410: "Gone", 451: "Unavailable For Legal Reasons"}
    return {
        **{
            f"status-{code}": Fault("SKIP", answer(STORY, f"{code} {name}"), 1, f"status {code}")
            for code, name in named.items()
        },
        "challenge": Fault("SKIP", answer(STORY, "403 Forbidden", cf_mitigated="challenge"), 1, "bot challenge"),
        "always-500": Fault("SKIP", answer(b"", "500 Internal Server Error"), 4, "status 500"),
        "flapping": Fault("KEEP", _at_first(2, answer(b"", "500 No"), answer(b"", "502 No"))),
        "unasked-304": Fault("SKIP", b"HTTP/1.1 304 Not Modified\r\n\r\n", 1, "status 304"),
        "no-content": Fault("SKIP", b"HTTP/1.1 204 No Content\r\n\r\n", 1, "status 204"),
        "unasked-206": Fault(
            "SKIP", answer(STORY, "206 Partial Content", Content_Range=f"bytes 0-9/{len(STORY)}"), 1, "status 206"
        ),
    }


def waits() -> dict[str, Fault]:
    """Wishes to come back later, sensible or not."""

    def once(status: str, wish: str, **more: str) -> Answer:
        return _at_first(1, answer(b"", status, Retry_After=wish, **more))

    date = "Sun, 01 Mar 2020 12:00:00 GMT"
    return {
        "retry-seconds": Fault("KEEP", once("429 Too Many Requests", "1"), 2),
        "retry-date": Fault("KEEP", once("503 Busy", "Sun, 01 Mar 2020 12:00:01 GMT", Date=date), 2),
        "retry-absurd": Fault("LATER", answer(b"", "429 Too Many Requests", Retry_After="99999999"), 1),
        "retry-garbage": Fault("KEEP", once("503 Busy", "soon")),
        "retry-negative": Fault("KEEP", once("503 Busy", "-5")),
        "retry-past": Fault("KEEP", once("503 Busy", "Thu, 01 Jan 1970 00:00:00 GMT")),
    }


def redirects(aside: Aside) -> dict[str, Fault]:
    """Redirects that lead nowhere, or away."""
    chain = {f"/hop-{n}": redirect(f"/hop-{n + 1}") for n in range(20)}
    cookie = answer(b"", "302 Found", Location=aside.foreign.url("/"), Set_Cookie="visit=1")
    return {
        "redirect-loop": Fault("SKIP", redirect("/fault"), 6, "redirect in a circle"),
        "redirect-none": Fault("SKIP", answer(b"", "301 Moved"), 1, "redirect without a Location"),
        "redirect-bad": Fault("SKIP", redirect("http://[not-an-address/"), 1, "no http address"),
        "redirect-moved": Fault("KEEP", redirect("/story-00/", "301 Moved"), 1),
        "redirect-foreign": Fault("KEEP", cookie, 1),
        "redirect-chain": Fault("SKIP", redirect("/hop-0"), 1, "more than 5 redirects", chain),
    }


def private(aside: Aside) -> dict[str, Fault]:
    """Redirects into what is not the public web."""
    port = aside.canary.port
    targets = {
        "ssrf-file": "file:///etc/passwd",
        "ssrf-gopher": "gopher://127.0.0.9:70/_x",
        "ssrf-data": "data:text/html,<h1>x</h1>",
        "ssrf-canary": f"http://127.0.0.9:{port}/",
        "ssrf-metadata": "http://169.254.169.254/latest/meta-data/",
        "ssrf-decimal": f"http://2130706441:{port}/",
        "ssrf-mapped": f"http://[::ffff:127.0.0.9]:{port}/",
    }
    return {name: Fault("SKIP", redirect(target), 1) for name, target in targets.items()}


def _vast_gzip() -> bytes:
    # a full flush lets one packed 64 MiB of zeros be repeated: 4 GiB in 4 MiB
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = b"".join(packer.compress(bytes(1 << 20)) for _ in range(64)) + packer.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + block * 64


def bodies() -> dict[str, Fault]:
    """Bodies that lie about what they are, or never end."""
    packed = gzip.compress(STORY)
    flipped = bytearray(packed)
    flipped[-6] ^= 0x10
    nested = gzip.compress(gzip.compress(bytes(1 << 20)))
    return {
        "bomb-gzip": Fault("SKIP", answer(_vast_gzip(), Content_Encoding="gzip"), 1, "once decoded"),
        "bomb-br": Fault("SKIP", answer(b"\x0b" * 3500, Content_Encoding="br"), 1, "'br' was not asked for"),
        "bomb-zstd": Fault("SKIP", answer(b"\x28" * 9999, Content_Encoding="zstd"), 1, "'zstd' was not asked for"),
        "bomb-nested": Fault("SKIP", answer(nested, Content_Encoding="gzip, gzip"), 1, "nested"),
        "gzip-truncated": Fault("SKIP", answer(packed[:-8], Content_Encoding="gzip"), 1, "cut short"),
        "gzip-corrupt": Fault("SKIP", answer(bytes(flipped), Content_Encoding="gzip"), 1, "corrupt"),
        "gzip-lie": Fault("SAFE", answer(STORY, Content_Encoding="gzip"), 1),
        "encoding-unknown": Fault("SKIP", answer(STORY, Content_Encoding="x-rot13"), 1, "'x-rot13'"),
        "gzip-members": Fault(
            "KEEP", answer(gzip.compress(STORY[:300]) + gzip.compress(STORY[300:]), Content_Encoding="gzip"), 1
        ),
        "body-10gb": Fault("SKIP", _ten_gigabytes, 1, "body over"),
        "body-endless": Fault("SKIP", _endless_body, 1, "body over"),
        "http10-close": Fault("KEEP", _http10, 1),
    }


def _ten_gigabytes(talk: Talk) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n")
    while talk.wait(0):
        talk.send(bytes(65536))


def _endless_body(talk: Talk) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while talk.wait(0):
        talk.send(b"10000\r\n" + bytes(65536) + b"\r\n")


def _http10(talk: Talk) -> None:
    talk.send(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + STORY)
    talk.hang_up()


def heads() -> dict[str, Fault]:
    """Heads that are malformed, or never end."""
    cookies = b"".join(b"Set-Cookie: junk%d=%s\r\n" % (n, b"x" * 1000) for n in range(80))
    length = b"Content-Length: %d\r\n" % len(STORY)
    return {
        "header-bomb": Fault("SKIP", _endless_head),
        "cookie-flood": Fault("KEEP", b"HTTP/1.1 200 OK\r\n" + cookies + length + b"\r\n" + STORY, 1),
        "double-length": Fault("SKIP", b"HTTP/1.1 200 OK\r\n" + length + b"Content-Length: 9\r\n\r\n" + STORY),
        "bad-head": Fault("SKIP", _bad_head),
        "hints-flood": Fault("SAFE", _hints),
        "hints-endless": Fault("SKIP", _endless_hints),
    }


def _endless_head(talk: Talk) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\n")
    while talk.wait(0):
        talk.send(b"X-Filler: " + b"x" * 8000 + b"\r\n")


def _bad_head(talk: Talk) -> None:
    talk.send(b"HTTP/1.1 two hundred\r\nno colon here\r\n\r\n" + STORY)
    talk.hang_up()


_HINT = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload; as=style\r\n\r\n"


def _hints(talk: Talk) -> None:
    talk.send(_HINT * 1000 + answer(STORY))


def _endless_hints(talk: Talk) -> None:
    while talk.wait(0):
        talk.send(_HINT * 100)
