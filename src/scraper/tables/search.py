"""The full-text index, and what people type made into a question it understands."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scraper.tables.database import Database, Row
from scraper.tables.spellings import spellings
from scraper.text import visible

_SEARCHED = ("headline", "lead", "body", "byline", "captions")
# Every posting outside the first column names its column in two bytes, and nearly all stand in the body: with it first
# the index takes 0.59 of the text instead of 0.69.
_BODY_FIRST = ("body", "headline", "lead", "byline", "captions")


def _index(columns: Sequence[str]) -> tuple[str, ...]:
    """Return the index over these columns of `articles`, and what keeps it true.

    Datasette sees the search only when content= is in double quotes or brackets. The two Uzbek letter marks are
    letters to unicode61, every other apostrophe separates: as separators all of them find each other.
    """
    names, old, new = (", ".join(f"{row}{name}" for name in columns) for row in ("", "old.", "new."))
    edited = " OR ".join(f"old.{name} IS NOT new.{name}" for name in _SEARCHED)
    forget = f"INSERT INTO articles_fts(articles_fts, rowid, {names}) VALUES ('delete', old.id, {old});"
    index = f"INSERT INTO articles_fts(rowid, {names}) VALUES (new.id, {new});"
    return (
        f"""CREATE VIRTUAL TABLE articles_fts USING fts5({names}, content="articles", content_rowid="id",
    tokenize="unicode61 remove_diacritics 2 separators 'ʻʼ'")""",
        f"CREATE TRIGGER articles_fts_insert AFTER INSERT ON articles BEGIN {index} END",
        f"CREATE TRIGGER articles_fts_delete AFTER DELETE ON articles BEGIN {forget} END",
        # guarded: an unchanged row costs 12 us instead of 335
        f"""CREATE TRIGGER articles_fts_update AFTER UPDATE OF {names} ON articles WHEN {edited}
    BEGIN {forget} {index} END""",
    )


SEARCH = _index(_SEARCHED)
SEARCH_BODY_FIRST = (
    *(f"DROP TRIGGER articles_fts_{act}" for act in ("insert", "delete", "update")), "DROP TABLE articles_fts",
    *_index(_BODY_FIRST),
    # a page a transaction: with 8 segments to a merge instead of 4 an insert costs 0.46 ms instead of 0.55
    "INSERT INTO articles_fts(articles_fts, rank) VALUES ('automerge', 8)",
    "INSERT INTO articles_fts(articles_fts) VALUES ('rebuild')",
    # what a rebuild leaves to be merged made each of the next stories a third dearer
    "INSERT INTO articles_fts(articles_fts) VALUES ('optimize')",
)

Days = tuple[str | None, str | None]  # YYYY-MM-DD, the first and the last; None: no end

_TERM = re.compile(r'"([^"]*)"|(\S+)')
_SPELT = 20  # terms; of a longer query each is looked for as it was typed
_LETTER = re.compile(r"[^\W_]")  # what the index takes for one
_FIELD = re.compile(rf"({'|'.join(_SEARCHED)}):(?=\S)")

_COLUMNS = """
SELECT articles.id, source, url, articles.headline, published, published_date,
    snippet(articles_fts, -1, '\x02', '\x03', '…', 24) AS snippet, language
"""
_QUERY = f"""
{_COLUMNS}FROM articles_fts JOIN articles ON articles.id = articles_fts.rowid
WHERE articles_fts MATCH ?
"""


def found(
    db: Database, query: str, *, limit: int, source: str | None = None, days: Days = (None, None),
    before: int | None = None,
) -> list[Row]:
    """Return the newest stories that match every term of `query`, matches in `snippet` between \\x02 and \\x03.

    A term in double quotes is a phrase, a final * stands for any ending, `headline:` before it names the field.
    `days` are those on which the stories are dated, both included; `before` a story's id, of which only those are
    asked for that stand behind it.
    """
    match = expression(query)
    if not match:
        return []
    since, until = days
    wanted = {"source = ?": source, "published_date >= ?": since, "published_date <= ?": until,
              "articles_fts.rowid < ?": before}
    narrowed = {condition: value for condition, value in wanted.items() if value is not None}
    conditions = "".join(f" AND {condition}" for condition in narrowed)
    # newest by rowid: 0.4 ms where a join sorted by date takes 237 (500,000 articles)
    return db.rows(f"{_QUERY}{conditions} ORDER BY articles_fts.rowid DESC LIMIT ?", (match, *narrowed.values(), limit))


def expression(query: str) -> str:
    """Return `query` in FTS5's language, every term quoted; "" where no term holds a letter or a digit."""
    terms = [match for match in _TERM.finditer(visible(query)) if _LETTER.search(match[0])]
    quoted = (_quoted(match, spelt=len(terms) <= _SPELT) for match in terms)
    return " AND ".join(filter(None, quoted))  # AND with an empty phrase finds nothing


def _quoted(match: re.Match[str], *, spelt: bool) -> str:
    if match[1] is not None:
        return _any_of(match[1], "", spelt=spelt)
    term = match[2]
    field = _FIELD.match(term)
    prefix = f"{field[1]} : " if field else ""
    text = term[field.end():] if field else term
    ending = "*" if text.endswith("*") else ""
    text = text.replace('"', " ")
    return f"{prefix}{_any_of(text, ending, spelt=spelt)}" if _LETTER.search(text) else ""


def _any_of(text: str, ending: str, *, spelt: bool) -> str:
    quoted = [f'"{each}"{ending}' for each in (spellings(text) if spelt else (text,))]
    return quoted[0] if len(quoted) == 1 else f"({' OR '.join(quoted)})"


# a word in the headline says more than one in the text; in the order of _BODY_FIRST
_WEIGHTS = "1.0, 8.0, 4.0, 3.0, 2.0"
_WEIGHED = 50_000  # matches, the newest; a microsecond each
_BEST = f"""
WITH matching AS (
    SELECT rowid, bm25(articles_fts, {_WEIGHTS}) AS weight FROM articles_fts WHERE articles_fts MATCH ?1
    ORDER BY rowid DESC LIMIT {_WEIGHED}
), best AS MATERIALIZED (SELECT rowid AS id, weight FROM matching ORDER BY weight, rowid DESC LIMIT ?2)
{_COLUMNS}FROM best CROSS JOIN articles_fts ON articles_fts.rowid = best.id
CROSS JOIN articles ON articles.id = best.id
WHERE articles_fts MATCH ?1 ORDER BY weight, best.id DESC
"""


def best(db: Database, query: str, *, limit: int) -> list[Row]:
    """Return the stories that `query` fits best (bm25, the headline counting most); rows as of `found`.

    Of more than 50,000 matches the newest are weighed.
    """
    match = expression(query)
    return db.rows(_BEST, (match, limit)) if match else []
