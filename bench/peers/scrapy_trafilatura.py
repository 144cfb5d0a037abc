"""Scrapy with trafilatura: sitemap to JSON lines. Arguments: HOME OUTPUT. Runs in an environment that has both.

Settings are those of Scrapy's page on broad crawls (log level, no cookies, no retries), no delay, eight requests at a
time; trafilatura runs in the callback, as its own documentation has it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import trafilatura
from scrapy.crawler import CrawlerProcess
from scrapy.spiders import SitemapSpider

HOME, OUTPUT = sys.argv[1:3]


class Stories(SitemapSpider):
    """Every story of the site's sitemap."""

    name = "stories"
    sitemap_urls = (f"{HOME}/sitemap.xml",)

    def parse(self, response: Any) -> Iterator[dict[str, Any]]:
        """Yield the article."""
        found = trafilatura.bare_extraction(response.text, url=response.url, with_metadata=True, include_comments=False)
        if found is not None:
            yield {"url": response.url, "title": found.title, "date": found.date, "body": found.text}


crawler = CrawlerProcess(
    {
        "FEEDS": {OUTPUT: {"format": "jsonlines", "overwrite": True}},
        "LOG_LEVEL": "WARNING",
        "COOKIES_ENABLED": False,
        "RETRY_ENABLED": False,
        "DOWNLOAD_DELAY": 0,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
        "ROBOTSTXT_OBEY": True,
        "TELNETCONSOLE_ENABLED": False,
    }
)
crawler.crawl(Stories)
crawler.start()
