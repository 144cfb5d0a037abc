"""The full-text index, and what people type made into a question it understands."""

from __future__ import annotations

import re

from scraper.tables.database import Database, Row
from scraper.text import visible

# Datasette sees the search only when content= is in double quotes or brackets. The two Uzbek letter marks
# are letters to unicode61, every other apostrophe separates: as separators all of them find each other.
_SEARCHED = ("headline", "lead", "body", "byline", "captions")
_COLUMNS = ", ".join(_SEARCHED)
_OLD = ", ".join(f"old.{name}" for name in _SEARCHED)
_NEW = ", ".join(f"new.{name}" for name in _SEARCHED)
_EDITED = " OR ".join(f"old.{name} IS NOT new.{name}" for name in _SEARCHED)
_FORGET = f"INSERT INTO articles_fts(articles_fts, rowid, {_COLUMNS}) VALUES ('delete', old.id, {_OLD});"
_INDEX = f"INSERT INTO articles_fts(rowid, {_COLUMNS}) VALUES (new.id, {_NEW});"
SEARCH = (
    f"""CREATE VIRTUAL TABLE articles_fts USING fts5({_COLUMNS}, content="articles", content_rowid="id",
    tokenize="unicode61 remove_diacritics 2 separators 'ʻʼ'")""",
    f"CREATE TRIGGER articles_fts_insert AFTER INSERT ON articles BEGIN {_INDEX} END",
    f"CREATE TRIGGER articles_fts_delete AFTER DELETE ON articles BEGIN {_FORGET} END",
    # guarded: an unchanged row costs 12 us instead of 335 (design.md, 12)
    f"""CREATE TRIGGER articles_fts_update AFTER UPDATE OF {_COLUMNS} ON articles WHEN {_EDITED}
    BEGIN {_FORGET} {_INDEX} END""",
)

_TERM = re.compile(r'"([^"]*)"|(\S+)')
_LETTER = re.compile(r"\w")
_FIELD = re.compile(rf"({'|'.join(_SEARCHED)}):(?=\S)")

_QUERY = """
SELECT articles.id, source, url, articles.headline, published, published_date,
    snippet(articles_fts, -1, '\x02', '\x03', '…', 24) AS snippet
FROM articles_fts JOIN articles ON articles.id = articles_fts.rowid
WHERE articles_fts MATCH ?
"""


def found(db: Database, query: str, *, limit: int, source: str | None = None) -> list[Row]:
    """Return the newest stories that match every term of `query`, matches in `snippet` between \\x02 and \\x03.

    A term in double quotes is a phrase, a final * stands for any ending, `headline:` before it names the field.
    """
    match = expression(query)
    if not match:
        return []
    if source is None:
        # newest by rowid: 0.4 ms where a join sorted by date takes 237 (500,000 articles)
        return db.rows(f"{_QUERY} ORDER BY articles_fts.rowid DESC LIMIT ?", (match, limit))
    return db.rows(f"{_QUERY} AND source = ? ORDER BY articles_fts.rowid DESC LIMIT ?", (match, source, limit))


def expression(query: str) -> str:
    """Return `query` in FTS5's language, every term quoted; "" where no term holds a letter or a digit."""
    return " ".join(_quoted(match) for match in _TERM.finditer(visible(query)) if _LETTER.search(match[0]))


def _quoted(match: re.Match[str]) -> str:
    if match[1] is not None:
        return f'"{match[1]}"'
    term = match[2]
    field = _FIELD.match(term)
    prefix = f"{field[1]} : " if field else ""
    text = term[field.end():] if field else term
    ending = "*" if text.endswith("*") else ""
    text = text.replace('"', " ")
    return f'{prefix}"{text}"{ending}' if _LETTER.search(text) else '""'


# a word in the headline says more than one in the text; in the order of _SEARCHED
_WEIGHTS = "8.0, 4.0, 1.0, 3.0, 2.0"


def best(db: Database, query: str, *, limit: int) -> list[Row]:
    """Return the stories that `query` fits best (bm25, the headline counting most); rows as of `found`."""
    match = expression(query)
    if not match:
        return []
    return db.rows(f"{_QUERY} ORDER BY bm25(articles_fts, {_WEIGHTS}) LIMIT ?", (match, limit))
