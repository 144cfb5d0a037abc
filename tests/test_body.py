"""Which lines of a page are its story."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from pages import SENTENCES, article, story
from scraper.reading.blocks import full_outline_from, outline_from
from scraper.reading.body import story_from
from scraper.reading.density import headline_line, width
from scraper.reading.hints import BODY, BYLINE, CAPTION, COMMENT, FRAME, JUNK, hints_from
from scraper.reading.prose import is_cut

TEXT = "\n\n".join(SENTENCES)
ELSEWHERE = "A bakery in the harbour quarter sells its bread by weight again, and the queue reached the tram by noon."


@pytest.mark.parametrize(
    "beside",
    [
        "<div class='related'><p>{}</p></div>",
        "<aside><p>{}</p></aside>",
        "<footer><p>{}</p></footer>",
        "<div class='comments'><p>{}</p><p>{}</p><p>{}</p><p>{}</p><p>{}</p><p>{}</p></div>",
        "<div id='newsletter-signup'><p>{}</p></div>",
        "<div class='cookie-banner'><p>{}</p><p>{}</p><p>{}</p><p>{}</p></div>",
        "<div class='author-bio'><p>{}</p></div>",
        "<div hidden><p>{}</p></div>",
        "<div style='display: none'><p>{}</p></div>",
        "<div><h3><a href='/bread/'>Bread is sold by weight again</a></h3><p>{}</p></div>",
        "<form><p>{}</p></form>",
        "<button>{}</button><select><option>{}</select><template><p>{}</p></template>",
    ],
)
def test_what_stands_beside_the_story_stays_out(beside: str) -> None:
    """By the name of its box, by its tag, or as a card under a heading that is a link."""
    assert article(story(below=beside.replace("{}", ELSEWHERE))).body == TEXT


@pytest.mark.parametrize(
    "line",
    [
        "<p><a href='/bread/'>Read also: Bread is sold by weight again</a></p>",
        "<h2>Council closes the lower sluice</h2>",
        "<p class='byline'>By Tavi Orlen</p>",
        "<div class='date'>14 September 2025</div>",
        "<p>* * *</p>",
        "<p><em>Sign up for our newsletter to hear more of the valley.</em></p>",
        "<p>Do you have a story to tell? Write to desk@herald.example</p>",
        "<h3>Related stories</h3>",
    ],
)
def test_a_line_that_is_no_text_stays_out(line: str) -> None:
    """Links, repeated titles, bylines, dates, ornaments, requests, headings that nothing follows."""
    assert article(story(below=line)).body == TEXT


@pytest.mark.parametrize(
    ("inside", "kind"),
    [
        ("<h2>Help from Varn</h2>", "heading"),
        ("<ul><li>Six wells were measured.</li><li>Two of them are dry.</li></ul>", "list"),
        ("<blockquote><p>The water belongs to all who drink it.</p></blockquote>", "quotation"),
        ("<table><tr><td>Well</td><td>Metres of water</td></tr></table>", "table"),
    ],
)
def test_a_block_keeps_its_kind(inside: str, kind: str) -> None:
    """Kinds are offsets into the body; plain paragraphs have none."""
    found = article(story().replace("</p>", "</p>" + inside, 1))

    assert [block.kind for block in found.blocks] == [kind]
    assert found.body.startswith(SENTENCES[0] + "\n\n" + found.body[found.blocks[0].start : found.blocks[0].end])


def test_a_list_stands_in_lines_and_a_table_in_rows() -> None:
    """Items are parted by a line break, cells by a bar."""
    inside = "<ol><li>One</li><li>Two</li></ol><table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>"

    found = article(story().replace("</p>", "</p>" + inside, 1))

    assert found.body.split("\n\n")[1:3] == ["One\nTwo", "a | b\nc"]


def test_a_box_named_for_adverts_that_holds_the_story_is_the_story() -> None:
    """Wrappers are called sidebar-layout, paywall-content, widget."""
    html = story().replace("<article>", "<div class='sidebar widget promo'>").replace("</article>", "</div>")

    assert article(html).body == TEXT


def test_a_standfirst_in_the_header_opens_the_body() -> None:
    """It stands outside the text's own box, and the lead repeats it."""
    lead = "The water has never stood so low since the gauge house was built beside the third step."
    html = story().replace("<h1>", "<header><h1>").replace("</h1>", f"</h1><p class='standfirst'>{lead}</p></header>")

    found = article(html)

    assert (found.body, found.lead) == (lead + "\n\n" + TEXT, lead)


def test_a_pulled_quotation_is_not_told_twice() -> None:
    """Its words stand in the text as well."""
    assert article(story(below=f"<blockquote><p>{SENTENCES[1][:60]}</p></blockquote>")).body == TEXT


def test_without_a_headline_on_the_page_the_densest_run_is_the_story() -> None:
    """Old pages print it as an image."""
    html = story().replace("<h1>Council closes the lower sluice</h1>", "<img src='/title.gif'>")

    assert article(html).body == TEXT


