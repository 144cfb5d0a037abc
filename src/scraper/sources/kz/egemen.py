"""Egemen Qazaqstan: Kazakh.

The listing and the selectors are from a public scraper; no page was seen.
"""

from __future__ import annotations

from scraper.source import Layout, Listing, Source

SOURCE = Source(
    key="egemen",
    name="Egemen Qazaqstan",
    home="https://egemen.kz/",
    country="KZ",
    language="kk",
    timezone="Asia/Almaty",
    discover=(Listing("https://egemen.kz/last-news", pages="?page={n}"),),
    layouts=(Layout(headline="h1.responsive_title", published="span.text-grey", body="div.main-news.padding-80"),),
    basis={"listing": "scraper", "layouts": "scraper"},
)
