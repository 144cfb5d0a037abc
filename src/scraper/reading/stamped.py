"""A date and where it came from, and how a page's dates are to be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from scraper.dates import stamp_from
from scraper.records import Stamp

# Where no fetch time is known nothing can be after it; a year-less date then has no year.
UNKNOWN_FETCH = datetime(2200, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Dated:
    """A date the page gives, where it stands, and how sure it is the story's, 0-1."""

    stamp: Stamp
    source: str
    sure: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where the story stands in the outline: its headline's line, and the first and last of its text; -1 for none."""

    headline_at: int
    first: int = -1
    last: int = -1
    headline: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """How a page's dates are to be read."""

    zone: str
    fetched: datetime
    language: str | None

    def stamp(self, text: object) -> Stamp | None:
        """Return the date that `text` is, None where it is none that can be believed."""
        if not isinstance(text, str | int) or not text:
            return None
        stamp = stamp_from(_from_epoch(text), zone=self.zone, fetched=self.fetched, language=self.language)
        return stamp if stamp and self.believed(stamp) else None

    def believed(self, stamp: Stamp) -> bool:
        """Tell whether the stamp names its year, where the fetch cannot tell it."""
        if self.fetched is not UNKNOWN_FETCH or stamp.day is None:
            return True
        year = stamp.day.year
        told = (f"{year}", f"{year + 543}")  # the latter in Thai
        return any(number in stamp.raw for number in told) or stamp.raw.rstrip().endswith(f"{year % 100:02d}")

    def is_today(self, stamp: Stamp) -> bool:
        """Tell whether the stamp names the day of the fetch: away from the headline that is the site's clock."""
        return stamp.day == self.fetched.astimezone(ZoneInfo(self.zone)).date()


def _from_epoch(value: str | int) -> str:
    text = str(value).strip()
    if text.isdigit() and len(text) in (10, 13) and text[0] == "1":
        return datetime.fromtimestamp(int(text[:10]), UTC).isoformat()
    return text
