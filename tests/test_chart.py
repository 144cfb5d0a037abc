"""Rates drawn in a terminal: where they stood, where they moved, and where nobody looked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from archives import HOUR, NOON
from scraper.cli.chart import Chart, charts, clock
from scraper.ratelines import RateLine, Seen, rate_lines, span_of


def seen(rate: str, first: float, last: float, *, after_silence: bool = False) -> Seen:
    """A rate seen from one hour to another."""
    return Seen(float(rate), rate, NOON + first * HOUR, NOON + last * HOUR, after_silence)


def line(*runs: Seen, label: str = "KGS/USD") -> RateLine:
    return RateLine("site", label, runs)


def test_a_rate_that_never_moved_is_one_row() -> None:
    assert charts([line(seen("0.01144", 0, 100))], 20) == (
        Chart("KGS/USD  unchanged", ("0.01144 ┤" + "⠤" * 11,), 9),)


def test_a_move_is_a_step_at_the_time_it_was_first_seen() -> None:
    (chart,) = charts([line(seen("0.5", 0, 50), seen("0.7", 50, 100))], 40)

    assert chart.rows[0] == "0.7 ┤" + " " * 17 + "⡏" + "⠉" * 17
    assert chart.rows[-1] == "0.5 ┤" + "⣀" * 17 + "⡇"
    assert {row[5:] for row in chart.rows[1:-1]} == {" " * 17 + "⡇"}


def test_a_time_between_two_looks_is_dotted_and_a_silence_is_blank() -> None:
    (looked,) = charts([line(seen("0.5", 0, 40), seen("0.5", 60, 100))], 45)
    (silent,) = charts([line(seen("0.5", 0, 40), seen("0.5", 60, 100, after_silence=True))], 45)

    assert looked.rows == ("0.5 ┤" + "⠤" * 16 + "⠄" * 7 + "⠤" * 17,)
    assert silent.rows == ("0.5 ┤" + "⠤" * 16 + "⠄" + " " * 6 + "⠠" + "⠤" * 16,)


def test_a_terminal_without_unicode_gets_stars() -> None:
    (chart,) = charts([line(seen("0.5", 0, 50), seen("0.7", 50, 100))], 40, braille=False)

    assert chart.rows[0] == "0.7 |" + " " * 17 + "*" * 18
    assert "".join(chart.rows).isascii()


@pytest.mark.parametrize("width", [20, 33, 80, 300])
def test_nothing_is_wider_than_the_terminal(width: int) -> None:
    lines = [line(seen("0.01144", 0, 50), seen("0.02", 90, 95), label="KGS/USD"),
             line(seen("12800.00", 0, 900), label="A LABEL OF MANY WORDS/USD")]

    drawn = charts(lines, width)

    assert max(len(row) for chart in drawn for row in (chart.title, *chart.rows)) <= width
    assert len(clock(lines, width - drawn[0].plot)) <= width - drawn[0].plot


def test_all_charts_are_on_one_clock() -> None:
    lines = [line(seen("0.5", 0, 100)), line(seen("0.7", 50, 100), label="UZS/USD")]

    assert [chart.rows[0].index("⠤") for chart in charts(lines, 45)] == [5, 25]
    assert clock(lines, 30) == "2026-03-02      2026-03-06 UTC"


def test_one_look_is_a_point() -> None:
    lines = [line(seen("0.5", 0, 0))]

    assert charts(lines, 20) == (Chart("KGS/USD  unchanged", ("0.5 ┤⠄",), 5),)
    assert span_of(lines) == (NOON, NOON)


def test_rows_become_lines_cut_off_at_the_ends_of_the_span() -> None:
    rows = [{"source": "site", "label": "KGS/USD", "rate": 0.5, "rate_text": "0.50", "after_silence": 0,
             "first_seen": "2026-03-02T12:00:00Z", "last_seen": "2026-03-04T12:00:00Z"}]
    day = timedelta(days=1)

    (cut,) = rate_lines(rows, NOON + day, NOON + 5 * day)

    assert cut.seen == (Seen(0.5, "0.50", NOON + day, NOON + 2 * day),)
    assert (cut.moves, cut.change, cut.gapless) == (0, 0.0, True)
