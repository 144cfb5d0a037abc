"""Script state as values: what it may cost."""

from __future__ import annotations

import json

from scraper.document import document_from_text
from scraper.scriptstate import state_values


def _members(value: object) -> int:
    """Return how many members a value has, those of its members included."""
    within = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return sum(1 + _members(member) for member in within)


def test_objects_that_name_one_another_do_not_multiply() -> None:
    """2,000 of 60 members each, one naming the other by place, would be 7 million members."""
    flat = [["state", 1], *({f"k{n}": (31 * at + 7 * n) % 2_000 + 1 for n in range(60)} for at in range(2_000))]
    page = f"<body><script type='application/json'>{json.dumps(flat)}</script></body>"

    members = sum(map(_members, state_values(document_from_text(page, "https://paper.example/"))))

    assert 100_000 < members < 350_000
