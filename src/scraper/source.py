"""What a site declares: data only. Reading it from a file is `config`'s work, following it `harvest`'s."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from scraper.records import ChangeIn, Record


@dataclass(frozen=True, slots=True)
class Feed(Record):
    """An RSS, Atom or JSON feed."""

    url: str


@dataclass(frozen=True, slots=True)
class Sitemap(Record):
    """A sitemap or an index of sitemaps, gzip or not; or a robots.txt that names some."""

    url: str


@dataclass(frozen=True, slots=True)
class Listing(Record):
    """A page of story links; `pages` is what page n appends to `url`, "/page/{n}/" or "?page={n}", or its own address.

    Without `pages` the page's own next link is followed. `links` is a CSS selector that only sharpens.
    """

    url: str
    pages: str | None = None
    links: str | None = None


@dataclass(frozen=True, slots=True)
class WordPress(Record):
    """WordPress' own list of posts, such as https://a.example/wp-json/wp/v2/posts?per_page=50.

    What the query asks for is up to it; id, link, date_gmt, title and excerpt are read.
    """

    url: str


Place = Feed | Sitemap | Listing | WordPress


@dataclass(frozen=True, slots=True)
class Layout(Record):
    """CSS selectors for the pages fetched up to and including the day `until` (None: for ever).

    Each only sharpens: a field whose selector finds nothing is read as if none were given. A field
    whose value is a function gets the page's tree and returns text, for what data cannot say.
    """

    headline: str | Callable[[object], str | None] | None = None
    published: str | Callable[[object], str | None] | None = None
    byline: str | Callable[[object], str | None] | None = None
    section: str | Callable[[object], str | None] | None = None
    body: str | None = None
    captions: str | None = None
    drop: str | None = None  # taken out of the body
    until: date | None = None
    experimental: bool = True  # never seen on a real page


@dataclass(frozen=True, slots=True)
class Edition(Record):
    """A language of the site: `pattern` is found in the addresses of its pages, `language` is BCP 47 (uz-Cyrl)."""

    pattern: str
    language: str


@dataclass(frozen=True, slots=True)
class Widget(Record):
    """A box of rates that is no marquee: its rates become quotes of the kind `name`, in the same tables.

    `pattern` finds one rate in the page's text, where each block element is a line: its group `rate`, and where they
    are printed `base` and `change`. Without a group `base` the rates are those of `bases`, in this order; a box that
    shows more or fewer is not read. A rate is so many `counter` for `unit` of the base, `change` in percent or counter.
    """

    pattern: str
    counter: str
    bases: tuple[str, ...] = ()
    unit: int = 1
    change_in: ChangeIn = "counter"
    name: str = "widget"


# what is kept of a page whose publisher marks it noarchive, or as not free: docs/reliability.md has the table
Rule = Literal["everything", "text", "notice"]

# where a fact was read: in a real page, in a public scraper, in a public feed list, or nowhere
Basis = Literal["page", "scraper", "list", "guess"]


@dataclass(frozen=True, slots=True)
class Source(Record):
    """A site to harvest. Everything but `key`, `home` and one way to discover is optional.

    `timezone` is an IANA name, `country` ISO 3166 alpha-2 (None: more than one), `language` BCP 47.
    `story` must match a story's whole address, `skip` must not be found in it (both regular
    expressions). `drop_query` names query keys that never tell two stories apart.
    `editions` name the languages of its parts, the first that fits counts; `language` is the rest's.
    `basis` says on what each of "story", "listing", "feed", "sitemap", "wordpress", "editions", "layouts" and "widgets"
    rests; only built-in sites have one.
    `live` is the day somebody last ran `sources test --live`; None is shown as "never".
    """

    key: str
    home: str
    discover: tuple[Place, ...]
    name: str = ""
    country: str | None = None
    language: str | None = None
    timezone: str = "UTC"
    story: str | None = None
    skip: str | None = None
    hosts: tuple[str, ...] = ()  # further hosts whose stories count as this source's
    drop_query: tuple[str, ...] = ()
    external_id: str | None = None  # a pattern; its groups, joined by a colon, are the publisher's own number
    shared_id: str | None = None  # the same for what the language editions of one story have in common
    editions: tuple[Edition, ...] = ()
    layouts: tuple[Layout, ...] = ()
    widgets: tuple[Widget, ...] = ()
    basis: Mapping[str, Basis] = field(default_factory=dict)
    limits: Mapping[str, float] = field(default_factory=dict)  # fields of Limits
    archive: Rule | None = None  # None: as the settings say
    live: date | None = None

    @property
    def experimental(self) -> bool:
        """Tell whether neither its story addresses nor a place that lists them was ever seen in a real page."""
        found = ("story", "listing", "feed", "sitemap", "wordpress")
        return bool(self.basis) and all(self.basis.get(fact) != "page" for fact in found)
