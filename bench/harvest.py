"""A whole harvest, end to end, beside its peers in one run: listings, fetching, archiving, extraction, storing.

    python bench/harvest.py --scrapy PYTHON --fundus PYTHON --newspaper PYTHON --floor PYTHON [--stories 2000] [FOLDER]

Each PYTHON is an interpreter of an environment: Scrapy with trafilatura, fundus with `curl_cffi<0.14`, newspaper4k,
and aiohttp with httpx; one that is not named is left out. The site is bench/newssite.py: written stories, or the
pages of FOLDER (Fundus then stays out: it needs a publisher per layout). The tools run in turns, each as a command of
its own, start-up included; what the server told and the bodies that came are compared, so that none can look fast by
doing nothing. Politeness is off for all. Ours also keeps every page in a WARC and stores it searchable; the others
write lines.

What it does not show: a network (loopback has no latency, no TLS), and many sites at once.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from urllib.parse import urlsplit

from costs import Cost, cost_of
from newssite import Site, served, stories_of
from scoring import overlap, shingles

PEERS = Path(__file__).parent / "peers"
SAMPLE = 200  # bodies that are compared, of each tool
Bodies = Mapping[str, str]  # by path
SOURCE = """\
key = "bench"
home = "{home}/"
story = '{home}/2025/.+'
discover = [{{ sitemap = "{home}/sitemap.xml" }}]
limits = {{ gap_s = 0, stories = 100000 }}
"""


@dataclass(frozen=True, slots=True)
class Run:
    """One tool's run: what it cost, what the server told it, the bodies it brought (None for a floor)."""

    cost: Cost
    stories: int
    told: Mapping[str, int]
    bodies: Bodies | None


Tool = Callable[[Site, Path], Run]


def harvest_command(site: Site, folder: Path, *options: str) -> list[str]:
    """Return the command that harvests the site into a folder."""
    declared = folder / "bench.toml"
    declared.write_text(SOURCE.format(home=site.home))
    arguments = ["harvest", "--source-file", str(declared), "--allow-private", "127.0.0.1", *options]
    return [sys.executable, "-m", "scraper", "-q", "-d", str(folder / "news.db"), *arguments]


def stored(folder: Path) -> Bodies:
    """Return the bodies in an archive."""
    with sqlite3.connect(folder / "news.db") as database:
        return {urlsplit(url).path: body for url, body in database.execute("SELECT url, body FROM articles")}


def ours(site: Site, folder: Path) -> Run:
    """Run `scraper harvest`."""
    cost = cost_of(harvest_command(site, folder))
    return Run(cost, len(site.paths), site.told(), stored(folder))


def peer(python: str, script: str, count: int | None = None) -> Tool:
    """Return a tool that finds the site's stories itself; `count` bounds one that has their addresses given."""

    def run(site: Site, folder: Path) -> Run:
        output, paths = folder / "lines.jsonl", site.paths[:count]
        urls = json.dumps([site.home + path for path in paths])
        cost = cost_of([python, str(PEERS / script), site.home, str(output)], urls)
        lines = [json.loads(line) for line in output.read_text("utf-8").splitlines()]
        bodies = {urlsplit(line["url"]).path: line["body"] or "" for line in lines}
        return Run(cost, len(paths), site.told(), bodies)

    return run


def floor(python: str, script: str) -> Tool:
    """Return a tool that only fetches."""

    def run(site: Site, _folder: Path) -> Run:
        cost = cost_of([python, str(PEERS / script)], json.dumps([site.home + path for path in site.paths]))
        counted = json.loads(cost.printed)
        if counted != {"pages": len(site.paths), "bytes": site.page_bytes}:
            raise SystemExit(f"{script}: read {counted}, not {len(site.paths)} pages of {site.page_bytes} bytes")
        return Run(cost, len(site.paths), site.told(), None)

    return run


