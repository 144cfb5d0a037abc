"""`scraper export`: rows for other programs, whole, typed, inert, and not twice."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from archives import BODY, HOUR, KGS, NOON, STORY, UZS, saved
from hostile import FORMULAS, HOSTILE, hostile_archive
from scraper.cli import cli
from scraper.cli.export import TABLES
from scraper.export.files import replacing
from scraper.store import EXPORTS, Store

OTHER = replace(STORY, url="https://site.example/dam/", headline="Dam holds", body=f"The dam held. {BODY}", tags=())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "news.db") as store:
        saved(store, STORY, quotes=(KGS, UZS))
        yield store


def exported(store: Store, *args: str) -> Result:
    """Run `scraper export` on the archive."""
    return CliRunner().invoke(cli, ["-d", str(store.path), "export", *args], standalone_mode=False)


def test_every_table_offered_is_an_export() -> None:
    assert set(TABLES) == set(EXPORTS)


@pytest.mark.parametrize("table", TABLES)
def test_every_export_has_its_fields_and_one_row_a_key(store: Store, table: str) -> None:
    saved(store, replace(STORY, headline="Pass open"), NOON + HOUR)

    rows = [json.loads(line) for line in exported(store, "jsonl", "--table", table).stdout.splitlines()]

    assert rows
    assert {tuple(row) for row in rows} == {tuple(field.name for field in EXPORTS[table].fields)}
    assert len({tuple(row[name] for name in EXPORTS[table].key) for row in rows}) == len(rows)


def test_a_story_is_a_line_of_json_with_its_authors_and_tags(store: Store) -> None:
    row = json.loads(exported(store, "jsonl").stdout)

    assert (row["headline"], row["tags"]) == ("Pass closed", ["roads", "snow"])
    assert row["authors"] == ["A. Writer", "B. Writer"]
    assert (row["body"], row["published"], row["published_date"]) == (BODY, "2026-03-02T11:00:00Z", "2026-03-02")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("hostile") / "news.db"
    hostile_archive(path, HOSTILE + FORMULAS)
    with Store.reading(path) as store:
        yield store


@pytest.mark.parametrize("table", TABLES)
def test_no_cell_of_csv_is_a_formula_to_a_spreadsheet(hostile: Store, table: str) -> None:
    rows = list(csv.reader(io.StringIO(exported(hostile, "csv", "--table", table).stdout)))

    cells = [cell for row in rows[1:] for cell in row]
    assert {len(row) for row in rows} == {len(EXPORTS[table].fields)}
    assert len(rows) > len(HOSTILE)
    assert [cell for cell in cells if re.match(r"[=+\-@\t\r]", cell) and not re.fullmatch(r"-?[\d.]+%?", cell)] == []


@pytest.mark.parametrize("table", TABLES)
def test_hostile_strings_come_out_of_json_and_parquet_as_they_went_in(
    hostile: Store, tmp_path: Path, table: str
) -> None:
    lists = [field.name for field in EXPORTS[table].fields if field.kind == "texts"]
    stored = [row | {name: json.loads(row[name]) for name in lists} for _, row in hostile.exported(EXPORTS[table])]
    exported(hostile, "parquet", "--table", table, "-o", str(tmp_path / "out"))

    lines = [json.loads(line) for line in exported(hostile, "jsonl", "--table", table).stdout.splitlines()]
    written = ds.dataset(tmp_path / "out" / table).to_table().to_pylist()

    texts = [field.name for field in EXPORTS[table].fields if field.kind in ("text", "texts")]
    assert lines == stored
    assert [[row[name] for name in texts] for row in written] == [[row[name] for name in texts] for row in stored]


def test_a_negative_change_stays_a_number(store: Store) -> None:
    rows = list(csv.DictReader(io.StringIO(exported(store, "csv", "--table", "quotes").stdout)))

    assert [(row["label"], row["change"], row["change_text"]) for row in rows] == [
        ("KGS/USD", "0.0", "0%"), ("UZS/USD", "-0.1", "-0.10%")]


def test_since_takes_what_is_new_or_edited(store: Store) -> None:
    saved(store, OTHER, NOON + 48 * HOUR)
    lines = exported(store, "jsonl", "--since", "2026-03-03").stdout.splitlines()

    assert [json.loads(line)["headline"] for line in lines] == ["Dam holds"]


@pytest.mark.parametrize(("form", "heads"), [("jsonl", 0), ("csv", 1)])
def test_new_appends_what_is_new_or_changed_and_nothing_twice(
    store: Store, tmp_path: Path, form: str, heads: int
) -> None:
    path = tmp_path / f"stories.{form}"

    def lines() -> int:
        exported(store, form, "-o", str(path), "--new")
        with path.open(newline="") as file:
            return sum(1 for _ in csv.reader(file)) if form == "csv" else sum(1 for _ in file)

    first = lines()
    saved(store, STORY, NOON + HOUR)  # looked at again, and the same
    again = lines()
    saved(store, OTHER, NOON - 1000 * HOUR)  # an older capture, brought in later
    imported = lines()
    saved(store, replace(STORY, headline="Pass open"), NOON + 2 * HOUR)
    edited = lines()
    path.unlink()

    assert (first, again, imported, edited) == (heads + 1, heads + 1, heads + 2, heads + 3)
    assert lines() == heads + 2


def test_a_file_is_replaced_whole_or_not_at_all(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "stories.jsonl"
    path.write_text("mine\n")

    exported(store, "jsonl", "-o", str(path))

    assert json.loads(path.read_text())["headline"] == "Pass closed"
    assert [each.name for each in tmp_path.glob("*.part")] == []


def test_two_who_replace_one_file_do_not_meet(tmp_path: Path) -> None:
    """Each writes beside it under a name of its own: the file is one's or the other's."""
    path = tmp_path / "state.prom"

    with replacing(path) as last, replacing(path) as first:
        last.write_text("last\n")
        first.write_text("first\n")

    assert path.read_text() == "last\n"
    assert [each.name for each in tmp_path.iterdir()] == ["state.prom"]


def test_parquet_is_typed(store: Store, tmp_path: Path) -> None:
    exported(store, "parquet", "-o", str(tmp_path / "out"))

    file = tmp_path / "out" / "articles" / "month=2026-03" / "articles.parquet"
    row = pq.read_table(file, partitioning=None).to_pylist()[0]

    assert row["published"] == datetime(2026, 3, 2, 11, tzinfo=UTC)
    assert (row["published_date"], row["truncated"], row["tags"], row["modified"]) == (
        date(2026, 3, 2), False, ["roads", "snow"], None)


def test_parquet_writes_only_the_months_that_changed(store: Store, tmp_path: Path) -> None:
    out = tmp_path / "out"
    january = replace(OTHER, published=replace(STORY.published, day=date(2026, 1, 5),
                                               instant=datetime(2026, 1, 5, 11, tzinfo=UTC)))  # type: ignore[type-var]

    first = exported(store, "parquet", "-o", str(out))
    again = exported(store, "parquet", "-o", str(out))
    saved(store, january, NOON + HOUR)
    later = exported(store, "parquet", "-o", str(out))

    assert [result.stderr.split(": ")[1] for result in (first, again, later)] == [
        "1 month of articles\n", "0 months of articles\n", "1 month of articles\n"]
    table = ds.dataset(out / "articles", partitioning="hive").to_table()
    assert sorted(zip(table["headline"].to_pylist(), table["month"].to_pylist(), strict=True)) == [
        ("Dam holds", "2026-01"), ("Pass closed", "2026-03")]


def test_the_descriptor_describes_every_table_and_column(store: Store, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for table in TABLES:
        exported(store, "parquet", "-o", str(out), "--table", table)

    package = json.loads((out / "datapackage.json").read_text("utf-8"))

    assert [each["name"] for each in package["resources"]] == sorted(TABLES)
    for each in package["resources"]:
        assert all((out / path).is_file() for path in each["path"])
        assert each["schema"]["primaryKey"] == list(EXPORTS[each["name"]].key)
        names = [field["name"] for field in each["schema"]["fields"]]
        assert [field.name for field in EXPORTS[each["name"]].fields] == names
    articles = package["resources"][0]["schema"]["fields"]
    assert next(field for field in articles if field["name"] == "published_date") == {
        "name": "published_date", "type": "date", "description": "the day in the source's zone"}


def test_a_folder_with_other_files_is_left_alone(store: Store, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").touch()

    result = exported(store, "parquet", "-o", str(tmp_path / "out"))

    assert str(result.exception) == f"{tmp_path}/out is not empty and no earlier export; name another folder with -o"
    assert [each.name for each in (tmp_path / "out").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(("args", "line"), [
    (("parquet",), "parquet is a folder of files: name it with -o"),
    (("csv", "--new"), "--new appends to a file: name it with -o"),
    (("parquet", "-o", "x", "--new"),
     "parquet is brought in line month by month: --since and --new are for jsonl and csv"),
    (("csv", "-o", "/proc/none/x.csv"), "/proc/none/x.csv: cannot be written (No such file or directory)"),
])
def test_what_is_asked_wrongly_is_one_clear_line(store: Store, args: tuple[str, ...], line: str) -> None:
    assert str(exported(store, *args).exception) == line
