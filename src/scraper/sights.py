"""A stored exchange looked at: whose page it is, what it is for, and the Response it was. No network, no disk.

Whoever kept it may have spelt its address otherwise (http for https, with or without www.), decoded its body and
left the header that says it is not, or be a web archive that plays back what it once fetched.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from scraper.answers import REDIRECTS, header, target
from scraper.archive import instant_from
from scraper.decoding import codings, decoded
from scraper.errors import RedirectError
from scraper.records import Exchange, Index, Kept, Response
from scraper.source import Listing, Place, Source
from scraper.urls import claimed, host, is_story, normalised, numbered, on_site, origin, split

Kind = Literal["listing", "story", "page", "gone", "other"]

REDIRECTED: Final = timedelta(minutes=2)  # from a redirect to the page it led to
_REMEMBERED: Final = 1000  # redirects whose page has not come yet
_PLAYED_BACK = re.compile(r"/(\d{14})([a-z]{2}_)?/(https?:/.+)")
_BARE = re.compile(r"^https?://(?:www\.)?|/$")
_NUMBER: Final = "987654321"


@dataclass(frozen=True, slots=True)
class Sight:
    """A stored exchange, and what it is for: a source's listing, a story, another page with a ticker perhaps.

    `url` is the address that answered, as the source spells it, `asked` the one before redirects.
    """

    kept: Kept
    exchange: Exchange
    source: Source
    url: str
    asked: str
    kind: Kind
    place: Place | None = None

    @property
    def stored_url(self) -> str:
        """Return the address as the store spells it."""
        return normalised(self.url, self.source.drop_query)

    def response(self, limit: int) -> Response:
        """Return the answer decoded from its transfer. Raises: BodyError."""
        exchange = self.exchange
        body = body_of(exchange, limit)
        return Response(self.asked, self.url, exchange.status, exchange.headers, body, exchange.fetched)


def body_of(exchange: Exchange, limit: int) -> bytes:
    """Return the body without its content coding, at most `limit` bytes.

    Raises: BodyError where it is cut, corrupt, too long, or coded in a way we never ask for.
    """
    coding = header(exchange.headers, "content-encoding")
    if codings(coding) and exchange.wire.lstrip()[:1] in (b"<", b"{", b"["):
        coding = None  # some crawlers decode what they keep and leave the header
    return decoded(exchange.wire, coding, limit)


def played_back(exchange: Exchange) -> Exchange | None:
    """Return the exchange that a web archive played back (RFC 7089), any other as it is.

    None for a copy with rewritten links and a frame of its own: it is not what the publisher sent.
    """
    match = _PLAYED_BACK.search(exchange.url) if header(exchange.headers, "memento-datetime") else None
    if match is None:
        return exchange
    if match[2] != "id_":
        return None
    return replace(exchange, url=match[3], fetched=instant_from(match[1]))


def stranger(url: str) -> Source:
    """Return a source for a site nobody declared: its key is its host."""
    return Source(key=host(url), home=f"{origin(url)}/", discover=())


def nobody(_url: str) -> None:
    """Take no page of a site that is not declared."""


class Atlas:
    """Knows the sources, their places, and where redirects led; `undeclared` gives a source for any other address."""

    def __init__(
        self, sources: Iterable[Source], undeclared: Callable[[str], Source | None] = nobody
    ) -> None:
        self._sources = {source.key: source for source in sources}
        self._undeclared = undeclared
        self._sites: dict[str, tuple[Source, ...]] = {}
        self._places = {(source.key, _loose(place.url)): place
                        for source in self._sources.values() for place in source.discover}
        self._led: OrderedDict[str, tuple[str, datetime]] = OrderedDict()

    def sight(self, kept: Kept, exchange: Exchange, told: str | None) -> Sight | None:
        """Return what the exchange is for, None where its site is nobody's; `told` is the source its file names."""
        source = self._sources.get(told or "") or self._source_of(exchange.url)
        if source is None:
            return None
        url, asked = _spelt(exchange.url, source), _spelt(self._asked(exchange), source)
        place = self._place(asked, source)
        return Sight(kept, exchange, source, url, asked, _kind(exchange, url, source, place), place)

    def is_declared(self, source: Source) -> bool:
        """Tell whether the source is one of those given."""
        return source.key in self._sources

    def is_listing(self, key: str, url: str) -> bool:
        """Tell whether an address is one of a source's entry points, or a further page of one."""
        source = self._sources.get(key)
        return source is not None and self._place(_spelt(url, source), source) is not None

    def follow(self, sight: Sight, index: Index) -> None:
        """Learn where a listing goes on."""
        if sight.place is not None:
            for url in index.following:
                self._places.setdefault((sight.source.key, _loose(url)), sight.place)

    def _source_of(self, url: str) -> Source | None:
        site = origin(url)
        if site not in self._sites:
            declared = on_site(url, self._sources.values())
            self._sites[site] = declared or tuple(filter(None, [self._undeclared(url)]))
        mine = self._sites[site]
        if len(mine) < 2:
            return mine[0] if mine else None
        spelt = [(source, _spelt(url, source)) for source in mine]
        theirs = (source for source, asked in spelt if self._place(asked, source) or claimed(asked, source))
        return next(theirs, mine[0])

    def _place(self, asked: str, source: Source) -> Place | None:
        exact = self._places.get((source.key, _loose(asked)))
        return exact or next((place for place in source.discover if _is_further_page(asked, place)), None)

    def _asked(self, exchange: Exchange) -> str:
        """Return the address a chain of redirects to this one began at; a redirect is remembered."""
        asked, instant = self._led.pop(exchange.url, (exchange.url, exchange.fetched))
        if abs(exchange.fetched - instant) > REDIRECTED:
            asked = exchange.url
        if exchange.status in REDIRECTS:
            try:
                self._led[target(exchange.url, exchange.headers)] = asked, exchange.fetched
            except RedirectError:
                return asked
            if len(self._led) > _REMEMBERED:
                self._led.popitem(last=False)
        return asked


def _kind(exchange: Exchange, url: str, source: Source, place: Place | None) -> Kind:
    if exchange.status in (404, 410):
        return "gone"
    whole = exchange.truncated is None and exchange.wire
    if exchange.status not in (200, 304) or not whole or _is_robots(exchange.url):
        return "other"
    if place is not None:
        return "listing" if exchange.status == 200 else "other"  # a 304 observes nothing
    media = (header(exchange.headers, "content-type") or "text/html").lower()
    if "html" not in media:
        return "other"
    story = is_story(normalised(url, source.drop_query), source)
    return "story" if story else "page" if exchange.status == 200 else "other"


def _is_robots(url: str) -> bool:
    parts = split(url)
    return parts is not None and parts.path == "/robots.txt"


def _is_further_page(url: str, place: Place) -> bool:
    if not isinstance(place, Listing):
        return False
    pattern = numbered(place, _NUMBER)
    return pattern is not None and re.fullmatch(re.escape(_loose(pattern)).replace(_NUMBER, r"\d{1,7}"),
                                                _loose(url)) is not None


def _spelt(url: str, source: Source) -> str:
    """Return the address with its source's own scheme and www., unless it is a story's as it stands."""
    if _loose(origin(url)) != _loose(origin(source.home)) or is_story(normalised(url, source.drop_query), source):
        return url
    return origin(source.home) + url[len(origin(url)):]


def _loose(url: str) -> str:
    """Return an address without what its spellings differ in: scheme, www., a final slash."""
    return _BARE.sub("", normalised(url))
