"""Sputnik Uzbekistan: Russian and Uzbek.

The listing and the selectors are from a public scraper; no page was seen.
"""

from __future__ import annotations

from scraper.source import Layout, Listing, Source

SOURCE = Source(
    key="sputnikuz",
    name="Sputnik Uzbekistan",
    home="https://sputniknews.uz/",
    country="UZ",
    language="ru",
    timezone="Asia/Tashkent",
    discover=(Listing("https://sputniknews.uz/news"),),
    layouts=(Layout(headline="h1.article__title", published="div.article__info-date", body="div.article__body"),),
    basis={"listing": "scraper", "layouts": "scraper"},
)
