"""WARC files into the archive: our own after the database is gone, and other people's, whole or damaged."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from click.testing import CliRunner

from ceilings import HANG_S
from newsroom import Newsroom, listing_page, story_page, validated
from scraper.archive import WarcArchive
from scraper.cli import cli
from scraper.cli.context import Context
from scraper.cli.stored import imported
from scraper.config import Settings
from scraper.errand import Plan
from scraper.importing import Imported
from scraper.sights import Atlas, nobody, stranger
from scraper.source import Listing, Source
from scraper.store import Store
from servers import answer

DAY = timedelta(days=1)
HERALD = Source(
    "herald", "https://herald.example/", (Listing("https://herald.example/latest/", pages="page/{n}/"),),
    story=r"https://herald\.example/[a-z]+-[a-z-]+", timezone="Asia/Bishkek",
)  # fmt: skip
NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
STORY = "https://herald.example/flood-closes-streets"

# What a page brought, without ids and without what only counts runs; `origins` and hashes come with the text.
COMPARED = {
    "articles": "SELECT {columns} FROM articles",
    "article_urls": "SELECT articles.url, article_urls.url AS other, article_urls.first_seen"
                    " FROM article_urls JOIN articles ON articles.id = article_id",
    "article_versions": "SELECT articles.url, seen_from, seen_to, reason, changed, similarity,"
                        " article_versions.headline, article_versions.revision, hex(content) FROM article_versions"
                        " JOIN articles ON articles.id = article_id",
    "images": "SELECT articles.url, position, images.url, alt, caption, credit, role FROM images"
              " JOIN articles ON articles.id = article_id",
    "quotes": "SELECT source, label, rate_text, change_text, first_seen, last_seen, observations FROM quotes"
              " JOIN pairs ON pairs.id = pair_id",
    "observations": "SELECT source, day, tickers, hex(instants) FROM observations",
    "pages": "SELECT fetched, fetches.url, status, fetches.digest, file, offset, length, fetches.revision, articles.url"
             " FROM fetches JOIN articles ON articles.id = article_id",
}  # fmt: skip


def tables(db: Path) -> dict[str, list[str]]:
    """Return every table a page leaves something in, as sorted rows."""
    with Store.reading(db) as store:
        names = [row["name"] for row in store.rows("SELECT name FROM pragma_table_info('articles')")]
        columns = ", ".join(name for name in names if name != "id")
        return {table: sorted(str(tuple(row.items())) for row in store.rows(sql.format(columns=columns)))
                for table, sql in COMPARED.items()}


def taken_in(
    folder: Path, *files: Path, sources: Iterable[Source] = (HERALD,), anybody: bool = False
) -> Imported:
    """Import files into the archive in `folder`."""
    context = Context(Settings(db=folder / "news.db"), folder, 0, debug=False)
    found, _ = imported(context, files, Atlas(sources, stranger if anybody else nobody))
    return found


def rows(folder: Path, sql: str) -> list[dict[str, Any]]:
    """Return rows of the archive in `folder`."""
    with Store.reading(folder / "news.db") as store:
        return store.rows(sql)


def four_days(room: Newsroom) -> None:
    """Harvest on four days: first sight, an edit, a moved page and new rates, a withdrawal and an edit taken back."""
    headline, text = room.stories["/story-flood"]
    room.brought()
    room.stories["/story-flood"] = (headline, "Word of the flood spread late, the paper now says.")
    room.put_on_line()
    room.brought(after=DAY)
    room.publish("hail")
    room.marquee = "KGS/USD = 0.01151 0.09% KZT/USD = 0.00190 0.21%"
    room.put_on_line()
    room.site.answers["/story-hail"] = answer(b"", "301 Moved", Location="/story-hail-moved")
    undated = re.sub(rb"<time.*?</time>", b"", story_page("Hail", "Ice fell.", marquee=room.marquee))
    room.site.answers["/story-hail-moved"] = validated(undated)
    room.brought(after=DAY)
    room.stories["/story-flood"] = (headline, text)
    room.put_on_line()
    room.site.answers["/story-storm"] = answer(b"gone", "410 Gone")
    room.brought(Plan(recheck=True), after=DAY)


def test_an_archive_is_rebuilt_from_its_warc_files_alone(room: Newsroom) -> None:
    """Articles, versions, images, quotes and where their bytes lie are what they were."""
    four_days(room)
    before = tables(room.db)
    room.db.unlink()

    taken_in(room.folder, room.folder / "news.warc", sources=[room.source])

    assert tables(room.db) == before
    assert all(before[table] for table in ("articles", "article_versions", "quotes", "pages"))


def test_a_304_says_that_a_story_stands_and_nothing_of_rates(room: Newsroom) -> None:
    """As in the harvest that got it: its original's ticker is of another day."""
    room.brought()
    room.brought(Plan(recheck=True), after=DAY)
    before = tables(room.db)
    room.db.unlink()

    taken_in(room.folder, room.folder / "news.warc", sources=[room.source])

    assert tables(room.db) == before
    assert {row["last_seen"] for row in room.rows("quotes")} == {"2026-03-02T06:00:00Z"}
    assert {row["last_seen"] for row in room.rows("articles")} == {"2026-03-03T06:00:00Z"}


