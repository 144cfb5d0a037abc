"""What a page says about its story: section, tags, language."""

from __future__ import annotations

import pytest

from pages import SENTENCES, article, story
from scraper.document import document_from_text
from scraper.reading.metadata import article_data, language_from, plain
from scraper.source import Edition, Source
from scraper.urls import edition_language

OG = '<meta property="og:title" content="{}">'
LD = '<script type="application/ld+json">{{"@type":"NewsArticle",{}}}</script>'
CRUMBS = (
    '<script type="application/ld+json">{"@type":"BreadcrumbList","itemListElement":[{"name":"Home"},'
    '{"item":{"name":"Wells"}},{"name":"Council closes the lower sluice"}]}</script>'
)
UZBEK = "Сув омборида сув тўрт метрга пасайди, ҳокимият қуйи дарвозани ёпишга қарор қилди ва ғалла экилмайди."
KAZAKH = "Су қоймасындағы су төрт метрге төмендеді, әкімдік төменгі қақпаны жабу туралы шешім қабылдады деп хабарлады."
RUSSIAN = "Уровень воды в водохранилище упал на четыре метра, и совет решил закрыть нижний шлюз до первого снега."
ENGLISH = "The level of the water fell by four metres, and the council said that the sluice will be closed by the snow."


@pytest.mark.parametrize(
    ("head", "above", "section"),
    [
        ('<meta property="article:section" content="Valley">', "", "Valley"),
        (LD.format('"articleSection":["Ridge","x"]'), "", "Ridge"),
        (CRUMBS, "", "Wells"),
        ("", "<div><p>Review</p></div>", "Review"),
        ("", "<p>11 minutes</p>", None),
        ("", "<p><a href='/oz/sluice/'>Oʻzb</a></p>", None),
        ("", "<p>Кириллча</p>", None),
    ],
)  # fmt: skip
def test_the_section_is_named_or_printed_at_the_headline(head: str, above: str, section: str | None) -> None:
    """Numbers and bylines are none, nor are the names of languages."""
    assert article(story(head=head, above=above)).section == section


@pytest.mark.parametrize(
    ("lang", "text", "language"),
    [
        ("en-us", ENGLISH, "en-US"),
        ("uz_Cyrl_UZ", UZBEK, "uz-Cyrl-UZ"),
        ("uz", UZBEK, "uz-Cyrl"),
        ("kz", KAZAKH, "kk"),
        ("ru", UZBEK, "uz-Cyrl"),
        ("en", KAZAKH, "kk"),
        ("ru", RUSSIAN, "ru"),
        ("nonsense!", ENGLISH, "en"),
    ],
)
def test_a_page_is_believed_unless_its_letters_say_otherwise(lang: str, text: str, language: str) -> None:
    """Templates are copied with their lang; letters of one language only are not."""
    html = story().replace("lang='en'", f"lang='{lang}'")
    for number, sentence in enumerate(SENTENCES):
        html = html.replace(sentence, f"{text} {number}")

    assert article(html).language == language


@pytest.mark.parametrize(
    ("path", "lang", "text", "found"),
    [
        ("/uz/1-well", "ru", UZBEK, ("uz-Cyrl", "url")),
        ("/oz/1-well", "uz-Cyrl", RUSSIAN, ("ru", "source")),
        ("/en/1-well", "ru", ENGLISH, ("en", "url")),
        ("/news/1-well", "ru", RUSSIAN, ("ru", "structure")),
        ("/news/1-well", "", RUSSIAN, ("ru", "source")),
        ("/news/1-well", "", ENGLISH, ("en", "text")),
    ],
)
def test_an_edition_goes_before_the_page_the_page_before_its_source(
    path: str, lang: str, text: str, found: tuple[str, str]
) -> None:
    """The text has a veto, and the last word where nothing else is said."""
    source = Source(
        "herald", "https://herald.example/", (), language="ru",
        editions=(Edition("/oz/", "uz-Latn"), Edition("/uz/", "uz-Cyrl"), Edition("/en/", "en")),
    )  # fmt: skip
    document = document_from_text(f"<html lang='{lang}'>", f"https://herald.example{path}")

    language = language_from(
        document, {}, text, edition=edition_language(document.url, source), declared=source.language
    )

    assert language is not None
    assert (language.value, language.source) == found


def test_tags_are_those_of_script_data_or_meta() -> None:
    """Repeats and the endless are dropped."""
    head = '<meta property="article:tag" content="water"><meta property="article:tag" content="council">'

    assert article(story(head=head)).tags == ("water", "council")


def test_the_lead_is_the_description_only_if_it_opens_the_body() -> None:
    """Otherwise it is the first paragraph."""
    told = f'<meta name="description" content="{SENTENCES[0][:80]}">'
    other = '<meta name="description" content="The Herald of the Valley is printed every morning but Sunday.">'

    assert article(story(head=told)).lead == SENTENCES[0][:80]
    assert article(story(head=other)).lead == SENTENCES[0]


def test_a_story_s_data_are_found_among_others() -> None:
    """Sites describe themselves, their logo and their breadcrumbs first."""
    data = '[{"@type":"WebSite"},{"@type":["NewsArticle","x"],"headline":"A"}]'
    script = f'<script type="application/ld+json">{data}</script>'

    assert article_data(document_from_text(script, "https://herald.example/"))["headline"] == "A"


@pytest.mark.parametrize(
    ("value", "text"), [("A &amp;amp; <b>B</b>", "A & B"), (None, ""), (["A"], ""), (" a\n b", "a b")]
)
def test_a_value_becomes_plain_text(value: object, text: str) -> None:
    """Entities are escaped twice on many sites."""
    assert plain(value) == text


@pytest.mark.parametrize(
    ("html", "url", "day"),
    [
        (story(), "https://herald.example/news/~14-09-2025-sluice/", "2025-09-14"),
        (story(below="<p>Stand: 14.09.2025</p>"), "https://herald.example/x/", "2025-09-14"),
        (story(below="<footer><time itemprop='datePublished' datetime='2025-09-14'>14</time></footer>"),
         "https://herald.example/x/", "2025-09-14"),
        (story(head='<script>var page = {"published_at": "2025-09-14T08:30:00Z"};</script>'),
         "https://herald.example/x/", "2025-09-14"),
        (story(head='<meta name="date" content="2025-09-20">', above="<p>14 September 2025</p>"),
         "https://herald.example/x/", "2025-09-14"),
        (story(below="<p>\xa9 2025 Herald</p>"), "https://herald.example/x/", None),
    ],
)  # fmt: skip
def test_the_day_is_read_where_a_page_shows_it(html: str, url: str, day: str | None) -> None:
    """In the address, behind the text, in microdata, in script state; a year alone is no date."""
    published = article(html, url=url).published

    assert (published and str(published.day)) == day


@pytest.mark.parametrize(
    ("line", "byline"),
    [
        ("14 September 2025 by Tavi Orlen", "by Tavi Orlen"),
        ("by Tavi Orlen", "by Tavi Orlen"),
        ("The bridge was built by Tavi Orlen", None),
    ],
)
def test_a_byline_stands_alone_or_behind_a_date(line: str, byline: str | None) -> None:
    """Anywhere else in a line "by" is prose."""
    assert article(story(above=f"<p class='entry-meta'>{line}</p>")).byline == byline
