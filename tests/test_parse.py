"""A page becomes an Article, or says why it holds none."""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scraper
from pages import FETCHED, FOLDER, HERALD, SENTENCES, article, page, story
from scraper.errors import NotAnArticle, ParseError
from scraper.parse import extract, page_from
from scraper.records import Article, Quote, Response
from scraper.source import Layout

PAGES = sorted(FOLDER.glob("*.html"))
ADDRESS = "https://herald.example/sluice/"


def shown(path: Path, html: str) -> dict[str, object]:
    """Return what a written page yields, in the form of its expectation file."""
    read = page(html, url=f"https://herald.example/{path.stem}/")
    found = read.article
    if found is None:
        return {"missing": read.missing}
    return {
        "headline": found.headline,
        "body": found.body.split("\n\n"),
        "authors": list(found.authors),
        "published": found.published and found.published.isoformat(),
        "section": found.section,
        "tags": list(found.tags),
        "language": found.language,
        "images": [[image.url, image.caption, image.credit, image.role] for image in found.images],
        "blocks": [[block.kind, found.body[block.start : block.end]] for block in found.blocks],
        "truncated": found.truncated,
    }


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_each_kind_of_page_yields_what_stands_beside_it(path: Path) -> None:
    """One written page guards each kind: the next article, a live blog, split containers, a stub, a challenge ..."""
    assert shown(path, path.read_text("utf-8")) == json.loads(path.with_suffix(".json").read_text("utf-8"))


def test_the_names_of_classes_do_not_decide() -> None:
    """The page with the header clock and the ticker reads the same with every class and id renamed."""
    path = FOLDER / "ticker-and-clock.html"
    html = path.read_text("utf-8").replace("<main>", '<main class="story-body">').replace("<div>", '<div id="related">')

    renamed = re.sub(r'(class|id)="[^"]*"', r'\1="x7"', html)

    assert shown(path, renamed) == json.loads(path.with_suffix(".json").read_text("utf-8"))


def test_the_ticker_is_read_beside_the_story() -> None:
    """Eight cells hold two rates; none of them reaches the body, the clock above never dates the story."""
    read = page((FOLDER / "ticker-and-clock.html").read_bytes())

    assert [quote.label for quote in read.ticker.quotes] == ["KGS/USD", "UZS/USD"]
    assert isinstance(read.ticker.quotes[0], Quote)
    assert read.article is not None
    assert "USD" not in read.article.body
    assert read.article.published is not None
    assert read.article.published.day == date(2025, 10, 11)


@pytest.mark.parametrize(
    "clock",
    [
        "<header><time datetime='2025-11-10T09:14'>10 November 2025</time></header>",
        "<header><div><span>Monday, 10 November 2025, 09:14</span></div></header>",
        "<div><div><p>10 November 2025</p></div></div>",
    ],
)
def test_a_header_clock_dates_no_story(clock: str) -> None:
    """It stands above the headline, in a box the headline does not share."""
    html = story().replace("<body>", f"<body>{clock}").replace("<article>", "<article><div><div>", 1)

    assert article(html.replace("<h1>", "<div><div><h1>").replace("</h1>", "</h1></div></div>")).published is None


HEAD = (
    '<meta property="og:site_name" content="Valley Herald"><link rel="canonical" href="/sluice-closed/">'
    '<meta property="article:published_time" content="2025-09-14T08:30:00+05:00">'
    '<meta property="article:modified_time" content="2025-09-15T09:00:00+05:00">'
    '<meta property="article:section" content="Valley"><meta name="keywords" content="water, council">'
    '<meta name="author" content="Tavi Orlen"><meta name="description" content="' + SENTENCES[0] + '">'
)
FIGURE = '<figure><img src="/a.jpg" alt="Sluice"><figcaption>The lower sluice on Monday.</figcaption></figure>'


EDITIONS = '<link rel="alternate" hreflang="ru" href="/ru/sluice/"><link rel="alternate" hreflang="en" href="/sluice/">'
LOCKED = '</article><script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>'


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("headline", "Council closes the lower sluice", "Council opens the upper sluice"),
        ("body", "hay they could not cut", "wheat they could not cut"),
        ("lead", "in a single summer", "in a single winter"),
        ("authors", "Tavi Orlen", "Odra Penn"),
        ("published", "2025-09-14T08:30", "2025-09-13T08:30"),
        ("modified", "2025-09-15T09:00", "2025-09-16T09:00"),
        ("section", 'content="Valley"', 'content="Ridge"'),
        ("tags", "water, council", "water, hay"),
        ("language", "lang='en'", "lang='de'"),
        ("canonical", "/sluice-closed/", "/sluice-shut/"),
        ("images", "The lower sluice on Monday.", "The lower sluice on Tuesday."),
        ("blocks", "<h2>Help from Varn</h2>", "<p>Help came from Varn.</p>"),
        ("truncated", "are repaired.</p></article>", "are repaired...</p></article>"),
        ("paywalled", "</article>", LOCKED),
        ("byline", "Text by Ilma Draskov", "Text by Sorin Valk"),
        ("alternates", "/ru/sluice/", "/ru/gate/"),
    ],
)  # fmt: skip
def test_a_field_is_read_only_if_its_text_changes_it(name: str, old: str, new: str) -> None:
    """Every field of an article follows the page."""
    html = story(head=HEAD + EDITIONS, above='<p class="byline">Text by Ilma Draskov</p>' + FIGURE,
                 below="<h2>Help from Varn</h2><p>" + SENTENCES[2] + "</p>")  # fmt: skip
    assert old in html

    before, after = article(html), article(html.replace(old, new))

    assert getattr(before, name) != getattr(after, name)


