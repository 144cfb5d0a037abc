"""Xabar.uz: Uzbek.

The feed is from a public feed list, the listing and the selectors from a public scraper; no page was seen.
"""

from __future__ import annotations

from scraper.source import Feed, Layout, Listing, Source

SOURCE = Source(
    key="xabar",
    name="Xabar.uz",
    home="https://xabar.uz/",
    country="UZ",
    language="uz",
    timezone="Asia/Tashkent",
    discover=(
        Feed("https://xabar.uz/uz/rss"),
        Listing("https://xabar.uz/yangiliklar"),
    ),
    layouts=(Layout(headline="h2.post__title", published="span.date-time", body="div.post__body"),),
    basis={"feed": "list", "listing": "scraper", "layouts": "scraper"},
)
