"""Same story elsewhere: copies of a text in other sources, paired. A pure function of the stories that are stored.

Each story's marks stand in `story_marks`; who shares one with it within a week, in another source, is compared with it
word by word. A mark that over a hundred stories of one day have is a notice everybody prints, and leads nowhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from scraper.tables.database import Database, Row
from scraper.tables.likeness import copied, marks

WITHIN_DAYS: Final = 7  # from one story's day to its copy's; later it is a reprint, or next month's notice
_DAY_S: Final = 86400
COMMON: Final = 100  # stories of one day with the same mark: more than there are sources

_COPIES = """
CREATE TABLE story_marks (  -- what a story's text has in common with its copies, for finding them
    mark INTEGER NOT NULL,  -- a hash of words that stand together; ten a story
    day INTEGER NOT NULL,  -- of its publication, else of its first sight: days since 1970, UTC
    article_id INTEGER NOT NULL,
    PRIMARY KEY (mark, day, article_id)
) WITHOUT ROWID

CREATE TABLE copies (  -- two stories of different sources with the same text or nearly so, a row each way
    article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    other_id INTEGER NOT NULL,  -- articles.id; the other story
    similarity REAL NOT NULL CHECK (similarity BETWEEN 0 AND 1),  -- the share of word pairs in both
    PRIMARY KEY (article_id, other_id)
) WITHOUT ROWID
"""

COPIES = tuple(_COPIES.strip().split("\n\n"))

_COPY_VIEWS = """
CREATE VIEW same_story AS  -- each story that stands in another source, too: a row per copy, its text the same or nearly
SELECT article_id, mine.source, mine.headline, mine.published, other_id, theirs.source AS other_source,
    theirs.headline AS other_headline, theirs.url AS other_url, theirs.published AS other_published, similarity
FROM copies CROSS JOIN articles AS mine ON mine.id = article_id CROSS JOIN articles AS theirs ON theirs.id = other_id

CREATE VIEW who_was_first AS  -- each story that another source had before, and the earliest copy of it
SELECT article_id, later.source, later.headline, later.published, first.id AS first_id, first.source AS first_source,
    first.headline AS first_headline, first.url AS first_url, first.published AS first_published,
    CASE WHEN later.published_precision <> 'day' AND first.published_precision <> 'day'
        THEN (strftime('%s', later.published) - strftime('%s', first.published)) / 60 END AS minutes_later,
    (SELECT similarity FROM copies WHERE copies.article_id = later.id AND other_id = first.id) AS similarity
FROM (
    SELECT article_id, min(theirs.published || ' ' || theirs.url) AS earliest
    FROM copies CROSS JOIN articles AS mine ON mine.id = article_id
    CROSS JOIN articles AS theirs ON theirs.id = other_id
    WHERE theirs.published < mine.published AND (
        theirs.published_precision <> 'day' OR datetime(theirs.published, '+1 day') <= datetime(mine.published)
    ) GROUP BY article_id
) CROSS JOIN articles AS later ON later.id = article_id CROSS JOIN articles AS first ON first.url = substr(earliest, 22)
"""

COPY_VIEWS = tuple(_COPY_VIEWS.strip().split("\n\n"))

_STORY = f"""
SELECT source, body, CAST(strftime('%s', coalesce(published, first_seen)) AS INTEGER) / {_DAY_S} AS day
FROM articles WHERE id = ?
"""
_HOLDERS = """
SELECT mark, day, article_id FROM json_each(?) CROSS JOIN story_marks ON mark = value WHERE day BETWEEN ? AND ? LIMIT ?
"""
_MARK = "INSERT OR IGNORE INTO story_marks (mark, day, article_id) SELECT value, ?2, ?3 FROM json_each(?1)"
_ELSEWHERE = "SELECT id, body FROM articles WHERE id IN (SELECT value FROM json_each(?)) AND source <> ?"

Holders = dict[tuple[int, int], list[int]]  # stories by mark and day


def pair_up(db: Database, number: int) -> None:
    """Enter a stored story's marks, and pair it with its copies."""
    _delete_pairs(db, number)
    _pair_up(db, number, _story(db, number))


