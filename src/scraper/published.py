"""When a story was published and changed: every date the page gives, and the choice among them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from scraper.blocks import Line, Outline
from scraper.dates import stamp_from, stamps_in
from scraper.document import Document, Json
from scraper.hints import DATE
from scraper.records import Stamp

# Where no fetch time is known nothing can be after it; a year-less date then has no year.
UNKNOWN_FETCH = datetime(2200, 1, 1, tzinfo=UTC)

_META = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "article.published",
    "parsely-pub-date", "sailthru.date", "pubdate", "publishdate", "publish-date", "publish_date", "published_date",
    "publication_date", "published_time", "article_date_original", "originalpublicationdate", "date.issued",
    "dcterms.issued", "dc.date.issued", "dcterms.created", "dc.date.created", "dcterms.date", "dc.date", "dc.created",
    "citation_publication_date", "citation_date", "citation_online_date", "cxenseparse:recs:publishtime",
    "shareaholic:article_published_time", "vr:published_time", "bt:pubdate", "article.created", "date_published",
    "datecreated", "date", "created", "release_date", "lp.article:published_time", "iso-8601-publish-date",
)  # fmt: skip
_META_MODIFIED = (
    "article:modified_time", "og:updated_time", "datemodified", "last-modified", "dcterms.modified", "dc.date.modified",
    "lastmod", "article.updated", "revision_date", "cxenseparse:modified", "modified_time", "lastmodified",
)  # fmt: skip
_IN_URL = re.compile(
    r"/((?:19|20)\d{2})[/-]?(0?[1-9]|1[0-2])[/-]?(0?[1-9]|[12]\d|3[01])(?=[/\-_.]|\D*$)|[-_/]((?:19|20)\d{2})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?!\d)"
)
_OFFSET = re.compile(r"[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s?([+-])(\d{2}):?00$")
_MODIFIED = re.compile(
    r"updat|modif|edited|aktualis|geändert|actuali[sz]|mis à jour|bijgewerkt|oppdatert|uppdater|opdater|обновл|aggiorn"
    r"|atualiz|päivitet|güncel|zaktualiz|更新|수정|تحديث|yangilan",
    re.IGNORECASE,
)
_NEAR = 12  # lines around the headline in which stamps stand


@dataclass(frozen=True, slots=True)
class Dated:
    """A date the page gives, where it stands, and how sure it is the story's, 0-1."""

    stamp: Stamp
    source: str
    sure: float


@dataclass(frozen=True, slots=True)
class Calendar:
    """How a page's dates are to be read."""

    zone: str
    fetched: datetime
    language: str | None

    def stamp(self, text: object) -> Stamp | None:
        """Return the date that `text` is, None where it is none that can be believed."""
        if not isinstance(text, str | int) or not text:
            return None
        stamp = stamp_from(_from_epoch(text), zone=self.zone, fetched=self.fetched, language=self.language)
        return stamp if stamp and self.believed(stamp) else None

    def believed(self, stamp: Stamp) -> bool:
        """Tell whether the stamp names its year, where the fetch cannot tell it."""
        if self.fetched is not UNKNOWN_FETCH or stamp.day is None:
            return True
        year = stamp.day.year
        return any(f"{number}" in stamp.raw for number in (year, year + 543)) or stamp.raw.rstrip().endswith(f"{year % 100:02d}")


def _from_epoch(value: str | int) -> str:
    text = str(value).strip()
    if text.isdigit() and len(text) in (10, 13) and text[0] == "1":
        return datetime.fromtimestamp(int(text[:10]), UTC).isoformat()
    return text


def zone_from(document: Document, data: Json) -> str:
    """Return the fixed zone the page's own stamps are in, UTC where they do not say."""
    for text in (data.get("datePublished"), *document.meta.get("article:published_time", ())):
        match = _OFFSET.search(text) if isinstance(text, str) else None
        if match is not None and int(match[2]) <= 12:
            return f"Etc/GMT{'-' if match[1] == '+' else '+'}{int(match[2])}" if int(match[2]) else "UTC"
    return "UTC"


def published_from(
    document: Document, data: Json, outline: Outline, headline_at: int, calendar: Calendar
) -> Dated | None:
    """Return when the story was published: script data, meta, time tags, the address, then text near the headline."""
    found: Dated | None = None
    for dated in _candidates(document, data, outline, headline_at, calendar):
        if dated.stamp.instant is None:
            continue
        if found is None:
            found = dated
        elif found.stamp.precision == "day" and dated.stamp.precision != "day" and dated.stamp.day == found.stamp.day:
            found = replace(dated, sure=found.sure)
        if found.stamp.precision != "day":
            return found
    return found


