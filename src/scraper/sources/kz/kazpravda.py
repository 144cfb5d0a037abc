"""Kazakhstanskaya Pravda: Russian.

The listing and the selectors are from a public scraper; no page was seen.
"""

from __future__ import annotations

from scraper.source import Layout, Listing, Source

SOURCE = Source(
    key="kazpravda",
    name="Kazakhstanskaya Pravda",
    home="https://kazpravda.kz/",
    country="KZ",
    language="ru",
    timezone="Asia/Almaty",
    discover=(Listing("https://kazpravda.kz/r/stati/svezhiy-vypusk"),),
    layouts=(Layout(headline="h1.article__title", published="time.article__date", body="div.article__body"),),
    basis={"listing": "scraper", "layouts": "scraper"},
)
