"""The selectors of every built-in source on an invented page made from them, and on the same page without its names.

Such a page does not prove that the real site looks so: docs/sources.md says where each selector was read.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from scraper.parse import page_from
from scraper.records import Article, Response
from scraper.source import Layout, Source
from scraper.sources import ALL

FETCHED = datetime(2024, 3, 20, 12, tzinfo=UTC)
HEADLINE = "The bridge over the Tolmen opens again"
SENTENCES = (
    "The old bridge was opened to traffic on Monday after a whole winter of repairs, the roads office said.",
    "Lorries had used the ferry below the town since October, and drivers waited up to four hours in the ice.",
    "The new deck rests on eleven piers, each of them two metres wider than before, and carries a path as well.",
)
_PART = re.compile(r"\.([\w-]+)|#([\w-]+)|\[([\w-]+)~?=\"?([\w-]+)\"?\]")
WITH_LAYOUTS = [(key, layout) for key, source in ALL.items() for layout in source.layouts]


def marked(selector: object, inside: str, tag: str = "div") -> str:
    """Return markup that a selector of ours finds, `inside` its innermost element."""
    for part in reversed(str(selector).split() if selector else [tag]):
        name = re.match(r"\w+", part)
        classes = " ".join(match[1] for match in _PART.finditer(part) if match[1])
        others = "".join(f' id="{match[2]}"' if match[2] else f' {match[3]}="{match[4]}"'
                         for match in _PART.finditer(part) if not match[1])  # fmt: skip
        element = name[0] if name else "div"
        inside = f'<{element} class="{classes}"{others}>{inside}</{element}>'
    return inside


def article(source: Source, layout: Layout, *, named: bool) -> Article:
    """Read the layout's page, with every class and id as it is or with none."""
    text = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    html = (
        f'<html><head><title>{HEADLINE}</title><meta property="og:title" content="{HEADLINE}"></head><body><main><div>'
        f'{marked(layout.headline, HEADLINE, "h1")}{marked(layout.published, "12.03.2024 09:30")}'
        f"{marked(layout.byline, 'Invented Writer') if layout.byline else ''}</div>{marked(layout.body, text)}"
        "</main></body></html>"
    )
    if not named:
        html = re.sub(r' (?:class|id)="[^"]*"', "", html)
    url = f"{source.home}an-invented-page"
    found = page_from(Response(url, url, 200, (), html.encode(), FETCHED), source).article
    assert found is not None
    return found


@pytest.mark.parametrize(("key", "layout"), WITH_LAYOUTS, ids=[key for key, _ in WITH_LAYOUTS])
def test_a_page_is_read_with_its_selectors_and_without_its_names(key: str, layout: Layout) -> None:
    source = ALL[key]

    with_names, without = article(source, layout, named=True), article(source, layout, named=False)

    for found in (with_names, without):
        assert (found.headline, found.body) == (HEADLINE, "\n\n".join(SENTENCES))
        assert found.published is not None
        assert (found.published.raw, found.published.precision) == ("12.03.2024 09:30", "minute")
    origins = {origin.field: origin.source for origin in with_names.origins}
    assert (origins["headline"] == "selector") == (layout.headline is not None)
    assert (origins["published"] == "selector") == (layout.published is not None)
    assert (origins.get("authors") == "selector") == (layout.byline is not None)
