"""Rows on stdout in the forms sqlite-utils users know: JSON (default), --csv, --tsv, --nl, or a table."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click

from scraper.text import inert

F = TypeVar("F", bound=Callable[..., Any])


def output_format(command: F) -> F:
    """Add --csv, --tsv, --nl, --json and -t to a command, as one parameter `form`."""
    for name, flags, text in (
        ("json", ("--json",), "JSON."),
        ("nl", ("--nl",), "One JSON object a line."),
        ("tsv", ("--tsv",), "Tab-separated values."),
        ("csv", ("--csv",), "Comma-separated values; cells a spreadsheet would run are quoted."),
        ("table", ("-t", "--table"), "A table for people.  [default]"),
    ):
        command = click.option(*flags, "form", flag_value=name, help=text)(command)
    return command


def print_rows(rows: Iterable[dict[str, Any]], form: str | None) -> None:
    """Print rows on stdout; nothing but a note on stderr where there are none."""
    found = list(rows)
    if form == "json":
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    elif form == "nl":
        for row in found:
            click.echo(json.dumps(row, ensure_ascii=False))
    elif not found:
        click.echo("nothing yet", err=True)
    elif form in ("csv", "tsv"):
        _print_separated(found, "\t" if form == "tsv" else ",")
    else:
        _print_table(found)


def _print_separated(rows: list[dict[str, Any]], delimiter: str) -> None:
    writer = csv.writer(sys.stdout, delimiter=delimiter, lineterminator="\n")
    writer.writerow(rows[0])
    writer.writerows([inert(cell) for cell in row.values()] for row in rows)


def _print_table(rows: list[dict[str, Any]]) -> None:
    cells = [[_cell(value) for value in row.values()] for row in rows]
    heads = list(rows[0])
    widths = [max(len(head), *(len(line[column]) for line in cells)) for column, head in enumerate(heads)]
    for line in (heads, *cells):
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _cell(value: object) -> str:
    return "" if value is None else " ".join(str(value).split())
