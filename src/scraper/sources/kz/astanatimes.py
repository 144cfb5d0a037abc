"""The Astana Times: English, WordPress; datelines "ASTANA – ", "NUR-SULTAN – " from March 2019 to September 2022.

The listing, which shows no dates, and story links were seen in real pages. The feed is from a public feed list.
"""

from __future__ import annotations

from scraper.source import Feed, Listing, Source

SOURCE = Source(
    key="astanatimes",
    name="The Astana Times",
    home="https://astanatimes.com/",
    country="KZ",
    language="en",
    timezone="Asia/Almaty",
    discover=(
        Feed("https://astanatimes.com/feed/"),
        Listing("https://astanatimes.com/all/", pages="/page/{n}"),
    ),
    story=r"https://(?:www\.)?astanatimes\.com/\d{4}/\d{2}/[^/?#]+/?",
    basis={"story": "page", "listing": "page", "feed": "list"},
)
