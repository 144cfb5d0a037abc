"""`harvest`, the cron job, and `demo`, the same line over two small sites that ship with the package."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scraper.cli.context import DAY, Bounds, Context, run_bounds, source_files
from scraper.cli.extras import need
from scraper.cli.progress import lines
from scraper.reports import ALL_FAILED, DONE

if TYPE_CHECKING:
    from scraper.errand import Plan
    from scraper.reports import RunReport, SourceReport
    from scraper.source import Source


@click.command(short_help="Fetch what is new: the cron job.")
@click.argument("names", nargs=-1, metavar="[SOURCE]...")
@click.option("--since", type=DAY, help="Only stories of this day or later.")
@click.option("--limit", type=click.IntRange(0), metavar="N",
              help="At most so many stories per source; the rest waits.")
@click.option("--max-pages", type=click.IntRange(1), metavar="N", help="At most so many listing pages per entry point.")
@click.option("--dry-run", is_flag=True, help="Read the listings, show what would be fetched, write nothing.")
@click.option("--recheck", is_flag=True, help="Ask again for every story of the last 30 days, due or not.")
@click.option("--dask", metavar="ADDRESS", help="Deal the sources to the workers of this scheduler: tcp://HOST:8786.")
@source_files
@run_bounds
@click.pass_obj
def harvest(
    context: Context, names: tuple[str, ...], since: datetime | None, limit: int | None, max_pages: int | None,
    dry_run: bool, recheck: bool, dask: str | None, files: tuple[Path, ...], bounds: Bounds,
) -> int:
    """Fetch what is new from each SOURCE (default: all of the settings, else all not experimental).

    The last lines explain the result, one per source. A second run stores nothing twice.
    """
    from scraper.errand import Plan

    sources = context.chosen(names, files)
    day = since.date() if since else None
    plan = Plan(day, limit, max_pages, recheck, bounds.deadline_s)
    if dry_run and dask:
        raise click.UsageError("--dry-run is for this machine: it only reads listings")
    if dry_run:
        return _survey(context, sources, plan, context.allowed_private(bounds.private))
    if context.settings.contact is None:
        context.say('scraper: no contact is set; so that sites can reach you, put contact = "..." into scraper.toml')
    if dask:
        return _deal(context, sources, plan, bounds, dask)
    return _harvest(context, sources, plan, bounds)


def _deal(context: Context, sources: Sequence[Source], plan: Plan, bounds: Bounds, address: str) -> int:
    need("cluster", "distributed")
    from scraper.cli.dealt import dealt
    from scraper.cli.rooms import Terms

    terms = Terms(context.allowed_private(bounds.private), bounds.wait_s)
    report, caught = dealt(context, sources, plan, terms, address)
    show(context, report)
    left = len(sources) - len(report.sources)
    if left and not caught:
        context.say(f"{left} of {len(sources)} sources were not reached in time; the next run begins with them")
    return 128 + caught if caught else report.code


def _harvest(context: Context, sources: Sequence[Source], plan: Plan, bounds: Bounds) -> int:
    from scraper.cli.rooms import Terms, harvested
    from scraper.errand import unwatched

    with lines(context, {source.key: f"{source.key}: reading its listings" for source in sources}) as tell:
        progress = (lambda report: tell(report.source, report.line())) if tell else unwatched
        terms = Terms(context.allowed_private(bounds.private), bounds.wait_s, progress=progress)
        report, caught = harvested(context, sources, plan, terms)
    show(context, report)
    return 128 + caught if caught else report.code


def _survey(context: Context, sources: Sequence[Source], plan: Plan, private: tuple[str, ...]) -> int:
    from scraper.cli.glance import surveyed

    found = surveyed(context, sources, plan, private)
    for report, teasers in found:
        for teaser in teasers:
            click.echo(f"{report.source}\t{teaser.url}\t{teaser.headline or ''}")
        _show_problems(report)
        context.say(f"{report.source}: {report.listed} listed, {report.known} known, {len(teasers)} would be fetched")
    return ALL_FAILED if all(report.failed for report, _ in found) else DONE


def show(context: Context, report: RunReport) -> None:
    """Print each lost page on stderr and each source's summary on stdout.

    Quiet, only what sources lost that failed or were put off: code 0 is no mail.
    """
    for source in report.sources:
        if not context.quiet or source.failed or source.refused:
            _show_problems(source)
    if not context.quiet:
        for source in report.sources:
            click.echo(source.line())


def _show_problems(report: SourceReport) -> None:
    shown = report.problems if report.listings else report.problems[:1]  # a closed network is one line per source
    for problem in shown:
        more = len(report.problems) - len(shown)
        rest = f" (and {more} more)" if more else ""
        click.echo(f"{report.source}: {problem.reason}: {problem.url}{rest}", err=True)
