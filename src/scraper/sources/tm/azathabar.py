"""Azatlyk, the Turkmen service of RFE/RL, in Turkmen. Its front page calls itself an article (og:type).

The front page was seen, as of 2018; story addresses were seen on its sister sites only.
"""

from __future__ import annotations

from scraper.source import Listing, Source

SOURCE = Source(
    key="azathabar",
    name="Azatlyk (RFE/RL Turkmen)",
    home="https://www.azathabar.com/",
    country="TM",
    language="tk",
    timezone="Asia/Ashgabat",
    discover=(Listing("https://www.azathabar.com/"),),
    story=r"https://(?:www\.)?azathabar\.com/a/(?:[^/?#]+/)?\d+\.html",
    external_id=r"/a/(?:[^/?#]+/)?(\d+)\.html",
    basis={"story": "guess", "listing": "page"},
)
