"""`demo`: the real harvest, over real HTTP on loopback, of two small sites that ship with the package."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from pathlib import Path

import click

from scraper.cli.context import Context
from scraper.cli.run import show
from scraper.cli.tables import print_rows
from scraper.errors import ConfigError
from scraper.limits import Limits

MARK = "made-by-scraper-demo"
QUICK = Limits(gap_s=0.0, retry_wait_s=0.1)  # the sites are our own: no need to spare them

QUESTIONS = (
    (
        "the newest stories",
        "SELECT published_date, source, headline FROM articles ORDER BY id DESC LIMIT 5",
    ),
    (
        "how the rates moved",
        "SELECT label, first_seen, previous_rate_text AS was, rate_text AS became FROM rate_changes ORDER BY 2, 1",
    ),
    (
        "what was corrected after it was published",
        "SELECT headline, edited, changed FROM edited_articles",
    ),
    (
        "what two sites took from one agency, and who was first",
        "SELECT first_source, source, headline, round(similarity, 2) AS similarity FROM who_was_first",
    ),
    (
        "what was withdrawn, and is still here",
        "SELECT source, headline, withdrawn FROM articles WHERE withdrawn IS NOT NULL",
    ),
)


@click.command(short_help="See the whole line at work on two small sites, without the internet.")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), default=Path("demo"), show_default=True,
              help="Where the archive is made; that of an earlier demo is replaced.")
@click.pass_obj
def demo(context: Context, folder: Path) -> int:
    """Harvest two invented sites over loopback, as they stand on four days, and ask the archive a few things.

    On the third day a story is corrected and another one copied, on the fourth one is withdrawn; the rates of their
    tickers move.
    """
    _clear(folder)
    db = folder / "news.db"
    code = _harvest_days(replace(context, settings=replace(context.settings, db=db, limits=QUICK, contact="demo")))
    _ask(db)
    click.echo("\nNext:")
    for command, what in (
        (f"{_program()} -d {db} status", "what the archive holds"),
        (f"{_program()} -d {db} quotes --changes", "every move of a rate"),
        (f"sqlite3 {db}", "or any SQL of your own"),
        (f"{_program()} harvest timesca", "the same with a real site; see `sources list`"),
    ):
        click.echo(f"  {command:50} # {what}")
    return code


def _harvest_days(context: Context) -> int:
    from scraper.cli.rooms import Terms, harvested, running_from
    from scraper.demo import DAYS, demo_sites
    from scraper.errand import Plan

    code = 0
    with demo_sites() as sites:
        for day in range(1, DAYS + 1):
            sites.day = day
            click.echo(f"{sites.now:%A, %d %B %Y}: scraper harvest")
            terms = Terms(private=("127.0.0.1",), clock=running_from(sites.now))
            report, caught = harvested(context, sites.sources, Plan(), terms)
            show(context, report)
            click.echo()
            code = 128 + caught if caught else max(code, report.code)
            if caught:
                break
    return code


def _program() -> str:
    """Return what to type to run this program again."""
    if shutil.which("scraper"):
        return "scraper"
    return "python -m scraper" if sys.argv[0].endswith("__main__.py") else sys.argv[0]


def _ask(db: Path) -> None:
    from scraper.store import Store

    with Store.reading(db) as store:
        for title, sql in QUESTIONS:
            click.echo(f"-- {title}\n{sql};")
            print_rows(store.rows(sql), None)
            click.echo()


def _clear(folder: Path) -> None:
    """Make room for the demo's archive; only what an earlier demo made is taken away."""
    mark = folder / MARK
    if folder.exists() and any(folder.iterdir()) and not mark.exists():
        raise ConfigError(f"{folder} is not a demo's folder and not empty; name another with --folder")
    folder.mkdir(parents=True, exist_ok=True)
    mark.touch()
    for file in folder.glob("news.db*"):
        file.unlink()
    shutil.rmtree(folder / "news.warc", ignore_errors=True)
