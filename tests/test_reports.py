"""When a source has failed, and with which code a run ends."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scraper.reports import RunReport, SourceReport

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
WELL, LATER, BAD = SourceReport("a", 1), SourceReport("b", 1, refused=True), SourceReport("c")


@pytest.mark.parametrize(("report", "failed"), [
    (SourceReport("a"), True),
    (SourceReport("a", listings=1), False),
    (SourceReport("a", listings=1, known=9, lost=1), False),
    (SourceReport("a", listings=1, known=0, lost=1), True),
    (SourceReport("a", listings=1, known=9, lost=2), True),
    (SourceReport("a", listings=1, new=1, lost=9), False),
    (SourceReport("a", listings=1, gone=1, lost=9), False),
], ids=["no listing", "nothing new", "one lost beside known ones", "the only one lost",
        "two lost", "one new", "one gone"])  # fmt: skip
def test_a_source_has_failed_where_nothing_could_be_listed_or_archived(report: SourceReport, failed: bool) -> None:
    assert report.failed is failed


@pytest.mark.parametrize(("sources", "code"), [
    ((), 0), ((WELL, WELL), 0), ((BAD, BAD), 1), ((WELL, BAD), 3), ((WELL, LATER), 3),
    ((SourceReport("d", refused=True),), 3),
], ids=["none", "well", "all failed", "some failed", "one put off", "the only one refused"])
def test_the_code_tells_all_from_some(sources: tuple[SourceReport, ...], code: int) -> None:
    """A source that robots.txt or the site itself keeps us out of is no failure of ours."""
    assert RunReport(NOON, NOON, sources).code == code
