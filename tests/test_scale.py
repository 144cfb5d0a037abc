"""What keeps an archive of a million stories quick: a tally that stays true, and questions that seek."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from archives import BODY, HOUR, NOON, SITE, STORY, column, saved
from scraper.records import Image, Stamp
from scraper.store import Store
from scraper.tables.bookkeeping import note_source
from scraper.tables.migrations import MIGRATIONS
from scraper.tables.noarchive import STATUS
from scraper.tables.opening import database


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Yield an empty archive."""
    with Store.open(tmp_path / "news.db") as store:
        yield store


def tally(store: Store) -> list[tuple[object, ...]]:
    """Return the rows of the tally."""
    return [tuple(row.values()) for row in store.rows("SELECT * FROM story_days WHERE articles > 0 ORDER BY day")]


def test_a_story_is_counted_on_its_day(store: Store) -> None:
    """With its byline, its picture and the length of its body."""
    saved(store, STORY)
    saved(store, replace(STORY, url="https://site.example/b/", body="B.", byline=None, images=(), truncated=True))

    assert tally(store) == [("site", "2026-03-02", 2, 1, 1, 1, len(BODY) + 2)]


def test_a_story_without_a_date_is_counted_apart(store: Store) -> None:
    """`status` counts it, the views of days and months do not."""
    saved(store, replace(STORY, published=None))

    assert tally(store) == [("site", "", 1, 1, 1, 0, len(BODY))]
    assert column(store, "SELECT articles FROM source_health") == [1]
    assert store.rows("articles_per_day") == store.rows("stories_by_month") == []


def test_an_edited_story_is_counted_as_it_stands_now(store: Store) -> None:
    """Its day, its byline, its pictures and its length move with it."""
    saved(store, STORY)
    pictures = (Image(1, None, caption="A"), Image(2, None, caption="B"))
    moved = Stamp("3 March 2026", NOON + 24 * HOUR, (NOON + 24 * HOUR).date())

    saved(store, replace(STORY, images=pictures), NOON + HOUR)
    assert tally(store) == [("site", "2026-03-02", 1, 1, 1, 0, len(BODY))]

    saved(store, replace(STORY, body="Short.", byline=None, images=(), published=moved), NOON + 30 * HOUR)
    assert tally(store) == [("site", "2026-03-03", 1, 0, 0, 0, 6)]


def test_a_forgotten_story_is_counted_no_more(store: Store) -> None:
    """Nor are its pictures, which go with it."""
    saved(store, STORY)
    saved(store, replace(STORY, url="https://site.example/b/", body=f"{BODY} B", images=()))

    store.shelf.forget(frozenset({STORY.url}), NOON)

    assert tally(store) == [("site", "2026-03-02", 1, 1, 0, 0, len(BODY) + 2)]
    assert [*store.upkeep.faults()] == []


def test_forgotten_addresses_are_found_among_thousands(store: Store) -> None:
    """They are looked at a thousand at a time: a million would fill the memory."""
    number = saved(store, STORY).article_id
    with store._db.writing("addresses"):
        store._db.execute("WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 2500)"
                          " INSERT INTO article_urls SELECT 'https://site.example/' || n, ?, '2026-03-02T12:00:00Z'"
                          " FROM numbers", (number,))
    gone = frozenset(f"https://site.example/{number}" for number in (1, 1700, 2500))
    hashes = [{"address": sha256(url.encode()).hexdigest(), "forgotten": "2026-03-02T12:00:00Z"} for url in gone]

    store.upkeep.take_forgotten(hashes)

    assert store.shelf.still_here() == gone


def test_a_wrong_tally_is_found_and_put_right(store: Store) -> None:
    """`db verify` names the day, `db optimize` counts anew."""
    saved(store, STORY)
    with store._db.writing("tally"):
        store._db.execute("UPDATE story_days SET articles = 7")

    assert [*store.upkeep.faults()] == [
        "story_days: site 2026-03-02 is not counted right; `scraper db optimize` counts anew"]

    store.upkeep.optimise()
    assert [*store.upkeep.faults()] == []


