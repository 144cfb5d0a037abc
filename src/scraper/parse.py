"""Response in, Page out. No network, no disk, no clock.

    bytes -> document -> outline (lines and boxes) -> headline -> story (the lines that are it) -> Article
                 |                                       ^
                 +-- script data, meta, links -----------+

One Lexbor parse a page, one walk over its tree. What a page says about itself in script data and meta is a witness;
the text is read off the page.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from scraper.document import Document, document_from, document_from_text
from scraper.errors import NotAnArticle
from scraper.marks import HEAD_BYTES, asks_noarchive, may_ask_noarchive
from scraper.reading.alternates import alternates_from
from scraper.reading.authors import Authors, authors_from
from scraper.reading.blocks import full_outline_from, outline_from
from scraper.reading.body import Story, story_from
from scraper.reading.captions import images_from
from scraper.reading.density import LASTING, headline_line
from scraper.reading.headline import headline_from
from scraper.reading.judgement import is_paywalled, missing_from, other_type
from scraper.reading.layouts import layout_from, selected, selected_body, selected_text
from scraper.reading.metadata import (
    Found,
    article_data,
    canonical_from,
    language_from,
    lead_from,
    section_from,
    standfirst_from,
    tags_from,
)
from scraper.reading.outline import Outline
from scraper.reading.persons import names_in
from scraper.reading.prose import Prose, is_cut, prose_from, prose_from_text
from scraper.reading.published import modified_from, published_from, zone_from
from scraper.reading.stamped import UNKNOWN_FETCH, Calendar, Dated, Place
from scraper.reading.state import text_from_data
from scraper.reading.titled import state_text, titled_headline
from scraper.records import Article, Headers, Image, Origin, Page, Response
from scraper.scriptdata import Json
from scraper.source import Layout, Source
from scraper.text import squeezed
from scraper.urls import edition_language, external_id, normalised, shared_id
from scraper.widgets import ticker_of_page

_LITTLE = 400  # characters of running text; a page with less is read again, whatever its boxes are called


def page_from(response: Response, source: Source | None) -> Page:
    """Read a story page: its article, or why it holds none, and its ticker.

    Without a source the page's own word for its zone and language is taken.

    Raises:
        ParseError: the page cannot be read at all.
    """
    content_type = response.header("content-type")
    if (other := other_type(response.body, content_type)) is not None:
        return Page(response.url, response.fetched, None, other)
    document = document_from(response.body, content_type, response.url)
    ticker = ticker_of_page(document, source.widgets if source else ())
    article, missing = _reading(document, response.fetched, source)
    if article is not None and _asks_noarchive(document, response.body, response.headers):
        article = replace(article, noarchive=True)
    return Page(response.url, response.fetched, article, missing, ticker)


def extract(html: str | bytes, url: str, *, fetched: datetime | None = None) -> Article:
    """Read the article of a page of any site; without `fetched` (UTC) no date counts as lying in the future.

        article = scraper.extract(html, "https://herald.example/sluice/")
        print(article.headline, article.published, article.body, sep="\\n\\n")

    Raises:
        NotAnArticle: the page holds no article; the message says what it is.
        ParseError: the page cannot be read at all.
    """
    document = document_from_text(html, url) if isinstance(html, str) else document_from(html, None, url)
    article, missing = _reading(document, fetched or UNKNOWN_FETCH, None)
    if article is None:
        raise NotAnArticle(f"no article, {missing}", url)
    return replace(article, noarchive=True) if _asks_noarchive(document, html) else article


def _asks_noarchive(document: Document, page: str | bytes, headers: Headers = ()) -> bool:
    """Tell whether the answer asks that no copy be kept; its bytes are looked at where a `<meta>` may do so."""
    if not may_ask_noarchive(document.meta):
        return asks_noarchive(headers, b"")
    return asks_noarchive(headers, page if isinstance(page, bytes) else page[:HEAD_BYTES].encode("utf-8", "replace"))


@dataclass(slots=True)
class _Subject:
    """One page on its way to an article."""

    document: Document
    fetched: datetime
    source: Source | None
    layout: Layout
    data: Json
    outline: Outline
    headline: Found
    story: Story
    origins: list[Origin] = field(default_factory=list)

    def kept(self, name: str, found: Found | None) -> str | None:
        """Note where a field came from and return its value."""
        if found is None:
            return None
        self.origins.append(Origin(name, found.source, found.sure))
        return found.value


def _reading(document: Document, fetched: datetime, source: Source | None) -> tuple[Article | None, str | None]:
    """Return the article, or why there is none."""
    layout = layout_from(source, fetched)
    for node in selected(document, layout.drop):
        node.decompose()
    outline, data = outline_from(document.tree.body), article_data(document)
    headline = _chosen(selected_text(document, layout.headline)) or headline_from(document, data, outline)
    title = headline.value if headline else ""
    story, outline = _story(document, data, outline, title, layout)
    prose, origin = _prose(document, data, story, title)
    if headline is not None and headline.source == "title" and origin.source == "script":
        headline = replace(headline, value=titled_headline(document, title))
    missing = missing_from(document, data, story, title, prose.text)
    if missing is not None or headline is None:
        return None, missing or "no headline"
    subject = _Subject(document, fetched, source, layout, data, outline, headline, story)
    subject.origins += [Origin("headline", headline.source, headline.sure), origin]
    return _article(subject, prose), None


def _chosen(text: str | None) -> Found | None:
    """Return the text that a source's selector found as a value of its own kind."""
    return Found(squeezed(text), "selector", 0.95) if text else None


