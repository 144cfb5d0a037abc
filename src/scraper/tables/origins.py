"""Where the fields of a story came from: alike in most stories of a site, so each set stands once."""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import Any

from scraper.tables.database import Database, Row


def with_origins_kept(db: Database, row: Row) -> Row:
    """Return a row as it is stored: `origins`, alike in most stories of a site, stand once in a table of their own."""
    number = int.from_bytes(blake2b(row["origins"].encode(), digest_size=6).digest())
    db.execute("INSERT INTO origins (id, fields) VALUES (?, ?) ON CONFLICT DO NOTHING", (number, row["origins"]))
    return row | {"origins": "[]", "origin_id": number}


def origins_of(db: Database, row: Row) -> list[dict[str, Any]]:
    """Return where the fields of a stored story came from."""
    kept = db.row("SELECT fields FROM origins WHERE id = ?", (row["origin_id"],))
    found: list[dict[str, Any]] = json.loads(kept["fields"] if kept else row["origins"])
    return found
