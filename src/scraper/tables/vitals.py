"""The tables of a source's health as SQL: what its pages showed, and what was wrong with it, from when to when."""

from __future__ import annotations

from scraper.tables.columns import count, instant

_VITALS = f"""
CREATE TABLE field_coverage (  -- on how many of the pages read in a run each field was there
    source TEXT NOT NULL,
    part TEXT NOT NULL CHECK (part IN ('story', 'recheck', 'listing', 'entry')),  -- new stories, known ones, listings
    field TEXT NOT NULL,  -- article: it could be read as one; ticker KGS/USD: a label; of an entry: its address
    run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
    {count("pages")},  -- of these
    {count("filled")},  -- so many had it
    size INTEGER,  -- median length of the bodies, in characters; stories an entry point showed
    PRIMARY KEY (source, part, field, run_id)
) WITHOUT ROWID

CREATE TABLE alerts (  -- a row per change for the worse in a source; closed when it has passed
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    kind TEXT NOT NULL,  -- unreadable, field, body, listing, ticker, label, new-label, jump, future, silence, failing
    subject TEXT NOT NULL,  -- the field, label or address; '' where the kind says it all
    message TEXT NOT NULL,
    {instant("opened")} NOT NULL,
    {instant("closed")},  -- NULL: open
    run_id INTEGER NOT NULL,  -- the run that noticed it
    sound_from INTEGER  -- the run in which it had passed; NULL: open, or so old that it is the norm now
)
"""

VITALS = tuple(_VITALS.strip().split("\n\n"))
VITAL_INDEXES = (
    "CREATE INDEX field_coverage_run ON field_coverage(run_id)",
    "CREATE UNIQUE INDEX alerts_open ON alerts(source, kind, subject) WHERE closed IS NULL",
    "CREATE INDEX alerts_subject ON alerts(source, kind, subject)",
)

SOURCE_HEALTH = """
CREATE VIEW source_health AS  -- what each source holds, how its last run went, and how many alerts are open
SELECT sources.key AS source,
    (SELECT count(*) FROM articles WHERE articles.source = sources.key) AS articles,
    (SELECT max(published) FROM articles WHERE articles.source = sources.key) AS newest,
    (SELECT count(*) FROM resources WHERE resources.source = sources.key AND kind = 'story' AND article_id IS NULL
        AND given_up IS NULL) AS waiting,
    started AS last_run, finished AS last_end, listed, known, new, changed, failed,
    (SELECT count(*) FROM alerts WHERE alerts.source = sources.key AND closed IS NULL) AS alerts, note
FROM sources
LEFT JOIN run_sources ON run_sources.source = sources.key AND run_id = (
    SELECT max(run_id) FROM run_sources AS later WHERE later.source = sources.key
)
LEFT JOIN runs ON runs.id = run_sources.run_id
""".strip()
