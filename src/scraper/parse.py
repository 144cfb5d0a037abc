"""Response in, Page out. No network, no disk, no clock.

    bytes -> document -> outline (lines and boxes) -> headline -> story (the lines that are it) -> Article
                 |                                       ^
                 +-- script data, meta, links -----------+

One Lexbor parse a page, one walk over its tree. What a page says about itself in script data and meta is a witness;
the text is read off the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from scraper.authors import authors_from
from scraper.blocks import full_outline_from, outline_from
from scraper.body import Story, story_from
from scraper.density import LASTING
from scraper.captions import images_from
from scraper.document import Document, Json, document_from, document_from_text, page_text
from scraper.errors import NotAnArticle, ParseError
from scraper.judgement import is_paywalled, missing_from
from scraper.metadata import (
    Found,
    article_data,
    canonical_from,
    headline_from,
    language_from,
    lead_from,
    section_from,
    standfirst_from,
    tags_from,
)
from scraper.prose import Prose, is_cut, prose_from, prose_from_text
from scraper.published import UNKNOWN_FETCH, Calendar, modified_from, published_from, zone_from
from scraper.quotes import ticker_from
from scraper.records import Article, Image, Origin, Page, Response
from scraper.source import Layout, Source
from scraper.state import text_from_data, text_from_state
from scraper.urls import normalised


_LITTLE = 400  # characters of running text; a page with less is read again, whatever its boxes are called


def page_from(response: Response, source: Source) -> Page:
    """Read a story page: its article, or why it holds none, and its ticker.

    Raises:
        ParseError: the page cannot be read at all.
    """
    document = document_from(response.body, response.header("content-type"), response.url)
    reading = _reading(document, response.fetched, source)
    ticker = ticker_from(page_text(document))
    return Page(response.url, response.fetched, reading.article, reading.missing, ticker)


def extract(html: str | bytes, url: str, *, fetched: datetime | None = None) -> Article:
    """Read the article of a page of any site; without `fetched` (UTC) no date counts as lying in the future.

    Raises:
        NotAnArticle: the page holds no article; the message says what it is.
        ParseError: the page cannot be read at all.
    """
    document = document_from_text(html, url) if isinstance(html, str) else document_from(html, None, url)
    reading = _reading(document, fetched or UNKNOWN_FETCH, None)
    if reading.article is None:
        raise NotAnArticle(f"no article, {reading.missing}", url)
    return reading.article


@dataclass(frozen=True, slots=True)
class _Reading:
    article: Article | None
    missing: str | None = None


def _reading(document: Document, fetched: datetime, source: Source | None) -> _Reading:
    outline = outline_from(document.tree.body)
    data = article_data(document)
    headline = headline_from(document, data, outline.h1s())
    title = headline.value if headline else ""
    story = story_from(outline, title, text_from_data(data))
    if story.weight < _LITTLE:
        wider = story_from(full_outline_from(document.tree.body), title, text_from_data(data), LASTING)
        story = wider if wider.weight > 3 * story.weight else story
    prose, origin = _prose(document, data, story)
    missing = missing_from(document, data, story, title, prose.text)
    if missing is not None or headline is None:
        return _Reading(None, missing or "no headline")
    return _Reading(_article(document, data, story, headline, prose, origin, fetched, source))


def _prose(document: Document, data: Json, story: Story) -> tuple[Prose, Origin]:
    """Return the text of the page's markup, or of its script data where those hold over twice as much."""
    prose = prose_from(story)
    told = text_from_data(data)
    if len(told) > 2 * len(prose.text) + 100:
        return prose_from_text(told), Origin("body", "json-ld", 0.6)
    if len(prose.text) < _LITTLE and (state := _prose_of_state(document)) and len(state.text) > 2 * len(prose.text) + 100:
        return state, Origin("body", "script", 0.6)
    if not prose.text and not is_paywalled(data, document):
        return prose_from_text(standfirst_from(document, data)), Origin("body", "meta", 0.3)
    return prose, Origin("body", "structure", 0.95 if story.told else 0.85)


def _prose_of_state(document: Document) -> Prose | None:
    """Return the story that stands in the page's script state; HTML in it is read like a page's."""
    text = text_from_state(document)
    if "</" not in text:
        return prose_from_text(text) if text else None
    return prose_from(story_from(outline_from(document_from_text(text, document.url).tree.body), ""))


def _article(
    document: Document, data: Json, story: Story, headline: Found, prose: Prose, origin: Origin, fetched: datetime,
    source: Source | None,
) -> Article:
    origins = [Origin("headline", headline.source, headline.sure), origin]

    def kept(name: str, found: Found | None) -> str | None:
        if found is None:
            return None
        origins.append(Origin(name, found.source, found.sure))
        return found.value

    outline, at = story.page.outline, story.page.headline_at
    language = kept("language", language_from(document, data, prose.text, source.language if source else None))
    calendar = Calendar(source.timezone if source else zone_from(document, data), fetched, language)
    published = published_from(document, data, outline, at, calendar)
    modified = modified_from(document, data, calendar)
    origins.extend(Origin(name, dated.source, dated.sure) for name, dated in (("published", published), ("modified", modified)) if dated)
    authors = authors_from(document, data, outline, at)
    if authors.names:
        origins.append(Origin("authors", authors.source, authors.sure))
    images = images_from(story, document.url)
    uncaptioned = tuple(Image(len(images) + number, None, caption=text) for number, text in enumerate(prose.captions))
    canonical = kept("canonical", canonical_from(document, data))
    drop = source.drop_query if source else ()
    tags = tags_from(document, data)
    return Article(
        url=normalised(document.url, drop),
        headline=headline.value,
        body=prose.text,
        canonical=normalised(canonical, drop) if canonical else None,
        external_id=_external_id(document.url, source),
        lead=kept("lead", lead_from(document, data, prose.text)),
        authors=authors.names,
        byline=authors.byline,
        section=kept("section", section_from(document, data, outline, at)),
        tags=tags,
        language=language,
        published=published.stamp if published else None,
        modified=modified.stamp if modified else None,
        images=images + uncaptioned,
        blocks=prose.blocks,
        truncated=is_cut(prose.text),
        paywalled=is_paywalled(data, document),
        origins=tuple(origins),
    )


def _external_id(url: str, source: Source | None) -> str | None:
    if source is None or source.external_id is None:
        return None
    match = re.search(source.external_id, url)
    return match[1] if match else None
