"""What was kept: `raw` prints the bytes of a page, `reparse` reads them again, `import` takes WARC files in."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from scraper.cli.context import Context, source_files
from scraper.errors import ArchiveError, BodyError

if TYPE_CHECKING:
    from scraper.importing import Imported
    from scraper.records import Exchange

SHOWN_DAMAGES = 20


@click.command(short_help="Print the bytes of a page as they were received.")
@click.argument("page", metavar="URL|ARTICLE_ID")
@click.option("--headers", is_flag=True, help="Print the status line and the headers before the body.")
@click.pass_obj
def raw(context: Context, page: str, headers: bool) -> None:
    """Print the bytes of a page as they were last received, without their transfer coding.

    Any address that was fetched will do: a story under each of its addresses, a listing, a robots.txt.
    """
    from scraper.archive import WarcArchive
    from scraper.sights import body_of
    from scraper.store import Store
    from scraper.urls import normalised

    with Store.reading(context.settings.db) as store:
        name = int(page[:18]) if page.isdecimal() else normalised(page)
        place = store.shelf.place_of(name) or store.shelf.place_of(page)
        known = store.shelf.texts_of(name)
    if place is None:
        why = "no bytes of it are kept, as a noarchive mark asks; its text is" if known else "no such page is stored"
        raise click.UsageError(f"{page}: {why}")
    exchange = WarcArchive(context.warcs).read(place["file"], place["offset"])
    if headers:
        sys.stdout.buffer.write(_head(exchange))
    try:
        sys.stdout.buffer.write(body_of(exchange, context.limits().sitemap_bytes))
    except BodyError as error:
        raise ArchiveError(f"the stored body cannot be decoded ({error.message})", exchange.url) from error


@click.command(short_help="Read the archived pages again, with today's parser.")
@click.argument("names", nargs=-1, metavar="[SOURCE]...")
@click.option("--dry-run", is_flag=True, help="Show which fields of which sources would change; change nothing.")
@source_files
@click.pass_obj
def reparse(context: Context, names: tuple[str, ...], dry_run: bool, files: tuple[Path, ...]) -> int:
    """Read the archived pages of each SOURCE (default: all) with today's parser, offline and in parallel.

    A text that changes so is kept as a version with the reason `reparse`, never as an edit of the publisher's.
    Stories of which no bytes are kept, as a noarchive mark asks, are counted and stay as they were once read.
    What was interrupted goes on where it ended.
    """
    from scraper.cli.stored import reread, stored_sources
    from scraper.reparse import rehearse, reparse

    sources = stored_sources(context, names, files)
    for key in sorted(key for key, source in sources.items() if not source.discover):
        context.say(f"{key}: nothing declares it any more; read without its patterns and layouts (see --source-file)")
    done, caught = reread(context, sources, rehearse if dry_run else reparse)
    context.tell(done.problems, done.lines())
    return 128 + caught if caught else 0


def _head(exchange: Exchange) -> bytes:
    lines = (f"HTTP/1.1 {exchange.status} {exchange.reason}", *(f"{name}: {value}" for name, value in exchange.headers))
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode("latin-1", "replace")


@click.command("import", short_help="Take in WARC files: ours, CC-NEWS, the Wayback Machine's, anybody's.")
@click.argument("warcs", nargs=-1, required=True, metavar="FILE|-...")
@click.option("--any", "anybody", is_flag=True, help="Also pages of sites that are no known source, if they hold an "
              "article; the host is their source's name.")
@source_files
@click.pass_obj
def import_(context: Context, warcs: tuple[str, ...], anybody: bool, files: tuple[Path, ...]) -> int:
    """Take WARC (or ARC) files, folders of them, or standard input into the archive, as if harvested at their time.

    Rates stand at the instant of their capture, versions of a story in the order of their captures, whatever the
    order of import; what is known already adds nothing. Only pages of known sources are read. Exchanges that
    are stored are copied into the archive's own WARC folder; files that lie there already are not.
    """
    from scraper.cli.stored import imported
    from scraper.sights import Atlas, nobody, stranger

    undeclared = (lambda url: context.settled(stranger(url))) if anybody else nobody
    atlas = Atlas(context.catalogue(files).values(), undeclared)
    with _named(warcs) as paths:
        found, caught = imported(context, paths, atlas)
    show_imported(context, found)
    if not found.brought.counts:
        context.say("nothing of a known source in these files")
    if found.damages and not found.read:
        raise ArchiveError(f"nothing could be read in {' '.join(warcs)}")
    return 128 + caught if caught else 0


@contextmanager
def _named(files: Sequence[str]) -> Iterator[list[Path]]:
    """Yield the files as paths; standard input becomes a file, as it is read twice."""
    with TemporaryDirectory() as folder:
        spooled = Path(folder) / "standard-input"
        if "-" in files:
            with spooled.open("wb") as copy:
                shutil.copyfileobj(sys.stdin.buffer, copy)
        yield [spooled if file == "-" else Path(file) for file in files]


def show_imported(context: Context, found: Imported) -> None:
    """Print what could not be read on stderr, and what came in on stdout."""
    context.tell(found.brought.problems, found.brought.lines())
    for damage in [*found.damages][:SHOWN_DAMAGES]:
        click.echo(f"{damage.file}, byte {damage.offset}: {damage.reason}", err=True)
    if len(found.damages) > SHOWN_DAMAGES:
        click.echo(f"and {len(found.damages) - SHOWN_DAMAGES} more damages", err=True)
