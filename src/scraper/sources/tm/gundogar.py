"""Gundogar: Russian and Turkmen, from exile.

The listing and the selectors are from a public scraper; no page was seen.
"""

from __future__ import annotations

from scraper.source import Layout, Listing, Source

SOURCE = Source(
    key="gundogar",
    name="Gundogar",
    home="https://gundogar.media/",
    country="TM",
    language="ru",
    timezone="Asia/Ashgabat",
    discover=(Listing("https://gundogar.media/news/"),),
    layouts=(Layout(headline="h1.page__title3", published="div.inner__date"),),
    basis={"listing": "scraper", "layouts": "scraper"},
)
