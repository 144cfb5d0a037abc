"""Same story elsewhere: copies in other sources are paired, whatever the order they come in; nothing else is."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest

from archives import HOUR, NOON, SITE, response_to
from scraper.records import Article, Page, Stamp
from scraper.source import Source
from scraper.store import Store
from scraper.tables import copies as pairing
from scraper.tables.identity import similarity
from scraper.tables.likeness import copied, marks

OTHER = replace(SITE, key="other", home="https://other.example/", name="Other")
THIRD = replace(SITE, key="third", home="https://third.example/", name="Third")
DAY = timedelta(days=1)

WIRE = (
    "The cabinet of the mountain republic approved a plan on Tuesday to rebuild the tunnel below the northern pass, "
    "which has been closed since an avalanche in February buried 340 metres of its lining.\n\n"
    "Work is to begin in June and to last 18 months, said the minister for roads, who put the price at 62 million. A "
    "third of the money is lent by a development bank; the remainder comes from the budgets of three provinces.\n\n"
    "Until then lorries have to take the old road over the shoulder of the mountain, a detour of nine hours. Traders "
    "in the valley complain that flour and diesel have become dearer since winter, and have asked for a subsidy.\n\n"
    "The tunnel was opened 41 years ago. Engineers who inspected it in spring found that the drainage had failed long "
    "before the avalanche, and advised against a quick repair."
)
OUTLOOK = (
    "A museum of felt carpets opened in the old railway station of the lake town, with looms on which visitors may "
    "try their hand. The collection was given by a retired engine driver who spent 30 years gathering it.\n\n"
    "Weavers from five villages showed how wool is beaten, wetted and rolled; the oldest among them learned the "
    "patterns from her grandmother. The director hopes that schools will come from the whole region.\n\n"
    "The station had stood empty since the branch line was taken up. Its clock, stopped for a generation, runs again."
)

HARVEST = (
    "Apple growers along the southern canal expect half of last year's harvest after frost in April, the union of "
    "orchards said. Old varieties that bloom late were spared.\n\n"
    "Cold stores have offered their empty halls to vegetable farmers at a lower rent. A juice factory that employs "
    "120 people will run one shift instead of two until autumn, and asks for imported concentrate without duty."
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Yield an empty archive."""
    with Store.open(tmp_path / "news.db") as store:
        yield store


def put(
    store: Store, source: Source, body: str, at: datetime = NOON, *, name: str = "tunnel",
    seen: datetime | None = None, precision: Literal["minute", "day"] = "minute",
) -> None:
    """Save a story of `source` published at that time."""
    url = f"{source.home}{name}/"
    stamp = Stamp("then", at, at.date(), precision, "page")
    article = Article(url, f"{name} in {source.key}", body, published=stamp)
    seen = seen or at + HOUR
    place = 100 * len(store.rows("fetches"))
    store.save(source, Page(url, seen, article), response_to(url, seen, place=place))


def paired(store: Store) -> set[tuple[str, str]]:
    """Return who stands beside whom, each pair in both orders."""
    rows = store.rows("SELECT source, headline, other_source, other_headline FROM same_story")
    return {(row["headline"], row["other_headline"]) for row in rows}


BOTH = {("tunnel in site", "tunnel in other"), ("tunnel in other", "tunnel in site")}


def edited(text: str) -> str:
    """Return the text as another desk prints it: a dateline, two sentences reworded, one left out."""
    text = text.replace("The cabinet of", "LAKE TOWN, Tuesday. The cabinet of")
    return text.replace("a detour of nine hours", "nine hours more").replace(", and advised against a quick repair", "")


def test_an_exact_copy_in_another_source_is_the_same_story(store: Store) -> None:
    put(store, SITE, WIRE)
    put(store, OTHER, WIRE, NOON + HOUR)

    assert store.rows("SELECT source, other_source, other_url, similarity FROM same_story ORDER BY source") == [
        {"source": "other", "other_source": "site", "other_url": "https://site.example/tunnel/", "similarity": 1.0},
        {"source": "site", "other_source": "other", "other_url": "https://other.example/tunnel/", "similarity": 1.0}]


def test_a_copy_that_another_desk_has_edited_is_the_same_story(store: Store) -> None:
    put(store, SITE, WIRE)
    put(store, OTHER, edited(WIRE))

    assert paired(store) == BOTH
    assert 0.8 < store.rows("copies")[0]["similarity"] < 0.95


