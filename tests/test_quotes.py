"""The ticker grammar, fact by fact; every text here is invented."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scraper.quotes import quotes, ticker_from
from scraper.records import Conflict, Quote, Rejected, Ticker


def quote(label: str, rate: str, change: str | None = "0%") -> Quote:
    base, counter = label.split("/")
    percent = None if change is None else Decimal(change.rstrip("%"))
    return Quote(base, counter, Decimal(rate), rate, percent, change)


def test_a_line_of_the_ticker_is_read_with_its_digits_kept() -> None:
    """The rate 0.10850 keeps its last zero: it is what the page prints."""
    found = list(quotes("• TJS/USD = 0.10850 -0.42%"))

    assert found == [Quote("TJS", "USD", Decimal("0.10850"), "0.10850", Decimal("-0.42"), "-0.42%")]
    assert str(found[0].rate) == "0.10850"


def test_a_marquee_that_repeats_itself_counts_each_pair_once() -> None:
    """Forty lines, five pairs: the same strip stands in the header and the footer."""
    strip = "• KGS/USD = 0.01144 0%\n  • KZT/USD = 0.00191 0.21%\n  • UZS/USD = 0.00008 -0%\n"

    ticker = ticker_from(strip * 8)

    assert ticker == Ticker(
        (quote("KGS/USD", "0.01144"), quote("KZT/USD", "0.00191", "0.21%"), quote("UZS/USD", "0.00008", "-0%")),
        cells=24)


def test_quotes_keeps_the_repeats_in_reading_order() -> None:
    assert [found.label for found in quotes("KGS/USD = 1 0% KZT/USD = 2 0% KGS/USD = 1 0%")] == [
        "KGS/USD", "KZT/USD", "KGS/USD"]


@pytest.mark.parametrize("text", [
    "KGS/USD\n=\n0.01144\n0%",
    "KGS/USD\u00a0=\u00a00.01144\u00a00%",
    "KGS/USD =\t0.01144 \r\n\n 0%",
    "KGS / USD = 0.01144 0 %",
    "\u2022\u2009KGS/\u00adUSD = 0.01144\u200b 0%",
    "All• KGS/USD = 0.01144 0%Live",
    "| KGS/USD = 0.01144 0% |",
])
def test_the_parts_may_stand_in_separate_tags(text: str) -> None:
    """Tags become line breaks, no-break spaces or nothing at all."""
    found = list(quotes(text))

    assert [(each.label, each.rate_text, each.change) for each in found] == [("KGS/USD", "0.01144", Decimal(0))]


@pytest.mark.parametrize("text", [
    "about 2.7 Kyrgyz som (KGS) to the tenge",
    "a 68-million somoni (US$6.25-million) dam",
    "$ / 12178.85 UZS / 49.84",
    "the KGS/USD rate, 0.01144, did not move (0%)",
    "KGS = 0.01144 0%",
    "KGS/USD 0.01144 0%",
    "USD12904.51 +0.21%",
    "kgs/usd = 0.01144 0%",
    "https://news.example/KGS/USD = 0.01144 0%",
    "growth of 0.21% and 1/2 = 0.5 5%",
    "",
])
def test_prose_and_other_widgets_hold_no_rate(text: str) -> None:
    assert list(quotes(text)) == []


def test_a_pair_without_a_change_counts_only_on_a_line_of_its_own() -> None:
    """Some tickers print no percentage; a sentence that names a rate is no ticker."""
    ticker = ticker_from("• KGS/USD = 0.01144\n• KZT/USD = 0.00191\nOn Monday TJS/USD = 0.1085 was seen")

    assert ticker == Ticker(
        (quote("KGS/USD", "0.01144", None), quote("KZT/USD", "0.00191", None)),
        rejected=(Rejected("TJS/USD = 0.1085", "no change in percent"),), cells=2)


def test_minus_nought_percent_equals_nought_percent() -> None:
    """No conflict comes of it; the text stays as most cells print it."""
    ticker = ticker_from("KZT/USD = 0.00191 -0% KZT/USD = 0.00191 0% KZT/USD = 0.00191 -0%")

    assert ticker == Ticker((quote("KZT/USD", "0.00191", "-0%"),), cells=3)
    assert str(ticker.quotes[0].change) == "0"


@pytest.mark.parametrize("change, percent", [
    ("▲ 0.21%", "0.21"), ("▼ -0.42%", "-0.42"), ("▼0.42%", "-0.42"), ("(0.21%)", "0.21"), ("( ▾ 0% )", "0"),
])
def test_an_arrow_or_a_bracket_may_stand_before_the_change(change: str, percent: str) -> None:
    """An arrow down is a minus, unless one is printed as well."""
    found = next(quotes(f"• KZT/USD = 0.00191 {change}"))

    assert found.change == Decimal(percent)


def test_a_typographic_minus_is_a_minus() -> None:
    found = next(quotes("KZT/USD = 0.00191 −0.42%"))

    assert (found.change, found.change_text) == (Decimal("-0.42"), "−0.42%")


@pytest.mark.parametrize("space", ["\n", "\t", "\x0b", "\u2009", "\u3000"])
def test_a_sign_may_stand_apart_from_its_number(space: str) -> None:
    """Each of these is white space; a number's own reader knows none of them inside a number."""
    assert [each.change for each in quotes(f"KGS/USD = 0.01 -{space}0.5%")] == [Decimal("-0.5")]


