"""Narodnaya Gazeta: Russian, WordPress.

One of its sections and the selectors are from a public scraper; no page was seen.
"""

from __future__ import annotations

from scraper.source import Layout, Listing, Source

SOURCE = Source(
    key="narodnaya",
    name="Narodnaya Gazeta",
    home="https://narodnaya.tj/",
    country="TJ",
    language="ru",
    timezone="Asia/Dushanbe",
    discover=(Listing("https://narodnaya.tj/category/politika/", pages="/page/{n}/"),),
    layouts=(Layout(headline="h1.entry-title", published="span.item-metadata.posts-date", body="div.entry-content"),),
    basis={"listing": "scraper", "layouts": "scraper"},
)
