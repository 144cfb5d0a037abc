"""Bytes in, document out: text, tree, metadata and script data, each read once. No network, no disk, no clock."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urljoin

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode, SelectolaxError

from scraper.charsets import decoded
from scraper.errors import ParseError
from scraper.markup import break_lines, shadows_opened
from scraper.scriptdata import Json, json_objects
from scraper.text import squeezed


def names(text: str) -> frozenset[str]:
    """Return the words of `text` as a set."""
    return frozenset(text.split())


# What Lexbor 2.6 takes quadratic time over, measured: 12,000 nested lists 0.5 s, 20,000 1.5 s; 20,000 options 1 s,
# 50,000 6 s; 20,000 attributes 0.6 s. Of 949 real pages one had more than 10,000 tags, the largest select 392 options.
MAX_CHEAP_TAGS = 10_000
MAX_DEPTH = 5_000
MAX_OPTIONS = 10_000
MAX_TAGS = 500_000  # a million empty elements take 184 MB in the tree; of 949 real pages none had 20,000
MAX_ATTRIBUTES = 10_000

_TAGS = re.compile(r"<!--.*?(?:-->|\Z)|<(?P<closing>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)", re.DOTALL)
_VALUE = re.compile(r"""="[^"]*"|='[^']*'""")  # a description may hold more words than a tag attributes
_NEVER_DEEP = names(
    "area base br col embed hr img input link meta source track wbr p li dt dd option optgroup tr td th html head body"
)
_QUIET = int(LexborDocumentOptions.WO_EVENTS)  # a fortieth of the parse is for who listens to changes; nobody does
_META_NAMES = ("property", "name", "itemprop", "http-equiv")

_UNSEEN = names("script style template noscript head title iframe object svg math textarea select datalist")
BLOCKS = names(
    "address article aside blockquote body br caption center dd details dialog div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main marquee menu nav ol option p pre section summary"
    " table tbody td tfoot th thead tr ul"
)


def bomb(markup: bytes | str) -> str | None:
    """Return why this markup may not be parsed, None if it may; linear in its length.

    Bombs made to look harmless (end tags in quoted values) pass: the worker that parses them is killed.
    """
    text = markup.decode("latin-1") if isinstance(markup, bytes) else markup
    if any(_attributes(piece) > MAX_ATTRIBUTES for piece in _long_pieces(text)):
        return f"over {MAX_ATTRIBUTES} attributes in one tag"
    tags = text.count("<")
    if tags > MAX_TAGS:
        return f"over {MAX_TAGS} tags"
    return _too_nested(text) if tags > MAX_CHEAP_TAGS else None


def _long_pieces(text: str) -> Iterator[str]:
    """Yield each stretch without a ">" that may be a tag of too many attributes, each at least two characters."""
    at = 0
    while at < len(text):
        end = text.find(">", at, at + MAX_ATTRIBUTES)
        if end < 0:
            start = text.rfind(">", 0, at) + 1
            end = text.find(">", at)
            end = end if end >= 0 else len(text)
            yield text[start:end]
            at = end
        at += MAX_ATTRIBUTES


def _attributes(piece: str) -> int:
    """Count the attributes of the tag that ends this piece; none where it ends in no tag, as script text does."""
    start = piece.rfind("<") + 1
    tag = _VALUE.sub("=", piece[start:]) if start and piece[start : start + 1].isalpha() else ""
    return len(tag.split(None, MAX_ATTRIBUTES + 1)) - 1


def _too_nested(text: str) -> str | None:
    open_tags: dict[str, int] = {}
    depth = options = 0
    for match in _TAGS.finditer(text):
        name = (match["name"] or "").lower()
        options += name == "option" and not match["closing"]
        if not name or name in _NEVER_DEEP:
            continue
        if not match["closing"]:
            open_tags[name] = open_tags.get(name, 0) + 1
            depth += 1
        elif open_tags.get(name, 0) > 0:
            open_tags[name] -= 1
            depth -= 1
        if depth > MAX_DEPTH:
            return f"nested over {MAX_DEPTH} deep"
    return f"over {MAX_OPTIONS} options" if options > MAX_OPTIONS else None