def test_an_earlier_archive_is_counted_and_indexed_when_it_is_opened(tmp_path: Path) -> None:
    """What it holds is found, by the day and by the word."""
    path = tmp_path / "news.db"
    earlier = [step for step in MIGRATIONS if step[0] < "0010"]
    with closing(database(path, earlier, busy_s=1, check_s=0)) as db, db.writing("a story"):
        db.execute("INSERT INTO sources (key, name, home, timezone, first_seen)"
                   " VALUES ('site', 'S', 'https://site.example/', 'UTC', '2026-03-02T12:00:00Z')")
        db.execute("INSERT INTO articles (id, source, url, headline, body, published_date, first_seen, last_seen,"
                   " text_since, text_hash, revision) VALUES (7, 'site', 'https://site.example/a/', 'Lake full', 'So.',"
                   " '2026-03-02', '2026-03-02T12:00:00Z', '2026-03-02T12:00:00Z', '2026-03-02T12:00:00Z', 'h', 'r')")

    with Store.open(path) as store:
        assert tally(store) == [("site", "2026-03-02", 1, 0, 0, 0, 3)]
        assert [row["id"] for row in store.search("headline:lake so")] == [7]


def test_an_earlier_archive_loses_an_index_and_no_answer(tmp_path: Path) -> None:
    """A story is forgotten with its addresses, its exchanges and its words, though no index leads to the addresses."""
    path = tmp_path / "news.db"
    earlier = [step for step in MIGRATIONS if step[0] < "0014"]
    with closing(database(path, earlier, busy_s=1, check_s=0)) as db:
        number = saved(Store(db), STORY, NOON + HOUR, asked="https://site.example/?p=7").article_id
        saved(Store(db), STORY, NOON)
        assert number is not None
    with Store.open(path) as store:
        story = store.story(number)
        assert story is not None
        assert [place["offset"] for place in story.places] == [100, 0]  # in order of time
        assert "resources_article" not in column(store, "SELECT name FROM sqlite_master")

        store.shelf.forget(store.shelf.addresses_of(STORY.url), NOON)

        assert [store.rows(table) for table in ("articles", "article_urls", "resources", "fetches")] == [[], [], [], []]
        assert (store.search("water"), [*store.upkeep.faults()]) == ([], [])


def test_many_stories_are_forgotten_at_once(store: Store) -> None:
    """For so many an index is made, and leaves with them."""
    stories = [replace(STORY, url=f"https://site.example/{n}/", body=f"{BODY} {n}") for n in range(8)]
    for story in stories:
        saved(store, story)

    store.shelf.forget(frozenset(story.url for story in stories[1:]), NOON)

    assert column(store, "SELECT url FROM articles UNION SELECT url FROM resources") == [stories[0].url]
    assert "resources_story" not in column(store, "SELECT name FROM sqlite_master")


