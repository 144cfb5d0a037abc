"""Azattyq, the Kazakh service of RFE/RL: Russian on rus., Kazakh on www. Captions hold a place and a date, twice.

Story addresses of the Russian edition were seen in real pages. The Kazakh host and both front pages as listings are
guesses.
"""

from __future__ import annotations

from scraper.source import Edition, Listing, Source

SOURCE = Source(
    key="azattyq",
    name="Azattyq (RFE/RL Kazakh)",
    home="https://rus.azattyq.org/",
    country="KZ",
    language="ru",
    timezone="Asia/Almaty",
    discover=(
        Listing("https://rus.azattyq.org/"),
        Listing("https://www.azattyq.org/"),
    ),
    story=r"https://(?:www|rus)\.azattyq\.org/a/(?:[^/?#]+/)?\d+\.html",
    external_id=r"//(www|rus)\.azattyq\.org/a/(?:[^/?#]+/)?(\d+)\.html",
    hosts=("www.azattyq.org", "azattyq.org"),
    editions=(
        Edition(r"//rus\.", "ru"),
        Edition(r"//(?:www\.)?azattyq\.org/", "kk"),
    ),
    basis={"story": "page", "editions": "page", "listing": "guess"},
)
