"""What workers are asked to do in the tests: to hang, to crash, to eat, to refuse, and to be asked who they are."""

from __future__ import annotations

import os
import resource
import signal
import sys
from pathlib import Path

from scraper.errors import NotAnArticle, StatusError

_HOARD: list[bytes] = []


def hang() -> None:
    """Never return, and hold the interpreter as a C loop would."""
    while True:
        pass


def eat(count: int) -> int:
    """Take `count` bytes and touch each page of them."""
    return len(bytearray(b"x" * count))


def page_faults() -> int:
    """Take two MiB in small pieces, as a page's tree does, let them go, and return what the system had to give anew."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    pieces = [bytearray(b"x") * 20_000 for _ in range(100)]
    del pieces
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def rummage() -> int:
    """Leave the allocator with 60 MB that are free, below a block that is not; return who did."""
    blocks = [b"x" * 100_000 for _ in range(600)]
    _HOARD.append(b"x" * 100_000)
    blocks.clear()
    return os.getpid()


def refuse(url: str) -> None:
    """Raise one of the package's errors."""
    raise NotAnArticle("it is a listing", url)


def refuse_with_status(url: str) -> None:
    """Raise one that carries a value of its own."""
    raise StatusError("gone", url, status=410)


def blunder() -> None:
    """Raise a bug."""
    raise ZeroDivisionError("nothing to divide by")


def shout() -> int:
    """Write to every stream there is, more than a pipe holds."""
    print("noise")
    print("noise", file=sys.stderr)
    return sum(os.write(2, b"noise" * 1000) for _ in range(100))


def signalled() -> int:
    """Send this process what a terminal and a service manager send to a whole group, and go on."""
    os.kill(os.getpid(), signal.SIGINT)
    os.kill(os.getpid(), signal.SIGTERM)
    return os.getpid()


def resident() -> int:
    """Return this process's resident memory in KiB; its peak would be inherited from whoever started it."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() // 1024


def modules() -> set[str]:
    """Return what this worker has imported."""
    return set(sys.modules)


def meeting(mine: str, other: str) -> int:
    """Say through one pipe that this call has begun, and return when the other one says so."""
    Path(mine).write_bytes(b"x")
    with Path(other).open("rb", buffering=0) as stream:
        stream.read(1)
    return os.getpid()


def tell(place: str) -> None:
    """Write this worker's process id into a pipe."""
    Path(place).write_text(str(os.getpid()))


def tell_and_hang(place: str) -> None:
    """Write this worker's process id into a pipe, and never return."""
    tell(place)
    hang()
