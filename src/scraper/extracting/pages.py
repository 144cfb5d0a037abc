"""A stretch of a WARC file read: answers in, rows out. Runs in a process that a page may kill.

It says in a note how many answers it has done, so that whoever finds it dead knows at which one.
"""

from __future__ import annotations

import os
import pickle
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Final

from scraper.answers import header
from scraper.archive import Answer, Damage, answers
from scraper.errors import BodyError, ParseError, ScraperError
from scraper.extracting.rows import Row, Why, article_row, damage_row, quote_rows, unread_row
from scraper.parse import page_from
from scraper.records import Kept, Page, Response
from scraper.sights import body_of, played_back
from scraper.source import Source
from scraper.sources import ALL
from scraper.urls import host, is_story, normalised, on_site, origin, source_of

STRETCH: Final = 64  # answers read in one go
STRETCH_S: Final = 2.0  # and no further one is begun after so long
REMEMBERED: Final = 100_000  # origins whose source is known


@dataclass(frozen=True, slots=True)
class Stretch:
    """What to read: at most `most` answers of `file` from the byte `start` on; rows call the file `warc`.

    `own` are the user's sources beside the built-in ones, pickled. The note holds how many answers are done.
    """

    file: Path
    warc: str
    start: int
    most: int
    note: Path
    own: bytes
    body_bytes: int


@dataclass(slots=True)
class Read:
    """What a stretch brought, and where the next one begins; None at the file's end."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: {"articles": [], "quotes": [], "unread": []})
    counts: Counter[str] = field(default_factory=Counter)
    following: int | None = None
    unaddressed: bool = False  # one gzip over all records: nothing was read, it is to be unpacked first


def read_stretch(stretch: Stretch) -> Read:
    """Read the answers of a stretch and the articles and rates in them."""
    read, began = Read(), time.monotonic()
    with _note(stretch.note) as done:
        for number, answer in enumerate(_answers(stretch, read)):
            done(number)
            if answer.kept.offset is None or answer.kept.length is None:
                return Read(unaddressed=True)
            _read(answer, stretch, read)
            if number + 1 >= stretch.most or time.monotonic() - began > STRETCH_S:
                read.following = answer.kept.offset + answer.kept.length
                return read
    return read


def first_answer(file: Path, start: int) -> Kept | None:
    """Return the receipt of the first answer from the byte `start` on; nothing of it is parsed."""
    found = next(answers(file, start, lambda _damage: None), None)
    return found.kept if found else None


def done_of(note: Path) -> int:
    """Return what a note says: how many answers of the stretch were done when it was last written."""
    return int.from_bytes(note.read_bytes(), "little")


@contextmanager
def _note(path: Path) -> Iterator[Callable[[int], object]]:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT)
    try:
        yield lambda number: os.pwrite(descriptor, number.to_bytes(8, "little"), 0)
    finally:
        os.close(descriptor)


def _answers(stretch: Stretch, read: Read) -> Iterator[Answer]:
    def damaged(damage: Damage) -> None:
        read.rows["unread"].append(damage_row(stretch.warc, damage.offset, damage.reason))
        read.counts["damaged"] += 1

    return answers(stretch.file, stretch.start, damaged)


def _read(answer: Answer, stretch: Stretch, read: Read) -> None:
    read.counts["answers"] += 1
    if answer.repeats:
        read.counts["repeated"] += 1
    elif not _is_page(answer):
        read.counts["no page"] += 1
    else:
        read.counts["pages"] += 1
        with _Bugs(stretch.warc, answer.kept, read):
            _read_page(answer, stretch, read)


def _is_page(answer: Answer) -> bool:
    media = (header(answer.exchange.headers, "content-type") or "text/html").lower()
    return answer.exchange.status == 200 and "html" in media


def _read_page(answer: Answer, stretch: Stretch, read: Read) -> None:
    source = _sites(stretch.own).source_of(answer.exchange.url, answer.source)
    try:
        kept, page = _page(answer, source, stretch.body_bytes)
    except (BodyError, ParseError) as error:
        _leave(read, stretch.warc, answer.kept, "unreadable", error.message)
        return
    key = source.key if source else answer.source or host(page.url)
    rates = list(quote_rows(page, stretch.warc, kept, key))
    read.rows["quotes"] += rates
    read.counts["quotes"] += len(rates)
    if page.article is not None and (source is None or is_story(normalised(page.url, source.drop_query), source)):
        read.rows["articles"].append(article_row(page.article, stretch.warc, kept, key))
        read.counts["articles"] += 1
    else:
        _leave(read, stretch.warc, kept, "no article", page.missing or "no story's address")


def _page(answer: Answer, source: Source | None, limit: int) -> tuple[Kept, Page]:
    """Return the page, and the receipt of what it is a copy of."""
    exchange = played_back(answer.exchange)
    if exchange is None:
        raise BodyError("not as it was sent")
    if exchange.truncated is not None:
        raise BodyError(f"body cut off ({exchange.truncated})")
    body = body_of(exchange, limit)
    response = Response(exchange.url, exchange.url, exchange.status, exchange.headers, body, exchange.fetched)
    kept = Kept(exchange.url, exchange.fetched, exchange.status, len(exchange.wire), None, answer.kept.file,
                answer.kept.offset, answer.kept.length)
    return kept, page_from(response, source)


def _leave(read: Read, warc: str, kept: Kept, why: Why, reason: str) -> None:
    read.rows["unread"].append(unread_row(warc, kept, why, reason))
    read.counts[why] += 1


class _Sites:
    """Tells whose page it is: the source its file names, else the one whose site it is, None for a stranger's."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._sources = {source.key: source for source in sources}
        self._known: dict[str, tuple[Source, ...]] = {}

    def source_of(self, url: str, told: str | None) -> Source | None:
        site = origin(url)
        if site not in self._known:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[site] = on_site(url, self._sources.values())
        return self._sources.get(told or "") or source_of(url, self._known[site])


@lru_cache(maxsize=1)  # one extraction at a time: its sites are told apart once, not once a stretch
def _sites(own: bytes) -> _Sites:
    return _Sites({**ALL, **{source.key: source for source in pickle.loads(own)}}.values())


class _Bugs:
    """Makes a bug of ours on one page that page's own row: among a billion strangers' pages it must stop no file."""

    def __init__(self, warc: str, kept: Kept, read: Read) -> None:
        self._warc, self._kept, self._read = warc, kept, read

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, Exception) or isinstance(error, (ScraperError, MemoryError)):
            return False
        place = traceback.extract_tb(trace)[-1]
        reason = f"{type(error).__name__}: {error} ({Path(place.filename).name}, line {place.lineno})"
        _leave(self._read, self._warc, self._kept, "bug", reason)
        return True
