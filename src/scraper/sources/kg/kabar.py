"""Kabar, the national news agency: English, Russian and Kyrgyz. Feed dates carry +0600; plain http.

The English feed was seen in a real page; story addresses are not known.
"""

from __future__ import annotations

from scraper.source import Edition, Feed, Source

SOURCE = Source(
    key="kabar",
    name="Kabar",
    home="http://kabar.kg/",
    country="KG",
    language="ky",
    timezone="Asia/Bishkek",
    discover=(Feed("http://kabar.kg/eng/rss/"),),
    hosts=("en.kabar.kg",),
    editions=(Edition(r"//en\.|//[^/]+/eng/", "en"),),
    basis={"feed": "page", "editions": "page"},
)
