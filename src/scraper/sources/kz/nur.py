"""NUR.KZ: Russian. Dates stand in script data, in meta and in `datetime`, with their offset.

Listing, story addresses, selectors and script data were seen in real pages of April 2024.
"""

from __future__ import annotations

from scraper.source import Layout, Listing, Source

SOURCE = Source(
    key="nur",
    name="NUR.KZ",
    home="https://www.nur.kz/",
    country="KZ",
    language="ru",
    timezone="Asia/Almaty",
    discover=(Listing("https://www.nur.kz/politics/"),),
    story=r"https://(?:www\.)?nur\.kz/[a-z-]+/(?:[a-z-]+/)?\d+-[^/?#]+/?",
    external_id=r"//[^/]+/[a-z-]+/(?:[a-z-]+/)?(\d+)-",
    layouts=(
        Layout(
            headline="h1.main-headline", byline="p.author-item__link", body=".formatted-body.io-article-body",
            experimental=False,
        ),
    ),
    basis={"story": "page", "listing": "page", "layouts": "page"},
)
