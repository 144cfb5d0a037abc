"""What a command costs before it does anything: commands that find nothing to do, beside what they stand on.

    python bench/startup.py [--rounds 15]

The limits are Python itself, and Python with the two libraries that no harvest can do without. The commands run in
turns, each in a process of its own, their byte code written beforehand; the median of the CPU time, the least of the
wall time, which other load only adds to. The harvest asks a site over loopback (bench/newssite.py), whose listings
answer 304: nothing is new. What a worker loads is measured apart, as no such harvest starts one.

What it does not show: a network, and the certificates that are loaded for the first https origin (25 ms).
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from costs import Cost, cost_of
from harvest import harvest_command
from newssite import Site, served

LIMIT = "`import httpx, trio`"
WORKER = "import anyio.to_process; from scraper.workbench import settle; settle(('scraper.parse',), 1 << 30)"


def commands(site: Site, folder: Path) -> dict[str, list[str]]:
    """Return what is compared, by the name of its row."""
    harvest = harvest_command(site, folder)
    scraper = harvest[: harvest.index("harvest")]
    return {
        "`pass`": [sys.executable, "-c", "pass"],
        LIMIT: [sys.executable, "-c", "import httpx, trio"],
        "`scraper --help`": [sys.executable, "-m", "scraper", "--help"],
        "`scraper status`": [*scraper, "status"],
        "`scraper harvest`, nothing new": harvest,
        "a worker, ready to read": [sys.executable, "-c", WORKER],
    }


def table(runs: Mapping[str, Sequence[Cost]]) -> list[str]:
    """Return the lines of the markdown table."""
    lines = ["| what | CPU ms | wall ms, least | CPU, the limit = 1 |", "|" + "---|" * 4]
    for name, own in runs.items():
        cpu, wall = median(run.cpu for run in own), min(run.wall for run in own)
        against = median(run.cpu / limit.cpu for run, limit in zip(own, runs[LIMIT], strict=True))
        lines.append(f"| {name} | {1000 * cpu:.0f} | {1000 * wall:.0f} | {against:.2f} |")
    return lines


def main() -> None:
    """Read the options, harvest a small site once, run everything in turns, print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=15)
    chosen = options.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # compiling anew each time would be two fifths of a harvest
    with served(None, 20) as site, tempfile.TemporaryDirectory() as folder:
        compared = commands(site, Path(folder))
        for _ in range(2):  # the stories, and what is stored of them only once
            cost_of(harvest_command(site, Path(folder)))
        site.told()
        runs: dict[str, list[Cost]] = {name: [] for name in compared}
        for _ in range(chosen.rounds):
            for name, command in compared.items():
                runs[name].append(cost_of(command))
        told = site.told()
    if told["stories"]:
        raise SystemExit(f"not a harvest with nothing new: {told}")
    print("\n".join(table(runs)))


if __name__ == "__main__":
    main()
