"""Addresses: made absolute, normalised, and told apart. Every function takes what real pages hold, broken or not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from scraper.source import Listing, Source
from scraper.text import visible

MAX_URL = 2048  # longer ones are traps or data, and servers refuse them

# Query keys that name a visit, never a story.
_TRACKING = re.compile(
    r"(utm_.+|fbclid|gclid|dclid|gbraid|wbraid|yclid|ysclid|msclkid|twclid|igshid|mc_[ce]id|_openstat|_ga|_gl"
    r"|replytocom|share|amp|outputtype|cmpid|ref_src|ref_url|from_source|spm|at_.+|mkt_tok|vero_id|wt_mc|xtor|oly_.+_id)",
    re.IGNORECASE,
)
# An address that is its own absolute form; half of all are, and taking one apart costs twenty times the match.
_ABSOLUTE = re.compile(r"https?://(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?:/[\w./%~+,;=&?:!$'()*-]*)?", re.ASCII)
# An address in its one spelling, most of those that come; taking it apart costs ten times the match.
_NORMAL = re.compile(r"https?://(?:[a-z0-9-]+\.)+[a-z]{2,}/[\w./~-]*", re.ASCII)
# How a pattern of addresses begins: scheme and host in any spelling, then the path up to its first choice.
_LITERAL = re.compile(r"\^?https?\??://[^/]{1,200}(/(?:\\[^\w\s]|[^\\()\[\]{}.*+?^$|](?![*?{]))*)")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_AMP = re.compile(r"/amp/?$|(?<=/)amp/(?=[^/])", re.IGNORECASE)
_PLAIN = re.compile(r"[\w./~-]*", re.ASCII)
_DOUBLY_ESCAPED = re.compile(r"%25([0-9A-Fa-f]{2})")


@lru_cache(maxsize=512)  # a page's own address is taken apart some forty times on its way through the line
def split(url: str) -> SplitResult | None:
    """Split an http or https address with a host; None for anything else, broken ones included."""
    try:
        # script data can hold lone surrogates, which no address and no text file can
        parts = urlsplit(url.strip() if url.isascii() else visible(url.strip()))
        usable = parts.scheme in _DEFAULT_PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:  # urlsplit raises on http://[ccpa-preferences], .port on :99999
        return None
    return parts if usable else None


def absolute(href: str, base: str) -> str | None:
    """Return the address `href` means on the page `base`; None where it is no http address, or has a user in it."""
    if len(href) <= MAX_URL and _ABSOLUTE.fullmatch(href):
        return href
    if len(href) > MAX_URL or any(mark in href for mark in "\x00\n\r"):
        href = re.sub(r"[\x00\n\r\t]", "", href)
    if len(href) > MAX_URL:
        return None
    try:
        href = href.strip()
        # an absolute address joins to itself, and joining is the dearest step
        parts = split(href if href.startswith(("https://", "http://")) else urljoin(base, href))
    except ValueError:
        return None
    if parts is None or parts.username is not None or parts.password is not None:
        return None
    return urlunsplit(parts._replace(fragment=""))


@lru_cache(maxsize=512)
def normalised(url: str, drop_query: tuple[str, ...] = ()) -> str:
    """Return the one spelling of `url` that identifies its page; what is no http address comes back as it is.

    Host in lower case without a final dot or the default port; no fragment, no tracking keys and none of
    `drop_query`, the rest of the query sorted; no /amp; percent-escapes in one spelling (RFC 3986, 6.2.2).
    """
    if _NORMAL.fullmatch(url) and not _AMP.search(url):
        return url
    parts = split(url)
    if parts is None:
        return url.strip()
    path = _AMP.sub("/", _DOUBLY_ESCAPED.sub(r"%\1", parts.path)) or "/"
    if not _PLAIN.fullmatch(path):  # escaping costs a third of the whole, and most paths need none
        path = _escaped(path)
    kept = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True)
            if key not in drop_query and not _TRACKING.fullmatch(key)]
    return urlunsplit((parts.scheme, _netloc(parts), path, urlencode(sorted(kept)), ""))


def _escaped(path: str) -> str:
    from w3lib.url import safe_url_string  # an HTTP and a mail client come with it: an eighth of a worker's start

    escaped = urlsplit(safe_url_string("http://h" + path)).path
    return re.sub(r"%[0-9a-f]{2}", lambda match: match[0].upper(), escaped)


def _netloc(parts: SplitResult) -> str:
    name = (parts.hostname or "").strip().rstrip(".")
    name, port = f"[{name}]" if ":" in name else name, parts.port
    return name if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{name}:{port}"


def host(url: str) -> str:
    """Return the host in lower case, without a final dot; "" where there is none."""
    parts = split(url)
    if parts is None:
        return ""
    return (parts.hostname or "").rstrip(".")


def origin(url: str) -> str:
    """Return scheme, host and port, such as https://timesca.com or http://127.0.0.1:8000 (RFC 6454, 4)."""
    parts = split(url)
    return f"{parts.scheme}://{_netloc(parts)}" if parts else ""


