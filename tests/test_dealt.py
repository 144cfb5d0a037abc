"""Shares of a dealt harvest, without a cluster: whose turn it is, and when it is nobody's any more."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from scraper.cli.dealt import Share, harvest_share, in_turn
from scraper.config import Settings
from scraper.errand import Plan
from scraper.source import Feed, Source

LONG_AGO = datetime(2026, 3, 2, tzinfo=UTC)


def share(db: Path, size: int = 1, until: datetime | None = LONG_AGO) -> Share:
    """A share of so many sources."""
    home = "https://canal.example/"
    sources = tuple(Source(str(number), home, (Feed(f"{home}feed"),)) for number in range(size))
    return Share(db, sources, Plan(), until, Settings(), (), ())


def test_a_share_whose_turn_comes_after_the_deadline_is_not_begun(tmp_path: Path) -> None:
    """None of its sources has failed: they were not asked."""
    report = harvest_share(share(tmp_path / "00.db"))

    assert (report.stopped, report.sources, [*tmp_path.iterdir()]) == (True, (), [])


def test_under_a_deadline_nobody_is_always_the_last(tmp_path: Path) -> None:
    """The share that was harvested longest ago comes first; before it those that never were, the largest first."""
    for number in (1, 2):
        db = tmp_path / f"{number}.db"
        db.touch()
        os.utime(db, (number, number))
    shares = [share(tmp_path / f"{name}.db", size) for name, size in (("1", 1), ("2", 9), ("new", 2), ("newer", 3))]

    assert [each.db.stem for each in in_turn(shares)] == ["newer", "new", "1", "2"]


def test_without_a_deadline_the_largest_share_is_dealt_first(tmp_path: Path) -> None:
    (tmp_path / "old.db").touch()
    shares = [share(tmp_path / "new.db", 2, None), share(tmp_path / "old.db", 3, None)]

    assert [each.db.stem for each in in_turn(shares)] == ["old", "new"]
