"""Paradigma.uz: English beside Uzbek. An Uzbek alternative text stands before each headline, the date behind it.

A section of the English edition was seen in a real page, its story addresses were not.
"""

from __future__ import annotations

from scraper.source import Edition, Listing, Source

SOURCE = Source(
    key="paradigma",
    name="Paradigma.uz",
    home="https://paradigma.uz/",
    country="UZ",
    language="uz",
    timezone="Asia/Tashkent",
    discover=(Listing("https://paradigma.uz/en/category/uzbekistan"),),
    editions=(Edition(r"//[^/]+/en/", "en"),),
    basis={"listing": "page", "editions": "page"},
)
