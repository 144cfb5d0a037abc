"""UzDaily: English, Russian and Uzbek business news.

Only its English feed is known, from a public feed list; the editions are read off that address. Nothing was seen.
"""

from __future__ import annotations

from scraper.source import Edition, Feed, Source

SOURCE = Source(
    key="uzdaily",
    name="UzDaily",
    home="https://www.uzdaily.uz/",
    country="UZ",
    language="en",
    timezone="Asia/Tashkent",
    discover=(Feed("https://www.uzdaily.uz/en/rss"),),
    editions=(
        Edition(r"//[^/]+/en/", "en"),
        Edition(r"//[^/]+/ru/", "ru"),
        Edition(r"//[^/]+/uz/", "uz"),
    ),
    basis={"feed": "list", "editions": "guess"},
)
