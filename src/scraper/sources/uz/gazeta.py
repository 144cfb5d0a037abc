"""Gazeta.uz: Russian, Uzbek in both scripts, English. /oz is Latin and /uz Cyrillic, whatever `html lang` says.

Listings, the English feed, hreflang and story addresses were seen in real pages. The news sitemap and the selectors
are from public scrapers.
"""

from __future__ import annotations

from scraper.source import Edition, Feed, Layout, Listing, Sitemap, Source

SOURCE = Source(
    key="gazeta",
    name="Gazeta.uz",
    home="https://www.gazeta.uz/",
    country="UZ",
    language="ru",
    timezone="Asia/Tashkent",
    discover=(
        Feed("https://www.gazeta.uz/en/rss/"),
        Sitemap("https://www.gazeta.uz/sitemap/google-news-ru.xml"),
        Listing("https://www.gazeta.uz/en/list/news/", pages="?page={n}"),
        Listing("https://www.gazeta.uz/uz/list/articles", pages="?page={n}"),
    ),
    story=r"https://(?:www\.)?gazeta\.uz/(?:ru|oz|uz|en)/\d{4}/\d{2}/\d{2}/[^/?#]+/?",
    editions=(
        Edition(r"//[^/]+/oz/", "uz-Latn"),
        Edition(r"//[^/]+/uz/", "uz-Cyrl"),
        Edition(r"//[^/]+/ru/", "ru"),
        Edition(r"//[^/]+/en/", "en"),
    ),
    layouts=(Layout(headline='h1[itemprop~="headline"]', published="div.articleDateTime", body="div.article-text"),),
    basis={
        "story": "page", "editions": "page", "feed": "page", "listing": "page", "sitemap": "scraper",
        "layouts": "scraper",
    },
)
