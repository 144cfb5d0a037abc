"""A news site of any size over loopback: written stories in one frame, or the pages of a folder, from memory.

    python bench/newssite.py [--stories 2000] [FOLDER]      # how many pages a second it can tell, under load

Served: /robots.txt, /sitemap.xml (an index), /sitemap-N.xml, the stories (in gzip, with an ETag, 304), and
/-/told: what was told since it was last asked, so that nobody has to believe a tool's own count. Every page is made
before the first request. The load: two processes of bare sockets, one request at a time on each of eight connections.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Self
from urllib.request import urlopen

from serving import Speaker, whole

IN_A_SITEMAP = 1000
_PATH = re.compile(rb"GET (?:http://[^/ ]+)?(/[^ ]*) ")
_NAMES = ("Ada Writer", "Ben Author", "Cleo Pen", "Dan Inkwell")
_LASTMOD = "<lastmod>2026-03-14T11:00:00+00:00</lastmod>"
_LITTLE = "the of and to in that is was for on with as by at from said has have be are it its an this which will"


@dataclass(frozen=True, slots=True)
class Story:
    """A page and what is known of it; `body` is "" where nobody knows."""

    path: str
    page: bytes
    title: str
    body: str


# Written stories: one frame for all, as on a real site; English little words, as some tools look for them


def written(count: int) -> Iterator[Story]:
    """Yield stories of 8 to 40 paragraphs in a frame with as many elements as news pages have; the same in each run."""
    dice = Random(7)
    words = ["".join(dice.choices("aeinorstlkmdu", k=dice.randint(3, 11))) for _ in range(8000)]
    for number in range(count):
        paragraphs = [_paragraph(dice, words) for _ in range(dice.randint(8, 40))]
        title = f"{_words(dice, words, 7).capitalize()} {number}"
        slug = "-".join(title.lower().split())
        page = _FRAME_TOP + _own_part(number, title, paragraphs) + _FRAME_END
        yield Story(f"/2025/{1 + number % 12:02}/{slug}.html", page.encode(), title, "\n\n".join(paragraphs))


def _words(dice: Random, words: Sequence[str], count: int) -> str:
    little = _LITTLE.split()
    return " ".join(dice.choice(little if dice.random() < 0.4 else words) for _ in range(count))


def _paragraph(dice: Random, words: Sequence[str]) -> str:
    sentences = (_words(dice, words, dice.randint(8, 24)) for _ in range(dice.randint(2, 5)))
    return " ".join(f"{sentence.capitalize()}." for sentence in sentences)


def _own_part(number: int, title: str, paragraphs: Sequence[str]) -> str:
    stamp = f"2025-{1 + number % 12:02}-{1 + number % 27:02}T{number % 24:02}:{number % 60:02}:00+00:00"
    author = _NAMES[number % len(_NAMES)]
    data = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": title, "datePublished": stamp,
        "author": [{"@type": "Person", "name": author}],
    }  # fmt: skip
    text = "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    picture = '<figure><img src="/f/{0}.jpg" alt="Picture {0}"><figcaption>Caption {0}</figcaption></figure>'
    return (
        f'<script type="application/ld+json">{json.dumps(data)}</script><title>{title} - The Bench</title>'
        f'<meta property="og:title" content="{title}"></head><body>{_NAVIGATION}<main><article class="article">'
        f'<h1 class="article-title">{title}</h1><p class="byline">By <a href="/ada">{author}</a></p>'
        f'<time datetime="{stamp}">{stamp[:10]}</time>{picture.format(number)}'
        f'<div class="article-body">\n{text}\n</div>'
    )


def _links(count: int, kind: str) -> str:
    link = (
        '<li id="{1}-{0}" class="menu-item {1}-item">\n<a class="{1}-link" href="/{1}/{0}" data-track="{1}-{0}">'
        "<span>{1} number {0} of the day</span></a>\n</li>\n"
    )
    items = "".join(link.format(number, kind) for number in range(count))
    return f'<div class="{kind}-wrap">\n<ul class="{kind}">\n{items}</ul></div>'


def _cards(count: int) -> str:
    card = """<div class="teaser-card" data-id="{0}">
