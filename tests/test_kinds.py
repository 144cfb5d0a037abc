"""Kinds of sites, as their engines write them: what stands around a story there and is none of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pages import SENTENCES, article, page

HEADLINE = "Council closes the lower sluice"
READERS = (
    "I walked there on Sunday and saw no water at all, so nobody need tell me that this was a surprise.",
    "Thank you for writing about our bank, at last somebody has noticed what goes on here in every spring.",
)


def _page(body: str) -> str:
    head = f"<head><title>{HEADLINE} - The Valley Herald</title></head>"
    return f"<html lang='en'>{head}<body><div><ul><li><a href='/news/'>News</a></li></ul></div>{body}</body></html>"


@pytest.mark.parametrize("told", [SENTENCES, SENTENCES[:1]])
@pytest.mark.parametrize(
    "heading",
    ["Comments", "2 comments", "Leave a comment", "Комментарии (2)", "Оставить комментарий", "Izohlar", "Изоҳлар: 2",
     "Пікірлер", "Pıkırler", "Комментарийлер", "Шарҳҳо", "Teswirler"],
)  # fmt: skip
def test_what_readers_say_in_bare_boxes_is_not_of_the_story(heading: str, told: tuple[str, ...]) -> None:
    readers = "".join(f"<div><div>Reader</div><div>12.10.2025 10:10</div><div>{text}</div></div>" for text in READERS)
    text = "".join(f"<div>{sentence}</div>" for sentence in told)

    read = article(_page(f"<div><h1>{HEADLINE}</h1><div>{text}</div><div><div>{heading}</div>{readers}</div></div>"))

    assert read.body == "\n\n".join(told)


def test_a_heading_that_speaks_of_comments_inside_the_text_is_of_it() -> None:
    text = [f"<p>{sentence}</p>" for sentence in SENTENCES]
    told = "".join((*text[:2], "<p><b>Comments</b></p>", *text[2:]))

    read = article(_page(f"<div><h1>{HEADLINE}</h1><div>{told}</div></div>"))

    assert read.body == "\n\n".join((*SENTENCES[:2], "Comments", *SENTENCES[2:]))


@pytest.mark.parametrize("told", [SENTENCES, SENTENCES[:1]])
def test_the_article_beside_is_another_story(told: tuple[str, ...]) -> None:
    """Pages that load the next story while one reads give it an article of its own, with a heading of any rank."""
    text = "".join(f"<p>{sentence}</p>" for sentence in told)
    other = "".join(f"<p>{reader}</p>" for reader in READERS * 3)
    following = f"<article><h2>Bread is sold by weight again</h2><div>9 October 2025</div><div>{other}</div></article>"

    read = article(_page(f"<main><article><h1>{HEADLINE}</h1><div>{text}</div></article>{following * 2}</main>"))

    assert read.body == "\n\n".join(told)


@pytest.mark.parametrize("around", ["{}", "<div>{}</div>"])
def test_a_linked_title_with_its_day_and_text_below_begins_the_next_story(around: str) -> None:
    """In the box of this story's text or in one of its own, without a card's frame or an article's."""
    other = "".join(f"<p>{reader}</p>" for reader in READERS * 3)
    following = f"<h2><a href='/bread/'>Bread is sold by weight again</a></h2><p>9 October 2025, 14:05</p>{other}"
    text = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)

    read = article(_page(f"<main><div><h1>{HEADLINE}</h1>{text}{around.format(following) * 2}</div></main>"))

    assert read.body == "\n\n".join(SENTENCES)


def test_a_dated_card_in_the_midst_of_the_text_is_not_the_next_story() -> None:
    card = "<div><h3><a href='/bread/'>Bread is sold by weight again</a></h3><p>9 October 2025</p></div>"
    text = [f"<p>{sentence}</p>" for sentence in SENTENCES]

    read = article(_page(f"<div><h1>{HEADLINE}</h1><div>{''.join((*text[:2], card, *text[2:]))}</div></div>"))

    assert read.body == "\n\n".join(SENTENCES)


def test_the_day_of_a_link_in_the_text_dates_no_story() -> None:
    """The story's own stands above its headline; the link to another shows when that came out."""
    link = "<div><a href='/bread/'><span>Bread is sold by weight again</span><span>14:05 09.10.2025</span></a></div>"
    text = f"<div>{SENTENCES[0]}</div>{link}<div>{SENTENCES[1]}</div>"
    stamp = "<div><a href='/20251010/'>08:31 10.10.2025</a></div>"

    read = article(_page(f"<main><div><div>{stamp}</div><h1>{HEADLINE}</h1></div><div>{text}</div></main>"))

    assert read.published is not None
    assert read.published.raw == "08:31 10.10.2025"


