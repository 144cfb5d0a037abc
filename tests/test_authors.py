"""Who wrote it: names in script data, meta and bylines, one case per way of signing."""

from __future__ import annotations

import pytest

from pages import article, story
from scraper.reading.persons import looks_named, names_in, persons_in, signed_in

LD = '<script type="application/ld+json">{{"@type":"NewsArticle",{}}}</script>'
SITE = '<meta property="og:site_name" content="Valley Herald">'


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("By Tavi Orlen", ["Tavi Orlen"]),
        ("Von Tavi Orlen und Odra Penn", ["Tavi Orlen", "Odra Penn"]),
        ("Tavi Orlen, Odra Penn & Sorin Valk", ["Tavi Orlen", "Odra Penn", "Sorin Valk"]),
        ("Tavi Orlen, Odra Penn, and Sorin Valk", ["Tavi Orlen", "Odra Penn", "Sorin Valk"]),
        ("Автор: Ильма Драскова", ["Ильма Драскова"]),
        ("Tavi Orlen | Valley Herald", ["Tavi Orlen"]),
        ("Tavi Orlen (in Varn)", ["Tavi Orlen"]),
        ("Tavi Orlen, PhD", ["Tavi Orlen"]),
        ("Tavi Orlen, Herald.example", ["Tavi Orlen"]),
        ("Ludvik von Orlen", ["Ludvik von Orlen"]),
        ("By", []),
        ("admin", []),
        ("desk@herald.example", []),
        ("14 September 2025", []),
        ("September", []),
        ("Photo: Odra Penn", []),
        ("Wednesday January", []),
        ("ByTavi Orlen", ["Tavi Orlen"]),
        ("Byron Orlen", ["Byron Orlen"]),
        ("Tavi Orlen Published in Water", ["Tavi Orlen"]),
        ("Last Updated", []),
        ("Sign In", []),
        ("", []),
        ("x" * 400, []),
    ],
)
def test_a_byline_holds_names(text: str, names: list[str]) -> None:
    """Prefixes, places, degrees, addresses, credits and dates are none."""
    assert names_in(text) == names


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Tavi Orlen", ["Tavi Orlen"]),
        ("Posted on September 21, 2025 by Tavi Orlen", ["Tavi Orlen"]),
        ("Written by Tavi Orlen, PhD on April 29, 2025", ["Tavi Orlen"]),
        ("8 Oktober 2025 | Von Tavi Orlen", []),
        ("Von Tavi Orlen", ["Tavi Orlen"]),
        ("Ein Kommentar von Tavi Orlen und Odra Penn", ["Tavi Orlen", "Odra Penn"]),
        ("Par Odra Penn", ["Odra Penn"]),
        ("Publié le 3 mars 2025 par Odra Penn", ["Odra Penn"]),
        ("Por Odra Penn y Tavi Orlen", ["Odra Penn", "Tavi Orlen"]),
        ("Texto: Odra Penn", ["Odra Penn"]),
        ("Yazan: Odra Penn", ["Odra Penn"]),
        ("Автор: Ильма Драскова", ["Ильма Драскова"]),
        ("12.09.2025 | Автор Ильма Драскова", ["Ильма Драскова"]),
        ("Текст: Ильма Драскова", ["Ильма Драскова"]),
        ("Muallif: Odra Pennova", ["Odra Pennova"]),
        ("Муаллиф: Ильма Драскова", ["Ильма Драскова"]),
        ("Муаллифон: Ильма Драскова ва Одра Пеннова", ["Ильма Драскова", "Одра Пеннова"]),
        ("Авторлар: Ильма Драскова және Одра Пеннова", ["Ильма Драскова", "Одра Пеннова"]),
        ("Awtor: Odra Pennowa", ["Odra Pennowa"]),
        ("Avtor: Odra Pennova", ["Odra Pennova"]),
        ("بقلم: ناديه فارن", ["ناديه فارن"]),
        ("نویسنده: نادیه وارن", ["نادیه وارن"]),
        ("מאת נדיה וארן", ["נדיה וארן"]),
        ("作者：林小河", ["林小河"]),
        ("记者：林小河", ["林小河"]),
        ("文／林小河", ["林小河"]),
        ("โดย นาเดีย วาร์น", ["นาเดีย วาร์น"]),
        ("Risks and side effects by the dozen", []),
        ("Von Risiken und Nebenwirkungen", []),
        ("Stand by me", []),
        ("The bridge was built by Tavi Orlen", []),
    ],
)
def test_a_line_is_signed_behind_a_word_like_by(line: str, names: list[str]) -> None:
    """Of the region, of the large languages; the same words in prose sign nothing."""
    assert signed_in(line)[1] == names


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Tavi Orlen", True), ("Ильма Драскова", True), ("Oʻdra Pennʼova", True), ("Ludvik von der Varn", True),
        ("Tavi", False), ("TOP NEWS", False), ("March Report", False), ("The water fell", False),
        ("Tavi Orlen 5", False),
    ],
)  # fmt: skip
def test_a_name_is_two_to_five_words_in_capitals(text: str, named: bool) -> None:
    """Nothing in small letters but particles, no months, no shouting."""
    assert looks_named(text) is named


def test_words_in_lower_case_end_a_name() -> None:
    """`im Gespräch`, `skrifar frá`: what follows a name in one piece of text."""
    assert persons_in("Tavi Orlen im Gespräch mit allen, Odra Penn") == ["Tavi Orlen", "Odra Penn"]


