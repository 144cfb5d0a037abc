"""Measure the search for the same story elsewhere, in archives of a hundred thousand stories and of a million.

    python bench/copies.py [STORIES]...     # default: 100000 1000000; about 0.8 ms a story

Stories are invented: 550 a day in twenty sources, one in twenty another source's of the hours before, of whose words
none to a fifth are exchanged. They are written straight into the tables, without the search index. What is printed for
each size: the time of pairing a new story (the last 2,000), of asking for its copies, the bytes of the index, and how
many of the planted copies were found, and of the others paired.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import time
from contextlib import closing
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent))

from invented import SITES, START, STEP, vocabulary
from scraper.tables.bookkeeping import note_source
from scraper.tables.copies import pair_up
from scraper.tables.database import Database
from scraper.tables.identity import article_id
from scraper.tables.migrations import MIGRATIONS
from scraper.tables.opening import database
from scraper.tables.schema import utc_text

_BYTES = "SELECT name, sum(pgsize) AS bytes FROM dbstat WHERE name IN ('story_marks', 'copies') GROUP BY name"
LAST = 2000  # stories whose pairing is timed
_INSERT = """
INSERT INTO articles (id, source, url, headline, body, published, published_date, published_precision, first_seen,
    last_seen, text_since, text_hash, revision) VALUES (?1, ?2, ?3, 'Invented', ?4, ?5, substr(?5, 1, 10), 'minute', ?5,
    ?5, ?5, '', '')
"""


class Writer:
    """Writes stories; remembers the last few hundred bodies to copy from, and who copied whom."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.words = vocabulary("en")
        self.weights = [*accumulate((rank + 2.7) ** -1.07 for rank in range(len(self.words)))]
        self.recent: list[tuple[int, str, str]] = []  # id, source, body
        self.planted: dict[tuple[int, int], float] = {}  # the share of words exchanged
        self.took: list[float] = []

    def write(self, number: int) -> None:
        """Write the story of this number and pair it."""
        dice, source = random.Random(number), SITES[number % len(SITES)].key
        body, original, share = self._body(dice, source)
        at = utc_text(START + number * STEP)
        identity = article_id(source, str(number), START + number * STEP)
        self.db.execute(_INSERT, (identity, source, f"https://{source}.example/{number}", body, at))
        began = time.perf_counter()
        pair_up(self.db, identity)
        self.took.append(time.perf_counter() - began)
        if original:
            self.planted[identity, original] = share
        else:
            self.recent.append((identity, source, body))
        del self.recent[:-300], self.took[:-LAST]

    def _body(self, dice: random.Random, source: str) -> tuple[str, int, float]:
        """Return a body, and whose copy it is (0: nobody's) with the share of words exchanged."""
        number, other, text = dice.choice(self.recent) if self.recent and dice.random() < 0.05 else (0, source, "")
        if other == source:
            length = min(2500, max(40, round(dice.lognormvariate(6.05, 0.6))))
            return " ".join(dice.choices(self.words, cum_weights=self.weights, k=length)), 0, 0.0
        share = dice.choice((0.0, 0.02, 0.05, 0.1, 0.2))
        words = (dice.choice(self.words) if dice.random() < share else word for word in text.split())
        return " ".join(words), number, share


def main(sizes: list[int]) -> None:
    """Write one archive up to each size, and print what it costs there."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "news.db"
        database(path, MIGRATIONS, busy_s=1, check_s=0).close()
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.executescript("DROP TRIGGER articles_fts_insert; PRAGMA synchronous = OFF")
            connection.execute("PRAGMA cache_size = -2048")  # as a harvest has it
            writer = Writer(Database(path, connection))
            for source in SITES:
                note_source(writer.db, source, START)
            done = 0
            for size in sizes:
                for first in range(done, size, 200):
                    with writer.db.writing("stories"):
                        for number in range(first, min(first + 200, size)):
                            writer.write(number)
                done = size
                report(writer, size)


def report(writer: Writer, size: int) -> None:
    """Print what pairing and asking cost, and what was found."""
    db = writer.db
    print(f"{size:,} stories")
    print(f"  pairing a new one: {spread(writer.took)}, mean {1000 * sum(writer.took) / len(writer.took):.3f}")
    rows = db.rows("SELECT id FROM articles ORDER BY random() LIMIT 1000")
    for view in ("same_story", "who_was_first"):
        print(f"  asking {view} for one: " + spread([asked(db, view, row["id"]) for row in rows]))
    began = time.perf_counter()
    (row,) = db.rows("SELECT count(*) AS n FROM who_was_first")
    print(f"  counting who_was_first: {row['n']:,} rows, {time.perf_counter() - began:.1f} s")
    for row in db.rows(_BYTES):
        print(f"  {row['name']}: {row['bytes'] / size:.0f} bytes a story")
    found = {(row["article_id"], row["other_id"]) for row in db.rows("SELECT article_id, other_id FROM copies")}
    for share in sorted(set(writer.planted.values())):
        pairs = [pair for pair, exchanged in writer.planted.items() if exchanged == share]
        print(f"  {share:.0%} of the words exchanged: {sum(pair in found for pair in pairs) / len(pairs):.1%} of"
              f" {len(pairs):,} copies found")
    family = dict(writer.planted.keys())
    wrong = [pair for pair in found if family.get(pair[0], pair[0]) != family.get(pair[1], pair[1])]
    print(f"  {len(found) // 2:,} pairs, {len(wrong) // 2} of stories that are no copies of one text", flush=True)


def asked(db: Database, view: str, number: int) -> float:
    """Return the seconds one question takes."""
    began = time.perf_counter()
    db.rows(f"SELECT * FROM {view} WHERE article_id = ?", (number,))
    return time.perf_counter() - began


def spread(seconds: list[float]) -> str:
    """Return the median, the 99th of a hundred and the longest, in milliseconds."""
    took = sorted(seconds)
    median, late, most = (1000 * took[at] for at in (len(took) // 2, len(took) * 99 // 100, -1))
    return f"median {median:.3f} ms, p99 {late:.3f}, most {most:.3f}"


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [100_000, 1_000_000])
