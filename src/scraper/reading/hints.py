"""What tag names and the words in class, id and itemprop say about the text inside: never more than a hint."""

from __future__ import annotations

import re
from functools import lru_cache

from scraper.document import names

# bits, not an enum: half a million tests per second of parsing, and enum's cost ten times an int's
JUNK = 1  # related links, promos, newsletters, sharing, comments, consent, adverts
BODY = 1 << 1  # the running text
CAPTION = 1 << 2
CREDIT = 1 << 3
BYLINE = 1 << 4
DATE = 1 << 5
LEAD = 1 << 6  # standfirst
TITLE = 1 << 7
HIDDEN = 1 << 8
QUOTE = 1 << 9
LIST = 1 << 10
TABLE = 1 << 11
ARTICLE = 1 << 12  # <article>, <main>
HEADER = 1 << 13
TAGS = 1 << 14
SECTION = 1 << 15
FIGURE = 1 << 16
ASIDE = 1 << 17
BIO = 1 << 18
STORY = 1 << 19  # half of a pair: story-, article-, post-
TEXT = 1 << 20  # half of a pair: -body, -content, -text
PICTURE = 1 << 21  # half of a pair: image-, photo-
DETAIL = 1 << 22  # half of a pair: -info, -card
MORE = 1 << 23  # half of a pair: more-, next-, read-
COMMENT = 1 << 24
TEASER = 1 << 26  # a standfirst on a paragraph or a text, another story anywhere else
WALL = 1 << 27  # text that is paid for on a paragraph, the offer that stands before it anywhere else
FRAME = 1 << 25  # what stands around any page: footer, menus, consent, login

ASIDES = FRAME | COMMENT | JUNK | ASIDE  # what a box may be passed over for
PARTED = TEASER | WALL  # what says one thing on a paragraph, another on a box
TELLING = BODY | ARTICLE | LEAD | CAPTION | FIGURE | BYLINE | DATE | TITLE | BIO  # and what it must not be besides
SPAN_BLOCKS = CAPTION | CREDIT | JUNK | BYLINE | HIDDEN  # an inline element so named stands apart

TAG_HINTS = {
    "figcaption": CAPTION, "figure": FIGURE, "blockquote": QUOTE, "ul": LIST, "ol": LIST, "dl": LIST, "table": TABLE,
    "article": ARTICLE, "main": ARTICLE, "header": HEADER, "aside": ASIDE, "footer": FRAME,
    "form": JUNK,
}  # fmt: skip

_WHOLE_WORDS = {
    FRAME: "footer breadcrumb breadcrumbs navbar nav navigation menu cookie cookies consent gdpr cookiebanner"
    " modal login signin masthead topbar bottombar dialog offcanvas",
    JUNK: "share shares sharing social sidebar popup overlay ad ads adv advert advertisement banner sponsor"
    " sponsored popular trending widget widgets toolbar pagination pager rating"
    " ratings vote poll quiz disclaimer feedback donate donation invisible ticker marquee toc playlist"
    " player promo promos newsletter related recommended recommendations recirc recirculation onward"
    " upsell cta signup subscribe subscription tools tool follow download tooltip correction rollover"
    " popover hovercard dropdown placeholder pagenav sociable addthis jp-relatedposts readmore seealso"
    " nextstory nextarticle nextpost",
    COMMENT: "comment comments disqus reply replies respond commentlist kommentare kommentar comentarios"
    " commentaires",
    BIO: "bio biography contributor contributors",
    CAPTION: "caption captions cutline legend figcaption bildunterschrift pie credits-caption",
    CREDIT: "credit credits photographer copyright",
    BYLINE: "byline bylines author authors writer journalist reporter auteur autor autore signature",
    DATE: "date dateline datetime timestamp time published publish pubdate posted updated modified",
    LEAD: "standfirst lead lede intro introduction dek deck subhead subheadline subtitle excerpt synopsis"
    " abstract perex chapo sapo strapline summary vorspann description tagline",
    BODY: "articlebody richtext wysiwyg bodytext textbody storybody articletext articlecontent maincontent",
    TEASER: "teaser teasers",
    WALL: "paywall",
    TAGS: "tag tags taglist keywords topics",
    TITLE: "headline title heading titre",
    SECTION: "kicker category categories rubric eyebrow overline topic",
    STORY: "article story post entry news single main page",
    TEXT: "body content text copy paragraphs",
    PICTURE: "image img photo picture figure media foto",
    DETAIL: "info box card profile about detail details desc",
    MORE: "more next read also prev previous see keep",
    HIDDEN: "visuallyhidden",
}
_ROOTS = re.compile(
    r"(?P<FRAME>breadcrumb|cookie|consent|navigation|footer)|(?P<JUNK>relat(?!ive)|recommend|newslett|subscri|sidebar|advert|sponsor|mostread|popular|trending"
    r"|paywall|regwall|pagination|readmore|readalso|seealso|recirc|promo)"
    r"|(?P<TEASER>teaser)|(?P<COMMENT>comment)|(?P<CAPTION>caption)|(?P<BYLINE>byline|^author)|(?P<BODY>articlebody|bodytext|storybody|articletext|articlecontent"
    r"|postcontent|entrycontent|newstext|textcontent)|(?P<DATE>pubdate|timestamp|datetime)|(?P<LEAD>standfirst|subtitle)"
    r"|(?P<TITLE>headline)"
)
_UNSEEN = names("visually-hidden sr-only screen-reader-text")  # Bootstrap's, Drupal's and WordPress' words for it
_BUILDER = "elementor-widget"  # with which it begins the class of every part of a page, the story's own included
_BELOW_PICTURE = re.compile(  # image-text, mediaInfo
    r"(?:image|img|photo|picture|foto|media)s?[-_]{0,2}(?:text|info|desc|subtitle|details?|legend|title)", re.IGNORECASE
)
_UNSHOWN = re.compile(r"display\s{0,9}:\s{0,9}none")
_NAMING = ("id", "itemprop", "rel")
_TELLING = frozenset((*_NAMING, "hidden", "style", "role"))
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_BY_WORD = {word: bit for bit, words in _WHOLE_WORDS.items() for word in names(words)}


