"""The archive's tables as SQL, each column with what it holds.

Times are UTC, `YYYY-MM-DDTHH:MM:SSZ`; hashes are hex; JSON is UTF-8 text. The comments stand in the
database too (`.schema`), and docs/archive.md is made from them. The first migration is made of these.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

from scraper.tables.columns import DAY, count, flag, instant
from scraper.tables.copies import COPIES
from scraper.tables.ledger import LEDGER
from scraper.tables.scale import ORIGINS
from scraper.tables.tally import TALLY
from scraper.tables.thinned import PRUNING
from scraper.tables.translations import TRANSLATION_TABLES
from scraper.tables.vitals import VITALS


def utc_text(instant: datetime) -> str:
    """Return an instant as it stands in every table, to the second."""
    return _written(instant if instant.tzinfo is UTC else instant.astimezone(UTC))


@lru_cache(maxsize=16)  # that of a page is written a dozen times
def _written(utc: datetime) -> str:
    return f"{utc.isoformat()[:19]}Z"  # a third of what strftime takes


def utc_from(text: str) -> datetime:
    """Return the instant that stands in a table."""
    return datetime.fromisoformat(text)


# one statement per paragraph
_TABLES = f"""
CREATE TABLE sources (  -- the sites harvested
    key TEXT PRIMARY KEY,  -- the readable name used everywhere, such as timesca
    name TEXT NOT NULL,  -- as people call it
    home TEXT NOT NULL,  -- its front page
    country TEXT,  -- ISO 3166 alpha-2
    language TEXT,  -- BCP 47
    timezone TEXT NOT NULL,  -- IANA name; the zone of published_date
    {instant("first_seen")} NOT NULL  -- when this archive first heard of it
) WITHOUT ROWID

CREATE TABLE runs (  -- one row per harvest
    id INTEGER PRIMARY KEY,
    {instant("started")} NOT NULL,
    {instant("finished")},  -- NULL while it runs, and for ever if it was killed
    interrupted TEXT,  -- what ended it early
    code INTEGER  -- its exit code
)

CREATE TABLE run_sources (  -- what each source brought in a run; a zero explains itself
    run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
    source TEXT NOT NULL,
    {count("listings")},  -- listings, feeds and sitemaps that could be read
    {count("unmodified")},  -- of these, unchanged since the last time
    {count("listed")},  -- stories they showed
    {count("known")},  -- of these, already heard of
    {count("new")},  -- stories archived for the first time
    {count("changed")},  -- stories whose text was edited
    {count("unchanged")},  -- stories looked at again and found the same
    {count("gone")},  -- stories withdrawn by the publisher
    {count("failed")},  -- stories tried and not archived; run_problems says why
    {count("waiting")},  -- stories put off: over a limit, or at the site's wish
    {count("pairs")},  -- ticker labels seen
    {count("moved")},  -- of these, with another rate than before
    {flag("refused")},  -- robots.txt or Retry-After kept us out
    note TEXT NOT NULL DEFAULT '',  -- the summary line
    PRIMARY KEY (run_id, source)
) WITHOUT ROWID

CREATE TABLE run_problems (  -- each page that brought nothing, and why
    run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
    source TEXT NOT NULL,
    position INTEGER NOT NULL,
    url TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (run_id, source, position)
) WITHOUT ROWID

CREATE TABLE articles (  -- each story once, as it was last seen
    id INTEGER PRIMARY KEY,  -- grows with the minute of publication
    source TEXT NOT NULL REFERENCES sources(key),
    url TEXT NOT NULL UNIQUE,  -- the address that answered, normalised
    headline TEXT NOT NULL CHECK (headline <> ''),
    lead TEXT,  -- repeats the start of body
    body TEXT NOT NULL,  -- all running text; a blank line between paragraphs
    byline TEXT,  -- as printed
    section TEXT,
    language TEXT,  -- BCP 47
    {instant("published")},  -- NULL where no date can be believed; see published_raw and published_fault
    published_date TEXT CHECK (published_date GLOB '{DAY}'),  -- the day in the source's zone
    published_raw TEXT,  -- as printed
    published_precision TEXT CHECK (published_precision IN ('second', 'minute', 'day')),
    published_zone TEXT CHECK (published_zone IN ('page', 'source')),  -- where the offset came from
    published_fault TEXT,  -- why the date is not believed
    {instant("modified")},  -- as the page claims
    canonical TEXT,  -- as the page claims
    external_id TEXT,  -- the publisher's own number
    captions TEXT,  -- all captions and credits, for the search
    body_json TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(body_json)),  -- kinds over body: kind, start, end, level
    origins TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(origins)),  -- what origin_id now leads to, in old rows
    {flag("truncated")},  -- the page shows only a part
    {flag("paywalled")},
    {instant("first_seen")} NOT NULL,
    {instant("last_seen")} NOT NULL,
    {instant("text_since")} NOT NULL,  -- when this text was first seen
    {instant("withdrawn")},  -- when the publisher answered 404 or 410
    text_hash TEXT NOT NULL,  -- of headline and body
    revision TEXT NOT NULL,  -- of headline, lead, body and byline
    CHECK (first_seen <= text_since AND text_since <= last_seen),
    CHECK (published IS NULL OR published_fault IS NULL)
)

