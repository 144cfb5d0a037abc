"""The Diplomat, its stories on Central Asia: English, WordPress. Listings show bylines and no dates.

Listings and story addresses were seen in real pages; the region's feed is from a public feed list, the zone a guess.
"""

from __future__ import annotations

from scraper.source import Feed, Listing, Source

SOURCE = Source(
    key="diplomat",
    name="The Diplomat (Central Asia)",
    home="https://thediplomat.com/",
    language="en",
    timezone="America/New_York",
    discover=(
        Feed("https://thediplomat.com/regions/central-asia/feed"),
        Listing("https://thediplomat.com/countries/kyrgyzstan/", pages="/page/{n}"),
    ),
    story=r"https://(?:www\.)?thediplomat\.com/\d{4}/\d{2}/[^/?#]+/?",
    basis={"story": "page", "listing": "page", "feed": "list"},
)
