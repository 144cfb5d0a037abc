"""Fields as Arrow types: the one schema of everything that leaves as Parquet, from the database or from WARC files."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from scraper.store import Field

_IMAGE = pa.struct([
    ("position", pa.int64()), ("url", pa.string()), ("alt", pa.string()), ("caption", pa.string()),
    ("credit", pa.string()), ("role", pa.string()), ("width", pa.int64()), ("height", pa.int64()),
])  # fmt: skip
_BLOCK = pa.struct([("kind", pa.string()), ("start", pa.int64()), ("end", pa.int64()), ("level", pa.int64())])
_ORIGIN = pa.struct([("field", pa.string()), ("source", pa.string()), ("sure", pa.float64())])

TYPES = {
    "text": pa.string(), "texts": pa.list_(pa.string()), "integer": pa.int64(), "real": pa.float64(),
    "flag": pa.bool_(), "instant": pa.timestamp("s", tz="UTC"), "day": pa.date32(),
    "images": pa.list_(_IMAGE), "blocks": pa.list_(_BLOCK), "origins": pa.list_(_ORIGIN),
}  # fmt: skip


def schema_from(fields: Iterable[Field]) -> pa.Schema:
    """Return the schema of a table with these fields, in their order."""
    return pa.schema([(field.name, TYPES[field.kind]) for field in fields])