def _bare(name: str) -> str:
    return re.sub(r"^(www|m|amp|mobile)\.", "", name)


def _port(url: str) -> int | None:
    parts = split(url)
    return (parts.port or _DEFAULT_PORTS[parts.scheme]) if parts else None


def same_site(url: str, source: Source) -> bool:
    """Tell whether `url` is on the source's home host (www., m. and amp. set aside) or one it names.

    A home on a port of its own (a test site on loopback) is that port only.
    """
    name = host(url)
    if not name:
        return False
    if name in source.hosts:
        return True
    home_port = _port(source.home)
    return _bare(name) == _bare(host(source.home)) and (home_port in (80, 443) or _port(url) == home_port)


def on_site(url: str, sources: Iterable[Source]) -> tuple[Source, ...]:
    """Return those of these sources on whose site the address is; a site may be parted among several."""
    return tuple(source for source in sources if same_site(url, source))


def source_of(url: str, sources: Iterable[Source]) -> Source | None:
    """Return the source whose pattern claims the address, else the first on whose site it is; None: it is nobody's."""
    mine = on_site(url, sources)
    if len(mine) < 2:
        return mine[0] if mine else None
    return next((source for source in mine if claimed(url, source)), mine[0])


def claimed(url: str, source: Source) -> bool:
    """Tell whether the source names a pattern, and the address is one of its stories by it."""
    return source.story is not None and is_story(normalised(url, source.drop_query), source)


def is_story(url: str, source: Source) -> bool:
    """Tell whether the address is one of the source's stories, as far as its patterns can say."""
    if not same_site(url, source):
        return False
    if source.story is not None and not re.fullmatch(source.story, url):
        return False
    return source.skip is None or re.search(source.skip, url) is None


def story_folder(source: Source) -> str | None:
    """Return the address under which a source's pattern has all its stories; None where it names no such folder."""
    literal = _LITERAL.match(source.story or "")
    if literal and ("(" in _groupless(literal[0]) or "|" in _groupless(source.story or "")):
        return None  # one of several
    path = re.sub(r"\\(.)", r"\1", literal[1]) if literal else ""
    folder = path[: path.rfind("/") + 1]
    return origin(source.home) + folder if len(folder) > 1 else None


def _groupless(pattern: str) -> str:
    """Return a pattern without its escapes, classes and groups; a bracket that stays is not closed in it."""
    plain, inner = "", re.sub(r"\\.|\[\^?\]?[^\]]*\]", "", pattern)
    while plain != inner:
        plain, inner = inner, re.sub(r"\([^()]*\)", "", inner)
    return plain


def numbered(place: Listing, number: str) -> str | None:
    """Return the address of page `number` of a listing by its own pattern; None where it has none.

    The pattern is appended to the listing's address, "/page/{n}/" and "?page={n}" alike; one that begins with
    http stands by itself.
    """
    if place.pages is None:
        return None
    page = place.pages.replace("{n}", number)
    if re.match(r"https?://", page):
        return absolute(page, place.url)
    stem = place.url.split("#", 1)[0].split("?", 1)[0]
    if page.startswith(("?", "&")):
        query = urlsplit(place.url).query
        return f"{stem}?{query}&{page[1:]}" if query else f"{stem}?{page[1:]}"
    return f"{stem.rstrip('/')}/{page.lstrip('/')}"


def external_id(url: str, source: Source) -> str | None:
    """Return the publisher's own number in an address: the groups of the source's pattern, joined by a colon."""
    return _number(source.external_id, url)


def shared_id(url: str, source: Source) -> str | None:
    """Return what the addresses of a story's language editions have in common, as the source's pattern says."""
    return _number(source.shared_id, url)


def _number(pattern: str | None, url: str) -> str | None:
    match = re.search(pattern, url) if pattern else None
    return ":".join(filter(None, match.groups())) or None if match else None


def edition_language(url: str, source: Source) -> str | None:
    """Return the language of the edition the address belongs to; None where its source names none for it."""
    return next((each.language for each in source.editions if re.search(each.pattern, url)), None)
