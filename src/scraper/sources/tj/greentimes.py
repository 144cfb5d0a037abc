"""Green Times Tajikistan: English, much of it from other outlets. Stamps read "14:34, october 21" and "14:19, today".

The listing was seen in a real page, story addresses were not.
"""

from __future__ import annotations

from scraper.source import Listing, Source

SOURCE = Source(
    key="greentimes",
    name="Green Times Tajikistan",
    home="https://www.greentimestajikistan.com/",
    country="TJ",
    language="en",
    timezone="Asia/Dushanbe",
    discover=(Listing("https://www.greentimestajikistan.com/latest-news"),),
    basis={"listing": "page"},
)
