"""Yangi O'zbekiston (yuz.uz): Uzbek, Russian and English. Its listing prints day, month and time on lines of their own.

The English listing was seen in a real page, its story addresses were not; /ru/ and /uz/ are guesses after /en/.
"""

from __future__ import annotations

from scraper.source import Edition, Listing, Source

SOURCE = Source(
    key="yuz",
    name="Yangi O‘zbekiston",
    home="https://yuz.uz/",
    country="UZ",
    language="uz",
    timezone="Asia/Tashkent",
    discover=(Listing("https://yuz.uz/en/news", pages="?page={n}"),),
    editions=(
        Edition(r"//[^/]+/en/", "en"),
        Edition(r"//[^/]+/ru/", "ru"),
        Edition(r"//[^/]+/uz/", "uz"),
    ),
    basis={"listing": "page", "editions": "guess"},
)
