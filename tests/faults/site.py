"""A site with thirty healthy stories and one thing that goes wrong, declared by a listing, a feed or a sitemap."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Literal

from servers import Answer, Talk, answer

HEALTHY = 30
Way = Literal["listing", "feed", "sitemap"]
WAYS: tuple[Way, ...] = ("listing", "feed", "sitemap")

_TOWNS = ("Ovan", "Teral", "Mirsu", "Kolda", "Benet", "Sarat", "Uvel", "Doran", "Ilvit", "Navra")
_THINGS = ("bridge", "library", "harvest", "school", "canal", "bazaar", "clinic", "railway", "orchard", "museum")
_MOVES = ("reopens after a long winter", "asks for more hands", "is measured anew by surveyors")
_WHO = ("the district office", "an old engineer", "two neighbours", "the ferry crew", "a visiting teacher", "the baker")
_DID = ("counted", "repaired", "described", "photographed", "defended", "doubted", "praised", "postponed")
_WHAT = ("the wooden gates", "a row of pumps", "the missing ledger", "every second lamp", "the northern road", "a kite")
_WHEN = ("before the first frost", "during the night", "for the third time", "without much noise", "after the meeting")


@dataclass(frozen=True, slots=True)
class Story:
    """A story as it must come out of the archive."""

    path: str
    headline: str
    sentences: tuple[str, ...]

    def page(self, head: str = "", before: str = "") -> bytes:
        """Return its page, in one of three kinds of markup; `head` and `before` stand in head and body."""
        paragraphs = "".join(f"<p>{html.escape(sentence)}</p>" for sentence in self.sentences)
        title, number = html.escape(self.headline), sum(map(ord, self.path))
        stamp = "<time datetime='2024-05-06T07:08:09Z'>6 May 2024</time>"
        bodies = (
            f"<main><h1>{title}</h1>{stamp}<div>{paragraphs}</div></main>",
            f"<table><tr><td><h2>{title}</h2><small>06.05.2024</small><div>{paragraphs}</div></td></tr></table>",
            f"<article><header><h1>{title}</h1>By Ada Ninsun, May 6, 2024</header><div>{paragraphs}</div></article>",
        )
        return (
            f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
            f"<body>{before}<nav><a href='/'>Home</a></nav>{bodies[number % 3]}<footer>The Ovan Courier</footer>"
            "</body></html>"
        ).encode()


def _sentence(random: Random) -> str:
    words = (random.choice(part) for part in (_WHO, _DID, _WHAT, _WHEN))
    return f"In {random.choice(_TOWNS)} {' '.join(words)}, and {random.randint(11, 9999)} people came to see it."


def _story(number: int) -> Story:
    headline = f"{_TOWNS[number % 10]}'s {_THINGS[number // 3]} {_MOVES[number % 3]}"
    return Story(f"/story-{number:02}/", headline, sentences(number))


def sentences(seed: int) -> tuple[str, ...]:
    """Return the text of a story, the same for the same seed."""
    random = Random(seed)
    return tuple(_sentence(random) for _ in range(9))


STORIES = tuple(_story(number) for number in range(HEALTHY))
ODD = Story("/fault", "An odd thing is seen at the old mill", sentences(99))


@dataclass(frozen=True, slots=True)
class Play:
    """One site: what it answers, how it is declared, which pages beside the healthy ones it lists.

    `own` are entry points in the place of the usual one: TOML tables with {home} for its address. The usual one lists
    the healthy stories that are `shown`. `limits` are those of the source, as TOML.
    """

    name: str
    answers: Mapping[str, Answer] = field(default_factory=dict)
    listed: Sequence[str] = ()
    way: Way = "listing"
    own: str = ""
    shown: Sequence[Story] = STORIES
    limits: str = ""

    def site_answers(self) -> dict[str, Answer]:
        """Return what the whole site answers."""
        paths = [*self.listed, *(story.path for story in self.shown)]
        healthy: dict[str, Answer] = {story.path: answer(story.page()) for story in STORIES}
        return {**healthy, f"/{self.way}": self._place(paths), **self.answers}

    def _place(self, paths: Sequence[str]) -> Answer:
        titles = {story.path: story.headline for story in STORIES}
        shown = [(path, titles.get(path, f"Word of something odd in the town of {self.name}")) for path in paths]
        match self.way:
            case "listing":
                return answer(listing(shown))
            case "feed":
                return lambda talk: talk.send(answer(feed(shown, home(talk)), Content_Type="application/rss+xml"))
            case "sitemap":
                return lambda talk: talk.send(answer(sitemap(paths, home(talk)), Content_Type="application/xml"))

    def declared(self, home: str) -> str:
        """Return the site as a source file; `home` ends without a slash."""
        places = self.own.replace("{home}", home) or f'{{ {self.way} = "{home}/{self.way}" }}'
        return (f'key = "{self.name}"\nhome = "{home}/"\ntimezone = "Asia/Bishkek"\ndiscover = [{places}]\n'
                f"limits = {{ {self.limits} }}\n")


def listing(shown: Sequence[tuple[str, str]], after: str = "") -> bytes:
    """Return a page of (address, headline)."""
    items = "".join(
        f'<article><h2><a href="{html.escape(path)}">{html.escape(title)}</a></h2></article>' for path, title in shown
    )
    return f"<!DOCTYPE html><html><title>Latest</title><body><main>{items}</main>{after}</body></html>".encode()


def feed(shown: Sequence[tuple[str, str]], home: str) -> bytes:
    """Return an RSS feed of (path, headline)."""
    items = "".join(
        f"<item><title>{html.escape(title)}</title><link>{home}{html.escape(path)}</link></item>"
        for path, title in shown
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Ovan</title>{items}</channel></rss>'.encode()


def sitemap(paths: Sequence[str], home: str) -> bytes:
    """Return a sitemap of paths."""
    urls = "".join(f"<url><loc>{home}{html.escape(path)}</loc></url>" for path in paths)
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'.encode()


def home(talk: Talk) -> str:
    """Return the address of the site that is asked, without a slash."""
    return f"http://{talk.request.headers['host']}"