def test_the_day_of_a_card_dates_no_story() -> None:
    """The story's own stands in a list without a time tag; the cards below have one each."""
    card = "<article><h2><a href='/1/'>Bread is sold by weight again</a></h2><time datetime='{}'>then</time></article>"
    cards = "".join(card.format(f"2025-10-0{day}T10:00:00+05:00") for day in range(1, 5))
    about = "<ul><li><span>Odra Penn</span></li><li><span>10 October 2025, 14:05</span></li></ul>"

    read = article(_page(f"<div><h1>{HEADLINE}</h1>{about}<div><p>{SENTENCES[0]}</p></div><div>{cards}</div></div>"))

    assert read.published is not None
    assert read.published.instant == datetime(2025, 10, 10, 9, 5, tzinfo=UTC)


def test_the_footer_below_the_headline_says_who_wrote_the_story_and_when() -> None:
    """As Drupal writes a story's head, its labels unseen; of 10/11 the weekday tells which is the month."""
    about = "<footer><div>Submitted by <span>Odra Penn</span> on <span>Sat, 10/11/2025 - 09:12</span></div></footer>"
    label = "<div class='field__label visually-hidden'>Image</div>"
    text = f"<p>{SENTENCES[0]}</p><div>Comments (1)</div><div><div>Reader</div><div>12.10.2025 10:10</div></div>"

    read = article(_page(f"<h1>{HEADLINE}</h1><article>{about}<div>{label}<img src='/a.jpg'></div>{text}</article>"))

    assert (read.body, read.authors, read.section) == (SENTENCES[0], ("Odra Penn",), None)
    assert read.published is not None
    assert read.published.instant == datetime(2025, 10, 11, 4, 12, tzinfo=UTC)


def test_a_sentence_behind_a_row_of_captioned_pictures_is_of_the_text() -> None:
    picture = "<figure><img src='/{0}.jpg'><figcaption>The third step of the gauge stood dry, {0}</figcaption></figure>"
    pictures = "".join(picture.format(at) for at in range(6))

    read = article(_page(f"<h1>{HEADLINE}</h1><div><p>{SENTENCES[0]}</p>{pictures}<p>{SENTENCES[1]}</p></div>"))

    assert read.body == "\n\n".join(SENTENCES[:2])
    assert len([image for image in read.images if image.caption]) == 6


def test_a_stamp_glued_to_the_first_line_is_not_of_the_text() -> None:
    """As Bitrix writes a story: date and text in one box, an inline element around the date alone."""
    text = "<br /><br />".join(SENTENCES)
    html = _page(f"<h1>{HEADLINE}</h1><div><img src='/a.jpg'><span>10.10.2025 14:05</span>{text}<br /></div>")

    read = article(html)

    assert read.body == "\n\n".join(SENTENCES)
    assert read.published is not None
    assert read.published.instant == datetime(2025, 10, 10, 9, 5, tzinfo=UTC)


@pytest.mark.parametrize("told", [SENTENCES[:1], (SENTENCES[0], SENTENCES[1][:52].rstrip() + ".")])
def test_a_brief_that_shares_its_box_with_its_picture_is_no_caption(told: tuple[str, ...]) -> None:
    """As DLE writes a story: a picture floats in the text."""
    read = article(_page(f"<div><h1>{HEADLINE}</h1><div><img src='/a.jpg'>{'<br><br>'.join(told)}</div></div>"))

    assert read.body == "\n\n".join(told)


ABOUT = {
    "a row": "<div><span>Odra Penn</span><span>10 October 2025, 14:05</span><span>321</span></div>",
    "the date first": "<div><span>10 October, 14:05</span> <a href='/u/'>Odra Penn</a> views: 12</div>",
    "a list": "<ul><li><span>Odra Penn</span></li><li><span>October 10, 2025 14:05</span></li><li>News</li></ul>",
}


@pytest.mark.parametrize("about", ABOUT.values(), ids=list(ABOUT))
def test_a_name_beside_the_stamp_is_the_authors(about: str) -> None:
    read = article(_page(f"<h1>{HEADLINE}</h1>{about}<div>{''.join(f'<p>{text}</p>' for text in SENTENCES)}</div>"))

    assert read.authors == ("Odra Penn",)