@lru_cache(maxsize=16384)
def _word_hints(word: str) -> int:
    known = _BY_WORD.get(word)
    if known is not None:
        return known
    match = _ROOTS.search(word)
    return 0 if match is None else int(globals()[match.lastgroup or ""])


@lru_cache(maxsize=32768)  # names repeat over the pages of a site, whole class attributes far less
def _name_hints(name: str) -> int:
    """Return the bits of one class or id: of its words, and of what is below a picture."""
    if name in _UNSEEN:
        return HIDDEN
    found = 0
    for word in _WORD.findall(name.removeprefix(_BUILDER)):
        found |= _word_hints(word.lower())
    if found & PICTURE and _BELOW_PICTURE.search(name):
        found = found & ~LEAD | CAPTION
    return found


@lru_cache(maxsize=4096)
def _paired(found: int) -> int:
    """Return the bits with those that two of them make together."""
    if found & STORY and found & TEXT:
        found |= BODY
    if found & TEASER:
        found |= LEAD if found & TEXT else JUNK
    if found & WALL:
        found |= JUNK
    if found & BYLINE and found & DETAIL:
        found |= BIO
    if found & MORE and found & STORY:
        found |= JUNK
    return found


@lru_cache(maxsize=8192)
def hints_from(words: str) -> int:
    """Return the bits that class, id and itemprop words say."""
    found = 0
    for name in words[:160].split():
        found |= _name_hints(name)
    return _paired(found)


def hints_of(attributes: dict[str, str | None]) -> int:
    """Return the bits that an element's attributes say."""
    words = attributes.get("class") or ""
    if _TELLING.isdisjoint(attributes):
        return hints_from(words) if words else 0
    for name in _NAMING:
        text = attributes.get(name)
        if text:
            words = f"{words} {text}"
    hints = hints_from(words) if words else 0
    return hints | _bare_hints(attributes)


def _bare_hints(attributes: dict[str, str | None]) -> int:
    """Return what an element is told to be by anything but a name."""
    hints = 0
    style = attributes.get("style")
    if "hidden" in attributes or (style and "none" in style and _UNSHOWN.search(style)):
        hints |= HIDDEN
    if attributes.get("role") == "main":
        hints |= ARTICLE
    return hints


def on_paragraph(hints: int, tag: str) -> int:
    """Return what the hints say on a paragraph, a heading or an item: of its text, not of a box around other text."""
    if hints & WALL:
        hints &= ~JUNK
    return hints & ~JUNK | LEAD if hints & TEASER and tag == "p" else hints