def tools_from(chosen: argparse.Namespace) -> dict[str, Tool]:
    """Return what is to be compared."""
    found: dict[str, Tool] = {"scraper": ours}
    if chosen.scrapy:
        found["Scrapy + trafilatura"] = peer(chosen.scrapy, "scrapy_trafilatura.py")
    if chosen.fundus and not chosen.folder:
        found["Fundus"] = peer(chosen.fundus, "fundus_publisher.py")
    if chosen.newspaper:
        found["newspaper4k"] = peer(chosen.newspaper, "newspaper_4k.py", chosen.few)
    if chosen.floor:
        found["httpx, fetch alone"] = floor(chosen.floor, "floor_httpx.py")
        found["aiohttp, fetch alone"] = floor(chosen.floor, "floor_aiohttp.py")
    return found


def checked(name: str, run: Run) -> Run:
    """Return the run; a tool that did not ask for every story is no peer."""
    if run.cost.code or run.told["different"] != run.stories:
        raise SystemExit(f"{name}: exit code {run.cost.code}, {run.told} told of {run.stories}")
    return run


def likeness(bodies: Bodies, gold: Bodies, asked: int) -> float:
    """Return the mean F1 of four-word shingles over a sample of the first `asked` stories; a lost body counts 0."""
    paths = [path for path, text in list(gold.items())[:asked] if text]
    paths = paths[:: max(1, len(paths) // SAMPLE)]
    return mean(overlap(shingles(gold[path]), shingles(bodies.get(path, "")))[2] for path in paths)


def table(runs: Mapping[str, Sequence[Run]], gold: Bodies) -> list[str]:
    """Return the lines of the markdown table."""
    head = "tool | stories | bodies | body F1 | ms CPU a story | CPU, ours = 1 | stories/s | wall, ours = 1 | peak MiB"
    lines = [f"| {head} |", "|" + "---|" * 9]
    for name, own in runs.items():
        first, bodies = own[0], own[0].bodies
        brought = "- | -" if bodies is None else _brought(bodies, likeness(bodies, gold, first.stories))
        cpu, wall = _per_story(own, "cpu"), _per_story(own, "wall")
        against = [_ratio(_per_story(own, key), _per_story(runs["scraper"], key)) for key in ("cpu", "wall")]
        peak = median(run.cost.peak for run in own)
        costs = f"{1000 * median(cpu):.2f} | {against[0]:.2f} | {1 / median(wall):.0f} | {against[1]:.2f} | {peak:.0f}"
        lines.append(f"| {name} | {first.stories} | {brought} | {costs} |")
    return lines


def _brought(bodies: Bodies, alike: float) -> str:
    return f"{sum(map(bool, bodies.values()))} | {alike:.3f}"


def _per_story(runs: Sequence[Run], key: str) -> list[float]:
    return [getattr(run.cost, key) / run.stories for run in runs]


def _ratio(theirs: Sequence[float], ours: Sequence[float]) -> float:
    return median(their / our for their, our in zip(theirs, ours, strict=True))


def main() -> None:
    """Read the options, serve the site, run every tool in turns, print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", nargs="?", type=Path)
    for name in ("scrapy", "fundus", "newspaper", "floor"):
        options.add_argument(f"--{name}", metavar="PYTHON")
    options.add_argument("--stories", type=int, default=2000)
    options.add_argument("--few", type=int, default=200, help="stories for newspaper4k, which takes longest")
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    tools = tools_from(chosen)
    gold = {story.path: story.body for story in stories_of(chosen.folder, chosen.stories)}
    runs: dict[str, list[Run]] = {name: [] for name in tools}
    with served(chosen.folder, chosen.stories) as site:
        for number in range(chosen.rounds):
            for name, tool in tools.items():
                with tempfile.TemporaryDirectory() as folder:
                    run = checked(name, tool(site, Path(folder)))
                runs[name].append(run)
                took = f"{run.cost.cpu:.1f} s CPU, {run.cost.wall:.1f} s, {run.cost.peak:.0f} MiB"
                print(f"round {number + 1}, {name}: {took}, told {dict(run.told)}", file=sys.stderr, flush=True)
    print("\n".join(table(runs, gold)))


if __name__ == "__main__":
    main()
