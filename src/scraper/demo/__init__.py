"""Two small invented sites, served over loopback, so that the whole line can be seen at work without the internet."""

from __future__ import annotations

from scraper.demo.sites import Sites, demo_sites
from scraper.demo.stories import DAYS

__all__ = ["DAYS", "Sites", "demo_sites"]
