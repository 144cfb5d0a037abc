"""What an address alone tells about being a story's: its shape, its slug, the words sites use for what is none."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from scraper.document import names
from scraper.listings.links import weight

# Path segments under which sites keep lists, people and services; a few languages, no site's own.
_NO_STORY = names(
    "category categories cat tag tags label labels topic topics author authors autor autores user users member members"
    " profile profiles people search login logout signin signup register registration account cart basket checkout"
    " subscribe subscription subscriptions feed feeds rss atom archive archives comments wp-login.php wp-admin"
    " wp-content wp-json xmlrpc.php cgi-bin share print sitemap rubric rubrics rubrika rubriki section sections"
    " kategorie kategoria kategoriya categoria categorie temy tegi avtor avtory etiqueta schlagwort forum forums"
    " date page pages faq help imprint impressum taxonomy"
)
_NO_STORY_SLUG = re.compile(
    r"(about(-us|-me)?|contacts?(-us)?|privacy([-_]policy.*)?|terms([-_](and|of)[-_].*)?|cookies?([-_]policy.*)?"
    r"|disclaimer|disclosure|advertis(e|ing|ement)|legal|imprint|impressum|datenschutz|aviso-legal|politica-de-\w+"
    r"|mentions-legales|contacto|kontakty?|kontakte|reklama|redaktsiya|redakciya|subscribe|newsletter|home|main)(\.\w{2,5})?",
    re.IGNORECASE,
)
_NO_STORY_KEYS = names(
    "cat category tag author paged page s q search feed replytocom m year month day share action lang"
)
_LISTING_VIEW = re.compile(r"(?:^|&)(?:view|do|task)=(?:cat|section|tag|archive|featured|blog)", re.IGNORECASE)
_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|avif|pdf|docx?|xlsx?|pptx?|zip|rar|mp[34]|avi|mov|xml|rss|js|css|apk|exe)$",
    re.IGNORECASE,
)
_ARCHIVE = re.compile(r"/(?:19|20)\d\d(?:/\d{1,2}){0,2}/?$")
_DATED = re.compile(r"/(?:19|20)\d\d[/-]?(?:[01]?\d[/-]?(?:[0-3]?\d)?)?/[^/]|[/-](?:19|20)\d\d-[01]\d-[0-3]\d")
_WORD = re.compile(r"[^\W\d_]+")
_ID = re.compile(r"\d{4,}")
_ID_KEY = re.compile(r"(?:(?:news|article|post|story|item|element|[nas])_?)?id|p|news|article|story", re.IGNORECASE)
_LONG = 4  # digits of a number that tells by itself
_YOUNG_SITE = 0.75  # what a shorter one at the end of an address says


NO_STORY = -2.0  # a score from which down an address is no story's, whatever stands around it


def address_score(url: str) -> float:
    """Return how much `url` looks like a story's, from -4 (a list, a file, a service) to 3; 0 says nothing."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    segments = [segment for segment in path.split("/") if segment and not segment.startswith("index.")]
    keys = parse_qsl(parts.query)
    numbered = any(_is_number(key, value) for key, value in keys)
    if _LISTING_VIEW.search(parts.query) or (not numbered and _is_no_story(path, segments, [key for key, _ in keys])):
        return -4.0
    slug = segments[-1] if segments else ""
    telling = numbered or bool(_DATED.search(path) or _ID.search(path))
    young = _YOUNG_SITE if not telling and slug.isdecimal() and 1 < len(slug) < _LONG else 0.0
    return min(_slug_score(slug, telling=telling) + (1.5 if telling else young), 3.0)


def _is_number(key: str, value: str) -> bool:
    """Tell whether the pair numbers a story: four digits under any key, two under one that is named for a number."""
    if not value.isdecimal() or len(value) < 2 or key in _NO_STORY_KEYS:
        return False
    return len(value) >= _LONG or bool(_ID_KEY.fullmatch(key))


def address_shape(url: str) -> tuple[object, ...]:
    """Return what addresses of one kind have in common: depth, ending, a number or date, the first folder."""
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    slug = segments[-1] if segments else ""
    folder = segments[0] if len(segments) > 1 and not segments[0].isdigit() else ""
    ending = slug.rpartition(".")[2] if "." in slug else ""
    return len(segments), ending, bool(_ID.search(url)), folder, bool(parts.query)


def _is_no_story(path: str, segments: list[str], keys: list[str]) -> bool:
    if not segments:
        return not keys or any(key in _NO_STORY_KEYS for key in keys)
    return bool(
        any(segment.lower() in _NO_STORY for segment in segments)
        or _NO_STORY_SLUG.fullmatch(segments[-1])
        or _FILE.search(path)
        or _ARCHIVE.search(path)
        or any(key in _NO_STORY_KEYS for key in keys)
    )


def _slug_score(slug: str, *, telling: bool) -> float:
    bare, dot, _ = slug.rpartition(".")
    bare = bare or slug
    words = max(len(_WORD.findall(bare)), weight(bare) // 6 if not bare.isascii() else 0)
    if words == 1 and not telling and not any(map(str.isdigit, bare)):
        return -1.0  # the one word of a section
    return ((0.0, 0.0, 0.5, 1.0)[words] if words < 4 else 1.5) + (0.5 if dot else 0.0)
