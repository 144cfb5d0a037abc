"""What a harvest takes as a site grows, and what the next run over the same site costs.

    python bench/growth.py [--stories 2000] [--times 8]

Per size, over loopback: CPU, wall and peak memory (sum of Pss) of a first harvest; of the same command run again, where
the sitemap answers 304; and of one with --recheck, where every story answers 304 (first size only). Politeness is off.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from costs import Cost, cost_of
from harvest import harvest_command, stored
from newssite import Site, served


def harvested(name: str, site: Site, folder: Path, *options: str) -> Cost:
    """Harvest the site into a folder, check that every story is there, print what it took."""
    cost = cost_of(harvest_command(site, folder, *options))
    if cost.code or len(stored(folder)) != len(site.paths):
        raise SystemExit(f"{name}: exit code {cost.code}, {len(stored(folder))} of {len(site.paths)} stories")
    print(f"| {len(site.paths)}, {name} | {cost.cpu:.2f} | {cost.wall:.1f} | {cost.peak:.0f} |", flush=True)
    return cost


def main() -> None:
    """Harvest two sites of different size, each again."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--stories", type=int, default=2000)
    options.add_argument("--times", type=int, default=8)
    chosen = options.parse_args()
    print("| stories | CPU s | wall s | peak MiB |\n|---|---|---|---|")
    firsts, ratios = list[Cost](), list[float]()
    for count in (chosen.stories, chosen.stories * chosen.times):
        with served(None, count) as site, tempfile.TemporaryDirectory() as folder:
            firsts.append(harvested("first", site, Path(folder)))
            again = harvested("again, nothing new", site, Path(folder))
            ratios.append(again.cpu / firsts[-1].cpu)
            if count == chosen.stories:
                looked = harvested("every story looked at again", site, Path(folder), "--recheck")
                print(f"\nlooked at again against first, CPU: 1/{firsts[-1].cpu / looked.cpu:.1f}\n")
    print(f"\npeak, {chosen.times} times the stories: {firsts[1].peak / firsts[0].peak:.2f}")
    print(f"again against first, CPU: {', '.join(f'1/{1 / ratio:.0f}' for ratio in ratios)}")


if __name__ == "__main__":
    main()
