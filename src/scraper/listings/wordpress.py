"""A page of WordPress' REST interface in, its posts out (developer.wordpress.org/rest-api/reference/posts)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from scraper.errors import ParseError
from scraper.listings.xmltext import text_from
from scraper.records import Response

_LINK_NEXT = re.compile(r"<([^<>\s]{1,2048})>\s*;[^,]*\brel=\"?next\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Post:
    """One post as given: `title` and `excerpt` are markup, `published` has its offset or is local, `changed` is UTC."""

    number: str
    address: str
    title: str | None = None
    excerpt: str | None = None
    published: str | None = None
    changed: str | None = None


@dataclass(frozen=True, slots=True)
class Posts:
    """One page of posts, the address of the next page, and how many posts the site says it has."""

    posts: tuple[Post, ...] = ()
    following: str | None = None
    total: int | None = None


def posts_from(response: Response) -> Posts:
    """Read the posts of one page and its totals (X-WP-Total, X-WP-TotalPages, Link).

    Raises:
        ParseError: it is no list of posts; the message has WordPress' own code where it gives one.
    """
    try:
        found = json.loads(text_from(response.body, response.header("content-type")))
    except (ValueError, RecursionError) as error:
        raise ParseError("no JSON where posts should be", response.url) from error
    if not isinstance(found, list):
        code = found.get("code") if isinstance(found, dict) else None
        raise ParseError(f"{code or 'JSON without a list'} where posts should be", response.url)
    posts = tuple(post for item in found if isinstance(item, dict) and (post := _post(item)) is not None)
    return Posts(posts, _next_page(response) if found else None, _count(response, "x-wp-total"))


def _post(item: Mapping[str, object]) -> Post | None:
    number, address, utc = item.get("id"), item.get("link"), item.get("date_gmt")
    if not isinstance(address, str):
        return None
    local, changed = item.get("date"), item.get("modified_gmt")
    return Post(
        number=str(number) if isinstance(number, int) else "",
        address=address,
        title=_rendered(item.get("title")),
        excerpt=_rendered(item.get("excerpt")),
        published=f"{utc}Z" if isinstance(utc, str) and utc else local if isinstance(local, str) else None,
        changed=changed if isinstance(changed, str) else None,
    )


def _rendered(value: object) -> str | None:
    text = value.get("rendered") if isinstance(value, dict) else value
    return text if isinstance(text, str) and text.strip() else None


def _next_page(response: Response) -> str | None:
    """Return the page after this one by the number of pages, else by the Link header (RFC 8288)."""
    parts = urlsplit(response.asked)
    query = dict(parse_qsl(parts.query))
    here = int(query["page"]) if query.get("page", "").isdecimal() else 1
    pages = _count(response, "x-wp-totalpages")
    if pages is None:
        link = _LINK_NEXT.search(response.header("link") or "")
        return link[1] if link else None
    return urlunsplit(parts._replace(query=urlencode({**query, "page": here + 1}))) if here < pages else None


def _count(response: Response, header: str) -> int | None:
    value = (response.header(header) or "").strip()
    return int(value) if value.isdecimal() and len(value) < 10 else None
