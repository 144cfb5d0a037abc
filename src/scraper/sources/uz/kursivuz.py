"""Kursiv Uzbekistan: business news in Russian, Uzbek and English.

English story addresses were seen in real pages; front pages as listings are guesses, and so is /uz/.
"""

from __future__ import annotations

from scraper.source import Edition, Listing, Source

SOURCE = Source(
    key="kursivuz",
    name="Kursiv Uzbekistan",
    home="https://uz.kursiv.media/",
    country="UZ",
    language="ru",
    timezone="Asia/Tashkent",
    discover=(
        Listing("https://uz.kursiv.media/"),
        Listing("https://uz.kursiv.media/en/"),
    ),
    story=r"https://uz\.kursiv\.media/(?:[a-z]{2}/)?\d{4}-\d{2}-\d{2}/[^/?#]+/?",
    editions=(
        Edition(r"//[^/]+/en/", "en"),
        Edition(r"//[^/]+/uz/", "uz"),
    ),
    basis={"story": "page", "editions": "page", "listing": "guess"},
)
