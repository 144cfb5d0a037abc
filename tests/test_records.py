"""Records: what goes to a worker and comes back is the same."""

from __future__ import annotations

import copy
import pickle
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from scraper import records, source
from scraper.records import Article, Image, Page, Quote, Record, Stamp, Ticker
from scraper.source import Feed, Layout, Source

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
URL = "https://news.example/thaw"
PAGE = Page(
    URL, NOON, Article(URL, "Thaw", "The river rose.", published=Stamp("2 March", NOON, date(2026, 3, 2)),
                       images=(Image(0, None, caption="The river"),)),
    ticker=Ticker((Quote("KGS", "USD", Decimal("0.01144"), "0.01144"),), cells=8),
)  # fmt: skip
SOURCE = Source("news", "https://news.example/", (Feed("https://news.example/feed"),), layouts=(Layout(body="main"),))
KINDS = [kind for room in (records, source) for kind in vars(room).values()
         if is_dataclass(kind) and isinstance(kind, type) and kind.__module__ == room.__name__]


@pytest.mark.parametrize("record", [PAGE, SOURCE, Ticker(), Feed(URL)], ids=lambda record: type(record).__name__)
def test_a_record_comes_out_of_a_worker_as_it_went_in(record: Record) -> None:
    """With all records inside it."""
    assert pickle.loads(pickle.dumps(record)) == record
    assert copy.deepcopy(record) == record


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_record_is_pickled_by_its_fields_alone(kind: type) -> None:
    """All of them are given to its constructor, in their order; nothing else is carried along."""
    needed = [spec for spec in fields(kind) if spec.default is MISSING and spec.default_factory is MISSING]
    record = kind(*(spec.name for spec in needed))

    made, values = record.__reduce__()

    assert (made, values) == (kind, tuple(getattr(record, spec.name) for spec in fields(kind)))
    assert not hasattr(record, "__dict__")