def test_each_part_of_a_page_built_of_widgets_is_read() -> None:
    """Elementor calls everything a widget."""
    parts = (
        f"<h1>{HEADLINE}</h1>",
        "<ul><li>Odra Penn</li><li>October 10, 2025 14:05</li></ul>",
        "<figure><img src='/a.jpg'><figcaption>The gauge house on Monday</figcaption></figure>",
        "".join(f"<p>{text}</p>" for text in SENTENCES),
    )

    widgets = (f"<div class='elementor-element elementor-widget'><div>{part}</div></div>" for part in parts)
    read = article(_page(f"<div>{''.join(widgets)}</div>"))

    assert (read.body, read.authors) == ("\n\n".join(SENTENCES), ("Odra Penn",))
    assert [image.caption for image in read.images] == ["The gauge house on Monday"]
    assert read.published is not None
    assert read.published.instant == datetime(2025, 10, 10, 9, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "asked",
    ["Telegram kanalimizga obuna bo‘ling", "Телеграм арнамызға жазылыңыз", "Ба канали Телеграми мо обуна шавед",
     "Telegram kanalymyza ýazylyň"],
)  # fmt: skip
def test_a_request_to_subscribe_amid_the_text_is_left_out(asked: str) -> None:
    told, link = [f"<p>{text}</p>" for text in SENTENCES], f"<p><em>{asked} – <a href='/t/'>@valley</a></em></p>"

    read = article(_page(f"<h1>{HEADLINE}</h1>{''.join((*told[:2], link, *told[2:]))}"))

    assert read.body == "\n\n".join(SENTENCES)


def test_the_label_of_a_list_of_links_is_left_out() -> None:
    links = "<p>Of the same day:</p><ul><li><a href='/1/'>Bread is sold by weight again</a></li></ul>"
    told = [f"<p>{text}</p>" for text in SENTENCES]

    read = article(_page(f"<h1>{HEADLINE}</h1><div>{told[0]}{told[1]}<div>{links}</div>{told[2]}{told[3]}</div>"))

    assert read.body == "\n\n".join(SENTENCES)


@pytest.mark.parametrize(
    "picture",
    ["<p><img src='/a.jpg'></p><p><em>{}</em></p>", "<img src='/a.jpg'><p><span><i>{}</i></span></p>",
     "<p><img src='/a.jpg'><br><em>{}</em></p>", "<v-figure><img src='/a.jpg'><v-caption>{}</v-caption></v-figure>"],
)  # fmt: skip
def test_a_slanted_line_below_a_picture_is_its_caption(picture: str) -> None:
    """Also what a custom element is named for."""
    caption = "The gauge house on Monday, when nobody came to read it"
    told = [f"<p>{text}</p>" for text in SENTENCES]

    read = article(_page(f"<h1>{HEADLINE}</h1><div>{told[0]}{picture.format(caption)}{''.join(told[1:])}</div>"))

    assert read.body == "\n\n".join(SENTENCES)
    assert [image.caption for image in read.images] == [caption]


def test_a_credit_below_a_picture_is_its_credit() -> None:
    told = [f"<p>{text}</p>" for text in SENTENCES]
    picture = "<p><img src='/a.jpg'></p><p>Фото: пресс-служба долины (архив)</p>"

    read = article(_page(f"<h1>{HEADLINE}</h1><div>{told[0]}{picture}{''.join(told[1:])}</div>"))

    assert read.body == "\n\n".join(SENTENCES)
    assert [(image.caption, image.credit) for image in read.images] == [(None, "пресс-служба долины (архив)")]


def test_each_of_a_box_of_pictures_has_the_caption_below_it() -> None:
    """As old pages show a gallery: pictures, line breaks and slanted lines in one cell."""
    captions = ["The gauge house on Monday", "The lower sluice from the road", "Hay left on the eastern bank"]
    pictures = "".join(f"<br><img src='/{at}.jpg'><br><i>{text}</i><br>" for at, text in enumerate(captions))

    text = f"{SENTENCES[0]}<br>{pictures}<br>{'<br><br>'.join(SENTENCES[1:])}"

    read = article(_page(f"<h1>{HEADLINE}</h1><div>{text}</div>"))

    assert [(image.url or "")[-5:] for image in read.images] == ["0.jpg", "1.jpg", "2.jpg"]
    assert [image.caption for image in read.images] == captions
    assert read.body.split() == " ".join(SENTENCES).split()


