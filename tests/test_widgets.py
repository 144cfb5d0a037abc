"""Rate boxes a source declares: read as printed, kept apart from the marquee, and no part of any story."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from newsroom import FILLER
from scraper.document import document_from_text
from scraper.parse import page_from
from scraper.records import Index, Page, Quote, Rejected, Response, Ticker
from scraper.source import Source, Widget
from scraper.sources import ALL
from scraper.store import Store
from scraper.widgets import rates_from, ticker_of_page

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
BOX = Widget(r"(?P<rate>[\d ]+[.,]\d+) UZS\s+(?P<change>-?[\d.,]+)$", "UZS", bases=("USD", "RUB", "EUR"))
GLUED = Widget(r"\b(?P<base>[A-Z]{3})(?P<rate>\d+\.\d+)\b", "UZS", name="bank")
PER_100 = Widget(r"100 (?P<base>KZT) (?P<rate>[\d.]+) (?P<change>\S+)", "KGS", unit=100, change_in="percent")
PAGE = """<!doctype html><html lang="uz"><head><title>Ko‘prik ochildi</title></head><body>
<header><ul>{rates}</ul></header><main><h1>Ko‘prik ochildi va yo‘l yana qisqardi</h1>
<time datetime="2026-03-01T09:30:00+05:00">1 mart</time><div><p>{text}</p><p>{text} Yana.</p></div></main></body>
</html>"""


def quote(base: str, rate: str, change: str | None, **kind: object) -> Quote:
    number = Decimal(change.rstrip("%")) if change else None
    return Quote(base, "UZS", Decimal(rate), rate, number, change, **{"kind": "widget", "change_in": "counter", **kind})  # type: ignore[arg-type]


def test_an_unlabelled_box_is_read_in_its_declared_order() -> None:
    """A dollar sign before the first is all it prints; the change is in soum."""
    ticker = rates_from("$\n12178.85 UZS\n49.84\n146.54 UZS\n-1.45\n14053.18 UZS\n84.2\n31° Kechasi 18°", [BOX])

    assert ticker.quotes == (
        quote("USD", "12178.85", "49.84"), quote("RUB", "146.54", "-1.45"), quote("EUR", "14053.18", "84.2"),
    )  # fmt: skip
    assert [each.label for each in ticker.quotes] == ["USD/UZS widget", "RUB/UZS widget", "EUR/UZS widget"]


def test_a_box_that_lacks_a_rate_is_not_read() -> None:
    """The euro's rate must never become the rouble's."""
    ticker = rates_from("$\n12178.85 UZS\n49.84\n14053.18 UZS\n84.2\nWeather", [BOX])

    assert ticker == Ticker(rejected=(
        Rejected("12178.85 UZS 49.84 14053.18 UZS 84.2", "2 rates where 3 should stand"),))


def test_a_box_that_is_repeated_counts_once() -> None:
    box = "12178.85 UZS\n49.84\n146.54 UZS\n-1.45\n14053.18 UZS\n84.2\n"

    ticker = rates_from(f"{box}{box}Menu\n{box}", [BOX])

    assert ([each.base for each in ticker.quotes], ticker.cells, ticker.rejected) == (["USD", "RUB", "EUR"], 9, ())


def test_a_glued_box_names_its_currencies() -> None:
    ticker = rates_from("• USD12904.51\n• RUB161.99\n• EUR14575.64\nToshkentda\n+25°C", [GLUED])

    assert [(each.label, each.rate_text, each.change) for each in ticker.quotes] == [
        ("USD/UZS bank", "12904.51", None), ("RUB/UZS bank", "161.99", None), ("EUR/UZS bank", "14575.64", None)]


def test_the_unit_and_the_percent_stand_as_printed() -> None:
    (found,) = rates_from("100 KZT 17.35 -0.12%", [PER_100]).quotes

    assert (found.label, found.unit, found.rate_text) == ("KZT/KGS per 100 widget", 100, "17.35")
    assert (found.change, found.change_text, found.change_in) == (Decimal("-0.12"), "-0.12%", "percent")


@pytest.mark.parametrize(("printed", "rate"), [
    ("12 178,85", "12178.85"), ("12178.85", "12178.85"), ("12\u00a0178,85", "12178.85"), ("12,178.85", "12178.85"),
])  # fmt: skip
def test_digits_are_grouped_in_every_fashion(printed: str, rate: str) -> None:
    (found,) = rates_from(f"USD: {printed}", [Widget(r"(?P<base>USD): (?P<rate>[\d\s.,]+)", "UZS")]).quotes

    assert found.rate == Decimal(rate)


@pytest.mark.parametrize("rate", ["0.00", "-5.1", "n/a", "9" * 30])
def test_what_cannot_be_a_rate_is_rejected(rate: str) -> None:
    ticker = rates_from(f"USD: {rate}", [Widget(r"(?P<base>USD): (?P<rate>\S+)", "UZS")])

    assert (ticker.quotes, len(ticker.rejected)) == ((), 1)


def test_the_marquee_and_a_widget_stand_side_by_side() -> None:
    """One pair, two kinds: neither is the other's conflict."""
    ticker = rates_from("USD/UZS = 12180 0.1%\nUSD12904.51", [GLUED])

    assert [(each.label, each.kind) for each in ticker.quotes] == [("USD/UZS", "ticker"), ("USD/UZS bank", "bank")]
    assert ticker.conflicts == ()


