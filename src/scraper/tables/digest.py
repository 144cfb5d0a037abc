"""What a span of time brought: its stories, edits and withdrawals, as a report tells them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from scraper.tables.database import Database, Row
from scraper.tables.schema import utc_text

# by source, as the index goes: 100,000 stories are not read to find a day's
_OF_THE_SPAN = """
(published > date(:since, '-1 day') AND published < date(:until, '+1 day')
    AND published_date >= date(:since) AND published_date < date(:until)
    OR published IS NULL AND articles.first_seen >= :since AND articles.first_seen < :until)
"""
_OUTLETS = f"""
SELECT source, name AS outlet, count(*) AS stories
FROM sources CROSS JOIN articles ON source = key AND {_OF_THE_SPAN} GROUP BY key ORDER BY stories DESC, name
"""
_STORIES = f"""
SELECT articles.id, source, name AS outlet, timezone, headline, lead, section, articles.language, url, published,
    published_date, published_precision, published_raw, withdrawn
FROM sources CROSS JOIN articles ON source = key AND {_OF_THE_SPAN} ORDER BY articles.id DESC LIMIT :limit
"""
_EDITS = """
SELECT edits.*, name AS outlet FROM edits JOIN sources ON key = source
WHERE seen_after >= :since AND seen_after < :until ORDER BY seen_after DESC, article_id LIMIT :limit
"""
_EDITS_COUNTED = "SELECT count(*) AS n FROM edits WHERE seen_after >= :since AND seen_after < :until"
_WITHDRAWN = """
SELECT withdrawn_articles.*, name AS outlet FROM withdrawn_articles JOIN sources ON key = source
WHERE withdrawn >= :since AND withdrawn < :until ORDER BY withdrawn DESC, id LIMIT :limit
"""


@dataclass(frozen=True, slots=True)
class Digest:
    """What the archive has of a span: counts are of all there is, the rows of the newest of it."""

    outlets: tuple[Row, ...]  # source, outlet, stories; the most stories first
    stories: tuple[Row, ...]
    edits: tuple[Row, ...]  # as in the view edits
    edits_counted: int
    withdrawn: tuple[Row, ...]


def digest(db: Database, since: datetime, until: datetime, limit: int) -> Digest:
    """Return what is dated (undated: was found), edited or withdrawn from midnight `since` to before `until`."""
    span = {"since": utc_text(since), "until": utc_text(until), "limit": limit}
    counted = db.row(_EDITS_COUNTED, span)
    return Digest(
        tuple(db.rows(_OUTLETS, span)), tuple(db.rows(_STORIES, span)), tuple(db.rows(_EDITS, span)),
        int(counted["n"]) if counted else 0, tuple(db.rows(_WITHDRAWN, span)),
    )
