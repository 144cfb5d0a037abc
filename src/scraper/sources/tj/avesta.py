"""Avesta: Russian and Tajik, WordPress.

The listing and the selectors are from a public scraper; no page was seen.
"""

from __future__ import annotations

from scraper.source import Layout, Listing, Source

SOURCE = Source(
    key="avesta",
    name="Avesta",
    home="https://avesta.tj/",
    country="TJ",
    language="ru",
    timezone="Asia/Dushanbe",
    discover=(Listing("https://avesta.tj/news/", pages="/page/{n}/"),),
    layouts=(Layout(headline="h1.jeg_post_title", published="div.jeg_meta_date", body="div.content-inner"),),
    basis={"listing": "scraper", "layouts": "scraper"},
)
