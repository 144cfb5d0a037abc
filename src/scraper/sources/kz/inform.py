"""Kazinform (inform.kz): Russian, Kazakh, English and more. Months stand in the nominative, "23 Ноябрь 2025".

Russian story addresses were seen in real pages, of today (six hexadecimal digits) and of before (_a and a number).
The feed is from a public feed list, the listing and the selectors from a public scraper.
"""

from __future__ import annotations

from scraper.source import Edition, Feed, Layout, Listing, Source

SOURCE = Source(
    key="inform",
    name="Kazinform",
    home="https://www.inform.kz/",
    country="KZ",
    language="ru",
    timezone="Asia/Almaty",
    discover=(
        Feed("https://www.inform.kz/en/rss"),
        Listing("https://www.inform.kz/lenta/", pages="?page={n}"),
    ),
    story=r"https://(?:www\.)?inform\.kz/(?:[a-z]{2,3}/)?[^/?#]+(?:-[0-9a-f]{6}|_a\d+)/?",
    external_id=r"//[^/]+/(?:[a-z]{2,3}/)?[^/?#]+(?:-([0-9a-f]{6})|_(a\d+))/?$",
    editions=(
        Edition(r"//[^/]+/ru/", "ru"),
        Edition(r"//[^/]+/en/", "en"),
    ),
    layouts=(Layout(headline="h1.article__title", published="div.article__time", body="div.article__body-text"),),
    basis={"story": "page", "editions": "page", "feed": "list", "listing": "scraper", "layouts": "scraper"},
)
