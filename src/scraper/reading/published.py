"""When a story was published and changed: every date the page gives, and the choice among them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from scraper.dates import TORN
from scraper.document import Document
from scraper.reading.outline import Mark, Outline
from scraper.reading.printed import BEHIND, around, further, printed, tagged, told
from scraper.reading.stamped import Calendar, Dated, Place
from scraper.reading.titled import titled_dates, titled_from
from scraper.scriptdata import Json

_META = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "article.published",
    "parsely-pub-date", "sailthru.date", "pubdate", "publishdate", "publish-date", "publish_date", "published_date",
    "publication_date", "published_time", "article_date_original", "originalpublicationdate", "date.issued",
    "dcterms.issued", "dc.date.issued", "dcterms.created", "dc.date.created", "dc.created",
    "citation_publication_date", "citation_date", "citation_online_date", "cxenseparse:recs:publishtime",
    "shareaholic:article_published_time", "article.created", "date_published", "datecreated",
)  # fmt: skip
_META_VAGUE = ("date", "dc.date", "dcterms.date", "created", "release_date")  # of story or page
_META_MODIFIED = (
    "article:modified_time", "og:updated_time", "datemodified", "last-modified", "dcterms.modified", "dc.date.modified",
    "lastmod", "article.updated", "revision_date", "cxenseparse:modified", "modified_time", "lastmodified",
)  # fmt: skip
_IN_URL = re.compile(
    r"[/_-]((?:19|20)\d{2})(?:([/-])(1[0-2]|0?[1-9])\2(3[01]|[12]\d|0?[1-9])|(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01]))(?!\d)"
)
_IN_URL_DAY_FIRST = re.compile(r"[/_~-](3[01]|[12]\d|0[1-9])([.-])(1[0-2]|0[1-9])\2((?:19|20)\d{2})(?!\d)")
_IN_STATE = re.compile(
    r"[\"'](?:date_?published|publish(?:ed|ing)?_?(?:date|at|on|time)|pub_?date|first_?published|(?:date_?)?created(?:_?(?:at|date|time))?)"
    r"\\?[\"']\s?:\s?\\?[\"'](\d{4}-\d{2}-\d{2}[^\"'\\]{0,25})",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s?([+-])(\d{2}):?00$")
_IN_UTC = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}):\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]00:?00)$")
_DECLARED = frozenset({"json-ld", "open-graph", "meta", "structure"})


def zone_from(document: Document, data: Json) -> str:
    """Return the fixed zone the page's own stamps are in, UTC where they do not say.

    Where every stamp is in UTC but the address names the day before or after, the zone is one in which it is right.
    """
    metas = (text for key in (*_META, *_META_VAGUE, *_META_MODIFIED) for text in document.meta.get(key, ())[:1])
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
    document: Document, data: Json, outline: Outline, place: Place, calendar: Calendar
) -> Dated | None:
    """Return when the story was published: script data, meta, time tags, the address, then text near the headline.

    A date that cannot be believed is kept as such where the page declares no other.
    """
    found = _choice(_candidates(document, data, outline, place, calendar))
    if found is None or (found.stamp.instant is None and found.stamp.fault != TORN):
        return _choice(_last_resorts(document, data, outline, place, calendar)) or found
    return found


def _choice(candidates: Iterator[Dated]) -> Dated | None:
    """Return the first date that can be believed, to the minute if a later one of the same day has it."""
    found = doubted = None
    for dated in candidates:
        if dated.stamp.instant is None:
            declared = dated.source in _DECLARED or dated.stamp.fault == TORN
            doubted = doubted or (dated if declared else None)
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
    document: Document, data: Json, outline: Outline, place: Place, calendar: Calendar
) -> Iterator[Dated]:
    """Yield what the page declares, then what it shows at its headline; a stamp alone on its line before vague meta."""
    headline_at = place.headline_at
    yield from _structured(document, data, calendar)
    yield from _addressed(document.url, calendar)
    tags = list(tagged(outline, place, calendar))
    yield from (dated for dated in tags if dated.sure > BEHIND)
    shown = printed(outline, place, calendar)
    yield from (dated for dated, alone in shown if alone)
    yield from _named(document, _META_VAGUE, 0.8, calendar)
    yield from (dated for dated, alone in shown if not alone)
    yield from (dated for dated in tags if dated.sure <= BEHIND)
    if headline_at < 0:
        yield from around(outline, place, calendar)


def _structured(document: Document, data: Json, calendar: Calendar) -> Iterator[Dated]:
    for key in ("datePublished", "dateCreated"):
        stamp = calendar.stamp(data.get(key))
        if stamp is not None:
            yield Dated(stamp, "json-ld", 0.98)
    yield from _named(document, _META, 0.95, calendar)
    for other in document.json_ld:
        stamp = calendar.stamp(other.get("datePublished"))
        if stamp is not None:
            yield Dated(stamp, "json-ld", 0.85)


def _named(document: Document, keys: tuple[str, ...], sure: float, calendar: Calendar) -> Iterator[Dated]:
    for key in keys:
        for text in document.meta.get(key, ())[:1]:
            stamp = calendar.stamp(text)
            if stamp is not None:
                yield Dated(stamp, "open-graph" if ":" in key else "meta", sure)


def _addressed(url: str, calendar: Calendar) -> Iterator[Dated]:
    day = _day_in(url)
    stamp = calendar.stamp("{}-{:02}-{:02}".format(*day)) if day else None
    if stamp is not None:
        yield Dated(stamp, "url", 0.85)


def _day_in(url: str) -> tuple[int, int, int] | None:
    match = _IN_URL.search(url)
    if match is not None:
        return _day_of(match)
    match = _IN_URL_DAY_FIRST.search(url)
    return (int(match[4]), int(match[3]), int(match[1])) if match else None


def _last_resorts(
    document: Document, data: Json, outline: Outline, place: Place, calendar: Calendar
) -> Iterator[Dated]:
    """Yield what is left of a page that shows no date at its headline, the last change before mere text."""
    for node in document.tree.css("[itemprop=datePublished]")[:5]:
        yield from _marked(Mark(node, 0, 0, 0), calendar)
    for mark in outline.times[:40]:
        if mark.at >= place.headline_at:
            yield from (dated for dated in _marked(mark, calendar) if not calendar.is_today(dated.stamp))
    modified = modified_from(document, data, calendar)
    if modified is not None:
        yield replace(modified, sure=0.4)
    for node in document.tree.css("[itemprop=dateModified]")[:1]:
        yield from (replace(dated, sure=0.4) for dated in _marked(Mark(node, 0, 0, 0), calendar))
    for text in titled_dates(titled_from(document, place.headline)) if place.headline else ():
        stamp = calendar.stamp(text)
        if stamp is not None:
            yield Dated(stamp, "script", 0.6)
    yield from further(outline, place.headline_at, calendar)
    yield from around(outline, place, calendar)
    for script in document.scripts:
        for match in _IN_STATE.finditer(script.text()):
            stamp = calendar.stamp(match[1])
            if stamp is not None:
                yield Dated(stamp, "script", 0.3)


def _marked(mark: Mark, calendar: Calendar) -> Iterator[Dated]:
    stamp = calendar.stamp(told(mark) or mark.node.text()[:100])
    if stamp is not None:
        yield Dated(stamp, "structure", 0.5)
