"""Pressa.tj: Russian and Tajik.

The listing and the selectors are from a public scraper; no page was seen.
"""

from __future__ import annotations

from scraper.source import Layout, Listing, Source

SOURCE = Source(
    key="pressa",
    name="Pressa.tj",
    home="https://pressa.tj/",
    country="TJ",
    language="ru",
    timezone="Asia/Dushanbe",
    discover=(Listing("https://pressa.tj/", pages="/page/{n}/"),),
    layouts=(Layout(published="span.meta_date", body="div.main-content"),),
    basis={"listing": "scraper", "layouts": "scraper"},
)