def test_a_date_that_only_the_listing_shows_is_taken_from_it(room: Newsroom) -> None:
    """As it was when the story was harvested."""
    page = story_page("Flood closes streets", "Word of the flood spread early.")
    room.site.answers["/story-flood"] = answer(re.sub(rb"<time.*?</time>", b"", page))
    listed = "<time>28 February 2026</time><h2><a href='/story-flood'>The town closes its streets</a></h2>"
    room.site.answers["/latest"] = answer(f"<html><body><main><article>{listed}</article></main>".encode())
    room.brought()
    before = tables(room.db)
    room.db.unlink()

    taken_in(room.folder, room.folder / "news.warc", sources=[room.source])

    assert tables(room.db) == before
    assert room.rows("SELECT published_date FROM articles") == [{"published_date": "2026-02-28"}]


def test_what_is_known_already_adds_nothing(room: Newsroom) -> None:
    """The same files twice, and into the archive they came from."""
    four_days(room)
    before = tables(room.db)

    first = taken_in(room.folder, *(room.folder / "news.warc").iterdir(), sources=[room.source])

    assert tables(room.db) == before
    assert set(first.brought.counts["newsroom"]) == {"known already"}


def test_a_harvest_goes_on_where_an_import_ends(room: Newsroom) -> None:
    """Nothing that was imported is downloaded again."""
    room.brought()
    room.db.unlink()
    taken_in(room.folder, room.folder / "news.warc", sources=[room.source])
    room.site.requests.clear()

    report = room.brought(after=timedelta(minutes=5))

    assert (report.known, report.new) == (3, 0)
    assert room.site.paths == ["/latest"]


def test_what_a_crash_kept_but_did_not_store_is_stored_by_the_next_run(room: Newsroom) -> None:
    """The database is the older of the two; the story cannot be had again."""
    room.brought()
    before = room.db.read_bytes()
    room.publish("hail")
    room.brought(after=timedelta(minutes=5))
    whole = tables(room.db)
    room.db.write_bytes(before)
    room.site.answers["/story-hail"] = room.site.answers["/latest"] = answer(b"", "500 Internal Server Error")

    room.harvest()

    assert tables(room.db) == whole


