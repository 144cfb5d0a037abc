"""A small news site on loopback: a listing, stories, a ticker, validators; and harvests of it at a played time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from scraper.cli.context import Context
from scraper.cli.rooms import Terms, harvested
from scraper.config import Settings
from scraper.errand import Plan
from scraper.limits import Limits
from scraper.reports import RunReport, SourceReport
from scraper.source import Listing, Source
from scraper.store import Store
from servers import Answer, Site, Talk, answer

MONDAY = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
QUICK = Limits(  # with time enough for a machine that stands still for seconds
    gap_s=0.0, connect_s=60.0, read_s=60.0, url_s=120.0, retry_wait_s=0.01, retry_after_s=2.0, crawl_delay_s=0.5,
    parse_s=60.0,
)  # fmt: skip
MARQUEE = "KGS/USD = 0.01150 0% KZT/USD = 0.00190 0.21%"
FILLER = (
    "The river rose during the night and the lower streets were closed until noon, the district office said. "
    "Crews worked with pumps and sandbags while neighbours carried furniture upstairs and waited for the water to fall."
)


def story_page(headline: str, text: str, *, day: str = "2026-03-01T09:30:00+06:00", marquee: str = MARQUEE) -> bytes:
    """Return a story's page: metadata, the marquee eight times, headline, stamp, two paragraphs."""
    cells = "".join(f"<li>{cell}</li>" for cell in _cells(marquee) * 8)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{headline}</title></head><body>'
        f"<header><ul>{cells}</ul></header><main><h1>{headline}</h1><time datetime=\"{day}\">{day[:10]}</time>"
        f"<div><p>{text}</p><p>{FILLER}</p></div></main></body></html>"
    ).encode()


def listing_page(stories: Iterable[tuple[str, str]], *, marquee: str = MARQUEE) -> bytes:
    """Return a listing page of (path, headline)."""
    cells = "".join(f"<li>{cell}</li>" for cell in _cells(marquee) * 8)
    items = "".join(f'<article><h2><a href="{path}">{headline}</a></h2></article>' for path, headline in stories)
    return f"<!doctype html><html><body><header><ul>{cells}</ul></header><main>{items}</main></body></html>".encode()


def _cells(marquee: str) -> list[str]:
    words = marquee.split()
    return [" ".join(words[at : at + 4]) for at in range(0, len(words), 4)]


def validated(body: bytes) -> Answer:
    """Return an answer with an ETag, and 304 to whoever has it."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:12]}"'

    def reply(talk: Talk) -> None:
        if talk.request.headers.get("if-none-match") == tag:
            talk.send(answer(b"", "304 Not Modified", ETag=tag))
        else:
            talk.send(answer(body, ETag=tag))

    return reply


@dataclass(eq=False)
class Newsroom:
    """A site, its archive in `folder`, and the time of the next harvest."""

    folder: Path
    stories: dict[str, tuple[str, str]] = field(default_factory=dict)  # path -> headline, text
    now: datetime = MONDAY
    marquee: str = MARQUEE
    site: Site = field(default_factory=Site)

    def __enter__(self) -> Self:
        self.site.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.site.__exit__(kind, error, traceback)

    @property
    def db(self) -> Path:
        """Return the archive."""
        return self.folder / "news.db"

    @property
    def source(self) -> Source:
        """Return what the site declares."""
        home = self.site.url("/")
        return Source(
            key="newsroom", home=home, discover=(Listing(self.site.url("/latest")),), timezone="Asia/Bishkek",
            story=rf"{home}story-[a-z0-9-]+",
        )  # fmt: skip

    def publish(self, *names: str) -> None:
        """Add stories named so to the site, newest first, and put everything on line."""
        for name in names:
            headline = f"{name.capitalize()} closes the lower streets of the town"
            self.stories = {f"/story-{name}": (headline, f"Word of the {name} spread early on."), **self.stories}
        self.put_on_line()

    def put_on_line(self) -> None:
        """Serve the listing and the stories as they stand now."""
        listed = [(path, headline) for path, (headline, _) in self.stories.items()]
        self.site.answers["/latest"] = validated(listing_page(listed, marquee=self.marquee))
        for path, (headline, text) in self.stories.items():
            self.site.answers[path] = validated(story_page(headline, text, marquee=self.marquee))

    def settings(self, limits: Limits = QUICK) -> Context:
        """Return the context of a command on this archive."""
        return Context(Settings(db=self.db, limits=limits), self.folder, 0, debug=False)

    def harvest(
        self, plan: Plan | None = None, *, limits: Limits = QUICK, after: timedelta = timedelta(0)
    ) -> RunReport:
        """Harvest once, `after` the last time; the clock stands still meanwhile."""
        self.now += after
        terms = Terms(private=("127.0.0.1",), clock=lambda: self.now)
        report, _ = harvested(self.settings(limits), [self.source], plan or Plan(), terms)
        return report

    def harvest_of(self, sources: Sequence[Source], now: datetime, plan: Plan | None = None) -> RunReport:
        """Harvest other sites into this archive, at a time of theirs."""
        terms = Terms(private=("127.0.0.1",), clock=lambda: now)
        return harvested(self.settings(), sources, plan or Plan(), terms)[0]

    def brought(self, plan: Plan | None = None, *, after: timedelta = timedelta(0)) -> SourceReport:
        """Harvest once and return the site's own report."""
        return self.harvest(plan, after=after).sources[0]

    def rows(self, sql: str) -> list[dict[str, object]]:
        """Return rows of the archive."""
        with Store.reading(self.db) as store:
            return [dict(row) for row in store.rows(sql)]
