"""Khovar, the national news agency: Tajik, Russian and English.

The selectors are from a public scraper; the front page as a listing is a guess, and no page was seen.
"""

from __future__ import annotations

from scraper.source import Layout, Listing, Source

SOURCE = Source(
    key="khovar",
    name="Khovar",
    home="https://khovar.tj/",
    country="TJ",
    language="tg",
    timezone="Asia/Dushanbe",
    discover=(Listing("https://khovar.tj/"),),
    layouts=(Layout(headline="div.article-title", published="span.meta", body="div.shortcode-content"),),
    basis={"listing": "guess", "layouts": "scraper"},
)