def warc(path: Path, *exchanges: tuple[str, datetime, bytes], **headers: str) -> Path:
    """Write a file as other crawlers do: responses alone, a gzip member each if its name says so."""
    with path.open("wb") as stream:
        for url, instant, body in exchanges:
            lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
            block = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{lines}\r\n".encode() + body
            head = (f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{uuid4()}>\r\n"
                    f"WARC-Target-URI: {url}\r\nWARC-Date: {instant:%Y-%m-%dT%H:%M:%SZ}\r\n"
                    f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n")
            record = head.encode() + block + b"\r\n\r\n"
            stream.write(gzip.compress(record) if path.suffix == ".gz" else record)
    return path


def test_other_peoples_captures_stand_at_their_own_time(tmp_path: Path) -> None:
    """Rates at the capture, and a day without a year is the latest before it; the bytes are ours now."""
    page = story_page("Flood closes streets", "Word of the flood spread early.")
    page = re.sub(rb"<time.*?</time>", b"<p>14 March</p>", page)
    file = warc(tmp_path / "other.warc.gz", (STORY, NOON.replace(year=2023), page))

    taken_in(tmp_path, file)

    assert rows(tmp_path, "SELECT source, url, published_date, first_seen FROM articles") == [
        {"source": "herald", "url": STORY, "published_date": "2023-03-14", "first_seen": "2023-03-14T12:00:00Z"}]
    assert [row["first_seen"] for row in rows(tmp_path, "quotes")] == ["2023-03-14T12:00:00Z"] * 2
    (place,) = rows(tmp_path, "SELECT file, offset FROM fetches")
    assert WarcArchive(tmp_path / "news.warc").read(place["file"], place["offset"]).wire == page


def test_versions_stand_in_capture_order_whatever_the_order_of_import(tmp_path: Path) -> None:
    """The latest capture comes first, and the first last."""
    pages = [story_page("Flood", f"Word of it {text}, and the district office said that nobody was hurt in the town.")
             for text in ("spread early", "spread late", "never spread")]
    files = [warc(tmp_path / f"{day}.warc", (STORY, NOON + day * DAY, page)) for day, page in enumerate(pages)]

    found = [taken_in(tmp_path, files[day]) for day in (2, 0, 1)]

    assert [problem for each in found for problem in each.brought.problems] == []
    assert [(row["seen_from"], row["reason"]) for row in rows(tmp_path, "article_versions")] == [
        ("2026-03-14T12:00:00Z", "publisher-edit"), ("2026-03-15T12:00:00Z", "publisher-edit")]
    assert "never spread" in rows(tmp_path, "articles")[0]["body"]


def test_a_listing_gives_rates_and_stories_to_wait_for(tmp_path: Path) -> None:
    """Its further pages are known by their pattern."""
    listing = listing_page([("/storm-fells-trees", "The storm fells trees in the park")])
    file = warc(tmp_path / "other.warc", ("http://www.herald.example/latest/page/3/", NOON, listing))

    found = taken_in(tmp_path, file)

    assert found.brought.counts["herald"] == {"listing": 1}
    assert [row["url"] for row in rows(tmp_path, "resources")] == ["https://herald.example/storm-fells-trees"]
    assert len(rows(tmp_path, "quotes")) == 2


def test_two_sources_of_one_site_get_each_its_own(tmp_path: Path) -> None:
    """Its English and its sport pages, say, declared apart; other people's files name no source."""
    sport = Source("sport", HERALD.home, (Listing("https://herald.example/sport/"),),
                   story=r"https://herald\.example/sport/\d+", timezone="Asia/Almaty")  # fmt: skip
    page = story_page("Town wins the cup", "Word of the cup spread early.")
    listing = listing_page([("/sport/8", "The cup comes home to the town")])
    file = warc(
        tmp_path / "other.warc", (STORY, NOON, story_page("Flood closes streets", "Word of the flood spread early.")),
        ("http://www.herald.example/sport/7", NOON, page), ("https://herald.example/sport/", NOON, listing),
    )  # fmt: skip

    taken_in(tmp_path, file, sources=(HERALD, sport))

    assert rows(tmp_path, "SELECT source, headline FROM articles ORDER BY source") == [
        {"source": "herald", "headline": "Flood closes streets"}, {"source": "sport", "headline": "Town wins the cup"}]
    assert rows(tmp_path, "SELECT source, url FROM resources WHERE article_id IS NULL AND kind = 'story'") == [
        {"source": "sport", "url": "https://herald.example/sport/8"}]


def test_a_ticker_is_read_off_any_page_of_a_declared_site(tmp_path: Path) -> None:
    """A page about the paper is no story, and shows the rates of its day."""
    file = warc(tmp_path / "other.warc", ("https://herald.example/about", NOON, listing_page([])))

    taken_in(tmp_path, file)

    assert (len(rows(tmp_path, "quotes")), rows(tmp_path, "articles")) == (2, [])


def test_sites_nobody_declared_are_left_out_unless_asked_for(tmp_path: Path) -> None:
    """Then their host is the source, and only pages with an article are stored."""
    page = story_page("Flood closes streets", "Word of the flood spread early.")
    other = "https://other.example/news/1"
    file = warc(tmp_path / "other.warc", (other, NOON, page), ("https://other.example/", NOON, b"<html><p>Hello"))

    left = taken_in(tmp_path, file)
    taken = taken_in(tmp_path, file, anybody=True)

    assert (left.brought.counts, taken.brought.counts) == ({}, {"other.example": {"new": 1}})
    assert [(row["source"], row["url"]) for row in rows(tmp_path, "articles")] == [("other.example", other)]
    assert [row["url"] for row in rows(tmp_path, "fetches")] == [other]


def test_a_page_a_web_archive_plays_back_is_what_it_is_a_copy_of(tmp_path: Path) -> None:
    """Raw copies only; one in the archive's own frame is reported and left."""
    page = story_page("Flood closes streets", "Word of the flood spread early.")
    file = warc(
        tmp_path / "other.warc",
        (f"https://web.example/web/20230314120000id_/{STORY}", NOON, page),
        (f"https://web.example/web/20240314120000/{STORY}", NOON, page), Memento_Datetime="some day",
    )  # fmt: skip

    found = taken_in(tmp_path, file)

    assert rows(tmp_path, "SELECT url, first_seen, last_seen FROM articles") == [
        {"url": STORY, "first_seen": "2023-03-14T12:00:00Z", "last_seen": "2023-03-14T12:00:00Z"}]
    assert len(found.damages) == 1


def test_what_is_whole_in_a_damaged_file_is_read_and_the_loss_reported(tmp_path: Path) -> None:
    """Bytes are broken in the first of three captures, and the last is torn off."""
    pages = {f"https://herald.example/flood-{name}": story_page(name, f"Of {name}.") for name in "abc"}
    file = warc(tmp_path / "other.warc.gz", *((url, NOON, page) for url, page in pages.items()))
    data = bytearray(file.read_bytes())
    data[100:104] = b"\0\0\0\0"
    file.write_bytes(data[:-50])

    found = taken_in(tmp_path, file)

    assert [row["headline"] for row in rows(tmp_path, "articles")] == ["b"]
    assert len(found.damages) == 2


def test_a_body_that_was_decoded_before_it_was_kept_is_read(tmp_path: Path) -> None:
    """Its header still says gzip."""
    file = warc(tmp_path / "a.warc", (STORY, NOON, story_page("Flood", "Word spread.")), Content_Encoding="gzip")
    other = warc(tmp_path / "b.warc", (STORY, NOON + DAY, gzip.compress(story_page("Rain", "Word spread."))),
                 Content_Encoding="gzip")

    taken_in(tmp_path, file, other)

    assert [row["headline"] for row in rows(tmp_path, "articles")] == ["Rain"]
    assert [row["headline"] for row in rows(tmp_path, "article_versions")] == ["Flood"]


def test_an_old_story_that_was_imported_is_not_asked_for_again(tmp_path: Path) -> None:
    """A hundred thousand of them would keep a harvest busy for a day."""
    page = story_page("Flood", "Word spread.", day="2020-03-01T09:30:00+06:00")
    taken_in(tmp_path, warc(tmp_path / "a.warc", (STORY, NOON.replace(year=2020), page)))

    with Store.reading(tmp_path / "news.db") as store:
        assert store.rechecks(HERALD, NOON.replace(year=2030), 10) == ()


def test_a_page_is_printed_as_it_was_received(room: Newsroom) -> None:
    """By its address, by its story's number, with its headers, and without its transfer coding."""
    room.site.answers["/story-flood"] = answer(gzip.compress(story_page("Flood", "Word.")), Content_Encoding="gzip")
    room.brought()
    (story,) = room.rows("SELECT id FROM articles WHERE url LIKE '%flood'")

    by_address = printed(room, "raw", room.site.url("/story-flood"))
    by_number = printed(room, "raw", str(story["id"]), "--headers")
    listing = printed(room, "raw", room.site.url("/latest"))

    assert by_address == story_page("Flood", "Word.")
    assert by_number.startswith(b"HTTP/1.1 200 OK\r\n")
    assert by_number.endswith(b"\r\n\r\n" + by_address)
    assert b"Storm closes" in listing


def test_a_page_nobody_stored_is_one_clear_line(room: Newsroom) -> None:
    """Asked for wrongly: code 2."""
    room.brought()

    result = CliRunner().invoke(cli, ["-d", str(room.db), "raw", "https://other.example/"])

    assert (result.exit_code, result.stdout_bytes) == (2, b"")


def printed(room: Newsroom, *args: str) -> bytes:
    """Return what a command prints."""
    return CliRunner().invoke(cli, ["-d", str(room.db), *args], catch_exceptions=False).stdout_bytes


def test_files_are_imported_from_standard_input_too(tmp_path: Path, room: Newsroom) -> None:
    """A line for each source says what they brought."""
    room.brought()
    (file,) = (tmp_path / "news.warc").iterdir()
    declared = tmp_path / "newsroom.toml"
    source = room.source
    declared.write_text(f"key = 'newsroom'\nhome = '{source.home}'\ndiscover = [{{listing = '{source.home}latest'}}]\n"
                        f"story = '{source.story}'\n", "utf-8")
    args = [sys.executable, "-m", "scraper", "-d", "copy.db", "import", "-", "--source-file", str(declared)]

    process = subprocess.run(args, cwd=tmp_path, input=file.read_bytes(), capture_output=True, timeout=HANG_S)

    assert process.stdout.decode() == "newsroom: 4 captures: 3 new, 1 listing\n"
    assert (process.stderr, process.returncode) == (b"", 0)


def test_what_is_no_archive_at_all_ends_with_74(tmp_path: Path) -> None:
    """Nothing could be read in it."""
    (tmp_path / "letter.txt").write_bytes(b"Dear editor,\nplease find no pages here.\n")
    args = [sys.executable, "-m", "scraper", "-d", "news.db", "import", "letter.txt"]

    process = subprocess.run(args, cwd=tmp_path, capture_output=True, timeout=HANG_S, check=False)

    assert process.returncode == 74
    assert b"nothing could be read in letter.txt" in process.stderr
