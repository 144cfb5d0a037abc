"""Daryo: Uzbek in both scripts, Russian and English; a rates widget such as "USD12904.51" stands above each story.

Story addresses and the widget were seen in real pages, doubly escaped ones among them. The feed is from a public feed
list, the listing and selectors from public scrapers; that /en/ and /ru/ are editions is a guess.
"""

from __future__ import annotations

from scraper.source import Edition, Feed, Layout, Listing, Source, Widget

SOURCE = Source(
    key="daryo",
    name="Daryo",
    home="https://daryo.uz/",
    country="UZ",
    language="uz",
    timezone="Asia/Tashkent",
    discover=(
        Feed("https://daryo.uz/feed/"),
        Listing("https://daryo.uz/yangiliklar", links="h2.post-title a"),
    ),
    story=r"https://(?:www\.)?daryo\.uz/(?:[a-z]{1,3}/)?\d{4}/\d{2}/\d{2}/[^/?#]+/?",
    editions=(
        Edition(r"//[^/]+/en/", "en"),
        Edition(r"//[^/]+/ru/", "ru"),
    ),
    layouts=(Layout(headline="h1.post-view-title", published="time.post-date", body="div.post-content"),),
    widgets=(Widget(r"(?<!\S)(?P<base>USD|RUB|EUR)(?P<rate>\d{1,6}\.\d{1,4})(?!\S)", counter="UZS"),),
    basis={
        "story": "page", "editions": "guess", "feed": "list", "listing": "scraper", "layouts": "scraper",
        "widgets": "page",
    },
)
