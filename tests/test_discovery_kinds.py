"""A harvest over loopback HTTP through each kind of place: every story once, by each alone and by all together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kinds import HARVESTED, WholePress


@pytest.fixture
def press(tmp_path: Path) -> Iterator[WholePress]:
    """Yield a site of 12 stories over six months: two pages of a listing, six sitemaps."""
    with WholePress(tmp_path, 12) as press:
        yield press


def stories(press: WholePress) -> list[str]:
    """Return the paths of the stories asked for, sorted."""
    return sorted(path for path in press.site.paths if path.startswith("/story-"))


@pytest.mark.parametrize("kind", HARVESTED)
def test_a_harvest_finds_every_story_exactly_once(press: WholePress, kind: str) -> None:
    """And asks for no address twice; the next asks what may have changed: entry point, sitemaps, edits."""
    report = press.harvest(kind)
    asked = press.site.paths
    press.site.requests.clear()
    again = press.harvest(kind)

    assert press.stored() == press.paths
    assert (report.code, report.sources[0].new, report.sources[0].problems) == (0, 12, ())
    assert [path for path in asked if asked.count(path) > 1] == []
    assert (again.sources[0].new, stories(press)) == (0, [])
    assert len(press.site.paths) <= {"sitemap": 7, "robots.txt": 7, "wordpress": 2}.get(kind, 1)


def test_all_kinds_together_fetch_no_story_twice(press: WholePress) -> None:
    """An entry point that shows nothing new is not walked on."""
    report = press.harvest(*HARVESTED)

    assert (press.stored(), report.code) == (press.paths, 0)
    assert stories(press) == press.paths
