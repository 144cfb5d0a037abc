"""Score our extraction on a folder of annotated pages, beside trafilatura and the bare parse, in one run.

    python bench/extraction.py FOLDER [--sets a,b] [--limit N]

FOLDER holds `<set>.jsonl`, a page a line: id, url, publisher, html_path, gold; docs/benchmarks.md says how to build one
from the public benchmarks. Prints a markdown table: all pages, and apart the third of publishers held out by a hash,
with the difference to trafilatura and its 95 % interval (paired bootstrap over pages). CPU is taken page by page, the
order shuffled, and given as a ratio to the bare parse: other load on the machine falls on all of them alike.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import importlib
import io
import json
import logging
import lzma
import random
import resource
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from scoring import MEASURES, Score, page_score
from scraper.charsets import decoded
from scraper.errors import ParseError
from scraper.parse import extract

Prediction = Mapping[str, Any]
Extractor = Callable[[str, str], Prediction]
_ROUNDS = 1000


@dataclass(slots=True)
class Run:
    """One extractor over the folder: a prediction per page, and the CPU seconds of all."""

    extractor: Extractor
    predictions: dict[str, Prediction] = field(default_factory=dict)
    seconds: float = 0.0


def ours(html: str, url: str) -> Prediction:
    """Run `scraper.extract`; a page that holds no article yields nothing."""
    try:
        article = extract(html, url)
    except ParseError:
        return {}
    return {
        "title": article.headline,
        "body": article.body,
        "authors": article.authors,
        "date": article.published.isoformat() if article.published else None,
        "captions": [image.caption for image in article.images if image.caption],
    }


def bare(html: str, _url: str) -> Prediction:
    """Parse the page and do nothing with it."""
    LexborHTMLParser(html)
    return {}


def trafilatura() -> Extractor | None:
    """Return the peer as its own benchmark calls it, None where it is not installed."""
    try:
        peer = importlib.import_module("trafilatura")
    except ImportError:
        return None

    def run(html: str, url: str) -> Prediction:
        found = peer.bare_extraction(html, url=url, with_metadata=True, include_comments=False)
        if found is None:
            return {}
        authors = [name.strip() for name in (found.author or "").split(";") if name.strip()]
        return {"title": found.title, "date": found.date, "body": found.text, "authors": authors}

    return run


def rows(folder: Path, sets: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield the annotated pages, each with the name of its set."""
    for manifest in sorted(folder.glob("*.jsonl")):
        if not sets or manifest.stem in sets:
            for line in manifest.read_text("utf-8").splitlines():
                yield {**json.loads(line), "set": manifest.stem}


def html_of(folder: Path, row: Mapping[str, Any]) -> str:
    """Return the page's text."""
    path = folder / row["html_path"]
    body = path.read_bytes()
    body = lzma.decompress(body) if path.suffix == ".xz" else body
    return decoded(body, None)[0]


def is_held_out(row: Mapping[str, Any]) -> bool:
    """Tell whether the page's publisher is of the third that was only looked at to confirm."""
    return int(hashlib.sha1(str(row.get("group") or row["publisher"]).encode()).hexdigest(), 16) % 3 == 0


def run_all(folder: Path, pages: Sequence[Mapping[str, Any]], runs: Mapping[str, Run]) -> None:
    """Run every extractor on every page, page by page, in shuffled order."""
    for number, row in enumerate(pages):
        html = html_of(folder, row)
        order = list(runs.values())
        random.Random(number).shuffle(order)
        for run in order:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                began = time.process_time()
                found = run.extractor(html, row["url"])
                run.seconds += time.process_time() - began
            run.predictions[row["id"]] = found


def interval(left: Sequence[Score], right: Sequence[Score], measure: str) -> tuple[float, float] | None:
    """Return the 95 % interval of left minus right, pages drawn with replacement and in pairs."""
    of, differences, chance = MEASURES[measure], [], random.Random(0)
    for _ in range(_ROUNDS):
        drawn = chance.choices(range(len(left)), k=len(left))
        values = of([left[at] for at in drawn]), of([right[at] for at in drawn])
        if values[0] is None or values[1] is None:
            return None
        differences.append(values[0] - values[1])
    differences.sort()
    return differences[_ROUNDS // 40], differences[-_ROUNDS // 40]


def table(pages: Sequence[Mapping[str, Any]], runs: Mapping[str, Run]) -> Iterator[str]:
    """Yield the lines of the markdown table."""
    peer = "trafilatura" if "trafilatura" in runs else None
    yield "| set | measure | ours | ours, held out | trafilatura | difference (95 %) |"
    yield "|---|---|---|---|---|---|"
    for name in sorted({str(row["set"]) for row in pages}):
        chosen = [row for row in pages if row["set"] == name]
        scores = {key: [page_score(row["gold"], run.predictions[row["id"]]) for row in chosen]
                  for key, run in runs.items() if key != "bare parse"}
        held = [score for row, score in zip(chosen, scores["ours"], strict=True) if is_held_out(row)]
        for measure, of in MEASURES.items():
            value = of(scores["ours"])
            if value is None:
                continue
            theirs = of(scores[peer]) if peer else None
            between = interval(scores["ours"], scores[peer], measure) if peer and theirs else None
            yield f"| {name} ({len(chosen)}) | {measure} | {value:.2f} | {_shown(of(held))} | {_shown(theirs)} |" + (
                f" {value - (theirs or 0):+.2f} ({between[0]:+.2f} to {between[1]:+.2f}) |" if between else " |")


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def main() -> None:
    """Read the arguments, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sets", default="", help="comma-separated; default all")
    parser.add_argument("--limit", type=int, help="only the first N pages")
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)
    pages = list(rows(arguments.folder, [name for name in arguments.sets.split(",") if name]))[: arguments.limit]
    ours("<h1>Warm up</h1><p>text</p>", "http://localhost/")
    runs = {"ours": Run(ours), "bare parse": Run(bare)}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peer = trafilatura()
    if peer is not None:
        runs["trafilatura"] = Run(peer)
    run_all(arguments.folder, pages, runs)
    print("\n".join(table(pages, runs)))
    print("\n| CPU | ms a page | ratio to the bare parse |\n|---|---|---|")
    for name, run in runs.items():
        print(f"| {name} | {1000 * run.seconds / len(pages):.2f} | {run.seconds / runs['bare parse'].seconds:.2f} |")
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"\npeak memory {after // 1024} MB of the run with all of them, {before // 1024} MB before it")


if __name__ == "__main__":
    main()
