"""The demo's archive, and `scraper serve` as a process of its own, asked over HTTP."""

from __future__ import annotations

import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ceilings import HANG_S


@dataclass(frozen=True)
class Answered:
    """What the server said."""

    status: int
    headers: dict[str, str]
    text: str


def demo_archive(folder: Path) -> Path:
    """Run the demo in `folder` and return its archive."""
    args = [sys.executable, "-m", "scraper", "-q", "demo", "--folder", str(folder / "demo")]
    subprocess.run(args, capture_output=True, timeout=HANG_S, check=True)
    return folder / "demo" / "news.db"


@contextmanager
def served(db: Path) -> Iterator[str]:
    """Serve an archive on a free port; yield its address, without a final slash."""
    args = [sys.executable, "-m", "scraper", "-d", str(db), "serve", "--port", "0"]
    process = subprocess.Popen(args, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip().rstrip("/")
    finally:
        process.terminate()
        process.communicate(timeout=HANG_S)


def asked(url: str) -> Answered:
    """Ask for a page, redirects followed."""
    try:
        with urllib.request.urlopen(url, timeout=HANG_S) as response:
            return Answered(response.status, dict(response.headers), response.read().decode())
    except urllib.error.HTTPError as error:
        with error:
            return Answered(error.code, dict(error.headers), error.read().decode())
