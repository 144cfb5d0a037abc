"""The pictures of a story and what is written below them."""

from __future__ import annotations

import pytest

from pages import article, story
from scraper.records import Image

FIGURE = "<figure>{}<figcaption>{}</figcaption></figure>"
SLUICE = "https://herald.example/sluice.jpg"


@pytest.mark.parametrize(
    ("figure", "image"),
    [
        (FIGURE.format("<img src='/sluice.jpg' alt='A sluice' width=1200 height='800px'>", "The sluice."),
         Image(0, SLUICE, "A sluice", "The sluice.", None, "cover", 1200, 800)),
        (FIGURE.format("<img data-src='/sluice.jpg'>", "The sluice. <span class='credit'>Odra Penn</span>"),
         Image(0, SLUICE, None, "The sluice.", "Odra Penn", "cover")),
        ("<figure><img src='/sluice.jpg'><figcaption>The lower sluice. Photo: Odra Penn</figcaption></figure>",
         Image(0, SLUICE, None, "The lower sluice.", "Odra Penn", "cover")),
        ("<figure><img src='/sluice.jpg'><figcaption>The lower sluice © Odra Penn</figcaption></figure>",
         Image(0, SLUICE, None, "The lower sluice", "Odra Penn", "cover")),
        ("<div><div><img src='/sluice.jpg'></div><div>The lower sluice on Monday</div></div>",
         Image(0, SLUICE, None, "The lower sluice on Monday", None, "cover")),
        ("<div class='photo-slider'><img srcset='/small.jpg 300w, /sluice.jpg 1200w'></div>",
         Image(0, SLUICE, None, None, None, "gallery")),
        ("<div class='caption'>The lower sluice.</div>", Image(0, None, None, "The lower sluice.")),
        ("<figure><img src='/sluice.jpg'><figcaption>Image: herald.example</figcaption></figure>",
         Image(0, SLUICE, None, "Image: herald.example", "herald.example", "cover")),
        ("<figure><img src='/sluice.jpg'><figcaption>Source: Odra Penn</figcaption></figure>",
         Image(0, SLUICE, None, None, "Odra Penn", "cover")),
        ("<button><img src='/sluice.jpg'><figcaption>The lower sluice.</figcaption></button>",
         Image(0, SLUICE, None, "The lower sluice.", None, "cover")),
        ("<div><img src='/sluice.jpg'><div class='image-text'>The lower sluice.</div></div>",
         Image(0, SLUICE, None, "The lower sluice.", None, "cover")),
        ("<div><button><img src='/sluice.jpg'></button><i class='caption'>The lower sluice.</i></div>",
         Image(0, SLUICE, None, "The lower sluice.", None, "cover")),
        (FIGURE.format("<img src='data:image/gif;base64,xx' data-lazyload-src='/sluice.jpg'>", "The lower sluice."),
         Image(0, SLUICE, None, "The lower sluice.", None, "cover")),
        ("<div><img src='/sluice.jpg' alt='The lower sluice.'><p>The lower sluice.</p><p>Odra Penn</p></div>",
         Image(0, SLUICE, "The lower sluice.", "The lower sluice.", None, "cover")),
        ("<div class='ui-modal widget'>" + FIGURE.format("<img src='/sluice.jpg'>", "The lower sluice.") + "</div>",
         Image(0, SLUICE, None, "The lower sluice.", None, "cover")),
        (FIGURE.format("<img src='/sluice.jpg'>", "The lower sluice. (Reed / Odra Penn)"),
         Image(0, SLUICE, None, "The lower sluice. (Reed / Odra Penn)", None, "cover")),
        ("<figure><img src='/sluice.jpg'><figcaption>'; DROP TABLE articles;--</figcaption></figure>",
         Image(0, SLUICE, None, "'; DROP TABLE articles;--", None, "cover")),
        ("<p>[caption id='x']The lower sluice.[/caption]</p>", Image(0, None, None, "The lower sluice.")),
    ],
)  # fmt: skip
def test_a_picture_carries_its_caption_and_credit(figure: str, image: Image) -> None:
    """By tag, by name, by place; a caption without a picture is an image without an address."""
    found = article(story(above=figure))

    assert found.images == (image,)
    assert "sluice." not in found.body.split("\n\n")[0][:40]


