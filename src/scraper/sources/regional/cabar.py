"""CABAR.asia: English under /en/, Russian and more. Excerpts end in "(more…)".

Tag listings of the English edition were seen in real pages. The feed is from a public feed list; the English front page
as a listing is a guess, and story addresses are not known.
"""

from __future__ import annotations

from scraper.source import Edition, Feed, Listing, Source

SOURCE = Source(
    key="cabar",
    name="CABAR.asia",
    home="https://cabar.asia/",
    language="ru",
    timezone="Asia/Bishkek",
    discover=(
        Feed("https://cabar.asia/en/feed/"),
        Listing("https://cabar.asia/en/"),
    ),
    skip=r"/tag/",
    editions=(Edition(r"//[^/]+/en(?:/|$)", "en"),),
    basis={"feed": "list", "listing": "guess", "editions": "page"},
)