def pair_up_new(db: Database, number: int, source: str, body: str, instant: datetime) -> None:
    """Pair a story that was stored a moment ago, of which its copies know nothing; `instant` is what its day is of."""
    _pair_up(db, number, _Story(source, body, int(instant.timestamp()) // _DAY_S))


def _pair_up(db: Database, number: int, story: _Story) -> None:
    found = marks(story.body)
    if not found:
        return
    holders = _holders(db, found, story.day, WITHIN_DAYS)
    db.execute(_MARK, (json.dumps(found), story.day, number))
    for mark in found:
        if number not in holders[mark, story.day]:
            holders[mark, story.day].append(number)
    _insert_pairs(db, number, story, holders)
    for mark in found:
        if len(holders[mark, story.day]) == COMMON + 1:  # with this story it has become everybody's
            _compare_again(db, holders[mark, story.day])


def part(db: Database, number: int) -> None:
    """Take the marks and pairs of a story away that is about to go."""
    _part(db, number, _story(db, number))


@contextmanager
def kept_right(db: Database, number: int) -> Iterator[None]:
    """Pair a story anew where its text or its day has changed meanwhile."""
    before = _story(db, number)
    yield
    if _story(db, number) != before:
        _part(db, number, before)
        pair_up(db, number)


@dataclass(frozen=True, slots=True)
class _Story:
    """What decides whose copy a story is; `day` as in the table."""

    source: str
    body: str
    day: int


def _story(db: Database, number: int) -> _Story:
    (row,) = db.rows(_STORY, (number,))
    return _Story(**row)


def _part(db: Database, number: int, story: _Story) -> None:
    found = marks(story.body)
    _delete_pairs(db, number)
    db.executemany("DELETE FROM story_marks WHERE mark = ? AND day = ? AND article_id = ?",
                   [(mark, story.day, number) for mark in found])
    for holders in _holders(db, found, story.day, 0).values():
        if len(holders) == COMMON:  # without this story it is no longer everybody's
            _compare_again(db, holders)


def _compare_again(db: Database, numbers: Iterable[int]) -> None:
    for number in numbers:
        story = _story(db, number)
        _delete_pairs(db, number)
        _insert_pairs(db, number, story, _holders(db, marks(story.body), story.day, WITHIN_DAYS))


def _insert_pairs(db: Database, number: int, story: _Story, holders: Holders) -> None:
    db.executemany("INSERT INTO copies (article_id, other_id, similarity) VALUES (?, ?, ?)", [
        (*ids, alike) for other, alike in _copies_of(db, number, story, holders)
        for ids in ((number, other), (other, number))])


def _copies_of(db: Database, number: int, story: _Story, holders: Holders) -> list[tuple[int, float]]:
    """Return the copies of a story, and how like it they are: of those that share a mark which is not everybody's."""
    rare = {mark for (mark, day), ids in holders.items() if day == story.day and len(ids) <= COMMON}
    near = {each for (mark, _), ids in holders.items() if mark in rare and len(ids) <= COMMON for each in ids}
    if not near - {number}:
        return []
    rows = db.rows(_ELSEWHERE, (json.dumps(sorted(near)), story.source))
    compared = [(row["id"], copied(story.body, row["body"])) for row in rows]
    return [(other, alike) for other, alike in compared if alike is not None]


def _delete_pairs(db: Database, number: int) -> None:
    db.execute("DELETE FROM copies WHERE (article_id, other_id) IN (SELECT other_id, article_id FROM copies"
               " WHERE article_id = ?)", (number,))
    db.execute("DELETE FROM copies WHERE article_id = ?", (number,))


def _holders(db: Database, wanted: Sequence[int], day: int, within: int) -> Holders:
    """Return who has these marks on the days around a day."""
    found: Holders = {(mark, day): [] for mark in wanted}
    days = range(day - within, day + within + 1)
    most = len(wanted) * len(days) * COMMON
    rows: list[Row] = db.rows(_HOLDERS, (json.dumps(wanted), days[0], days[-1], most))
    if len(rows) == most:  # everybody's, so that not all could be read at once
        rows = [row for mark in wanted for each in days
                for row in db.rows(_HOLDERS, (json.dumps([mark]), each, each, COMMON + 2))]
    for row in rows:
        found.setdefault((row["mark"], row["day"]), []).append(row["article_id"])
    return found


# an archive that was begun before copies were looked for
TO_PAIR = "INSERT INTO unfinished (task, reached) SELECT 'copies', 0 WHERE EXISTS (SELECT 1 FROM articles)"
_BATCH: Final = 500  # stories in one transaction: a run that is killed goes on there


def pair_up_all(db: Database) -> int:
    """Pair the stories that were stored before there were pairs, where any are left; return how many."""
    done = 0
    while task := db.row("SELECT reached FROM unfinished WHERE task = 'copies'"):
        rows = db.rows("SELECT id FROM articles WHERE id > ? ORDER BY id LIMIT ?", (task["reached"], _BATCH))
        with db.writing("copies"):
            for row in rows:
                pair_up(db, row["id"])
            if rows:
                db.execute("UPDATE unfinished SET reached = ? WHERE task = 'copies'", (rows[-1]["id"],))
            else:
                db.execute("DELETE FROM unfinished WHERE task = 'copies'")
        done += len(rows)
    return done


def pairing_faults(db: Database) -> Iterator[str]:
    """Yield the stories whose marks or pairs are not those of their text."""
    marked = 0
    for row in db.stream("SELECT id FROM articles"):
        story = _story(db, row["id"])
        found = marks(story.body)
        holders = _holders(db, found, story.day, WITHIN_DAYS)
        marked += len(set(found))
        stored = {(pair["other_id"], pair["similarity"]) for pair in db.rows(_PAIRS, (row["id"],))}
        if not all(row["id"] in holders[mark, story.day] for mark in found):
            yield f"story_marks: {row['id']} has not the marks of its text"
        elif stored != {*_copies_of(db, row["id"], story, holders)}:
            yield f"copies: {row['id']} has not the copies it should have"
    (held,) = db.rows("SELECT count(*) AS marks FROM story_marks")
    if held["marks"] > marked:
        yield f"story_marks: {held['marks'] - marked} are of no story's text"


_PAIRS = "SELECT other_id, similarity FROM copies WHERE article_id = ?"
