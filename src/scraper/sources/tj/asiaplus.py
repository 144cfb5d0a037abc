"""Asia-Plus: Russian, Tajik and English, on three domains over the years. Old stories are dated by their dateline only.

The English listing and story links, dated and by node, were seen in real pages. The feed is from a public feed list,
the Russian listing and the selectors are from public scrapers; /tj/ is a guess.
"""

from __future__ import annotations

from scraper.source import Edition, Feed, Layout, Listing, Source

SOURCE = Source(
    key="asiaplus",
    name="Asia-Plus",
    home="https://asiaplustj.info/",
    country="TJ",
    language="ru",
    timezone="Asia/Dushanbe",
    discover=(
        Feed("https://asiaplus.tj/en/rss"),
        Listing("https://asiaplustj.info/ru/news/all", pages="?page={n}"),
        Listing("https://asiaplus.news/en/rubrics/tajikistan/society", pages="/page/{n}"),
    ),
    story=r"https://(?:www\.)?asiaplus(?:tj\.info|\.tj|\.news)/[a-z]{2}/"
          r"(?:news/[a-z-]+/(?:[a-z-]+/)?\d{8}/[^/?#]+|node/\d+)/?",
    hosts=("asiaplus.tj", "www.asiaplus.tj", "asiaplus.news", "www.asiaplus.news"),
    editions=(
        Edition(r"//[^/]+/en/", "en"),
        Edition(r"//[^/]+/ru/", "ru"),
        Edition(r"//[^/]+/tj/", "tg"),
    ),
    layouts=(Layout(headline="h1.atitle", body="div.article-body"),),
    basis={"story": "page", "editions": "page", "listing": "page", "feed": "list", "layouts": "scraper"},
)
