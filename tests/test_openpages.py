"""Kinds of text that stand open on a page and are the story's, whatever their boxes are called."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from pages import SENTENCES, article, story

TEXT = "\n\n".join(SENTENCES)
HEADLINE = "Council closes the lower sluice"
LONG = "".join(f"The gauge of the {name} station was read twice on Monday, and both readings were written down. "
               for name in ("upper", "lower", "eastern", "western", "old"))  # fmt: skip


def _paid(sentences: Sequence[str]) -> str:
    return "".join(f"<p class='paywall'>{sentence}</p>" for sentence in sentences)


def test_a_paragraph_named_for_the_wall_is_the_text_behind_it() -> None:
    """Sites that serve the whole story mark what a script is to hide."""
    paid = [f"{sentence} {LONG.strip()}" for sentence in SENTENCES]

    read = article(story(below=_paid(paid)))

    assert read.body == "\n\n".join((TEXT, *paid))


def test_a_heading_named_for_the_wall_is_of_the_text() -> None:
    below = f"<h2 class='paywall'>Help from Varn</h2>{_paid((LONG.strip(),))}"

    assert article(story(below=below)).body == f"{TEXT}\n\nHelp from Varn\n\n{LONG.strip()}"


def test_a_box_named_for_the_wall_is_the_text_if_it_is_long_and_an_offer_if_not() -> None:
    """The markup that search engines ask for puts all paid text in one box so named."""
    paid, free = ("".join(f"<p>{LONG} {name} {at}.</p>" for at in range(5)) for name in ("paid", "free"))
    offer = "<div class='paywall'><p>Read the Herald for two months at the price of one, and stop whenever.</p></div>"

    read = article(story(below=f"{free}<div class='paywall'>{paid}</div>{offer}"))

    assert read.body.count("The gauge of the upper") == 10
    assert "price of one" not in read.body


@pytest.mark.parametrize("name", ["relative", "relative z-10 flex"])
def test_a_box_that_is_placed_relatively_is_not_named_for_related_stories(name: str) -> None:
    """Utility classes (Tailwind's) say how a box is placed."""
    assert article(story(below=f"<div class='{name}'><p>{LONG}</p></div>")).body == f"{TEXT}\n\n{LONG.strip()}"


def test_parts_headed_by_an_h1_each_are_of_one_article() -> None:
    """HTML 4.3.11 lets every section have one; blog engines write them so."""
    parts = "".join(f"<section><div><h1>Part {at}</h1><p>{LONG}</p></div></section>" for at in (1, 2, 3))

    read = article(story(below=parts))

    told = "\n\n".join(f"Part {at}\n\n{LONG.strip()}" for at in (1, 2, 3))
    assert read.body == f"{TEXT}\n\n{told}"


def test_an_h1_that_is_a_link_heads_another_story_in_the_same_article() -> None:
    others = "".join(f"<div><div><h1><a href='/{at}/'>Bread is sold by weight again, {at}</a></h1></div>"
                     f"<p>{LONG}</p></div>" for at in range(2))  # fmt: skip
    own = f"<div><h1>{HEADLINE}</h1>{''.join(f'<p>{sentence}</p>' for sentence in SENTENCES)}</div>"

    assert article(f"<main><article>{own}<div>{others}</div></article></main>").body == TEXT


def test_a_heading_above_a_picture_is_text() -> None:
    """Picture stories head each picture with what it shows."""
    told = "The drawing of the sluice hung in the council's hall for a month, and half of Tolmen came to see it there."
    shown = f"<div class='image'><h2>{told}</h2><img src='/drawing.jpg'></div><p>{LONG}</p>"

    read = article(story(below=shown))

    assert read.body == f"{TEXT}\n\n{told}\n\n{LONG.strip()}"
    assert [image.caption for image in read.images] == [None]


@pytest.mark.parametrize(
    "line",
    [
        "Oct 18, 2025 &middot; 8 min read",
        "Published October 21, 2025 at 8:31am",
        "Tolmen - 15 Oct 2025 - 08:22 Updated: 15 Oct 2025 - 17:38 CEST",
        "With this I order the Herald's newsletter",
        "By Odra Penn",
    ],
)
def test_what_says_when_and_who_is_no_caption(line: str) -> None:
    """It stands beside the author's picture, or in a card."""
    shown = f"<div><img src='/odra.jpg'><div>{line}</div></div><div><span class='caption'>{line}</span></div>"

    captions = [image.caption for image in article(story(above=shown)).images if image.caption]

    assert [caption for caption in captions if not caption.startswith("Oct 18")] == []


def test_a_standfirst_is_found_below_the_captions_of_the_cover() -> None:
    """The cover and its credits come first; they are not counted as distance."""
    lead = "The water has never stood so low since the gauge was built."
    names = "".join(f"<span class='credit'>Odra Penn {at}</span>" for at in range(8))
    cover = f"<figure><img src='/sluice.jpg'><figcaption>The lower sluice. {names}</figcaption></figure>"
    text = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)

    read = article(f"<article><div><h1>{HEADLINE}</h1></div>{cover}<div><p>{lead}</p></div><div>{text}</div></article>")

    assert read.body == f"{lead}\n\n{TEXT}"


