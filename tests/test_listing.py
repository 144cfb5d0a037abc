"""Which links of a page are stories, and what stands beside them; every page here is invented."""

from __future__ import annotations

import re
import time
from datetime import UTC, date, datetime

import pytest

from scraper.document import document_from_text
from scraper.listings.cards import teasers_from
from scraper.listings.links import sheet_from
from scraper.listings.listing import story_targets
from scraper.records import Teaser
from scraper.urls import host

FETCHED = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)

MENU = ('<nav><a href="/">Home</a><a href="/world/">World news today</a>'
        '<a href="/category/economy-and-trade/">Economy and trade</a>'
        '<a href="/about-us/">About us and our newsroom</a></nav>')
FOOTER = ('<footer><a href="/terms-of-use/">Terms of use of this site</a>'
          '<a href="/tag/long-tag-name-here/">Long tag name</a>'
          '<a href="/author/a-writer-of-ours/">A writer of ours</a>'
          '<a href="https://b.example/a-story-elsewhere-1234/">A story elsewhere that is long</a></footer>')


def teasers(body: str, url: str = "https://a.example/news/", language: str | None = "en") -> tuple[Teaser, ...]:
    document = document_from_text(f"<html><body>{MENU}{body}{FOOTER}</body></html>", url)
    sheet = sheet_from(document)
    targets = story_targets(document, sheet, lambda link: None if host(link) == "a.example" else False, ())
    return teasers_from(sheet, targets, zone="Asia/Tashkent", fetched=FETCHED, language=language)


def urls(body: str) -> list[str]:
    return [teaser.url.removeprefix("https://a.example") for teaser in teasers(body)]


def post(slug: str, headline: str, rest: str = "", tag: str = "h2") -> str:
    return f'<article class="post"><{tag}><a href="/{slug}/">{headline}</a></{tag}>{rest}</article>'


FIRST = post("bridge-opens-at-last", "The bridge opens at last")
POSTS = FIRST + post("a-tunnel-is-next", "A tunnel is next, says the mayor")


def test_headlines_are_stories_and_menus_are_not() -> None:
    """Sections, static pages, tags, authors and other sites stay out."""
    assert urls(POSTS) == ["/bridge-opens-at-last/", "/a-tunnel-is-next/"]


def test_a_section_outside_any_menu_is_no_story() -> None:
    """By its address: query keys, folders, dates and files that never are one."""
    others = "".join(f'<h2><a href="{href}">A section of ours with a long name</a></h2>' for href in (
        "/?cat=3", "/category/long-name-of-it/", "/2026/03/", "/files/annual-report-of-ours.pdf", "/?s=words", "/"))

    assert urls(POSTS + others) == ["/bridge-opens-at-last/", "/a-tunnel-is-next/"]


def test_a_picture_speaks_for_a_story_without_words() -> None:
    """A grid of pictures: the alt text is the headline."""
    alt = 'alt="Bridge number {n} opens at last"'
    grid = "".join(f'<div><a href="/{n}-the-bridge-opens"><img src="1.jpg" {alt.format(n=n)}></a></div>'
                   for n in (4711, 4712))

    assert [teaser.headline for teaser in teasers(grid)] == [
        "Bridge number 4711 opens at last", "Bridge number 4712 opens at last"]


def test_a_story_without_a_line_of_its_own_is_no_trouble() -> None:
    """The last link of a page, a picture, with no text behind it."""
    markup = '<body><a href="/2026/03/09/bridge-opens-at-last/"><img src="1.jpg"></a>'
    document = document_from_text(markup, "https://a.example/")
    sheet = sheet_from(document)
    targets = story_targets(document, sheet, lambda _: True, ())

    (teaser,) = teasers_from(sheet, targets, zone="Asia/Tashkent", fetched=FETCHED, language="en")

    assert teaser == Teaser("https://a.example/2026/03/09/bridge-opens-at-last/")


def test_stories_on_one_line_share_no_date() -> None:
    """A date beside three links belongs to none of them for certain."""
    line = "".join(f'<a href="/bridge-{n}-opens-at-last">Bridge number {n} opens at last</a> ' for n in (4711, 4712))

    assert [teaser.stamp for teaser in teasers(f"<p>{line} 9 March 2026</p>")] == [None, None]