@pytest.mark.parametrize(
    "markup",
    [
        "<img src='/logo.png'>",
        "<img src='/x.svg'>",
        "<img src='data:image/png;base64,xx'>",
        "<img src='/sluice.jpg' width=1 height=1>",
        "<img src='http://[x'>",
        "<img>",
        "<div class='related'><figure><img src='b.jpg'><figcaption><a href=/b>Bread.</a></figcaption></figure></div>",
        "<div class='author-bio'><img src='/tavi.jpg'>Tavi Orlen keeps three goats.</div>",
    ],
)
def test_a_picture_of_something_else_is_left_out(markup: str) -> None:
    """Logos, counters, embedded data, other stories, authors."""
    assert article(story(above=markup)).images == ()


def test_a_repeated_picture_counts_once_and_only_one_is_the_cover() -> None:
    """Responsive pages hold each twice."""
    found = article(story(above="<img src='/a.jpg'><img src='/a.jpg'><img src='/b.jpg'>", below="<img src='/c.jpg'>"))

    assert [(image.position, image.url, image.role) for image in found.images] == [
        (0, "https://herald.example/a.jpg", "cover"),
        (1, "https://herald.example/b.jpg", "inline"),
        (2, "https://herald.example/c.jpg", "inline"),
    ]


def test_a_picture_in_a_card_below_the_text_is_of_another_story() -> None:
    """Cards stand outside the box that the text fills, named or not."""
    html = story().replace("</main>", "</main><div><a href='/bread/'><img src='/bread.jpg'>Bread</a></div>")

    assert article(html).images == ()


def test_captions_of_pictures_that_share_a_placeholder_are_all_kept() -> None:
    """Until a script loads them every picture has the same address."""
    figures = "".join(FIGURE.format("<img src='/wait.jpg'>", caption) for caption in ("The sluice.", "The gauge."))

    assert [image.caption for image in article(story(above=figures)).images] == ["The sluice.", "The gauge."]


def test_a_label_below_every_picture_is_no_caption() -> None:
    """`View 3 images`, `Enlarge`: three times the same words say nothing of any of them."""
    figure = FIGURE.format("<img src='/{0}.jpg'><b class='caption'>View 3 images</b>", "Sluice {0}")

    found = article(story(above="".join(figure.format(name) for name in ("one", "two", "three"))))

    assert [image.caption for image in found.images] == ["Sluice one", "Sluice two", "Sluice three"]


ROWS = {
    "items": "<ul>{}</ul>|<li><img src='/{0}.jpg'><p>{1}</p></li>",
    "definitions": "<div>{}</div>|<dl><dt><a href='/{0}.jpg'><img src='/{0}.jpg'></a></dt><dd>{1}</dd></dl>",
    "counted": "<div>{}</div>|<div><div><img src='/{0}.jpg'></div><div><b>{0} / 3</b><div>{1}</div></div></div>",
}
SHOWN = ("The sluice in the morning", "Ilma Draskov reads the gauge", "The third step stands dry")


def _row(kind: str) -> str:
    around, one = ROWS[kind].split("|")
    return around.replace("{}", "".join(one.format(at, text) for at, text in enumerate(SHOWN, 1)))


@pytest.mark.parametrize("kind", ROWS)
@pytest.mark.parametrize("place", ["above", "below"])
def test_pictures_side_by_side_with_a_few_words_each_are_a_gallery(kind: str, place: str) -> None:
    """Before the text or behind it, whatever holds the words; the number of one is none of them."""
    found = article(story(**{place: _row(kind)}))

    assert [image.caption for image in found.images] == list(SHOWN)
    assert found.body == article(story()).body


def test_a_light_box_says_its_captions_in_attributes() -> None:
    """That of a link to the picture in full; the name of a file or of the story is no caption."""
    links = (
        '<a href="/1" data-caption="The sluice &lt;b&gt;in the&lt;/b&gt; morning"><img src="/1.jpg"></a>'
        '<a href="/2.jpg" title="Ilma Draskov reads the gauge"><picture><img src="/2s.jpg"></picture></a>'
        '<a href="/3.jpg" title="IMG_0023"><img src="/3s.jpg"></a>'
        '<a href="/elsewhere" title="Bread is sold by weight"><img src="/4.jpg"></a>'
    )

    found = article(story(above=f"<div>{links}</div>"))

    assert [image.caption for image in found.images] == ["The sluice in the morning", SHOWN[1], None, None]
