"""The search as its users meet it: newest first, marks where it matches, and no query that breaks it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archives import NOON, STORY, saved
from scraper.cli import cli
from scraper.records import Stamp
from scraper.store import Store


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an archive of two stories."""
    path = tmp_path_factory.mktemp("search") / "news.db"
    later = Stamp("3 March 2026", NOON.replace(day=3), NOON.replace(day=3).date())
    with Store.open(path) as store:
        saved(store, STORY)
        saved(store, replace(STORY, url="https://site.example/lake/", headline="Lake full", published=later, lead=None,
                             images=(), body="The lake is full since the snow has gone. 5 so\u02bbm a ticket."))
    return path


def searched(db: Path, *args: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(cli, ["-d", str(db), "search", *args], catch_exceptions=False)


def test_the_newest_stories_come_first_with_their_matches_marked(db: Path) -> None:
    """Three lines a story."""
    assert searched(db, "snow").stdout.splitlines() == [
        "2026-03-03  site  Lake full",
        "  The lake is full since the [snow] has gone. 5 so\u02bbm a ticket.",
        "  https://site.example/lake/",
        "2026-03-02  site  Pass closed",
        ("  The pass was closed on Monday night. Lorries wait at the lower gate until the [snow] is cleared from"
         " the road."),
        "  https://site.example/pass/",
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (["snow", "pass"], 1), (['"lower gate"'], 1), (["lower gate"], 1), (['"gate lower"'], 0), (["lorr*"], 1),
        (["headline:lake"], 1), (["headline:snow"], 0), (["--source", "site", "snow"], 2),
        (["--limit", "1", "snow"], 1), (["--since", "2026-03-03", "snow"], 1), (["--until", "2026-03-02", "snow"], 1),
        (["--since", "2026-03-02", "--until", "2026-03-03", "--source", "site", "snow"], 2),
        (["--since", "2026-03-04", "snow"], 0), (["so'm"], 1), (["so\u2018m"], 1),
        (["lorries", "_"], 1), (["headline:-", "lorries"], 1), (["_"], 0),
    ],
)  # fmt: skip
def test_words_phrases_endings_and_fields_can_be_asked_for(db: Path, query: list[str], found: int) -> None:
    """Every apostrophe finds every other."""
    assert len(json.loads(searched(db, *query, "--json").stdout)) == found


@pytest.mark.parametrize(("printed", "query"), [
    ("Самолёт сел в Ош", "самолет"), ("Самолет сел в Ош", "самолёт"), ("Самолёт сел в Ош", "самоле*"),
    ("Самолёт сел в Ош", '"самолет сел"'), ("Самолёт сел в Ош", "headline:самолет ош"),
    ("Раи\u0306он без света", "район"), ("Район без света", "раи\u0306он"), ("10 минг сў\u043c", "с\u0443\u0306м"),
    ("10 минг с\u0443\u0306м", "сўм"), ("ҚАЗАҚСТАН күні", "қазақстан"), ("Кәсіпорын ашылды", "кәсіпор*"),
])
def test_a_word_is_found_in_each_of_its_spellings(tmp_path: Path, printed: str, query: str) -> None:
    """Yo with and without its dots, a letter and its mark in one character or in two; capitals; any ending."""
    with Store.open(tmp_path / "news.db") as store:
        saved(store, replace(STORY, headline=printed))

        assert [row["headline"] for row in store.search(query)] == [printed]
        assert [row["headline"] for row in store.best(query)] == [printed]


@pytest.mark.parametrize("query", ["сум", "сўмка", "headline:бог", '"ош сел"', "самолёта"])
def test_what_is_another_word_is_not_found(tmp_path: Path, query: str) -> None:
    with Store.open(tmp_path / "news.db") as store:
        saved(store, replace(STORY, headline="Самолёт сел в Ош за 5 сўм"))

        assert store.search(query) == []


def test_other_forms_carry_no_marks(db: Path) -> None:
    """They are for programs."""
    (line,) = searched(db, "lorries", "--nl").stdout.splitlines()

    assert "until the snow is cleared" in json.loads(line)["snippet"]


def test_a_source_that_is_not_there_is_one_clear_line(db: Path) -> None:
    """A spelling mistake must not look like an empty archive."""
    result = searched(db, "--source", "sight", "snow")

    assert result.exit_code == 2
    assert "no source 'sight' in this archive" in result.stderr


def test_nothing_found_is_said_on_stderr(db: Path) -> None:
    """Not an error."""
    result = searched(db, "zebra")

    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "nothing found\n")


@pytest.mark.parametrize("query", [
    '"', '""', "'", "*", "(", ")", "AND", "OR NOT", "NEAR(", "a AND", "-snow", "^snow", "headline:", "headline:*",
    "nosuch:x", "snow;drop table articles", "\x00", "snow\x00", "{a b}:c", "a" * 10_000, "a " * 5_000, "%", "\ud800",
    "-- x", "+", ":", "a:b:c",
])  # fmt: skip
def test_a_hostile_query_is_answered(db: Path, query: str) -> None:
    """Whatever it holds is looked for, or left out."""
    with Store.reading(db) as store:
        assert len(store.search(query)) <= 2


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(), max_size=30) | st.text('"*():^-+{}ANDORNEAT sn', max_size=30))
def test_any_text_is_a_query(db: Path, query: str) -> None:
    """FTS5's own language is never spoken."""
    with Store.reading(db) as store:
        assert len(store.search(query)) <= 2
