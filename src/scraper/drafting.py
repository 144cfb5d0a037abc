"""What was found of a site in, its source file out, as text: TOML that says why each line is there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from scraper.prospect import Finding, FrontPage, country_of, story_pattern, zone_from
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


def source_module(draft: Draft) -> str:
    """Return the source as a module of the package."""
    return "\n".join(_module_lines(draft)) + "\n"


def _module_lines(draft: Draft) -> Iterator[str]:
    front, places = draft.front, [finding.prospect.place for finding in useful(draft.findings)]
    kinds = sorted({type(place).__name__ for place in places})
    yield f'"""{squeezed(front.name).replace(chr(34), "")}: what it writes about, in which languages, in a sentence.'
    yield ""
    yield f"Looked at by `scraper new-source` on {draft.made}; what is below was seen in real pages."
    yield '"""'
    yield from ("", "from __future__ import annotations", "")
    yield f"from scraper.source import {', '.join(sorted({*kinds, 'Source'}))}"
    yield from ("", "SOURCE = Source(", f"    key={_text(draft.key)},", f"    name={_text(front.name)},")
    yield f"    home={_text(f'{origin(front.url)}/')},"
    if land := country_of(front.url):
        yield f"    country={_text(land.upper())},"
    yield f"    language={_text((draft.story and draft.story.language) or 'en')},"
    yield f"    timezone={_text(zone_from(front.url) or 'UTC')},"
    yield "    discover=("
    yield from (f"        {type(place).__name__}({_text(place.url)})," for place in places)
    yield "    ),"
    basis = ", ".join(f'{_text(name.lower())}: "page"' for name in kinds)
    yield from (f"    basis={{{basis}}},", ")")


def address_file(draft: Draft) -> str:
    """Return the addresses seen, as the tests of the built-in sources read them."""
    listings = [each.prospect.place.url for each in useful(draft.findings) if isinstance(each.prospect.place, Listing)]
    shown = (("stories", ()), ("listings", listings))
    return "".join(f"{name} = [\n" + "".join(f"  {_text(url)},\n" for url in urls) + "]\n" for name, urls in shown)


def stories_of(draft: Draft) -> tuple[str, ...]:
    """Return every story found, each once."""
    return tuple(dict.fromkeys(story for finding in draft.findings for story in finding.stories))


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
    pattern = story_pattern(stories_of(draft))
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
