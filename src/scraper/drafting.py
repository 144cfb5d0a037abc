"""What was found of a site in, its source file out, as text: TOML that says why each line is there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from scraper.prospect import Finding, FrontPage, story_pattern, zone_from
from scraper.records import Article
from scraper.source import Feed, Listing, Place, Sitemap, WordPress
from scraper.text import squeezed
from scraper.urls import origin

_NAMES: dict[type[Place], str] = {Feed: "feed", Listing: "listing", Sitemap: "sitemap", WordPress: "wordpress"}


@dataclass(frozen=True, slots=True)
class Draft:
    """A source before it is one: its key, the page it was found from, what was found, one story read for a trial."""

    key: str
    front: FrontPage
    findings: tuple[Finding, ...]
    story: Article | None
    made: date


def kind(place: Place) -> str:
    """Return what a place is called in a source file."""
    return _NAMES[type(place)]


def useful(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings that brought stories."""
    return [finding for finding in findings if finding.stories]


def source_file(draft: Draft) -> str:
    """Return the text of the source file."""
    return "\n".join(_lines(draft)) + "\n"


def _lines(draft: Draft) -> Iterator[str]:
    front, zone = draft.front, zone_from(draft.front.url)
    language = draft.story.language if draft.story else None
    yield _comment(f"Written by `scraper new-source {draft.key} {front.url}` on {draft.made}; change what you like.")
    yield f"key = {_text(draft.key)}"
    yield f"name = {_text(front.name)}"
    yield f"home = {_text(f'{origin(front.url)}/')}"
    yield f"language = {_text(language)}  # of the story that was tried" if language else '# language = "en"'
    yield f"# for dates that name no offset; {'guessed from the domain' if zone else 'not known yet'}"
    yield f"timezone = {_text(zone or 'UTC')}"
    yield "# every way that brought stories; a story that several of them list is fetched once"
    yield "discover = ["
    for finding in useful(draft.findings):
        place = finding.prospect.place
        yield f"  {{ {kind(place)} = {_text(place.url)} }},  {_comment(counted(finding))}"
    yield "]"
    for finding in draft.findings:
        place = finding.prospect.place
        if not finding.stories:
            yield _comment(f"no use: {kind(place)} {place.url} ({counted(finding)})")
    yield from _pattern(draft)


def _pattern(draft: Draft) -> Iterator[str]:
    stories = tuple(dict.fromkeys(story for finding in draft.findings for story in finding.stories))
    pattern = story_pattern(stories)
    if pattern is None or "'" in pattern:
        yield "# no `story` pattern: the addresses have too little in common; a listing's structure tells the stories"
        return
    yield "# nine of ten stories found look so; uncomment it if all of them do and no other page does"
    yield f"# story = '{pattern}'"


def counted(finding: Finding) -> str:
    """Return how many stories a place brought, or why none."""
    if not finding.stories:
        return finding.fault or "no stories"
    return f"{len(finding.stories)} stories, {finding.dated} dated; {finding.prospect.why}"


def _text(value: str) -> str:
    return json.dumps(squeezed(value), ensure_ascii=False)  # a TOML basic string is escaped as JSON is


def _comment(text: str) -> str:
    return f"# {squeezed(text)}"
