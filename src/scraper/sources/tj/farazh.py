"""Farazh: Tajik, WordPress.

The selectors are from a public scraper, whose section names are not known: the front page as a listing is a guess.
"""

from __future__ import annotations

from scraper.source import Layout, Listing, Source

SOURCE = Source(
    key="farazh",
    name="Farazh",
    home="https://farazh.tj/",
    country="TJ",
    language="tg",
    timezone="Asia/Dushanbe",
    discover=(Listing("https://farazh.tj/"),),
    skip=r"/cat/[^/?#]+/",
    layouts=(Layout(headline="h1.entry-title", published="time.entry-date", body="div.td-ss-main-content"),),
    basis={"listing": "guess", "layouts": "scraper"},
)
