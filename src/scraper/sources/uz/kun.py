"""Kun.uz: Uzbek in both scripts, Russian and English. Its stamps stand time first, "14:12 / 24.06.2019".

Story addresses, stamps and the Cyrillic /kr were seen in real pages. Feeds are from public feed lists, listings and
selectors from public scrapers. Unprefixed addresses are Uzbek, in a script that only their text tells.
"""

from __future__ import annotations

from scraper.source import Edition, Feed, Layout, Listing, Source

SOURCE = Source(
    key="kun",
    name="Kun.uz",
    home="https://kun.uz/",
    country="UZ",
    language="uz",
    timezone="Asia/Tashkent",
    discover=(
        Feed("https://kun.uz/news/rss"),
        Feed("https://kun.uz/en/rss.xml"),
        Listing("https://kun.uz/news/list", links="a.news-page__item"),
    ),
    story=r"https://(?:www\.|m\.)?kun\.uz/(?:(?:uz|kr|ru|en)/)?news/\d{4}/\d{2}/\d{2}/[^/?#]+/?",
    editions=(
        Edition(r"//[^/]+/kr/", "uz-Cyrl"),
        Edition(r"//[^/]+/ru/", "ru"),
        Edition(r"//[^/]+/en/", "en"),
    ),
    layouts=(Layout(headline="h1.news-inner__content-title", body="div.news-inner__content-page"),),
    basis={"story": "page", "editions": "page", "feed": "list", "listing": "scraper", "layouts": "scraper"},
)
