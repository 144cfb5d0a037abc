"""A polite, unattended news harvester and archiver. For library users: `scraper.extract(html, url)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scraper.parse import extract as extract

__version__ = "0.1.0"
__all__ = ["__version__", "extract"]


def __getattr__(name: str) -> object:
    # the parser is loaded when it is first used: `import scraper` and `scraper --help` stay cheap
    if name == "extract":
        from scraper.parse import extract

        return extract
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
