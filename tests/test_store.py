"""Pages in, rows out: identity, revisions, what waits, and what is asked of the archive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from archives import BODY, FEED, HOUR, KGS, NOON, SITE, STORY, UZS, WARC, column, listed, response_to, saved
from scraper.errors import Deferred, NetworkError, NotAnArticle, ParseKilled, StatusError
from scraper.records import Index, Kept, Page, Stamp, Teaser, Ticker, Validators
from scraper.reports import Problem, SourceReport
from scraper.robots import RobotsCopy
from scraper.store import Saved, Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "news.db") as store:
        yield store


def test_an_article_is_stored_with_all_its_parts(store: Store) -> None:
    result = saved(store, STORY, quotes=(KGS, UZS))

    (article,) = store.rows("SELECT source, url, headline, lead, body, byline, language, published, published_date,"
                            " published_raw, published_precision, first_seen, last_seen, withdrawn FROM articles")
    assert article == {
        "source": "site", "url": STORY.url, "headline": "Pass closed", "lead": STORY.lead, "body": BODY,
        "byline": STORY.byline, "language": "en", "published": "2026-03-02T11:00:00Z", "published_date": "2026-03-02",
        "published_raw": "2 March 2026, 10:30", "published_precision": "minute",
        "first_seen": "2026-03-02T12:00:00Z", "last_seen": "2026-03-02T12:00:00Z", "withdrawn": None,
    }
    assert column(store, "SELECT name FROM authors ORDER BY position") == ["A. Writer", "B. Writer"]
    assert column(store, "SELECT name FROM tags ORDER BY position") == ["roads", "snow"]
    assert store.rows("SELECT url, caption, credit FROM images") == [
        {"url": "https://site.example/gate.jpg", "caption": "The lower gate", "credit": "C. Taker"}]
    assert store.rows("SELECT url, status, file, offset, length, article_id FROM fetches") == [
        {"url": STORY.url, "status": 200, "file": WARC, "offset": 0, "length": 100,
         "article_id": result.article_id}]
    assert result == Saved("new", result.article_id, frozenset({"KGS/USD", "UZS/USD"}), frozenset())


def test_an_article_seen_again_is_stored_once(store: Store) -> None:
    first = saved(store, STORY)

    again = saved(store, STORY, NOON + HOUR)

    assert again == replace(first, outcome="unchanged")
    assert store.rows("SELECT headline, first_seen, last_seen FROM articles") == [
        {"headline": "Pass closed", "first_seen": "2026-03-02T12:00:00Z", "last_seen": "2026-03-02T13:00:00Z"}]
    assert store.rows("article_versions") == []


def test_a_corrected_article_keeps_its_old_text(store: Store) -> None:
    saved(store, STORY)

    outcome = saved(store, replace(STORY, body=BODY.replace("Monday", "Sunday"), tags=("roads",)), NOON + HOUR).outcome

    assert outcome == "changed"
    assert column(store, "SELECT body LIKE '%Sunday night%' FROM articles") == [1]
    assert store.rows("SELECT seen_from, seen_to, reason, changed, headline FROM article_versions") == [
        {"seen_from": "2026-03-02T12:00:00Z", "seen_to": "2026-03-02T12:00:00Z", "reason": "publisher-edit",
         "changed": '["body", "tags"]', "headline": "Pass closed"}]
    assert column(store, "SELECT name FROM tags") == ["roads"]
    assert column(store, "SELECT text_since FROM articles") == ["2026-03-02T13:00:00Z"]


def test_a_change_of_tags_or_white_space_is_no_edit(store: Store) -> None:
    saved(store, STORY)

    outcome = saved(store, replace(STORY, tags=("weather",), body=BODY.replace("\n\n", "\n \n")), NOON + HOUR).outcome

    assert outcome == "unchanged"
    assert store.rows("article_versions") == []
    assert column(store, "SELECT name FROM tags") == ["weather"]


@pytest.mark.parametrize("alias", [
    "https://site.example/pass/?utm_source=x", "https://site.example/pass/amp/", "https://site.example/pass/#comments",
    "https://site.example/pass/?replytocom=7",
])
def test_an_address_with_a_tracking_tail_is_the_same_address(store: Store, alias: str) -> None:
    saved(store, STORY)

    outcome = saved(store, replace(STORY, url=alias), NOON + HOUR).outcome

    assert (outcome, column(store, "SELECT url FROM article_urls")) == ("unchanged", [STORY.url])


def test_the_same_text_under_another_address_is_an_alias(store: Store) -> None:
    first = saved(store, STORY)

    again = saved(store, replace(STORY, url="https://site.example/2026/pass-closed/"), NOON + HOUR)

    assert again == replace(first, outcome="alias")
    assert column(store, "SELECT url FROM article_urls ORDER BY url") == [
        "https://site.example/2026/pass-closed/", "https://site.example/pass/"]
    assert column(store, "SELECT count(*) FROM articles") == [1]


def test_two_stories_of_one_headline_without_a_text_are_two(store: Store) -> None:
    """Of marked stories the notice alone may be kept: a headline by itself tells no story from another."""
    saved(store, replace(STORY, body="", lead=None))

    again = saved(store, replace(STORY, url="https://site.example/other/", body="", lead=None), NOON + HOUR)

    assert again.outcome == "new"
    assert len(store.rows("articles")) == 2


def test_the_same_notice_of_another_day_is_another_article(store: Store) -> None:
    saved(store, STORY)
    tomorrow = Stamp("3 March 2026", NOON + 24 * HOUR, (NOON + 24 * HOUR).date())
    notice = replace(STORY, url="https://site.example/pass-2/", published=tomorrow)

    outcome = saved(store, notice, NOON + 25 * HOUR).outcome

    assert outcome == "new"


def test_a_redirected_address_is_recorded_with_the_article_it_leads_to(store: Store) -> None:
    listed(store, "https://site.example/old/")

    saved(store, STORY, asked="https://site.example/old/")

    assert store.known(["https://site.example/old/", STORY.url, "https://site.example/new/"]) == {
        "https://site.example/old/", STORY.url}
    assert store.pending(SITE, NOON + HOUR, 10) == ()


def test_an_address_that_was_redirected_before_it_was_listed_is_known(store: Store) -> None:
    saved(store, STORY, asked="https://site.example/old/")

    assert listed(store, "https://site.example/old/").new == ()


def test_a_canonical_link_cannot_overwrite_another_story(store: Store) -> None:
    saved(store, STORY)
    thief = replace(STORY, url="https://site.example/thief/", canonical=STORY.url, headline="Buy now",
                    body="Entirely other words stand on this page, and none of them is about roads or weather.")

    outcome = saved(store, thief, NOON + HOUR).outcome

    assert outcome == "new"
    assert column(store, "SELECT headline FROM articles ORDER BY url") == ["Pass closed", "Buy now"]


@pytest.mark.parametrize("canonical", [
    "https://other.example/pass/", "https://site.example/", "https://site.example/news/",
])
def test_a_canonical_link_to_nothing_we_hold_hides_no_story(store: Store, canonical: str) -> None:
    saved(store, replace(STORY, canonical=canonical))

    assert store.known([canonical]) == frozenset()
    assert listed(store, "https://site.example/news/").new != ()


def test_another_rendering_is_an_alias_and_replaces_no_text(store: Store) -> None:
    first = saved(store, STORY)
    print_view = replace(STORY, url="https://site.example/print/77/", canonical=STORY.url, body=f"Print. {BODY}")

    again = saved(store, print_view, NOON + HOUR)

    assert again == replace(first, outcome="alias")
    assert column(store, "SELECT body FROM articles") == [BODY]
    assert store.rows("article_versions") == []


def test_a_rendering_that_came_before_its_story_is_one_article_with_it(store: Store) -> None:
    print_view = replace(STORY, url="https://site.example/print/77/", canonical=STORY.url, body=f"Print. {BODY}")
    first = saved(store, print_view)

    again = saved(store, STORY, NOON + HOUR)

    assert again == replace(first, outcome="alias")


def test_an_edited_story_that_its_old_address_redirects_to_is_the_same_article(store: Store) -> None:
    first = saved(store, STORY)
    moved = replace(STORY, url="https://site.example/pass-open/", headline="Pass open")

    again = saved(store, moved, NOON + HOUR, asked=STORY.url)

    assert again == replace(first, outcome="changed")
    assert column(store, "SELECT headline FROM article_versions") == ["Pass closed"]


def test_an_address_redirected_to_another_story_leaves_its_article_alone(store: Store) -> None:
    saved(store, STORY)
    bread = replace(STORY, url="https://site.example/bread/", headline="Bread dearer", body="Bakers want more.")

    outcome = saved(store, bread, NOON + HOUR, asked=STORY.url).outcome

    assert outcome == "new"
    assert column(store, "SELECT article_urls.url || ' ' || headline FROM article_urls JOIN articles ON id = article_id"
                         " ORDER BY 1") == [f"{bread.url} Bread dearer", f"{STORY.url} Pass closed"]


def test_an_article_that_moved_is_known_by_its_number(store: Store) -> None:
    first = saved(store, replace(STORY, external_id="4711"))
    moved = replace(STORY, external_id="4711", url="https://site.example/pass-reopened/", headline="Pass reopened")

    again = saved(store, moved, NOON + HOUR)

    assert again == replace(first, outcome="changed")
    assert column(store, "SELECT headline FROM articles") == ["Pass reopened"]


def test_a_number_that_two_different_texts_claim_joins_nothing(store: Store) -> None:
    saved(store, replace(STORY, external_id="0"))

    bread = replace(STORY, external_id="0", url="https://site.example/bread/", headline="Bread dearer",
                    body="Bakers in the valley ask two coins more for a loaf since the mill raised its fee.")

    outcome = saved(store, bread).outcome

    assert outcome == "new"


def test_ids_grow_with_the_time_of_publication(store: Store) -> None:
    stamps = [Stamp("", NOON - timedelta(days=days), (NOON - timedelta(days=days)).date()) for days in (1, 300, 20)]

    for number, stamp in enumerate(stamps):
        saved(store, replace(STORY, url=f"https://site.example/{number}/", body=f"{BODY} {number}", published=stamp))

    assert column(store, "SELECT url FROM articles ORDER BY id") == [f"https://site.example/{n}/" for n in (1, 2, 0)]
    assert column(store, "SELECT max(id) < 1 << 53 FROM articles") == [1]


@pytest.mark.parametrize("fault", ["after the fetch", "before 1990", "no such day"])
def test_a_date_that_cannot_be_believed_is_kept_raw(store: Store, fault: str) -> None:
    saved(store, replace(STORY, published=Stamp("31.02.2026", NOON + HOUR, None, fault=fault)))

    assert store.rows("SELECT published, published_date, published_raw, published_fault FROM articles") == [
        {"published": None, "published_date": None, "published_raw": "31.02.2026", "published_fault": fault}]


def test_a_withdrawn_article_stays(store: Store) -> None:
    saved(store, STORY)

    outcome = store.failed(SITE, STORY.url, StatusError("answered 410", STORY.url, status=410), NOON + HOUR)
    again = store.failed(SITE, STORY.url, StatusError("answered 410", STORY.url, status=410), NOON + 2 * HOUR)

    assert (outcome, again) == ("gone", "gone")
    assert store.rows("SELECT headline, withdrawn FROM articles") == [
        {"headline": "Pass closed", "withdrawn": "2026-03-02T13:00:00Z"}]


def test_an_article_that_came_back_is_no_longer_withdrawn(store: Store) -> None:
    saved(store, STORY)
    store.failed(SITE, STORY.url, StatusError("answered 404", STORY.url, status=404), NOON + HOUR)

    saved(store, STORY, NOON + 2 * HOUR)

    assert column(store, "SELECT withdrawn FROM articles") == [None]


def test_a_page_without_an_article_is_a_row_with_its_reason(store: Store) -> None:
    url = "https://site.example/soft/"
    listed(store, url)

    result = store.save(SITE, Page(url, NOON, None, "soft 404", Ticker((KGS,))), response_to(url))

    assert result == Saved("missing", None, frozenset({"KGS/USD"}))
    assert store.rows("SELECT url, last_error, tries FROM resources") == [
        {"url": url, "last_error": "soft 404", "tries": 1}]
    assert column(store, "SELECT rate_text FROM quotes") == ["0.01144"]


# --- what waits


def test_a_listed_story_is_new_once(store: Store) -> None:
    teaser = Teaser("https://site.example/a/", "A headline", Stamp("2 March", NOON, NOON.date()), external_id="7")
    index = Index(FEED, NOON, (teaser, Teaser("https://site.example/b/")))

    first, second = store.listed(SITE, index), store.listed(SITE, replace(index, fetched=NOON + HOUR))

    assert first.new == index.teasers
    assert second.new == ()
    assert store.pending(SITE, NOON + HOUR, 10) == index.teasers


def test_half_a_character_in_a_listing_stops_nothing(store: Store) -> None:
    """Script data may spell a lone surrogate, which no UTF-8 file can hold."""
    teaser = Teaser("https://site.example/a/", "A \ud800 headline")

    store.listed(SITE, Index(FEED, NOON, (teaser,)))

    assert store.pending(SITE, NOON, 10) == (teaser,)


def test_what_is_listed_later_is_fetched_first_in_the_order_of_its_page(store: Store) -> None:
    listed(store, "https://site.example/a/", "https://site.example/b/")
    listed(store, "https://site.example/d/", "https://site.example/c/", at=NOON + HOUR)

    assert [teaser.url[-2] for teaser in store.pending(SITE, NOON + HOUR, 3)] == ["d", "c", "a"]


def test_an_archived_story_does_not_wait(store: Store) -> None:
    saved(store, STORY)

    assert listed(store, STORY.url).new == ()
    assert store.pending(SITE, NOON + HOUR, 10) == ()


def test_the_validators_of_an_entry_point_are_those_of_its_last_whole_walk(store: Store) -> None:
    url = FEED
    assert store.validators(SITE, url) is None

    store.polled(SITE, SITE.discover[0], response_to(url, etag="v2"))

    assert store.validators(SITE, url) == Validators("v2", None)


def test_one_question_gives_the_validators_of_many_addresses(store: Store) -> None:
    other = "https://site.example/never-asked/"
    store.polled(SITE, SITE.discover[0], response_to(FEED, etag="v2"))

    assert store.conditions(SITE, [FEED, other]) == {FEED: Validators("v2", None)}


def test_a_failing_network_is_tried_at_once_and_then_less_often(store: Store) -> None:
    listed(store, "https://site.example/a/")
    error = NetworkError("no answer", "https://site.example/a/")
    waits = []

    for _ in range(4):
        store.failed(SITE, "https://site.example/a/", error, NOON)
        waits.append(next(minutes for minutes in (0, 30, 120, 360, 1440)
                          if store.pending(SITE, NOON + timedelta(minutes=minutes), 10)))

    assert waits == [0, 30, 120, 360]


@pytest.mark.parametrize(("error", "tries"), [
    (StatusError("answered 404", status=404), 3), (NotAnArticle("empty shell"), 3), (NetworkError("no answer"), 10),
    (StatusError("answered 503", status=503), 10),
])
def test_a_story_that_never_comes_is_given_up(store: Store, error: StatusError, tries: int) -> None:
    listed(store, "https://site.example/a/")

    for day in range(tries):
        assert store.pending(SITE, NOON + day * 24 * HOUR, 10) != ()
        store.failed(SITE, "https://site.example/a/", error, NOON + day * 24 * HOUR)

    assert store.pending(SITE, NOON + 4000 * HOUR, 10) == ()


def test_a_source_that_fails_is_never_dropped(store: Store) -> None:
    url = FEED

    for day in range(50):
        store.failed(SITE, url, StatusError("status 503", url, status=503), NOON + day * 24 * HOUR)

    last = NOON + 49 * 24 * HOUR
    assert store.not_before(SITE, url, last) == last + 23 * HOUR
    assert store.not_before(SITE, url, last + 24 * HOUR) is None


def test_an_entry_point_nobody_answered_for_is_asked_by_the_next_run(store: Store) -> None:
    """The trouble may be our own network."""
    for _ in range(5):
        store.failed(SITE, FEED, NetworkError("no answer", FEED), NOON)

    assert store.not_before(SITE, FEED, NOON + timedelta(minutes=1)) is None


def test_an_entry_point_that_took_too_long_to_read_is_asked_by_the_next_run(store: Store) -> None:
    """The machine may have been busy; from then on less often."""
    waits = []

    for _ in range(3):
        store.failed(SITE, FEED, ParseKilled("not read within 10 s", FEED), NOON)
        waits.append(store.not_before(SITE, FEED, NOON))

    assert waits == [None, NOON + HOUR / 2, NOON + 2 * HOUR]


def test_a_wish_to_come_back_later_is_kept_for_thirty_days_at_most(store: Store) -> None:
    listed(store, "https://site.example/a/")

    store.failed(SITE, "https://site.example/a/", Deferred("later", until=NOON + timedelta(days=1157)), NOON)

    assert store.pending(SITE, NOON + timedelta(days=29), 10) == ()
    assert len(store.pending(SITE, NOON + timedelta(days=30), 10)) == 1


def test_a_clock_set_back_a_year_holds_nothing_up_and_checks_nothing(store: Store) -> None:
    listed(store, "https://site.example/a/")
    store.failed(SITE, "https://site.example/a/", StatusError("answered 404", status=404), NOON)
    listed(store, "https://site.example/b/")
    store.failed(SITE, "https://site.example/b/", Deferred("later", until=NOON + timedelta(days=30)), NOON)
    saved(store, STORY)
    before = NOON - timedelta(days=365)

    assert {teaser.url[-2] for teaser in store.pending(SITE, before, 10)} == {"a", "b"}
    assert store.rechecks(SITE, before, 10) == ()
    assert saved(store, STORY, before).outcome == "unchanged"


def test_a_fresh_story_is_looked_at_again_by_its_age_for_thirty_days(store: Store) -> None:
    story = replace(STORY, published=Stamp("", NOON, NOON.date(), "second"))
    saved(store, story)
    looks, now = [], NOON

    while row := store.rows("SELECT next_due FROM resources WHERE next_due IS NOT NULL"):
        now = datetime.fromisoformat(row[0]["next_due"])
        assert [teaser.url for teaser in store.rechecks(SITE, now, 10)] == [STORY.url]
        store.unmodified(SITE, STORY.url, (), now)
        looks.append((now - NOON) / HOUR)

    assert looks == [0.25, 1, 3, 8, 23, 47, 95, 167, 335, 719]
    assert column(store, "SELECT last_seen FROM articles") == ["2026-04-01T11:00:00Z"]


def test_recent_stories_are_asked_for_due_or_not_but_never_against_the_sites_wish(store: Store) -> None:
    for name, days in (("a", 40), ("b", 20), ("c", 1)):
        story = replace(STORY, url=f"https://site.example/{name}/", body=f"{BODY} {name}")
        saved(store, story, NOON - days * 24 * HOUR)
    later = Deferred("later", until=NOON + HOUR)
    store.failed(SITE, "https://site.example/b/", later, NOON)

    month = NOON - 30 * 24 * HOUR
    assert [teaser.url[-2] for teaser in store.recent(SITE, month, NOON, 10)] == ["c"]
    assert [teaser.url[-2] for teaser in store.recent(SITE, month, NOON + HOUR, 10)] == ["c", "b"]


def test_a_story_that_was_old_when_it_came_is_looked_at_once_more(store: Store) -> None:
    saved(store, replace(STORY, published=Stamp("", NOON - 400 * 24 * HOUR, None)))

    assert store.rechecks(SITE, NOON + 29 * 24 * HOUR, 10) == ()
    assert [teaser.url for teaser in store.rechecks(SITE, NOON + 30 * 24 * HOUR, 10)] == [STORY.url]
    store.unmodified(SITE, STORY.url, (), NOON + 30 * 24 * HOUR)
    assert store.rechecks(SITE, NOON + 4000 * 24 * HOUR, 10) == ()


def test_a_story_that_cannot_be_looked_at_again_is_let_go_after_thirty_days(store: Store) -> None:
    saved(store, STORY)
    now = NOON

    while row := store.rows("SELECT next_due FROM resources WHERE next_due IS NOT NULL"):
        now = datetime.fromisoformat(row[0]["next_due"])
        assert store.failed(SITE, STORY.url, NetworkError("no answer"), now) == "lost"

    assert now - NOON == timedelta(days=30) - 2 * HOUR
    assert column(store, "SELECT withdrawn FROM articles") == [None]


def test_the_receipt_of_a_body_that_came_again_is_that_of_the_first(store: Store) -> None:
    url = FEED
    first = response_to(url, place=300)
    store.polled(SITE, SITE.discover[0], first)
    repeat = replace(first.kept[0], fetched=NOON + HOUR, offset=700)

    store.polled(SITE, SITE.discover[0], replace(first, fetched=NOON + HOUR, kept=(repeat,)))

    assert store.earlier(url) == Kept(url, NOON, 200, 0, "sha1:300", WARC, 300, 100)


def test_a_warc_file_is_committed_up_to_its_last_row(store: Store) -> None:
    for place in (0, 900, 300):
        store.listed(SITE, Index(FEED, NOON), response_to(FEED, place=place).kept)

    assert store.committed() == {WARC: 1000}


# --- runs


def test_a_run_leaves_a_row_per_source_and_problem(store: Store) -> None:
    run = store.begin(NOON)
    report = SourceReport("site", listings=1, listed=3, known=1, new=1, lost=1, pairs=5, moved=1,
                          problems=(Problem("https://site.example/a/", "answered 404"),))

    store.finish(run, (report,), NOON + HOUR, code=0)

    assert store.rows("runs") == [{"id": run, "started": "2026-03-02T12:00:00Z", "finished": "2026-03-02T13:00:00Z",
                                   "interrupted": None, "code": 0}]
    assert store.rows("SELECT source, listed, known, new, failed, pairs, moved, note FROM run_sources") == [
        {"source": "site", "listed": 3, "known": 1, "new": 1, "failed": 1, "pairs": 5, "moved": 1,
         "note": report.line()}]
    assert store.rows("SELECT source, url, reason FROM run_problems") == [
        {"source": "site", "url": "https://site.example/a/", "reason": "answered 404"}]


def test_robots_files_are_remembered_as_last_read(store: Store) -> None:
    old = RobotsCopy("https://site.example", NOON, 200, b"User-agent: *")
    new = RobotsCopy("https://site.example", NOON + HOUR, 404, b"")

    store.keep_robots([old])
    store.keep_robots([new])

    assert store.robots() == (new,)


def test_a_robots_file_older_than_a_day_is_forgotten(store: Store) -> None:
    hours = {"https://a.example": 0, "https://b.example": 1, "https://c.example": 25}

    store.keep_robots([RobotsCopy(origin, NOON + hour * HOUR, 200) for origin, hour in hours.items()])

    assert [copy.origin for copy in store.robots()] == ["https://b.example", "https://c.example"]