def page(source: Source, rates: str) -> Page:
    """Read an invented page of a source with these rates above its story."""
    url = "https://xabardor.uz/uz/post/koprik" if source.key == "xabardor" else "https://daryo.uz/2026/03/01/koprik"
    items = "".join(f"<li>{rate}</li>" for rate in rates.split("|"))
    body = PAGE.format(rates=items, text=FILLER).encode()
    return page_from(Response(url, url, 200, (), body, NOON), source)


@pytest.mark.parametrize(("key", "before", "after", "label"), [
    ("xabardor", "<b>$</b>|12178.85 UZS|<i>49.84</i>|146.54 UZS|-1.45|14053.18 UZS|84.2|31° Kechasi 18°",
     "<b>$</b>|12169.41 UZS|<i>36.93</i>|158.95 UZS|-0.14|14359.90 UZS|-0.1|31° Kechasi 18°", "EUR/UZS widget"),
    ("daryo", "USD12904.51|RUB161.99|EUR14575.64|Toshkentda|+25°C", "USD12911.02|RUB161.99|EUR14580.00|Toshkentda|+9°C",
     "EUR/UZS widget"),
])  # fmt: skip
def test_rates_that_move_leave_the_story_as_it_is(key: str, before: str, after: str, label: str) -> None:
    """The box stands above the headline; an edit is something else."""
    one, other = page(ALL[key], before), page(ALL[key], after)

    assert one.article == other.article
    assert one.article is not None
    assert [word for word in ("UZS", "USD1") if word in one.article.body] == []
    assert [each.base for each in one.ticker.quotes] == ["USD", "RUB", "EUR"] == [
        each.base for each in other.ticker.quotes]
    assert one.ticker.quotes[2].label == label
    assert one.ticker.rejected == ()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store.open(tmp_path / "news.db")) as store:
        yield store


def saved(store: Store, source: Source, rates: str, after: timedelta) -> str:
    """Store the page as of then, and return what became of it."""
    found = page(source, rates)
    assert found.article is not None
    url = found.article.url
    at = Page(url, NOON + after, found.article, ticker=found.ticker)
    return store.save(source, at, Response(url, url, 200, (), b"", NOON + after)).outcome


