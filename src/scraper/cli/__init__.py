"""The command line: arguments in, one function called, results printed, a code returned.

Commands import their rooms when they run: `scraper --help` must not wait for a parser. Entering this room loads nothing
at all: a worker process runs its parent's script once more, and that is this one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scraper.cli.commands import cli as cli

__all__ = ["cli", "main"]


def main() -> None:
    """Run the command line and exit with its code."""
    from scraper.cli.commands import main as run

    run()


def __getattr__(name: str) -> object:
    # the commands are loaded when they are first asked for: see above
    if name == "cli":
        from scraper.cli.commands import cli

        return cli
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
