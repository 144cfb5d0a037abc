"""What is polled, waited for and looked at again: a listed story stands here until it is archived, so none is lost."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from scraper.answers import PASSING
from scraper.errors import Deferred, RobotsRefused, ScraperError
from scraper.records import Index, Kept, Response, Teaser, Validators
from scraper.source import Feed, Place, Sitemap, Source
from scraper.tables.backoff import delay, most_tries
from scraper.tables.database import Database, Row
from scraper.tables.schema import utc_from, utc_text
from scraper.tables.teasers import teaser_from, teaser_json
from scraper.urls import normalised

GONE = frozenset({404, 410})

_LONGEST_WISH = timedelta(days=30)  # a site may ask for years, and gets this
# A date further ahead than we ever set was set by a clock that has since been put back.
_SLACK = timedelta(days=2)


def archived_among(db: Database, urls: Iterable[str]) -> frozenset[str]:
    """Return those of `urls` that lead to an article."""
    rows = db.rows("SELECT url FROM article_urls WHERE url IN (SELECT value FROM json_each(?))", (json.dumps([*urls]),))
    return frozenset(row["url"] for row in rows)


def validators_of(db: Database, source: str, url: str) -> Validators | None:
    """Return what a conditional request for this address may send back; None where there is nothing."""
    row = _resource(db, source, url)
    if row is None or (row["etag"] is None and row["last_modified"] is None):
        return None
    return Validators(row["etag"], row["last_modified"])


def conditions_of(db: Database, source: str, urls: Iterable[str]) -> dict[str, Validators]:
    """Return by address what conditional requests for `urls` may send back; those with nothing are left out."""
    rows = db.rows(_CONDITIONS, (source, json.dumps([*urls])))
    return {row["url"]: Validators(row["etag"], row["last_modified"]) for row in rows}


_CONDITIONS = """
SELECT url, etag, last_modified FROM resources WHERE source = ?1 AND coalesce(etag, last_modified) IS NOT NULL
AND url IN (SELECT value FROM json_each(?2))
"""


def not_before(db: Database, source: str, url: str, now: datetime) -> datetime | None:
    """Return when this address may be asked again, by our back-off and the site's wish; None: now."""
    row = _resource(db, source, url)
    if row is None:
        return None
    own = row["next_due"] if row["tries"] else None
    limits = ((own, _SLACK), (row["not_before"], _LONGEST_WISH + _SLACK))
    waits = [utc_from(until) for until, longest in limits if until and now < utc_from(until) <= now + longest]
    return max(waits, default=None)


def rests(db: Database, source: str, url: str) -> bool:
    """Tell whether an entry point is left alone because it is not there, or not what it should be."""
    row = _resource(db, source, url)
    if row is None or not row["tries"] or row["not_before"]:
        return False
    status = row["last_status"]
    return status is None or (status < 500 and status not in PASSING)


def _resource(db: Database, source: str, url: str) -> Row | None:
    return db.row("SELECT * FROM resources WHERE source = ? AND url = ?", (source, url))


_WAIT = """
INSERT INTO resources (source, url, kind, first_listed, position, teaser)
SELECT :source, :url, 'story', :listed, :position, :teaser
WHERE NOT EXISTS (SELECT 1 FROM article_urls WHERE url = :url)
ON CONFLICT (source, url) DO NOTHING
"""


def note_stories(db: Database, source: Source, index: Index) -> tuple[Teaser, ...]:
    """Wait for each story a listing shows; return those never heard of before, in page order."""
    fresh = []
    for position, teaser in enumerate(index.teasers):
        cursor = db.execute(_WAIT, {
            "source": source.key, "url": normalised(teaser.url, source.drop_query), "position": position,
            "listed": utc_text(index.fetched), "teaser": teaser_json(teaser),
        })
        if cursor.rowcount > 0:
            fresh.append(teaser)
    return tuple(fresh)


