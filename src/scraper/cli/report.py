"""`report`: a span of days as one page, to be read in a browser or mailed by cron."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from scraper.cli.context import DAY, Context

DAYS = 7


@click.command(short_help="Write a week's stories, edits and rates as one HTML page, or as a mail.")
@click.option("--since", type=DAY, help="The first day.")
@click.option("--until", type=DAY, help="The last day.  [default: yesterday, UTC]")
@click.option("--days", type=click.IntRange(1), metavar="N",
              help=f"So many days up to the last one.  [default: {DAYS}]")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="[default: stdout]")
@click.option("--mail", metavar="ADDRESS", help="A whole mail to ADDRESS instead, for `sendmail -t`.")
@click.pass_obj
def report(
    context: Context, since: datetime | None, until: datetime | None, days: int | None, output: Path | None,
    mail: str | None,
) -> None:
    """Write what whole days brought as one HTML page: stories, edits word by word, withdrawals, charts of rates.

    The page loads nothing; its charts are drawings in it, and stand in a table too, as mail programs may drop drawings.

    \b
    The week before:  scraper report -o week.html
    A cron job:       0 6 * * *  scraper -q report --days 1 --mail desk@example.org | sendmail -t
    """
    from scraper.export.files import replace_file
    from scraper.report.message import message
    from scraper.report.page import page, report_from
    from scraper.store import Store

    first, end = _span(since, until, days)
    with Store.reading(context.settings.db) as store:
        told = report_from(store, first, end)
    content = message(told, mail) if mail else page(told).encode()
    if output is None:
        sys.stdout.buffer.write(content)
    else:
        replace_file(output, content)
        context.say(f"{output}: {told.sums}")


def _span(since: datetime | None, until: datetime | None, days: int | None) -> tuple[datetime, datetime]:
    if since and days:
        raise click.UsageError("--since and --days both say where it begins")
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    end = until.replace(tzinfo=UTC) + timedelta(days=1) if until else today
    first = since.replace(tzinfo=UTC) if since else end - timedelta(days=days or DAYS)
    if first >= end:
        raise click.UsageError("the span ends before it begins")
    return first, end
