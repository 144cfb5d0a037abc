"""What workers are asked to read, by name: entering this room loads no parser.

The line only names these functions; a worker loads what they need. So the process of a run carries no parser, and a
harvest that finds nothing new loads none at all: they are a fifth of its start.
"""

from __future__ import annotations

from scraper.records import Index, Page, Response
from scraper.source import Place, Source


def index_from(response: Response, place: Place, source: Source) -> Index:
    """Return the stories that a feed, a sitemap or a listing shows. Raises: ParseError."""
    from scraper import discover

    return discover.index_from(response, place, source)


def page_from(response: Response, source: Source) -> Page:
    """Return what a page holds; `missing` says why it is no article. Raises: ParseError."""
    from scraper import parse

    return parse.page_from(response, source)
