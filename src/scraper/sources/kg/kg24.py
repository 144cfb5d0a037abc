"""24.kg: Russian, English under /english/, Kyrgyz. Bylines read ", by First LAST", stamps "11:29, 13 April 2021".

The byline was seen on an aggregator only. The feed is from a public feed list, the listing and the selectors are from
public scrapers; story addresses are not known.
"""

from __future__ import annotations

from scraper.source import Edition, Feed, Layout, Listing, Source

SOURCE = Source(
    key="kg24",
    name="24.kg",
    home="https://24.kg/",
    country="KG",
    language="ru",
    timezone="Asia/Bishkek",
    discover=(
        Feed("https://24.kg/english/rss"),
        Listing("https://24.kg/", pages="/page_{n}/", links="div.one div.title a"),
    ),
    editions=(Edition(r"//[^/]+/english/", "en"),),
    layouts=(Layout(headline="h1.newsTitle", published="span[itemprop=datePublished]", body="div.cont"),),
    basis={"feed": "list", "listing": "scraper", "editions": "list", "layouts": "scraper"},
)
