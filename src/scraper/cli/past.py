"""`backfill`: a site's past, as far as it lets itself be walked."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scraper.cli.context import DAY, Bounds, Context, run_bounds, source_files
from scraper.cli.progress import lines
from scraper.cli.run import show

if TYPE_CHECKING:
    from scraper.reports import Headway


@click.command(short_help="Fetch a site's past, newest to oldest, resumable.")
@click.argument("name", metavar="SOURCE")
@click.option("--from", "first", type=DAY, required=True, help="The first day, in the source's zone.")
@click.option("--until", "last", type=DAY, required=True, help="The last day.")
@click.option("--limit", type=click.IntRange(1), metavar="N",
              help="At most so many stories in this run; the next one goes on.")
@source_files
@run_bounds
@click.pass_obj
def backfill(
    context: Context, name: str, first: datetime, last: datetime, limit: int | None, files: tuple[Path, ...],
    bounds: Bounds,
) -> int:
    """Fetch the stories SOURCE published from one day until another, newest to oldest.

    The best way a site has is taken: WordPress month by month, sitemaps, pages of listings; the next one where it
    does not go back far enough. How far it has come is kept: a run that was ended, or reached its --limit, is gone
    on with by the same command; once all is read and stored, that command asks the site for nothing any more.
    Harvests leave these stories alone. `status --coverage` shows what the site says it has, month by month.
    """
    from scraper.cli.rooms import Terms, backfilled, utc_now
    from scraper.errand import Plan
    from scraper.spans import Span

    if first > last:
        raise click.UsageError(f"--from {first:%Y-%m-%d} is after --until {last:%Y-%m-%d}")
    if last.date() > utc_now().date():
        raise click.UsageError(f"--until {last:%Y-%m-%d} is not over yet; a range that was read is not read again")
    source = context.chosen([name], files)[0]
    plan = Plan(limit=limit, deadline_s=bounds.deadline_s)
    terms = Terms(context.allowed_private(bounds.private), bounds.wait_s)
    with lines(context, {source.key: "reading how far it has come"}) as tell:
        def watch(headway: Headway) -> None:
            if tell:
                tell(source.key, headway.line())

        report, headway, caught = backfilled(context, source, Span(first.date(), last.date()), plan, terms, watch)
    show(context, report)
    if not context.quiet:
        click.echo(headway.line())
    return 128 + caught if caught else report.code
