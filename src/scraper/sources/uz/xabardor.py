"""Xabardor.uz: Uzbek in Latin script. Three unlabelled rates (dollar, rouble, euro, each with its change in soum) stand
above each story, later stories below it.

Story addresses and stamps ("10:44 / 19.06.2022") were seen in real pages; the front page as a listing is a guess.
"""

from __future__ import annotations

from scraper.source import Listing, Source, Widget

SOURCE = Source(
    key="xabardor",
    name="Xabardor.uz",
    home="https://xabardor.uz/",
    country="UZ",
    language="uz-Latn",
    timezone="Asia/Tashkent",
    discover=(Listing("https://xabardor.uz/uz"),),
    story=r"https://(?:www\.)?xabardor\.uz/(?:[a-z]{2}/)?post/[^/?#]+/?",
    widgets=(Widget(
        r"(?<![\d.])(?P<rate>\d{1,6}\.\d{1,4}) UZS\s+(?P<change>-?\d{1,6}(?:\.\d{1,4})?)(?![\d.°])",
        counter="UZS", bases=("USD", "RUB", "EUR"),
    ),),
    basis={"story": "page", "listing": "guess", "widgets": "page"},
)