@pytest.mark.parametrize(
    ("head", "authors"),
    [
        (LD.format('"author":{"name":"Tavi Orlen"}'), ("Tavi Orlen",)),
        (LD.format('"author":{"@type":"Person","name":"Tavi Orlen, Herald.example"}'), ("Tavi Orlen",)),
        (LD.format('"author":{"@type":"Organization","name":"Valley Herald"}') + SITE, ("Valley Herald",)),
        (LD.format('"author":{"@type":"Person","name":"Valley Herald"}') + SITE, ("Ilma Draskov",)),
        ('<meta name="author" content="Odra Penn">', ("Odra Penn",)),
        ('<meta name="dc.creator" content="Penn, Odra">', ("Odra Penn",)),
        ('<meta name="author" content="https://herald.example/odra/">', ("Ilma Draskov",)),
        ('<meta name="author" content="Valley Herald">' + SITE, ("Ilma Draskov",)),
        ('<meta name="author" content="Varn Press"><meta name="copyright" content="Copyright (c) Varn Press 2025">',
         ("Ilma Draskov",)),
        ('<meta name="author" content="Valley Herald Staff">' + SITE, ("Ilma Draskov",)),
        ('<meta name="byl" content="By Tavi Orlen and Odra Penn">', ("Tavi Orlen", "Odra Penn")),
        ("", ("Ilma Draskov",)),
    ],
)
def test_the_authors_are_the_first_that_anyone_names(head: str, authors: tuple[str, ...]) -> None:
    """Script data, meta, the byline on the page; the site itself last, unless the page says that it wrote it."""
    found = article(story(head=head, above="<p class='byline'>By Ilma Draskov</p>"))

    assert (found.authors, found.byline) == (authors, "By Ilma Draskov")


def test_an_author_is_looked_up_by_its_id() -> None:
    """JSON-LD 1.1: a node reference; WordPress engines write their authors so."""
    graph = (
        '<script type="application/ld+json">{"@graph":[{"@type":"Article","author":{"@id":"#tavi"}},'
        '{"@type":"Person","@id":"#tavi","name":"Tavi Orlen"}]}</script>'
    )

    assert article(story(head=graph)).authors == ("Tavi Orlen",)


@pytest.mark.parametrize(
    ("above", "authors"),
    [
        ("<a rel='author' href='/t/'>Tavi Orlen</a>", ("Tavi Orlen",)),
        ("<div itemprop='author'><b itemprop='name'>Tavi Orlen</b><i>Water Reporter</i></div>", ("Tavi Orlen",)),
        ("<div class='author'><b>Valley</b> <a href='/t/'>Tavi Orlen</a> <i>Staff</i></div>", ("Tavi Orlen",)),
        ("<div class='author'><span>Tavi</span> <span>Orlen</span></div>", ("Tavi Orlen",)),
        ("<div class='byline'>By <a href='/t/'>Tavi Orlen</a> and <a href='/o/'>Odra Penn</a> in Varn</div>",
         ("Tavi Orlen", "Odra Penn")),
        ("<ul><li class='author'>Tavi Orlen</li><li class='author'>Odra Penn</li></ul>", ("Tavi Orlen", "Odra Penn")),
        ("<div class='author'>reedfox</div>", ("reedfox",)),
        ("<div class='image-author'>Foto: Odra Penn</div><p>By Tavi Orlen</p>", ("Tavi Orlen",)),
        ("<div>Posted on September 21, 2025 by Tavi Orlen</div>", ("Tavi Orlen",)),
        ("<div>Tavi Orlen | 21.09.2025 14:10</div>", ("Tavi Orlen",)),
        ("<div class='byline'>Water Works <time>Monday</time> by <a rel='author' href='/t/'>Tavi Orlen</a></div>",
         ("Tavi Orlen",)),
        ("<nav>Edited by <span itemprop='author'>Tavi Orlen</span></nav>", ("Tavi Orlen",)),
        ("<div><a href='https://herald.example/author/tavi'>Tavi Orlen</a></div>", ("Tavi Orlen",)),
        ("<div>Valley News | 21.09.2025 14:10</div>", ()),
        ("<div>Upper Valley</div><div>Tavi Orlen in the reeds</div>", ()),
    ],
)
def test_a_story_is_signed_at_its_headline(above: str, authors: tuple[str, ...]) -> None:
    """Roles, sections and photographers beside the name are no authors; nobody is made up."""
    head = '<meta property="article:section" content="Valley News">'

    assert article(story(above=above, head=head)).authors == authors


def test_a_story_is_signed_at_its_end() -> None:
    """Where newspapers print it: below the last paragraph."""
    assert article(story(below="<p class='author'>Ильма Драскова</p>")).authors == ("Ильма Драскова",)


def test_the_author_of_another_story_has_not_written_this_one() -> None:
    """Links to authors far from the headline stand in cards."""
    assert article(story(below="<div><a href='/author/odra'>Odra Penn</a></div>" * 3)).authors == ()


@pytest.mark.parametrize("works", ["All Articles", "Все Статьи"])
def test_a_link_to_all_an_author_wrote_is_not_the_author(works: str) -> None:
    byline = f"<div class='byline'>By Odra Penn <a rel='author' href='/odra/'>{works}</a></div>"

    assert article(story(above=byline)).authors == ("Odra Penn",)
