"""UzA, the national news agency: Uzbek, Russian and English.

The feed is from a public feed list, the listing and the selectors from a public scraper; no page was seen. /ru/ and
/en/ are guesses after /uz/.
"""

from __future__ import annotations

from scraper.source import Edition, Feed, Layout, Listing, Source

SOURCE = Source(
    key="uza",
    name="UzA",
    home="https://uza.uz/",
    country="UZ",
    language="uz",
    timezone="Asia/Tashkent",
    discover=(
        Feed("https://uza.uz/uz/rss.php"),
        Listing("https://uza.uz/uz/posts"),
    ),
    editions=(
        Edition(r"//[^/]+/uz/", "uz"),
        Edition(r"//[^/]+/ru/", "ru"),
        Edition(r"//[^/]+/en/", "en"),
    ),
    layouts=(Layout(headline="div.news-top-head__title", body="div.content-block"),),
    basis={"feed": "list", "listing": "scraper", "editions": "guess", "layouts": "scraper"},
)
