"""Stories under a noarchive mark pass from one archive to another by their rows: captures, versions, rates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import trio

from newsroom import Newsroom, story_page
from scraper.errand import Plan
from scraper.handover import take_over_further
from scraper.replay import Brought
from scraper.store import Store
from servers import answer

DAY = timedelta(days=1)
STORIES = "SELECT url, headline, body, byline, published, first_seen, last_seen, text_since, noarchive FROM articles"
VERSIONS = "SELECT seen_from, seen_to, reason, changed, headline, revision FROM article_versions"
RATES = "SELECT label, rate_text, first_seen, last_seen, observations FROM quotes JOIN pairs ON pairs.id = pair_id"
ORIGINS = "SELECT fields FROM articles JOIN origins ON origins.id = origin_id"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    """Yield a site whose one story is marked noarchive, and has a rate that stands nowhere else."""
    (tmp_path / "share").mkdir()
    with Newsroom(tmp_path / "share") as room:
        publish(room, "Word of it spread early on.")
        yield room


def publish(room: Newsroom, text: str) -> None:
    """Put the story on line."""
    room.publish("flood")
    page = story_page("Flood closes the lower streets of the town", text, marquee="TMT/USD = 0.28570 0%")
    room.site.answers["/story-flood"] = answer(page, X_Robots_Tag="noarchive")


def taken(room: Newsroom, db: Path) -> dict[str, int]:
    """Take over what is new in the room's archive; return what that brought."""
    brought = Brought()
    with Store.reading(room.db) as theirs, Store.open(db) as store:
        trio.run(take_over_further, theirs, "share", {room.source.key: room.source}, store, brought)
    return dict(brought.counts.get("newsroom", {}))


def told(db: Path) -> list[object]:
    """Return what an archive says of stories, versions and rates of the story's own page."""
    with Store.reading(db) as store:
        return [store.rows(sql) for sql in (STORIES, VERSIONS, f"{RATES} WHERE label = 'TMT/USD'", ORIGINS)]


def test_each_capture_is_taken_over_once(room: Newsroom, tmp_path: Path) -> None:
    """Seen, seen again, edited: what is told afterwards is what the other archive tells."""
    counts = []
    for when in ("early on", "late in the day"):
        publish(room, f"Word of it spread {when} among the people of the lower town, the paper says.")
        for _ in range(2):
            room.brought(Plan(recheck=True), after=DAY)
            counts.append(taken(room, tmp_path / "news.db"))
            counts.append(taken(room, tmp_path / "news.db"))

    assert counts == [{"new": 1}, {}, {"unchanged": 1}, {}, {"changed": 1}, {}, {"unchanged": 1}, {}]
    assert told(tmp_path / "news.db") == told(room.db)


def test_captures_that_were_left_for_later_give_the_same(room: Newsroom, tmp_path: Path) -> None:
    """Superseded texts come out of the other's versions, which keep less: what is told is the same."""
    for when in ("early on", "late in the day", "much too late"):
        publish(room, f"Word of it spread {when} among the people of the lower town, the paper says.")
        room.brought(Plan(recheck=True), after=DAY)

    assert taken(room, tmp_path / "news.db") == {"new": 1, "changed": 2}
    assert told(tmp_path / "news.db") == told(room.db)


def test_what_was_forgotten_is_not_taken_over(room: Newsroom, tmp_path: Path) -> None:
    room.brought()
    with Store.open(tmp_path / "news.db") as store:
        store.shelf.forget(frozenset({room.site.url("/story-flood")}), room.now)

    assert taken(room, tmp_path / "news.db") == {}
    assert told(tmp_path / "news.db")[0] == []
