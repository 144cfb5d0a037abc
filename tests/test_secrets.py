"""What opens a door stays out of everything that is kept or shown."""

from __future__ import annotations

import gzip
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from ceilings import HANG_S
from crashes import SOURCE
from fetching import Net
from newsroom import Newsroom
from scraper.errors import FetchError
from scraper.secrets import told, without_user
from servers import Site, answer, redirect


@pytest.mark.parametrize(
    ("address", "bare"),
    [
        ("https://reader:word@paper.example/a", "https://paper.example/a"),
        ("//reader:word@paper.example/a", "//paper.example/a"),
        ("\\\\reader:word@paper.example/a", "\\\\paper.example/a"),
        (" https:/reader:word@paper.example/a", " https:/paper.example/a"),
        ("https:reader:word@paper.example", "https:paper.example"),
        ("/next?to=https://reader:word@paper.example/", "/next?to=https://paper.example/"),
        ("see <https://reader:w@rd@paper.example/>", "see <https://paper.example/>"),
        ("/@weaver/story", "/@weaver/story"),
        ("https://paper.example/@weaver?by=a@b.example", "https://paper.example/@weaver?by=a@b.example"),
    ],
)
def test_a_user_is_taken_out_of_an_address(address: str, bare: str) -> None:
    assert without_user(address) == bare


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        ("https://paper.example/a?access_token=word", "https://paper.example/a"),
        ("/a?token=wo/rd==&page=2", "/a?page=2"),
        ("/a?page=2&apiKey=word&sig=word&x=1", "/a?page=2&x=1"),
        ("/a;jsessionid=WORD?page=2", "/a?page=2"),
        ("/a?X-Amz-Security-Token=word&X-Amz-Signature=word", "/a"),
        ("/a#id_token=word", "/a"),
        ("/a?client_secret=word#part", "/a?#part"),
        ("/a?design=1&sid=7&signal=2&author=3", "/a?design=1&sid=7&signal=2&author=3"),
        ("/a?", "/a?"),
    ],
)
def test_a_key_is_taken_out_of_where_a_redirect_leads(target: str, shown: str) -> None:
    """Keys that tell stories apart stay."""
    assert told(target) == shown


def test_a_redirect_is_followed_with_its_key_and_told_without_it() -> None:
    """The site gets what it asked for; nothing that is kept or returned holds it, the redirect's own text included."""
    there = "/there?access_token=hunter2&page=2"
    with Site({there: answer(b"<h1>Here</h1>")}) as site:
        site.answers["/a"] = answer(f"Go to {there}".encode(), "302 Found", Location=site.url(there))
        net = Net()

        page = net.page(site.url("/a"))

    assert site.paths == ["/a", there]
    assert (page.url, page.body) == (site.url("/there?page=2"), b"<h1>Here</h1>")
    assert [exchange.url for exchange in net.exchanges[1:]] == [site.url("/a"), site.url("/there?page=2")]
    assert net.exchanges[1].truncated == "unspecified"
    assert "hunter2" not in repr([net.exchanges, page])


@pytest.mark.parametrize("way", ["http://reader:hunter2@127.0.0.1/", "//reader:hunter2@127.0.0.1/", "/a?token=hunter2"])
def test_an_error_on_the_way_tells_no_secret(way: str) -> None:
    """A user in the target is refused; a key in it is followed, here to nothing, and in a circle."""
    with Site({"/a": redirect(way), "/b": redirect("/b?token=hunter2"), "/b?token=hunter2": redirect("/b")}) as site:
        net = Net()

        errors = net.get(site.url("/a"), site.url("/b"))

    assert all(isinstance(error, FetchError) for error in errors)
    assert "hunter2" not in repr([(str(error), vars(error)) for error in errors]) + repr(net.exchanges)


def test_a_whole_run_leaves_no_secret_anywhere(tmp_path: Path) -> None:
    """Not in what it prints at its most talkative, not in the database, not in the WARC files."""
    with Newsroom(tmp_path) as room:
        room.publish("flood", "storm", "hail")
        for number, name in enumerate(("flood", "storm")):
            room.site.answers[f"/moved-{number}?token=hunter2"] = room.site.answers[f"/story-{name}"]
            heads = {"Set_Cookie": "visit=hunter2", "X_API_Key": "hunter2", "Link": "<//reader:hunter2@cdn.example/>"}
            there = f"/moved-{number}?token=hunter2"
            room.site.answers[f"/story-{name}"] = answer(b"Moved for hunter2", "302 Found", Location=there, **heads)
        room.site.answers["/story-hail"] = redirect("//reader:hunter2@127.0.0.1:1/")
        declared = tmp_path / "newsroom.toml"
        declared.write_text(SOURCE.format(home=room.site.url("/")), "utf-8")
        args = [sys.executable, "-m", "scraper", "-vv", "-d", str(room.db), "harvest", "--source-file", str(declared)]

        process = subprocess.run([*args, "--allow-private", "127.0.0.1"], capture_output=True, timeout=HANG_S)

    with closing(sqlite3.connect(room.db)) as db:
        dump = "\n".join(db.iterdump())
        stories = db.execute("SELECT url FROM articles ORDER BY url").fetchall()
    warcs = b"".join(gzip.decompress(path.read_bytes()) for path in tmp_path.glob("news.warc/*"))
    assert process.returncode == 0
    assert stories == [(room.site.url("/moved-0"),), (room.site.url("/moved-1"),)]
    assert b"Location: /moved-0\r\n" in warcs
    assert b"hunter2" not in process.stdout + process.stderr + dump.encode() + warcs
