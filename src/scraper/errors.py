"""The one tree of errors; no other module defines an exception.

    ScraperError                 anything this package expects to go wrong
    ├── ConfigError              a setting or a source file is wrong (exit 2)
    ├── FetchError               an address gave no usable answer
    │   ├── AddressRefused       a scheme or an address that may not be dialled
    │   ├── RobotsRefused        robots.txt forbids it, or could not be had
    │   ├── Deferred             the site asked to come back later than this run
    │   ├── NetworkError         no connection, no name, no trust, no time
    │   ├── BodyError            cut short, corrupt, too large, unknown encoding
    │   ├── RedirectError        a loop, too many, or a target that is no address
    │   └── StatusError          an HTTP status that brings no story
    │       └── Blocked          a bot challenge stands in front of the page
    ├── ParseError               a page that cannot be read
    │   ├── NotAnArticle         it can be read, but holds no article
    │   └── ParseKilled          reading it took too long, or killed its worker
    ├── ArchiveError             the database or the WARC cannot be used (exit 74)
    │   └── NewerArchive         written by a later version of this program
    └── LockHeld                 another run holds the archive (exit 75)
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scraper.records import Kept


class ScraperError(Exception):
    """Anything this package expects to go wrong; `url` is what it was about, where there is one."""

    def __init__(self, message: str, url: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.url = url

    def __str__(self) -> str:
        return f"{self.message}: {self.url}" if self.url else self.message

    def __reduce__(self) -> tuple[object, ...]:
        # pickled on its way out of a parsing worker: rebuilt without __init__, whatever a subclass takes
        return _rebuilt, (type(self), self.args, self.__dict__.copy())


def _rebuilt(kind: type[ScraperError], args: tuple[object, ...], state: dict[str, object]) -> ScraperError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class ConfigError(ScraperError):
    """A setting or a source file is wrong; the message names the file and the line."""


class FetchError(ScraperError):
    """An address gave no usable answer, after all its tries; `kept` holds a receipt per exchange."""

    kept: tuple[Kept, ...] = ()


class AddressRefused(FetchError):
    """The scheme or the address behind the name may not be dialled."""


class RobotsRefused(FetchError):
    """robots.txt forbids the address, or could not be had (RFC 9309, 2.3.1.4)."""


class Deferred(FetchError):
    """The site asked to come back later than this run waits; `until` is a UTC instant."""

    def __init__(self, message: str, url: str | None = None, *, until: datetime) -> None:
        super().__init__(message, url)
        self.until = until


class NetworkError(FetchError):
    """No connection, no name, no trust, or no answer in time."""


class BodyError(FetchError):
    """The body is cut short, corrupt, too large, or in an encoding that was not asked for."""


class RedirectError(FetchError):
    """A redirect loops, goes on for too long, or leads to no address."""


class StatusError(FetchError):
    """The answer's HTTP `status` brings no story."""

    def __init__(self, message: str, url: str | None = None, *, status: int) -> None:
        super().__init__(message, url)
        self.status = status


class Blocked(StatusError):
    """A bot challenge stands in front of the page; it is reported, never evaded."""


class ParseError(ScraperError):
    """The page cannot be read."""


class NotAnArticle(ParseError):
    """The page can be read, but holds no article; the message says what it is."""


class ParseKilled(ParseError):
    """Reading the page took too long or too much memory, or killed its worker."""


class ArchiveError(ScraperError):
    """The database or the WARC beside it cannot be used."""


class NewerArchive(ArchiveError):
    """The archive was written by a later version of this program."""


class LockHeld(ScraperError):
    """Another run holds the archive."""
