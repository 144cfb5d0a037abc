"""All served faults on one stage: a site each, harvested side by side in one run of the command."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from faults.harvests import Ran, harvested
from faults.indexes import IndexFault, index_faults
from faults.pages import PageFault, page_faults
from faults.rules import PATHS, RobotsFault, robots_faults
from faults.served import Aside, Fault, all_faults
from faults.site import ODD, STORIES, WAYS, Play, Story
from servers import Site, answer

DELAY_S = 0.1
HASTY = "read_s = 5, url_s = 20"  # for who waits in vain; the others have time on a machine that stands still
DELAY = RobotsFault(answer(b"User-agent: *\nCrawl-delay: %g\n" % DELAY_S), PATHS)


@dataclass(frozen=True, slots=True)
class Stage:
    """Every fault by group and name, the sites that played them, and the run."""

    served: dict[str, Fault]
    pages: dict[str, PageFault]
    indexes: dict[str, IndexFault]
    robots: dict[str, RobotsFault]
    aside: Aside
    sites: dict[str, Site]
    ran: Ran

    def url(self, name: str, path: str = "/fault") -> str:
        """Return an address of the site of this fault."""
        return self.sites[name].url(path)

    def articles(self, name: str) -> list[dict[str, Any]]:
        """Return what was archived of the site of this fault."""
        return self.ran.rows("SELECT * FROM articles WHERE source = ? ORDER BY url", name)

    def stories(self, verdict: str) -> dict[str, Story]:
        """Return the story that each fault of this verdict may be archived as, beside the healthy ones."""
        found = {name: ODD for name, fault in self.served.items() if fault.verdict == verdict}
        found |= {name: fault.story for name, fault in self.pages.items() if fault.verdict == verdict}
        return {name: story for name, story in found.items() if story not in STORIES and name != "redirect-moved"}

    def odd(self, name: str) -> list[dict[str, Any]]:
        """Return what was archived of it beside the healthy stories."""
        healthy = {self.url(name, story.path) for story in STORIES}
        return [row for row in self.articles(name) if row["url"] not in healthy]

    def problems(self, name: str) -> list[tuple[str, str]]:
        """Return what was recorded as gone wrong: address and reason."""
        rows = self.ran.rows("SELECT url, reason FROM run_problems WHERE source = ? ORDER BY position", name)
        return [(row["url"], row["reason"]) for row in rows]


def staged(folder: Path, stack: ExitStack) -> Stage:
    """Play every fault and harvest all sites at once; the servers close with `stack`."""
    aside = Aside(stack)
    served, pages, indexes = all_faults(aside), page_faults(), index_faults(aside.canary.url("/"))
    robots = {**robots_faults(), "robots-delay": DELAY}
    plays = [*_page_plays(served, pages), *_index_plays(indexes), *_robots_plays(robots)]
    sites = {play.name: stack.enter_context(Site(play.site_answers())) for play in plays}
    declared = [play.declared(sites[play.name].url("")) for play in plays]
    ran = harvested(folder, declared, "--allow-private", "127.0.0.2")
    return Stage(served, pages, indexes, robots, aside, sites, ran)


def _page_plays(served: dict[str, Fault], pages: dict[str, PageFault]) -> Iterable[Play]:
    plays = [
        *(Play(name, {**fault.more, "/fault": fault.page}, ("/fault",), limits=HASTY if fault.endless else "")
          for name, fault in served.items()),
        *(Play(name, {**fault.more, "/fault": fault.page}, fault.listed) for name, fault in pages.items()),
    ]
    return (replace(play, way=WAYS[at % 3]) for at, play in enumerate(plays))


def _index_plays(faults: dict[str, IndexFault]) -> Iterable[Play]:
    return (
        Play(name, fault.answers, own=fault.places(), shown=STORIES[fault.shown :]) for name, fault in faults.items()
    )


def _robots_plays(faults: dict[str, RobotsFault]) -> Iterable[Play]:
    pages = dict.fromkeys(PATHS, answer(ODD.page()))
    return (
        Play(name, {**pages, **fault.more, "/robots.txt": fault.robots}, PATHS, limits=HASTY if fault.endless else "")
        for name, fault in faults.items()
    )


def lacking(story: Story, row: dict[str, Any]) -> str | None:
    """Say what an archived row lacks of a story, None where it is whole."""
    if row["headline"] != story.headline:
        return f"headline {row['headline']!r}"
    missing = [sentence for sentence in story.sentences if sentence not in row["body"]]
    return f"without {missing[0]!r}" if missing else None
