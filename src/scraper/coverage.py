"""What the pages of one run showed, counted: which fields the stories had, which rates, which listings were empty."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median

from scraper.records import Article, Index, Page, Ticker
from scraper.reports import Coverage, Part
from scraper.source import Listing, Place

ARTICLE, BODY, FUTURE, TICKER = "article", "body", "future", "ticker"
LABEL = "ticker "  # before a label such as KGS/USD
AFTER_FETCH = "after the fetch"  # Stamp.fault
WITHDRAWN = frozenset({"soft 404"})  # a known story's page that says so tells nothing of its site


@dataclass(eq=False, slots=True)
class Tally:
    """The pages of one source in one run, counted as they come."""

    pages: Counter[tuple[Part, str]] = field(default_factory=Counter)
    filled: Counter[tuple[Part, str]] = field(default_factory=Counter)
    lengths: defaultdict[Part, list[int]] = field(default_factory=lambda: defaultdict(list))
    entries: Counter[str] = field(default_factory=Counter)  # stories by entry point
    cut: set[str] = field(default_factory=set)  # entry points with a page that did not come

    def read(self, page: Page, part: Part) -> None:
        """Count a story's page as it stood, before anything was lent to it by its listing."""
        if part == "recheck" and page.missing in WITHDRAWN:
            return
        self._count(part, {ARTICLE: page.article is not None})
        if page.article is not None or page.ticker.quotes:  # an empty shell has lost more than its rates
            self._rates(page.ticker, part)
        if page.article is not None:
            self._count(part, _fields(page.article))
            self.lengths[part].append(len(page.article.body))

    def unread(self, part: Part) -> None:
        """Count a story's page that could not be read at all."""
        self._count(part, {ARTICLE: False})

    def listed(self, index: Index, place: Place) -> None:
        """Count a page of an entry point; a feed or a sitemap has no room for rates."""
        self.entries[place.url] += len(index.teasers)
        if isinstance(place, Listing):
            self._rates(index.ticker, "listing")

    def missed(self, place: Place, *, gone: bool) -> None:
        """Note a page of an entry point that did not come; `gone` means that it shows no story."""
        if gone:
            self.entries[place.url] += 0
        else:
            self.cut.add(place.url)

    def coverage(self) -> tuple[Coverage, ...]:
        """Return the counts, a row per field; a label's are out of all pages that could show it."""
        entries = (Coverage("entry", url, 1, int(shown > 0), shown)
                   for url, shown in sorted(self.entries.items()) if shown or url not in self.cut)
        keys = sorted(self.pages.keys() | self.filled.keys())
        return (*entries, *(self._row(part, name) for part, name in keys))

    def _row(self, part: Part, name: str) -> Coverage:
        pages = self.pages[part, TICKER if name.startswith(LABEL) else name]
        lengths = self.lengths[part] if name == BODY else []
        return Coverage(part, name, pages, self.filled[part, name], round(median(lengths)) if lengths else None)

    def _rates(self, ticker: Ticker, part: Part) -> None:
        self._count(part, {TICKER: bool(ticker.quotes)})
        self.filled.update((part, f"{LABEL}{quote.label}") for quote in ticker.quotes)

    def _count(self, part: Part, shown: dict[str, bool]) -> None:
        for name, there in shown.items():  # half of what Counter.update takes for a handful
            self.pages[part, name] += 1
            if there:
                self.filled[part, name] += 1


def _fields(article: Article) -> dict[str, bool]:
    published = article.published
    return {
        BODY: bool(article.body), "lead": article.lead is not None, "published": published is not None,
        FUTURE: published is not None and published.fault == AFTER_FETCH, "authors": bool(article.authors),
        "section": article.section is not None, "image": bool(article.images),
        "caption": any(image.caption for image in article.images),
    }


def labels(rows: Iterable[Coverage]) -> frozenset[str]:
    """Return the ticker labels among these rows."""
    return frozenset(row.field.removeprefix(LABEL) for row in rows if row.field.startswith(LABEL))
