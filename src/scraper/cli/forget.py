"""`forget`: a story out of the archive for good."""

from __future__ import annotations

from pathlib import Path

import click

from scraper.cli.context import Context, source_files


@click.command(short_help="Remove a story for good, its bytes included.")
@click.argument("url")
@click.option("--yes", is_flag=True, help="Do not ask first.")
@source_files
@click.pass_obj
def forget(context: Context, url: str, yes: bool, files: tuple[Path, ...]) -> None:
    """Remove the story at URL for good: its rows, its versions, its place in the search, its bytes in the WARC files.

    It is neither harvested nor imported again, under none of the addresses that led to it. What a listing
    said of it stays in that listing's bytes. Copies made earlier (`db backup`) are not touched.
    """
    from scraper.cli.rooms import utc_now
    from scraper.cli.stored import opened_to_grow
    from scraper.urls import normalised, source_of, split

    if split(url) is None:  # an empty one is that of the record a WARC file begins with
        raise click.UsageError(f"no http or https address: {url!r}")
    source = source_of(url, context.catalogue(files).values())
    drop = source.drop_query if source else ()
    with opened_to_grow(context) as (store, archive):
        urls = store.shelf.addresses_of(normalised(url, drop))
        if not yes:
            click.confirm(f"Forget {', '.join(sorted(urls))} for good?", abort=True, err=True)
        # the bytes first: interrupted, the rows still say what is to be forgotten
        records = archive.bury(lambda target: normalised(target, drop) in urls or normalised(target) in urls, utc_now())
        articles = len(store.known(urls))
        store.shelf.forget(urls, utc_now())
    context.say(f"{'forgotten' if articles else 'nothing stored, and never will be'}: {url} ({records} records)")