def test_every_field_says_where_it_came_from() -> None:
    """Origins name the kind of place and how sure it is."""
    found = article(story(head=HEAD, above=FIGURE))

    assert {origin.field: origin.source for origin in found.origins} == {
        "headline": "structure", "body": "structure", "language": "structure", "canonical": "structure",
        "published": "open-graph", "modified": "meta", "authors": "meta", "lead": "meta", "section": "open-graph",
        "tags": "meta", "images": "structure",
    }  # fmt: skip
    assert all(0 < origin.sure <= 1 for origin in found.origins)


def test_the_same_page_twice_gives_the_same_article() -> None:
    """Nothing is remembered from one page to the next."""
    html = (FOLDER / "captions.html").read_text("utf-8")

    assert article(html) == article(html)


def test_an_address_is_normalised_and_carries_the_publisher_s_number() -> None:
    """The number is the first group of the source's pattern."""
    source = replace(HERALD, external_id=r"-(\d+)/?$", drop_query=("view",))

    found = article(story(), source, "https://herald.example/sluice-4711/?view=print&utm_source=x")

    assert (found.url, article(story(), source, "https://herald.example/sluice-4711/").external_id) == (
        "https://herald.example/sluice-4711/", "4711",
    )  # fmt: skip


@pytest.mark.parametrize("href", ["https://other.example/sluice/", "/", "https://herald.example", "javascript:void(0)"])
def test_a_canonical_address_elsewhere_is_ignored(href: str) -> None:
    """Another host, or the home page, is a mistake of the template."""
    assert article(story(head=f'<link rel="canonical" href="{href}">')).canonical is None


def test_a_layout_sharpens_the_page_of_its_day() -> None:
    """Selectors count up to and including `until`; one that finds nothing changes nothing."""
    html = story(above="<p class='when'>3 August 2025</p><p class='who'>Odra Penn</p>", below="<p class='x'>No.</p>")
    layout = Layout(published=".when", byline=".who", body="article", drop=".x", section=".none", headline="h1 [[")

    now = article(html, replace(HERALD, layouts=(replace(layout, until=date(2025, 11, 10)),)))
    past = article(html, replace(HERALD, layouts=(replace(layout, until=date(2025, 11, 9)),)))

    assert (now.authors, now.published and now.published.day) == (("Odra Penn",), date(2025, 8, 3))
    assert {origin.source for origin in now.origins if origin.field in ("authors", "published")} == {"selector"}
    assert "selector" not in {origin.source for origin in past.origins}


def test_a_page_for_library_users_needs_no_source() -> None:
    """`scraper.extract` takes text or bytes, and an address."""
    found = scraper.extract(story(head=HEAD), ADDRESS)

    assert isinstance(found, Article)
    assert found == extract(story(head=HEAD).encode(), ADDRESS)
    assert found.published is not None
    assert found.published.isoformat() == "2025-09-14T08:30:00+05:00"


def test_a_date_after_the_fetch_is_not_believed() -> None:
    """Where the fetch is not known nothing lies after it."""
    late = story(head=HEAD.replace("2025-09", "2026-09"))

    stamp = extract(late, ADDRESS, fetched=FETCHED).published
    assert stamp is not None
    assert (stamp.instant, stamp.fault) == (None, "after the fetch")
    assert extract(late, ADDRESS, fetched=FETCHED + timedelta(days=400)).published is not None
    assert extract(late, ADDRESS).published is not None


def test_a_day_without_a_year_is_no_date_if_the_fetch_is_not_known() -> None:
    """The rule needs the day of the fetch to find the year."""
    html = story(above="<p>11 October</p>")

    assert extract(html, ADDRESS).published is None
    stamp = extract(html, ADDRESS, fetched=FETCHED).published
    assert stamp is not None
    assert stamp.day == date(2025, 10, 11)


@pytest.mark.parametrize("name", ["soft-404", "empty-shell", "listing", "challenge", "paywall-stub"])
def test_a_page_without_an_article_says_so(name: str) -> None:
    """`extract` raises what `page_from` reports."""
    html = (FOLDER / f"{name}.html").read_text("utf-8")

    with pytest.raises(NotAnArticle, match=str(page(html).missing)):
        extract(html, ADDRESS)


