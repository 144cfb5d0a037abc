"""What analysts ask: the views, the rates of a time, and the search."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archives import BODY, HOUR, KGS, NOON, SITE, STORY, UZS, column, saved
from scraper.records import Image, Index, Quote, Stamp, Ticker
from scraper.reports import SourceReport
from scraper.store import Store

DEARER = Quote("KGS", "USD", Decimal("0.01145"), "0.01145", Decimal("0.09"), "0.09%")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "news.db") as store:
        yield store


@pytest.fixture
def rates(store: Store) -> Store:
    """The som at 0.01144 on 2 March 12-18 h, at 0.01145 from 3 March 00 h; then four days nobody looked; the same."""
    for hours, quote in ((0, KGS), (6, KGS), (12, DEARER), (36, DEARER), (132, DEARER)):
        store.listed(SITE, Index("https://site.example/feed/", NOON + hours * HOUR, ticker=Ticker((quote, UZS))))
    return store


def test_the_latest_rates_are_one_row_a_pair(rates: Store) -> None:
    assert rates.latest_quotes() == [
        {"source": "site", "label": "KGS/USD", "rate_text": "0.01145", "change_text": "0.09%",
         "first_seen": "2026-03-08T00:00:00Z", "last_seen": "2026-03-08T00:00:00Z", "observations": 1},
        {"source": "site", "label": "UZS/USD", "rate_text": "0.00008", "change_text": "-0.10%",
         "first_seen": "2026-03-08T00:00:00Z", "last_seen": "2026-03-08T00:00:00Z", "observations": 1},
    ]
    assert [row["label"] for row in rates.latest_quotes(["kgs/usd"])] == ["KGS/USD"]


def test_a_rate_that_came_back_unchanged_after_a_silence_is_no_change(rates: Store) -> None:
    assert rates.rate_changes() == [
        {"source": "site", "label": "KGS/USD", "first_seen": "2026-03-03T00:00:00Z", "rate_text": "0.01145",
         "change_text": "0.09%", "previous_rate_text": "0.01144", "previous_seen": "2026-03-02T18:00:00Z"}]


def test_a_day_has_the_last_rate_seen_in_it(rates: Store) -> None:
    assert [(row["day"], row["rate_text"], row["low"], row["high"]) for row in rates.daily_rates(["KGS/USD"])] == [
        ("2026-03-02", "0.01144", 0.01144, 0.01144), ("2026-03-03", "0.01145", 0.01145, 0.01145),
        ("2026-03-04", "0.01145", 0.01145, 0.01145), ("2026-03-08", "0.01145", 0.01145, 0.01145)]


@pytest.mark.parametrize(("hours", "answer"), [
    (-1, []), (0, [("0.01144", 1)]), (8, [("0.01144", 0)]), (24, [("0.01145", 1)]), (90, [("0.01145", 0)]),
])
def test_the_rate_of_a_time_says_whether_anyone_looked(rates: Store, hours: int, answer: list[tuple[str, int]]) -> None:
    rows = rates.quotes_at(NOON + hours * HOUR, ["KGS/USD"])

    assert [(row["rate_text"], row["observed"]) for row in rows] == answer


def test_a_story_stands_beside_the_rates_of_its_publication(rates: Store) -> None:
    tomorrow = NOON + 24 * HOUR
    saved(rates, replace(STORY, published=Stamp("", tomorrow, tomorrow.date(), "second")), tomorrow)

    assert rates.rows("SELECT headline, label, rate_text, observed FROM articles_with_rates ORDER BY label") == [
        {"headline": "Pass closed", "label": "KGS/USD", "rate_text": "0.01145", "observed": 1},
        {"headline": "Pass closed", "label": "UZS/USD", "rate_text": "0.00008", "observed": 1}]


def test_rates_are_sought_not_scanned(rates: Store) -> None:
    """At 500,000 stories a range join takes minutes."""
    plan = [row["detail"] for row in rates.rows("EXPLAIN QUERY PLAN SELECT * FROM articles_with_rates WHERE id = 7")]

    assert [step.split()[1] for step in plan if step.startswith("SCAN")] == ["pairs"]


def test_an_edited_story_shows_both_headlines(store: Store) -> None:
    saved(store, STORY)
    saved(store, replace(STORY, headline="Pass closed again"), NOON + HOUR)
    saved(store, replace(STORY, headline="Pass open"), NOON + 2 * HOUR)

    assert store.rows("SELECT headline, previous_headline, edits, edited, changed FROM edited_articles") == [
        {"headline": "Pass open", "previous_headline": "Pass closed again", "edits": 2,
         "edited": "2026-03-02T14:00:00Z", "changed": '["headline"]'}]


def test_stories_are_counted_by_source_and_day(store: Store) -> None:
    saved(store, STORY)
    saved(store, replace(STORY, url="https://site.example/b/", body=f"{BODY} B", published=None))

    assert store.rows("articles_per_day") == [{"source": "site", "day": "2026-03-02", "articles": 1}]


@pytest.mark.parametrize("sql", [
    "SELECT source, count(*) FROM articles GROUP BY source",
    "SELECT language, count(*) FROM articles GROUP BY language",
    "SELECT section, count(*) FROM articles GROUP BY section",
    """SELECT date(published_date, 'weekday 0', '-6 days') AS week, source, section, count(*) FROM articles
    WHERE published_date IS NOT NULL GROUP BY week, source, section""",
    """SELECT published_date, source, count(*) FROM articles WHERE published_date IS NOT NULL
    AND +id IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'snow') GROUP BY published_date, source""",
])
def test_stories_are_counted_out_of_an_index(store: Store, sql: str) -> None:
    """The table holds the texts: 100,000 stories are read in half a second, their index in 20 ms."""
    plan = [row["detail"] for row in store.rows(f"EXPLAIN QUERY PLAN {sql}")]

    assert any("USING COVERING INDEX articles_" in step for step in plan)


def test_a_source_shows_how_its_last_run_went(store: Store) -> None:
    saved(store, STORY)
    for hours in (0, 1):
        report = SourceReport("site", listings=1, listed=2, known=hours, new=1 - hours)
        store.finish(store.begin(NOON + hours * HOUR), (report,), NOON + hours * HOUR)

    assert store.status() == [{
        "source": "site", "articles": 1, "without_bytes": 0, "newest": "2026-03-02T11:00:00Z", "waiting": 0,
        "last_run": "2026-03-02T13:00:00Z", "last_end": "2026-03-02T13:00:00Z", "listed": 2, "known": 1, "new": 0,
        "changed": 0, "failed": 0, "alerts": 0, "note": report.line()}]


# --- search


def titles(store: Store, query: str) -> list[str]:
    return [row["headline"] for row in store.search(query)]


@pytest.mark.parametrize("typed", ["so'm", "so‘m", "so’m", "soʻm", "soʼm", "so`m", "SO'M", "so´m"])
@pytest.mark.parametrize("stored", ["soʻm", "soʼm", "so‘m", "so'm"])
def test_every_spelling_of_som_finds_every_other(store: Store, typed: str, stored: str) -> None:
    saved(store, replace(STORY, headline=f"Bir million {stored} yutdi"))

    assert titles(store, typed) == [f"Bir million {stored} yutdi"]
    assert titles(store, "som") == []


@pytest.mark.parametrize(("query", "hits"), [
    ("pass", 1), ("PASS closed", 1), ("pass opened", 0), ('"lower gate"', 1),
    ('"gate lower"', 0), ("lorr*", 1), ("lorr", 0),
    ("headline:pass", 1), ("headline:lorries", 0), ("body:lorries", 1), ("captions:taker", 1), ("byline:writer", 1),
    ("", 0), ("  ", 0), ("?!", 0), ("қар", 1), ("Қар", 1),
])
def test_search_knows_words_phrases_endings_and_fields(store: Store, query: str, hits: int) -> None:
    saved(store, replace(STORY, body=f"{BODY} Тоғда қор ва қар."))

    assert len(store.search(query)) == hits


def test_the_newest_stories_are_found_first(store: Store) -> None:
    for days in (3, 1, 2):
        when = NOON - days * 24 * HOUR
        saved(store, replace(STORY, url=f"https://site.example/{days}/", headline=f"Day {days}", body=f"{BODY} {days}",
                             published=Stamp("", when, when.date())))

    assert titles(store, "pass") == ["Day 1", "Day 2", "Day 3"]


def test_a_snippet_marks_what_was_found(store: Store) -> None:
    saved(store, STORY)

    (row,) = store.search("lorries")

    assert "\x02Lorries\x03 wait" in row["snippet"]


@pytest.mark.parametrize("query", [
    '"quotes* NEAR( -x:', "NEAR(a b)", "a AND", "OR", "NOT", '"', '""', "'", "a\x00b", "*", "^pass", "headline:",
    "headline:\"", "-x", "{headline body}:x", "col:umn", "a+b", "(((", "\ud800", "x" * 100_000,
    "; DROP TABLE articles;--",
])
def test_a_hostile_query_gets_an_answer(store: Store, query: str) -> None:
    saved(store, STORY)

    assert len(store.search(query)) <= 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@given(st.text(st.one_of(st.characters(), st.sampled_from("\"'*^:(){}+-\x00 aN")), max_size=12))
def test_no_query_raises(store: Store, query: str) -> None:
    assert store.search(query) == []


def test_the_index_follows_an_edit(store: Store) -> None:
    saved(store, STORY)
    edited = replace(STORY, headline="Gate reopened", images=(Image(1, None, caption="A cleared road"),))
    saved(store, edited, NOON + HOUR)

    assert titles(store, "closed headline:closed") == []
    assert titles(store, "cleared road reopened") == ["Gate reopened"]
    store.rows("INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1)")


def test_a_text_that_stands_is_not_indexed_again(store: Store) -> None:
    """Indexing is nine tenths of what a story costs."""
    saved(store, STORY)
    before = store.rows("articles_fts_data")

    saved(store, replace(STORY, tags=("weather",), section="Roads"), NOON + HOUR)

    assert column(store, "SELECT section FROM articles") == ["Roads"]
    assert store.rows("articles_fts_data") == before


def test_datasette_sees_the_search(store: Store) -> None:
    """It looks for content= in double quotes or brackets; in single quotes it ignores _search."""
    (sql,) = column(store, "SELECT sql FROM sqlite_master WHERE name = 'articles_fts'")

    assert 'content="articles"' in str(sql)


def test_an_edit_fell_between_two_looks(store: Store) -> None:
    """Each has a row, and says whether the page owned up to it."""
    owned = Stamp("3 March 2026", NOON + 5 * HOUR, NOON.date(), "second")
    for hours, headline, modified in ((0, "Pass closed", None), (2, "Pass shut", None), (3, "Pass shut", None),
                                      (6, "Pass open", owned)):
        saved(store, replace(STORY, headline=headline, modified=modified), NOON + hours * HOUR)

    assert [(row["previous_headline"], row["seen_before"], row["seen_after"], row["silent"])
            for row in store.rows("SELECT * FROM edits ORDER BY seen_after")] == [
        ("Pass closed", "2026-03-02T12:00:00Z", "2026-03-02T14:00:00Z", 1),
        ("Pass shut", "2026-03-02T15:00:00Z", "2026-03-02T18:00:00Z", 0)]


@pytest.mark.parametrize(("text", "unit", "ranged"), [
    ("0.01144", 1, (87.374, 87.413, 87.451)), ("0.00008", 1, (11764.706, 12500.0, 13333.333)),
    ("12 170,85", 1, (0.0, 0.0, 0.0)), ("12 170,85", 10_000, (0.822, 0.822, 0.822)), ("87", 1, (0.011, 0.011, 0.012)),
    ("0.1", 1, (6.667, 10.0, 20.0)),
])
def test_an_inverse_is_as_exact_as_the_digits_it_comes_from(
    store: Store, text: str, unit: int, ranged: tuple[float, float, float]
) -> None:
    """A printed 0.01144 is anything from 0.011435 to 0.011445."""
    rate = Decimal(text.replace(" ", "").replace(",", "."))
    store.listed(SITE, Index("https://site.example/feed/", NOON, ticker=Ticker((replace(KGS, rate=rate, rate_text=text,
                                                                                   unit=unit),))))

    (row,) = store.rows("SELECT round(lowest, 3), round(inverse, 3), round(highest, 3) FROM inverse_rates")
    assert tuple(row.values()) == ranged


def test_a_day_on_which_nobody_looked_has_no_close(store: Store) -> None:
    """Though the rate stood: from Monday evening to Wednesday morning is no silence."""
    for hours in (8, 8 + 36):
        store.listed(SITE, Index("https://site.example/feed/", NOON + hours * HOUR, ticker=Ticker((KGS,))))

    assert len(store.rows("quotes")) == 1
    assert [row["day"] for row in store.daily_rates()] == ["2026-03-02", "2026-03-04"]
