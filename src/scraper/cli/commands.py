"""The `scraper` command: its options, its commands in the order a newcomer needs them, its exit codes."""

from __future__ import annotations

import errno
import resource
import sys
import traceback
from contextlib import suppress
from pathlib import Path

import click

from scraper.cli import archive, look, past, run, sites
from scraper.cli.context import context_from
from scraper.cli.db import db as db_
from scraper.cli.demo import demo
from scraper.cli.diff import diff
from scraper.cli.export import export
from scraper.cli.extract import extract
from scraper.cli.forget import forget
from scraper.cli.health import health
from scraper.cli.init import init
from scraper.cli.newsource import new_source
from scraper.cli.quotes import quotes
from scraper.cli.report import report
from scraper.cli.schedule import schedule
from scraper.cli.search import search
from scraper.cli.serve import serve
from scraper.cli.streams import let_go_of_stdout, stand_on_streams
from scraper.errors import ArchiveError, ConfigError, LockHeld, ScraperError

USAGE, FAILED, BUG, ARCHIVE, LOCKED, INTERRUPTED = 2, 1, 70, 74, 75, 130

_MOST_FILES = 8_192

EPILOG = """\b
Exit codes:
  0    done, nothing new included
  1    every source failed (no network, say)
  2    usage or configuration
  3    some sources failed, were put off or refused by robots.txt; the rest is stored
  4    check: headline or body missing; health: an alert is open
  70   a bug (--debug shows the traceback)
  74   the archive cannot be used: full, read-only, corrupt, of a newer version
  75   another run holds the archive
  130  interrupted (143 by SIGTERM); all fetched pages are stored

\b
Settings: flag, then environment (SCRAPER_DB, SCRAPER_CONFIG), then ./scraper.toml, then
$XDG_CONFIG_HOME/scraper/scraper.toml.
"""


class _InOrder(click.Group):
    """Commands in the order they were added."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; that nobody reads what it prints any more is no failure (click would exit with 1)."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            let_go_of_stdout()
            return 0


@click.group(cls=_InOrder, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("-d", "--db", envvar="SCRAPER_DB", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
              help="The archive; its WARC files lie beside it.  [default: news.db]")
@click.option("-c", "--config", envvar="SCRAPER_CONFIG", metavar="FILE", type=click.Path(path_type=Path),
              help="The settings.  [default: ./scraper.toml]")
@click.option("-v", "--verbose", count=True, help="Say more on stderr: -v each page, -vv each step.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing unless something fails.")
@click.option("--debug", is_flag=True, help="Show the traceback of a bug.")
@click.version_option(package_name="scraper")
@click.pass_context
def cli(ctx: click.Context, db: Path | None, config: Path | None, verbose: int, quiet: bool, debug: bool) -> None:
    """Harvest news sites into one SQLite file: articles, their revisions, and the rates of market tickers.

    \b
    A first look, without the net:   scraper demo
    The cron job:                    scraper -q harvest
    Afterwards:                      scraper status; sqlite3 news.db
    """
    ctx.obj = context_from(db, config, -1 if quiet else verbose, debug)


for command in (
    run.harvest, past.backfill, sites.sources, look.check, look.status, health, quotes, search, diff, report, export,
    archive.raw, archive.reparse, archive.import_, extract, forget, db_, init, new_source, schedule, serve, demo,
):
    cli.add_command(command)


def main() -> None:
    """Run the command line and exit with its code; the last line of defence against a bug."""
    debug = "--debug" in sys.argv
    stand_on_streams()
    _claim_files()
    try:
        code = cli.main(standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        code = USAGE
    except click.Abort:
        code = INTERRUPTED
    except ScraperError as error:
        _complain(str(error))
        code = _code_of(error)
    except BrokenPipeError:
        let_go_of_stdout()
        code = 0
    except Exception as error:  # noqa: BLE001 - the last line of defence: a bug ends in one line and code 70
        if debug:
            traceback.print_exc()
        code = _last_words(error)
    sys.exit(code if isinstance(code, int) else 0)


def _claim_files() -> None:
    """Ask for as many open files as may be had: each site takes a connection, and 256 is usual on a Mac."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        with suppress(OSError, ValueError):  # a Mac's "unlimited" is more than it gives
            resource.setrlimit(resource.RLIMIT_NOFILE, (files_wanted(soft, hard), hard))


def files_wanted(soft: int, hard: int) -> int:
    """Return how many open files to ask for, by the limits there are (below zero: none); never fewer than before."""
    return max(soft, min(hard, _MOST_FILES) if hard > 0 else _MOST_FILES)


def _last_words(error: BaseException) -> int:
    """Say why it ends here, and return the code: that the machine has no more to give is no bug."""
    inner = error
    while isinstance(inner, BaseExceptionGroup):
        inner = inner.exceptions[0]
    if isinstance(inner, OSError) and inner.errno in (errno.EMFILE, errno.ENFILE):
        _complain(f"the system lets no more files be opened ({inner.strerror}; ulimit -n)")
        return ARCHIVE
    _complain(f"this is a bug: {type(error).__name__}: {error} (--debug shows where)")
    return BUG


def _code_of(error: ScraperError) -> int:
    kinds = ((ConfigError, USAGE), (LockHeld, LOCKED), (ArchiveError, ARCHIVE))
    return next((code for kind, code in kinds if isinstance(error, kind)), FAILED)


def _complain(message: str) -> None:
    click.echo(f"scraper: {message}", err=True)