<div class="teaser-picture">
<a href="/other/{0}" aria-hidden="true">
<img class="lazy" src="/t/{0}.jpg" alt="" loading="lazy" width="300" height="200"></a>
</div>
<div class="teaser-words">
<div class="teaser-section"><a href="/section/{0}">Section {0}</a></div>
<h3 class="teaser-title"><a href="/other/{0}">Another story {0} of the river town and its bridges</a></h3>
<p class="teaser-text">What the other story {0} is about, in a few words.</p>
<span class="teaser-date">14.03.2025</span>
</div>
</div>
"""
    return "".join(card.format(number) for number in range(count))


def _scripts(count: int) -> str:
    slots = "".join(f"window.slot{number}={{kind:'slot',size:[{number},250]}};" for number in range(40))
    return "".join(f'<script id="s{number}">{slots}</script>\n' for number in range(count))


_NAVIGATION = f"""<header class="page-header">
<svg class="logo" viewBox="0 0 10 10"><path d="M0 0h10v10z"/></svg>
<nav class="main-nav">{_links(40, "section")}</nav></header>"""
_FRAME_TOP = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<meta property="og:type" content="article">
{"".join(f'<meta name="bench:{number}" content="value {number}">' for number in range(25))}
{"".join(f'<link rel="preload" href="/assets/{number}.css">' for number in range(20))}
<style>{"".join(f".c{number}{{margin:{number}px;padding:0 {number}px}}" for number in range(400))}</style>
{_scripts(12)}"""
_FRAME_END = f"""</article>
<aside class="sidebar">{_cards(22)}</aside>
<section class="related">{_cards(8)}</section>
</main>
<footer class="page-footer">{_links(60, "foot")}<p>All rights reserved by nobody at all.</p></footer>
{_scripts(12)}</body></html>"""


# The pages of a folder: FOLDER/<set>.jsonl, as bench/extraction.py reads them


def annotated(folder: Path, count: int) -> Iterator[Story]:
    """Yield the first pages of a folder, each once."""
    from extraction import html_of, rows

    seen = set[str]()
    for row in rows(folder, ()):
        if row["html_path"] in seen or len(seen) == count:
            continue
        seen.add(row["html_path"])
        gold = row["gold"]
        body = "\n".join(gold["paragraphs"]) if "paragraphs" in gold else gold.get("body", "")
        path = f"/2025/01/{len(seen)}-a-story-told-by-a-folder.html"
        yield Story(path, html_of(folder, row).encode("utf-8", "replace"), gold.get("title") or "", body)


def stories_of(folder: Path | None, count: int) -> Iterator[Story]:
    """Yield the site's stories."""
    return annotated(folder, count) if folder else written(count)


# The server


def zipped(page: bytes) -> bytes:
    """Return the page in gzip; the frame of written stories is packed once."""
    top, end = _FRAME_TOP.encode(), _FRAME_END.encode()
    if not (page.startswith(top) and page.endswith(end)):
        packer = zlib.compressobj(6, wbits=31)
        return packer.compress(page) + packer.flush()
    own = page[len(top) : -len(end)]
    parts = (_packed(top), _deflated(own, last=False), _packed(end))
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + b"".join(parts) + struct.pack("<II", zlib.crc32(page), len(page))


_frame_parts: dict[bytes, bytes] = {}


def _packed(part: bytes) -> bytes:
    if part not in _frame_parts:
        _frame_parts[part] = _deflated(part, last=bool(_frame_parts))
    return _frame_parts[part]


def _deflated(part: bytes, *, last: bool) -> bytes:
    packer = zlib.compressobj(6, wbits=-15)
    return packer.compress(part) + packer.flush(zlib.Z_FINISH if last else zlib.Z_FULL_FLUSH)


@dataclass(slots=True)
class Told:
    """What was asked for and told since somebody last looked."""

    stories: int = 0
    different: set[str] = field(default_factory=set)
    unchanged: int = 0
    page_bytes: int = 0