@pytest.mark.parametrize("rate, reason", [
    ("n/a", "not available"), ("N/A", "not available"),
    ("0", "zero"), ("0.00000", "zero"), (".0", "zero"),
    ("-0.01144", "negative"), ("−0.01144", "negative"), ("-0", "negative"),
    ("inf", "infinite"), ("-Infinity", "infinite"), ("∞", "infinite"),
    ("NaN", "not a number"), ("sNaN", "not a plain number"),
    ("1e5", "not a plain number"), ("0,01144", "not a plain number"), ("1_000", "not a plain number"),
    ("0.01.1", "not a plain number"), ("0.", "not a plain number"), ("٠.٥", "not a plain number"),
    ("<b>1</b>", "not a plain number"), ("'--", "not a plain number"),
    ("9" * 21, "too many digits"), ("0." + "1" * 20, "too many digits"),
])
def test_what_cannot_be_a_rate_is_rejected_alone_and_with_a_reason(rate: str, reason: str) -> None:
    """Its neighbours are read all the same."""
    ticker = ticker_from(f"• KGS/USD = 0.01144 0%\n• UZS/USD = {rate} 0%\n• KZT/USD = 0.00191 0%")

    assert [found.label for found in ticker.quotes] == ["KGS/USD", "KZT/USD"]
    assert ticker.rejected == (Rejected(f"UZS/USD = {rate} 0%", reason),)


def test_a_change_of_absurd_length_is_rejected() -> None:
    ticker = ticker_from("KGS/USD = 0.01144 0." + "3" * 400 + "%")

    assert (ticker.quotes, [refused.reason for refused in ticker.rejected]) == ((), ["too many digits in the change"])
    assert len(ticker.rejected[0].text) == 80


def test_a_label_with_nothing_behind_it_is_rejected() -> None:
    assert ticker_from("KGS/USD = ").rejected == (Rejected("KGS/USD =", "no rate"),)


def test_a_good_entry_is_read_right_behind_a_broken_one() -> None:
    ticker = ticker_from("KGS/USD=KZT/USD = 0.00191 0%")

    assert ticker == Ticker(
        (quote("KZT/USD", "0.00191"),), rejected=(Rejected("KGS/USD=KZT/USD", "not a plain number"),), cells=1)


def test_the_majority_of_cells_decides_between_two_rates_and_the_conflict_is_kept() -> None:
    ticker = ticker_from("KGS/USD = 0.01144 0% " + "KGS/USD = 0.01150 0.5% " * 2)

    taken = quote("KGS/USD", "0.01150", "0.5%")
    assert ticker == Ticker(
        (taken,), (Conflict("KGS/USD", taken, ((quote("KGS/USD", "0.01144"), 1), (taken, 2))),), cells=3)