def test_a_caption_that_begins_as_the_text_does_is_no_paragraph() -> None:
    """Script data hold the text, and what opens it stands below the cover as well."""
    data = {"@type": "NewsArticle", "headline": HEADLINE, "articleBody": "\n".join((*SENTENCES, LONG))}
    head = f"<script type='application/ld+json'>{json.dumps(data)}</script>"
    cover = f"<figure><img src='/sluice.jpg'><figcaption>{SENTENCES[0]}</figcaption></figure>"

    read = article(story(head=head, above=cover, below=f"<p>{LONG}</p>"))

    assert read.body.count(SENTENCES[0]) == 1


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize(
    "line",
    [
        "The minister confirmed on Telegram that the sluice of Tolmen stays closed.",
        "“We have to make some cuts,” the chairman said in an email to employees on Monday.",
        "The stock drew an oversubscription of nine times from small investors.",
        "The drawing was a mermaid, and she shared it on Instagram.",
        "Стороны намерены подписать соглашение о воде в декабре.",
        "El consejo suscribió un acuerdo con los pueblos del valle.",
        "Telegram va WhatsApp orqali qo‘ng‘iroq qilish yana cheklandi.",
    ],
)
def test_a_line_that_names_a_service_is_text(line: str, bold: bool) -> None:
    """Only one that leads there, or speaks to the reader, asks for something; the first and last are looked at."""
    told = f"<b>{line}</b>" if bold else line

    assert article(story(above=f"<p>{told}</p>", below=f"<p>{told}</p>")).body == f"{line}\n\n{TEXT}\n\n{line}"


@pytest.mark.parametrize(
    "line",
    [
        "Follow the Herald <a href='https://t.example/herald'>on Telegram</a>",
        "Chat with us in Facebook Messenger.",
        "Listen to our podcast of the valley every Friday.",
        "Читайте нас в Telegram и WhatsApp.",
        "Telegram kanalimizga a‘zo bo‘ling, yangiliklar bizning kanalda.",
        "Подписаться на новости долины можно здесь.",
    ],
)
def test_a_line_that_asks_the_reader_for_something_is_none(line: str) -> None:
    assert article(story(below=f"<p>{line}</p>")).body == TEXT


@pytest.mark.parametrize(
    "told", ["We noticed you are using an ad blocker.", "Sie haben einen Werbeblocker an.", "Please turn AdBlock off."]
)
def test_what_asks_to_let_adverts_through_is_no_text(told: str) -> None:
    """Such boxes stand at the end of a page and are shown by a script."""
    how = "Click the button of the program and select that it should not run on any page of the Valley Herald's site."
    notice = f"<div><div><div><h3>{told}</h3><p>{told}<br>{how}</p></div><div><p>{how}</p></div></div></div>"

    assert article(story().replace("</body>", f"{notice}</body>")).body == TEXT


def test_a_story_about_ad_blockers_is_text() -> None:
    told = "Half of the readers in Varn use an ad blocker, the council found when it asked them in the autumn."

    assert article(story(above=f"<p>{told}</p>", below=f"<p>{told} So.</p>")).body == f"{told}\n\n{TEXT}\n\n{told} So."


def test_a_text_that_is_set_in_headings_is_read_to_its_end() -> None:
    told = "The drawing of the sluice hung in the council's hall for a month, and half of Tolmen came to see it there."

    assert article(story(below=f"<h2>{told}</h2>")).body == f"{TEXT}\n\n{told}"


def test_a_change_that_microdata_give_dates_a_story_without_another_date() -> None:
    stamp = "<nav><span itemprop='dateModified' content='2025-10-07T15:49:34+05:00'></span></nav>"

    published = article(story(above=stamp)).published

    assert published is not None
    assert published.raw == "2025-10-07T15:49:34+05:00"


@pytest.mark.parametrize(
    "line",
    [
        "Oct. 13, 2025, 12:31 PM UTC / Updated Oct. 13, 2025, 6:06 PM UTC",
        "<a href='/a/'>23. October 2025</a> , aktualisiert 23. October 2025, 15:43 Uhr | Quelle: Herald Online",
        "Updated on October 19 at 3:15 p.m.",
        "<span>By Tavi Orlen</span>",
        "Von Tavi Orlen und Odra Penn, Tolmen",
    ],
)
def test_a_line_above_the_text_that_says_when_or_who_is_none(line: str) -> None:
    """Whatever its box is called, and with a place or a source beside it."""
    text = "".join(f"<div>{sentence}</div>" for sentence in SENTENCES)

    told = f"<div><div class='article-body__line'>{line}</div>{text}</div>"

    assert article(f"<article><h1>{HEADLINE}</h1>{told}</article>").body == TEXT


