"""Document in, facts about the story out: section, tags, language, standfirst, canonical, each with its origin."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace

from scraper.document import Document
from scraper.language import language_of, language_of_script, settled
from scraper.reading.hints import BYLINE, DATE, HIDDEN, SECTION
from scraper.reading.outline import Outline
from scraper.scriptdata import Json
from scraper.text import folded, squeezed
from scraper.urls import absolute, host, split

# what editors leave in a title or a description; other tags in one are its text, as a reader sees them
_FORMATTING = re.compile(
    r"</?(?:abbr|a|b|big|br|cite|del|div|em|figure|font|h[1-6]|i|img|ins|li|mark|nobr|ol|p|q|s|small|span|strike|strong"
    r"|sub|sup|time|tt|u|ul|wbr)(?:\s[^<>]{0,80})?/?>",
    re.IGNORECASE,
)
_ARTICLE_TYPE = re.compile(r"(?:Article|Posting|Report|Review|Story)$")


@dataclass(frozen=True, slots=True)
class Found:
    """A value, the kind of place it came from, and how sure it is, 0-1."""

    value: str
    source: str
    sure: float


def plain(value: object) -> str:
    """Return a JSON or meta value as one line of text; "" for what is no text."""
    if not isinstance(value, str):
        return ""
    return squeezed(html.unescape(html.unescape(_FORMATTING.sub(" ", value) if "<" in value else value)))


def types(data: Json) -> tuple[str, ...]:
    """Return the schema.org types of a JSON-LD object."""
    kinds = data.get("@type")
    return tuple(str(kind) for kind in kinds) if isinstance(kinds, list) else (str(kinds),)


def article_data(document: Document) -> Json:
    """Return the first JSON-LD object that describes a story, {} where there is none."""
    return next((data for data in document.json_ld if any(map(_ARTICLE_TYPE.search, types(data)))), {})


_KEYWORDS = ("article:tag", "og:article:tag", "parsely-tags", "sailthru.tags", "news_keywords", "keywords")
_LOCALE = re.compile(r"^([a-zA-Z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|\d{3}))?$")
_HOME = re.compile(
    r"^(?:home|homepage|start|startseite|accueil|inicio|главная|bosh sahifa|бош саҳифа|басты бет|basty bet|башкы бет"
    r"|асосӣ|саҳифаи асосӣ|baş sahypa|news|nachrichten)$",
    re.IGNORECASE,
)

_TONGUE = re.compile(  # where a page leads to the same story in another language or script
    r"^(?:o[‘'ʻʼ’`]?z(?:b(?:ek(?:cha|tili)?)?)?|ўз(?:б(?:екча)?)?|рус(?:ский|ча|ша)?|eng(?:lish)?|қаз(?:ақша)?"
    r"|qaz(?:aqşa|aqsha)?|кыр(?:гызча)?|тоҷ(?:икӣ)?|türkmen(?:çe)?|lotin(?:cha)?|k[iy]ril(?:l?cha)?|кирил(?:л?ча)?"
    r"|лотин(?:ча)?|latyn(?:ça)?)$",
    re.IGNORECASE,
)


def section_from(document: Document, data: Json, outline: Outline, headline_at: int) -> Found | None:
    """Return the section: of meta, script data and breadcrumbs the first, else the lone words at the headline."""
    for key in ("article:section", "og:article:section", "parsely-section", "section", "category"):
        for text in document.meta.get(key, ())[:1]:
            if 1 < len(text) <= 60 and "://" not in text:
                return Found(plain(text), "open-graph" if ":" in key else "meta", 0.9)
    told = data.get("articleSection")
    told = told[0] if isinstance(told, list) and told else told
    if 1 < len(plain(told)) <= 60:
        return Found(plain(told), "json-ld", 0.9)
    crumb = _last_crumb(document)
    if crumb:
        return Found(crumb, "json-ld", 0.8)
    return _printed_section(outline, headline_at)


def _last_crumb(document: Document) -> str:
    for data in document.json_ld:
        items = data.get("itemListElement")
        if "BreadcrumbList" not in types(data) or not isinstance(items, list):
            continue
        names = [plain(item.get("name") or (item["item"].get("name") if isinstance(item.get("item"), dict) else None))
                 for item in items[:10] if isinstance(item, dict)]
        sections = [name for name in names[:-1] if name and len(name) <= 40 and not _HOME.match(name)]
        if sections:
            return sections[-1]
    return ""


def _printed_section(outline: Outline, headline_at: int) -> Found | None:
    """Return a line of one to three words around the headline that is no name, date or count."""
    if headline_at < 0:
        return None
    for index in (headline_at + 1, headline_at - 1, headline_at + 2):
        if not 0 <= index < len(outline.lines):
            continue
        line = outline.lines[index]
        hints = outline.hints[line.box]
        words = line.text.split()
        lone = len(words) <= 3 and 3 <= len(line.text) <= 30 and all(word.isalpha() or word == "&" for word in words)
        plain_box = outline.tags[line.box] in ("p", "div", "span")
        if _HOME.match(line.text) or _TONGUE.match(line.text) or hints & HIDDEN:
            continue
        if lone and not hints & (BYLINE | DATE) and (hints & SECTION or plain_box):
            return Found(line.text, "structure", 0.5)
    return None


def tags_from(document: Document, data: Json) -> tuple[tuple[str, ...], str]:
    """Return the tags of script data and meta, the first that hold any, and which of them it was."""
    told = data.get("keywords")
    texts = [plain(item) for item in told] if isinstance(told, list) else _listed(plain(told))
    source = "json-ld"
    for key in _KEYWORDS:
        if texts:
            break
        contents, source = document.meta.get(key, ()), "open-graph" if ":" in key else "meta"
        texts = list(contents) if len(contents) > 1 else _listed(contents[0]) if contents else []
    return tuple(dict.fromkeys(text for text in map(squeezed, texts) if 1 < len(text) <= 80))[:50], source


def _listed(text: str) -> list[str]:
    return re.split(r"\s*[,;|]\s*", text) if text else []


def language_from(
    document: Document, data: Json, text: str, *, edition: str | None = None, declared: str | None = None
) -> Found | None:
    """Return the language as BCP 47: the edition's, the page's, the source's, the text's; the first the text allows."""
    claims = (
        Found(edition, "url", 0.9) if edition else None,
        _claimed_language(document, data),
        Found(declared, "source", 0.7) if declared else None,
    )
    for claim in filter(None, claims):
        tag = settled(claim.value, text)
        if tag is not None:
            return replace(claim, value=tag)
    told = language_of(text) or language_of_script(text)
    return Found(told, "text", 0.8) if told else None


def _claimed_language(document: Document, data: Json) -> Found | None:
    root = document.tree.root
    claims = (
        (root.attributes.get("lang") if root is not None else None, "structure", 0.8),
        (data.get("inLanguage"), "json-ld", 0.8),
        (next(iter(document.meta.get("og:locale", ())), None), "open-graph", 0.7),
        (next(iter(document.meta.get("content-language", ())), None), "meta", 0.6),
    )
    for claim, source, sure in claims:
        match = _LOCALE.match(claim.strip()) if isinstance(claim, str) else None
        if match is not None:
            parts = (match[1].lower(), (match[2] or "").title(), (match[3] or "").upper())
            return Found("-".join(part for part in parts if part), source, sure)
    return None


def claims_story(document: Document, data: Json) -> bool:
    """Tell whether the page says that it is a story, in script data or Open Graph."""
    kinds = " ".join(document.meta.get("og:type", ())).lower()
    told = "article" in kinds or kinds.startswith("video")
    return bool(data) or told or "article:published_time" in document.meta


def standfirst_from(document: Document, data: Json) -> str:
    """Return the description of a page that claims to be a story: all there is of one told in pictures or film."""
    texts = (plain(data.get("description")), *(plain(text) for text in document.meta.get("og:description", ())[:1]))
    return next((text for text in texts if len(text) >= 50), "") if claims_story(document, data) else ""


def lead_from(document: Document, data: Json, body: str) -> Found | None:
    """Return the standfirst if it opens the body, else the first paragraph."""
    first = body.split("\n", 1)[0]
    opening = folded(body[:200])
    for text, source in (
        (plain(data.get("description")), "json-ld"),
        *((plain(text), "meta") for text in document.meta.get("description", ())[:1]),
        *((plain(text), "open-graph") for text in document.meta.get("og:description", ())[:1]),
    ):
        if len(text) >= 30 and opening.startswith(folded(text[:150]).rstrip(".…")):
            return Found(first if len(text) > len(first) else text, source, 0.9)
    return Found(first, "structure", 0.7) if first else None


def canonical_from(document: Document, data: Json) -> Found | None:
    """Return the address the page calls its own, if it is on the same host and not the home page."""
    claims = (
        *((href, "structure") for href in document.links.get("canonical", ())[:1]),
        *((href, "open-graph") for href in document.meta.get("og:url", ())[:1]),
        (plain(data.get("url")), "json-ld"),
    )
    for href, source in claims:
        url = absolute(href, document.base) if href else None
        if url is not None and _bare(host(url)) == _bare(host(document.url)) and (split(url) or split("http://x/")).path.strip("/"):  # type: ignore[union-attr]
            return Found(url, source, 0.9)
    return None


def _bare(name: str) -> str:
    return re.sub(r"^(?:www|m|amp|mobile)\.", "", name)
