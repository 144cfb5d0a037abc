"""One story in markups that name nothing: no class, no id, no script data. The text and its structure are enough."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest

from pages import SENTENCES, page

HEADLINE = "Council closes the lower sluice"
CAPTION = "Image: Valley Archive"
RATES = " • ".join(["VAL/USD = 0.01144 0%", "TOL/USD = 0.00191 -0.4%"] * 8)
OTHERS = (
    ("Bread is sold by weight again in the harbour", "A bakery sells its bread by weight again, and the queue reached"),
    ("Ferry to the northern bank runs through winter", "The ferry company has found a second crew, so that the boat"),
    ("Old station gets a pump that nobody ordered", "A crate stood on the platform on Monday morning, addressed to"),
)
LINKS = "".join(f"<p><a href='/{at}/'>{title}</a></p>" for at, (title, _) in enumerate(OTHERS))
CARDS = "".join(
    f"<h3><a href='/{at}/'>{title}</a></h3><p>{text} the bridge by noon and… <a href='/{at}/'>Read more</a></p>"
    for at, (title, text) in enumerate(OTHERS)
)
BOXED = "".join(
    f"<div><div><a href='/{at}/'><img src='/{at}.jpg'></a></div><div><a href='/{at}/'>{title}</a></div>"
    f"<div>{text} the bridge by noon, as the neighbours say, and stays there…</div><div>8 October 2025</div></div>"
    for at, (title, text) in enumerate(OTHERS)
)
FOOT = "<div><p>© 2025 The Valley Herald. Nothing here may be printed again without asking the desk first.</p></div>"


def _text(sentences: Sequence[str] = SENTENCES) -> str:
    return "".join(f"<p>{sentence}</p>" for sentence in sentences)


def _page(body: str, title: str = f"{HEADLINE} – The Valley Herald") -> str:
    return f"<html lang='en'><head><title>{title}</title></head><body><div>10 November 2025</div>{body}</body></html>"


def flat(sentences: Sequence[str]) -> str:
    """Everything side by side, other stories under a heading of their own."""
    return _page(
        f"<marquee>{RATES}</marquee><h1>{HEADLINE}</h1><p>Oct 10, 2025</p>"
        f"<figure><img src='/a.jpg'><figcaption>{CAPTION}</figcaption></figure>{_text(sentences)}"
        f"<h3>Read also</h3>{LINKS}<h3>More news</h3>{CARDS}{FOOT}"
    )


def bare(sentences: Sequence[str]) -> str:
    """Boxes and line breaks; the headline is whatever line the title begins with."""
    text = "<br><br>".join(sentences)
    return _page(
        f"<section>{RATES}</section><div><div>{HEADLINE}</div><div>10 October 2025</div>"
        f"<div><img src='/a.jpg'><small>{CAPTION}</small></div><div>{text}</div></div>"
        f"<div><div>You may also like</div>{BOXED}</div>{FOOT}"
    )


def tabled(sentences: Sequence[str]) -> str:
    """Tables and fonts, as the web once was."""
    return _page(
        f"<table><tr><td>{RATES}</td></tr></table><table><tr><td>{LINKS}</td><td><font size=5><b>{HEADLINE}</b></font>"
        f"<br>10.10.2025<br><table><tr><td><img src='/a.jpg'></td></tr><tr><td><font>{CAPTION}</font></td></tr></table>"
        f"{'<br><br>'.join(sentences)}</td><td>{CARDS}</td></tr></table>",
        title=HEADLINE,
    )


def nested(sentences: Sequence[str]) -> str:
    """Each block four boxes deep, other stories in articles of their own."""
    cards = "".join(f"<article>{card}</article>" for card in CARDS.split("<h3>")[1:])
    cards = cards.replace("<article>", "<article><h3>")
    blocks = (f"<h2>{HEADLINE}</h2>", "<span>Oct 10, 2025</span>",
              f"<figure><img src='/a.jpg'><figcaption>{CAPTION}</figcaption></figure>", _text(sentences),
              "<h4>Share this</h4>", cards)  # fmt: skip
    boxed = "".join(f"<div><div><div><div>{block}</div></div></div></div>" for block in blocks)
    return _page(f"<div>{RATES}</div><div>{boxed}</div>{FOOT}")


def commented(sentences: Sequence[str]) -> str:
    """An author's picture and the readers' words below the text."""
    return _page(
        f"<main><div>{RATES}</div><h1>{HEADLINE}</h1><div>By Tavi Orlen</div><div>October 10, 2025 2:05 pm</div>"
        f"<div>10,822 views</div><figure><img src='/a.jpg'><figcaption>{CAPTION}</figcaption></figure>"
        f"<div>{_text(sentences)}</div><div><img src='/orlen.jpg'><div>Tavi Orlen</div>"
        "<div>Tavi Orlen has written about the valley, its water and its trains since before anybody here."
        "</div></div>"
        "<div>Leave a comment</div><div><div>Reader One</div><div>I walked there on Sunday and saw no water at all, so"
        " nobody need tell me that this was a surprise.</div></div></main>"
    )


def endless(sentences: Sequence[str]) -> str:
    """The next story follows whole, as pages have it that load more while one reads."""
    following = "".join(f"<p>{text} the bridge by noon, and {text.lower()} the bridge again.</p>" for _, text in OTHERS)
    return _page(
        f"<div>{RATES}</div><div><div><h1>{HEADLINE}</h1><p>Oct 10, 2025</p>"
        f"<figure><img src='/a.jpg'><figcaption>{CAPTION}</figcaption></figure>{_text(sentences)}</div>"
        f"<div><h1>{OTHERS[0][0]}</h1><p>Oct 9, 2025</p>{following}</div></div>{FOOT}"
    )


def trended(sentences: Sequence[str]) -> str:
    """Other stories with a picture, a day and a few words stand above the story."""
    return _page(
        f"<div>{RATES}</div><div><div>Trending</div>{BOXED}</div><div><h1>{HEADLINE}</h1><div><span>Friday, 10 October"
        f" 2025</span> <span>3 min read</span></div><div><img src='/a.jpg'><small>{CAPTION}</small></div>"
        f"{_text(sentences)}</div>"
    )


@pytest.mark.parametrize("layout", [flat, bare, tabled, nested, commented, endless, trended])
def test_a_story_reads_the_same_in_any_markup(layout: Callable[[Sequence[str]], str]) -> None:
    """Nothing is named; rates, other stories, comments and the site's own lines stand around it."""
    article = page(layout(SENTENCES)).article

    assert article is not None
    assert (article.headline, article.body) == (HEADLINE, "\n\n".join(SENTENCES))
    assert article.published is not None
    assert article.published.day == date(2025, 10, 10)
    assert [image.caption for image in article.images if image.caption] == [CAPTION]


