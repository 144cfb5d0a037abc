"""What is kept once and repeated: whoever repeats it finds it again, across folders, redirects and pruning."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
import trio
from click.testing import CliRunner, Result

from newsroom import MONDAY, Newsroom, listing_page, story_page
from scraper.archive import WarcArchive
from scraper.cli import cli
from scraper.cli.stored import opened_shares
from scraper.errand import Plan
from scraper.importing import Rooms, take_further
from scraper.pruning import Keep, Pruned, prune
from scraper.sights import Atlas
from scraper.store import Store
from scraper.workers import Workers
from servers import answer, redirect
from test_import import taken_in

DAY = timedelta(days=1)


@pytest.fixture
def share(room: Newsroom, tmp_path: Path) -> Newsroom:
    """Return the same site as a share of the archive harvests it."""
    folder = tmp_path / "news.warc" / "shares"
    folder.mkdir(parents=True)
    return Newsroom(folder, room.stories, room.now, room.marquee, room.site)


def take_in(room: Newsroom) -> None:
    """Take into the archive what is new in its shares' files."""

    async def take() -> None:
        context = room.settings()
        with Store.open(room.db) as store, WarcArchive(context.warcs, store.committed()) as archive:
            async with Workers(context.limits()) as workers:
                await take_further("shares", Atlas([room.source]), Rooms(store, archive, workers, context.limits()))

    trio.run(take)


def pruned(room: Newsroom, keep: Keep, days: int) -> Pruned:
    """Prune so many days after the first harvest."""
    with (Store.open(room.db) as store, WarcArchive(room.settings().warcs, store.committed()) as archive,
          opened_shares(room.settings()) as shares):
        return prune(store, archive, keep, Atlas([room.source]).is_listing, MONDAY + days * DAY, shares)


def ran(room: Newsroom, *args: str) -> Result:
    """Run a command on its archive."""
    return CliRunner().invoke(cli, ["-d", str(room.db), *args], catch_exceptions=False, standalone_mode=False)


def verified(*rooms: Newsroom) -> str:
    """Return what `db verify` finds in their archives."""
    return "".join(ran(room, "db", "verify").stdout for room in rooms)


def test_a_page_that_a_share_kept_is_repeated_by_the_archive_itself(room: Newsroom, share: Newsroom) -> None:
    """Asked again without a cluster, the bytes are referred to where they lie."""
    unvalidated(room)
    share.brought()
    take_in(room)
    before = room.rows("SELECT max(length) AS n FROM fetches WHERE file LIKE 'shares/%'")

    room.brought(Plan(recheck=True), after=DAY)

    own = room.rows("SELECT max(length) AS n FROM fetches WHERE file NOT LIKE 'shares/%' AND article_id IS NOT NULL")
    assert int(str(own[0]["n"])) < int(str(before[0]["n"]))
    assert verified(room, share) == ""


def unvalidated(room: Newsroom) -> None:
    """Serve everything without validators: each look is a whole answer."""
    listed = [(path, headline) for path, (headline, _) in room.stories.items()]
    room.site.answers["/latest"] = answer(listing_page(listed))
    for path, (headline, text) in room.stories.items():
        room.site.answers[path] = answer(story_page(headline, text))


@pytest.mark.parametrize("validators", [True, False])
def test_a_listing_that_a_share_may_repeat_is_not_pruned(room: Newsroom, share: Newsroom, validators: bool) -> None:
    """The archive's own rows do not say what the share will refer to next."""
    if not validators:
        unvalidated(room)
    share.brought()
    take_in(room)

    done = pruned(room, Keep(polls=1, listings=1), 40)
    share.brought(after=40 * DAY)
    take_in(room)

    assert done == Pruned()
    assert verified(room, share) == ""


def test_what_a_share_repeated_and_nobody_took_in_yet_is_not_pruned(room: Newsroom, share: Newsroom) -> None:
    unvalidated(room)
    share.brought()
    take_in(room)
    share.brought(after=40 * DAY)
    share.publish("hail")
    unvalidated(share)
    share.brought(after=DAY)

    pruned(room, Keep(polls=1, listings=1), 40)
    take_in(room)

    assert verified(room, share) == ""


def test_listings_of_a_share_lose_their_bytes_in_both_archives(room: Newsroom, share: Newsroom) -> None:
    share.brought()
    share.publish("hail")
    share.brought(after=DAY)
    take_in(room)

    done = pruned(room, Keep(listings=1), 40)

    assert (done.listings > 0, done.warc_bytes > 0) == (True, True)
    for each, place in ((room, "shares/news.warc/"), (share, "")):
        files = each.rows("SELECT file FROM fetches WHERE url LIKE '%/latest' ORDER BY fetched")
        assert [row["file"] is None for row in files] == [True, False], place
    assert verified(room, share) == ""


def test_an_address_that_redirected_repeats_the_page_it_led_to(room: Newsroom) -> None:
    """The bytes lie under the other address, and are found there."""
    unvalidated(room)
    listing = room.site.answers["/latest"]
    room.site.answers |= {"/latest": redirect("/all"), "/all": listing}
    room.brought()
    room.site.answers["/latest"] = listing

    room.brought(after=DAY)

    assert verified(room) == ""
    pruned(room, Keep(listings=1), 40)
    room.brought(after=40 * DAY)
    assert verified(room) == ""


def test_an_import_in_any_order_leaves_nothing_that_a_prune_could_break(room: Newsroom, tmp_path: Path) -> None:
    """Imported alone, a repetition is what the next one refers to."""
    unvalidated(room)
    for _ in range(3):
        room.brought(Plan(recheck=True), after=timedelta(hours=1))
    shutil.copytree(tmp_path / "news.warc", tmp_path / "copy.warc")

    pruned(room, Keep(polls=1, listings=1), 40)
    taken_in(tmp_path, tmp_path / "copy.warc", sources=[room.source])
    room.brought(Plan(recheck=True), after=40 * DAY)
    pruned(room, Keep(polls=1, listings=1), 80)

    assert verified(room) == ""
