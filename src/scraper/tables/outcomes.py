"""What became of a page, and what a listing brought, as the store answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from scraper.records import Teaser

Outcome = Literal["new", "changed", "unchanged", "alias", "missing"]


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a page: the article it went to, the ticker labels on it, and those whose rate moved."""

    outcome: Outcome
    article_id: int | None = None
    pairs: frozenset[str] = frozenset()
    moved: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Listed:
    """What a listing brought: the stories never heard of before, and its ticker as in Saved."""

    new: tuple[Teaser, ...] = ()
    pairs: frozenset[str] = frozenset()
    moved: frozenset[str] = frozenset()
