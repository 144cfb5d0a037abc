"""What the program's commands take on a great archive: wall and CPU seconds, and the most memory."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# `{out}` is a folder of its own. Nobody answers the harvest: it opens the file, asks what is due, and closes the run.
COMMANDS = (
    "status", "health", "search som", "export jsonl -o {out}/all.jsonl",
    "harvest abay-times --source-file {out}/deaf.toml --allow-private 127.0.0.1",
    "db verify --quick", "db backup {out}/copy.db", "db optimize",
)
_DEAF = """\
key = "abay-times"
home = "http://127.0.0.1:9/"
timezone = "Asia/Almaty"
discover = [{ feed = "http://127.0.0.1:9/feed" }]
limits = { gap_s = 0, retries = 0 }
"""


def print_commands(path: Path) -> None:
    """Run each command in a process of its own; `db optimize`, which makes the file anew, comes last."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        (Path(folder) / "deaf.toml").write_text(_DEAF, "utf-8")
        for command in COMMANDS:
            words = command.format(out=folder).split()
            began = time.perf_counter()
            process = subprocess.Popen([sys.executable, "-m", "scraper", "-q", "-d", str(path), *words],
                                       stdout=subprocess.DEVNULL)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            took, cpu = time.perf_counter() - began, usage.ru_utime + usage.ru_stime
            print(f"{command.partition(' {')[0].partition(' --source')[0]:24} {took:8.1f} s {cpu:8.1f} s CPU"
                  f" {usage.ru_maxrss / 1024:7.0f} MiB, code {process.returncode}", flush=True)
