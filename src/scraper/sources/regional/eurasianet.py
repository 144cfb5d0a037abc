"""Eurasianet: English and Russian.

The feed is from a public feed list; the listing's address was met as a link there. No page was seen.
"""

from __future__ import annotations

from scraper.source import Feed, Listing, Source

SOURCE = Source(
    key="eurasianet",
    name="Eurasianet",
    home="https://eurasianet.org/",
    language="en",
    timezone="America/New_York",
    discover=(
        Feed("https://eurasianet.org/feed"),
        Listing("https://eurasianet.org/region/central-asia"),
    ),
    basis={"feed": "list", "listing": "list"},
)
