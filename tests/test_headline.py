"""Which of a page's titles is the headline: one case per kind of disagreement."""

from __future__ import annotations

import pytest

from scraper.document import document_from_text
from scraper.reading.blocks import outline_from
from scraper.reading.headline import headline_from
from scraper.reading.metadata import article_data

OG = '<meta property="og:title" content="{}">'
TITLE = "<title>{}</title>"
SITE = '<meta property="og:site_name" content="Valley Herald">'
H1 = "<h1>{}</h1>"
LD = '<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{}"}}</script>'


def headline(head: str, body: str) -> str | None:
    document = document_from_text(f"<head>{head}</head><body>{body}</body>", "https://herald.example/sluice/")
    found = headline_from(document, article_data(document), outline_from(document.tree.body))
    return found.value if found else None


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        (TITLE.format("Sluice shut today | Valley Herald") + SITE, H1.format("Sluice shut today"), "Sluice shut today"),
        (TITLE.format("Sluice closed today - Valley Herald") + SITE, "", "Sluice closed today"),
        (TITLE.format("下游水闸今日关闭_Valley Herald") + SITE, "", "下游水闸今日关闭"),
        (OG.format("Sluice closed today | Valley Herald"), H1.format("Sluice closed today"), "Sluice closed today"),
        (OG.format("What comes after the sluice"), H1.format("Sluice closed"), "What comes after the sluice"),
        (OG.format("A dry year &amp;amp; a dry well"), "", "A dry year & a dry well"),
        (TITLE.format("Herald"), H1.format("Sluice closed"), "Sluice closed"),
        ("", "", None),
    ],
)
def test_the_headline_is_what_most_witnesses_name(head: str, body: str, expected: str | None) -> None:
    """Names of the site are cut off."""
    assert headline(head, body) == expected


@pytest.mark.parametrize("mark", ["|", " - ", " – ", " » ", " ▸ ", " ♦ ", "_", " :: "])
def test_a_title_is_cut_where_the_page_prints_its_part(mark: str) -> None:
    """A forum or a blog names itself nowhere but in its title, behind a mark of its own choice."""
    head = TITLE.format(f"The sluice is closed today{mark}Water{mark}The Reed Board")

    assert headline(head, "<h2>The sluice is closed today</h2><p>Water</p>") == "The sluice is closed today"


def test_a_title_is_cut_where_the_site_stands_ahead() -> None:
    """A section of the same name in the menu is not the headline: the longest printed part is."""
    head = TITLE.format("Odra&#8217;s Notebook | The sluice is shut")

    assert headline(head, "<p>Odra&#8217;s Notebook</p><h2>The sluice is shut</h2>") == "The sluice is shut"


def test_a_kicker_inside_the_h1_is_none_of_the_headline() -> None:
    """Two spans of one h1, the first a kicker; the site's name hides in the title that shows it."""
    head = OG.format("Council closes the lower sluice - Valley Herald") + SITE
    body = H1.format("<span>Drought in Varn</span> <span>Council closes the lower sluice</span>")

    assert headline(head, body) == "Council closes the lower sluice"


def test_a_kicker_before_a_colon_stays() -> None:
    """`Drought: council closes the lower sluice` is one headline, whatever the h1 leaves out."""
    told = "Drought: council closes the lower sluice"

    assert headline(TITLE.format(told) + OG.format(told), H1.format("Council closes the lower sluice")) == told


def test_the_name_of_the_site_is_no_headline() -> None:
    """A logo in an h1, and a template that gives every page the site's name as og:title."""
    head = SITE + OG.format("Valley Herald") + TITLE.format("Council closes the lower sluice")

    assert headline(head, H1.format("Valley Herald")) == "Council closes the lower sluice"


def test_a_page_that_names_nothing_but_its_site_has_no_headline() -> None:
    """Its og:title, its title and the logo in its h1 say the same."""
    name = "Valley Herald"

    assert headline(SITE + OG.format(name) + TITLE.format(name), H1.format(name)) is None


def test_a_site_that_stands_ahead_in_every_title_is_cut_off() -> None:
    """An h1 with the site's name says nothing of what the title goes on with."""
    head = SITE + TITLE.format("Valley Herald » Council closes the lower sluice")

    assert headline(head, H1.format("Valley Herald")) == "Council closes the lower sluice"


def test_a_tag_that_formats_nothing_is_text() -> None:
    """A reader sees `<script>` where the page shows it escaped; an <em> that was left in og:title is none of it."""
    told = "Why the &lt;script&gt; tag is &lt;em&gt;no&lt;/em&gt; friend"

    assert headline(OG.format(told), "") == "Why the <script> tag is no friend"


def test_an_h1_that_shares_no_word_with_the_title_is_doubted() -> None:
    """A counter, a price or a menu in an h1."""
    told = "Council closes the lower sluice - Reedbank"

    assert headline(TITLE.format(told) + OG.format(told), H1.format("€5") + "<p>Reedbank</p>") == told


def test_quotation_marks_do_not_part_the_votes() -> None:
    """The h1 has typographic marks, script data straight ones; both name one headline, the page's spelling stays."""
    told = "Council: 'no water' until snow"
    head = LD.format(told) + OG.format("What now?") + TITLE.format(told)

    assert headline(head, H1.format("Council: ‘no\u00a0water’ until snow")) == "Council: ‘no water’ until snow"


@pytest.mark.parametrize(
    ("h1", "title"),
    [
        ("Information and Resources", "Beetles: what they are and how they cross the valley"),
        ("The Valley Herald", "Beetles cross the valley - The Valley Herald"),
    ],
)
def test_a_title_that_a_lower_heading_prints_is_the_headline_below_a_section_s_h1(h1: str, title: str) -> None:
    """Old templates keep the h1 for the section's or the site's name."""
    told = title.partition(" - ")[0]

    assert headline(TITLE.format(title), f"<h1>{h1}</h1><h2>{told}</h2>") == told


@pytest.mark.parametrize("keys", [("title", "site_name"), ("site_name",)])
def test_an_h1_that_the_head_repeats_is_the_headline_whatever_the_site_is_called(keys: tuple[str, ...]) -> None:
    """Templates that fill og:site_name with the title of the page."""
    title = "Council closes the lower sluice for a year"
    head = "".join(f'<meta property="og:{key}" content="{title}">' for key in keys)

    assert headline(TITLE.format(title) + head, f"<h1>herald back to home</h1><h1>{title}</h1>") == title


def test_a_headline_that_begins_with_the_sites_name_keeps_it() -> None:
    """Papers write about themselves, and some bear the name of a river; the h1 says the same."""
    title = "Valley Herald – a hundred years on the river"

    assert headline(SITE + OG.format(title) + TITLE.format(f"{title} | Valley Herald"), H1.format(title)) == title
