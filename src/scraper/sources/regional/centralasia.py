"""Central Asia news: Russian, WordPress, a section per country; slugs are cut at 75 characters or so.

56 story addresses were seen in real pages; the listing and the selectors are from a public scraper, which found no
body on 32 of them, so none is named for it here.
"""

from __future__ import annotations

from scraper.source import Layout, Listing, Source

SOURCE = Source(
    key="centralasia",
    name="Central Asia news",
    home="https://central-asia.news/",
    language="ru",
    timezone="Asia/Ashgabat",
    discover=(
        Listing("https://central-asia.news/uzbekistan/", pages="/page/{n}", links="h3.td-module-title a"),
    ),
    story=r"https://(?:www\.)?central-asia\.news/[a-z-]+/[a-z-]+/[^/?#]+/?",
    skip=r"/(?:page|tag|category|author)/",
    layouts=(Layout(headline="h1.entry-title", published="time.entry-date", section="li.entry-category"),),
    basis={"story": "page", "listing": "scraper", "layouts": "scraper"},
)
