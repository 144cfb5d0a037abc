"""Qalampir.uz: Uzbek in both scripts, and English. Its stamps leave the year out in the current year.

The number at the end of a story's address is its stable key: the slug before it may hold raw or escaped quotes.
Each language edition numbers its stories apart, so the key is edition and number.

Story addresses, also of the archive host, were seen in real pages; the listings are from public scrapers.
"""

from __future__ import annotations

from scraper.source import Edition, Listing, Source

SOURCE = Source(
    key="qalampir",
    name="Qalampir.uz",
    home="https://www.qalampir.uz/",
    country="UZ",
    language="uz",
    timezone="Asia/Tashkent",
    discover=(
        Listing("https://www.qalampir.uz/en/latest"),
        Listing("https://www.qalampir.uz/uz/latest"),
    ),
    story=r"https://(?:www\.|archive\.)?qalampir\.uz/(?:[a-z]{2,4}/)?news/[^/?]*-\d+",
    external_id=r"qalampir\.uz/(?:([a-z]{2,4})/)?news/[^/?]*-(\d+)",
    hosts=("archive.qalampir.uz",),
    editions=(
        Edition(r"//[^/]+/en/", "en"),
        Edition(r"//[^/]+/ru/", "ru"),
        Edition(r"//[^/]+/uz/", "uz"),
    ),
    basis={"story": "page", "listing": "scraper", "editions": "page"},
)
