"""The catalogue as a table, out of the sources themselves: `python -m scraper.sources.handbook` prints it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from scraper.source import Source
from scraper.sources import ALL

COUNTRIES: Mapping[str | None, str] = {
    "KG": "Kyrgyzstan", "KZ": "Kazakhstan", "TJ": "Tajikistan", "TM": "Turkmenistan", "UZ": "Uzbekistan",
    None: "Regional",
}  # fmt: skip
FACTS = ("story", "listing", "feed", "sitemap", "wordpress", "editions", "layouts", "widgets")


def languages(source: Source) -> tuple[str, ...]:
    """Return the languages a source declares, its own first, those of its editions after it."""
    return tuple(dict.fromkeys(filter(None, (source.language, *(edition.language for edition in source.editions)))))


def state(source: Source) -> str:
    """Return how far a source can be trusted: verified, experimental, or own for a user's."""
    if not source.basis:
        return "own"
    return "experimental" if source.experimental else "verified"


def tally(sources: Iterable[Source]) -> str:
    """Return how many sources there are, verified and experimental apart."""
    states = [state(source) for source in sources]
    counts = ", ".join(f"{states.count(name)} {name}" for name in ("verified", "experimental", "own") if name in states)
    return f"{len(states)} sources: {counts}"


def handbook(sources: Iterable[Source]) -> Iterator[str]:
    """Yield the sources as lines of Markdown, a table per country."""
    ordered = sorted(sources, key=lambda source: (COUNTRIES[source.country], source.key))
    yield from (f"{tally(ordered)}; {sum(1 for source in ordered if source.live)} tried live.", "")
    for country, group in groupby(ordered, key=lambda source: source.country):
        yield from (f"## {COUNTRIES[country]}", "")
        yield f"| key | site | state | languages | zone | {' | '.join(FACTS)} |"
        yield "|---" * (5 + len(FACTS)) + "|"
        yield from map(_row, group)
        yield ""


def _row(source: Source) -> str:
    cells = (
        f"`{source.key}`", f"[{source.name}]({source.home})", state(source), " ".join(languages(source)),
        source.timezone, *(source.basis.get(fact, "") for fact in FACTS),
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    print("\n".join(handbook(ALL.values())))