def test_a_story_linked_three_times_stands_once() -> None:
    """By its picture, its headline and "Continue reading", under tracking keys and an anchor."""
    body = ('<div><a href="/river-floods-two-towns/?utm_source=x"><img src="1.jpg"></a>'
            '<h3><a href="/river-floods-two-towns/">River floods two towns</a></h3>'
            '<a href="/river-floods-two-towns/#more">Continue reading</a></div>')

    assert [(teaser.url, teaser.headline) for teaser in teasers(body)] == [
        ("https://a.example/river-floods-two-towns/", "River floods two towns")]


def test_a_card_wrapped_in_its_link_gives_headline_and_stamp() -> None:
    """One link around a picture, a date and a paragraph, without any heading."""
    body = ('<div><a class="c" href="/en/news/water-returns-125372"><img src="1.jpg"><span>11 February</span>'
            "<p>Water returns to the lake – report</p></a></div>")

    (teaser,) = teasers(body)

    assert teaser.headline == "Water returns to the lake – report"
    assert teaser.stamp is not None
    assert teaser.stamp.day == date(2026, 2, 11)


def test_every_class_and_id_renamed_gives_the_same_stories() -> None:
    """No class of any site is known to the code."""
    body = f'<div class="list" id="main">{POSTS}</div>'
    renamed = re.sub(r'(class|id)="[^"]*"', r'\1="x9"', body)

    assert teasers(renamed) == teasers(body)


@pytest.mark.parametrize(("first", "second"), [
    ("Мост через реку открыли спустя три года", "Цены на хлеб выросли на десятую часть"),
    ("Ko‘prik uch yildan so‘ng ochildi", "Non narxi o‘ndan bir qismga oshdi"),
    ("三年后大桥终于通车", "面包价格上涨一成引关注"),
    ("الجسر يفتح بعد ثلاث سنوات", "سعر الخبز يرتفع عشرة بالمئة"),
])
def test_any_script_is_read(first: str, second: str) -> None:
    """Letters are counted, not words; an ideograph counts double."""
    body = f'<li><a href="/n/125371/">{first}</a></li><li><a href="/n/125372/">{second}</a></li>'

    assert [teaser.headline for teaser in teasers(f"<ul>{body}</ul>", language=None)] == [first, second]


def test_the_pages_of_a_thread_are_no_stories() -> None:
    """A number for a headline, whatever its address looks like."""
    pages = '<a href="/bridge-opens-at-last-12345-2/">2</a><a href="/bridge-opens-at-last-12345-3/">3</a>'

    assert urls(FIRST + pages) == ["/bridge-opens-at-last/"]


def test_a_link_in_running_text_is_no_teaser() -> None:
    """An earlier story linked from a sentence is not on the list."""
    prose = ('<p>As we wrote in our report <a href="/an-older-story-of-ours/">on the older bridge</a>, '
             "the river has risen again this week.</p>")

    assert urls(POSTS + prose) == ["/bridge-opens-at-last/", "/a-tunnel-is-next/"]


def test_stamps_are_read_in_the_card_and_nowhere_else() -> None:
    """A `<time>` before the words; a page clock in the header is no story's date."""
    body = ("<div>12 March 2026</div>"
            + post("bridge-opens-at-last", "The bridge opens", '<time datetime="2026-03-10T08:00:00+05:00">Tue</time>')
            + post("a-tunnel-is-next", "A tunnel is next, says the mayor", "<span>9 March 2026 · 120 views</span>")
            + post("no-date-on-this-one", "No date stands on this one at all"))

    days = [teaser.stamp and teaser.stamp.day for teaser in teasers(body)]

    assert days == [date(2026, 3, 10), date(2026, 3, 9), None]


def test_a_flat_list_gives_each_headline_what_follows_it() -> None:
    """No element holds the item: heading, date and text are siblings of the next item's."""
    text = "The span was closed for three years while its piers were built anew."
    body = (f'<div><h3><a href="/bridge-opens-at-last/">The bridge opens at last</a></h3><p>10 March 2026</p>'
            f'<p>{text}</p><h3><a href="/a-tunnel-is-next/">A tunnel is next, says the mayor</a></h3>'
            "<p>9 March 2026</p></div>")

    first, second = teasers(body)

    assert (first.stamp and first.stamp.day, first.excerpt) == (date(2026, 3, 10), text)
    assert (second.stamp and second.stamp.day, second.excerpt) == (date(2026, 3, 9), None)


@pytest.mark.parametrize("end", ["...", "…", "[…]", '<a href="/bridge-opens-at-last/">Continue reading</a>',
                                 '<a href="/bridge-opens-at-last/">Читать далее »</a>'])
