"""Kaktus.media: Russian and Kyrgyz. A listing page holds one day, which its query names ("lable" is their spelling).

The listing and the selectors are from public scrapers; without a day in its query it is taken for today's, a guess.
"""

from __future__ import annotations

from scraper.source import Layout, Listing, Source

SOURCE = Source(
    key="kaktus",
    name="Kaktus.media",
    home="https://kaktus.media/",
    country="KG",
    language="ru",
    timezone="Asia/Bishkek",
    discover=(Listing("https://kaktus.media/?lable=8&order=time", links="a.ArticleItem--name"),),
    layouts=(Layout(body="div.BbCode"),),
    basis={"listing": "scraper", "layouts": "scraper"},
)
