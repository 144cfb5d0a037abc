"""Open.kg: Russian, English and Kyrgyz, much of it reposted. A date follows its item; "{title}" stays unrendered.

The listings were seen in real pages, story addresses were not.
"""

from __future__ import annotations

from scraper.source import Edition, Listing, Source

SOURCE = Source(
    key="openkg",
    name="Open.kg",
    home="https://open.kg/",
    country="KG",
    language="ru",
    timezone="Asia/Bishkek",
    discover=(
        Listing("https://open.kg/news/", pages="/page/{n}"),
        Listing("https://open.kg/en/news/exclusive/", pages="/page/{n}"),
    ),
    skip=r"/page/\d+",
    editions=(Edition(r"//[^/]+/en/", "en"),),
    basis={"listing": "page", "editions": "page"},
)
