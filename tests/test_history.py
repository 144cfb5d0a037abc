"""The history of rates is a function of the set of observations: any order, any repeats, the same rows."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from oracles import histories
from scraper.records import Conflict, Quote, Rejected, Ticker
from scraper.source import Source
from scraper.tables.bookkeeping import note_source
from scraper.tables.database import Database
from scraper.tables.history import Reading, Run, runs
from scraper.tables.migrations import MIGRATIONS
from scraper.tables.opening import database
from scraper.tables.quotelog import packed, unpacked
from scraper.tables.schema import utc_text
from scraper.tables.timeline import Observed, observe

START = datetime(2026, 3, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
NUMBERS = count()

Observation = tuple[datetime, str, str, str | None]  # instant, label, rate and change as printed
Told = tuple[str, str, str | None, str, str, int]  # label, rate and change as printed, first and last seen, instants


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path: Path = tmp_path_factory.mktemp("history") / "news.db"
    opened = database(path, MIGRATIONS, busy_s=1, check_s=0)
    yield opened
    opened.close()


def oracle(observations: Iterable[Observation]) -> list[Told]:
    """Section 6 of the design by brute force: the rows that a set of observations means."""
    told: list[Told] = []
    seen = set(observations)
    for label in sorted({each[1] for each in seen}):
        previous: tuple[datetime, Decimal, Decimal | None] | None = None
        for instant in sorted({each[0] for each in seen if each[1] == label}):
            rate, change = min(((each[2], each[3]) for each in seen if each[:2] == (instant, label)),
                               key=lambda texts: (texts[0], texts[1] or ""))
            number = None if change is None else Decimal(change.strip("%"))
            if previous and previous[1:] == (Decimal(rate), number) and instant - previous[0] <= 36 * HOUR:
                first = told.pop()
                told.append((*first[:4], utc_text(instant), first[5] + 1))
            else:
                told.append((label, rate, change, utc_text(instant), utc_text(instant), 1))
            previous = instant, Decimal(rate), number
    return told


def quote(observation: Observation) -> Quote:
    _, label, rate, change = observation
    base, counter = label.split("/")
    return Quote(base, counter, Decimal(rate), rate, None if change is None else Decimal(change.strip("%")), change)


def observed(db: Database, source: str, *observations: Observation) -> Observed:
    """Observe one page whose ticker shows all of these, at the instant of the first."""
    return observe(db, source, Ticker(tuple(map(quote, observations))), observations[0][0], "https://site.example/")


def new_source(db: Database) -> str:
    key = f"s{next(NUMBERS)}"
    note_source(db, Source(key, "https://site.example/", ()), START)
    return key


def history(db: Database, source: str) -> list[Told]:
    rows = db.rows("SELECT label, rate_text, change_text, first_seen, last_seen, observations FROM quotes"
                   " JOIN pairs ON pairs.id = pair_id WHERE source = ? ORDER BY label, first_seen", (source,))
    return [tuple(row.values()) for row in rows]


def at(hours: float, rate: str = "0.01144", change: str | None = "0%", label: str = "KGS/USD") -> Observation:
    return START + hours * HOUR, label, rate, change


@st.composite
def observations(draw: st.DrawFn) -> list[Observation]:
    """Few instants, labels, rates and texts, so that runs meet, split, clash and lapse all the time."""
    hours = st.one_of(st.integers(0, 8).map(lambda n: n * 12), st.integers(0, 12), st.just(36 + 1 / 3600))
    rates = st.sampled_from(["0.01144", "0.01145", "0.0114400", "0.9"])
    changes = st.sampled_from([None, "0%", "-0%", "0.10%"])
    labels = st.sampled_from(["KGS/USD", "KGS/USD", "KGS/USD", "UZS/USD"])
    return draw(st.lists(st.builds(at, hours, rates, changes, labels), min_size=1, max_size=14))


@histories(400, full=3000)
@given(observations(), st.randoms(use_true_random=False))
@example([at(0), at(24), at(12, "0.9")], random.Random(1))  # a split
@example([at(0), at(48), at(24)], random.Random(1))  # a bridge over a lapse
def test_any_order_and_any_repeats_give_the_rows_of_the_oracle(
    db: Database, seen: list[Observation], chance: random.Random
) -> None:
    source = new_source(db)
    arrivals = seen + chance.choices(seen, k=chance.randrange(4))
    chance.shuffle(arrivals)

    with db.writing("test"):
        for observation in arrivals:
            observed(db, source, observation)

    assert history(db, source) == oracle(seen)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(observations(), st.randoms(use_true_random=False))
def test_conflicts_of_one_instant_are_the_same_in_any_order(
    db: Database, seen: list[Observation], chance: random.Random
) -> None:
    tables = []
    for _ in range(2):
        source = new_source(db)
        chance.shuffle(seen)
        with db.writing("test"):
            for observation in seen:
                observed(db, source, observation)
        tables.append(db.rows(
            "SELECT label, instant, rate_text, change_text FROM quote_conflicts JOIN pairs ON pairs.id = pair_id"
            " WHERE source = ? ORDER BY 1, 2, 3, 4", (source,)))

    assert tables[0] == tables[1]


def test_a_rate_that_stands_extends_its_row(db: Database) -> None:
    source = new_source(db)

    with db.writing("test"):
        moved = [observed(db, source, at(hours)).moved for hours in (0, 6, 6, 30)]

    assert history(db, source) == [("KGS/USD", "0.01144", "0%", "2026-03-02T00:00:00Z", "2026-03-03T06:00:00Z", 3)]
    assert moved == [frozenset()] * 4


def test_a_move_opens_a_row_and_is_reported(db: Database) -> None:
    source = new_source(db)

    with db.writing("test"):
        observed(db, source, at(0), at(0, "0.00008", label="UZS/USD"))
        result = observed(db, source, at(1, "0.01145", "0.09%"), at(1, "0.00008", label="UZS/USD"))

    assert result == Observed(frozenset({"KGS/USD", "UZS/USD"}), frozenset({"KGS/USD"}))
    assert history(db, source) == [
        ("KGS/USD", "0.01144", "0%", "2026-03-02T00:00:00Z", "2026-03-02T00:00:00Z", 1),
        ("KGS/USD", "0.01145", "0.09%", "2026-03-02T01:00:00Z", "2026-03-02T01:00:00Z", 1),
        ("UZS/USD", "0.00008", "0%", "2026-03-02T00:00:00Z", "2026-03-02T01:00:00Z", 2),
    ]


@pytest.mark.parametrize(("silence_s", "rows"), [(36 * 3600, 1), (36 * 3600 + 1, 2)])
def test_a_silence_of_more_than_36_hours_opens_a_row(db: Database, silence_s: int, rows: int) -> None:
    source = new_source(db)

    with db.writing("test"):
        observed(db, source, at(0))
        observed(db, source, at(silence_s / 3600))

    assert len(history(db, source)) == rows


def test_a_rate_of_more_digits_than_a_float_holds_still_stands(db: Database) -> None:
    source = new_source(db)

    with db.writing("test"):
        for hours in (0, 2, 1):
            observed(db, source, at(hours, "0.011440000000000000000001"))

    assert [(row[1], row[-1]) for row in history(db, source)] == [("0.011440000000000000000001", 3)]


def test_an_instant_is_a_second(db: Database) -> None:
    source = new_source(db)

    with db.writing("test"):
        observed(db, source, at(0))
        observed(db, source, at(0.4 / 3600))

    assert [row[-1] for row in history(db, source)] == [1]


def test_two_rates_in_one_second_are_kept_as_a_conflict(db: Database) -> None:
    source = new_source(db)

    with db.writing("test"):
        observed(db, source, at(0, "0.02"))
        observed(db, source, at(0, "0.01"))

    assert [row[1] for row in history(db, source)] == ["0.01"]
    assert db.rows("SELECT rate_text, cells FROM quote_conflicts JOIN pairs ON pairs.id = pair_id WHERE source = ?"
                   " ORDER BY 1", (source,)) == [{"rate_text": "0.01", "cells": 1}, {"rate_text": "0.02", "cells": 1}]


def test_what_a_page_contradicts_and_what_cannot_be_a_rate_is_kept_with_its_page(db: Database) -> None:
    source = new_source(db)
    one, two = quote(at(0, "0.01")), quote(at(0, "0.02"))
    conflict, nonsense = Conflict("KGS/USD", one, ((one, 5), (two, 3))), Rejected("KZT/USD = n/a", "not a number")
    ticker = Ticker((one,), (conflict,), (nonsense,))

    with db.writing("test"):
        for hour in (1, 0, 2):
            observe(db, source, ticker, START + hour * HOUR, f"https://site.example/{hour}/")

    assert db.rows("SELECT rate_text, cells, count(*) AS n FROM quote_conflicts JOIN pairs ON pairs.id = pair_id"
                   " WHERE source = ? GROUP BY 1, 2", (source,)) == [
        {"rate_text": "0.01", "cells": 5, "n": 3}, {"rate_text": "0.02", "cells": 3, "n": 3}]
    rejects = db.rows("SELECT text, reason, first_seen, last_seen, url FROM quote_rejects WHERE source = ?", (source,))
    assert rejects == [
        {"text": "KZT/USD = n/a", "reason": "not a number", "first_seen": "2026-03-02T00:00:00Z",
         "last_seen": "2026-03-02T02:00:00Z", "url": "https://site.example/0/"}]


def test_a_flood_of_nonsense_is_kept_in_part(db: Database) -> None:
    source = new_source(db)
    flood = tuple(Rejected(f"{number} " + "x" * 10_000, "not a number") for number in range(500))

    with db.writing("test"):
        observe(db, source, Ticker(rejected=flood), START, "https://site.example/")

    assert db.rows("SELECT count(*) AS n, max(length(text)) AS longest FROM quote_rejects WHERE source = ?",
                   (source,)) == [{"n": 50, "longest": 200}]


def test_runs_keep_the_value_of_their_first_observation() -> None:
    first, later = (Reading(Decimal("0.10"), None, text, None) for text in ("0.10", "0.1"))

    assert runs([(START, first), (START + HOUR, later)]) == [Run(first, START, START + HOUR, 2)]
    assert runs([(START, first), (START + HOUR, later)])[0].value.rate_text == "0.10"


readings = st.builds(
    lambda rate, change: Reading(Decimal(rate), None if change is None else Decimal(change), rate, change),
    st.sampled_from(["0.01144", "1234567.89"]), st.sampled_from([None, "0.1", "-12"]),
)
days = st.dictionaries(st.integers(0, 86399), st.dictionaries(st.sampled_from(["KGS/USD", "UZS/USD"]), readings,
                                                             min_size=1), max_size=40)


@settings(deadline=None)
@given(days)
def test_a_packed_day_comes_back_whole(day: dict[int, dict[str, Reading]]) -> None:
    back = unpacked(packed(day))

    assert back == day
    assert {second: {label: each.rank for label, each in seen.items()} for second, seen in back.items()} == {
        second: {label: each.rank for label, each in seen.items()} for second, seen in day.items()}


@settings(deadline=None)
@given(days, st.randoms(use_true_random=False))
def test_the_same_day_gives_the_same_bytes_in_any_order(
    day: dict[int, dict[str, Reading]], chance: random.Random
) -> None:
    shuffled = list(day.items())
    chance.shuffle(shuffled)

    assert packed(dict(shuffled)) == packed(day)


def test_a_day_of_polls_takes_little_more_than_a_byte_an_instant() -> None:
    ticker = {label: Reading(Decimal("0.01144"), Decimal(0), "0.01144", "0%") for label in ("KGS/USD", "KZT/USD")}
    polls = {poll * 900 + page * 2: ticker for poll in range(96) for page in range(12)}

    day = packed(polls)

    assert len(day.tickers) + len(day.instants) < 1.2 * len(polls)


NOTED = (("KGS/USD", 1144), ("KZT/USD", 193), ("TJS/USD", 10811), ("UZS/USD", 8), ("TMT/USD", 28571))


def noted() -> list[Observation]:
    """Return what a reader might have noted from 24 pages: five pairs each, some pages of one day, gaps of weeks."""
    chance, found = random.Random(7), list[Observation]()
    for day in sorted([*chance.choices(range(420), k=18), 200, 201, 202, 203, 203, 204]):
        for label, units in NOTED:
            rate = f"{(units + (day // 2 * units) % 3) / 100_000:.5f}"
            found.append(at(24 * day, rate, chance.choice(["0%", "-0%", "0.28%"]), label))
    return found


@pytest.mark.parametrize("order", range(20))
def test_noted_entries_give_one_table_in_any_order(db: Database, order: int) -> None:
    """One by one, as somebody typed them off old pages."""
    source, seen = new_source(db), noted()
    random.Random(order).shuffle(seen)

    with db.writing("test"):
        for observation in seen:
            observed(db, source, observation)

    assert history(db, source) == oracle(noted())