def test_a_byline_that_goes_on_about_its_author_is_no_text() -> None:
    told = "By Tavi Orlen, an editor of the Herald. He has covered the water of the valley for over a decade by now."

    assert article(story(above=f"<div><p class='article-body byline'>{told}</p></div>")).body == TEXT


@pytest.mark.parametrize(
    "line",
    [
        "By the third week of October all wells of the valley were dry.",
        "Open in 2025: Mon 09:30-18:00, Sat 09:30-14:00, and on each other day as long as the weather holds.",
    ],
)
def test_sentences_and_hours_above_the_text_are_of_it(line: str) -> None:
    assert article(story(above=f"<p>{line}</p>")).body == f"{line}\n\n{TEXT}"


@pytest.mark.parametrize(
    "line",
    [
        "Матч начнётся 12 октября в 20:00.",
        "The council meets on 12 October at 14:30.",
        "By Lantern Day, the water of the lower lake is back.",
    ],
)
def test_a_sentence_that_gives_an_hour_or_begins_as_a_byline_is_text(line: str) -> None:
    assert article(story(above=f"<p>{line}</p>")).body == f"{line}\n\n{TEXT}"


@pytest.mark.parametrize("around", ["<main><h1>{0}</h1><div>{1}</div></main>", "<div><div><h1>{0}</h1></div>{1}</div>"])
def test_a_short_story_about_ad_blockers_is_the_pages_own(around: str) -> None:
    """No box around it is called an article, and it is no longer than a notice."""
    told = "Half of the readers in Varn use an ad blocker, the council found when it asked them in the autumn."
    text = f"<div><p>{told}</p><p>{SENTENCES[0]}</p></div>"
    foot = f"<footer><p>{SENTENCES[1]}</p></footer>"

    assert article(f"<body>{around.format(HEADLINE, text)}{foot}</body>").body == f"{told}\n\n{SENTENCES[0]}"


def test_a_paragraph_about_ad_blockers_in_a_box_of_its_own_is_text() -> None:
    """Editors that write blocks box each paragraph."""
    told = "Half of the readers in Varn use an ad blocker, the council found when it asked them in the autumn."
    boxed = "".join(f"<div><p>{text}</p></div>" for text in (*SENTENCES, told, *SENTENCES))

    read = article(f"<main><h1>{HEADLINE}</h1><div>{boxed}</div></main>")

    assert read.body == "\n\n".join((*SENTENCES, told, *SENTENCES))


def test_a_russian_request_to_let_adverts_through_is_no_text() -> None:
    told = "У вас включён блокировщик рекламы, отключите его на этой странице, чтобы читать новости долины и дальше."
    notice = f"<div><div><p>{told}</p></div></div>"

    assert article(story(below=f"<div>{notice}</div>")).body == TEXT


@pytest.mark.parametrize("stamp", ["9 October 2025", "In 2025 it had been sold by the loaf, and before by hand."])
def test_a_digest_of_linked_and_dated_parts_is_one_story(stamp: str) -> None:
    """A few words open it; so does a part whose first sentence names a year."""
    part = f"<h2><a href='/{{0}}/'>Bread is sold by weight in {{0}}</a></h2><p>{stamp}</p><p>{{0}}: {LONG}</p>"
    parts = "".join(part.format(name) for name in ("Varn", "Tolmen"))
    intro = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES[:2])

    read = article(f"<main><div><h1>{HEADLINE}</h1>{intro}{parts}</div></main>")

    assert read.body.count("The gauge of the upper") == 2


def test_a_caption_that_begins_with_by_or_von_is_one() -> None:
    """Only a name behind it makes a byline of it."""
    told = ("Von der Tann and Odra Penn in Tolmen", "By the lower lake")
    shown = "".join(f"<figure><img src='/{at}.jpg'><figcaption>{text}</figcaption></figure>"
                    for at, text in enumerate(told))  # fmt: skip

    assert [image.caption for image in article(story(above=shown)).images] == list(told)


@pytest.mark.parametrize("word", ["Rasman", "Rasmiy", "Аксинча"])
def test_a_word_that_begins_as_picture_does_is_no_credit(word: str) -> None:
    """Uzbek for officially, official, and on the contrary."""
    told = f"{word}: suv omborida suv sathi tushib ketdi"

    read = article(story(below=f"<p><img src='/sluice.jpg'></p><p>{told}</p><p>{LONG}</p>"))

    assert (told in read.body, [image.credit for image in read.images]) == (True, [None])


@pytest.mark.parametrize("line", ["Когда: 12 октября, 19:00", "Qachon: 12-oktabr, soat 19:00"])
def test_the_hour_of_what_is_announced_is_no_stamp(line: str) -> None:
    assert article(story(above=f"<p>{LONG}</p><p>{line}</p>")).body == f"{LONG.strip()}\n\n{line}\n\n{TEXT}"
