"""Azattyk, the Kyrgyz service of RFE/RL, in Kyrgyz.

Story addresses were seen in real pages; the front page as a listing is a guess.
"""

from __future__ import annotations

from scraper.source import Listing, Source

SOURCE = Source(
    key="azattyk",
    name="Azattyk (RFE/RL Kyrgyz)",
    home="https://www.azattyk.org/",
    country="KG",
    language="ky",
    timezone="Asia/Bishkek",
    discover=(Listing("https://www.azattyk.org/"),),
    story=r"https://(?:www\.)?azattyk\.org/a/(?:[^/?#]+/)?\d+\.html",
    external_id=r"/a/(?:[^/?#]+/)?(\d+)\.html",
    basis={"story": "page", "listing": "guess"},
)
