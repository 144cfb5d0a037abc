"""Uznews.uz: Uzbek and Russian.

The feed is from a public feed list; the listing, the numbered story addresses and the selectors are from a public
scraper. No page was seen.
"""

from __future__ import annotations

from scraper.source import Edition, Feed, Layout, Listing, Source

SOURCE = Source(
    key="uznews",
    name="Uznews.uz",
    home="https://uznews.uz/",
    country="UZ",
    language="uz",
    timezone="Asia/Tashkent",
    discover=(
        Feed("https://uznews.uz/uz/rss"),
        Listing("https://uznews.uz/uz/news"),
    ),
    story=r"https://(?:www\.)?uznews\.uz/(?:[a-z]{2}/)?posts/\d+/?",
    external_id=r"//[^/]+/(?:([a-z]{2})/)?posts/(\d+)",
    editions=(Edition(r"//[^/]+/ru/", "ru"),),
    layouts=(Layout(headline="h1.section-header-title", published="span.section-header-date", body="div.content"),),
    basis={"story": "scraper", "editions": "guess", "feed": "list", "listing": "scraper", "layouts": "scraper"},
)