def test_widgets_have_their_history_beside_the_marquees(store: Store) -> None:
    """The same tables and the same runs; the views tell the kinds apart."""
    source = Source("daryo", "https://daryo.uz/", (), widgets=(GLUED,), timezone="Asia/Tashkent")

    outcomes = [saved(store, source, f"USD/UZS = 12{rate} 0.1%|USD129{rate}", timedelta(hours=number))
                for number, rate in enumerate(("04.51", "04.51", "11.02"))]

    assert outcomes == ["new", "unchanged", "unchanged"]
    assert [(row["label"], row["kind"], row["change_in"], row["rate_text"], row["observations"])
            for row in store.rows("SELECT * FROM latest_quotes ORDER BY label")] == [
        ("USD/UZS", "ticker", "percent", "1211.02", 1), ("USD/UZS bank", "bank", "counter", "12911.02", 1)]
    assert [(row["label"], row["kind"], row["previous_rate_text"], row["rate_text"])
            for row in store.rows("SELECT * FROM rate_changes ORDER BY label")] == [
        ("USD/UZS", "ticker", "1204.51", "1211.02"), ("USD/UZS bank", "bank", "12904.51", "12911.02")]
    assert {(row["label"], row["kind"]) for row in store.rows("daily_rates")} == {
        ("USD/UZS", "ticker"), ("USD/UZS bank", "bank")}
    assert [row["label"] for row in store.latest_quotes(["usd/uzs"])] == ["USD/UZS", "USD/UZS bank"]
    assert [row["label"] for row in store.latest_quotes(["usd/uzs bank"])] == ["USD/UZS bank"]


def test_a_story_stands_beside_the_rates_of_each_kind(store: Store) -> None:
    source = Source("daryo", "https://daryo.uz/", (), widgets=(GLUED,))
    rates = rates_from("USD/UZS = 1204.51 0.1%\nUSD12904.51", source.widgets)
    store.listed(source, Index("https://daryo.uz/", NOON - timedelta(days=2), ticker=rates))

    saved(store, source, "", timedelta(0))

    assert [(row["label"], row["kind"], row["rate_text"]) for row in store.rows(
        "SELECT * FROM articles_with_rates WHERE rate_since < '2026-03-01' ORDER BY label")] == [
        ("USD/UZS", "ticker", "1204.51"), ("USD/UZS bank", "bank", "12904.51")]


def test_the_readings_of_a_widget_survive_a_merge(store: Store, tmp_path: Path) -> None:
    source = Source("daryo", "https://daryo.uz/", (), widgets=(PER_100,))
    saved(store, source, "100 KZT 17.35 -0.12%", timedelta(0))

    with closing(Store.open(tmp_path / "other.db")) as other:
        other.upkeep.take_readings(source, store.upkeep.readings("daryo"))
        rows = other.rows("latest_quotes")

    assert rows == store.rows("latest_quotes")
    assert [(row["label"], row["unit"]) for row in rows] == [("KZT/KGS per 100 widget", 100)]


@pytest.mark.parametrize("marquee", [
    '<svg><text x="9">• KGS/USD = 0.01144 0%</text><text x="99">• KZT/USD = 0.00191 -0.42%</text></svg>',
    '<script>run(["KGS/USD = 0.01144 0%", "KZT/USD = 0.00191 -0.42%", "TJS/USD = 0.1"]);</script>',
    "<noscript><marquee>KGS/USD = 0.01144 0% • KZT/USD = 0.00191 -0.42%</marquee></noscript>",
    "<select><option>KGS/USD = 0.01144 0%</option><option>KZT/USD = 0.00191 -0.42%</option></select>",
])
def test_a_marquee_that_is_no_text_of_the_page_is_read(marquee: str) -> None:
    """Of a script's text only whole entries count; what is not one is no cell either."""
    ticker = ticker_of_page(document_from_text(f"<body><div>{marquee}</div><p>{FILLER}</p></body>", "https://a.example/"))

    assert [(each.label, each.change_text) for each in ticker.quotes] == [("KGS/USD", "0%"), ("KZT/USD", "-0.42%")]
    assert ticker.rejected == ()


def test_a_marquee_that_is_seen_is_not_read_in_scripts_as_well() -> None:
    page = "<body><marquee>KGS/USD = 0.01144 0%</marquee><script>last = 'KGS/USD = 0.02 5%'</script></body>"

    ticker = ticker_of_page(document_from_text(page, "https://a.example/"))

    assert (len(ticker.quotes), ticker.cells, ticker.conflicts) == (1, 1, ())
