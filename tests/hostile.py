"""A hundred strings that want to be markup or script, some that want to be formulas, and an archive full of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from archives import NOON, STORY, saved
from scraper.records import Image, Quote
from scraper.store import Store

LEAVING = ("", "\">", "'>", "</script>", "</title>", "</textarea>", "</style>", "-->", "]]>", "\\\">")
HOSTILE = [out + text for out in LEAVING for text in (
    "<img id=canary src=x onerror=canary=1>", "<script id=canary>canary=1</script>", "<svg id=canary onload=canary=1>",
    "<canary>", "<a id=canary href=javascript:canary=1>x</a>",
    "<iframe id=canary srcdoc='<script>top.canary=1</script>'>",
    "' onmouseover='canary=1' data-canary='", "\" autofocus onfocus=canary=1 data-canary=\"",
    "{{7*7}}${canary=1}<%= canary %><b id=canary>", "\x3cscript\x3ecanary=1\x3c/script\x3e<b data-canary>",
)]  # fmt: skip
FORMULAS = ["=1+1", '=cmd|" /C calc"!A0', "@SUM(A1)", "+1+1", "-1+1", "-2+3+cmd|' /C calc'!A0", "\t=1+1", "\r=1+1"]


def hostile_archive(path: Path, texts: list[str]) -> list[int]:
    """Fill an archive with stories whose headline, caption, tag and ticker are hostile, each edited once."""
    with Store.open(path) as store:
        for number, text in enumerate(texts):
            at = NOON + timedelta(minutes=number)
            quote = Quote(text, "USD", Decimal("0.01") * (number + 1), text, None, text)
            moved = replace(quote, rate=quote.rate + Decimal("0.001"))
            story = replace(
                STORY, url=f"https://site.example/{number}/", headline=text, tags=(text,), byline=text, section=text,
                lead=text, body=f"Story {number}. {text}\n\n{STORY.body}", images=(Image(0, text, text, text, text),),
            )
            saved(store, story, at, quotes=(quote,))
            saved(store, replace(story, headline=f"{text} {number}"), at + timedelta(days=1), quotes=(moved,))
        return [row["id"] for row in store.rows("SELECT id FROM articles ORDER BY id")]
