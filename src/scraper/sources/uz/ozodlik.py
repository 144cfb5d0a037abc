"""Ozodlik, the Uzbek service of RFE/RL, in Uzbek. The date in its page head is the page's clock.

The listing and the selectors are from a public scraper; story addresses were seen on its sister sites only.
"""

from __future__ import annotations

from scraper.source import Layout, Listing, Source

SOURCE = Source(
    key="ozodlik",
    name="Ozodlik (RFE/RL Uzbek)",
    home="https://www.ozodlik.org/",
    country="UZ",
    language="uz",
    timezone="Asia/Tashkent",
    discover=(Listing("https://www.ozodlik.org/z/421", pages="?p={n}"),),
    story=r"https://(?:www\.)?ozodlik\.org/a/(?:[^/?#]+/)?\d+\.html",
    external_id=r"/a/(?:[^/?#]+/)?(\d+)\.html",
    layouts=(Layout(headline="h1.pg-title", body="div#article-content"),),
    basis={"story": "guess", "listing": "scraper", "layouts": "scraper"},
)
