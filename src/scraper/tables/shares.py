"""A field's share on the pages of this run, and its past: what the judgement of a source's health is made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from scraper import health
from scraper.health import Kind, Past, Share
from scraper.reports import Coverage, Part, SourceReport
from scraper.tables.database import Database, Row

FEW = 3  # pages; a run with fewer is judged together with those before it


@dataclass(frozen=True, slots=True)
class Case:
    """One source after one run."""

    db: Database
    run: int
    now: datetime
    report: SourceReport
    rows: tuple[Coverage, ...]  # what this run's pages showed
    alerts: dict[tuple[str, str], Row]  # the open ones, by kind and subject
    whole: bool  # the run was not cut short

    @property
    def source(self) -> str:
        """Return the source's key."""
        return self.report.source


def share(case: Case, parts: Sequence[Part], field: str) -> Share:
    """Return a field's share on the pages of these parts in this run."""
    return health.merged(Share(row.pages, row.filled, row.size)
                         for row in case.rows if row.part in parts and row.field == field)


_RECENT = """
SELECT run_id, pages, filled, size FROM field_coverage
WHERE source = ? AND part = ? AND field = ? AND run_id <= ? ORDER BY run_id DESC LIMIT 8
"""


def compared(
    case: Case, kind: Kind, subject: str, parts: Sequence[Part], field: str, *, few: int = FEW
) -> tuple[Share, Past]:
    """Return a field's share now and its past; a run of fewer pages is taken together with those just before it.

    Known stories count where there is no new one. Where an alert is open, now is this run.
    """
    part = _part_to_judge(case, kind, subject, parts, field)
    now, past_parts = share(case, (part,), field), parts if part == "recheck" else (part,)
    if not now.pages or (kind, subject) in case.alerts:
        return now, past_of(case, kind, subject, past_parts, field)
    taken, pages, first = list[Share](), 0, case.run
    for row in case.db.rows(_RECENT, (case.source, part, field, case.run)):
        if pages >= few:
            break
        taken.append(Share(row["pages"], row["filled"], row["size"]))
        pages, first = pages + row["pages"], row["run_id"]
    return health.merged(taken), past_of(case, kind, subject, past_parts, field, before=first)


def _part_to_judge(case: Case, kind: Kind, subject: str, parts: Sequence[Part], field: str) -> Part:
    """Return the pages that tell: the first part of which any was read.

    Known stories may be pages from before a redesign: where new ones raised an alert, only new ones close it.
    """
    read = next((part for part in parts if share(case, (part,), field).pages), parts[0])
    alert = case.alerts.get((kind, subject))
    if alert and read != parts[0]:
        told = case.db.row("SELECT 1 FROM field_coverage WHERE source = ? AND part = ? AND field = ? AND run_id >= ?",
                           (case.source, parts[0], field, alert["run_id"]))
        return parts[0] if told else read
    return read


_PAST = """
SELECT count(*) AS runs, coalesce(sum(pages), 0) AS pages, coalesce(sum(filled), 0) AS filled,
    min(CASE WHEN pages > 1 THEN filled * 1.0 / pages END) AS lowest,
    avg(size) AS size, min(CASE WHEN pages > 1 THEN size END) AS smallest
FROM (
    SELECT sum(pages) AS pages, sum(filled) AS filled, avg(size) AS size FROM field_coverage AS past
    WHERE source = ? AND part IN ({}) AND field = ? AND run_id < ? AND NOT EXISTS (
        SELECT 1 FROM alerts WHERE alerts.source = past.source AND kind = ? AND subject = ?
            AND past.run_id >= alerts.run_id AND past.run_id < alerts.sound_from
    ) GROUP BY run_id HAVING sum(pages) > 0
)
"""


def past_of(
    case: Case, kind: Kind, subject: str, parts: Sequence[Part], field: str, *, before: int | None = None
) -> Past:
    """Return a field's past, without the runs in which it was known to be gone."""
    alert = case.alerts.get((kind, subject))
    until = alert["run_id"] if alert else before or case.run
    (row,) = case.db.rows(_PAST.format(marks(parts)), (case.source, *parts, field, until, kind, subject))
    return Past(**row)


def marks(parts: Sequence[Part]) -> str:
    """Return as many question marks for a statement as there are parts."""
    return ", ".join("?" * len(parts))