# a body that came again was kept as a revisit: the place of the first stands
_REPEATED = "digest IS excluded.digest AND file IS NOT NULL"
_ANSWERED = f"""
INSERT INTO resources
    (source, url, kind, fetched, last_status, etag, last_modified, digest, file, offset, length, kept,
    article_id, next_due)
VALUES (:source, :url, :kind, :fetched, :status, :etag, :modified, :digest, :file, :offset, :length, :kept,
    :article_id, :due)
ON CONFLICT (source, url) DO UPDATE SET
    fetched = excluded.fetched, last_status = excluded.last_status, last_error = NULL, tries = 0,
    next_due = excluded.next_due, not_before = NULL, etag = excluded.etag, last_modified = excluded.last_modified,
    file = CASE WHEN {_REPEATED} THEN file ELSE excluded.file END,
    offset = CASE WHEN {_REPEATED} THEN offset ELSE excluded.offset END,
    length = CASE WHEN {_REPEATED} THEN length ELSE excluded.length END,
    kept = CASE WHEN {_REPEATED} THEN kept ELSE excluded.kept END,
    digest = excluded.digest, article_id = coalesce(article_id, excluded.article_id),
    teaser = CASE WHEN excluded.article_id IS NULL THEN teaser END,
    given_up = CASE WHEN excluded.article_id IS NULL THEN given_up END
WHERE kind <> 'story' OR fetched IS NULL OR fetched <= excluded.fetched
"""


def answered(db: Database, source: str, place: Place, response: Response) -> None:
    """Remember the 200 of an entry point: its validators, and where its bytes were first kept."""
    _note_answer(db, response, {"source": source, "url": place.url, "kind": kind_of(place),
                                "article_id": None, "due": None})


def showed(
    db: Database, source: str, url: str, response: Response, article_id: int, due: datetime | None
) -> bool:
    """Remember the 200 that showed a story, and when it is looked at again; tell whether none was known later."""
    return _note_answer(db, response, {"source": source, "url": url, "kind": "story",
                                       "article_id": article_id, "due": due and utc_text(due)})


def _note_answer(db: Database, response: Response, told: Row) -> bool:
    receipt = response.kept[-1] if response.kept else None
    return db.execute(_ANSWERED, told | {
        "fetched": utc_text(response.fetched), "status": response.status,
        "etag": response.header("etag"), "modified": response.header("last-modified"),
        "digest": receipt and receipt.digest, "file": receipt and receipt.file, "offset": receipt and receipt.offset,
        "length": receipt and receipt.length, "kept": utc_text(receipt.fetched) if receipt and receipt.file else None,
    }).rowcount > 0


_SAME_AGAIN = """
UPDATE resources SET fetched = ?, last_status = 304, last_error = NULL, tries = 0, next_due = NULL, not_before = NULL
WHERE source = ? AND url = ?
"""


def same_again(db: Database, source: str, url: str, now: datetime) -> Row | None:
    """Remember that an address answered 304; return its row."""
    db.execute(_SAME_AGAIN, (utc_text(now), source, url))
    return _resource(db, source, url)


_ARCHIVED = """
UPDATE resources SET article_id = ?, teaser = NULL, given_up = NULL, next_due = NULL
WHERE source = ? AND url = ? AND article_id IS NULL
"""


def mark_archived(db: Database, source: str, urls: Iterable[str], article_id: int) -> None:
    """Stop waiting for these addresses: they lead to an article."""
    db.executemany(_ARCHIVED, [(article_id, source, url) for url in urls])


def plan_check(db: Database, source: str, url: str, seen: datetime, due: datetime | None) -> None:
    """Plan when an archived story is looked at again, unless it was since it was `seen`."""
    db.execute("UPDATE resources SET next_due = ? WHERE source = ? AND url = ? AND (fetched IS NULL OR fetched <= ?)",
               (due and utc_text(due), source, url, utc_text(seen)))


_FAILED = """
UPDATE resources SET tries = ?, last_error = ?, last_status = ?, next_due = ?, not_before = ?, given_up = ?
WHERE source = ? AND url = ?
"""


