"""Every delay and bound of the program, in one record; docs/reliability.md explains them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Every delay and bound of the program; each is settable under [limits] and per source."""

    gap_s: float = 1.0  # end of one request to a host to the start of the next
    crawl_delay_s: float = 60.0  # a longer Crawl-delay means one page per run
    connect_s: float = 10.0
    read_s: float = 20.0
    url_s: float = 60.0  # over all tries of one URL; Retry-After waits apart
    retries: int = 3  # after the first try
    retry_wait_s: float = 1.0  # first wait; doubled and jittered
    retry_after_s: float = 120.0  # a longer Retry-After is stored as not-before
    redirects: int = 5
    body_bytes: int = 16 * 1024 * 1024  # decoded
    listing_bytes: int = 4 * 1024 * 1024  # decoded; a listing page is read so far
    sitemap_bytes: int = 50 * 1024 * 1024  # decoded; sitemaps.org allows no more
    header_bytes: int = 100 * 1024  # 80 cookies of 1 KB must pass; h11 stops at the same
    robots_bytes: int = 512 * 1024  # RFC 9309, 2.5: at least 500 KiB
    robots_s: float = 24 * 3600.0  # RFC 9309, 2.4: at most 24 hours
    pages: int = 20  # listing pages per entry point and run
    sitemaps: int = 50  # sitemap files per entry point and run
    past_pages: int = 5000  # listing pages or sitemaps per entry point that a backfill reads, over all its runs
    stories: int = 5000  # queued per source and run
    parse_s: float = 10.0  # per page, in its worker
    parse_bytes: int = 1024 * 1024 * 1024  # address space a worker may add
    free_bytes: int = 200 * 1024 * 1024  # on the archive's disk; with less no run begins