def test_a_cut_excerpt_is_marked(end: str) -> None:
    """The mark that says so is not part of the text, where it is a link."""
    text = "The span was closed for three years while its piers were built anew"

    (teaser,) = teasers(post("bridge-opens-at-last", "The bridge opens at last", f"<p>{text} {end}</p>"))

    assert (teaser.truncated, (teaser.excerpt or "").startswith(text)) == (True, True)
    assert "reading" not in (teaser.excerpt or "")


def test_running_text_may_say_read_more() -> None:
    """The words are a mark only in a link or a short line."""
    text = ("Teachers in three towns ask their pupils to read more books over the summer, and the libraries of the "
            "region will stay open late.")

    assert teasers(post("bridge-opens-at-last", "The bridge opens at last", f"<p>{text}</p>"))[0].excerpt == text


def test_the_words_for_reading_on_need_not_be_known() -> None:
    """A link text that four stories share says nothing about any of them."""
    text = "The span was closed for three years while its piers were built anew"
    body = "".join(post(f"bridge-{n}-opens-at-last", f"Bridge number {n} opens at last",
                        f'<p>{text} <a href="/bridge-{n}-opens-at-last/">বিস্তারিত »</a></p>') for n in range(4))

    found = teasers(body)

    assert [(teaser.headline, teaser.excerpt, teaser.truncated) for teaser in found] == [
        (f"Bridge number {n} opens at last", text, True) for n in range(4)]


def test_a_date_in_running_text_is_no_stamp() -> None:
    """The day of a summit is not the day of its report."""
    text = "The mayor said on 8 March 2026 that a tunnel under the river would take the place of the old ferry."

    (teaser,) = teasers(post("bridge-opens-at-last", "The bridge opens at last", f"<p>{text}</p>"))

    assert (teaser.stamp, teaser.excerpt) == (None, text)


def test_the_last_of_a_flat_list_does_not_take_what_follows_the_list() -> None:
    """The line under the last headline of a sidebar is the site's own."""
    listed = ('<li><a href="/bridge-opens-at-last/">The bridge opens at last</a></li>'
              '<li><a href="/a-tunnel-is-next/">A tunnel is next, says the mayor</a></li>')
    after = "<p>Copying of any text from this site is allowed with a link to it, since 9 March 2026.</p>"

    assert [(teaser.stamp, teaser.excerpt) for teaser in teasers(f"<ul>{listed}</ul>{after}")] == [(None, None)] * 2


def test_a_column_that_repeats_its_headline_keeps_it() -> None:
    """Over four stories it is a headline each time, because it is a heading."""
    body = "".join(post(f"this-week-{n}-2026", "This week") for n in range(4, 8))

    assert [teaser.headline for teaser in teasers(body)] == ["This week"] * 4


def test_an_excerpt_is_whole_only_beside_marked_ones() -> None:
    """A page that marks its cuts leaves the short story unmarked; a page without marks proves nothing."""
    whole = "<p>The span was closed for three years while its piers were built anew.</p>"
    cut = "<p>The mayor said that a tunnel under the river would take the place of the ferry...</p>"

    short = post("bridge-opens-at-last", "The bridge opens at last", whole)
    long = post("a-tunnel-is-next", "A tunnel is next", cut)

    assert [teaser.truncated for teaser in teasers(short + long)] == [False, True]
    assert [teaser.truncated for teaser in teasers(short)] == [True]


@pytest.mark.parametrize("href", [
    "javascript:void(0)", "mailto:a@a.example", "//b.example/a-long-story-slug/", "http://[ccpa-preferences]",
    "https://u:p@a.example/a-long-story-slug/", "/" + "a-" * 50_000, "data:text/html,x", "#top", "",
], ids=lambda href: href[:20])
def test_an_odd_link_is_passed_over(href: str) -> None:
    """Only proper links of the same site are stories."""
    odd = f'<h2><a href="{href}">A headline that is long enough</a></h2>'

    assert urls(FIRST + odd) == ["/bridge-opens-at-last/"]


def test_a_page_of_links_without_end_is_bounded() -> None:
    """200,000 links: five thousand stories at most, in seconds."""
    body = "".join(f"<a href=/a-story-slug-{number}>Story number {number} of many</a>\n" for number in range(200_000))
    started = time.process_time()

    found = teasers(body)

    assert 0 < len(found) <= 5_000
    assert time.process_time() - started < 15