_THOUSANDS = """
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 4000)
INSERT INTO articles (id, source, url, headline, body, published, published_date, first_seen, last_seen, text_since,
    withdrawn, text_hash, revision)
SELECT n, 'site' || (n % 10), 'https://site.example/' || n, 'H', 'B', day || 'T10:00:00Z', day, day || 'T11:00:00Z',
    day || 'T11:00:00Z', day || 'T11:00:00Z', CASE n % 1000 WHEN 0 THEN '2026-01-01T00:00:00Z' END, n, n
FROM (SELECT n, date('2020-01-01', (n / 10) || ' days') AS day FROM numbers)
"""


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Yield an archive of four thousand stories, as a run leaves it; the planner knows how they are spread."""
    path = tmp_path_factory.mktemp("crowd") / "news.db"
    with Store.open(path) as store:
        with store._db.writing("stories"):
            for number in range(10):
                note_source(store._db, replace(SITE, key=f"site{number}"), NOON)
            store._db.execute(_THOUSANDS)
        store.finish(store.begin(NOON), (), NOON)
    with Store.open(path) as store:
        yield store


SOUGHT = {
    "a day's stories": "SELECT * FROM latest_stories WHERE published_date = '2020-03-02'",
    "a source's newest stories": "SELECT * FROM latest_stories WHERE source = 'site1' LIMIT 20",
    "one story": "SELECT * FROM latest_stories WHERE id = 7",
    "a source's stories of a month": "SELECT id FROM articles WHERE source = 'site1' AND published > '2021-01'",
    "a story's edits": "SELECT * FROM edits WHERE article_id = 7",
    "a story's silent edits": "SELECT * FROM silent_edits WHERE id = 7",
    "an edited story": "SELECT * FROM edited_articles WHERE id = 7",
    "withdrawn stories": "SELECT * FROM withdrawn_articles ORDER BY withdrawn DESC",
    "a story's rates": "SELECT * FROM articles_with_rates WHERE id = 7",
    "a source's days": "SELECT * FROM articles_per_day WHERE source = 'site1'",
    "a source's months": "SELECT * FROM stories_by_month WHERE source = 'site1'",
    "all months": "SELECT * FROM stories_by_month",
    "a source's health": "SELECT * FROM source_health WHERE source = 'site1'",
    "what is new since then": "SELECT id, headline FROM articles WHERE text_since >= '2021-01-30T00:00:00Z'",
    "a story's copies": "SELECT * FROM same_story WHERE article_id = 7",
    "how all sources are": STATUS,
}  # fmt: skip
# of these a row a story, or more
GREAT = {"articles", "articles_fts", "images", "tags", "authors", "fetches", "resources", "article_urls", "story_marks"}


@pytest.mark.parametrize("question", SOUGHT)
def test_no_question_reads_every_story(crowd: Store, question: str) -> None:
    """A scan of a million stories takes seconds; that of an index of the few that are asked for does not."""
    plan = [row["detail"] for row in crowd.rows(f"EXPLAIN QUERY PLAN {SOUGHT[question]}")]

    few = ("articles_withdrawn", "articles_marked")  # indexes of some stories only
    scanned = {step.split()[1] for step in plan if step.startswith("SCAN") and not step.endswith(few)}

    assert scanned & GREAT == set()


# of an archive of 1,000,000 stories, none of them marked
MILLION = """
('articles', 'articles_source_published', '444059 401 26'), ('articles', 'sqlite_autoindex_articles_1', '1003200 1')
"""


def test_stories_without_bytes_are_counted_by_their_index_even_where_it_is_empty(tmp_path: Path) -> None:
    """An index without rows has no statistics: the planner, which knows those of others, read every story instead."""
    with Store.open(tmp_path / "news.db") as store, store._db.writing("statistics"):
        store._db.execute("ANALYZE")
        store._db.execute("DELETE FROM sqlite_stat1")
        store._db.execute(f"INSERT INTO sqlite_stat1 VALUES {MILLION}")

    with Store.open(tmp_path / "news.db") as store:
        plan = [row["detail"] for row in store.rows(f"EXPLAIN QUERY PLAN {STATUS}")]

    assert [step for step in plan if step.startswith("SCAN articles")] == ["SCAN articles USING INDEX articles_marked"]


def test_a_sources_newest_stories_are_not_sorted(crowd: Store) -> None:
    """They come in the order of the index, and no more of them than are asked for."""
    for table in ("articles", "latest_stories"):
        sql = f"EXPLAIN QUERY PLAN SELECT id FROM {table} WHERE source = 'site1' ORDER BY id DESC LIMIT 20"
        plan = " ".join(row["detail"] for row in crowd.rows(sql))

        assert "articles_source (source=?)" in plan
        assert "TEMP B-TREE" not in plan


def test_taking_stock_leaves_the_search_index_alone(crowd: Store) -> None:
    """Nothing bounds how much of it is read: at the end of every run half a second for a million stories."""
    counted = {str(table) for table in column(crowd, "SELECT DISTINCT tbl FROM sqlite_stat1")}

    assert {"articles", "runs"} <= counted
    assert {table for table in counted if table.startswith("articles_fts")} == set()


def test_the_best_come_first_with_their_matches_marked(store: Store) -> None:
    """A word in the headline says more; of equals the newer comes first."""
    saved(store, STORY)
    for number, headline in ((1, "Snow on the pass"), (2, "Market day"), (3, "Market day")):
        body = f"{number} nights of snow, and the market stayed open."
        saved(store, replace(STORY, url=f"{SITE.home}{number}/", headline=headline, body=body, lead=None,
                             published=Stamp("", NOON + number * HOUR, NOON.date(), "second")))

    found = store.best("snow")

    assert [row["headline"] for row in found] == ["Snow on the pass", "Market day", "Market day", "Pass closed"]
    assert found[0]["snippet"] == "1 nights of \x02snow\x03, and the market stayed open."
    assert [row["id"] for row in found[1:3]] == sorted((row["id"] for row in found[1:3]), reverse=True)
    assert store.best("") == []