@pytest.mark.parametrize("title", [f"{HEADLINE} - The Herald", "The Herald"])
def test_the_name_of_the_site_in_every_head_is_no_headline(title: str) -> None:
    """Sites made by hand give each page the same og:title, and some the same title."""
    head = f"<head><title>{title}</title><meta property='og:title' content='The Herald'></head>"
    text = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)

    read = article(f"<html>{head}<body><a href='/'>The Herald</a><h1>{HEADLINE}</h1><div>{text}</div></body></html>")

    assert read.headline == HEADLINE


def test_a_brief_below_a_longer_request_for_consent_is_the_story() -> None:
    asked = "We use cookies to see how our pages are read, and to show you what you may like. By going on you agree."
    above = f"<div><p>{asked} {asked}</p></div><div><h1>{HEADLINE}</h1><div>10 October 2025, 14:05</div>"
    html = _page(f"{above}<div><p>{SENTENCES[0]}</p></div></div>")

    read = article(html)

    assert read.body == SENTENCES[0]
    assert read.published is not None


@pytest.mark.parametrize("line", ["Автор: Одра Пеннова", "Muallif: Odra Pennova", "By Odra Penn"])
def test_a_story_may_be_signed_behind_its_text(line: str) -> None:
    text = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES * 3)

    read = article(_page(f"<h1>{HEADLINE}</h1><div>{text}<p><em>{line}</em></p></div>"))

    assert read.authors == (" ".join(line.split()[1:]),)


@pytest.mark.parametrize(
    "notice",
    ["При использовании материалов ссылка на сайт обязательна. Мнение редакции может не совпадать с мнением авторов.",
     "Нашли ошибку? Выделите её и нажмите Ctrl+Enter"],
)  # fmt: skip
def test_what_the_paper_says_below_every_story_is_left_out(notice: str) -> None:
    read = article(_page(f"<div><h1>{HEADLINE}</h1><div><p>{SENTENCES[0]}</p></div><div><p>{notice}</p></div></div>"))

    assert read.body == SENTENCES[0]


VERSES = (
    "Over the water the evening comes slowly", "and nobody asks for the key of the gate", "the reeds have been cut",
    "and the heron stands late", "What the river has taken it never gives whole", "a plank and a shoe",
    "and the hat of a child",
)  # fmt: skip


@pytest.mark.parametrize(
    "text", ["<br>".join(VERSES), f"<p>{'<br>'.join(VERSES[:4])}</p><p>{'<br>'.join(VERSES[4:])}</p>"]
)
def test_a_text_of_short_lines_is_a_text(text: str) -> None:
    foot = "<div>© 2025 The Valley Herald<br>Main street 1<br>12 34 56<br>12 34 57</div>"

    read = article(_page(f"<div><h1>{HEADLINE}</h1><div>10.10.2025</div><div>{text}</div></div>{foot}"))

    assert read.body.split() == " ".join(VERSES).split()


def test_the_next_storys_caption_is_not_this_ones() -> None:
    text = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    picture = "<figure><img src='/b.jpg'><figcaption>Bread on the scales</figcaption></figure>"
    following = f"<article><h2>Bread is sold by weight again</h2>{picture}{text.replace('the', 'a')}</article>"

    read = article(_page(f"<main><article><h1>{HEADLINE}</h1><div>{text}</div></article>{following}</main>"))

    assert read.images == ()


def test_a_short_text_goes_on_behind_the_cards_of_other_stories() -> None:
    card = "<a href='/{0}/'><img src='/{0}.jpg'><div>Bread is sold by weight again, {0}</div><div>08.10.2025</div></a>"
    cards = "".join(card.format(at) for at in range(3))
    text = f"<p>{SENTENCES[0]}</p><div><div>On the same day</div>{cards}</div><p>{SENTENCES[1]}</p>"

    read = article(_page(f"<div><h1>{HEADLINE}</h1><div>10.10.2025</div><div>{text}</div></div>"))

    assert read.body == "\n\n".join(SENTENCES[:2])


def test_a_slanted_paragraph_below_a_picture_is_text() -> None:
    lead = " ".join(SENTENCES[:2])
    text = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES[2:])

    read = article(_page(f"<h1>{HEADLINE}</h1><div><p><img src='/a.jpg'></p><p><em>{lead}</em></p>{text}</div>"))

    assert read.body == "\n\n".join((lead, *SENTENCES[2:]))


