"""The records that travel down the line: frozen, slotted, picklable, no I/O.

Datetimes are aware and in UTC; None is the only "unknown"; sequences are tuples in page order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any, Literal

Headers = tuple[tuple[str, str], ...]


class Record:
    """What is handed to a worker or comes back from one: pickled as its fields in order, 1.7 times as fast."""

    __slots__ = ()

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        kind: type = type(self)
        return kind, _values_of(kind)(self)


@cache
def _values_of(kind: type) -> Callable[[Record], tuple[Any, ...]]:
    names: tuple[str, ...] = kind.__match_args__  # type: ignore[attr-defined]  # the fields of a dataclass, in order
    values = attrgetter(*names)
    return values if len(names) > 1 else lambda record: (values(record),)


@dataclass(frozen=True, slots=True)
class Exchange(Record):
    """One request and its answer, the bytes as they came over the wire.

    `wire` is de-chunked but still content-encoded. `truncated` is the WARC reason for a body cut at
    a limit ("length", "time", "disconnect"). `status` 0 means no answer came.
    """

    url: str
    fetched: datetime
    request_headers: Headers = ()
    status: int = 0
    reason: str = ""
    headers: Headers = ()
    wire: bytes = b""
    truncated: str | None = None


@dataclass(frozen=True, slots=True)
class Kept(Record):
    """The receipt for an exchange: what was answered, and where its bytes lie.

    `file` is relative to the WARC folder; None where nothing was written (a dry run, no answer).
    `digest` is the sha1 of the body as it came, de-chunked but still content-encoded, in base32, "sha1:" first (as
    WARC-Payload-Digest); after a 304 that of the body it confirms.
    """

    url: str
    fetched: datetime
    status: int
    wire_bytes: int
    digest: str | None = None
    file: str | None = None
    offset: int | None = None
    length: int | None = None


@dataclass(frozen=True, slots=True)
class Response(Record):
    """A usable answer: the page after its redirects, decoded from its transfer, not yet from its charset.

    `asked` is the URL requested, `url` the one that answered; `body` is without Content-Encoding.
    `kept` holds a receipt per exchange, failed tries and redirects first. A 304 has an empty body.
    """

    asked: str
    url: str
    status: int
    headers: Headers
    body: bytes
    fetched: datetime
    kept: tuple[Kept, ...] = ()

    def header(self, name: str) -> str | None:
        """Return the first header of this name, in any case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class Validators(Record):
    """What a conditional request sends back: the validators of the last 200."""

    etag: str | None = None
    last_modified: str | None = None


Precision = Literal["second", "minute", "day"]


@dataclass(frozen=True, slots=True)
class Stamp(Record):
    """A date as read off a page.

    `instant` is UTC; a day's is that day's local midnight. It is None where `fault` says why the date
    cannot be believed ("after the fetch", "before 1990", "no such day"). `day` is in the source's zone.
    `zone` says where the offset came from.
    """

    raw: str
    instant: datetime | None
    day: date | None
    precision: Precision = "day"
    zone: Literal["page", "source"] = "source"
    fault: str | None = None

    def isoformat(self) -> str:
        """Return the date in ISO 8601: the day alone, or the instant as the page's own clock showed it.

        Where the page names no offset, it is the smallest in which the instant falls on `day`.
        """
        if self.instant is None or self.day is None:
            return self.raw
        if self.precision == "day":
            return self.day.isoformat()
        try:
            printed = datetime.fromisoformat(self.raw)
        except ValueError:
            printed = self.instant
        if printed.tzinfo is not None and printed == self.instant and printed.date() == self.day:
            return printed.isoformat()
        away = (self.day - self.instant.date()).days
        hours = 24 - self.instant.hour if away > 0 else -self.instant.hour - 1 if away < 0 else 0
        return self.instant.astimezone(timezone(timedelta(hours=hours))).isoformat()


Role = Literal["cover", "inline", "gallery"]
ChangeIn = Literal["percent", "counter"]
BlockKind = Literal["paragraph", "heading", "list", "quotation", "table", "code"]


