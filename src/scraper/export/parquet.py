"""Rows as Parquet: a folder per table, a file per month, typed, described by datapackage.json.

A month whose rows are as they were is left alone; one that differs is written anew, one that is empty goes. So the
folder is always what the archive holds, and an export costs what changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from scraper.errors import ConfigError
from scraper.export.files import Row, replacing
from scraper.export.typed import schema_from
from scraper.store import Export

DESCRIPTOR = "datapackage.json"

# https://specs.frictionlessdata.io/table-schema/
_DESCRIBED = {"text": "string", "texts": "array", "integer": "integer", "real": "number", "flag": "boolean",
              "instant": "datetime", "day": "date"}
_READ: dict[str, Callable[[Any], Any]] = {
    "texts": json.loads, "flag": bool, "instant": datetime.fromisoformat, "day": date.fromisoformat,
}  # fmt: skip


def write_folder(rows: Iterable[tuple[str, Row]], export: Export, folder: Path, columns: dict[str, str]) -> int:
    """Bring a table's folder in line with its rows, which come by month; return how many months were written.

    `columns` says what each field holds. Raises: ConfigError where the folder holds something else.
    """
    package = _package(folder)
    before: dict[str, Any] = next(
        (each["months"] for each in package["resources"] if each["name"] == export.name), {})
    months: dict[str, dict[str, Any]] = {}
    written = 0
    for month, group in groupby(rows, key=lambda row: row[0]):
        table = [row for _, row in group]
        digest = _digest(table, export)
        file = folder / _path(export, month)
        if before.get(month, {}).get("digest") != digest or not file.exists():
            _write(table, export, file)
            written += 1
        months[month] = {"rows": len(table), "digest": digest}
    for gone in before.keys() - months.keys():
        (folder / _path(export, gone)).unlink(missing_ok=True)
    _describe(package, export, months, columns, folder)
    return written


def _path(export: Export, month: str) -> str:
    return f"{export.name}/month={month}/{export.name}.parquet"


def _write(rows: list[Row], export: Export, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    schema = schema_from(export.fields)
    arrays = [pa.array(list(_values(rows, field.name, field.kind)), schema.field(field.name).type)
              for field in export.fields]
    table = pa.table(arrays, schema=schema)
    with replacing(file) as part:
        pq.write_table(table, part, compression="zstd")


def _values(rows: Iterable[Row], name: str, kind: str) -> Iterator[Any]:
    read = _READ.get(kind, lambda value: value)
    return (None if row[name] is None else read(row[name]) for row in rows)


def _digest(rows: Iterable[Row], export: Export) -> str:
    names = json.dumps([(field.name, field.kind) for field in export.fields])
    digest = hashlib.sha256(names.encode())
    for row in rows:
        digest.update(json.dumps(list(row.values()), ensure_ascii=False).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _package(folder: Path) -> dict[str, Any]:
    """Return the descriptor of the folder. Raises: ConfigError where other files lie in it and none of ours."""
    file = folder / DESCRIPTOR
    if not file.exists():
        if folder.exists() and any(folder.iterdir()):
            raise ConfigError(f"{folder} is not empty and no earlier export; name another folder with -o")
        folder.mkdir(parents=True, exist_ok=True)
        return {"profile": "data-package", "name": "news-archive", "resources": []}
    package: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return package


def _describe(
    package: dict[str, Any], export: Export, months: dict[str, dict[str, Any]], columns: dict[str, str], folder: Path
) -> None:
    others = [each for each in package["resources"] if each["name"] != export.name]
    ours = {
        "name": export.name, "title": export.about, "format": "parquet", "mediatype": "application/vnd.apache.parquet",
        "path": [_path(export, month) for month in months], "rows": sum(each["rows"] for each in months.values()),
        "schema": {
            "fields": [{"name": field.name, "type": _DESCRIBED[field.kind], "description": columns.get(field.name, "")}
                       for field in export.fields],
            "primaryKey": list(export.key),
        },
        "months": months,
    }
    package["resources"] = sorted([*others, ours], key=lambda each: str(each["name"]))
    with replacing(folder / DESCRIPTOR) as part:
        part.write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n", "utf-8")
