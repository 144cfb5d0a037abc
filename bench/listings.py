"""How well listing pages are read: story links against labels made by hand, next pages against gold selectors.

    python bench/listings.py FOLDER [--misses]

FOLDER holds `pages.csv` (columns File Name, Page URL, Encoding, PREV, NEXT: CSS selectors) and `pages/NAME.html`, the
layout of TeamHG-Memex/autopager's data (MIT). The labels and their rule are in bench/listings/labels.json: addresses
only. The floor is the rule "a link of 15 or more characters inside h1-h4". F1 is per page, over addresses. The pages
marked `held_out` were labelled with the others and looked at only to confirm.

Two figures for the next page, because five of the sites call the way to older stories "previous": `as labelled` takes
NEXT to the letter (none where none is given); `by number` takes whichever of NEXT and PREV leads to a higher page.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from urllib.parse import urlsplit

from scraper.document import Document, document_from
from scraper.listings.links import sheet_from
from scraper.listings.listing import story_targets
from scraper.listings.pagination import next_page
from scraper.urls import absolute, host, normalised

LABELS = Path(__file__).parent / "listings" / "labels.json"


@dataclass(frozen=True, slots=True)
class Row:
    """One page's story links: labelled, found by the floor's rule, found by us."""

    name: str
    held_out: bool
    stories: frozenset[str]
    floor: frozenset[str]
    ours: frozenset[str]


def f1(gold: frozenset[str], found: frozenset[str]) -> float:
    """Return the harmonic mean of precision and recall; 1 where both are empty."""
    return 2 * len(gold & found) / (len(gold) + len(found)) if gold or found else 1.0


def same_host(url: str, document: Document) -> bool:
    return host(url).removeprefix("www.") == host(document.url).removeprefix("www.")


def floor_urls(document: Document) -> frozenset[str]:
    """Return what the rule to beat finds."""
    nodes = document.tree.css("h1 a[href], h2 a[href], h3 a[href], h4 a[href]")
    hrefs = (node.attributes.get("href") or "" for node in nodes if len(node.text().strip()) >= 15)
    found = (absolute(href, document.url) for href in hrefs)
    return frozenset(normalised(url) for url in found if url and same_host(url, document))


def our_urls(document: Document) -> frozenset[str]:
    """Return what a source without any pattern would be given."""
    judged = story_targets(document, sheet_from(document), lambda url: None if same_host(url, document) else False, ())
    return frozenset(target.url for target in judged)


def documents(folder: Path) -> Iterator[tuple[dict[str, str], Document]]:
    """Yield each row of pages.csv with its page."""
    with (folder / "pages.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            body = (folder / "pages" / f"{row['File Name']}.html").read_bytes()
            yield row, document_from(body, f"text/html; charset={row['Encoding']}", row["Page URL"])


def selected(document: Document, selector: str) -> set[str]:
    hrefs = [node.attributes.get("href") or "" for node in document.tree.css(selector)] if selector.strip() else []
    return {url for href in hrefs if href and (url := absolute(href, document.url))}


def numbers(url: str) -> tuple[int, ...]:
    parts = urlsplit(url)
    return tuple(map(int, re.findall(r"\d+", f"{parts.path}?{parts.query}")))


def next_verdicts(row: dict[str, str], document: Document) -> tuple[bool, bool]:
    """Return whether our next page is right as labelled, and by number."""
    following, previous = selected(document, row["NEXT"]), selected(document, row["PREV"])
    higher = {url for url in following | previous if numbers(url) > numbers(document.url)}
    found = next_page(document, sheet_from(document).links)
    return (found in following if following else found is None), (found in higher if higher else found is None)


def main(folder: Path, *, misses: bool) -> None:
    labels = json.loads(LABELS.read_text("utf-8"))["pages"]
    rows, verdicts = [], []
    for row, document in documents(folder):
        verdicts.append((row["File Name"], *next_verdicts(row, document)))
        label = labels.get(f"{row['File Name']}.html")
        if label:
            stories = frozenset(label["stories"])
            rows.append(Row(row["File Name"], label["held_out"], stories, floor_urls(document), our_urls(document)))
    report(rows, misses=misses)
    for title, column in (("as labelled", 1), ("by number", 2)):
        wrong = [str(verdict[0]) for verdict in verdicts if not verdict[column]]
        right = len(verdicts) - len(wrong)
        print(f"next page, {title}: {right} of {len(verdicts)}; wrong on {', '.join(wrong) or 'none'}")


def report(rows: list[Row], *, misses: bool) -> None:
    print("page  stories   floor    ours")
    for row in sorted(rows, key=lambda row: (row.held_out, row.name)):
        mark, floor, ours = "*" if row.held_out else " ", f1(row.stories, row.floor), f1(row.stories, row.ours)
        print(f"{row.name:>4}{mark} {len(row.stories):>7} {floor:>7.3f} {ours:>7.3f}")
        if misses:
            print("".join(f"      - {url}\n" for url in sorted(row.stories - row.ours)), end="")
            print("".join(f"      + {url}\n" for url in sorted(row.ours - row.stories)), end="")
    for title, held_out in (("tuned on", False), ("held out*", True)):
        group = [row for row in rows if row.held_out == held_out]
        floor = fmean(f1(row.stories, row.floor) for row in group)
        ours = fmean(f1(row.stories, row.ours) for row in group)
        print(f"mean of {len(group)} {title}: floor {floor:.3f}, ours {ours:.3f}")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), misses="--misses" in sys.argv)