@dataclass(frozen=True, slots=True)
class Image(Record):
    """An image of an article, or the caption of one that was never rendered (`url` None)."""

    position: int
    url: str | None
    alt: str | None = None
    caption: str | None = None
    credit: str | None = None
    role: Role = "inline"
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Block(Record):
    """A kind over `body[start:end]`; `level` is a heading's 1-6. Plain paragraphs have no block."""

    kind: BlockKind
    start: int
    end: int
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Origin(Record):
    """Where a field came from, and how sure it is, 0-1.

    `source` is one of json-ld, open-graph, meta, url, selector, structure, text, listing.
    """

    field: str
    source: str
    sure: float


@dataclass(frozen=True, slots=True)
class Article(Record):
    """A story as its page gave it."""

    url: str  # the address that answered, normalised
    headline: str
    body: str  # all running text, standfirst included; a blank line between paragraphs
    canonical: str | None = None
    external_id: str | None = None  # the publisher's own number, where the page or the address shows one
    lead: str | None = None  # repeats the start of the body
    authors: tuple[str, ...] = ()
    byline: str | None = None  # as printed
    section: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None  # BCP 47
    alternates: tuple[tuple[str, str], ...] = ()  # language and address of the same story elsewhere, as claimed
    shared_id: str | None = None  # the number that all language editions of the story share
    published: Stamp | None = None
    modified: Stamp | None = None
    images: tuple[Image, ...] = ()
    blocks: tuple[Block, ...] = ()
    truncated: bool = False
    paywalled: bool = False
    noarchive: bool = False  # its publisher asks that no copy be kept
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True)
class Quote(Record):
    """One rate; text as printed, `rate` units of `counter` for `unit` of `base`, `change` in what `change_in` says.

    `kind` is "ticker" for the marquee's own form, else the name of the widget its source declares.
    """

    base: str
    counter: str
    rate: Decimal
    rate_text: str
    change: Decimal | None = None
    change_text: str | None = None
    kind: str = "ticker"
    unit: int = 1
    change_in: ChangeIn = "percent"

    @property
    def label(self) -> str:
        """Return the pair as printed, such as KGS/USD; of a widget with unit and kind: KZT/USD per 100 widget."""
        unit = "" if self.unit == 1 else f" per {self.unit}"
        return f"{self.base}/{self.counter}{unit}{'' if self.kind == 'ticker' else f' {self.kind}'}"


@dataclass(frozen=True, slots=True)
class Rejected(Record):
    """A ticker entry that cannot be a rate, and why."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Conflict(Record):
    """Two different rates for one label on one page: the one taken, and each with its count of cells."""

    label: str
    taken: Quote
    seen: tuple[tuple[Quote, int], ...]


@dataclass(frozen=True, slots=True)
class Ticker(Record):
    """The rates of one page: one quote per label, in page order."""

    quotes: tuple[Quote, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    cells: int = 0  # entries read, repeats included


@dataclass(frozen=True, slots=True)
class Page(Record):
    """What one story page holds: an article, or the reason there is none, and the ticker either way."""

    url: str
    fetched: datetime
    article: Article | None
    missing: str | None = None  # "soft 404", "listing", "empty shell", "bot challenge", "no headline", ...
    ticker: Ticker = field(default_factory=Ticker)


@dataclass(frozen=True, slots=True)
class Teaser(Record):
    """A story as a listing, feed or sitemap shows it; `excerpt` is never stored as a body."""

    url: str
    headline: str | None = None
    stamp: Stamp | None = None
    excerpt: str | None = None
    truncated: bool = True  # False only where the excerpt is known to be the whole text
    external_id: str | None = None
    updated: bool = False  # the stamp says when the story last changed, not when it came out
    changed: datetime | None = None  # when it last changed by the site's own word, UTC


@dataclass(frozen=True, slots=True)
class Index(Record):
    """What one listing, feed or sitemap holds: story links in page order, and where it goes on."""

    url: str
    fetched: datetime
    teasers: tuple[Teaser, ...] = ()
    following: tuple[str, ...] = ()  # the next page, or the sitemaps of an index
    changed: tuple[date | None, ...] = ()  # of the sitemaps of an index: when each last changed, where it says so
    ticker: Ticker = field(default_factory=Ticker)
    fault: str | None = None  # "html where a feed should be", "cut in mid-item", ...
    total: int | None = None  # stories the place says it has over all its pages, where that can be trusted