@pytest.mark.parametrize(
    ("head", "marked"),
    [
        ("<meta name=Robots content='index, NoArchive'>", True),
        ("<noscript><meta name=robots content=noarchive></noscript>", False),
        ("<link title='<meta name=robots content=noarchive>'>", False),
        ("", False),
    ],
)
def test_a_page_s_own_meta_element_asks_that_no_copy_be_kept(head: str, marked: bool) -> None:
    """Of bytes and of text alike; in a value of an attribute it is text."""
    html = story(head=head)

    assert (article(html).noarchive, extract(html, ADDRESS).noarchive) == (marked, marked)


@pytest.mark.parametrize("sign", ["é", "\ufeffé", "\x00é", "\ufffd"])
def test_bytes_are_read_like_the_text_they_are(sign: str) -> None:
    html = story(above=f"<p>{sign} {SENTENCES[0]}</p>")

    assert extract(html.encode(), ADDRESS) == extract(html.replace("\x00", ""), ADDRESS)


@pytest.mark.parametrize(
    ("content_type", "first", "missing"),
    [
        ("application/pdf", b"", "of the type application/pdf"),
        ("Image/JPEG; q=1", b"", "of the type image/jpeg"),
        ("text/html", b"%PDF-1.7\n", "a PDF file"),
        (None, b"PK\x03\x04", "a ZIP file"),
        ("application/octet-stream", b"", None),
        ("application/vnd.wap.xhtml+xml", b"", None),
    ],
)
def test_what_is_no_page_is_not_read_as_one(content_type: str | None, first: bytes, missing: str | None) -> None:
    """By its declared type or its first bytes, whatever stands behind them."""
    headers = (("Content-Type", content_type),) if content_type else ()
    body = first + (FOLDER / "ticker-and-clock.html").read_bytes()

    found = page_from(Response(ADDRESS, ADDRESS, 200, headers, body, FETCHED), HERALD)

    assert (found.missing, found.article is None) == (missing, missing is not None)


@pytest.mark.parametrize("html", ["", " ", "<", "<html>", "<!--", "<p>", "\x00", "<body><img><br></body>", "\ufeff"])
def test_a_page_of_nothing_holds_no_article(html: str) -> None:
    """The emptiest pages are pages."""
    assert page(html).article is None


MUTATIONS = st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 60), st.sampled_from([
    "", "<", ">", "</div>", "<div>", "<p>", "<h1>", "<a href='x'>", "<article>", "<table><tr><td>", "<br>", "\x00",
    "&#0;", "\u202e", "<script>", "<!--", '"', "'", "[caption ", "{{", "<time datetime='9999-99-99'>",
    "<img src='http://[x'>", "日" * 30,
])), max_size=12)  # fmt: skip


@settings(max_examples=150)
@given(st.sampled_from(PAGES), MUTATIONS)
def test_a_mutated_page_raises_nothing_but_a_parse_error(path: Path, mutations: list[tuple[int, int, str]]) -> None:
    """Cut, doubled and broken markup is what real sites send."""
    html = path.read_text("utf-8")
    for at, length, text in mutations:
        at %= len(html) + 1
        html = html[:at] + text + html[at + length :]

    try:
        found = extract(html, ADDRESS)
    except ParseError:
        return

    assert found.headline
    assert found.body
    assert all(0 <= block.start < block.end <= len(found.body) for block in found.blocks)


@pytest.mark.parametrize(
    "html",
    [
        story(below="<p>" + "a" * 1_000_000 + "</p>"),
        story(below="<p>" + " <b>a</b>" * 20_000 + "</p>"),
        story(below="<p>" + "[caption " * 50_000 + "</p>"),
        story(below="<p>" + "[" * 200_000 + "</p>"),
        story(below="<span>" + "<br>x" * 20_000 + "</span>"),
        story(below=FIGURE * 2_000),
        story(below="<time datetime='x'>" * 3_000),
        story(head='<script type="application/ld+json">' + '{"headline":"' * 20_000 + "</script>"),
        story(head='<script type="application/ld+json">' + '"' + "\\" * 200_000 + "</script>"),
        story(head="<script>self.__next_f.push([1,\"" + "1:T1," * 20_000 + "\"])</script>").replace(SENTENCES[0], ""),
        story(title="x | " * 5_000),
        story(head="".join(f'<meta name="author" content="A{i} B, C D and E F">' for i in range(3_000))),
        story(above="<p>" + "12.12.2025 " * 20_000 + "</p>"),
    ],
    ids=lambda html: html[-60:-40],
)
def test_a_hostile_page_is_read_in_a_second(html: str) -> None:
    """No string makes a pattern or a loop quadratic."""
    began = time.process_time()

    page(html)

    assert time.process_time() - began < 1


def test_a_page_of_a_hundred_thousand_siblings_is_read_in_three_seconds() -> None:
    """Every loop over boxes is linear in them."""
    html = story(below="".join(f'<div class="b{i} {"x" * 30}" id="i{i}"></div>' for i in range(100_000)))
    began = time.process_time()

    found = article(html)

    assert found.body.startswith(SENTENCES[0])
    assert time.process_time() - began < 3


def test_the_moment_of_the_fetch_is_kept() -> None:
    """The page record carries it to the store."""
    assert page(story()).fetched == FETCHED
    assert isinstance(FETCHED, datetime)
