"""Orda.kz: English on en., Russian and Kazakh elsewhere. "Original Author:" marks a translation.

English story addresses were seen in real pages; front pages as listings and the Russian host are guesses.
"""

from __future__ import annotations

from scraper.source import Edition, Listing, Source

SOURCE = Source(
    key="orda",
    name="Orda.kz",
    home="https://en.orda.kz/",
    country="KZ",
    language="ru",
    timezone="Asia/Almaty",
    discover=(
        Listing("https://en.orda.kz/"),
        Listing("https://orda.kz/"),
    ),
    story=r"https://(?:en\.)?orda\.kz/[^/?#]+-\d+/?",
    external_id=r"//(en\.)?orda\.kz/[^/?#]+-(\d+)/?$",
    hosts=("orda.kz",),
    editions=(Edition(r"//en\.", "en"),),
    basis={"story": "page", "editions": "page", "listing": "guess"},
)
