"""The views analysts ask, as SQL."""

from __future__ import annotations

VIEWS: tuple[str, ...] = ()
