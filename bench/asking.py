"""How long a great archive takes to answer: the search, a story, the views, the dashboards' charts, the rates."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from importlib.resources import files
from pathlib import Path

from invented import SITES, SPELLINGS, fetched, vocabulary
from scraper.store import Store

MUST_MS = {"newest 20": 10, "rare term, best 20": 60, "common term, best 20": 800}
_COMMON, _RARE = (3, 12, 30), (20_000, 35_000, 50_000)  # ranks of words

Asked = tuple[str, Callable[[], object]]


def times(question: Callable[[], object]) -> tuple[float, float]:
    """Return the CPU and the wall milliseconds of a question."""
    cpu, wall = time.process_time(), time.perf_counter()
    question()
    return 1000 * (time.process_time() - cpu), 1000 * (time.perf_counter() - wall)


def print_answers(path: Path) -> None:
    """Ask everything, each with many words, stories, sources or days, and print the 95th of a hundred."""
    with Store.reading(path) as store:
        asked: dict[str, list[tuple[float, float]]] = {}
        for name, question in questions(store):
            asked.setdefault(name, []).append(times(question))
    print(f"{'':44} {'asked':>6} {'p50 CPU':>9} {'p95 CPU':>9} {'p95 wall':>9} {'must':>6} ms")
    for name, taken in asked.items():
        cpu, wall = sorted(each[0] for each in taken), sorted(each[1] for each in taken)
        print(f"{name:44} {len(taken):6} {_quantile(cpu, 0.5):9.2f} {_quantile(cpu, 0.95):9.2f}"
              f" {_quantile(wall, 0.95):9.2f} {MUST_MS.get(name, ''):>6}", flush=True)


def _quantile(values: Sequence[float], share: float) -> float:
    return values[min(len(values) - 1, int(len(values) * share))]


def questions(store: Store) -> Iterator[Asked]:
    """Yield every question with its name, many times with other words."""
    yield from _searches(store)
    (ends,) = store.rows("SELECT (SELECT min(id) FROM articles) AS first, (SELECT max(id) FROM articles) AS last")
    step = (ends["last"] - ends["first"]) // 200
    near = "SELECT id FROM articles WHERE id >= ? ORDER BY id LIMIT 1"
    numbers = [store.rows(near, (ends["first"] + step * n,))[0]["id"] for n in range(200)]
    yield from (("front page: newest 20 of all", store.newest) for _ in range(20))
    yield from (("a story, whole", partial(store.story, number)) for number in numbers)
    days = [fetched(5000 + 400 * n).date().isoformat() for n in range(40)]
    for name, sql, values in _views(numbers, days):
        for value in values:
            yield name, partial(store.rows, sql, (value,) if "?" in sql else ())
    yield from _rates(store)
    yield from _charts(store)


def _searches(store: Store) -> Iterator[Asked]:
    for language in SPELLINGS:
        words = vocabulary(language)
        for rank in _COMMON:
            yield "newest 20", partial(store.search, f'"{words[rank]}"')
            yield "newest 20, two words", partial(store.search, f"{words[rank]} {words[900]}")
            yield "newest 20, a phrase", partial(store.search, f'"{words[rank]} {words[rank + 1]}"')
            yield "newest 20, any ending", partial(store.search, f"{words[rank]}*")
            yield "common term, best 20", partial(store.best, f'"{words[rank]}"')
        for rank in _RARE:
            yield "rare term, newest 20", partial(store.search, f'"{words[rank]}"')
            yield "rare term, best 20", partial(store.best, f'"{words[rank]}"')
    for source in SITES:
        word = vocabulary(source.language or "en")[12]
        yield "newest 20 of one source", partial(store.search, word, source=source.key)


def _views(numbers: Sequence[int], days: Sequence[str]) -> Iterable[tuple[str, str, Sequence[object]]]:
    keys, stories = [source.key for source in SITES], numbers[::5]
    once = [0]
    return (
        ("latest_stories, 20 of a source", "SELECT * FROM latest_stories WHERE source = ? LIMIT 20", keys),
        ("latest_stories of a day", "SELECT * FROM latest_stories WHERE published_date = ?", days),
        ("edits of a story", "SELECT * FROM edits WHERE article_id = ?", stories),
        ("edits of a source", "SELECT * FROM edits WHERE source = ?", keys),
        ("edits, the latest 20", "SELECT * FROM edits ORDER BY seen_after DESC LIMIT 20", once),
        ("silent_edits, the latest 20", "SELECT * FROM silent_edits ORDER BY seen_to DESC LIMIT 20", once),
        ("edited_articles of a source", "SELECT * FROM edited_articles WHERE source = ?", keys),
        ("withdrawn_articles", "SELECT * FROM withdrawn_articles ORDER BY withdrawn DESC", once),
        ("articles_per_day of a source", "SELECT * FROM articles_per_day WHERE source = ?", keys),
        ("articles_per_day, all", "SELECT * FROM articles_per_day", once),
        ("stories_by_month, all", "SELECT * FROM stories_by_month", once),
        ("coverage_by_month, all", "SELECT * FROM coverage_by_month", once),
        ("source_health (scraper status)", "SELECT * FROM source_health", once),
        ("articles_with_rates of a story", "SELECT * FROM articles_with_rates WHERE id = ?", stories),
        ("same_story of a story", "SELECT * FROM same_story WHERE article_id = ?", stories),
        ("who_was_first of a story", "SELECT * FROM who_was_first WHERE article_id = ?", stories[:8]),
    )


def _rates(store: Store) -> Iterator[Asked]:
    yield "latest_quotes", store.latest_quotes
    for place in range(20):
        yield "rates at an instant", partial(store.quotes_at, fetched(1000 + 500 * place))
    yield "rate_changes, all", store.rate_changes
    yield "rate_changes of a pair", partial(store.rate_changes, ["KGS/USD"])
    yield "daily_rates, all", store.daily_rates


def _charts(store: Store) -> Iterator[Asked]:
    """Yield the query of every chart; those of rates with one pair chosen, as they open."""
    (pair,) = store.rows("SELECT label || ' (' || source || ')' AS pair FROM pairs LIMIT 1")
    for board, dashboard in tomllib.loads((files("scraper.browse") / "dashboards.toml").read_text("utf-8")).items():
        for name, chart in dashboard["charts"].items():
            sql = chart["query"].replace("[[", "").replace("]]", "")
            yield f"chart {board}: {name}", partial(store.rows, sql, {"pair": pair["pair"]} if ":pair" in sql else ())
