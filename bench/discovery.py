"""How many requests it takes to find a story, by each way into a site: harvests and backfills of a made one.

    python bench/discovery.py [--stories 5000] [--months 36] [--commands harvest,backfill] [--ways feed,sitemap,...,all]

A site on loopback (tests/presses.py, tests/kinds.py): feeds and listings of ten a page, a sitemap index with a file
per month, WordPress' REST interface; for harvests also every other kind of place. It is walked from nothing by each
way alone and by all together; every story must be stored exactly once. `listing requests` are all that are not for a
story; `asked again` are those of a second run over the finished archive.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

if TYPE_CHECKING:
    from presses import Press


def asked() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description="Requests per story found, by each way into a site.")
    parser.add_argument("--stories", type=int, default=5000)
    parser.add_argument("--months", type=int, default=36)
    parser.add_argument("--commands", default="harvest,backfill")
    parser.add_argument("--ways", default="", help="comma-separated; default: every kind, then all together")
    return parser.parse_args()


def main() -> int:
    """Print a row per command and way; return 1 where a story was missed or stored twice."""
    # not above: each parsing worker imports this file, and would begin as large as one that is due to be replaced
    from kinds import HARVESTED, WholePress
    from presses import KINDS

    options, faults = asked(), 0
    print(f"{options.stories} stories over {options.months} months\n")
    print("| command | by | found once | listing requests | per story found | asked again | seconds |")
    print("|---|---|---|---|---|---|---|")
    for command in options.commands.split(","):
        kinds = HARVESTED if command == "harvest" else KINDS
        for way in options.ways.split(",") if options.ways else (*kinds, "all"):
            with TemporaryDirectory() as folder, WholePress(Path(folder), options.stories, options.months) as press:
                faults += not measured(press, command, kinds if way == "all" else (way,))
    return 1 if faults else 0


def measured(press: Press, command: str, kinds: Sequence[str]) -> bool:
    """Run a command twice, print what it took, and tell whether every story is there once."""
    run = press.harvest if command == "harvest" else press.backfill
    began = time.monotonic()
    run(*kinds)
    seconds, listings, whole = time.monotonic() - began, len(press.listings_asked()), press.stored() == press.paths
    press.site.requests.clear()
    run(*kinds)
    found, way = "yes" if whole else "NO", kinds[0] if len(kinds) == 1 else "all together"
    print(f"| {command} | {way} | {found} | {listings} | {listings / press.count:.4f} | {len(press.site.paths)} |"
          f" {seconds:.0f} |", flush=True)  # fmt: skip
    return whole


if __name__ == "__main__":
    sys.exit(main())