def note_failure(db: Database, source: Source, url: str, error: ScraperError, now: datetime) -> Row | None:
    """Count a failure against an address and put it off, or give a story up; return its row, None if there is none."""
    for place in source.discover:
        if place.url == url:
            db.execute("INSERT INTO resources (source, url, kind) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                       (source.key, url, kind_of(place)))
    row = _resource(db, source.key, url)
    if row is None:
        return None
    tries = row["tries"] if isinstance(error, Deferred) else row["tries"] + 1
    waiting = row["kind"] == "story" and row["article_id"] is None
    given_up = waiting and not isinstance(error, RobotsRefused) and tries >= most_tries(error)
    wish = min(error.until, now + _LONGEST_WISH) if isinstance(error, Deferred) else None
    db.execute(_FAILED, (
        tries, error.message, getattr(error, "status", None), utc_text(now + delay(error, tries, row["kind"])),
        wish and utc_text(wish), utc_text(now) if given_up else None, source.key, url,
    ))
    return row


# Listings of one hour take turns by place on the page: a sitemap of 50,000 does not keep the stories of another out.
_PENDING = """
SELECT url, teaser FROM resources
WHERE source = :source AND kind = 'story' AND article_id IS NULL AND given_up IS NULL
    AND (next_due IS NULL OR next_due <= :now OR next_due > :ahead)
    AND (not_before IS NULL OR not_before <= :now OR not_before > :far)
    AND NOT EXISTS (
        SELECT 1 FROM backlog WHERE backlog.source = resources.source AND backlog.url = resources.url AND NOT shared
    )
ORDER BY substr(first_listed, 1, 13) DESC, position, first_listed DESC, url LIMIT :limit
"""


def pending_stories(db: Database, source: str, now: datetime, limit: int) -> tuple[Teaser, ...]:
    """Return the stories listed but not yet archived whose time has come, newest listings first, the top of each.

    Those of a backfill are left to it.
    """
    rows = db.rows(_PENDING, {"source": source, "limit": limit} | due_named(now))
    return tuple(teaser_from(row["url"], row["teaser"]) for row in rows)


def due_named(now: datetime) -> dict[str, str]:
    """Return what a question for due stories is asked with; a date set by a clock since put back does not count."""
    return {"now": utc_text(now), "ahead": utc_text(now + _SLACK), "far": utc_text(now + _LONGEST_WISH + _SLACK)}


_AT_ONCE = 2000  # addresses of one question; a sitemap may show 50,000
_SHARE = """
UPDATE backlog SET shared = 1 WHERE source = ? AND NOT shared AND url IN (SELECT value FROM json_each(?))
"""


def share_stories(db: Database, source: Source, index: Index) -> None:
    """Let a harvest wait for what its own listing shows, though a backfill found it first."""
    urls = [teaser.url for teaser in index.teasers]
    for at in range(0, len(urls), _AT_ONCE):
        db.execute(_SHARE, (source.key, json.dumps(urls[at : at + _AT_ONCE])))


_CHECKS = """
SELECT url FROM resources
WHERE source = :source AND article_id IS NOT NULL AND next_due <= :due AND (not_before IS NULL OR not_before <= :due)
ORDER BY next_due LIMIT :limit
"""


def stories_to_check(db: Database, source: str, due: datetime, limit: int) -> tuple[Teaser, ...]:
    """Return the archived stories whose next look falls due by then, the longest overdue first."""
    rows = db.rows(_CHECKS, {"source": source, "due": utc_text(due), "limit": limit})
    return tuple(Teaser(row["url"]) for row in rows)


_RECENT = """
SELECT resources.url FROM resources JOIN articles ON articles.id = article_id
WHERE resources.source = :source AND articles.first_seen >= :since AND (not_before IS NULL OR not_before <= :now)
ORDER BY articles.first_seen DESC LIMIT :limit
"""


def recent_stories(db: Database, source: str, since: datetime, now: datetime, limit: int) -> tuple[Teaser, ...]:
    """Return the stories archived since then, due or not, the newest first."""
    named = {"source": source, "since": utc_text(since), "now": utc_text(now), "limit": limit}
    return tuple(Teaser(row["url"]) for row in db.rows(_RECENT, named))


# the exchange's own address: another's, where one redirected there; and none where its bytes were pruned
_EARLIER = """
SELECT fetches.url, kept, resources.digest, resources.file, resources.offset, resources.length
FROM resources JOIN fetches USING (file, offset)
WHERE resources.source IN (SELECT key FROM sources) AND resources.url = ? AND file IS NOT NULL
"""


def earlier_receipt(db: Database, url: str) -> Kept | None:
    """Return the receipt of the last whole answer of an address, where its bytes were first kept."""
    row = db.row(_EARLIER, (url,))
    if row is None:
        return None
    return Kept(row["url"], utc_from(row["kept"]), 200, 0, row["digest"], row["file"], row["offset"], row["length"])


def kind_of(place: Place) -> str:
    """Return what a source's entry point is called in the table."""
    return "feed" if isinstance(place, Feed) else "sitemap" if isinstance(place, Sitemap) else "listing"
