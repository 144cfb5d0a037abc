"""`quotes`: the rates of the tickers, as rows or as a picture."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from textwrap import fill
from typing import TYPE_CHECKING, Any

import click

from scraper.cli.context import Context
from scraper.cli.tables import output_format, print_rows

if TYPE_CHECKING:
    from scraper.store import Span, Store

COLOURS = ("cyan", "yellow", "green", "magenta", "blue", "red")
LEGEND = "Dotted: nobody looked in between. Blank: nobody looked for more than 36 hours."


class Instant(click.ParamType):  # type: ignore[type-arg]  # generic in late 8.x only
    """A time in ISO 8601, 2026-03-02 or 2026-03-02T18:30+05:00; without a zone it is UTC."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return the instant in UTC."""
        try:
            instant = datetime.fromisoformat(str(value))
            return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is no time; write it as 2026-03-02 or 2026-03-02T18:30+05:00", param, ctx)


@click.command(short_help="Show the rates of the tickers, as printed on the page, or draw them.")
@click.argument("pairs", nargs=-1, metavar="[PAIR]...")
@click.option("--at", type=Instant(), help="The rates standing then, and whether anyone looked.")
@click.option("--changes", "view", flag_value="changes", help="Every move of a rate, oldest first.")
@click.option("--daily", "view", flag_value="daily", help="The last rate of each day, UTC.")
@click.option("--inverse", "view", flag_value="inverse",
              help="The latest rates turned round: KGS/USD as so many KGS for one USD, a range.")
@click.option("--chart", "view", flag_value="chart", help="A picture for the terminal; silences stay blank.")
@click.option("--since", type=Instant(), help="Not before this time: of --changes, --daily and --chart.")
@click.option("--until", type=Instant(), help="Before this time.")
@output_format
@click.pass_obj
def quotes(
    context: Context, pairs: tuple[str, ...], at: datetime | None, view: str | None, since: datetime | None,
    until: datetime | None, form: str | None,
) -> None:
    """Show the latest rate of each PAIR such as KGS/USD (default: all), as printed on the page.

    A TIME is 2026-03-02 or 2026-03-02T18:30+05:00, without a zone UTC. With --at, `observed` is 0 where nobody has
    looked since `last_seen`: the rate may have moved unseen.
    """
    from scraper.store import Store

    _check(at, view, (since, until), form)
    with Store.reading(context.settings.db) as store:
        _check_pairs(store, pairs)
        if view == "chart":
            _draw(store, pairs, (since, until))
        elif at:
            print_rows(store.quotes_at(at, pairs), form)
        else:
            print_rows(_rows(store, pairs, view, (since, until)), form)


def _check(at: datetime | None, view: str | None, span: Span, form: str | None) -> None:
    if at and view:
        raise click.UsageError(f"--at and --{view} ask for two different things")
    if any(span) and view not in ("changes", "daily", "chart"):
        raise click.UsageError("--since and --until go with --changes, --daily or --chart")
    if view == "chart" and form is not None:
        raise click.UsageError(f"--chart is a picture, --{form} is not; for the numbers leave --chart out")


def _check_pairs(store: Store, pairs: Sequence[str]) -> None:
    for pair in pairs:
        if not store.latest_quotes([pair]) and store.latest_quotes():
            there = "`scraper quotes` shows those there are"
            base, _, counter = pair.partition("/")
            for row in store.latest_quotes([f"{counter}/{base}"]):
                there = f"its pages print {row['label']}: `scraper quotes --inverse {row['label']}` turns it round"
            raise click.UsageError(f"no pair {pair!r} in this archive; {there}")


def _rows(store: Store, pairs: Sequence[str], view: str | None, span: Span) -> list[dict[str, Any]]:
    if view == "changes":
        return store.rate_changes(pairs, span)
    if view == "daily":
        return store.daily_rates(pairs, span)
    return store.inverse_quotes(pairs) if view == "inverse" else store.latest_quotes(pairs)


def _draw(store: Store, pairs: Sequence[str], span: Span) -> None:
    from scraper.cli.chart import charts, clock
    from scraper.ratelines import rate_lines

    lines = rate_lines(store.rate_runs(pairs, span), *span)
    if not lines:
        click.echo("nothing yet", err=True)
        return
    width = shutil.get_terminal_size().columns
    drawn = charts(lines, width, braille=_shows("⣿┤"))
    for number, chart in enumerate(drawn):
        colour = COLOURS[number % len(COLOURS)]
        _say(click.style(chart.title, bold=True))
        for row in chart.rows:
            _say(row[:chart.plot] + click.style(row[chart.plot:], fg=colour))
    plot = drawn[0].plot
    click.echo(" " * plot + clock(lines, max(width - plot, 0)))
    if not all(line.gapless for line in lines):
        click.echo(fill(LEGEND, width))


def _say(line: str) -> None:
    # click takes the colours out where stdout is no terminal; https://no-color.org asks for as much
    click.echo(line, color=False if os.environ.get("NO_COLOR") else None)


def _shows(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeError:
        return False
    return True
