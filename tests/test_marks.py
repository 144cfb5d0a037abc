"""Marks against keeping a page: read as search engines read them, and obeyed as the setting says."""

from __future__ import annotations

import gzip
import json
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from crashes import SOURCE
from newsroom import QUICK, Newsroom, story_page
from scraper.cli.commands import cli
from scraper.cli.context import Context
from scraper.cli.rooms import Terms, harvested
from scraper.config import Settings
from scraper.errand import Plan
from scraper.marks import asks_noarchive, withheld
from scraper.records import Exchange
from scraper.source import Rule
from servers import answer

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PAID = b'<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": %s}</script><p>Text</p>'
MARKED = b"<html><head><meta name=robots content=noarchive></head><p>Text</p>"


@pytest.mark.parametrize(
    ("tag", "marked"),
    [
        ("noarchive", True), ("noindex, NOARCHIVE", True), ("scraper: noarchive", True), ("Scraper:noarchive", True),
        ("robots: noarchive", True), ("unavailable_after: 25 Jun 2030 15:00:00 GMT, noarchive", True),
        ("otherbot: noarchive", False), ("otherbot: noindex, noarchive", False), ("noindex, nofollow", False),
        ("otherbot: noindex, scraper: nofollow, noarchive", True), ("none", False), ("noarchives", False), ("", False),
    ],
)  # fmt: skip
def test_the_header_marks_an_answer_for_all_or_for_the_crawler_it_names(tag: str, marked: bool) -> None:
    assert asks_noarchive((("x-robots-TAG", "noindex"), ("X-Robots-Tag", tag)), b"") is marked


@pytest.mark.parametrize(
    ("page", "marked"),
    [
        ("<meta name=robots content=noarchive>", True),
        ('<META CONTENT="noindex, NoArchive" NAME="ROBOTS" />', True),
        ("<meta name='scraper' content='follow,noarchive'>", True),
        ("<meta name='googlebot' content='noarchive'>", False),
        ("<meta name='robots' content='index, follow, max-image-preview:large'>", False),
        ("<meta name='description' content='noarchive'>", False),
        ("<!-- <meta name='robots' content='noarchive'> --><p>noarchive</p>", False),
        ("<script>'<meta name=robots content=noarchive>'</script>", False),
        ("<script>a</script><meta name=robots content=noarchive>", True),
        ("<p>What is noarchive?</p>", False),
    ],
)
def test_a_meta_element_marks_a_page(page: str, marked: bool) -> None:
    assert asks_noarchive((), page.encode()) is marked
    assert asks_noarchive((), page.encode("utf-16")) is marked


@pytest.mark.parametrize(
    ("rule", "bytes_are_not_kept"),
    [("everything", []), ("text", ["marked", "headed"]), ("notice", ["marked", "headed", "paid", "metered"])],
)
def test_the_rule_says_of_which_pages_no_bytes_are_kept(rule: Rule, bytes_are_not_kept: list[str]) -> None:
    """Packed or not, cut or not."""
    tier = b"<meta property='article:content_tier' content='metered'>"
    pages = {"marked": MARKED, "headed": b"<p>Text</p>", "paid": PAID % b'"False"', "metered": tier,
             "free": PAID % b"true"}  # fmt: skip
    tags = {"headed": (("X-Robots-Tag", "noarchive"),)}
    packed = (("Content-Encoding", "gzip"),)
    plain = {name: Exchange("", NOON, (), 200, "OK", tags.get(name, ()), page) for name, page in pages.items()}
    zipped = {
        name: Exchange("", NOON, (), 200, "OK", (*tags.get(name, ()), *packed), gzip.compress(page)[:-4])
        for name, page in pages.items()
    }

    assert [name for name, exchange in plain.items() if withheld(exchange, rule)] == bytes_are_not_kept
    assert [name for name, exchange in zipped.items() if withheld(exchange, rule)] == bytes_are_not_kept


@pytest.mark.parametrize("piece", ["<!--", "<script", "<meta name=robots content='", "<meta a=b ", "isAccessible"])
def test_a_hostile_page_takes_less_than_a_second(piece: str) -> None:
    page = ("noarchive" + piece * 100_000).encode()
    started = time.process_time()

    withheld(Exchange("", NOON, (), 200, "OK", (), page), "notice")

    assert time.process_time() - started < 1


# A whole run


STORIES = {
    "marked": b"<meta name='robots' content='noarchive'>",
    "headed": b"",
    "paid": b'<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>',
    "free": b'<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": true}</script>',
    "elsewhere": b"<meta name='googlebot' content='noarchive'>",
}


WORDS = "Word of weather{} spread early on among all the people of the lower town."


def marked_site(room: Newsroom) -> None:
    """Put a story of each kind on line; the words of its text are its own."""
    room.publish(*STORIES)
    for name, head in STORIES.items():
        page = story_page(f"{name} is the word of the day in town", WORDS.format(name))
        tag = {"X_Robots_Tag": "scraper: noarchive"} if name == "headed" else {}
        room.site.answers[f"/story-{name}"] = answer(page.replace(b"<body>", head + b"<body>"), **tag)


def run(room: Newsroom, settings: Settings) -> None:
    """Harvest under these settings."""
    context = Context(settings, room.folder, 0, debug=False)
    harvested(context, [context.settled(room.source)], Plan(), Terms(private=("127.0.0.1",), clock=lambda: room.now))


