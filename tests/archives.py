"""An archive in a temporary folder, and an invented site whose stories go into it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from scraper.records import Article, Image, Index, Kept, Page, Quote, Response, Stamp, Teaser, Ticker
from scraper.source import Feed, Source
from scraper.store import Listed, Saved, Store

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FEED = "https://site.example/feed/"
SITE = Source("site", "https://site.example/", (Feed(FEED),), name="The Site", timezone="Asia/Almaty")
BODY = "The pass was closed on Monday night.\n\nLorries wait at the lower gate until the snow is cleared from the road."
STORY = Article(
    "https://site.example/pass/", "Pass closed", BODY, lead="The pass was closed on Monday night.",
    authors=("A. Writer", "B. Writer"), byline="By A. Writer and B. Writer", tags=("roads", "snow"), language="en",
    published=Stamp("2 March 2026, 10:30", NOON - HOUR, (NOON - HOUR).date(), "minute"),
    images=(Image(1, "https://site.example/gate.jpg", caption="The lower gate", credit="C. Taker"),),
)
KGS = Quote("KGS", "USD", Decimal("0.01144"), "0.01144", Decimal("0"), "0%")
UZS = Quote("UZS", "USD", Decimal("0.00008"), "0.00008", Decimal("-0.10"), "-0.10%")
WARC = "20260302-00000.warc.gz"


def response_to(url: str, at: datetime = NOON, *, answered: str = "", place: int = 0, etag: str = "v1") -> Response:
    """A 200 for `url`, its bytes kept at `place`."""
    kept = Kept(answered or url, at, 200, 900, f"sha1:{place}", WARC, place, 100)
    return Response(url, answered or url, 200, (("ETag", etag),), b"<html>", at, (kept,))


def saved(
    store: Store, article: Article, at: datetime = NOON, *, asked: str = "", quotes: tuple[Quote, ...] = (),
    place: int | None = None,
) -> Saved:
    """Save `article` as its page showed it at that time; each capture lies at a place of its own."""
    place = 100 * len(store.rows("fetches")) if place is None else place
    response = response_to(asked or article.url, at, answered=article.url, place=place)
    return store.save(SITE, Page(article.url, at, article, ticker=Ticker(quotes)), response)


def listed(store: Store, *urls: str, at: datetime = NOON) -> Listed:
    """Store a feed that shows these stories."""
    return store.listed(SITE, Index(FEED, at, tuple(Teaser(url) for url in urls)))


def column(store: Store, sql: str) -> list[object]:
    """Return the first column of a query."""
    return [next(iter(row.values())) for row in store.rows(sql)]
