"""The Silkroad Times: an English WordPress site in the shape of the ones it stands for.

A currency marquee eight times on every page, a clock in the header, a feed, a listing with excerpts cut after 500
words, stories with JSON-LD, and a shortcode that nobody rendered.
"""

from __future__ import annotations

import json
from datetime import datetime, time
from email.utils import format_datetime
from html import escape
from zoneinfo import ZoneInfo

from scraper.demo.server import Answer
from scraper.demo.stories import Paragraph, Story, date_of, rates, shown, stories
from scraper.source import Feed, Listing, Source

KEY = "silkroad-times"
NAME = "The Silkroad Times"
ZONE = "Asia/Bishkek"
LOST = ("the-photograph-nobody-took", "The Photograph Nobody Took", 2)  # listed on that day, and never there
_PER_PAGE = 4
_EXCERPT_WORDS = 500


def source(home: str) -> Source:
    """Return what the site declares, at its port of the day."""
    return Source(
        key=KEY, name=NAME, home=home, language="en", timezone=ZONE,
        discover=(Feed(f"{home}feed/"), Listing(f"{home}latest/", pages="page/{n}/")),
        story=rf"{home}[a-z0-9]+(?:-[a-z0-9]+)+/", skip=r"/about-us/",
        limits={"gap_s": 0.0},  # our own machine on loopback needs no manners
    )


def answer(path: str, day: int, home: str) -> Answer:
    """Return what the site says to a GET on a day."""
    if path == "/robots.txt":
        return Answer(b"User-agent: *\nDisallow: /wp-admin/\n", "text/plain")
    if path == "/feed/":
        return Answer(_feed(day, home).encode(), "application/rss+xml; charset=UTF-8")
    if path == "/about-us/":
        return Answer(_page(day, "About us", "<h1>About us</h1><p>Nobody works here.</p>").encode())
    page = {"/": 1, "/latest/": 1, "/latest/page/2/": 2}.get(path)
    if page is not None:
        return Answer(_listing(day, home, page).encode())
    story = next((story for story in stories(KEY) if path == f"/{story.slug}/" and story.day <= day), None)
    if story is None:
        return Answer(_page(day, "Page not found", "<h1>Page not found</h1>").encode(), status=404)
    if story.withdrawn <= day:
        return Answer(_page(day, "Gone", "<h1>This story has been withdrawn</h1>").encode(), status=410)
    return Answer(_story_page(story, day, home).encode())


def _moment(story: Story, day: int) -> datetime:
    return datetime.combine(date_of(day), time.fromisoformat(story.fields["time"]), ZoneInfo(ZONE))


def _words(story: Story, day: int) -> str:
    texts = [each.text for each in story.paragraphs(day) if each.kind != "image"]
    words = " ".join(texts).split()
    return " ".join(words[:_EXCERPT_WORDS]) + ("..." if len(words) > _EXCERPT_WORDS else "")


def _feed(day: int, home: str) -> str:
    items = "".join(
        f"<item><title>{escape(story.headline)}</title><link>{home}{story.slug}/</link>"
        f'<guid isPermaLink="false">{home}?p={4100 + stories(KEY)[::-1].index(story)}</guid>'
        f"<pubDate>{format_datetime(_moment(story, story.day))}</pubDate>"
        f"<category>{escape(story.fields['section'])}</category>"
        f"<description>{escape(' '.join(_words(story, day).split()[:55]))} [&#8230;]</description></item>"
        for story in shown(stories(KEY), day))
    return (f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>{NAME}</title>'
            f"<link>{home}</link><description>News along the road</description>{items}</channel></rss>")


def _listing(day: int, home: str, page: int) -> str:
    standing = shown(stories(KEY), day)
    teasers = [(story.slug, story.headline, _words(story, day)) for story in standing]
    if day == LOST[2]:
        teasers.insert(1, (LOST[0], LOST[1], "A story in one picture."))
    blocks = "".join(
        f'<article class="post"><h2 class="entry-title"><a href="{home}{slug}/">{escape(headline)}</a></h2>'
        f'<div class="entry-summary"><p>{escape(excerpt, quote=False)}</p></div></article>'
        for slug, headline, excerpt in teasers[(page - 1) * _PER_PAGE:page * _PER_PAGE])
    counter = f"<p>Viewing results 1 - {_PER_PAGE} of {len(teasers)}</p>"  # on page 2 as well, as seen in the field
    following = f'<a class="next" rel="next" href="{home}latest/page/2/">Older</a>'
    return _page(day, "Latest", counter + blocks + (following if len(teasers) > page * _PER_PAGE else ""))


def _story_page(story: Story, day: int, home: str) -> str:
    url, published = f"{home}{story.slug}/", _moment(story, story.day)
    modified = _moment(story, story.modified(day))
    data = {"@context": "https://schema.org", "@graph": [
        {"@type": "WebSite", "name": NAME, "url": home},
        {"@type": "NewsArticle", "headline": story.headline, "datePublished": published.isoformat(),
         "dateModified": modified.isoformat(), "mainEntityOfPage": url, "articleSection": story.fields["section"],
         "keywords": story.fields["tags"].split(", "), "author": {"@type": "Person", "name": story.fields["author"]}},
    ]}
    head = (f'<link rel="canonical" href="{url}"><meta property="og:type" content="article">'
            f'<meta property="og:title" content="{escape(story.headline)}">'
            f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>')
    body = "".join(_block(paragraph) for paragraph in story.paragraphs(day))
    related = "".join(f'<li><a href="{home}{other.slug}/">{escape(other.headline)}</a></li>'
                      for other in shown(stories(KEY), day) if other is not story)
    return _page(day, story.headline, (
        f'<article class="post"><h1 class="entry-title">{escape(story.headline)}</h1>'
        f'<p class="entry-meta"><time datetime="{published.isoformat()}">{published:%d %B %Y}</time> '
        f'by {story.fields["author"]}</p><div class="entry-content">{body}</div>'
        f'<aside class="related"><h3>Related</h3><ul>{related}</ul></aside></article>'), head)


def _block(paragraph: Paragraph) -> str:
    text = escape(paragraph.text, quote=False)
    if paragraph.kind == "image":
        caption, credit = text.split(" | ")
        return (f'<figure class="wp-block-image"><img src="{paragraph.url}" alt="">'
                f"<figcaption>{caption} <em>{credit}</em></figcaption></figure>")
    tag = {"heading": "h2", "quotation": "blockquote"}.get(paragraph.kind, "p")
    return f"<{tag}>{text}</{tag}>"


def _page(day: int, title: str, main: str, head: str = "") -> str:
    strip = "".join(f"<li>{entry}</li>" for entry in rates(day))
    marquee = f'<div class="ticker-wrap"><ul class="ticker">{strip * 4}</ul></div>'
    return (f'<!doctype html><html lang="en-US"><head><meta charset="utf-8"><title>{escape(title)} - {NAME}</title>'
            f'{head}</head><body><header>{marquee}<span class="today">{date_of(day):%d %B %Y}</span>'
            f'<nav><a href="/">Home</a> <a href="/latest/">Latest</a> <a href="/about-us/">About us</a></nav></header>'
            f"<main>{main}</main><footer>{marquee}<p>{NAME}, an invention</p></footer></body></html>")
