"""Rows as JSON Lines or CSV: whole files that appear at once, or only what an earlier export did not have."""

from __future__ import annotations

import csv
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Literal

from scraper.errors import ConfigError
from scraper.store import Export
from scraper.text import inert

Row = dict[str, Any]
Form = Literal["jsonl", "csv"]
Write = Callable[[Row], object]

_DIGEST_BYTES = 12  # two of 10 million rows are alike with a chance of 1 in 10^15


def write_rows(rows: Iterable[Row], export: Export, form: Form, file: IO[str]) -> int:
    """Write rows, the fields' names first where the form has them; return how many."""
    write = _writer(export, form, file, heads=True)
    count = 0
    for row in rows:
        write(row)
        count += 1
    return count


def write_file(rows: Iterable[Row], export: Export, form: Form, path: Path) -> int:
    """Write rows into a file that is there whole or not at all; return how many."""
    with replacing(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        return write_rows(rows, export, form, file)


def append_new(rows: Iterable[Row], export: Export, form: Form, path: Path) -> int:
    """Append to a file those rows that no export to it has written as they are now; return how many.

    What was written is kept in a file beside it, a digest a row. A changed row is appended anew: the last one holds.
    """
    ledger = path.with_name(f"{path.name}.exported")
    known = _ledger(ledger, export, form) if path.exists() else set()
    added: list[bytes] = []
    with path.open("a" if known else "w", encoding="utf-8", newline="") as file:
        write = _writer(export, form, file, heads=not known)
        for row in rows:
            digest = _digest(row)
            if digest not in known:
                write(row)
                added.append(digest)
        file.flush()
        os.fsync(file.fileno())  # a row written twice does less harm than one that is missing
    with replacing(ledger) as part:
        part.write_bytes(_mark(export, form) + b"".join((*known, *added)))
    return len(added)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a file to write beside `path`, of a name of its own, and put it in its place when it is whole."""
    part = path.with_name(f".{path.name}.{os.urandom(4).hex()}.part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def replace_file(path: Path, content: bytes) -> None:
    """Write a file that nobody ever reads half written. Raises: ConfigError where its folder does not take it."""
    try:
        with replacing(path) as part:
            part.write_bytes(content)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written ({error.strerror or error})") from error


def _writer(export: Export, form: Form, file: IO[str], *, heads: bool) -> Write:
    if form == "jsonl":
        return lambda row: file.write(json.dumps(_plain(row, export), ensure_ascii=False) + "\n")
    names = [field.name for field in export.fields]
    writer = csv.DictWriter(file, names, lineterminator="\n")
    if heads:
        writer.writeheader()
    lists = [field.name for field in export.fields if field.kind == "texts"]
    return lambda row: writer.writerow(_cells(row, lists))


def _plain(row: Row, export: Export) -> Row:
    kinds = {field.name: field.kind for field in export.fields}
    return {name: json.loads(value) if kinds[name] == "texts" else value for name, value in row.items()}


def _cells(row: Row, lists: Iterable[str]) -> Row:
    joined = row | {name: "; ".join(json.loads(row[name])) for name in lists}
    return {name: inert(value) for name, value in joined.items()}


def _digest(row: Row) -> bytes:
    text = json.dumps(list(row.values()), ensure_ascii=False)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_DIGEST_BYTES).digest()


def _mark(export: Export, form: Form) -> bytes:
    """Return what a ledger begins with: with other fields, or in another form, everything is written again."""
    names = " ".join(field.name for field in export.fields)
    return hashlib.blake2b(f"{form} {export.name} {names}".encode(), digest_size=_DIGEST_BYTES).digest()


def _ledger(path: Path, export: Export, form: Form) -> set[bytes]:
    content = path.read_bytes() if path.exists() else b""
    if content[:_DIGEST_BYTES] != _mark(export, form):
        return set()
    return {content[at:at + _DIGEST_BYTES] for at in range(_DIGEST_BYTES, len(content), _DIGEST_BYTES)}