class Answers:
    """Every answer of the site, made beforehand."""

    def __init__(self, stories: Iterator[Story], home: str) -> None:
        self.zipped: dict[str, bytes] = {}
        self.sizes: dict[str, int] = {}
        self.told = Told()
        for story in stories:
            self.sizes[story.path] = len(story.page)
            self.zipped[story.path] = whole(zipped(story.page), "text/html; charset=utf-8", gzip=True)
        self.others = dict(self._others(home))

    def _others(self, home: str) -> Iterator[tuple[str, bytes]]:
        yield "/robots.txt", whole(f"User-agent: *\nAllow: /\nSitemap: {home}/sitemap.xml\n".encode(), "text/plain")
        yield "/", whole(b"<title>The Bench</title><h1>The Bench</h1>", "text/html")
        paths, index = list(self.sizes), []
        for start in range(0, len(paths), IN_A_SITEMAP):
            name = f"/sitemap-{start // IN_A_SITEMAP}.xml"
            index.append(f"<sitemap><loc>{home}{name}</loc>{_LASTMOD}</sitemap>")
            urls = "".join(f"<url><loc>{home}{path}</loc></url>" for path in paths[start : start + IN_A_SITEMAP])
            yield name, whole(_XML.format("urlset", urls).encode(), "application/xml")
        yield "/sitemap.xml", whole(_XML.format("sitemapindex", "".join(index)).encode(), "application/xml")

    def to(self, path: str, head: bytes) -> bytes:
        """Return the answer to a request."""
        if path == "/-/told":
            told, self.told = self.told, Told()
            count = {"stories": told.stories, "different": len(told.different), "unchanged": told.unchanged}
            return whole(json.dumps({**count, "page_bytes": told.page_bytes}).encode(), "application/json")
        if path in self.others:
            return _NOT_MODIFIED if b"\r\nif-none-match:" in head.lower() else self.others[path]
        if path not in self.zipped:
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        if b"\r\nif-none-match:" in head.lower():
            self.told.unchanged += 1
            return _NOT_MODIFIED
        self.told.stories += 1
        self.told.different.add(path)
        self.told.page_bytes += self.sizes[path]
        return self.zipped[path]


_XML = '<?xml version="1.0"?><{0} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{1}</{0}>'
_NOT_MODIFIED = b'HTTP/1.1 304 Not Modified\r\nETag: "bench"\r\nVary: Accept-Encoding\r\n\r\n'


async def _serve(folder: Path | None, count: int) -> None:
    loop, site = asyncio.get_running_loop(), list[Answers]()

    def reply(head: bytes) -> bytes:
        asked = _PATH.match(head)
        return site[0].to(asked[1].decode() if asked else "", head)

    server = await loop.create_server(lambda: Speaker(reply), "127.0.0.1", 0, backlog=512)
    home = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    site.append(Answers(stories_of(folder, count), home))
    print(json.dumps({"home": home, "paths": list(site[0].sizes), "bytes": sum(site[0].sizes.values())}), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)  # it ends with who started it


@dataclass(frozen=True, slots=True)
class Site:
    """A site being served by a process of its own, as a context manager."""

    process: subprocess.Popen[str]
    home: str
    paths: tuple[str, ...]
    page_bytes: int

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.process.terminate()
        self.process.communicate()

    def told(self) -> dict[str, int]:
        """Return what it told since it was last asked."""
        with urlopen(f"{self.home}/-/told") as answer:
            found: dict[str, int] = json.load(answer)
        return found


def served(folder: Path | None, count: int) -> Site:
    """Start a site and wait until it is ready."""
    command = [sys.executable, __file__, "--serve", "--stories", str(count), *([str(folder)] if folder else [])]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    ready = json.loads(process.stdout.readline())
    return Site(process, ready["home"], tuple(ready["paths"]), ready["bytes"])


# The load


async def _load(port: int, paths: Sequence[str], seconds: float) -> int:
    loop_end, told = time.perf_counter() + seconds, 0

    async def line(offset: int) -> None:
        nonlocal told
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
        number = offset
        while time.perf_counter() < loop_end:
            number = (number + 8) % len(paths)
            writer.write(f"GET {paths[number]} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(int(head.rpartition(b"Content-Length: ")[2].split()[0]))
            told += 1
        writer.close()

    await asyncio.gather(*(line(offset) for offset in range(8)))
    return told


def loaded(folder: Path | None, count: int) -> str:
    """Serve and load; tell how many pages a second were read, and what the server says."""
    with served(folder, count) as site:
        command = [sys.executable, __file__, "--load", site.home]
        loads = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
        for load in loads:
            assert load.stdin is not None
            load.stdin.write(json.dumps(site.paths))
            load.stdin.close()
        read = sum(int(load.stdout.read()) for load in loads if load.stdout)
        told, size = site.told()["stories"], site.page_bytes / len(site.paths) / 1024
        return f"{len(site.paths)} stories, {size:.0f} KiB each: {read / 5:.0f} pages/s read, {told / 5:.0f} told"


def main() -> None:
    """Serve, load, or do both."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", nargs="?", type=Path)
    options.add_argument("--stories", type=int, default=2000)
    options.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options.add_argument("--load", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.serve:
        asyncio.run(_serve(chosen.folder, chosen.stories))
    elif chosen.load:
        print(asyncio.run(_load(int(chosen.load.rpartition(":")[2]), json.load(sys.stdin), 5.0)))
    else:
        print(loaded(chosen.folder, chosen.stories))


if __name__ == "__main__":
    main()