def test_an_apostrophe_is_an_apostrophe(store: Store) -> None:
    text = "Toshkentda bo'lib o'tgan yig'ilishda yangi ko'prik qurilishi to'g'risida so'z yuritildi va qaror olindi. "
    text *= 4
    put(store, SITE, text)
    put(store, OTHER, text.replace("'", "ʻ"))

    assert paired(store) == BOTH


OPENING = (
    "Dear readers, our newsroom is on strike today, and you will find fewer stories than usual on these pages. We "
    "thank all who have written to us in support. Subscriptions are extended by one day for each day of the strike. "
)
NOTICE = (
    "The central bank has set the rates at which accounts are kept and taxes are reckoned until the next notice. One "
    "dollar stands at {}, one euro at {}, and one yuan at {} of the unit of the country, as the sessions of the "
    "exchange on the day before have ended. Banks and exchange offices are free to set rates of their own, and are "
    "reminded that these are to be shown at the entrance, in digits that can be read from the street. Whoever finds "
    "other rates at the counter than at the door may complain to the branch of the central bank in the province."
)
CREDENTIALS = (
    "The ambassador of {} presented {} credentials at the palace on Monday. The sides discussed {}, culture and the "
    "visits planned for the coming year, and agreed to go on with their talks."
)
DIFFERENT = {
    "another story": (WIRE, OUTLOOK),
    "a common opening": (OPENING + WIRE, OPENING + OUTLOOK),
    "a digest": (WIRE, f"{OUTLOOK}\n\n{WIRE}\n\n{HARVEST}"),
    "the first half": (WIRE, WIRE[: len(WIRE) // 2]),
    "a notice of other figures": (NOTICE.format(450, 511, 62), NOTICE.format(449, 513, 61)),
    "a few words": ("Video report. Watch the whole film here.",) * 2,
    "a short template": (CREDENTIALS.format("Ardland", "his", "trade"), CREDENTIALS.format("Estmark", "her", "energy")),
}  # fmt: skip


@pytest.mark.parametrize("what", DIFFERENT)
def test_what_only_looks_alike_is_not_the_same_story(store: Store, what: str) -> None:
    one, other = DIFFERENT[what]
    put(store, SITE, one)
    put(store, OTHER, other)

    assert paired(store) == set()
    assert copied(one, other) is None


def test_a_notice_of_other_figures_is_told_apart_by_its_figures_alone() -> None:
    assert copied(NOTICE.format(450, 511, 62), NOTICE.format(450, 511, 62)) == 1.0
    assert similarity(NOTICE.format(450, 511, 62), NOTICE.format(449, 513, 61)) > 0.85


def test_a_source_is_not_compared_with_itself(store: Store) -> None:
    put(store, SITE, WIRE)
    put(store, SITE, edited(WIRE), name="tunnel-two")

    assert paired(store) == set()


@pytest.mark.parametrize(("days", "same"), [(7, True), (8, False)])
def test_what_is_printed_over_a_week_later_is_another_story(store: Store, days: int, same: bool) -> None:
    put(store, SITE, WIRE)
    put(store, OTHER, WIRE, NOON + days * DAY)

    assert paired(store) == (BOTH if same else set())


def test_an_edit_makes_and_unmakes_a_copy(store: Store) -> None:
    put(store, SITE, WIRE)
    put(store, OTHER, OUTLOOK)

    put(store, OTHER, WIRE, seen=NOON + 2 * HOUR)
    made = paired(store)
    put(store, OTHER, OUTLOOK, seen=NOON + 3 * HOUR)

    assert (made, paired(store)) == (BOTH, set())
    assert [*store.upkeep.faults()] == []


def test_a_day_that_changes_makes_and_unmakes_a_copy(store: Store) -> None:
    """A story without a date is of the day it was first seen, which an import may put back."""
    undated = Article("https://other.example/tunnel/", "tunnel in other", WIRE)
    put(store, SITE, WIRE)
    found = []
    for hours, place in ((24 * 20, 7000), (24 * 2, 8000)):
        page = Page(undated.url, NOON + hours * HOUR, undated)
        store.save(OTHER, page, response_to(undated.url, NOON + hours * HOUR, place=place))
        found.append(paired(store))

    assert found == [set(), BOTH]


def test_what_is_forgotten_is_nobodys_copy(store: Store) -> None:
    put(store, SITE, WIRE)
    put(store, OTHER, WIRE)

    store.shelf.forget(frozenset({"https://other.example/tunnel/"}), NOON)

    assert store.rows("copies") == []
    assert store.rows("SELECT count(DISTINCT article_id) AS stories FROM story_marks") == [{"stories": 1}]


@pytest.mark.parametrize(("sql", "said"), [
    ("DELETE FROM copies", "copies: "), ("DELETE FROM story_marks WHERE mark % 2", "story_marks: "),
    ("INSERT INTO story_marks VALUES (7, 7, 7)", "story_marks: 1 "),
])
def test_pairs_that_are_not_what_they_should_be_are_found(store: Store, sql: str, said: str) -> None:
    put(store, SITE, WIRE)
    put(store, OTHER, WIRE)
    with store._db.writing("test"):
        store._db.execute(sql)

    assert [fault for fault in store.upkeep.faults() if not fault.startswith(said)] == []
    assert [*store.upkeep.faults()] != []


def snapshot(store: Store) -> tuple[list[object], list[object]]:
    """Return pairs and marks by address."""
    pairs = store.rows("SELECT mine.url, theirs.url AS other, similarity FROM copies JOIN articles AS mine ON mine.id ="
                       " article_id JOIN articles AS theirs ON theirs.id = other_id ORDER BY 1, 2")
    found = store.rows("SELECT mark, day, url FROM story_marks JOIN articles ON id = article_id ORDER BY 1, 2, 3")
    return [*pairs], [*found]


def test_pairs_do_not_depend_on_the_order_of_arrival(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even where a text becomes everybody's on the way, and again is not when stories are forgotten."""
    monkeypatch.setattr(pairing, "COMMON", 5)
    stories = [(source, edited(WIRE) if number % 2 else WIRE, NOON + (number % 3) * DAY, f"n{number}")
               for number in range(9) for source in (SITE, OTHER, THIRD)]
    gone = [f"{source.home}n{number}/" for source in (SITE, OTHER) for number in range(1, 8)]
    found = []
    for seed in range(4):
        random.Random(seed).shuffle(stories)
        with Store.open(tmp_path / f"{seed}.db") as store:
            for source, body, at, name in stories:
                put(store, source, body, at, name=name)
            whole = snapshot(store)
            for url in gone:
                store.shelf.forget(frozenset({url}), NOON)
            found.append((whole, snapshot(store)))

    assert found == found[:1] * 4
    assert found[0][1][0] != []


def test_who_was_first_is_said_only_where_it_is_known(store: Store) -> None:
    """A page that names only the day may be of any hour of it."""
    put(store, SITE, WIRE, NOON + HOUR)
    put(store, OTHER, WIRE, NOON)
    put(store, THIRD, WIRE, NOON.replace(hour=0), precision="day")

    assert store.rows("SELECT source, first_source, minutes_later, similarity FROM who_was_first") == [
        {"source": "site", "first_source": "other", "minutes_later": 60, "similarity": 1.0}]


def test_a_copy_of_the_day_before_was_first_though_its_hour_is_unknown(store: Store) -> None:
    put(store, SITE, WIRE, NOON.replace(hour=0), precision="day")
    put(store, OTHER, WIRE, NOON + DAY)

    assert store.rows("SELECT source, first_source, minutes_later FROM who_was_first") == [
        {"source": "other", "first_source": "site", "minutes_later": None}]


def test_an_archive_of_before_is_paired_when_it_is_opened(tmp_path: Path) -> None:
    with Store.open(tmp_path / "news.db") as store:
        put(store, SITE, WIRE)
        put(store, OTHER, WIRE)
        before = snapshot(store)
        with store._db.writing("test"):
            for statement in ("DELETE FROM copies", "DELETE FROM story_marks", pairing.TO_PAIR):
                store._db.execute(statement)

    with Store.open(tmp_path / "news.db") as store:
        assert snapshot(store) == before
        assert store.rows("unfinished") == []


def test_copies_are_sought_not_scanned(store: Store) -> None:
    for view in ("same_story", "who_was_first"):
        plan = [row["detail"] for row in store.rows(f"EXPLAIN QUERY PLAN SELECT * FROM {view} WHERE article_id = 7")]

        assert [step for step in plan if step.startswith("SCAN") and "subquery" not in step] == []


def test_marks_are_the_same_on_every_machine() -> None:
    """They are kept in the file, which may be moved, and compared with those of later years."""
    assert (len(marks(WIRE)), sum(marks(WIRE))) == (10, 1566067018811811)
