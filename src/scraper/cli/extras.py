"""What a command needs beyond the core, and how to get it."""

from __future__ import annotations

from importlib.util import find_spec

from scraper.errors import ConfigError


def need(extra: str, *modules: str) -> None:
    """See that the modules of an extra are there. Raises: ConfigError saying what to install."""
    if any(find_spec(module) is None for module in modules):
        raise ConfigError(f"this needs more than the core: pip install 'scraper[{extra}]'")
