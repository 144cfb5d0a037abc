"""Jumhuriyat: Tajik.

One of its sections and the selectors are from a public scraper; no page was seen.
"""

from __future__ import annotations

from scraper.source import Layout, Listing, Source

SOURCE = Source(
    key="jumhuriyat",
    name="Jumhuriyat",
    home="https://jumhuriyat.tj/",
    country="TJ",
    language="tg",
    timezone="Asia/Dushanbe",
    discover=(Listing("https://jumhuriyat.tj/prezidenti-t/", pages="/page/{n}/"),),
    layouts=(Layout(published="div.main-item-date.icon-l", body="div#full-text"),),
    basis={"listing": "scraper", "layouts": "scraper"},
)
