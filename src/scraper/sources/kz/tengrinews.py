"""Tengrinews: Russian, English on en., Kazakh on kaz. Listings say "Сегодня", stories "27 марта 2024 | 20:10".

Story addresses (also on test., a twin) and listing dates were seen in real pages. The feed is from a public feed list,
the listing's address and the selectors from public scrapers; the Kazakh host is a guess.
"""

from __future__ import annotations

from scraper.source import Edition, Feed, Layout, Listing, Source

SOURCE = Source(
    key="tengrinews",
    name="Tengrinews",
    home="https://tengrinews.kz/",
    country="KZ",
    language="ru",
    timezone="Asia/Almaty",
    discover=(
        Feed("https://en.tengrinews.kz/rss"),
        Listing("https://tengrinews.kz/news/", pages="/page/{n}/", links="span.content_main_item_title a"),
    ),
    story=r"https://(?:(?:en|kaz|test|www|m)\.)?tengrinews\.kz/[a-z_]+/[^/?#]+-\d{6}/?",
    external_id=r"//(?:(en|kaz)\.|[a-z]+\.)?tengrinews\.kz/[a-z_]+/[^/?#]+-(\d{6})\b",
    hosts=("en.tengrinews.kz", "kaz.tengrinews.kz", "test.tengrinews.kz"),
    editions=(
        Edition(r"//en\.", "en"),
        Edition(r"//kaz\.", "kk"),
    ),
    layouts=(Layout(body="div.content_main_text"),),
    basis={"story": "page", "editions": "list", "feed": "list", "listing": "scraper", "layouts": "scraper"},
)
