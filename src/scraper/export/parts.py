"""Parquet parts that are there whole or not at all, three tables side by side; the same rows give the same bytes."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq

from scraper.export.files import Row
from scraper.export.typed import schema_from
from scraper.store import Field

GROUP_ROWS: Final = 2000  # 8 MB of stories; groups of a fixed size, so that a part depends on its rows alone
UNFINISHED: Final = ".unfinished"


class Parts:
    """One part per table under `folder`, called TABLE/NAME.parquet; nobody sees them before `finish`.

    Each writer works in files of its own: of two that write the same parts at once, each leaves whole ones.
    """

    def __init__(self, folder: Path, name: str, tables: Mapping[str, Sequence[Field]]) -> None:
        mark = f"{name}.{uuid4().hex}{UNFINISHED}"
        self._files = {table: (folder / table / mark, folder / table / f"{name}.parquet") for table in tables}
        self._schemas = {table: schema_from(fields) for table, fields in tables.items()}
        self._waiting: dict[str, list[Row]] = {table: [] for table in tables}
        self._writers: dict[str, pq.ParquetWriter] = {}

    def __enter__(self) -> Self:
        for table, (unfinished, _) in self._files.items():
            unfinished.parent.mkdir(parents=True, exist_ok=True)
            self._writers[table] = pq.ParquetWriter(unfinished, self._schemas[table], compression="zstd")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for table, (unfinished, _) in self._files.items():
            if table in self._writers:
                self._writers[table].close()
            unfinished.unlink(missing_ok=True)

    def add(self, rows: Mapping[str, Sequence[Row]]) -> None:
        """Write rows of some of the tables."""
        for table, added in rows.items():
            waiting = self._waiting[table]
            waiting += added
            while len(waiting) >= GROUP_ROWS:
                self._write(table, waiting[:GROUP_ROWS])
                del waiting[:GROUP_ROWS]

    def finish(self) -> dict[str, int]:
        """Bring the parts to the disk and put each in its place; return their sizes in bytes, by table."""
        sizes = {}
        for table, (unfinished, file) in self._files.items():
            self._write(table, self._waiting[table])
            self._writers[table].close()
            put_in_place(unfinished, file)
            sizes[table] = file.stat().st_size
        return sizes

    def _write(self, table: str, rows: Sequence[Row]) -> None:
        if rows:
            self._writers[table].write_table(pa.Table.from_pylist(list(rows), schema=self._schemas[table]))


def write_whole(file: Path, text: str) -> None:
    """Write a file that is there whole or not at all, and survives a power cut."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f"{file.name}.{uuid4().hex}{UNFINISHED}")
    try:
        unfinished.write_text(text, "utf-8")
        put_in_place(unfinished, file)
    finally:
        unfinished.unlink(missing_ok=True)


def put_in_place(unfinished: Path, file: Path) -> None:
    """Bring a file to the disk and give it its name."""
    _sync(unfinished, os.O_RDWR)
    unfinished.replace(file)
    _sync(file.parent, os.O_RDONLY)


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