def _story(document: Document, data: Json, outline: Outline, title: str, layout: Layout) -> tuple[Story, Outline]:
    """Return the story, and the outline of the page to read the rest from."""
    told = text_from_data(data)
    named = selected_body(document, layout.body)
    if named is not None:
        story = story_from(full_outline_from(named), title, told, LASTING)
        if story.chosen:
            return story, outline
    story = story_from(outline, title, told)
    if story.weight < _LITTLE:
        full = full_outline_from(document.tree.body)
        wider = story_from(full, title, told, LASTING)
        if wider.weight > 3 * story.weight or not story.chosen:
            return wider, full
    return story, outline


def _prose(document: Document, data: Json, story: Story, title: str) -> tuple[Prose, Origin]:
    """Return the text of the page's markup, or of its script data where those hold over twice as much."""
    prose = prose_from(story)
    least = 2 * len(prose.text) + 100
    told = text_from_data(data)
    if len(told) > least:
        return prose_from_text(told), Origin("body", "json-ld", 0.6)
    if len(prose.text) < _LITTLE:
        state = _prose_of_state(document, title, prose.text)
        if len(state.text) > least:
            return state, Origin("body", "script", 0.6)
    if not prose.text and not is_paywalled(data, document):
        return prose_from_text(standfirst_from(document, data)), Origin("body", "meta", 0.3)
    return prose, Origin("body", "structure", 0.95 if story.told else 0.85)


def _prose_of_state(document: Document, title: str, shown: str) -> Prose:
    """Return the story that stands in the page's script state; HTML in it is read like a page's."""
    text = state_text(document, title, shown)
    if "</" not in text:
        return prose_from_text(text)
    story = story_from(outline_from(document_from_text(text, document.url).tree.body), "")
    return replace(prose_from(story), images=images_from(story, document.base))


def _article(subject: _Subject, prose: Prose) -> Article:
    document, data, source, layout = subject.document, subject.data, subject.source, subject.layout
    place = _place(subject)
    language = subject.kept("language", _language(subject, prose.text))
    published, modified = _dates(subject, language, place)
    authors = _authors(subject, place)
    section = _chosen(selected_text(document, layout.section))
    section = section or section_from(document, data, subject.outline, place.headline_at)
    canonical = subject.kept("canonical", canonical_from(document, data))
    drop = source.drop_query if source else ()
    return Article(
        url=normalised(document.url, drop),
        headline=subject.headline.value,
        body=prose.text,
        canonical=normalised(canonical, drop) if canonical else None,
        external_id=external_id(document.url, source) if source else None,
        lead=subject.kept("lead", lead_from(document, data, prose.text)),
        authors=authors.names,
        byline=authors.byline,
        section=subject.kept("section", None if section and section.value == authors.byline else section),
        tags=_tags(subject),
        language=language,
        alternates=alternates_from(document, drop),
        shared_id=shared_id(document.url, source) if source else None,
        published=published.stamp if published else None,
        modified=modified.stamp if modified else None,
        images=_images(subject, prose),
        blocks=prose.blocks,
        truncated=is_cut(prose.text),
        paywalled=is_paywalled(data, document),
        origins=tuple(subject.origins),
    )


def _language(subject: _Subject, text: str) -> Found | None:
    source, document = subject.source, subject.document
    if source is None:
        return language_from(document, subject.data, text)
    edition = edition_language(document.url, source)
    return language_from(document, subject.data, text, edition=edition, declared=source.language)


def _is_whole(subject: _Subject) -> bool:
    """Tell whether the story was read off the outline the rest is read from."""
    return subject.story.page.outline is subject.outline


def _place(subject: _Subject) -> Place:
    """Return where the story stands in the outline the rest is read from."""
    title = subject.headline.value
    if _is_whole(subject):
        return Place(subject.story.page.headline_at, subject.story.first, subject.story.last, title)
    return Place(headline_line(subject.outline, title), headline=title)


def _dates(subject: _Subject, language: str | None, place: Place) -> tuple[Dated | None, Dated | None]:
    """Return when the story was published and changed, each with its origin noted."""
    document, data, source = subject.document, subject.data, subject.source
    if language == "en" and source is not None and source.country:
        language = f"en-{source.country}"  # 03/04/2026 is in March where the month comes first
    calendar = Calendar(source.timezone if source else zone_from(document, data), subject.fetched, language)
    stamp = calendar.stamp(selected_text(document, subject.layout.published))
    published = Dated(stamp, "selector", 0.95) if stamp else None
    published = published or published_from(document, data, subject.outline, place, calendar)
    modified = modified_from(document, data, calendar)
    for name, dated in (("published", published), ("modified", modified)):
        if dated is not None:
            subject.origins.append(Origin(name, dated.source, dated.sure))
    return published, modified


def _authors(subject: _Subject, place: Place) -> Authors:
    byline = selected_text(subject.document, subject.layout.byline)
    names = tuple(names_in(byline)) if byline else ()
    authors = authors_from(subject.document, subject.data, subject.outline, place)
    if names:
        authors = Authors(names, byline, "selector", 0.95)
    if authors.names:
        subject.origins.append(Origin("authors", authors.source, authors.sure))
    return authors


def _tags(subject: _Subject) -> tuple[str, ...]:
    tags, source = tags_from(subject.document, subject.data)
    if tags:
        subject.origins.append(Origin("tags", source, 0.8))
    return tags


def _images(subject: _Subject, prose: Prose) -> tuple[Image, ...]:
    """Return the story's images, then a row without an address for each caption that was never rendered."""
    images = list(prose.images or images_from(subject.story, subject.document.base))
    named = [squeezed(node.text(separator=" ")) for node in selected(subject.document, subject.layout.captions)]
    known = {image.caption for image in images}
    for text in (*(text for text in named if text and text not in known), *prose.captions):
        images.append(Image(len(images), None, caption=text))
    if images:
        subject.origins.append(Origin("images", "selector" if named else "structure", 0.95 if named else 0.8))
    return tuple(images)
