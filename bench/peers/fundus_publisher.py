"""Fundus with a publisher written for the site: sitemap to JSON lines. Arguments: HOME OUTPUT. `curl_cffi<0.14`.

A thread for the publisher, as it recommends; no delay; robots.txt obeyed.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path

from fundus import Crawler, Sitemap
from fundus.parser import ArticleBody, BaseParser, ParserProxy, attribute
from fundus.parser.utility import extract_article_body_with_selector, generic_author_parsing, generic_date_parsing
from fundus.publishers.base_objects import Publisher, PublisherGroup
from lxml.cssselect import CSSSelector

HOME, OUTPUT = sys.argv[1:3]


class BenchParser(ParserProxy):
    """What the site's pages look like."""

    class V1(BaseParser):
        """The only layout."""

        _paragraph_selector = CSSSelector("div.article-body > p")

        @attribute
        def body(self) -> ArticleBody | None:
            """Return the text."""
            return extract_article_body_with_selector(
                self.precomputed.doc, paragraph_selector=self._paragraph_selector
            )

        @attribute
        def authors(self) -> list[str]:
            """Return the names."""
            return list(generic_author_parsing(self.precomputed.ld.bf_search("author")))

        @attribute
        def publishing_date(self) -> datetime | None:
            """Return the date."""
            return generic_date_parsing(self.precomputed.ld.bf_search("datePublished"))

        @attribute
        def title(self) -> str | None:
            """Return the headline."""
            return self.precomputed.meta.get("og:title")


class Bench(metaclass=PublisherGroup):
    """The only publisher."""

    default_language = "en"
    Site = Publisher(name="Bench", domain=f"{HOME}/", parser=BenchParser, sources=[Sitemap(f"{HOME}/sitemap.xml")])


with Path(OUTPUT).open("w", encoding="utf-8") as output:
    for article in Crawler(Bench, delay=0.0).crawl():
        line = {"url": article.html.requested_url, "title": article.title, "body": str(article.body)}
        print(json.dumps({**line, "date": str(article.publishing_date)}), file=output)
