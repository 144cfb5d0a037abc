"""Xabardor.uz: Uzbek in Latin script. Three unlabelled rates stand above each story, later stories below it.

Story addresses and stamps ("10:44 / 19.06.2022") were seen in real pages; the front page as a listing is a guess.
"""

from __future__ import annotations

from scraper.source import Listing, Source

SOURCE = Source(
    key="xabardor",
    name="Xabardor.uz",
    home="https://xabardor.uz/",
    country="UZ",
    language="uz-Latn",
    timezone="Asia/Tashkent",
    discover=(Listing("https://xabardor.uz/uz"),),
    story=r"https://(?:www\.)?xabardor\.uz/(?:[a-z]{2}/)?post/[^/?#]+/?",
    basis={"story": "page", "listing": "guess"},
)
