"""Every change of the tables, in order: each a name and its statements. One that was released is never changed."""

from __future__ import annotations

from scraper.tables.closes import CLOSES
from scraper.tables.copies import COPIES, COPY_VIEWS, TO_PAIR
from scraper.tables.counting import COUNTING
from scraper.tables.indexes import INDEXES
from scraper.tables.ledger import COVERAGE_BY_MONTH, LEDGER, LEDGER_INDEXES
from scraper.tables.lighter import LIGHTER
from scraper.tables.narrowed import NARROWED
from scraper.tables.noarchive import MARKED, MARKS
from scraper.tables.rates import KINDS_OF_RATES
from scraper.tables.scale import AT_SCALE
from scraper.tables.schema import ARCHIVE
from scraper.tables.search import SEARCH
from scraper.tables.thinned import PRUNING
from scraper.tables.translations import TRANSLATION_STEPS
from scraper.tables.views import FOR_ANALYSTS, VIEWS
from scraper.tables.vitals import SOURCE_HEALTH, VITAL_INDEXES, VITALS
from scraper.tables.weekly import WEEKLY

MIGRATIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("0001_archive", (*ARCHIVE, *INDEXES, *SEARCH, *VIEWS)),
    ("0002_health", (*VITALS, *VITAL_INDEXES, "DROP VIEW IF EXISTS source_health", SOURCE_HEALTH)),
    ("0003_backfill", (*LEDGER, *LEDGER_INDEXES, COVERAGE_BY_MONTH)),
    ("0004_for_analysts", FOR_ANALYSTS),
    ("0005_kinds_of_rates", KINDS_OF_RATES),
    ("0006_translations", TRANSLATION_STEPS),
    ("0007_copies", (*COPIES, *COPY_VIEWS, TO_PAIR)),
    ("0008_closes", CLOSES),
    ("0009_counting", COUNTING),
    ("0010_at_scale", AT_SCALE),
    ("0011_marks", MARKS),
    ("0012_pruning", PRUNING),
    ("0013_marked", MARKED),
    ("0014_lighter", LIGHTER),
    ("0015_narrowed", NARROWED),
    ("0016_weekly", WEEKLY),
)
