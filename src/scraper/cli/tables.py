"""Rows on stdout in the forms sqlite-utils users know: JSON (default), --csv, --tsv, --nl, or a table."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from scraper.cli.streams import speak_to_programs
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


def print_rows(rows: Sequence[dict[str, Any]], form: str | None) -> None:
    """Print rows on stdout; where there are none, what a program reads as none, and for people a note on stderr."""
    if form not in (None, "table"):
        speak_to_programs()
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    elif form == "nl":
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False))
    elif form in ("csv", "tsv"):
        _print_separated(rows, "\t" if form == "tsv" else ",")
    elif not rows:
        click.echo("nothing yet", err=True)
    else:
        _print_table(rows)


def _print_separated(rows: Sequence[dict[str, Any]], delimiter: str) -> None:
    writer = csv.writer(sys.stdout, delimiter=delimiter, lineterminator="\n")
    if heads := [*rows[0]] if rows else getattr(rows, "columns", ()):  # the store's rows know them in any case
        writer.writerow(heads)
    writer.writerows([inert(cell) for cell in row.values()] for row in rows)


def _print_table(rows: Sequence[dict[str, Any]]) -> None:
    cells = [[_cell(value) for value in row.values()] for row in rows]
    heads = list(rows[0])
    widths = [max(len(head), *(len(line[column]) for line in cells)) for column, head in enumerate(heads)]
    for line in (heads, *cells):
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _cell(value: object) -> str:
    return "" if value is None else " ".join(str(value).split())
