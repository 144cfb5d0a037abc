"""What an address alone tells about being a story's: its shape, its slug, the words sites use for what is none."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from scraper.document import names

# Path segments under which sites keep lists, people and services; a few languages, no site's own.
_NO_STORY = names(
    "category categories cat tag tags label labels topic topics author authors autor autores user users member members"
    " profile profiles people search login logout signin signup register registration account cart basket checkout"
    " subscribe subscription subscriptions feed feeds rss atom archive archives comments wp-login.php wp-admin"
    " wp-content wp-json xmlrpc.php cgi-bin share print sitemap rubric rubrics rubrika rubriki section sections"
    " kategorie kategoria kategoriya categoria categorie temy tegi avtor avtory etiqueta schlagwort forum forums"
    " date page pages faq help imprint impressum"
)
_NO_STORY_SLUG = re.compile(
    r"(about|contacts?|privacy|terms|cookies?|disclaimer|disclosure|advertis\w*|advertising|legal|imprint|impressum|datenschutz"
    r"|aviso-legal|politica-de-\w+|mentions-legales|contacto|kontakty?|kontakte|reklama|redaktsiya|redakciya|subscribe|newsletter"
    r"|privacy-policy|terms-of-\w+|about-us|contact-us|sitemap|archive|login|register|home|index|main|advertise)([-_].*)?(\.\w{2,5})?$",
    re.IGNORECASE,
)
_NO_STORY_KEYS = names(
    "cat category tag author paged page s q search feed replytocom m year month day share action lang"
)
_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|avif|pdf|docx?|xlsx?|pptx?|zip|rar|mp[34]|avi|mov|xml|rss|js|css|apk|exe)$",
    re.IGNORECASE,
)
_ARCHIVE = re.compile(r"/(?:19|20)\d\d(?:/\d{1,2}){0,2}/?$")
_DATED = re.compile(r"/(?:19|20)\d\d[/-]?(?:[01]?\d[/-]?(?:[0-3]?\d)?)?/[^/]|[/-](?:19|20)\d\d-[01]\d-[0-3]\d")
_WORD = re.compile(r"[^\W\d_]+")
_ID = re.compile(r"\d{4,}")


def address_score(url: str) -> float:
    """Return how much `url` looks like a story's, from -4 (a section, a file, a service) to 3; 0 says nothing."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    segments = [segment for segment in path.split("/") if segment]
    keys = parse_qsl(parts.query)
    numbered = any(_ID.fullmatch(value) and key not in _NO_STORY_KEYS for key, value in keys)
    if not numbered and _is_no_story(path, segments, [key for key, _ in keys]):
        return -4.0
    slug = segments[-1] if segments else ""
    score = _slug_score(slug)
    if numbered or _DATED.search(path) or _ID.search(slug):
        score += 1.5
    return min(score, 3.0)


def _is_no_story(path: str, segments: list[str], keys: list[str]) -> bool:
    if not segments:
        return not keys or any(key in _NO_STORY_KEYS for key in keys)
    return bool(
        any(segment.lower() in _NO_STORY for segment in segments)
        or _NO_STORY_SLUG.match(segments[-1])
        or _FILE.search(path)
        or _ARCHIVE.search(path)
        or any(key in _NO_STORY_KEYS for key in keys)
    )


def _slug_score(slug: str) -> float:
    words = len(_WORD.findall(slug))
    return (0.0, 0.0, 0.5, 1.0)[words] if words < 4 else 1.5
