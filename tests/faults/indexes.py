"""The faults of listings, feeds and sitemaps: each one an entry point beside a healthy one of the same site."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from faults.site import STORIES, feed, home, listing, sitemap
from servers import Answer, Talk, answer

NS = "http://www.sitemaps.org/schemas/sitemap/0.9"
SHOWN = [(story.path, story.headline) for story in STORIES]
SOME = SHOWN[:5]
TRIES = 4  # of a large answer, on a busy machine


@dataclass(frozen=True, slots=True)
class IndexFault:
    """An entry point that goes wrong, `kind` as a source file calls it, and how many requests it may cost.

    `says` is part of what is said of it, empty where nothing needs to be said.
    """

    kind: str
    answers: Mapping[str, Answer]
    most: int = 1
    says: str = ""
    shown: int = 0  # healthy stories that only this entry point names, the first ones
    path: str = "/odd"
    own: str = ""

    def places(self) -> str:
        """Return the entry points of the site as TOML: a healthy one, and this."""
        own = self.own or f'{{ {self.kind} = "{{home}}{self.path}" }}'
        return f'{{ listing = "{{home}}/listing" }}, {own}'


def index_faults(canary: str) -> dict[str, IndexFault]:
    """Return every fault by name; `canary` is an address that nobody may ask."""
    return {**_listings(), **_feeds(canary), **_sitemaps(canary)}


def _listings() -> dict[str, IndexFault]:
    calendar = {
        f"/odd?m={n}": answer(listing([], f"<h1>Month {n}</h1>No news. <a href='/odd?m={n + 1}'>Next month</a>"))
        for n in range(1, 300)
    }
    numbered = {f"/odd?month={n}": page for n, page in enumerate(calendar.values())}
    endless = {f"/odd?page={n}": answer(listing(SHOWN, f"<a href='/odd?page={n + 1}'>Next</a>")) for n in range(1, 300)}
    loop = {"/odd": answer(listing(SOME, "<a href='/odd?page=2'>2</a>")), "/odd?page=2": answer(
        listing(SHOWN[5:9], "<a href='/odd' rel=next>1</a><a href='/odd?page=2'>Next</a>"))}
    return {
        "calendar": IndexFault("listing", calendar, 50, path="/odd?m=1"),
        "calendar-numbered": IndexFault(
            "listing", {"/odd": calendar["/odd?m=1"], **numbered}, 50,
            own='{ listing = "{home}/odd", pages = "?month={n}" }',
        ),
        "endless-pages": IndexFault("listing", endless, 2, path="/odd?page=1"),
        "listing-loop": IndexFault("listing", loop, 2),
        "million-links": IndexFault("listing", {"/odd": _lazily(_million_links)}, TRIES, says="cut at"),
        "odd-links": IndexFault("listing", {"/odd": answer(listing(_odd_links(), "<a href='http://[a/'>Odd</a>"))}),
    }


def _odd_links() -> list[tuple[str, str]]:
    title = "A headline as long as that of any story"
    addresses = (
        "javascript:alert(1)", "mailto:ada@ovan.example", "//other.example/story-99/", "http://ada:secret@127.0.0.1:1/x/",
        "/long/" + "x" * 100_000, "http://[::1", "http://127.0.0.1:99999/story-98/", "data:text/html,x", "\0", "#", "",
    )  # fmt: skip
    return [(address, f"{title} {number}") for number, address in enumerate(addresses)] + SHOWN


def _lazily(made: Callable[[], bytes]) -> Answer:
    return lambda talk: talk.send(made())


def _million_links() -> bytes:
    links = (b"<p><a href=/s/%d>Story</a>" % number for number in range(1_000_000))
    return answer(b"<html><body><main>" + b"".join(links))


def _feeds(canary: str) -> dict[str, IndexFault]:
    def rss(content: Callable[[str], bytes], says: str = "", shown: int = 0) -> IndexFault:
        page: Answer = lambda talk: talk.send(answer(content(home(talk)), Content_Type="application/rss+xml"))  # noqa: E731
        return IndexFault("feed", {"/odd": page}, says=says, shown=shown)

    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    laughs = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "ha">{entities}]>'.encode()
    outside = (
        '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY h SYSTEM "file:///etc/hostname">'
        f'<!ENTITY c SYSTEM "{canary}"><!ENTITY % p SYSTEM "{canary}p">%p;]>'
    ).encode()
    script = [(path, f"<script>alert('{title}')</script><b>{title}</b>") for path, title in SOME]

    def laughing(here: str) -> bytes:
        return laughs + feed([(path, f"{title} &l11;") for path, title in SOME], here)[21:].replace(b"&amp;", b"&")

    def nosy(here: str) -> bytes:
        return outside + feed([(path, f"{title} &h;&c;") for path, title in SOME], here)[21:].replace(b"&amp;", b"&")

    def misnamed(here: str) -> bytes:
        text = feed([(path, f"{title}, говорят жители") for path, title in SOME], here).decode()
        return text.replace('"1.0"', '"1.0" encoding="UTF-16"', 1).encode("cp1251")

    return {
        "xml-billion-laughs": rss(laughing, "damaged XML", 5),
        "xml-xxe": rss(nosy, "damaged XML", 5),
        "xml-bad-encoding": rss(misnamed, shown=5),
        "xml-truncated": rss(lambda here: feed(SOME, here)[:-130], "cut", 4),
        "xml-feed-script": rss(lambda here: feed(script, here), shown=5),
        "xml-feed-html": rss(lambda _: listing(SOME), "html where a feed should be"),
    }


def _sitemaps(canary: str) -> dict[str, IndexFault]:
    def page(content: Callable[[str], bytes], kind: str = "application/xml") -> Answer:
        return lambda talk: talk.send(answer(content(home(talk)), Content_Type=kind))

    def index(*paths: str) -> Answer:
        return page(lambda here: (
            f'<?xml version="1.0"?><sitemapindex xmlns="{NS}">'
            + "".join(f"<sitemap><loc>{here}{path}</loc></sitemap>" for path in paths) + "</sitemapindex>"
        ).encode())

    paths = [path for path, _ in SOME]
    foreign = ["http://other.example/story-91/", f"{canary}story-92/", "ftp://127.0.0.1/story-93/", "file:///etc/passwd"]
    others = b"".join(b"<url><loc>%b</loc></url>" % each.encode() for each in foreign)
    fine = page(lambda here: sitemap(paths, here))
    mixed = page(lambda here: sitemap(paths, here).replace(b"<url>", others + b"<url>", 1))
    deep: dict[str, Answer] = {f"/odd/{n}": index(f"/odd/{n + 1}", f"/more/{n}") for n in range(300)}
    return {
        "xml-laughing-sitemap": IndexFault(
            "sitemap", {"/odd": page(lambda here: _laughing(paths, here))}, says="entities"
        ),
        "xml-sitemap-50k": IndexFault("sitemap", {"/odd": page(lambda here: _fifty_thousand(here))}),
        "xml-sitemap-60mb": IndexFault("sitemap", {"/odd": _sixty_megabytes}, TRIES, says="body over"),
        "xml-sitemap-gz-bomb": IndexFault("sitemap", {"/odd": _lazily(_gzip_bomb)}, TRIES, says="cut at"),
        "xml-sitemap-loop": IndexFault(
            "sitemap", {"/odd": index("/odd", "/odd#again", "/fine"), "/fine": fine}, 2, shown=5
        ),
        "xml-sitemap-deep": IndexFault("sitemap", deep, 50, path="/odd/0"),
        "xml-sitemap-foreign": IndexFault("sitemap", {"/odd": mixed}, shown=5),
    }


def _laughing(paths: list[str], here: str) -> bytes:
    return b'<?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>' + sitemap(paths, here)[21:]


def _fifty_thousand(here: str) -> bytes:
    return sitemap([*(f"/n/{number}-a-b-c" for number in range(50_000))], here)


def _sixty_megabytes(talk: Talk) -> None:
    entry = f"<url><loc>{home(talk)}/n/filler</loc><x>{'y' * 60_000}</x></url>".encode()
    start = f'<?xml version="1.0"?><urlset xmlns="{NS}">'.encode()
    size = len(start) + 1000 * len(entry) + len("</urlset>")
    talk.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: %d\r\n\r\n%b" % (size, start))
    for _ in range(1000):
        talk.send(entry)
    talk.send(b"</urlset>")


def _gzip_bomb() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = b"".join(packer.compress(bytes(1 << 20)) for _ in range(64)) + packer.flush(zlib.Z_FULL_FLUSH)
    start = gzip.compress(f'<?xml version="1.0"?><urlset xmlns="{NS}">'.encode())
    return answer(start + b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + block * 16, Content_Type="application/gzip")
