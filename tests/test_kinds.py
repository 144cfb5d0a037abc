"""Pages of other kinds than a plain story: what each yields, or why it holds no article."""

from __future__ import annotations

import pytest

from pages import SENTENCES, article, page

PAGE = "<html lang='en'><head><title>{0}</title>{1}</head><body>{2}</body></html>"
VIDEO = '<meta property="og:type" content="video.other"><meta property="og:description" content="{}">'
CONSENT = (
    "<h1>We value your privacy</h1><p>We and our 812 partners store and access information on your device, such as"
    " cookies, and process personal data for advertising, measurement and the development of services.</p>"
    "<button>Accept all</button><button>Reject all</button><p>You can change your mind at any time.</p>"
)
CARDS = "".join(
    f"<div><h2><a href='/{at}/'>{text[:60]}</a></h2><p>{text[:80]}</p></div>" for at, text in enumerate(SENTENCES)
)
MENU = "<div><a href='/'>Home</a><a href='/valley/'>Valley</a><a href='/ridge/'>Ridge</a></div>"


@pytest.mark.parametrize(
    ("title", "head", "body", "missing"),
    [
        ("404 – Valley Herald", "", f"{MENU}<h1>Page not found</h1><p>It is not here.</p>", "soft 404"),
        ("Саҳифа топилмади", "", f"{MENU}<h1>Саҳифа топилмади</h1><p>Бош саҳифага қайтинг.</p>", "soft 404"),
        ("Бет табылмады", "", f"{MENU}<h1>404</h1><p>Бет табылмады.</p>", "soft 404"),
        ("Sahifa topilmadi", "", f"{MENU}<h1>Kechirasiz</h1><p>Sahifa topilmadi.</p>", "soft 404"),
        ("Just a moment...", "", "<h1>herald.example</h1><p>Checking your browser.</p>", "bot challenge"),
        ("Valley Herald", "", "<div id='root'></div><noscript>Please enable JavaScript.</noscript>", "empty shell"),
        ("We value your privacy", "", CONSENT, "consent wall"),
        ("Valley – Valley Herald", "", f"<h1>Valley</h1>{CARDS}", "listing"),
    ],
)  # fmt: skip
def test_a_page_without_an_article_says_what_it_is(title: str, head: str, body: str, missing: str) -> None:
    """Nothing is made up for it."""
    assert page(PAGE.format(title, head, body)).missing == missing


def test_a_film_has_its_description_for_a_text() -> None:
    """A page told in pictures claims to be one; its one sentence is all there is."""
    body = "<h1>The sluice from above</h1><video src='/s.mp4'></video><div>2:14</div>"

    assert article(PAGE.format("The sluice from above", VIDEO.format(SENTENCES[0]), body)).body == SENTENCES[0]


def test_a_gallery_is_its_pictures_and_a_few_words() -> None:
    """Captions are no running text."""
    figure = "<figure><img src='/{}.jpg'><figcaption>{}</figcaption></figure>"
    figures = "".join(figure.format(at, text) for at, text in enumerate(SENTENCES[1:]))
    found = article(PAGE.format("Sluice", "", f"<article><h1>Sluice</h1><p>{SENTENCES[0]}</p>{figures}</article>"))

    assert (found.body, [image.caption for image in found.images]) == (SENTENCES[0], list(SENTENCES[1:]))


def test_an_interview_keeps_question_and_answer_apart() -> None:
    """Questions in bold are text, not headings of links."""
    questions = ("Why was the sluice closed at all?", "Who pays for the hay?", "And what about the old pumps?")
    told = [part for pair in zip(questions, SENTENCES, strict=False) for part in pair]
    text = "".join(f"<p><strong>{q}</strong></p><p>{a}</p>" for q, a in zip(questions, SENTENCES, strict=False))

    assert article(PAGE.format("Talk", "", f"<h1>Talk</h1><div>{text}</div>")).body.split("\n\n") == told


def test_a_table_inside_a_story_keeps_its_rows() -> None:
    """Rates, results, timetables: rows are lines, cells are parted."""
    rows = "".join(f"<tr><td>Well {at}</td><td>{at}.5 m</td></tr>" for at in range(1, 7))
    text = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    body = f"<h1>Wells</h1><div><p>{SENTENCES[0]}</p><table>{rows}</table>{text}</div>"
    found = article(PAGE.format("Wells", "", body))

    (table,) = (block for block in found.blocks if block.kind == "table")
    assert found.body[table.start : table.end].split("\n") == [f"Well {at} | {at}.5 m" for at in range(1, 7)]


def test_a_list_article_keeps_its_numbers_and_headings() -> None:
    """Seven things to know: each heading stands above its paragraph."""
    parts = [(f"{at}. Thing number {at} about the water", text) for at, text in enumerate(SENTENCES, start=1)]
    text = "".join(f"<h2>{head}</h2><p>{told}</p>" for head, told in parts)
    body = f"<article><h1>Four things</h1><p>{SENTENCES[0]}!</p>{text}</article>"
    found = article(PAGE.format("Four things", "", body))

    assert found.body.split("\n\n") == [f"{SENTENCES[0]}!", *(part for pair in parts for part in pair)]


def test_a_live_blog_is_one_story_in_page_order() -> None:
    """Posts keep their headings; their stamps go."""
    post = "<div><time datetime='2025-09-14T0{0}:00'>0{0}:00</time><h3>Post {0} of today</h3><p>{1}</p></div>"
    posts = "".join(post.format(at, text) for at, text in enumerate(SENTENCES))
    found = article(PAGE.format("Live", "", f"<article><h1>Live from the sluice</h1>{posts}</article>"))

    told = [part for at, text in enumerate(SENTENCES) for part in (f"Post {at} of today", text)]
    assert found.body.split("\n\n") == told


def test_a_paywalled_story_keeps_its_free_paragraphs() -> None:
    """What the reader is asked to pay stays out; the flag stands."""
    data = '<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":"False"}</script>'
    body = (
        f"<article><h1>Sluice</h1><p>{SENTENCES[0]}</p><p>{SENTENCES[1]}</p>"
        "<div class='paywall'><h3>Go on reading</h3><p>Subscribe now to read this story and all else we print.</p>"
        "<a href='/pay/'>Subscribe</a></div></article>"
    )
    found = article(PAGE.format("Sluice", data, body))

    assert (found.body.split("\n\n"), found.paywalled) == (list(SENTENCES[:2]), True)