def test_inline_elements_are_glued_only_where_the_page_glues_them() -> None:
    """White space between blocks is skipped; between words it is kept."""
    tree = LexborHTMLParser("<p>so<b>m</b> a <i>b</i> <a href=x>c</a>.</p><div><span>One</span><span>Two</span></div>")

    assert [line.text for line in outline_from(tree.body).lines] == ["som a b c.", "One Two"]


def test_elements_no_parser_knows_are_blocks_on_every_page() -> None:
    """Lexbor numbers them by their place in memory, which the next page uses for something else."""
    trees = [LexborHTMLParser(f"<my-{name}>One</my-{name}><x-{name}>Two</x-{name}><b>three</b>") for name in "abcdefgh"]

    lines = [[(line.text, line.strong) for line in outline_from(tree.body).lines] for tree in trees]

    assert lines == [[("One", 0), ("Two", 0), ("three", 5)]] * 8


def test_a_line_counts_its_links_and_its_bold() -> None:
    """A link around blocks counts in each of them."""
    tree = LexborHTMLParser("<a href=x><div>abc</div><div><b>de</b>f</div></a><p>g<a>h</a></p>")

    lines = outline_from(tree.body).lines

    assert [(line.text, line.linked, line.strong) for line in lines] == [("abc", 3, 0), ("def", 3, 2), ("gh", 1, 0)]


def test_small_boxes_beside_the_story_are_passed_over_unless_all_is_asked_for() -> None:
    """A page with too little text is read again, whatever its boxes are called."""
    tree = LexborHTMLParser("<h1>Title</h1><div class=related>abc</div><p>def</p>")

    assert [line.text for line in outline_from(tree.body).lines] == ["Title", "def"]
    assert [line.text for line in full_outline_from(tree.body).lines] == ["Title", "abc", "def"]


def test_the_headline_is_the_h1_that_prints_it() -> None:
    """A list of other stories above may name it too."""
    tree = LexborHTMLParser("<p>A sluice</p><h2>A sluice</h2><h1>A sluice</h1><h1>Another</h1>")

    outline = outline_from(tree.body)

    assert [headline_line(outline, title) for title in ("A sluice", "Another", "None of them")] == [2, 3, 2]


@pytest.mark.parametrize(("text", "wide"), [("water", 5), ("вода", 4), ("水库水位", 10), ("", 0)])
def test_a_sign_of_an_unspaced_script_is_wider(text: str, wide: int) -> None:
    """Thresholds are in Latin characters."""
    assert width(text) == wide


@pytest.mark.parametrize(
    ("words", "hints"),
    [
        ("article-body", BODY),
        ("articleBody", BODY),
        ("entry content", BODY),
        ("relatedPosts", JUNK),
        ("next-article", JUNK),
        ("site-footer", FRAME),
        ("comments", COMMENT),
        ("wp-caption-text", CAPTION),
        ("byline", BYLINE),
        ("x7 col-md-8 grid", 0),
    ],
)
def test_words_in_names_are_hints(words: str, hints: int) -> None:
    """Camel case, hyphens and spaces part them."""
    assert hints_from(words) & (BODY | JUNK | FRAME | COMMENT | CAPTION | BYLINE) == hints


@pytest.mark.parametrize(
    ("text", "cut"),
    [("and so on...", True), ("so on…", True), ("words [...]", True), ("Continue reading", True), ("The end.", False)],
)
def test_a_cut_text_shows_its_mark(text: str, cut: bool) -> None:
    """Three dots, an ellipsis, an invitation to read on."""
    assert is_cut(text) is cut


def test_a_page_without_text_has_no_story() -> None:
    """Nothing is chosen, nothing is invented."""
    assert story_from(outline_from(LexborHTMLParser("<nav>x</nav>").body), "Title").chosen == ()


def test_a_heading_right_below_the_headline_that_is_a_sentence_opens_the_body() -> None:
    """Standfirsts are set in h2 as often as in a paragraph."""
    lead = "The water has never stood so low since the gauge house was built beside the third step."

    assert article(story(above=f"<h2>{lead}</h2>")).body == lead + "\n\n" + TEXT


def test_the_last_paragraph_is_read_to_its_end() -> None:
    """A list of dates parted by line breaks holds no long line."""
    dates = "The assessors come to these places, each on a day of its own in the first month:<br>Tolmen<br>Varn"

    assert article(story(below=f"<p>{dates}</p>")).body.endswith("\nTolmen\nVarn")


def test_a_digest_of_other_stories_is_no_running_text() -> None:
    """Each item is a title that is a link and its first words, longer together than the story."""
    items = "".join(f"<li><a href='/{at}/'>Another title that is a link, number {at}</a> {SENTENCES[at % 4]}</li>"
                    for at in range(9))

    assert article(story().replace("<main>", f"<ul>{items}</ul><main>")).body == TEXT


@pytest.mark.parametrize("tag", ["div", "section"])
def test_cards_of_a_title_and_a_few_words_are_left_out(tag: str) -> None:
    """Three or more in a row below the text, whatever they are called."""
    cards = "".join(f"<{tag}><p><a href='/{at}/'>Another title that is a link, number {at}</a></p>"
                    f"<p>{SENTENCES[at]}</p></{tag}>" for at in range(3))  # fmt: skip

    assert article(story(below=f"<div>{cards}</div>")).body == TEXT
