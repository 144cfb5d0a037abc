"""When a story was published and changed: every date the page gives, and the choice among them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from scraper.dates import stamp_from, stamps_in
from scraper.document import Document
from scraper.reading.blocks import Line, Mark, Outline
from scraper.records import Stamp
from scraper.scriptdata import Json

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
    r"[/_-]((?:19|20)\d{2})(?:([/-])(1[0-2]|0?[1-9])\2(3[01]|[12]\d|0?[1-9])|(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01]))(?!\d)"
)
_OFFSET = re.compile(r"[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s?([+-])(\d{2}):?00$")
_IN_UTC = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}):\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]00:?00)$")
_MODIFIED = re.compile(
    r"updat|modif|edited|aktualis|geändert|actuali[sz]|mis à jour|bijgewerkt|oppdatert|uppdater|opdater|обновл|aggiorn"
    r"|atualiz|päivitet|güncel|zaktualiz|更新|수정|تحديث|yangilan",
    re.IGNORECASE,
)
_DECLARED = frozenset({"json-ld", "open-graph", "meta", "structure"})
_FURTHER = 60  # lines below the headline in which a line that is only a stamp may be the story's
_STAMP_LINE = 60
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
        told = (f"{year}", f"{year + 543}")  # the latter in Thai
        return any(number in stamp.raw for number in told) or stamp.raw.rstrip().endswith(f"{year % 100:02d}")


def _from_epoch(value: str | int) -> str:
    text = str(value).strip()
    if text.isdigit() and len(text) in (10, 13) and text[0] == "1":
        return datetime.fromtimestamp(int(text[:10]), UTC).isoformat()
    return text


def zone_from(document: Document, data: Json) -> str:
    """Return the fixed zone the page's own stamps are in, UTC where they do not say.

    Where every stamp is in UTC but the address names the day before or after, the zone is one in which it is right.
    """
    metas = (text for key in (*_META, *_META_MODIFIED) for text in document.meta.get(key, ())[:1])
    told = (data.get("datePublished"), data.get("dateModified"), *metas)
    texts = [text for text in told if isinstance(text, str)]
    for text in texts:
        match = _OFFSET.search(text)
        if match is not None and 0 < int(match[2]) <= 12:
            return f"Etc/GMT{'-' if match[1] == '+' else '+'}{int(match[2])}"
    return _zone_of_address(texts, document.url)


def _zone_of_address(texts: list[str], url: str) -> str:
    named = _IN_URL.search(url)
    stamped = next((match for text in texts if (match := _IN_UTC.match(text))), None)
    if named is None or stamped is None:
        return "UTC"
    year, month, day = _day_of(named)
    try:
        late = (datetime(year, month, day, tzinfo=UTC) - datetime.fromisoformat(stamped[1]).replace(tzinfo=UTC)).days
    except ValueError:
        return "UTC"
    hour = int(stamped[2])
    if late == -1 and hour < 12:
        return f"Etc/GMT+{hour + 1}"
    return f"Etc/GMT-{24 - hour}" if late == 1 and hour >= 12 else "UTC"


def _day_of(match: re.Match[str]) -> tuple[int, int, int]:
    return int(match[1]), int(match[3] or match[5]), int(match[4] or match[6])


def published_from(
    document: Document, data: Json, outline: Outline, headline_at: int, calendar: Calendar
) -> Dated | None:
    """Return when the story was published: script data, meta, time tags, the address, then text near the headline.

    A date that cannot be believed is kept as such where the page declares no other.
    """
    found = doubted = None
    for dated in _candidates(document, data, outline, headline_at, calendar):
        if dated.stamp.instant is None:
            doubted = doubted or (dated if dated.source in _DECLARED else None)
            continue
        if found is None:
            found = dated
        elif found.stamp.precision == "day" and dated.stamp.precision != "day" and dated.stamp.day == found.stamp.day:
            found = replace(dated, sure=found.sure)
        if found.stamp.precision != "day":
            return found
    return found or doubted


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
    yield from _addressed(document.url, calendar)
    yield from _tagged(outline, headline_at, calendar)
    yield from _printed(outline, headline_at, calendar)
    yield from _elsewhere(document, data, outline, headline_at, calendar)


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
    """Yield the dates of time tags, those close below the headline first; a clock above it is not the story's."""
    near: list[tuple[bool, int, Dated]] = []
    for mark in outline.times[:60] if headline_at >= 0 else ():
        away = mark.at - headline_at
        if not -_NEAR <= away <= 2 * _NEAR or (away <= 0 and not _beside(outline, mark.box, headline_at)):
            continue
        stamp = calendar.stamp(_told(mark))
        if stamp is not None:
            near.append((bool(_MODIFIED.search(_words(mark))), abs(away), Dated(stamp, "structure", 0.9)))
    near.sort(key=lambda each: each[:2])
    yield from (dated for _, _, dated in near)


def _told(mark: Mark) -> str | None:
    attributes = mark.node.attributes
    for name in ("datetime", "content", "data-datetime", "data-date"):
        if attributes.get(name):
            return attributes[name]
    title = attributes.get("title")
    if title and any(map(str.isdigit, title)):
        return title
    return mark.node.text()[:100] if mark.node.tag == "time" else None


def _words(mark: Mark) -> str:
    attributes = mark.node.attributes
    return f"{attributes.get('class') or ''} {attributes.get('itemprop') or ''}"


def _beside(outline: Outline, box: int, headline_at: int) -> bool:
    """Tell whether the box is the headline's neighbour: at most three boxes up they meet, below the page's own."""
    above, at = set[int](), outline.lines[headline_at].box
    for _ in range(4):
        above.add(at)
        at = outline.boxes[at].parent if at > 0 else 0
    for _ in range(3):
        if box in above and box > 0 and outline.boxes[box].tag != "main":
            return True
        box = outline.boxes[box].parent if box > 0 else 0
    return False


def _addressed(url: str, calendar: Calendar) -> Iterator[Dated]:
    match = _IN_URL.search(url)
    if match is not None:
        year, month, day = _day_of(match)
        stamp = calendar.stamp(f"{year}-{month:02}-{day:02}")
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
        if not _may_hold_stamp(line) or (index < headline_at and not _beside(outline, line.box, headline_at)):
            continue
        for offset, stamp in _stamps(line.text, calendar):
            dated = Dated(stamp, "text", 0.75 if index >= headline_at else 0.65)
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


def _elsewhere(
    document: Document, data: Json, outline: Outline, headline_at: int, calendar: Calendar
) -> Iterator[Dated]:
    """Yield what is left: time tags below the headline, the day of the last change, a stamp on a line of its own."""
    for mark in outline.times[:40]:
        if mark.at >= headline_at:
            stamp = calendar.stamp(_told(mark))
            if stamp is not None:
                yield Dated(stamp, "structure", 0.5)
    modified = modified_from(document, data, calendar)
    if modified is not None:
        yield replace(modified, sure=0.4)
    for line in outline.lines[max(headline_at, 0) : max(headline_at, 0) + _FURTHER]:
        if len(line.text) <= _STAMP_LINE and _may_hold_stamp(line):
            for _, stamp in _stamps(line.text, calendar):
                yield Dated(stamp, "text", 0.3)