CREATE TABLE article_urls (  -- every address that led to a story
    url TEXT PRIMARY KEY,  -- normalised
    article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    {instant("first_seen")} NOT NULL
) WITHOUT ROWID

CREATE TABLE article_versions (  -- superseded texts; the current one stands in articles
    article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    {instant("seen_from")} NOT NULL,
    {instant("seen_to")} NOT NULL,
    reason TEXT NOT NULL CHECK (reason IN ('publisher-edit', 'reparse')),
    changed TEXT NOT NULL CHECK (json_valid(changed)),  -- the fields in which the next text differs
    similarity REAL NOT NULL CHECK (similarity BETWEEN 0 AND 1),  -- to the next text
    headline TEXT NOT NULL,
    revision TEXT NOT NULL,  -- of headline, lead, body and byline
    content BLOB NOT NULL,  -- the whole superseded text: JSON, deflated (zlib)
    PRIMARY KEY (article_id, seen_from, revision),
    CHECK (seen_from <= seen_to)
)

CREATE TABLE authors (  -- a name per row, in the order printed
    article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (article_id, position)
) WITHOUT ROWID

CREATE TABLE tags (  -- a tag per row, in the order printed
    article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (article_id, position)
) WITHOUT ROWID

CREATE TABLE images (  -- what the story shows
    article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    url TEXT,  -- NULL for a caption whose image was never rendered
    alt TEXT,
    caption TEXT,
    credit TEXT,
    role TEXT NOT NULL CHECK (role IN ('cover', 'inline', 'gallery')),
    width INTEGER,  -- pixels
    height INTEGER,  -- pixels
    PRIMARY KEY (article_id, position)
) WITHOUT ROWID

CREATE TABLE resources (  -- every address that is polled, waited for, or looked at again
    source TEXT NOT NULL REFERENCES sources(key),
    url TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('feed', 'sitemap', 'listing', 'story')),
    etag TEXT,  -- of the last 200
    last_modified TEXT,  -- of the last 200
    digest TEXT,  -- of the last 200: sha1 of the decoded body
    file TEXT,  -- where these bytes were first kept
    offset INTEGER,
    length INTEGER,
    {instant("kept")},  -- when they were kept
    {instant("fetched")},  -- the last answer
    last_status INTEGER,
    last_error TEXT,
    {count("tries")},  -- failures in a row
    {instant("next_due")},  -- by our back-off or the re-check plan
    {instant("not_before")},  -- not before this, by the site's wish
    {instant("given_up")},  -- a story that never came
    {instant("first_listed")},
    position INTEGER,  -- in the listing that first showed it
    teaser TEXT CHECK (teaser IS NULL OR json_valid(teaser)),  -- what the listing said of a story not yet archived
    article_id INTEGER REFERENCES articles(id) ON DELETE SET NULL,  -- NULL for a story: waiting
    PRIMARY KEY (source, url)
) WITHOUT ROWID

CREATE TABLE fetches (  -- one row per exchange, and where its bytes lie
    id INTEGER PRIMARY KEY,
    source TEXT,  -- for whom
    url TEXT NOT NULL,
    {instant("fetched")} NOT NULL,
    status INTEGER NOT NULL,  -- HTTP; 0: no answer
    wire_bytes INTEGER NOT NULL CHECK (wire_bytes >= 0),  -- of the body, as it came
    digest TEXT,  -- sha1 of the decoded body, base32
    file TEXT,  -- relative to the WARC folder
    offset INTEGER,
    length INTEGER,
    article_id INTEGER REFERENCES articles(id) ON DELETE SET NULL,  -- the story it showed
    revision TEXT,  -- the text it showed
    CHECK ((file IS NULL) = (offset IS NULL) AND (file IS NULL) = (length IS NULL))
)

