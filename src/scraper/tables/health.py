"""A source's health after a run: its coverage written down, judged against its past, alerts opened and closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from scraper import health
from scraper.coverage import ARTICLE, BODY, FUTURE, LABEL, TICKER, labels
from scraper.health import Kind, Past, Share
from scraper.reports import Coverage, Part, SourceReport
from scraper.tables.database import Database, Row
from scraper.tables.schema import utc_from, utc_text
from scraper.tables.shares import FEW, Case, compared, marks, past_of, share

KEPT_RUNS = 3000  # a month of 15-minute runs
_MISSED = ("published", "authors", "section", "image", "caption", "lead")
_STORIES: tuple[Part, ...] = ("story", "recheck")
_LISTINGS: tuple[Part, ...] = ("listing",)
_ENTRIES: tuple[Part, ...] = ("entry",)
_BECOMES_NORM = frozenset({"field", "body", "ticker", "label", "future"})
_NEWS = frozenset({"new-label", "jump"})

Findings = dict[tuple[Kind, str], str | None]


def keep_watch(db: Database, run: int, report: SourceReport, now: datetime, *, whole: bool) -> None:
    """Write down what a source's pages showed in a run, and open and close its alerts."""
    shown = _note_coverage(db, run, report)
    db.execute("DELETE FROM field_coverage WHERE run_id < ?", (run - KEPT_RUNS,))
    rows = db.rows("SELECT * FROM alerts WHERE source = ? AND closed IS NULL", (report.source,))
    case = Case(db, run, now, report, shown, {(row["kind"], row["subject"]): row for row in rows}, whole)
    found = _pages(case) | _entries(case) | _ticker(case) | _jumps(case) | _comings(case)
    for (kind, subject), message in found.items():
        _settle(case, kind, subject, message)
    for key in case.alerts.keys() - found.keys():
        _let_pass(case, *key)


_COVERAGE = """
INSERT INTO field_coverage (source, part, field, run_id, pages, filled, size) VALUES (?, ?, ?, ?, ?, ?, ?)
"""


def _note_coverage(db: Database, run: int, report: SourceReport) -> tuple[Coverage, ...]:
    """Record the counts and return them; a label that this source has shown before and did not show now is a zero."""
    known = db.rows("SELECT label FROM pairs WHERE source = ?", (report.source,))
    seen = {(row.part, row.field) for row in report.coverage}
    unseen = (Coverage(row.part, f"{LABEL}{pair['label']}", row.pages, 0)
              for row in report.coverage if row.field == TICKER for pair in known)
    rows = (*report.coverage, *(row for row in unseen if (row.part, row.field) not in seen))
    db.executemany(_COVERAGE, [(report.source, row.part, row.field, run, row.pages, row.filled, row.size)
                               for row in rows])
    return rows


# --- what is found


def _pages(case: Case) -> Findings:
    """Judge what the stories showed; where none can be read any more, nothing else is said."""
    found: Findings = {}
    _judge_share(case, found, ("unreadable", ""), ARTICLE, "stories can no longer be read")
    for name in _MISSED:
        _judge_share(case, found, ("field", name), name, f"{name} is gone")
    now, past = compared(case, "body", "", _STORIES, BODY)
    if (smaller := health.shrunk(now, past)) is not None:
        found["body", ""] = f"bodies have {now.size:.0f} characters, {past.size:.0f} before" if smaller else None
    now, past = compared(case, "future", "", _STORIES, FUTURE)
    if (ahead := health.in_the_future(now, past)) is not None:
        late = f"{now.filled} of {now.pages} stories are dated after they were fetched"
        found["future", ""] = late if ahead else None
    return found


def _judge_share(case: Case, found: Findings, key: tuple[Kind, str], field: str, gone: str) -> None:
    grave = field == ARTICLE
    now, past = compared(case, *key, _STORIES, field, few=2 if grave else FEW)
    verdict = _verdict(case, key, now, past, by_chance=health.UNREADABLE if grave else health.BY_CHANCE)
    if key not in case.alerts and not verdict and not share(case, ("story",), field).filled:
        again, before = share(case, ("recheck",), field), past_of(case, *key, _STORIES, field)
        if health.lost_again(again, before):
            verdict, now, past = True, again, before
    if verdict is not None:
        found[key] = f"{gone}: {health.in_words(now, past)}" if verdict else None


def _verdict(
    case: Case, key: tuple[Kind, str], now: Share, past: Past, *, by_chance: float = health.BY_CHANCE
) -> bool | None:
    """Tell whether a field is lost; what is known to be lost stays so until it is back."""
    if key in case.alerts:
        return False if health.back(now, past) else None
    return health.lost(now, past, by_chance=by_chance)


def _entries(case: Case) -> Findings:
    """Judge the entry points that were read; one that answered 304 was not."""
    found: Findings = {}
    for row in case.report.coverage:
        if row.part == "entry":
            now, past = Share(row.pages, row.filled, row.size), past_of(case, "listing", row.field, _ENTRIES, row.field)
            if (empty := health.emptied(now, past)) is not None:
                usual = f"it showed {past.size or 0:.0f} on average"
                found["listing", row.field] = f"no story is listed any more, {usual}" if empty else None
    return found


