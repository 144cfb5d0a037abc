"""Ticker and date strings by the million: no exception may come out, and no call may take over a second.

    python bench/strings.py [--strings 10000000] [--seed 1] [--tally FILE]

Each is made by chance of what stands in tickers and dates: pairs, numbers of all kinds, signs, clock times, zones,
month, weekday and relative words of every language known; then damaged. One in a thousand is a piece of it repeated
to 20,000 characters. Even ones are read as tickers (quotes, ticker_from), odd ones as dates (stamp_from, stamps_in).
With --tally the sum is kept, and a run that was ended goes on where it stood.
"""

from __future__ import annotations

import argparse
import sys
from collections import deque
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from scraper.calendars.months import MONTHS
from scraper.calendars.relative import DAYS, UNITS
from scraper.calendars.written import ZONES
from scraper.dates import stamp_from, stamps_in
from scraper.errors import ParseError
from scraper.quotes import quotes, ticker_from
from tally import counted, tally_from

FETCHED = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
PLACES = ("Asia/Bishkek", "Asia/Tashkent", "Asia/Almaty", "UTC", "America/New_York", "Europe/London")
LANGUAGES = (None, *MONTHS)
LONG = 20_000
LONG_ONE_IN = 1000


def _words(lists: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.replace("_", " ") for text in lists for word in text.replace("|", " ").split()))


_NUMBERS = (*"01٣१²∞", "00", "0.01144", ".5", "1e9", "-0", "−1.2", "+3", "NaN", "inf", "n/a", "9" * 30)
_BLANKS = (" ", "  ", "\t", "\n", "\xa0", "\u200b", "\u202e", "\u2009", "", "\0")
_PAIRS = ("KGS/USD = ", "USD/UZS=", "KZT / EUR = ", "USDT/BTC =", "A/B = ", "KGS", "usd/kgs = ")
_TICKER = (*_PAIRS, *"%•|·=/-−–", " %", "0%", "-0%", "+0.5%", *_NUMBERS, *_BLANKS)
_CLOCK = (*"-/.,:TZ年月日", "+05:00", "+99:99", "-0500", "am", "p.m.", "at", "ago", "назад", "г.", "th", "o'clock")
_DATE = (*_words(MONTHS.values()), *_words(DAYS.values()), *_words(UNITS.values()), *ZONES, *_CLOCK)
_NOISE = (*_NUMBERS, *_BLANKS, *"-/.:,TZ()\ud800\U0001f4c8\u0301İſ")


def _number(random: Random) -> str:
    return str(random.randrange(10 ** random.randint(1, 5)))


def ticker(random: Random) -> str:
    """Return what may stand in a ticker."""
    count = random.randint(1, 14)
    return "".join(random.choice(_TICKER) if random.random() < 0.7 else _number(random) for _ in range(count))


def date(random: Random) -> str:
    """Return what may stand in a date."""
    moment = f"{random.randrange(1, 3000)}-{random.randrange(14):02}-{random.randrange(33):02}"
    pieces = [random.choice(_DATE) if random.random() < 0.5 else _number(random) for _ in range(random.randint(1, 9))]
    return random.choice(("", " ", " ", ".", "/")).join([*pieces, moment] if random.random() < 0.2 else pieces)


def damaged(text: str, random: Random) -> str:
    """Return the text with up to three accidents, seldom at great length."""
    for _ in range(random.randrange(4)):
        at = random.randrange(len(text) + 1)
        text = text[:at] + random.choice(_NOISE) + text[at + random.randrange(2) :]
    if random.randrange(LONG_ONE_IN) == 0:
        at = random.randrange(len(text) + 1)
        piece = text[at : at + random.randint(1, 20)] or " "
        text = (piece * (LONG // len(piece)) + text)[:LONG]
    return text


def read_ticker(text: str) -> None:
    """Read a text as a ticker, both ways."""
    deque(quotes(text), maxlen=0)
    ticker_from(text)


def read_date(text: str, zone: str, language: str | None) -> None:
    """Read a text as a date, both ways."""
    stamp_from(text, zone=zone, fetched=FETCHED, language=language)
    deque(stamps_in(text, zone=zone, fetched=FETCHED, language=language), maxlen=0)


def main() -> int:
    """Print the counts, and each string that broke the rule."""
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--strings", type=int, default=10_000_000)
    cli.add_argument("--seed", type=int, default=1)
    cli.add_argument("--tally", type=Path)
    options = cli.parse_args()
    tally, random = tally_from(options.tally), Random()
    for number in counted(tally, options.tally, options.strings):
        random.seed(options.seed * 2**40 + number)
        if number % 2:
            text, zone, language = damaged(date(random), random), random.choice(PLACES), random.choice(LANGUAGES)
            tally.count(lambda: read_date(text, zone, language), ParseError, repr(text[:200]))  # noqa: B023 - called at once
        else:
            text = damaged(ticker(random), random)
            tally.count(lambda: read_ticker(text), ParseError, repr(text[:200]))  # noqa: B023
    print(f"ticker and date strings, two readers each, seed {options.seed}: {tally.verdict()}")
    return 1 if tally.slow or tally.errors else 0


if __name__ == "__main__":
    sys.exit(main())