def test_between_two_rates_of_as_many_cells_the_smaller_text_is_taken() -> None:
    """Whatever order the page prints them in."""
    one, other = "KGS/USD = 0.01150 0% ", "KGS/USD = 0.01144 0% "

    assert ticker_from(one + other).quotes == ticker_from(other + one).quotes == (quote("KGS/USD", "0.01144"),)


def test_one_rate_with_two_changes_is_a_conflict_too() -> None:
    ticker = ticker_from("KGS/USD = 0.5 0.1% KGS/USD = 0.5 0.2% KGS/USD = 0.5 0.2%")

    assert ticker.quotes == (quote("KGS/USD", "0.5", "0.2%"),)
    assert [count for _, count in ticker.conflicts[0].seen] == [1, 2]


def test_a_page_without_a_ticker_has_an_empty_one() -> None:
    assert ticker_from("A story about apricots, and nothing else.") == Ticker()


@pytest.mark.parametrize("text", [
    "KGS/USD = " * 50_000,
    "KGS/USD=" * 50_000,
    "KGS/USD = 0." + "1" * 1_000_000,
    "KGS/USD = 1 " + "9" * 1_000_000,
    "KGS/USD" + " " * 500_000 + "=" + " " * 500_000,
    ("KGS" + " " * 20) * 40_000,
    "ABC/" * 200_000,
    "A" * 1_000_000,
    "".join(f"KGS/USD = {number} 0% " for number in range(1, 20_001)),
    "• KGS/USD = 0.01144 0%\n  • KZT/USD = 0.00191 -0.42%\n" * 10_000,
], ids=["heads", "glued heads", "digits", "change digits", "spaces", "bases", "slashes", "letters",
        "20,000 rates of one pair", "20,000 entries"])
def test_a_hostile_text_takes_seconds_at_most(text: str) -> None:
    """Measured: 0.02-0.36 s each on one core of the machine this was written on; no string makes it quadratic."""
    started = time.process_time()

    ticker_from(text)

    assert time.process_time() - started < 5


PAIRS = st.tuples(st.from_regex(r"[A-Z]{3}", fullmatch=True), st.from_regex(r"[A-Z]{3}", fullmatch=True))
RATES = st.from_regex(r"[0-9]{1,6}(\.[0-9]{1,8})?", fullmatch=True).filter(lambda text: text.strip("0.") != "")
CHANGES = st.from_regex(r"-?[0-9]{1,3}(\.[0-9]{1,3})?%", fullmatch=True)
SPACES = st.text("\t\n\r \u00a0\u2009\u3000", min_size=1, max_size=4)
BETWEEN = st.sampled_from(["\n", " • ", "\n  • ", "\u00a0|\u00a0", " \n\n * ", " ", "</li><li>", "; "])


@given(st.dictionaries(PAIRS, st.tuples(RATES, CHANGES), max_size=6), st.integers(1, 8), st.data())
def test_any_set_of_pairs_is_read_back_exactly(
    pairs: dict[tuple[str, str], tuple[str, str]], repeats: int, data: st.DataObject,
) -> None:
    """Printed with any white space between the parts, anything between the entries, any number of times."""
    strip = "".join(
        f"{data.draw(BETWEEN)}{base}/{counter}{data.draw(SPACES)}={data.draw(SPACES)}{rate}{data.draw(SPACES)}{change}"
        for (base, counter), (rate, change) in pairs.items())

    ticker = ticker_from(strip * repeats)

    expected = tuple(quote("/".join(pair), rate, change) for pair, (rate, change) in pairs.items())
    assert ticker == Ticker(expected, cells=len(pairs) * repeats)


@given(st.text() | st.lists(st.sampled_from(
    ["KGS/USD", "=", " ", "\n", "0.01144", "0%", "-0%", "%", "•", "n/a", "-", "9" * 30, "/", "X", "−1"])).map("".join))
@example("KGS/USD = 0\x00.1 0%")
def test_any_text_gives_only_sound_rates(text: str) -> None:
    ticker = ticker_from(text)

    assert all(found.rate.is_finite() and found.rate > 0 for found in ticker.quotes)
    assert ticker.cells == len(list(quotes(text)))
    assert len({found.label for found in ticker.quotes}) == len(ticker.quotes)
