"""New tables and columns in a file that lacks them; sqlite-utils keeps the list of what was applied."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from sqlite_utils import Database, Migrations


def migrate(connection: sqlite3.Connection, name: str, steps: Sequence[tuple[str, Sequence[str]]]) -> None:
    """Apply the steps of a migration set that the file has not seen, in the caller's transaction."""
    migrations = Migrations(name)
    for step, statements in steps:
        def apply(db: Database, /, *, statements: Sequence[str] = statements) -> None:
            for statement in statements:
                db.conn.execute(statement)
        migrations(name=step)(apply)
    migrations.apply(Database(connection, execute_plugins=False))
