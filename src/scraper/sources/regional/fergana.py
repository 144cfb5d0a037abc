"""Fergana: Russian, English on en., Uzbek on uz., under two domains.

A story link was seen in a real page. The feed is from a public feed list, the listing and the selectors are from a
public scraper; the zone is a guess between Moscow and Tashkent.
"""

from __future__ import annotations

from scraper.source import Edition, Feed, Layout, Listing, Source

SOURCE = Source(
    key="fergana",
    name="Fergana",
    home="https://fergana.agency/",
    language="ru",
    timezone="Europe/Moscow",
    discover=(
        Feed("https://fergana.agency/en/feed/"),
        Listing("https://uz.fergana.news/news/", pages="?n={n}", links="li.news_list__item a"),
    ),
    story=r"https://(?:(?:en|uz|www)\.)?fergana\.(?:agency|news)/(?:[a-z]{2}/)?news/\d+/?",
    external_id=r"//(?:(en|uz)\.|www\.)?fergana\.[a-z]+/(?:([a-z]{2})/)?news/(\d+)",
    hosts=("en.fergana.agency", "uz.fergana.agency", "fergana.news", "www.fergana.news", "en.fergana.news",
           "uz.fergana.news"),
    editions=(
        Edition(r"//en\.|//[^/]+/en/", "en"),
        Edition(r"//uz\.|//[^/]+/uz/", "uz"),
    ),
    layouts=(Layout(headline="div.article-top h1", body="div.article-content"),),
    basis={"story": "page", "editions": "page", "feed": "list", "listing": "scraper", "layouts": "scraper"},
)
