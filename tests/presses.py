"""A made news site of any size on loopback: the same stories by feed, sitemap, listing and WordPress' REST."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

from newsroom import story_page
from scraper.cli.context import Context
from scraper.cli.rooms import Terms, backfilled, harvested
from scraper.config import Settings
from scraper.errand import Plan
from scraper.limits import Limits
from scraper.reports import Headway, RunReport
from scraper.source import Feed, Listing, Place, Sitemap, Source, WordPress
from scraper.spans import Span
from scraper.store import Store
from servers import Answer, Site, answer

NOW = datetime(2026, 1, 10, 6, 0, tzinfo=UTC)
ON_A_PAGE = 10
KINDS = ("feed", "sitemap", "listing", "wordpress")
AMPLE = Limits(
    gap_s=0.0, connect_s=60.0, read_s=60.0, url_s=120.0, retry_wait_s=0.01, parse_s=60.0, pages=1000, sitemaps=1000,
    stories=100_000,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Printed:
    """A story of the site."""

    number: int
    published: datetime  # UTC

    @property
    def path(self) -> str:
        """Return its address on the site."""
        return f"/story-{self.number:05}"

    @property
    def headline(self) -> str:
        """Return its headline."""
        return f"Bridge number {10_000 + self.number} opens to traffic after a long winter"

    def page(self) -> bytes:
        """Return its page."""
        text = f"Bridge {10_000 + self.number} was opened on {self.published:%d %B %Y} by its own builders."
        return story_page(self.headline, text, day=self.published.isoformat())


@dataclass(eq=False)
class Press:
    """A site of `count` stories, evenly over the `months` before 2026, and its archive in `folder`."""

    folder: Path
    count: int = 60
    months: int = 6
    dated: bool = True  # its listing shows days
    edited: dict[int, datetime] = field(default_factory=dict)  # when stories were changed, by number
    heeds_edits: bool = True  # WordPress before 5.7 does not
    limits: Limits = AMPLE
    site: Site = field(default_factory=Site)

    def __enter__(self) -> Self:
        self.site.otherwise = self.answer
        self.site.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.site.__exit__(kind, error, traceback)

    @cached_property
    def stories(self) -> tuple[Printed, ...]:
        """Return the stories, newest first."""
        return tuple(Printed(number, self._published(number)) for number in reversed(range(self.count)))

    def _published(self, number: int) -> datetime:
        months, rest = divmod(number * self.months, self.count)
        years, month = divmod(12 - self.months + months, 12)
        first = datetime(2025 + years, month + 1, 1, 0, 1, tzinfo=UTC)
        return (first + timedelta(days=28) * (rest / self.count)).replace(microsecond=0)

    @property
    def span(self) -> Span:
        """Return the days of all stories, to the ends of their months."""
        return Span(self.stories[-1].published.date(), self.stories[0].published.date()).whole()

    @property
    def db(self) -> Path:
        """Return the archive."""
        return self.folder / "news.db"

    def place(self, kind: str) -> Place:
        """Return one way into the site."""
        places: dict[str, Place] = {
            "feed": Feed(self.site.url("/feed")),
            "sitemap": Sitemap(self.site.url("/sitemap.xml")),
            "listing": Listing(self.site.url("/latest"), pages="?page={n}"),
            "wordpress": WordPress(self.site.url("/wp-json/wp/v2/posts?per_page=25")),
        }
        return places[kind]

    def source(self, *kinds: str) -> Source:
        """Return what the site declares, by these ways alone."""
        return Source(
            key="press", home=self.site.url("/"), discover=tuple(map(self.place, kinds or KINDS)),
            story=rf"{self.site.url('/')}story-\d+", external_id=r"story-(\d+)",
        )  # fmt: skip

    def answer(self, path: str) -> Answer | None:
        """Return what stands at a path."""
        parts = urlsplit(path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        if parts.path.startswith("/story-"):
            story = self.stories[self.count - 1 - int(parts.path[7:])]
            changed = self.edited.get(story.number)
            return answer(story.page().replace(b"own builders", f"rivals, it says at {changed}".encode())
                          if changed else story.page())  # fmt: skip
        if parts.path.startswith("/map-"):
            return self._month_map(parts.path[5:12])
        pages = {"/feed": self._feed, "/sitemap.xml": self._index, "/latest": self._listing,
                 "/wp-json/wp/v2/posts": self._posts}
        return pages[parts.path](query) if parts.path in pages else None

    def _page(self, query: dict[str, str], size: int = ON_A_PAGE) -> tuple[int, Sequence[Printed]]:
        page = int(query.get("page", "1"))
        return page, self.stories[(page - 1) * size : page * size]

    def _feed(self, query: dict[str, str]) -> bytes:
        page, shown = self._page(query)
        items = "".join(
            f"<item><title>{each.headline}</title><link>{self.site.url(each.path)}</link>"
            f"<pubDate>{each.published:%a, %d %b %Y %H:%M:%S} +0000</pubDate></item>"
            for each in shown
        )
        further = f'<atom:link rel="next" href="{self.site.url(f"/feed?page={page + 1}")}"/>' if shown else ""
        body = f'<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>{further}{items}</channel></rss>'
        return answer(body.encode(), Content_Type="application/rss+xml")

    def _months(self) -> Iterator[tuple[str, Sequence[Printed]]]:
        for month, stories in groupby(self.stories, lambda each: f"{each.published:%Y-%m}"):
            yield month, tuple(stories)

    def _index(self, _query: dict[str, str]) -> bytes:
        maps = "".join(f"<sitemap><loc>{self.site.url(f'/map-{month}.xml.gz')}</loc></sitemap>"
                       for month, _ in self._months())
        return answer(f"<sitemapindex>{maps}</sitemapindex>".encode(), Content_Type="application/xml")

    def _month_map(self, month: str) -> bytes:
        stories = dict(self._months())[month]
        urls = "".join(f"<url><loc>{self.site.url(each.path)}</loc></url>" for each in stories)
        return answer(gzip.compress(f"<urlset>{urls}</urlset>".encode()), Content_Type="application/gzip")

    def _listing(self, query: dict[str, str]) -> bytes:
        _, shown = self._page(query)
        items = "".join(
            f'<article><h2><a href="{each.path}">{each.headline}</a></h2>'
            + (f'<time datetime="{each.published.isoformat()}">{each.published:%d %B %Y}</time>' if self.dated else "")
            + "</article>"
            for each in shown
        )
        return answer(f"<!doctype html><html><body><main>{items}</main></body></html>".encode())

    def _posts(self, query: dict[str, str]) -> bytes:
        after = datetime.fromisoformat(query.get("after", "1990-01-01T00:00:00")).replace(tzinfo=UTC)
        before = datetime.fromisoformat(query.get("before", "2100-01-01T00:00:00")).replace(tzinfo=UTC)
        changed = {each.number: self.edited.get(each.number, each.published) for each in self.stories}
        since = query.get("modified_after", "1990-01-01T00:00:00") if self.heeds_edits else "1990-01-01T00:00:00"
        found = [each for each in self.stories if after < each.published < before
                 and changed[each.number] > datetime.fromisoformat(since).replace(tzinfo=UTC)]  # fmt: skip
        size, page = int(query.get("per_page", "10")), int(query.get("page", "1"))
        posts = [
            {"id": each.number, "link": self.site.url(each.path), "title": {"rendered": each.headline},
             "date_gmt": each.published.replace(tzinfo=None).isoformat(),
             "modified_gmt": changed[each.number].replace(tzinfo=None).isoformat()}
            for each in found[(page - 1) * size : page * size]
        ]  # fmt: skip
        return answer(
            json.dumps(posts).encode(), Content_Type="application/json",
            X_WP_Total=str(len(found)), X_WP_TotalPages=str(-(-len(found) // size)),
        )

    def _context(self) -> Context:
        return Context(Settings(db=self.db, limits=self.limits), self.folder, 0, debug=False)

    def harvest(self, *kinds: str, plan: Plan | None = None, now: datetime = NOW) -> RunReport:
        """Harvest the site by these ways."""
        terms = Terms(private=("127.0.0.1",), clock=lambda: now)
        return harvested(self._context(), [self.source(*kinds)], plan or Plan(), terms)[0]

    def backfill(
        self, *kinds: str, span: Span | None = None, limit: int | None = None, now: datetime = NOW
    ) -> tuple[RunReport, Headway]:
        """Bring in the site's past by these ways."""
        terms = Terms(private=("127.0.0.1",), clock=lambda: now)
        report, headway, _ = backfilled(
            self._context(), self.source(*kinds), span or self.span, Plan(limit=limit), terms, lambda _headway: None
        )
        return report, headway

    def rows(self, sql: str) -> list[dict[str, object]]:
        """Return rows of the archive."""
        with Store.reading(self.db) as store:
            return [dict(row) for row in store.rows(sql)]

    def change(self, sql: str) -> None:
        """Change rows of the archive."""
        with Store.open(self.db) as store:
            store._db.execute(sql)

    def stored(self) -> list[str]:
        """Return the path of every article, sorted; one stored twice would stand twice."""
        return sorted(urlsplit(str(row["url"])).path for row in self.rows("SELECT url FROM articles"))

    @property
    def paths(self) -> list[str]:
        """Return the path of every story on the site, sorted."""
        return sorted(each.path for each in self.stories)

    def listings_asked(self) -> list[str]:
        """Return the requests that were not for a story."""
        return [path for path in self.site.paths if not path.startswith("/story-")]


