"""A date and a time of day as written out: numbers alone, whoever has read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Standing = Literal["anywhere", "beside", "alone"]


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day as printed; `offset` is minutes east of UTC, or a key of ZONES."""

    hour: int
    minute: int
    second: int | None = None
    offset: int | str | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A date as printed at `text[start:end]`; what is not printed is None. `weekday` is Monday 0.

    `stands` tells where it may be taken for a date: anywhere, only beside a time or a weekday (`5 out`, `1.2.24`),
    or only alone on its line (`6/19 11:06`). `named` is the end of a day and month behind which a year follows:
    in `7 October 2204 3 minutes` it is no year.
    """

    month: int
    day: int
    start: int
    end: int
    year: int | None = None
    weekday: int | None = None
    clock: Clock | None = None
    named: int | None = None
    solar: bool = False  # its month is one of the Solar Hijri calendar
    swappable: bool = False  # 10-07-2025: which of the two is the month depends on the language
    stands: Standing = "anywhere"


# RFC 822 and what news sites print. Where the source's own zone is called so at that time (CST in Shanghai, IST in
# Dublin), that is meant: `dates` asks it first.
ZONES: dict[str, int | str] = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 60, "BST": 60, "CET": 60, "CEST": 120, "MEZ": 60,
    "MESZ": 120, "EET": 120, "EEST": 180, "MSK": 180, "МСК": 180, "PKT": 300, "WIB": 420, "WITA": 480, "HKT": 480,
    "SGT": 480, "JST": 540, "KST": 540, "AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780,
    "IST": 330, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420,
    "ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles",
}
_FAR = 14 * 60  # minutes; no place is farther from UTC (Kiritimati)


def minutes_east(text: str) -> int | None:
    """Return an offset such as +05:00, -0530 or +9 in minutes; None where no place on earth has it."""
    digits = "".join(mark for mark in text if mark.isdigit())
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    total = int(hours) * 60 + int(minutes)
    return None if total > _FAR or int(minutes) > 59 else -total if text[0] in "-−" else total
