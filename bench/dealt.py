"""What a harvest dealt to a cluster costs beside an ordinary one: CPU seconds of all processes, sites left out.

    python bench/dealt.py [--sites N] [--stories N]

A first harvest of each kind, then one that finds nothing new. A dealt one reads each new page twice: on the worker, and
when what the worker brought is taken into the one archive. What the scheduler and the two workers took is shown apart.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from newssite import Story, written

SOURCE = """\
key = "site{number}"
home = "{home}"
story = '{home}2025/.+'
discover = [{{ listing = "{home}latest" }}]
limits = {{ gap_s = 0 }}
"""


def handler(stories: Sequence[Story]) -> type[BaseHTTPRequestHandler]:
    """Return what answers for one site."""
    links = "".join(f'<article><h2><a href="{story.path}">{story.title}</a></h2></article>' for story in stories)
    pages = {story.path: story.page for story in stories} | {"/latest": f"<html><body>{links}</body></html>".encode()}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = pages.get(self.path, b"")
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002, ARG002 - http.server's
            return

    return Handler


@contextmanager
def sites(count: int, stories: int, folder: Path) -> Iterator[list[str]]:
    """Serve sites on loopback; yield the options that name their source files."""
    with ExitStack() as open_:
        options = ["--allow-private=127.0.0.1"]
        for number in range(count):
            told = list(written(stories * (number + 1)))[-stories:]
            server = open_.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), handler(told)))
            threading.Thread(target=server.serve_forever, daemon=True).start()
            open_.callback(server.shutdown)
            file = folder / f"site{number}.toml"
            file.write_text(SOURCE.format(number=number, home=f"http://127.0.0.1:{server.server_port}/"), "utf-8")
            options.append(f"--source-file={file}")
        yield options


@contextmanager
def farm(folder: Path) -> Iterator[str]:
    """Run a scheduler and two workers on loopback; yield the address."""
    told = folder / "scheduler.json"
    quiet = ("--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(told))
    worker = ("worker", "--no-nanny", "--nthreads", "1", "--local-directory", str(folder))
    with ExitStack() as running:
        for args in (("scheduler", "--port", "0"), worker, worker):
            process = running.enter_context(subprocess.Popen(
                [sys.executable, "-m", "dask", *args, *quiet], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
            running.callback(process.kill)
        while not told.exists():
            time.sleep(0.05)
        yield json.loads(told.read_text("utf-8"))["address"]


def cpu_of_children() -> float:
    """Return the CPU seconds of processes that have ended."""
    times = os.times()
    return times.children_user + times.children_system


def harvested(name: str, db: Path, options: Sequence[str]) -> None:
    """Harvest, and print what the command's own processes took."""
    before, began = cpu_of_children(), time.monotonic()
    subprocess.run([sys.executable, "-m", "scraper", "-q", "-d", str(db), "harvest", *options], check=True)
    print(f"{name}: wall {time.monotonic() - began:.1f} s, CPU {cpu_of_children() - before:.1f} s", flush=True)


def main() -> None:
    """Print a line per harvest, and what the cluster took for both of its own."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sites", type=int, default=20)
    parser.add_argument("--stories", type=int, default=20)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, sites(asked.sites, asked.stories, Path(name)) as options:
        folder = Path(name)
        for run in ("first", "second"):
            harvested(f"ordinary, {run}", folder / "one.db", options)
        before = cpu_of_children()
        with farm(folder) as address:
            for run in ("first", "second"):
                harvested(f"dealt, {run}, the command alone", folder / "many.db", [*options, f"--dask={address}"])
            command = cpu_of_children() - before
        print(f"dealt, both, scheduler and workers: CPU {cpu_of_children() - before - command:.1f} s")


if __name__ == "__main__":
    main()
