"""`db`: looking after the archive itself."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scraper.cli.archive import show_imported
from scraper.cli.context import Context, source_files
from scraper.errors import ArchiveError, ConfigError

if TYPE_CHECKING:
    from scraper.archive import WarcArchive
    from scraper.store import Store

FAULTY = 74


@click.group(short_help="Look after the archive: upgrade, verify, backup, optimize, prune, merge.")
def db() -> None:
    """Look after the archive: bring it up to date, prove it, copy it, make room in it, join two of them."""


@db.command(short_help="Bring the archive up to this version of the program.")
@click.pass_obj
def upgrade(context: Context) -> None:
    """Bring the archive up to this version of the program; whatever opens it for writing does so, too.

    All of it is one transaction, but for the comparing of stories with each other: interrupted, that goes on where it
    was. An archive of a later version is refused and left as it is.
    """
    from scraper.cli.stored import opened
    from scraper.store import Store

    path = context.settings.db
    if (before := Store.version(path)) is None:
        raise ArchiveError("there is no archive here yet", str(path))
    with opened(context):
        after = Store.version(path)
    context.say(f"{path}: {before}, up to date" if before == after else f"{path}: from {before} to {after}")


@db.command(short_help="Prove that the archive is whole.")
@click.option("--quick", is_flag=True, help="Leave out the WARC files.")
@click.pass_obj
def verify(context: Context, quick: bool) -> int:
    """Prove that the archive is whole: pages, constraints, search, hashes, rates, and the bytes in the WARC files.

    Each fault is a line on stdout; with any, the exit code is 74.
    """
    from scraper.cli.stored import opened

    found = 0
    with opened(context) as (store, archive):
        for fault in _faults(store, archive, quick):
            click.echo(fault)
            found += 1
    context.say(f"{found} fault{'' if found == 1 else 's'}" if found else "no faults")
    return FAULTY if found else 0


def _faults(store: Store, archive: WarcArchive, quick: bool) -> Iterator[str]:
    yield from store.upkeep.faults()
    if not quick:
        for kept in store.upkeep.receipts():
            fault = archive.fault(kept)
            if fault is not None:
                yield f"{fault}: {kept.url}"


@db.command(short_help="Make the search fast and the file small.")
@click.pass_obj
def optimize(context: Context) -> None:
    """Tidy the search index (anew where it is wrong) and give unused room back; needs as much room again meanwhile."""
    from scraper.cli.stored import opened

    before = context.settings.db.stat().st_size if context.settings.db.exists() else 0
    with opened(context) as (store, _):
        store.upkeep.optimise()
    context.say(f"{before:,} bytes before, {context.settings.db.stat().st_size:,} after")


@db.command(short_help="Thin out what is old, as the settings say.")
@click.option("--polls-days", type=click.IntRange(1), metavar="DAYS", help="Instead of keep_polls_days.")
@click.option("--listings-days", type=click.IntRange(1), metavar="DAYS", help="Instead of keep_listings_days.")
@source_files
@click.pass_obj
def prune(context: Context, polls_days: int | None, listings_days: int | None, files: tuple[Path, ...]) -> None:
    """Thin out what is old: unchanged polls become a count a day, listings and feeds lose their bytes.

    How many days each is kept say `keep_polls_days` and `keep_listings_days` in scraper.toml; without them everything
    is kept for ever. Stories, their versions, rates and the bytes of stories are never touched. The first and the last
    poll of a day stay. Interrupted, the next one ends what was begun.
    """
    from scraper.cli.rooms import utc_now
    from scraper.cli.stored import opened, opened_shares
    from scraper.pruning import Keep, prune
    from scraper.sights import Atlas

    settings = context.settings
    keep = Keep(polls_days or settings.keep_polls_days, listings_days or settings.keep_listings_days)
    atlas = Atlas(context.catalogue(files).values())
    with opened(context) as (store, archive), opened_shares(context) as shares:
        done = prune(store, archive, keep, atlas.is_listing, utc_now(), shares)
    if keep == Keep() and done.warc_bytes == 0:
        context.say("everything is kept: neither keep_polls_days nor keep_listings_days is set")
    else:
        context.say(done.line())


@db.command(short_help="Copy the archive, also while a harvest writes.")
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path))
@click.pass_obj
def backup(context: Context, target: Path) -> None:
    """Copy the archive to FILE, and its WARC files into the folder beside it; also while a harvest writes.

    Into an earlier copy only what has changed of the WARC files is copied. FILE is replaced when the new one is whole.
    What shares of a dealt harvest remember comes along, so that a harvest from the copy asks for nothing twice.
    """
    from scraper.store import Store

    if target.resolve() == context.settings.db.resolve():
        raise ConfigError(f"{target} is the archive itself")
    copies = target.with_suffix(".warc")
    try:
        with Store.reading(context.settings.db) as store:
            store.upkeep.copy_to(target)
        for db in sorted(context.warcs.rglob("*.db")):
            _copy_share(db, copies / db.relative_to(context.warcs))
        copied = _copy_warcs(context.warcs, copies)
    except OSError as error:
        raise ArchiveError(f"cannot copy ({error.strerror})", str(target)) from error
    context.say(f"{target}: {target.stat().st_size:,} bytes, {copied} WARC files copied")


def _copy_share(db: Path, copy: Path) -> None:
    """Copy what a share remembers; one that cannot be read asks for its listed stories once more, and loses none."""
    from scraper.store import Store

    copy.parent.mkdir(parents=True, exist_ok=True)
    try:
        with Store.reading(db) as store:
            store.upkeep.copy_to(copy)
    except ArchiveError as error:
        click.echo(f"left out: {error}", err=True)


def _copy_warcs(source: Path, target: Path) -> int:
    """Copy the files that are new or have changed; the databases come first, so the bytes are never behind them."""
    target.mkdir(parents=True, exist_ok=True)  # an archive without a folder could not be merged
    copied = 0
    for file in sorted(path for path in source.rglob("*") if path.is_file()):
        if ".db" in file.name:  # a share's, its lock or its log: copied above, or nobody else's
            continue
        copy = target / file.relative_to(source)
        if not copy.exists() or _looks(copy) != _looks(file):
            copy.parent.mkdir(parents=True, exist_ok=True)
            part = copy.with_name(f"{copy.name}.part")
            shutil.copy2(file, part)
            part.replace(copy)
            copied += 1
    return copied


def _looks(file: Path) -> tuple[int, int]:
    stat = file.stat()
    return stat.st_size, stat.st_mtime_ns


@db.command(short_help="Take another machine's archive into this one.")
@click.argument("other", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@source_files
@click.pass_obj
def merge(context: Context, other: Path, files: tuple[Path, ...]) -> int:
    """Take the archive FILE, with its WARC files beside it, into this one, as if one machine had harvested both.

    Its pages are read again in the order of their captures, stories of which no bytes are kept are taken as it has
    them, and its readings of rates are added; what it has forgotten is forgotten here too. FILE is not changed, nor
    are its runs taken over.
    """
    from scraper.cli.joining import merged

    found, caught = merged(context, other, files)
    show_imported(context, found)
    return 128 + caught if caught else 0