def kept(room: Newsroom) -> dict[str, set[str]]:
    """Return of which stories there are bytes, of which a text, which are marked how, and all that have a row."""
    bodies = b"".join(gzip.decompress(path.read_bytes()) for path in room.folder.glob("news.warc/*"))
    rows = room.rows("SELECT * FROM articles")
    names = {str(row["url"]).rpartition("-")[2]: row for row in rows}
    return {
        "bytes": {name for name in names if f"weather{name} spread".encode() in bodies},
        "text": {name for name, row in names.items() if f"weather{name}" in str(row)},
        "noarchive": {name for name, row in names.items() if row["noarchive"]},
        "paywalled": {name for name, row in names.items() if row["paywalled"]},
        "rows": set(names),
    }


@pytest.mark.parametrize(
    ("rule", "without_bytes", "without_text"),
    [("everything", set(), set()), ("text", {"marked", "headed"}, set()),
     ("notice", {"marked", "headed", "paid"}, {"marked", "headed", "paid"})],
)  # fmt: skip
def test_marks_are_recorded_and_obeyed_as_the_setting_says(
    tmp_path: Path, rule: Rule, without_bytes: set[str], without_text: set[str]
) -> None:
    """A row there is of every story: else it would be fetched again and again. A second run changes nothing."""
    with Newsroom(tmp_path) as room:
        marked_site(room)

        run(room, Settings(db=room.db, archive=rule, limits=QUICK))
        first = kept(room)
        run(room, Settings(db=room.db, archive=rule, limits=QUICK))

        stories = set(STORIES)
        assert first == {
            "bytes": stories - without_bytes, "text": stories - without_text, "noarchive": {"marked", "headed"},
            "paywalled": {"paid"}, "rows": stories,
        }  # fmt: skip
        assert kept(room) == first
        assert len(room.site.paths) == 2 + len(STORIES)
        assert room.rows("SELECT * FROM article_versions") == []


@pytest.mark.parametrize(
    ("rule", "said"),
    [("everything", "newsroom: 5 articles read again, 0 changed"),
     ("text", "newsroom: 3 articles read again, 0 changed; 2 have no bytes to be read again"),
     ("notice", "newsroom: 2 articles read again, 0 changed; 3 have no bytes to be read again")],
)  # fmt: skip
def test_what_cannot_be_read_again_is_counted(tmp_path: Path, rule: Rule, said: str) -> None:
    """By `reparse` and by `status`, and `check` says it of a page."""
    with Newsroom(tmp_path) as room:
        marked_site(room)
        run(room, Settings(db=room.db, archive=rule, limits=QUICK))
        declared = tmp_path / "newsroom.toml"
        declared.write_text(SOURCE.format(home=room.site.url("/")), "utf-8")
        given = ["--source-file", str(declared)]

        again = CliRunner().invoke(cli, ["-d", str(room.db), "reparse", *given])
        status = CliRunner().invoke(cli, ["-d", str(room.db), "status", "--json"])
        raw = CliRunner().invoke(cli, ["-d", str(room.db), "raw", room.site.url("/story-marked")])
        checked = CliRunner().invoke(
            cli, ["check", room.site.url("/story-headed"), "--allow-private", "127.0.0.1", *given])

        assert again.stdout.startswith(said)
        (row,) = json.loads(status.stdout)
        assert (row["articles"], row["without_bytes"]) == (5, 5 - int(said[10]))
        assert ("no bytes of it are kept, as a noarchive mark asks" in raw.stderr) is (rule != "everything")
        assert "[a harvest keeps no bytes of it, unless archive = " in checked.stdout


def test_a_source_s_own_rule_goes_before_that_of_the_settings(tmp_path: Path) -> None:
    """And what the settings say of the source before that."""
    settings = Settings(archive="notice")
    own = replace(settings, source_archives={"newsroom": "everything"})
    with Newsroom(tmp_path) as room:
        ruled = replace(room.source, archive="text")
        rules = [Context(each, tmp_path, 0, debug=False).settled(source).archive
                 for each, source in ((settings, room.source), (settings, ruled), (own, ruled))]  # fmt: skip

    assert rules == ["notice", "text", "everything"]


def test_a_mark_that_comes_later_is_recorded(tmp_path: Path) -> None:
    """What was kept before stays; from then on no bytes come to it."""
    with Newsroom(tmp_path) as room:
        room.publish("flood")
        room.brought()
        page = story_page("Flood closes the lower streets of the town", "Word of the flood spread early on.")
        room.site.answers["/story-flood"] = answer(page.replace(b"<body>", STORIES["marked"] + b"<body>"))

        room.brought(Plan(recheck=True))

        files = room.rows("SELECT file IS NULL AS none FROM fetches WHERE article_id > 0 ORDER BY id")
        assert room.rows("SELECT noarchive FROM articles") == [{"noarchive": 1}]
        assert [row["none"] for row in files] == [0, 1]


def test_a_mark_is_obeyed_by_an_import(tmp_path: Path) -> None:
    """What another archive kept is not copied where our rule forbids it."""
    (tmp_path / "theirs").mkdir()
    (tmp_path / "ours").mkdir()
    with Newsroom(tmp_path / "theirs") as room:
        marked_site(room)
        run(room, Settings(db=room.db, archive="everything", limits=QUICK))
        declared = tmp_path / "newsroom.toml"
        declared.write_text(SOURCE.format(home=room.site.url("/")), "utf-8")
        settings = tmp_path / "scraper.toml"
        settings.write_text('archive = "notice"\n', "utf-8")
        room.folder = tmp_path / "ours"

        done = CliRunner().invoke(
            cli, ["-c", str(settings), "-d", str(room.db), "import", str(tmp_path / "theirs/news.warc"),
                  "--source-file", str(declared)])  # fmt: skip

        found = kept(room)
        assert (done.exit_code, found["rows"]) == (0, set(STORIES))
        assert found["bytes"] == found["text"] == {"free", "elsewhere"}