def _ticker(case: Case) -> Findings:
    """Judge which rates are shown, where they are always shown: on stories, or else on listings."""
    found: Findings = {}
    usual = past_of(case, "ticker", "", _STORIES, TICKER)
    on_stories = usual.pages > 0 and usual.filled >= health.USUAL * usual.pages
    parts = _STORIES if on_stories else _LISTINGS
    now, past = compared(case, "ticker", "", parts, TICKER)
    gone = _verdict(case, ("ticker", ""), now, past)
    if gone is not None:
        found["ticker", ""] = f"no rates are shown any more: {health.in_words(now, past)}" if gone else None
    if gone is not False:
        return found
    for label in _labels_before(case, parts):
        shown, before = compared(case, "label", label, parts, f"{LABEL}{label}")
        if (missing := _verdict(case, ("label", label), shown, before)) is not None:
            found["label", label] = f"{label} is no longer shown: {health.in_words(shown, before)}" if missing else None
    if past.filled >= health.STORIES:
        news = labels(row for row in case.report.coverage if row.filled) - _labels_before(case, (*_STORIES, *_LISTINGS))
        found |= {("new-label", label): f"{label} is shown for the first time" for label in news}
    return found


def _labels_before(case: Case, parts: Sequence[Part]) -> frozenset[str]:
    """Return the labels seen in earlier runs on pages of these parts."""
    rows = case.db.rows(
        f"SELECT DISTINCT field FROM field_coverage WHERE source = ? AND part IN ({marks(parts)})"
        f" AND field > '{LABEL}' AND field < '{LABEL.rstrip()}!' AND run_id < ? AND filled > 0",
        (case.source, *parts, case.run))
    return frozenset(row["field"].removeprefix(LABEL) for row in rows)


_MOVED = """
SELECT pairs.id, label FROM pairs WHERE source = ?
AND (SELECT max(first_seen) FROM quotes WHERE pair_id = pairs.id) BETWEEN ? AND ?
"""


def _jumps(case: Case) -> Findings:
    """Judge the rates that have moved of late; one that came back has not jumped."""
    found: Findings = {}
    span = (utc_text(case.now - health.NEWS_LASTS), utc_text(case.now))
    for pair in case.db.rows(_MOVED, (case.source, *span)):
        rows = case.db.rows("SELECT rate, rate_text FROM quotes WHERE pair_id = ? ORDER BY first_seen DESC LIMIT 50",
                            (pair["id"],))[::-1]
        rates = [(row["rate"], row["rate_text"]) for row in rows]
        if health.jumped(rates, [rate for rate, _ in rates[-6:-2]]):
            found["jump", pair["label"]] = f"{pair['label']} went from {rates[-2][1]} to {rates[-1][1]}"
        else:
            found["jump", pair["label"]] = None
    return found


def _comings(case: Case) -> Findings:
    """Judge whether stories still come, and whether runs still bring anything."""
    found: Findings = {}
    if not case.whole:
        return found
    failed = [_report_from(row).failed for row in case.db.rows(_LAST_RUNS, (case.source, health.FAILURES))]
    if (fails := health.failing(failed)) is not None:
        nothing = f"{health.FAILURES} runs in a row brought nothing, the last: {case.report.line()}"
        found["failing", ""] = nothing if fails else None
    rows = case.db.rows("SELECT published, first_seen FROM articles WHERE source = ? ORDER BY published DESC LIMIT 50",
                        (case.source,))
    if case.report.listings and rows:
        published = [utc_from(row["published"] or row["first_seen"]) for row in rows]
        heard = utc_from(max(row["first_seen"] for row in rows))
        if (silent := health.silent(published, heard, case.now)) is not None:
            found["silence", ""] = f"no new story since {utc_text(heard)}, longer than ever" if silent else None
    return found


_LAST_RUNS = """
SELECT run_sources.* FROM run_sources JOIN runs ON runs.id = run_id
WHERE source = ? AND interrupted IS NULL ORDER BY run_id DESC LIMIT ?
"""


def _report_from(row: Row) -> SourceReport:
    return SourceReport(row["source"], listings=row["listings"], known=row["known"], new=row["new"],
                        changed=row["changed"], unchanged=row["unchanged"], gone=row["gone"], lost=row["failed"])


# --- alerts


def _settle(case: Case, kind: Kind, subject: str, message: str | None) -> None:
    """Open an alert, or close it; one that stands is let stand until it is the norm."""
    alert = case.alerts.get((kind, subject))
    if alert is None and message is not None:
        case.db.execute("INSERT INTO alerts (source, kind, subject, message, opened, run_id) VALUES (?, ?, ?, ?, ?, ?)",
                        (case.source, kind, subject, message, utc_text(case.now), case.run))
    elif alert is not None and message is None:
        _close(case, alert, case.run)
    elif alert is not None:
        _let_pass(case, kind, subject)


def _let_pass(case: Case, kind: str, subject: str) -> None:
    """Close what is news no longer, and what has been so for so long that it is how the site is now."""
    alert = case.alerts[kind, subject]
    age = abs(case.now - utc_from(alert["opened"]))  # the clock may have been set back
    lasts = health.NEWS_LASTS if kind in _NEWS else health.NORM_AFTER if kind in _BECOMES_NORM else timedelta.max
    if age >= lasts:
        _close(case, alert, None)


def open_alerts(db: Database) -> list[Row]:
    """Return the open alerts, the oldest first."""
    return db.rows("SELECT source, kind, subject, opened, message FROM alerts WHERE closed IS NULL ORDER BY opened, id")


def _close(case: Case, alert: Row, sound_from: int | None) -> None:
    case.db.execute("UPDATE alerts SET closed = ?, sound_from = ? WHERE id = ?",
                    (utc_text(case.now), sound_from, alert["id"]))
