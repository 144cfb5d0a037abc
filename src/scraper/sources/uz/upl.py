"""Upl.uz: Uzbek and Russian.

The selectors are from a public scraper; the front page as a listing is a guess, and no page was seen.
"""

from __future__ import annotations

from scraper.source import Layout, Listing, Source

SOURCE = Source(
    key="upl",
    name="Upl.uz",
    home="https://upl.uz/",
    country="UZ",
    language="ru",
    timezone="Asia/Tashkent",
    discover=(Listing("https://upl.uz/"),),
    layouts=(
        Layout(headline="h1.post-title", published="span[itemprop=datePublished]", body="div[itemprop=articleBody]"),
    ),
    basis={"listing": "guess", "layouts": "scraper"},
)
