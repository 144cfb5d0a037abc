"""`export`: the archive for other programs."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from scraper.cli.context import DAY, Context
from scraper.cli.extras import need
from scraper.cli.streams import speak_to_programs
from scraper.errors import ConfigError

if TYPE_CHECKING:
    from scraper.export.files import Form
    from scraper.store import Export, Store

TABLES = ("articles", "daily_rates", "edits", "images", "quotes")


@click.command(short_help="Write stories or rates for other programs: JSON Lines, CSV, Parquet.")
@click.argument("form", type=click.Choice(["jsonl", "csv", "parquet"]))
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="PATH",
              help="A file, for parquet a folder.  [default: stdout]")
@click.option("--table", type=click.Choice(TABLES), default="articles", show_default=True)
@click.option("--since", type=DAY, help="Only rows new or changed on that day (UTC) or later.")
@click.option("--new", is_flag=True, help="Append only the rows that no earlier export to PATH had as they are now.")
@click.pass_obj
def export(context: Context, form: str, output: Path | None, table: str, since: datetime | None, new: bool) -> None:
    """Write a table as JSON Lines, CSV (cells a spreadsheet would run are quoted) or Parquet (the extra `parquet`).

    Parquet is a file per month beside a datapackage.json: months that did not change are left alone. With --new,
    JSON Lines and CSV grow by what is new or changed; of two rows with one key the last holds.
    """
    from scraper.store import EXPORTS, Store

    _check(form, output, since, new)
    first = f"{since:%Y-%m-%d}" if since else ""
    try:
        with Store.reading(context.settings.db) as store:
            if form == "parquet" and output is not None:
                count, what = _parquet(store, EXPORTS[table], output), "month"
            else:
                count, what = _lines(store, EXPORTS[table], form, output, first, new), "row"
    except OSError as error:
        if output is None:
            raise
        raise ConfigError(f"{output}: cannot be written ({error.strerror or error})") from error
    if output is not None:
        context.say(f"{output}: {count} {what}{'' if count == 1 else 's'} of {table}")


def _check(form: str, output: Path | None, since: datetime | None, new: bool) -> None:
    if form == "parquet":
        need("parquet", "pyarrow")
        if output is None:
            raise click.UsageError("parquet is a folder of files: name it with -o")
        if since or new:
            raise click.UsageError("parquet is brought in line month by month: --since and --new are for jsonl and csv")
    if new and output is None:
        raise click.UsageError("--new appends to a file: name it with -o")


def _parquet(store: Store, export: Export, folder: Path) -> int:
    from scraper.export.parquet import write_folder

    columns = {column.name: column.about.replace("`", "") for each in store.described()
               if each.name == export.name for column in each.columns}
    return write_folder(store.exported(export), export, folder, columns)


def _lines(store: Store, export: Export, form: str, path: Path | None, since: str, new: bool) -> int:
    from scraper.export.files import Form, append_new, write_file, write_rows

    shape: Form = next(each for each in get_args(Form) if each == form)
    rows = (row for _, row in store.exported(export, since))
    if path is None:
        speak_to_programs()
        return write_rows(rows, export, shape, sys.stdout)
    return append_new(rows, export, shape, path) if new else write_file(rows, export, shape, path)
