"""Spot.uz: business news in Russian and Uzbek.

The shape of its Russian story addresses was read as a link in a public scraper; its front page as a listing is a guess.
"""

from __future__ import annotations

from scraper.source import Edition, Listing, Source

SOURCE = Source(
    key="spot",
    name="Spot.uz",
    home="https://www.spot.uz/",
    country="UZ",
    language="ru",
    timezone="Asia/Tashkent",
    discover=(Listing("https://www.spot.uz/ru/"),),
    story=r"https://(?:www\.)?spot\.uz/[a-z]{2}/\d{4}/\d{2}/\d{2}/[^/?#]+/?",
    editions=(Edition(r"//[^/]+/ru/", "ru"),),
    basis={"story": "scraper", "editions": "scraper", "listing": "guess"},
)