def test_a_picture_is_read_against_the_base_the_page_names() -> None:
    text = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    html = _page(f"<h1>{HEADLINE}</h1><div><img src='up/a.jpg'>{text}</div>")

    read = article(html.replace("<head>", "<head><base href='https://herald.example/'>"))

    assert [image.url for image in read.images] == ["https://herald.example/up/a.jpg"]


def test_a_signature_below_the_text_is_not_of_it() -> None:
    """As pages in tables have it: text and name in one cell, parted by line breaks."""
    text = "<br><br>".join(SENTENCES)
    cell = f"<td><b>{HEADLINE}</b><br>10.10.2025<br>{text}<br><br><i>Odra Penn</i></td>"

    read = article(f"<html><head><title>{HEADLINE}</title></head><body><table><tr>{cell}</tr></table></body></html>")

    assert read.body == "\n\n".join(SENTENCES)


def test_a_long_line_of_stamp_and_names_opens_no_text() -> None:
    about = "<p>10 October 2025 | 14:05 | Odra Penn | Water and weather of the valley</p>"

    read = article(_page(f"<div><h2>{HEADLINE}</h2>{about}<p>{SENTENCES[0]}</p></div>"))

    assert read.body == SENTENCES[0]


@pytest.mark.parametrize(
    "box",
    ["<pre>{}</pre>", "<div style='white-space: pre-line'>{}</div>", "<p STYLE='top:0;white-space:pre-wrap'>{}</p>"],
)
@pytest.mark.parametrize("parting", ["\n\n", "\n \r\n\n"])
def test_blank_lines_part_a_text_that_shows_them(box: str, parting: str) -> None:
    """A line end inside a paragraph is where somebody's window ended."""
    text = parting.join(sentence.replace(" and ", "\nand ") for sentence in SENTENCES)

    read = article(_page(f"<div><h1>{HEADLINE}</h1>{box.format(text)}</div>"))

    assert (read.body, read.blocks) == ("\n\n".join(SENTENCES), ())


@pytest.mark.parametrize("box", ["<pre>{}</pre>", "<div style='white-space: pre-line'>{}</div>"])
def test_line_ends_part_a_text_without_blank_lines(box: str) -> None:
    text = "\n".join(SENTENCES)

    read = article(_page(f"<div><h1>{HEADLINE}</h1>{box.format(text)}</div>"))

    assert read.body == text


def test_code_inside_a_story_is_not_parted() -> None:
    code = "for gate in gates:\n    gate.close()\n\nprint('every gate is closed now')\n\nraise SystemExit"
    told = [f"<p>{sentence}</p>" for sentence in SENTENCES]

    read = article(_page(f"<div><h1>{HEADLINE}</h1>{told[0]}{told[1]}<pre>{code}</pre>{told[2]}{told[3]}</div>"))

    assert read.body == "\n\n".join((*SENTENCES[:2], " ".join(code.split()), *SENTENCES[2:]))


def test_boxes_in_boxes_that_show_their_lines_are_read_in_time() -> None:
    boxes = "<pre>Nobody could say on Monday where the water had gone, nor when it went.\n\n" * 4_000

    read = article(_page(f"<div><h1>{HEADLINE}</h1><p>{SENTENCES[0]}</p></div><div>{boxes}</div>"))

    assert read.headline == HEADLINE


SHADOWED = {
    "a whole page": "<news-app><template shadowrootmode='open'><main>{}</main></template></news-app>",
    "closed": "<news-app><template shadowrootmode=closed>{}</template></news-app>",
    "one in another": "<a-b><template shadowrootmode='open'><c-d><template shadowrootmode='open'>{}</template></c-d>"
                      "</template></a-b>",
}  # fmt: skip


@pytest.mark.parametrize("shown", SHADOWED.values(), ids=list(SHADOWED))
def test_a_shadow_root_is_read_where_its_host_stands(shown: str) -> None:
    """Other templates, and what a script or a comment says of them, stay unread."""
    text = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    unread = f"<template><p>{READERS[0]}</p></template><script>'<template>'</script><!-- <template> -->"

    read = article(_page(shown.format(f"<h1>{HEADLINE}</h1>{unread}<div>{text}</div>")))

    assert (read.headline, read.body) == (HEADLINE, "\n\n".join(SENTENCES))


def test_a_page_of_frames_is_no_article() -> None:
    """It has no body at all."""
    read = page("<html><head><title>The Herald</title></head><frameset><frame src='/menu.htm'></frameset></html>")

    assert read.article is None
