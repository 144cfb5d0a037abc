"""`search`: the newest stories that hold every word asked for."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Any

import click

from scraper.cli.context import DAY, Context
from scraper.cli.tables import output_format, print_rows

_MARKS = str.maketrans("", "", "\x02\x03")


@click.command(short_help="Find stories, the newest first.")
@click.argument("query", nargs=-1, required=True, metavar="QUERY...")
@click.option("--source", metavar="SOURCE", help="Only stories of this source.")
@click.option("--since", type=DAY, help="Only stories dated on this day or later, in their source's zone.")
@click.option("--until", type=DAY, help="Only stories dated on this day or before.")
@click.option("--limit", type=click.IntRange(1), metavar="N", default=20, show_default=True, help="At most so many.")
@output_format
@click.pass_obj
def search(
    context: Context, query: tuple[str, ...], source: str | None, since: datetime | None, until: datetime | None,
    limit: int, form: str | None,
) -> None:
    """Find the newest stories that hold every word of QUERY, in headline, lead, body, byline or captions.

    \b
    "lower gate"       these words side by side
    snow*              any ending
    headline:pass      only in this field
    """
    from scraper.store import Store

    with Store.reading(context.settings.db) as store:
        if source is not None and not any(row["key"] == source for row in store.rows("sources")):
            raise click.UsageError(f"no source {source!r} in this archive; `scraper status` shows those there are")
        rows = store.search(_joined(query), limit=limit, source=source, days=(_day(since), _day(until)))
    if form is not None and form != "table":
        for row in rows:
            row["snippet"] = row["snippet"].translate(_MARKS)
        print_rows(rows, form)
    elif rows:
        for row in rows:
            _print(row)
    else:
        context.say("nothing found")


def _day(given: datetime | None) -> str | None:
    return f"{given:%Y-%m-%d}" if given else None


def _joined(words: tuple[str, ...]) -> str:
    """Return the words as one query; a word with blanks in it, which a shell took the quotes off, is a phrase."""
    if len(words) == 1:
        return words[0]
    return " ".join(f'"{word}"' if " " in word and '"' not in word else word for word in words)


def _print(row: dict[str, Any]) -> None:
    day = row["published_date"] or "no date"
    click.echo(f"{day:10}  {row['source']}  {click.style(row['headline'], bold=True)}")
    click.echo(f"  {_shown(' '.join(row['snippet'].split()))}")
    click.echo(f"  {row['url']}")


def _shown(snippet: str) -> str:
    from scraper.browse.reading import marked

    def shown(match: str) -> str:
        return click.style(match, bold=True) if sys.stdout.isatty() else f"[{match}]"

    return "".join(shown(text) if is_match else text for is_match, text in marked(snippet))
