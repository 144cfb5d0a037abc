"""Tashkent Times: English, Joomla addresses. The weekday and date above a story are the page's clock.

A story address was seen in a real page; the front page as a listing is a guess.
"""

from __future__ import annotations

from scraper.source import Listing, Source

SOURCE = Source(
    key="tashkenttimes",
    name="Tashkent Times",
    home="http://tashkenttimes.uz/",
    country="UZ",
    language="en",
    timezone="Asia/Tashkent",
    discover=(Listing("http://tashkenttimes.uz/"),),
    story=r"https?://(?:www\.)?tashkenttimes\.uz/[a-z-]+/\d+-[^/?#]+/?",
    external_id=r"//[^/]+/[a-z-]+/(\d+)-",
    basis={"story": "page", "listing": "guess"},
)