@dataclass
class Document:
    """A parsed page; `json_ld` and `meta` are read when first asked for.

    `borne` keeps the object of its script state that was found to bear a headline, by that headline.
    """

    url: str
    tree: LexborHTMLParser
    borne: dict[str, Json] = field(default_factory=dict)

    @cached_property
    def meta(self) -> Mapping[str, tuple[str, ...]]:
        """Map each `<meta>` name, property or itemprop, in lower case, to its contents in page order."""
        found: dict[str, list[str]] = {}
        for node in self.tree.tags("meta"):
            attributes = node.attributes
            content = attributes.get("content")
            if not content:
                continue
            for name in _META_NAMES:
                key = attributes.get(name)
                if key:
                    found.setdefault(key.strip().lower(), []).append(squeezed(content))
        return {key: tuple(contents) for key, contents in found.items()}

    @cached_property
    def _links(self) -> tuple[dict[str, str | None], ...]:
        return tuple(node.attributes for node in self.tree.tags("link"))

    @cached_property
    def links(self) -> Mapping[str, tuple[str, ...]]:
        """Map each rel of a `<link>`, in lower case, to its targets in page order, as written."""
        found: dict[str, list[str]] = {}
        for attributes in self._links:
            for rel in (attributes.get("rel") or "").lower().split():
                found.setdefault(rel, []).append((attributes.get("href") or "").strip())
        return {rel: tuple(targets) for rel, targets in found.items()}

    @cached_property
    def editions(self) -> tuple[tuple[str, str], ...]:
        """Return hreflang and target of each alternate `<link>` that has both, in page order, as written."""
        named = ((link.get("hreflang") or "", link.get("href") or "") for link in self._links
                 if link.get("hreflang") and "alternate" in (link.get("rel") or "").lower().split())  # fmt: skip
        return tuple((language.strip(), target.strip()) for language, target in named if language and target)

    @cached_property
    def base(self) -> str:
        """Return what relative addresses are read against: the page's own, or what `<base>` says (HTML, 4.2.3)."""
        head = self.tree.head
        node = head.css_first("base[href]") if head is not None else None
        try:
            return urljoin(self.url, (node.attributes.get("href") or "").strip()) if node is not None else self.url
        except ValueError:
            return self.url

    @cached_property
    def title(self) -> str:
        """Return the first `<title>` that has a text."""
        first = self.tree.css_first("title")  # near the top: no need to go through the whole tree
        told = squeezed(first.text()) if first is not None else ""
        return told or next((text for node in self.tree.tags("title") if (text := squeezed(node.text()))), "")

    @cached_property
    def json_ld(self) -> tuple[Json, ...]:
        """Return the objects of every JSON-LD script, lists and @graph flattened, in page order."""
        found: list[Json] = []
        for node in self.scripts:
            if "ld+json" in (node.attributes.get("type") or "").lower():
                found.extend(json_objects(node.text()))
        return tuple(found)

    @cached_property
    def scripts(self) -> tuple[LexborNode, ...]:
        """Return the `<script>` nodes in page order."""
        return tuple(self.tree.tags("script"))


def is_selector(text: str) -> bool:
    """Tell whether `text` can be asked for as a CSS selector."""
    try:
        LexborHTMLParser("<p>").css(text)
    except SelectolaxError:
        return False
    return True


def document_from(body: bytes, content_type: str | None, url: str) -> Document:
    """Decode and parse a page.

    Raises:
        ParseError: the markup is a bomb.
    """
    text, charset = decoded(body, content_type)
    # Lexbor reads UTF-8: encoding once more what came so costs a fifth of the parse
    same = charset == "utf-8" and not body.startswith(BOM_UTF8) and b"\0" not in body and "\ufffd" not in text
    return _parsed(text, body if same else text, url)


def document_from_text(text: str, url: str) -> Document:
    """Parse a page that is text already.

    Raises:
        ParseError: the markup is a bomb.
    """
    return _parsed(text, text, url)


def _parsed(text: str, markup: str | bytes, url: str) -> Document:
    if (why := bomb(text)) is not None:
        raise ParseError(f"markup refused, {why}", url)
    tree = LexborHTMLParser(markup, options=_QUIET)
    if any("shadowrootmode" in node.attributes for node in tree.tags("template")):  # a third of a search of the text
        opened = shadows_opened(text)
        if opened != text:
            return _parsed(opened, opened, url)
    break_lines(tree)
    return Document(url, tree)


def page_text(document: Document) -> str:
    """Return the text a reader sees: a line per block element, a space between the inline ones."""
    parts: list[str] = []
    for node, entering in _walk(document.tree.body):
        if node.is_text_node and entering:
            parts.append((node.text_content or "").replace("\n", " ").replace("\r", " "))
        elif node.tag in BLOCKS:
            parts.append("\n")
        else:
            parts.append(" ")
    lines = (squeezed(line) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _walk(root: LexborNode | None) -> Iterator[tuple[LexborNode, bool]]:
    """Yield each seen node on the way in, and each element again on the way out."""
    stack: list[tuple[LexborNode, bool]] = [(root, True)] if root is not None else []
    while stack:
        node, entering = stack.pop()
        if entering and node.next is not None and node is not root:
            stack.append((node.next, True))
        if entering and node.is_element_node and node.tag in _UNSEEN:
            continue
        if node.is_element_node or node.is_text_node:
            yield node, entering
        if entering and node.is_element_node:
            stack.append((node, False))
            if node.first_child is not None:
                stack.append((node.first_child, True))