def modified_from(document: Document, data: Json, calendar: Calendar) -> Dated | None:
    """Return when the story was last changed, as script data or meta say."""
    stamp = calendar.stamp(data.get("dateModified"))
    if stamp is not None:
        return Dated(stamp, "json-ld", 0.9)
    for key in _META_MODIFIED:
        for text in document.meta.get(key, ())[:1]:
            stamp = calendar.stamp(text)
            if stamp is not None:
                return Dated(stamp, "meta", 0.8)
    return None


def _candidates(
    document: Document, data: Json, outline: Outline, headline_at: int, calendar: Calendar
) -> Iterator[Dated]:
    yield from _structured(document, data, calendar)
    yield from _tagged(outline, headline_at, calendar)
    yield from _addressed(document.url, calendar)
    yield from _printed(outline, headline_at, calendar)
    yield from _elsewhere(document, data, outline, calendar)


def _structured(document: Document, data: Json, calendar: Calendar) -> Iterator[Dated]:
    for key in ("datePublished", "dateCreated"):
        stamp = calendar.stamp(data.get(key))
        if stamp is not None:
            yield Dated(stamp, "json-ld", 0.98)
    for key in _META:
        for text in document.meta.get(key, ())[:1]:
            stamp = calendar.stamp(text)
            if stamp is not None:
                yield Dated(stamp, "open-graph" if ":" in key else "meta", 0.95)
    for other in document.json_ld:
        stamp = calendar.stamp(other.get("datePublished"))
        if stamp is not None:
            yield Dated(stamp, "json-ld", 0.85)


def _tagged(outline: Outline, headline_at: int, calendar: Calendar) -> Iterator[Dated]:
    """Yield the dates of time tags, those near the headline first."""
    near: list[tuple[int, Dated]] = []
    for node, hints, at in outline.times[:60]:
        attributes = node.attributes
        text = attributes.get("datetime") or attributes.get("content") or attributes.get("data-datetime")
        if not text or not (node.tag == "time" or hints & DATE):
            continue
        stamp = calendar.stamp(text)
        if stamp is not None and headline_at >= 0 and -_NEAR <= at - headline_at <= 2 * _NEAR:
            near.append((at - headline_at, Dated(stamp, "structure", 0.9)))
    near.sort(key=lambda each: (each[0] < 0, abs(each[0])))
    yield from (dated for _, dated in near)


def _addressed(url: str, calendar: Calendar) -> Iterator[Dated]:
    match = _IN_URL.search(url)
    if match is not None:
        year, month, day = (part for part in match.groups() if part is not None)
        stamp = calendar.stamp(f"{year}-{month}-{day}")
        if stamp is not None:
            yield Dated(stamp, "url", 0.85)


def _printed(outline: Outline, headline_at: int, calendar: Calendar) -> Iterator[Dated]:
    """Yield the dates printed around the headline: below it first, lines that say "updated" last."""
    if headline_at < 0:
        return
    below = range(headline_at, min(len(outline.lines), headline_at + _NEAR + 1))
    above = range(headline_at - 1, max(-1, headline_at - 5), -1)
    late: list[Dated] = []
    for index in (*below, *above):
        line = outline.lines[index]
        if not _may_hold_stamp(line) or index < headline_at and not outline.boxes[line.box].hints & DATE:
            continue
        for offset, stamp in _stamps(line.text, calendar):
            dated = Dated(stamp, "text", 0.75)
            if _MODIFIED.search(line.text[max(0, offset - 30) : offset]):
                late.append(dated)
            else:
                yield dated
    yield from late


def _may_hold_stamp(line: Line) -> bool:
    return len(line.text) <= 200 and any(map(str.isdigit, line.text))


def _stamps(text: str, calendar: Calendar) -> Iterator[tuple[int, Stamp]]:
    found = stamps_in(text, zone=calendar.zone, fetched=calendar.fetched, language=calendar.language)
    return ((offset, stamp) for offset, stamp in found if calendar.believed(stamp) and stamp.instant is not None)


def _elsewhere(document: Document, data: Json, outline: Outline, calendar: Calendar) -> Iterator[Dated]:
    """Yield what is left: time tags anywhere, then the day of the last change."""
    for node, _, _ in outline.times[:20]:
        stamp = calendar.stamp(node.attributes.get("datetime") or node.attributes.get("content"))
        if stamp is not None:
            yield Dated(stamp, "structure", 0.5)
    modified = modified_from(document, data, calendar)
    if modified is not None:
        yield replace(modified, sure=0.4)
