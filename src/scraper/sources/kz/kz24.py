"""24.kz: Russian and Kazakh.

The Russian listing and the selectors are from a public scraper; no page was seen.
"""

from __future__ import annotations

from scraper.source import Edition, Layout, Listing, Source

SOURCE = Source(
    key="kz24",
    name="24.kz",
    home="https://24.kz/",
    country="KZ",
    language="kk",
    timezone="Asia/Almaty",
    discover=(Listing("https://24.kz/ru/news"),),
    editions=(Edition(r"//[^/]+/ru/", "ru"),),
    layouts=(
        Layout(headline="h1.single-post__entry-title", published="li.entry__meta-date", body="div.entry__article"),
    ),
    basis={"listing": "scraper", "editions": "scraper", "layouts": "scraper"},
)
