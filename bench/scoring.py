"""Score a prediction against a page's gold; the measures of the public benchmarks, written again. Stdlib only.

body      shingles of four words: precision, recall and their F1 per page; unspaced scripts sign by sign.
paragraph whole paragraphs as a multiset.     segments  texts that the body must, and must not, hold.
title     equal after folding.                date      same day, same minute.
authors   F1 of the two sets of names.        captions  pairs from token F1 0.75 on.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, time
from statistics import mean
from typing import Any

Gold = Mapping[str, Any]
Score = dict[str, Any]

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_SAME_CAPTION = 0.75


def tokens(text: str | None) -> list[str]:
    """Return the words of `text`, the signs of unspaced scripts one by one."""
    return _TOKEN.findall(_INVISIBLE.sub("", unicodedata.normalize("NFC", text or "")))


def shingles(text: str | None) -> Counter[tuple[str, ...]]:
    """Return the runs of four words in `text`."""
    words = tokens(text)
    return Counter(tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3)) if words)


def rates(hits: float, given: float, wanted: float) -> tuple[float, float, float]:
    """Return precision, recall and F1."""
    precision = hits / given if given else 0.0
    recall = hits / wanted if wanted else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def overlap(wanted: Counter[Any], given: Counter[Any]) -> tuple[float, float, float]:
    """Return precision, recall and F1 of two multisets."""
    return rates(sum((wanted & given).values()), sum(given.values()), sum(wanted.values()))


def folded(text: object) -> str:
    """Fold a title, name or caption for comparison: quotes, dashes, case, spaces, a final full stop."""
    plain = unicodedata.normalize("NFKC", html.unescape(str(text or ""))).casefold()
    plain = _INVISIBLE.sub("", re.sub("[‘’‚‛`´ʻʼ“”„‟«»‹›\"]", "'", plain))
    return re.sub(r"\s+", " ", re.sub("[‐‑‒–—―−]", "-", plain)).replace("''", "'").strip(" .")


def squeezed(text: str | None) -> str:
    """Return the text on one line, without what nobody sees."""
    return re.sub(r"\s+", " ", _INVISIBLE.sub("", text or "")).strip()


def wanted_lines(gold: Gold, body: str) -> list[str]:
    """Return the gold's lines, each optional one kept or dropped as suits the body (greedy)."""
    lines = list(gold["paragraphs"]) if "paragraphs" in gold else gold["body"].splitlines()
    given, kept = shingles(body), set(range(len(lines)))

    def f1(keep: set[int]) -> float:
        return overlap(shingles("\n".join(lines[at] for at in sorted(keep))), given)[2]

    best = f1(kept)
    for at in gold.get("optional", ()):
        trial = f1(kept - {at})
        if trial > best:
            kept, best = kept - {at}, trial
    return [lines[at] for at in sorted(kept)]


def page_score(gold: Gold, given: Mapping[str, Any]) -> Score:
    """Return what can be measured on one page; keys the gold does not annotate are absent."""
    score: Score = {}
    body = given.get("body") or ""
    if "paragraphs" in gold or "body" in gold:
        lines = wanted_lines(gold, body)
        score["page_f1"] = overlap(shingles("\n".join(lines)), shingles(body))[2]
        score["paragraph_f1"] = overlap(_bag(lines), _bag(body.splitlines()))[2]
    if "with" in gold:
        score["segments"] = _segments(gold, squeezed(body))
    if gold.get("title"):
        score["title"] = float(folded(gold["title"]) == folded(given.get("title")))
    score |= _dates(gold.get("date"), given.get("date"))
    if gold.get("authors"):
        wanted, found = _names(gold["authors"]), _names(given.get("authors") or ())
        score["authors"] = rates(len(wanted & found), len(found), len(wanted))[2]
    if "captions" in gold:
        captions = list(dict.fromkeys(text for text in given.get("captions") or () if text and text.strip()))
        score["captions"] = (_matched(gold["captions"], captions), len(captions), len(gold["captions"]))
    return score


def _names(names: Iterable[str]) -> set[str]:
    return {folded(name) for name in names if name}


def _bag(lines: Iterable[str]) -> Counter[str]:
    return Counter(text for text in (" ".join(tokens(line)) for line in lines) if text)


def _segments(gold: Gold, body: str) -> tuple[int, int, int]:
    hits = sum(squeezed(text) in body for text in gold["with"])
    return hits, hits + sum(squeezed(text) in body for text in gold["without"]), len(gold["with"])


def _moment(value: object) -> datetime | None:
    text = str(value or "").strip().replace("Z", "+00:00")
    for cut in (text, text[:19], text[:10]):
        try:
            return datetime.fromisoformat(cut)
        except ValueError:
            continue
    return None


def _dates(gold: object, given: object) -> Score:
    wanted, found = _moment(gold), _moment(given)
    if wanted is None:
        return {}
    days = {found.date()} if found else set()
    if found and wanted.tzinfo and found.tzinfo:
        days.add(found.astimezone(wanted.tzinfo).date())
    score: Score = {"date_day": float(wanted.date() in days), "date_given": float(found is not None)}
    if len(str(gold)) > 10 and wanted.time() != time.min:  # midnight stands for "no time given"
        score["date_minute"] = float(found is not None and len(str(given)) > 10 and _same_minute(wanted, found))
    return score


def _same_minute(wanted: datetime, found: datetime) -> bool:
    if not (wanted.tzinfo and found.tzinfo):
        wanted, found = wanted.replace(tzinfo=None), found.replace(tzinfo=None)
    return abs((wanted - found).total_seconds()) < 60


def _matched(wanted: Sequence[str], given: Sequence[str]) -> int:
    bags, hits = [Counter(tokens(folded(text))) for text in given], 0
    for text in wanted:
        bag = Counter(tokens(folded(text)))
        best = max(range(len(bags)), key=lambda at: overlap(bag, bags[at])[2], default=None)
        if best is not None and overlap(bag, bags[best])[2] >= _SAME_CAPTION:
            hits += 1
            bags.pop(best)
    return hits


def _mean(key: str) -> Callable[[Sequence[Score]], float | None]:
    def of(pages: Sequence[Score]) -> float | None:
        values = [page[key] for page in pages if key in page]
        return 100 * mean(values) if values else None

    return of


def _pooled(key: str) -> Callable[[Sequence[Score]], float | None]:
    def of(pages: Sequence[Score]) -> float | None:
        counts = [page[key] for page in pages if key in page]
        return 100 * rates(*(sum(column) for column in zip(*counts, strict=True)))[2] if counts else None

    return of


def _bad_pages(pages: Sequence[Score]) -> float | None:
    values = [page["page_f1"] < 0.5 for page in pages if "page_f1" in page]
    return 100 * mean(values) if values else None


def _date_precision(pages: Sequence[Score]) -> float | None:
    given = sum(page["date_given"] for page in pages if "date_given" in page)
    return 100 * sum(page["date_day"] for page in pages if "date_day" in page) / given if given else None


# name in the table -> its value over many pages, in percent
MEASURES: dict[str, Callable[[Sequence[Score]], float | None]] = {
    "page F1": _mean("page_f1"),
    "pages under 0.5": _bad_pages,
    "paragraph F1": _mean("paragraph_f1"),
    "segments F1": _pooled("segments"),
    "title": _mean("title"),
    "date, day": _mean("date_day"),
    "date, day (precision)": _date_precision,
    "date, minute": _mean("date_minute"),
    "authors F1": _mean("authors"),
    "captions F1": _pooled("captions"),
}
