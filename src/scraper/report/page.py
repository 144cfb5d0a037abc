"""The page of a report: sums, rates, edits, stories. It loads nothing, and reads well without its style."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from typing import Any

from scraper.browse.reading import direction, published_times, utc_clock, web_address
from scraper.ratelines import RateLine, rate_lines
from scraper.report.markup import Markup, joined, tag
from scraper.report.picture import blocks, daily, picture
from scraper.store import Digest, Store
from scraper.worddiff import Paragraph, is_changed, word_diff

SHOWN = 300  # stories, edits and withdrawals, each
_COMPARED = ("headline", "byline", "body")
_PARAGRAPHS = 4  # changed ones of an edit
_PASSAGE = 400  # characters of a stretch that stayed
_LEAD = 240  # characters
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_DAYS = "Whole days: of stories, those of their outlet's zone; of rates and edits, those of UTC."
_LEGEND = ("Solid: seen. Dotted: nobody looked in between. Shaded: nobody looked for more than 36 hours. "
           "Change: since the first day began. Course: each day's last rate, between the lowest and the highest; "
           "blank where nobody looked.")
_STYLE = """
:root { color-scheme: light dark; }
body { margin: 0 auto; max-width: 44rem; padding: 1rem; font: 16px/1.5 Georgia, "Noto Serif", serif; }
h1 { font-size: 1.6rem; line-height: 1.2; margin-bottom: .3rem; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; border-bottom: 1px solid #cccccc; }
h3 { font-size: 1rem; margin: 1rem 0 0; }
a { color: #0b4f8a; }
p { margin: .2rem 0; }
.meta, table { font: 13px/1.5 system-ui, sans-serif; color: #666666; }
table { border-collapse: collapse; margin: .5rem 0; }
th, td { padding: .1rem .8rem .1rem 0; text-align: left; white-space: nowrap; }
.number { text-align: right; }
.course { font-family: monospace; white-space: pre; }
del { background: #f8d7d7; } ins { background: #d9f2d9; text-decoration: none; }
svg { display: block; }
@media (prefers-color-scheme: dark) {
  body { background: #16181b; color: #e4e4e4; } a { color: #8cc0f0; } .meta, table { color: #a6a6a6; }
  del { background: #5a2626; } ins { background: #1f4a26; } h2 { border-color: #444444; }
  svg .seen { stroke: #8cc0f0; } svg .grid { stroke: #444444; } svg text { fill: #a6a6a6; }
}
"""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of a story's text: its row in the view edits, and the paragraphs in which it shows."""

    row: Row
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """All that a report tells of whole days: from `since` on and before `until`, both midnights, UTC."""

    since: datetime
    until: datetime
    digest: Digest
    edits: tuple[Edit, ...]
    lines: tuple[RateLine, ...]
    days: tuple[Row, ...]  # as Store.daily_rates gives them

    @property
    def sums(self) -> str:
        """Return what there was, in one line."""
        stories = sum(row["stories"] for row in self.digest.outlets)
        moves = sum(line.moves for line in self.lines)
        return ", ".join((
            _counted(stories, "story", "stories") + f" of {_counted(len(self.digest.outlets), 'outlet')}",
            _counted(self.digest.edits_counted, "edit"), _counted(len(self.digest.withdrawn), "withdrawal"),
            _counted(moves, "move") + f" of {_counted(len(self.lines), 'rate')}",
        ))

    @property
    def title(self) -> str:
        """Return which days it is about."""
        last = self.until - timedelta(days=1)
        first = "" if last == self.since else f"{self.since:%-d %B %Y} to "
        return f"News of {first}{last:%-d %B %Y}"


def report_from(store: Store, since: datetime, until: datetime) -> Report:
    """Read from the archive what a report of this span tells."""
    digest = store.digest(since, until, SHOWN)
    edits = tuple(Edit(row, tuple(_changes(store, row))) for row in digest.edits)
    lines = rate_lines(store.rate_runs((), (since, until)), since, until)
    return Report(since, until, digest, edits, lines, tuple(store.daily_rates((), (since, until))))


def page(report: Report) -> str:
    """Return the report as HTML, whole in itself."""
    head = tag("head", tag("meta", charset="utf-8"), tag("title", report.title),
               tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
               tag("meta", http_equiv="Content-Security-Policy", content=_POLICY), tag("style", Markup(_STYLE)))
    body = tag("body", tag("h1", report.title), tag("p", report.sums, class_="sums"), tag("p", _DAYS, class_="meta"),
               *_rates(report), *_edits(report), *_withdrawn(report), *_outlets(report), *_stories(report))
    return f"<!doctype html>\n{tag('html', head, body, lang='en')}\n"


def _counted(count: int, one: str, many: str | None = None) -> str:
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def _changes(store: Store, row: Row) -> Iterator[Paragraph]:
    texts = [text for text in store.shelf.texts_of(row["article_id"]) if text["reason"] != "reparse"]
    for old, new in pairwise(texts):
        if new["seen_from"] == row["seen_after"]:
            for name in _COMPARED:
                yield from filter(is_changed, word_diff(old[name] or "", new[name] or ""))


# --- rates


def _rates(report: Report) -> Iterator[Markup]:
    if not report.lines:
        return
    names = ("Pair", "Last", "Change", "Course", "Lowest", "Highest", "Moves", "Source")
    yield tag("h2", "Rates")
    yield _table(names, (_rate_cells(line, report) for line in report.lines), numbers=(1, 2, 4, 5, 6))
    for line in report.lines:
        if line.moves:
            yield tag("h3", f"{line.label} ({line.source})")
            yield picture(line, report.since, report.until)
    yield tag("p", _LEGEND, class_="meta")


def _rate_cells(line: RateLine, report: Report) -> Iterator[object]:
    course = blocks(daily(list(report.days), line), report.since, report.until)
    yield from (line.label, line.seen[-1].text, f"{line.change:+.2f}%" if line.moves else "",
                tag("span", course, class_="course"), line.lowest.text, line.highest.text, line.moves or "",
                line.source)


# --- edits


def _edits(report: Report) -> Iterator[Markup]:
    if report.edits:
        yield tag("h2", "Edits")
        yield from (joined(_edit(edit)) for edit in report.edits)
        yield from _more(report.digest.edits_counted - len(report.edits), "edits")


def _edit(edit: Edit) -> Iterator[Markup]:
    row = edit.row
    said = "silently" if row["silent"] else "with a new date of change"
    fields = ", ".join(json.loads(row["changed"]))
    yield tag("h3", _link(row["headline"], row["url"]))
    when = f"between {utc_clock(row['seen_before'])} and {utc_clock(row['seen_after'])}"
    yield tag("p", f"{row['outlet']} · {said}, {when} · {fields} · {row['similarity']:.0%} alike", class_="meta")
    yield from (tag("p", joined(map(_piece, paragraph), " ")) for paragraph in edit.paragraphs[:_PARAGRAPHS])
    yield from _more(len(edit.paragraphs) - _PARAGRAPHS, "paragraphs")


def _piece(piece: Any) -> Markup:
    if piece.kind == "same":
        text = piece.text
        half = _PASSAGE // 2
        return joined((text if len(text) <= _PASSAGE else f"{text[:half]} … {text[-half:]}",))
    return tag("del" if piece.kind == "gone" else "ins", piece.text)


def _withdrawn(report: Report) -> Iterator[Markup]:
    rows = report.digest.withdrawn
    if rows:
        yield tag("h2", "Withdrawn by their publishers")
        yield from (joined((tag("h3", _link(row["headline"], row["url"])),
                            tag("p", f"{row['outlet']} · gone when asked on {utc_clock(row['withdrawn'])}",
                                class_="meta"))) for row in rows)


# --- stories


def _outlets(report: Report) -> Iterator[Markup]:
    if len(report.digest.outlets) > 1:
        yield tag("h2", "Stories by outlet")
        yield _table(("Outlet", "Stories"), ((row["outlet"], f"{row['stories']:,}") for row in report.digest.outlets),
                     numbers=[1])


def _stories(report: Report) -> Iterator[Markup]:
    yield tag("h2", "Stories")
    rows = report.digest.stories
    if not rows:
        yield tag("p", "None in this span.")
    for day, group in groupby(rows, key=lambda row: row["published_date"]):
        yield tag("h3", f"{datetime.fromisoformat(day):%A, %-d %B %Y}" if day else "No date")
        yield from (joined(_story(row)) for row in group)
    yield from _more(sum(row["stories"] for row in report.digest.outlets) - len(rows), "stories")


def _story(row: Row) -> Iterator[Markup]:
    lead = row["lead"] or ""
    time, _ = published_times(row)
    section = f" · {row['section']}" if row["section"] else ""
    tongue = {"lang": row["language"], "dir": direction(row["language"])}
    yield tag("p", tag("b", _link(row["headline"], row["url"])), **tongue, style="margin-top:.7rem")
    yield tag("p", f"{row['outlet']} · {time}{section}", class_="meta")
    if lead:
        yield tag("p", lead if len(lead) <= _LEAD else f"{lead[:_LEAD].rsplit(' ', 1)[0]}…", **tongue)


# --- parts


def _table(names: Sequence[str], rows: Iterable[Iterable[object]], numbers: Sequence[int]) -> Markup:
    def line(kind: str, cells: Iterable[object]) -> Markup:
        return tag("tr", *(tag(kind, cell, class_="number" if at in numbers else None)
                           for at, cell in enumerate(cells)))

    return tag("div", tag("table", line("th", names), *(line("td", cells) for cells in rows)), style="overflow-x:auto")


def _link(text: str, url: str) -> Markup:
    address = web_address(url)
    return tag("a", text, href=address, rel="noopener noreferrer nofollow") if address else joined((text,))


def _more(count: int, what: str) -> Iterator[Markup]:
    if count > 0:
        yield tag("p", f"and {count:,} more {what}", class_="meta")
