"""Chronicles of Turkmenistan: English on en., Russian elsewhere; WordPress, from exile.

The front page of the Russian edition was seen, as of 2018. The English feed is from a public feed list; story
addresses are not known.
"""

from __future__ import annotations

from scraper.source import Edition, Feed, Listing, Source

SOURCE = Source(
    key="hronikatm",
    name="Chronicles of Turkmenistan",
    home="https://en.hronikatm.com/",
    country="TM",
    language="ru",
    timezone="Asia/Ashgabat",
    discover=(
        Feed("https://en.hronikatm.com/feed/"),
        Listing("https://www.hronikatm.com/"),
    ),
    hosts=("hronikatm.com", "www.hronikatm.com"),
    editions=(Edition(r"//en\.", "en"),),
    basis={"feed": "list", "listing": "page", "editions": "page"},
)
