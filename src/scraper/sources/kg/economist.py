"""Economist.kg: business news in Russian; the rates of the day are told in prose.

Story addresses were seen in real pages; the front page as a listing is a guess.
"""

from __future__ import annotations

from scraper.source import Listing, Source

SOURCE = Source(
    key="economist",
    name="Economist.kg",
    home="https://economist.kg/",
    country="KG",
    language="ru",
    timezone="Asia/Bishkek",
    discover=(Listing("https://economist.kg/"),),
    story=r"https://(?:www\.)?economist\.kg/[a-z-]+/\d{4}/\d{2}/\d{2}/[^/?#]+/?",
    basis={"story": "page", "listing": "guess"},
)
