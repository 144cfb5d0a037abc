"""The invented stories: text files in, Story records out. What a site shows on a day is decided here."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

FIRST_DAY = date(2025, 10, 6)  # a Monday; the stories name their weekdays
DAYS = 4

_IMAGE = re.compile(r"!\[([^\]]+)\]\((.+)\)")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One block of a story: kind is paragraph, heading, quotation or image; `url` is an image's."""

    kind: str
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """A story file: its fields as written, its text before and after the publisher's corrections."""

    slug: str
    fields: dict[str, str]
    text: str
    corrections: tuple[tuple[int, str, str], ...] = ()

    @property
    def headline(self) -> str:
        """Return the headline."""
        return self.fields["headline"]

    @property
    def day(self) -> int:
        """Return the day of its publication, from 1."""
        return int(self.fields["day"])

    @property
    def withdrawn(self) -> int:
        """Return the day on which it is gone, DAYS + 1 if never."""
        return int(self.fields.get("withdrawn", DAYS + 1))

    def modified(self, day: int) -> int:
        """Return the last day up to `day` on which the text changed."""
        return max((since for since, _, _ in self.corrections if since <= day), default=self.day)

    def paragraphs(self, day: int) -> tuple[Paragraph, ...]:
        """Return the text as it stands on `day`."""
        text = self.text
        for since, before, after in self.corrections:
            if since <= day:
                text = text.replace(before, after)
        return tuple(_paragraph(block) for block in text.split("\n\n"))


def date_of(day: int) -> date:
    """Return the date of the demo's day, from 1."""
    return FIRST_DAY + timedelta(days=day - 1)


@cache
def stories(site: str) -> tuple[Story, ...]:
    """Return every story of a site, the newest first."""
    folder = files(__package__) / "stories" / site
    found = [_story(entry.name.removesuffix(".txt"), entry.read_text("utf-8")) for entry in folder.iterdir()]
    return tuple(sorted(found, key=lambda story: (story.day, story.fields.get("time", ""), story.slug), reverse=True))


def shown(every: tuple[Story, ...], day: int) -> tuple[Story, ...]:
    """Return the stories that stand on `day`."""
    return tuple(story for story in every if story.day <= day < story.withdrawn)


@cache
def rates(day: int) -> tuple[str, ...]:
    """Return the ticker's entries of a day, such as ANR/USD = 0.01144 0%."""
    table = tomllib.loads((files(__package__) / "rates.toml").read_text("utf-8"))
    return tuple(f"{pair} = {rate}" for pair, rate in table["day"][day - 1].items())


def _story(slug: str, content: str) -> Story:
    head, text = content.strip().split("\n\n", 1)
    lines = [line.split(": ", 1) for line in head.splitlines()]
    fields = {name: value for name, value in lines if name != "corrected"}
    return Story(slug, fields, text, tuple(_correction(value) for name, value in lines if name == "corrected"))


def _correction(value: str) -> tuple[int, str, str]:
    day, before, after = value.split(" | ")
    return int(day), before, after


def _paragraph(block: str) -> Paragraph:
    image = _IMAGE.fullmatch(block)
    if image:
        return Paragraph("image", image[2], image[1])
    for mark, kind in (("## ", "heading"), ("> ", "quotation")):
        if block.startswith(mark):
            return Paragraph(kind, block.removeprefix(mark))
    return Paragraph("paragraph", block)