CREATE TABLE pairs (  -- what a ticker quotes
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL REFERENCES sources(key),
    label TEXT NOT NULL,  -- as printed, such as KGS/USD
    base TEXT NOT NULL,
    counter TEXT NOT NULL,
    UNIQUE (source, label)
)

CREATE TABLE quotes (  -- a row per run of one unchanged rate
    pair_id INTEGER NOT NULL REFERENCES pairs(id) ON DELETE CASCADE,
    rate REAL NOT NULL CHECK (rate > 0 AND rate < 9e999),  -- counter units for one of base
    rate_text TEXT NOT NULL,  -- as printed
    change REAL,  -- percent
    change_text TEXT,  -- as printed
    {instant("first_seen")} NOT NULL,
    {instant("last_seen")} NOT NULL,
    observations INTEGER NOT NULL CHECK (observations > 0),  -- distinct instants
    PRIMARY KEY (pair_id, first_seen),
    CHECK (first_seen <= last_seen)
) WITHOUT ROWID

CREATE TABLE observations (  -- every reading of a ticker, a row per source and day; quotes is made from it
    source TEXT NOT NULL REFERENCES sources(key),
    day TEXT NOT NULL CHECK (day GLOB '{DAY}'),  -- UTC
    tickers TEXT NOT NULL CHECK (json_valid(tickers)),  -- the distinct tickers: label, rate, change, both as printed
    instants BLOB NOT NULL,  -- varints: seconds since the one before, doubled, odd where a ticker's number follows
    last_second INTEGER NOT NULL,  -- the last instant, since midnight
    last_ticker INTEGER NOT NULL,  -- the number of its ticker
    PRIMARY KEY (source, day)
)

CREATE TABLE quote_conflicts (  -- one pair printed differently at one instant, the one taken among them
    pair_id INTEGER NOT NULL REFERENCES pairs(id) ON DELETE CASCADE,
    {instant("instant")} NOT NULL,
    rate_text TEXT NOT NULL,
    change_text TEXT NOT NULL DEFAULT '',
    cells INTEGER NOT NULL CHECK (cells > 0),  -- how often the page shows it
    url TEXT NOT NULL,
    PRIMARY KEY (pair_id, instant, rate_text, change_text)
) WITHOUT ROWID

CREATE TABLE quote_rejects (  -- ticker entries that cannot be a rate
    source TEXT NOT NULL REFERENCES sources(key),
    text TEXT NOT NULL,
    reason TEXT NOT NULL,
    {instant("first_seen")} NOT NULL,
    {instant("last_seen")} NOT NULL,
    url TEXT NOT NULL,  -- the first page that showed it
    PRIMARY KEY (source, text, reason)
) WITHOUT ROWID

CREATE TABLE robots (  -- the rules of each origin, as last read
    origin TEXT PRIMARY KEY,
    {instant("fetched")} NOT NULL,
    status INTEGER NOT NULL,  -- 0: no answer
    body BLOB NOT NULL
) WITHOUT ROWID

CREATE TABLE forgotten (  -- addresses that were forgotten on purpose, and never come back
    address TEXT PRIMARY KEY,  -- sha256 of the normalised address
    {instant("forgotten")} NOT NULL
) WITHOUT ROWID

CREATE TABLE unfinished (  -- how far a task that was interrupted had come; empty where all are done
    task TEXT PRIMARY KEY,
    reached INTEGER NOT NULL  -- the last id that is done
) WITHOUT ROWID

CREATE TABLE warc_files (  -- how far each WARC file is known to be whole
    file TEXT PRIMARY KEY,  -- relative to the WARC folder
    committed_bytes INTEGER NOT NULL CHECK (committed_bytes >= 0)
) WITHOUT ROWID
"""

ARCHIVE = tuple(_TABLES.strip().split("\n\n"))
TABLES = (*ARCHIVE, *VITALS, *LEDGER, *TRANSLATION_TABLES, *COPIES, TALLY, ORIGINS, *PRUNING)
