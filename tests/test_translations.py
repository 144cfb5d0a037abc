"""One story in several languages: linked where its page or its address says so, and never made one row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsroom import FILLER
from scraper.parse import page_from
from scraper.records import Article, Page, Response
from scraper.source import Edition, Source
from scraper.store import Store

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOME = "https://herald.example"
SITE = Source(
    "herald", f"{HOME}/", (), timezone="Asia/Tashkent", language="uz-Latn", shared_id=r"/\d{4}/\d\d/([a-z-]+)$",
    editions=(Edition(r"//[^/]+/ru/", "ru"), Edition(r"//[^/]+/en/", "en"), Edition(r"//[^/]+/uz/", "uz-Cyrl")),
)  # fmt: skip
TEXTS = {
    "en": ("The bridge opens again", "The bridge was opened again after a long winter, and the road is shorter now."),
    "ru": ("Мост снова открыт", "Мост снова открыли после долгой зимы, и дорога теперь стала короче, чем была."),
    "uz": ("Кўприк яна очилди", "Кўприк узоқ қишдан кейин яна очилди, энди йўл анча қисқа бўлди, дейди қурувчилар."),
}


def article(url: str, alternates: Sequence[tuple[str, str]] = (), source: Source = SITE) -> Article:
    """Read an invented page of an edition that names these others."""
    headline, text = next((told for key, told in TEXTS.items() if f"/{key}/" in url), TEXTS["en"])
    links = "".join(f'<link rel="alternate" hreflang="{language}" href="{there}">' for language, there in alternates)
    paragraphs = f"<p>{text}</p><p>{text} {FILLER if '/en/' in url else text}</p>"
    body = f"<html><head><title>{headline}</title>{links}</head><body><h1>{headline}</h1>{paragraphs}</body></html>"
    page = page_from(Response(url, url, 200, (), body.encode(), NOON), source)
    assert page.article is not None
    return page.article


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store.open(tmp_path / "news.db")) as store:
        yield store


def save(store: Store, *articles: Article, source: Source = SITE) -> None:
    """Store articles, a minute apart."""
    for number, each in enumerate(articles):
        fetched = NOON + timedelta(minutes=number)
        store.save(source, Page(each.url, fetched, each), Response(each.url, each.url, 200, (), b"", fetched))


def linked(store: Store) -> set[tuple[str, str, str]]:
    """Return which languages are linked, and by what."""
    rows = store.rows("translations")
    return {(row["language"], row["translation_language"], row["linked_by"]) for row in rows}


def test_a_page_names_its_other_editions() -> None:
    """Its own address and x-default are none; what is no address or no language is passed over."""
    found = article(f"{HOME}/en/bridge", [
        ("en", "/en/bridge"), ("x-default", "/bridge"), ("ru", "/ru/most?utm_source=x"), ("ru", "/ru/most"),
        ("uz-Cyrl", f"{HOME}/uz/koprik"), ("?", "/tr/kopru"), ("fr", "http://[broken"),
    ])  # fmt: skip

    assert found.alternates == (("ru", f"{HOME}/ru/most"), ("uz-Cyrl", f"{HOME}/uz/koprik"))


def test_one_claim_links_both_stories_which_stay_two(store: Store) -> None:
    save(store, article(f"{HOME}/en/bridge", [("ru", "/ru/most")]), article(f"{HOME}/ru/most"))

    assert linked(store) == {("en", "ru", "hreflang"), ("ru", "en", "hreflang")}
    assert [row["headline"] for row in store.rows("SELECT headline FROM articles ORDER BY language")] == [
        "The bridge opens again", "Мост снова открыт"]


def test_the_order_of_arrival_does_not_matter(store: Store) -> None:
    save(store, article(f"{HOME}/ru/most"), article(f"{HOME}/en/bridge", [("ru", "/ru/most")]))

    assert linked(store) == {("en", "ru", "hreflang"), ("ru", "en", "hreflang")}


def test_a_number_the_editions_share_links_them_all(store: Store) -> None:
    save(store, *(article(f"{HOME}/{edition}/2026/03/bridge") for edition in ("en", "ru", "uz")))

    assert len(store.rows("articles")) == 3
    assert linked(store) == {(one, other, "id") for one in ("en", "ru", "uz-Cyrl") for other in ("en", "ru", "uz-Cyrl")
                             if one != other}  # fmt: skip


def test_a_link_to_another_editions_front_page_leads_nowhere(store: Store) -> None:
    """Many sites print one on every page."""
    links = [("ru", f"{HOME}/ru/"), ("uz", f"{HOME}/uz/")]
    save(store, article(f"{HOME}/en/bridge", links), article(f"{HOME}/ru/most", links))

    assert (linked(store), len(store.rows("articles"))) == (set(), 2)


def test_a_claim_on_another_source_is_not_believed(store: Store) -> None:
    other = Source("gazette", "https://gazette.example/", (), language="ru")
    save(store, article("https://gazette.example/ru/most", source=other), source=other)
    save(store, article(f"{HOME}/en/bridge", [("ru", "https://gazette.example/ru/most")]))

    assert linked(store) == set()


def test_two_stories_in_one_language_are_no_translations(store: Store) -> None:
    """A site that names its regional copies, or reuses a number."""
    one = article(f"{HOME}/en/2026/03/bridge", [("en-GB", "/en/ferry")])
    ferry = replace(article(f"{HOME}/en/ferry"), headline="A ferry goes on", body="Quite another text about a ferry.")
    save(store, one, ferry)

    assert (linked(store), len(store.rows("articles"))) == (set(), 2)


def test_a_story_that_is_forgotten_takes_its_links_along(store: Store) -> None:
    save(store, article(f"{HOME}/en/2026/03/bridge", [("ru", "/ru/2026/03/bridge")]),
         article(f"{HOME}/ru/2026/03/bridge"))  # fmt: skip

    store.shelf.forget(frozenset({f"{HOME}/en/2026/03/bridge"}), NOON)

    assert linked(store) == set()
    assert store.rows("alternates") == []
