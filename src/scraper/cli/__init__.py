"""The command line: arguments in, one function called, results printed, a code returned.

Commands import their rooms when they run: `scraper --help` must not wait for a parser.
"""

from __future__ import annotations

from scraper.cli.main import cli, main

__all__ = ["cli", "main"]
