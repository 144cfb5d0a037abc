"""The faults of content: pages that lie about what they are, that are none, that attack whoever reads them."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from faults.served import Verdict
from faults.site import ODD, STORIES, Story, sentences
from servers import Answer, answer

HARMFUL = "<script>alert(1)</script>"
DROP = "'; DROP TABLE articles;-- "
FORMULA = '=HYPERLINK("http://evil.example/","Open")'
PATHS = "../../../../etc/passwd"
CYRILLIC = Story(
    "/fault",
    "Старый мост через реку Тераль снова открыт",
    (
        "Работы продолжались всю зиму, и жители верхних улиц ждали этого дня с нетерпением.",
        "Инженеры заменили двадцать деревянных балок, а перила покрасили в синий цвет.",
        "Первой по мосту прошла школьная экскурсия, за ней почтальон с велосипедом.",
        "Районная управа обещает, что до осени будет готова и дорога к железнодорожной станции.",
    ),
)


@dataclass(frozen=True, slots=True)
class PageFault:
    """A page that goes wrong at /fault, what must come of it, and the story that must then be stored.

    `says` is part of the error of what is skipped; `listed` are addresses in the place of /fault.
    """

    verdict: Verdict
    page: Answer
    story: Story = ODD
    says: str = ""
    more: Mapping[str, Answer] = field(default_factory=dict)
    listed: Sequence[str] = ("/fault",)


def page_faults() -> dict[str, PageFault]:
    """Return every fault by name."""
    text = {**_types(), **_charsets(), **_none(), **_dates(), **_tickers(), **_aliases()}
    return {**text, **_bombs(), **_hostile(), **_links()}


def _odd(head: str = "", before: str = "") -> bytes:
    return answer(ODD.page(head, before))


def _types() -> dict[str, PageFault]:
    pdf = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + bytes(range(128, 256)) * 40 + b"\n%%EOF\n"
    body = ODD.page()
    bare = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
    return {
        "type-pdf": PageFault("SKIP", answer(pdf, Content_Type="application/pdf"), says="no article"),
        "type-lie": PageFault("SAFE", answer(body, Content_Type="application/octet-stream")),
        "type-none": PageFault("KEEP", bare + body),
    }


def _charsets() -> dict[str, PageFault]:
    text = CYRILLIC.page().decode()
    utf8, cp1251 = text.encode(), text.encode("cp1251")
    by_meta = text.replace('charset="utf-8"', 'charset="windows-1251"').encode("cp1251")
    broken = ODD.page().replace(ODD.sentences[4].encode(), b"Stray \xff\xc0 bytes. " + ODD.sentences[4].encode())
    nul = ODD.page().replace(b"old mill", b"old\0 mill").replace(b"In ", b"I\0n ")
    spaced = tuple(f"\u200b{sentence}\u2060" for sentence in ODD.sentences)
    marked = replace(ODD, headline=f"\u202e{ODD.headline}\u202c", sentences=spaced)
    return {
        "charset-header": PageFault("KEEP", answer(cp1251, Content_Type="text/html; charset=windows-1251"), CYRILLIC),
        "charset-meta": PageFault("KEEP", answer(by_meta, Content_Type="text/html"), CYRILLIC),
        "charset-bogus": PageFault("KEEP", answer(utf8, Content_Type="text/html; charset=x-klingon"), CYRILLIC),
        "utf8-broken": PageFault("KEEP", answer(broken)),
        "nul-bytes": PageFault("KEEP", answer(nul)),
        "bidi-zero-width": PageFault("KEEP", answer(marked.page())),
    }


def _none() -> dict[str, PageFault]:
    shell = b"<!DOCTYPE html><title>Ovan Courier</title><div id=app></div><script src=/app.js></script>"
    missing = b"<!DOCTYPE html><title>Page not found</title><h1>Page not found</h1><p>Sorry, there is no such page.</p>"
    paragraphs = "".join(f"<p>{sentence}</p>" for sentence in ODD.sentences)
    nameless = f"<!DOCTYPE html><html><body><div>{paragraphs}</div></body></html>".encode()
    return {
        "empty-200": PageFault("SKIP", answer(b""), says="no article"),
        "soft-404": PageFault("SKIP", answer(missing), says="soft 404"),
        "no-headline": PageFault("SKIP", answer(nameless), says="no headline"),
        "js-shell": PageFault("SKIP", answer(shell), says="empty shell"),
    }


def _bombs() -> dict[str, PageFault]:
    def bomb(start: str) -> PageFault:
        return PageFault("SAFE", answer(f"<html><body>{start}{ODD.page().decode()}".encode()))

    siblings = "<i></i>" * 100_000 + "".join(f"<b data-x='{'y' * 1000}'></b>" for _ in range(5_000))
    unclosed = (
        f"<html><body><a href=/1>One<a href=/2>Two<table><tr><div><td><h1>{ODD.headline}</h1><b><i></b>"
        + "<p>".join(("", *ODD.sentences)) + "<table><p><td><a href=/3>"
    )
    attributes = " ".join(f"a{n}=1" for n in range(100_000))
    return {
        "deep-dom": bomb("<div>" * 100_000),
        "deep-dom-hidden": bomb("<div><b title='</div></b>'>" * 20_000),
        "font-bomb": bomb("<font size=1>" * 50_000 + "<p>" * 50_000),
        "li-bomb": bomb("<ul><li>" * 50_000),
        "attr-bomb": bomb(f"<div {attributes}>"),
        "option-bomb": bomb("<select>" + "<option>" * 200_000),
        "wide-dom": PageFault("KEEP", _odd(before=siblings)),
        "unclosed": PageFault("KEEP", answer(unclosed.encode())),
        "redos": PageFault("SAFE", _odd(before=f"<p>{'1' * 50_000} {' ' * 50_000}x {'KGS/USD = ' * 50_000}</p>")),
    }


def _hostile() -> dict[str, PageFault]:
    figure = f"<figure><img src=/a.jpg><figcaption>{html.escape(HARMFUL)} by the river</figcaption></figure>"
    ticker = f"<p>{html.escape('KGS/USD = ' + HARMFUL)} 0%</p>"
    xss = replace(ODD, headline=f"{HARMFUL} is seen at the old mill")
    sql = replace(ODD, headline=f"{DROP}{ODD.headline}", sentences=tuple(DROP + each for each in ODD.sentences))
    sql_meta = f'<meta name="author" content="{DROP}"><meta property="article:section" content="{DROP}">'
    csv = replace(ODD, headline=FORMULA)
    images = f'<meta property="og:image" content="{PATHS}">'
    caption = f"<figure><img src='{PATHS}' alt='{PATHS}'><figcaption>{PATHS} and more</figcaption></figure>"
    return {
        "xss": PageFault("KEEP", answer(xss.page(before=figure + ticker)), xss),
        "sql-meta": PageFault("KEEP", answer(sql.page(sql_meta)), sql),
        "csv-formula": PageFault("KEEP", answer(csv.page()), csv),
        "path-traversal": PageFault("SAFE", _odd(images, caption)),
    }


def _links() -> dict[str, PageFault]:
    def canonical(address: str) -> bytes:
        return _odd(f'<link rel="canonical" href="{address}">')

    twice = "<div id=x><h1>Weather in Ovan</h1></div><div id=x></div>"
    return {
        "canonical-foreign": PageFault("SAFE", canonical("http://courier.example/story-02/")),
        "canonical-theft": PageFault("SAFE", canonical(STORIES[2].path)),
        "ids-duplicated": PageFault("KEEP", answer(ODD.page(before=twice).replace(b"<div>", b"<div id=x>"))),
    }


def _dates() -> dict[str, PageFault]:
    def page(name: str, stamp: str) -> PageFault:
        shown = f"<time datetime='{stamp}'>{stamp}</time>" if stamp else ""
        story = Story("/fault", f"The ferry of Benet sails again in spite of {name}", sentences(77))
        paragraphs = "".join(f"<p>{each}</p>" for each in story.sentences)
        return PageFault("KEEP", answer(f"<main><h1>{story.headline}</h1>{shown}{paragraphs}</main>".encode()), story)

    return {
        "no-date": page("no date", ""),
        "date-1900": page("an old date", "1900-01-01T00:00:00Z"),
        "date-future": page("a future date", "2999-12-31T10:00:00Z"),
        "date-ambiguous": page("an ambiguous date", "03/04/05"),
        "date-invalid": page("an invalid date", "2024-02-31T25:61:00Z"),
    }


MALFORMED = """\
KGS/USD = 0.01150 0%
KGS/USD = 0.01150 0%
UZS/USD = NaN 0%
TMT/USD = inf 0%
KZT/USD = -0.00190 0.2%
TJS/USD = 0 0%
AMD/USD = n/a 0%
GEL/USD = 1e400 0%
AZN/USD = 0.58820 0%
AZN/USD = 0.58820 0%
AZN/USD = 0.60000 1.1%"""


def _tickers() -> dict[str, PageFault]:
    cells = "".join(f"<li>{line}</li>" for line in MALFORMED.splitlines())
    pairs = ("KGS", "KZT", "UZS", "TJS", "TMT")
    flood = "".join(f"<li>{pairs[n % 5]}/USD = 0.0{n % 5 + 1}000 0.{n % 5}%</li>" for n in range(20_000))
    return {
        "ticker-malformed": PageFault("KEEP", _odd(before=f"<ul>{cells}</ul>")),
        "ticker-flood": PageFault("KEEP", _odd(before=f"<ul>{flood}</ul>")),
    }


ALIASES = ("?utm_source=x&utm_medium=y", "?fbclid=abc123", "amp/", "#comments", "?replytocom=7")


def _aliases() -> dict[str, PageFault]:
    """Return other addresses of a healthy story; a server that knows tracking keys answers them all alike."""
    story = STORIES[10]
    found = {}
    for number, alias in enumerate(ALIASES, 1):
        address = f"{story.path}{alias}"
        more: dict[str, Answer] = {address: answer(story.page())}
        found[f"alias-{number}"] = PageFault("KEEP", answer(b""), story, more=more, listed=(address,))
    return found
