"""Anhor.uz: Uzbek and Russian.

The feed is from a public feed list, the listing of the Uzbek edition and the selectors from a public scraper; no page
was seen.
"""

from __future__ import annotations

from scraper.source import Edition, Feed, Layout, Listing, Source

SOURCE = Source(
    key="anhor",
    name="Anhor.uz",
    home="https://anhor.uz/",
    country="UZ",
    language="ru",
    timezone="Asia/Tashkent",
    discover=(
        Feed("https://anhor.uz/feed/"),
        Listing("https://anhor.uz/uzl"),
    ),
    editions=(Edition(r"//[^/]+/uzl(?:/|$)", "uz-Latn"),),
    layouts=(Layout(headline="h1.article__head", body="div.article__content"),),
    basis={"feed": "list", "listing": "scraper", "editions": "scraper", "layouts": "scraper"},
)
