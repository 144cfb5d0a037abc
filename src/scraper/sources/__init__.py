"""The built-in sites: one file each, all of them in ALL."""

from __future__ import annotations

from scraper.source import Source
from scraper.sources import qalampir, timesca

ALL: tuple[Source, ...] = (qalampir.SOURCE, timesca.SOURCE)
