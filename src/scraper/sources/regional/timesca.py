"""The Times of Central Asia: English, WordPress, a currency marquee on nearly every page.

No page of it was ever seen as HTML, so nothing here is a selector. Listing and story addresses were seen in
real pages, the feed in a public feed list; the zone is a fallback for stamps without an offset.
"""

from __future__ import annotations

from scraper.source import Feed, Listing, Source

SOURCE = Source(
    key="timesca",
    name="The Times of Central Asia",
    home="https://timesca.com/",
    language="en",
    timezone="Asia/Bishkek",
    discover=(
        Feed("https://timesca.com/feed/"),
        Listing("https://timesca.com/latest/", pages="/page/{n}/"),
    ),
    story=r"https://(?:www\.)?timesca\.com/(?:index\.php/news/\d+-)?[a-z0-9%]+(?:-[a-z0-9%]+)+/?",
    skip=r"/(?:latest|about-us|contact-us|privacy-policy|cookie-policy|terms-(?:of-use|and-conditions)|advertise-with-us)/?$",
    drop_query=("catid", "id", "Itemid", "option", "view"),  # left over from its Joomla years, endless duplicates
    basis={"story": "page", "listing": "page", "feed": "list"},
)
