"""Written pages for the parser's tests: invented text on example hosts, and the one moment they were fetched."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from scraper.parse import page_from
from scraper.records import Article, Page, Response
from scraper.source import Source

FOLDER = Path(__file__).parent / "fixtures" / "pages"
FETCHED = datetime(2025, 11, 10, 6, tzinfo=UTC)
HERALD = Source(
    key="herald", home="https://herald.example/", discover=(), language="en", timezone="Asia/Tashkent",
)  # fmt: skip

SENTENCES = (
    "The reservoir above Tolmen dropped by four metres in a single summer, and the council has closed the sluice.",
    "Farmers on the eastern bank will be paid for the hay they could not cut, once the assessors have walked them.",
    "The neighbouring district of Varn offered to share its spring until the pumps of the old station are repaired.",
    "Engineers expect the level to recover by April if the winter brings as much snow as the last one did up there.",
)


def story(*, head: str = "", above: str = "", below: str = "", title: str = "Council closes the lower sluice") -> str:
    """Return a page with a headline and four paragraphs; `above` and `below` stand beside them in the article."""
    text = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    return (
        f"<!doctype html><html lang='en'><head><title>{title}</title>{head}</head><body><main><article>"
        f"<h1>{title}</h1>{above}{text}{below}</article></main></body></html>"
    )


def page(html: str | bytes, source: Source = HERALD, url: str = "https://herald.example/sluice/") -> Page:
    """Read a written page as if it had been fetched."""
    body = html.encode() if isinstance(html, str) else html
    return page_from(Response(url, url, 200, (("Content-Type", "text/html"),), body, FETCHED), source)


def article(html: str, source: Source = HERALD, url: str = "https://herald.example/sluice/") -> Article:
    """Read a written page that holds an article."""
    read = page(html, source, url).article
    assert read is not None
    return read
