"""What a story page shows, made from stored values: blocks of a body, clocks, marked snippets, safe links. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from scraper.urls import split

_AMOUNTS = ((1440, "days"), (60, "hours"), (1, "minutes"))
_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "pnb", "prs", "ps", "sd", "ug", "ur", "yi"})
_RIGHT_TO_LEFT_SCRIPTS = frozenset({"adlm", "arab", "hebr", "nkoo", "rohg", "syrc", "thaa"})
_MARKED = re.compile("\x02(.*?)\x03", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a body as it is shown: kind is a block's, or "paragraph"; `level` is a heading's, 2-6."""

    kind: str
    text: str
    level: int = 2

    @property
    def lines(self) -> list[str]:
        """Return the text line by line: the entries of a list, the rows of a table."""
        return [line.strip() for line in self.text.splitlines() if line.strip()]


def blocks(body: str, body_json: str) -> tuple[Block, ...]:
    """Return the whole body in reading order; `body_json` says what kind stands from where to where."""
    found: list[Block] = []
    at = 0
    for kind in sorted(json.loads(body_json), key=lambda kind: (kind["start"], kind["end"])):
        if kind["start"] < at:  # one inside another: the outer one is shown
            continue
        found += _paragraphs(body[at:kind["start"]])
        level = min(max(kind["level"] or 2, 2), 6)  # the page has one h1, the headline
        found.append(Block(kind["kind"], body[kind["start"]:kind["end"]].strip(), level))
        at = kind["end"]
    found += _paragraphs(body[at:])
    return tuple(block for block in found if block.text)


def _paragraphs(text: str) -> Iterator[Block]:
    return (Block("paragraph", part.strip()) for part in text.split("\n\n"))


def published_times(article: dict[str, Any]) -> tuple[str, str]:
    """Return when a story was published, on the clock of its source and in UTC; a day has no clock."""
    if article["published"] is None:
        return article["published_raw"] or "no date", ""
    instant = datetime.fromisoformat(article["published"])
    if article["published_precision"] == "day":
        return f"{datetime.fromisoformat(article['published_date']):%-d %B %Y}", ""
    local = instant.astimezone(ZoneInfo(article["timezone"]))
    return f"{local:%-d %B %Y, %H:%M} ({article['timezone']})", f"{instant:%Y-%m-%d %H:%M} UTC"


def day_from(text: str | None) -> str | None:
    """Return a day given as YYYY-MM-DD; None where it is none."""
    try:
        return date.fromisoformat(text or "").isoformat()
    except ValueError:
        return None


def day_name(day: str) -> str:
    """Return a day that stands in a table as people write it."""
    return f"{date.fromisoformat(day):%A, %-d %B %Y}"


def direction(language: str | None) -> str:
    """Return in which direction a text of this language (BCP 47) runs: ltr, rtl, or auto where nobody knows."""
    if not language:
        return "auto"
    first, *others = language.lower().split("-")
    script = next((part for part in others if len(part) == 4 and part.isalpha()), None)
    to_left = first in _RIGHT_TO_LEFT if script is None else script in _RIGHT_TO_LEFT_SCRIPTS
    return "rtl" if to_left else "ltr"


def utc_clock(text: str | None) -> str:
    """Return an instant that stands in a table as people write it, to the minute."""
    return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M} UTC" if text else ""


def apart(mine: dict[str, Any], theirs: dict[str, Any]) -> str:
    """Return how long before or after one story another came out; "" where either names only the day, or nothing."""
    if not mine["published"] or not theirs["published"] or "day" in (
        mine["published_precision"], theirs["published_precision"],
    ):
        return ""
    later = datetime.fromisoformat(theirs["published"]) - datetime.fromisoformat(mine["published"])
    minutes = round(abs(later.total_seconds()) / 60)
    if not minutes:
        return "at the same time"
    size, unit = next((size, unit) for size, unit in _AMOUNTS if minutes >= 2 * size or size == 1)
    amount = "1 minute" if minutes == 1 else f"{minutes // size} {unit}"
    return f"{amount} {'later' if later.days >= 0 else 'earlier'}"


def marked(snippet: str) -> tuple[tuple[bool, str], ...]:
    """Return a snippet in stretches, each with whether it is a match; the marks themselves are gone."""
    parts = _MARKED.split(snippet)
    return tuple((at % 2 == 1, re.sub("[\x02\x03]", "", part)) for at, part in enumerate(parts) if part)


def web_address(url: str | None) -> str | None:
    """Return an address that may stand in a link: http and https only."""
    return url if url and split(url) else None