@pytest.mark.parametrize("layout", [flat, bare, tabled, nested, trended])
def test_a_story_of_one_sentence_among_others_is_a_story(layout: Callable[[Sequence[str]], str]) -> None:
    article = page(layout(SENTENCES[:1])).article

    assert article is not None
    assert (article.headline, article.body) == (HEADLINE, SENTENCES[0])


def test_headings_in_bold_boxes_are_of_the_text() -> None:
    text = "".join(f"<div><p>{sentence}</p></div>" for sentence in SENTENCES)
    html = _page(f"<h1>{HEADLINE}</h1>{text}<div><strong>What is left</strong></div>{text}")

    article = page(html).article

    assert article is not None
    assert "\n\nWhat is left\n\n" in article.body


def test_a_list_of_cards_is_a_listing() -> None:
    """A sentence of its own makes it no story."""
    intro = "<p>What the valley has talked about since Monday, gathered by the desk each evening at about six.</p>"

    html = _page(f"<h1>News of the valley</h1>{intro}{CARDS}{CARDS}", title="News of the valley")

    assert page(html).missing == "listing"


@pytest.mark.parametrize("head", [f"<h1>{HEADLINE}</h1>", "<h2>The council closes a sluice</h2>", ""])
@pytest.mark.parametrize(
    "clock",
    [
        "<div>10 November 2025</div>",
        "<header><time datetime='2025-11-10T11:00:00+05:00'>11:00</time></header>",
        "<div><span>Monday, 10 November 2025</span> <span>11:04</span></div>",
        "<div class='date'>10 November</div>",
    ],
)
def test_the_clock_of_the_site_dates_no_story(clock: str, head: str) -> None:
    """In the page's head or at its foot, whether the headline is printed or not."""
    html = f"<html><head><title>{HEADLINE}</title></head><body>{clock}<nav><a href='/'>Home</a></nav>{head}{_text()}"

    articles = [page(f"{html}{foot}</body></html>").article for foot in ("", f"<footer>{clock}</footer>")]

    assert [article.published for article in articles if article] == [None, None]


def test_a_listing_that_shows_long_openings_is_no_story() -> None:
    """Its h2 are links, and a paragraph of a story's length stands below each."""
    opening = " ".join(SENTENCES)
    cards = "".join(f"<h2><a href='/{at}/'>{title}</a></h2><p>{text} the bridge. {opening}</p>"
                    for at, (title, text) in enumerate(OTHERS))  # fmt: skip

    assert page(_page(f"<p>Viewing results 1 - 3 of 12</p>{cards}", title="Latest")).missing == "listing"
