"""What a page is when it is no article: soft 404, bot challenge, consent wall, empty shell, listing, paywall stub."""

from __future__ import annotations

import re

from scraper.document import Document
from scraper.reading.body import Story
from scraper.reading.density import GOOD, HEADINGS
from scraper.reading.metadata import claims_story
from scraper.reading.outline import Line, Outline
from scraper.scriptdata import Json
from scraper.text import squeezed

_NO_PAGE = re.compile(
    r"(?:image|audio|video|font)/|application/(?:pdf|zip|rtf|msword|json|javascript|epub|vnd\.(?!wap\.xhtml))",
    re.IGNORECASE,
)
_MAGIC = ((b"%PDF-", "PDF"), (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"GIF8", "GIF"), (b"PK\x03\x04", "ZIP"))
# without regard to case; compiled when first asked for, as a page that is a story is not asked
_CHALLENGE = (
    r"just a moment|attention required|checking your browser|verify(?:ing)? (?:that )?you are (?:a )?human"
    r"|are you a (?:robot|human)|access (?:to this page has been )?denied|ddos[- ]guard|security check"
    r"|pardon our interruption|unusual traffic|please enable (?:js|javascript) and (?:disable|cookies)"
    r"|request unsuccessful|one more step|bot verification|captcha"
)
_CONSENT = (
    r"(?:value|respect|about) your privacy|before you continue|privacy (?:choices|settings)|cookie (?:settings|consent)"
    r"|datenschutz-?einstellungen|bevor sie fortfahren|cookie-einstellungen|vie privée|tu privacidad|sua privacidade"
    r"|gizliliğiniz|настройки cookie|файлы cookie"
)
_COOKIES = r"cookie|куки|çerez"
_NOT_FOUND = (
    r"\b404\b|not found|page (?:you .{0,40})?(?:does not|doesn['’]t) exist|no longer available|page introuvable"
    r"|nicht gefunden|existiert nicht|no encontrad[ao]|n[aã]o encontrad[ao]|non trovat[ao]|pagina niet gevonden"
    r"|nie znaleziono|страниц\w* не найден|не найдена|не существует|sahifa topilmadi|саҳифа топилмади|бет табылмады"
    r"|бет табылган жок|саҳифа ёфт нашуд|sayfa bulunamad|页面不存在|找不到|ページが見つかりません|페이지를 찾을 수"
    r"|الصفحة غير موجودة"
)
_SCRIPTED = r"enable javascript|javascript is (?:required|disabled)|need to enable javascript|turn on javascript"
_SHORT = 280  # characters of running text below which a page has to show that it is a story
_LONG = 3000  # characters of text that no list of stories has at its head
_NAME = 25  # characters of a section's name, at most
_OPENING = 10  # lines from a story's headline to its text


def other_type(body: bytes, content_type: str | None) -> str | None:
    """Return what an answer is that holds no page: by its declared type, else by its first bytes; None for a page."""
    if content_type and _NO_PAGE.match(content_type.strip()):
        return f"of the type {content_type.partition(';')[0].strip()[:60].lower()}"
    return next((f"a {name} file" for magic, name in _MAGIC if body.startswith(magic)), None)


def missing_from(document: Document, data: Json, story: Story, headline: str, text: str) -> str | None:
    """Return why the page holds no article, None where it holds one."""
    lines = story.page.outline.lines
    heads = " | ".join((document.title, headline, *(line.text for line in lines[:30] if len(line.text) <= 120)))
    if len(text) < 600 and not data:
        if _says(_CHALLENGE, heads) and len(lines) < 40:
            return "bot challenge"
        if _says(_CONSENT, f"{document.title} | {headline}") and _says(_COOKIES, text):
            return "consent wall"
        if _says(_NOT_FOUND, f"{document.title} | {headline}") or (len(lines) < 25 and _says(_NOT_FOUND, heads)):
            return "soft 404"
    if not headline:
        return "no headline"
    if not text:
        return _emptiness(document, data, story)
    if _lists(document, data, story, headline, text):
        return "listing"
    return None


def _emptiness(document: Document, data: Json, story: Story) -> str:
    if is_paywalled(data, document):
        return "paywall stub"
    outline = story.page.outline
    seen = outline.passed_over + sum(len(line.text) for line in outline.lines)
    if not claims_story(document, data) and _linked_titles(outline.lines, outline) >= 3:
        return "listing"
    if seen < 400 or _says(_SCRIPTED, squeezed((document.tree.body.text() if document.tree.body else "")[:3000])):
        return "empty shell"
    return "listing" if 2 * sum(line.linked for line in outline.lines) > seen else "no text"


def _linked_titles(lines: list[Line], outline: Outline) -> int:
    return sum(
        outline.tags[line.box] in HEADINGS and len(line.text) >= 15 and line.linked * 10 >= len(line.text) * 8
        for line in lines
    )


def _lists(document: Document, data: Json, story: Story, headline: str, text: str) -> bool:
    """Tell whether the page is a list of stories: none of its own claimed, titles that are links all through it.

    A text right below a headline is a story, however short; below what may be a section's name it has to be long.
    """
    if claims_story(document, data):
        return False
    page, lines = story.page, story.page.outline.lines
    within = _titles_within(story)
    if within >= 3 and within * 3 >= len(story.chosen):
        return True
    if page.headline_at < 0 and len(text) < _SHORT * 2 and _is_linked(lines, len(text)):
        return True
    opens = 0 <= page.headline_at < story.first <= page.headline_at + _OPENING
    if opens and (len(headline) >= _NAME or len(text) >= _LONG):
        return False
    anywhere = _linked_titles(lines, page.outline)
    others = sum(page.widths[index] for index in page.beside if page.widths[index] >= GOOD)
    return (anywhere >= 3 and len(text) < _SHORT) or (anywhere >= 5 and others > story.weight)


def _titles_within(story: Story) -> int:
    """Return how many linked titles stand in the text: of other stories' cards those that head a part of it."""
    outline, chosen = story.page.outline, frozenset(story.chosen)
    span = range(max(story.first - 2, 0), story.last + 1)
    inside = [outline.lines[at] for at in span if at not in story.page.beside or {at + 1, at + 2} & chosen]
    return _linked_titles(inside, outline)


def _is_linked(lines: list[Line], told: int) -> bool:
    """Tell whether a page with so many characters of text is mostly links, some of them titles."""
    titles = sum(line.linked * 2 > len(line.text) > _NAME for line in lines)
    return titles >= 8 and sum(line.linked for line in lines) > 3 * told


def is_paywalled(data: Json, document: Document) -> bool:
    """Tell whether the page says that its text is not free (schema.org isAccessibleForFree, article:content_tier)."""
    free = data.get("isAccessibleForFree")
    if isinstance(free, str):
        free = free.strip().lower() not in ("false", "no", "0", "http://schema.org/false")
    tiers = " ".join(document.meta.get("article:content_tier", ())).lower()
    return free is False or tiers in ("locked", "metered", "premium", "paid")


def _says(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE) is not None
