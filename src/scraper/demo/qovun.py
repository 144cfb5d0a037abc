"""Qovun.example: an Uzbek and English site in the shape of the ones it stands for.

No JSON-LD, no feed, no year in its stamps; an icon's name and the views glued to the date, the section on a line of
its own, a lone minus sign, sub-headings in bold, and rates in a widget that is no ticker.
"""

from __future__ import annotations

from html import escape

from scraper.demo.server import Answer
from scraper.demo.stories import Paragraph, Story, date_of, shown, stories
from scraper.source import Listing, Source

KEY = "qovun"
NAME = "Qovun"
ZONE = "Asia/Tashkent"
_MONTH = {"en": "October", "uz": "Oktabr"}
_MINUTES = {"en": "minutes", "uz": "daqiqa"}
_WIDGETS = {"en": ("Live", "All"), "uz": ("Jonli efir", "Barchasi")}


def source(home: str) -> Source:
    """Return what the site declares, at its port of the day."""
    return Source(
        key=KEY, name=NAME, home=home, country="UZ", language="uz", timezone=ZONE,
        discover=(Listing(f"{home}en/latest"), Listing(f"{home}uz/latest")),
        story=rf"{home}(?:en|uz)/news/[a-z0-9-]+-\d+", external_id=r"/(?:en|uz)/news/[a-z0-9-]+-(\d+)$",
        limits={"gap_s": 0.0},  # our own machine on loopback needs no manners
    )


def answer(path: str, day: int, home: str) -> Answer:  # noqa: ARG001  # its links are relative, the other site's not
    """Return what the site says to a GET on a day."""
    if path == "/robots.txt":
        return Answer(b"User-agent: *\nAllow: /\n", "text/plain")
    language = path[1:3]
    standing = [story for story in shown(stories(KEY), day) if story.fields["language"] == language]
    if path in ("/en/latest", "/uz/latest"):
        return Answer(_page(language, NAME, "".join(_card(story) for story in standing), day).encode())
    story = next((story for story in standing if path == _path(story)), None)
    if story is None:
        return Answer(_page("en", NAME, "<h1>404</h1>", day).encode(), status=404)
    return Answer(_page(language, story.headline, _story_main(story, day, standing), day).encode())


def _path(story: Story) -> str:
    return f"/{story.fields['language']}/news/{story.slug}"


def _stamp(story: Story) -> str:
    return f"{date_of(story.day).day} {_MONTH[story.fields['language']]}"


def _card(story: Story) -> str:
    return (f'<div class="col-lg-4"><a class="news-card" href="{_path(story)}">'
            f'<img src="/i/{story.slug[-5:]}.jpg" alt="">'
            f'<span class="date">{_stamp(story)}</span><p>{escape(story.headline)}</p></a></div>')


def _story_main(story: Story, day: int, standing: list[Story]) -> str:
    language = story.fields["language"]
    views = int(story.fields["views"]) + 977 * (day - story.day)  # they grow; the text stays the same
    live, every = _WIDGETS[language]
    body = "".join(_block(paragraph) for paragraph in story.paragraphs(day))
    others = "".join(_card(other) for other in standing if other is not story)
    return (
        f'<main class="article"><div class="title"><h1 class="text">{escape(story.headline)}</h1></div>'
        f'<div class="hero-info"><p>{story.fields["section"]}</p></div><p>−</p>'
        f'<p class="right">{_stamp(story)}<i class="material-icons">visibility</i>{views} '
        f'<span>{story.fields["minutes"]} {_MINUTES[language]}</span></p>'
        f'<div class="content-main-titles">{body}</div></main>'
        f'<section><h3>{live}</h3><a href="/{language}/latest">{every}</a><div class="row">{others}</div></section>')


def _block(paragraph: Paragraph) -> str:
    text = escape(paragraph.text, quote=False)
    return f"<p><strong>{text}</strong></p>" if paragraph.kind == "heading" else f"<p>{text}</p>"


def _page(language: str, title: str, main: str, day: int) -> str:
    return (f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title></head>'
            f'<body><div class="rates">$ / {12170 + 9 * day}.85 UZS / 49.8{day}</div>'
            f'<nav><a href="/en/latest">English</a> <a href="/uz/latest">O‘zbekcha</a></nav>'
            f'<div class="content-border"><div class="row">{main}</div></div></body></html>')
