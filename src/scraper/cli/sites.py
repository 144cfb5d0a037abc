"""`sources`: what is known of each site, and a look at the real one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path

import click

from scraper.cli.context import Context, private_hosts, source_files
from scraper.errors import ArchiveError
from scraper.source import Edition, Layout, Place, Source

STORIES_TESTED = 3


@click.group(invoke_without_command=True)
@click.pass_context
def sources(ctx: click.Context) -> None:
    """Show the known sites, and test them on saved or real pages.  [default: list]"""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_)


@sources.command("list", short_help="List every known source, its last run and its health.")
@source_files
@click.pass_obj
def list_(context: Context, files: tuple[Path, ...] = ()) -> None:
    """List every known source: what it is, how far it can be trusted, its last run here (UTC) and its health.

    Verified: a real page showed where its stories stand. Experimental: only scrapers, feed lists or guesses say so.
    LIVE is when its declaration was last tried on the real site. Health: the stories held, and the open alerts.
    """
    from scraper.sources.handbook import languages, state, tally

    known, ran = context.catalogue(files), _last_runs(context)
    rows = [("KEY", "NAME", "COUNTRY", "LANGUAGES", "ZONE", "STATE", "LIVE", "LAST RUN", "HEALTH")]
    for key, source in sorted(known.items()):
        live = source.live.isoformat() if source.live else "never"
        spoken = " ".join(languages(source)) or "-"
        name = source.name or source.home
        rows.append((key, name, source.country or "-", spoken, source.timezone, state(source), live,
                     *ran.get(key, ("never", "-"))))  # fmt: skip
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    context.say(tally(known.values()))


def _last_runs(context: Context) -> dict[str, tuple[str, str]]:
    """Return when each source last ran, and how it does; nothing where there is no archive yet."""
    from scraper.store import Store

    if not context.settings.db.exists():
        return {}
    try:
        with Store.reading(context.settings.db) as store:
            return {row["source"]: ((row["last_run"] or "never")[:16].replace("T", " "), _health(row))
                    for row in store.status()}  # fmt: skip
    except ArchiveError as error:
        context.say(f"last runs are not shown: {error}")
        return {}


def _health(row: Mapping[str, object]) -> str:
    alerts = row["alerts"]
    said = f"{alerts} alert{'' if alerts == 1 else 's'}, see `scraper health`" if alerts else "well"
    return f"{row['articles']} stories, {said}"


@sources.command(short_help="Show what a source declares, and its limits.")
@click.argument("name", metavar="SOURCE")
@source_files
@click.pass_obj
def show(context: Context, name: str, files: tuple[Path, ...]) -> None:
    """Show what SOURCE declares, and the limits it is fetched with."""
    source = context.chosen([name], files)[0]
    for spec in fields(Source):
        if spec.name not in ("discover", "limits"):
            click.echo(f"{spec.name:12} {_shown(getattr(source, spec.name))}")
    for place in source.discover:
        click.echo(f"{type(place).__name__.lower():12} {place.url}{_shown_paging(place)}")
    click.echo("limits       (seconds, bytes, counts)")
    limits = context.limits(source)
    for spec in fields(limits):
        click.echo(f"  {spec.name:14} {getattr(limits, spec.name):,}")


@sources.command(short_help="Test what sources declare on their saved pages, or on the real ones.")
@click.argument("names", nargs=-1, metavar="[SOURCE]...")
@click.option("--live", is_flag=True, help="Read robots.txt, one listing and three stories of the real site.")
@click.option("--accept", is_flag=True, help="Take what is read from the saved pages today for the expected result.")
@source_files
@private_hosts
@click.pass_obj
def test(
    context: Context, names: tuple[str, ...], live: bool, accept: bool, files: tuple[Path, ...],
    private: tuple[str, ...],
) -> int:
    """Check what each SOURCE declares, and that its saved pages are read as they were when they were saved.

    With --live, fetch a few real pages and show every field and its origin. Nothing is archived. Exit code 3 where
    a declaration does not hold, or a page is read otherwise.
    """
    from scraper.cli.glance import tried_live
    from scraper.cli.saved import accept as renew
    from scraper.cli.saved import expectations, fault_of

    places, code = _saved_pages(context, files), 0
    for source in context.chosen(names or sorted(context.catalogue(files)), files):
        pages = [*expectations(places.get(source.key, ()))]
        if accept:
            for page in pages:
                renew(page, source)
        faults = [*declaration_faults(source), *filter(None, (fault_of(page, source) for page in pages))]
        for fault in faults:
            click.echo(f"{source.key}: {fault}", err=True)
        if live and not tried_live(context, source, context.allowed_private(private), STORIES_TESTED):
            code = 3
        if not live and not faults:
            read = f"{len(pages)} saved page{'' if len(pages) == 1 else 's'} as expected" if pages else "no saved page"
            click.echo(f"{source.key}: declaration holds; {read}; live: {source.live or 'never'}")
        code = 3 if faults else code
    return code


def _saved_pages(context: Context, files: Sequence[Path]) -> dict[str, list[Path]]:
    """Return where the saved pages of each source lie: shipped, or beside the user's own file."""
    from scraper.cli.saved import SHIPPED, folder_of

    places = {folder.name: [folder] for folder in SHIPPED.glob("*/")}
    for file, source in context.own_files(files).items():
        places[source.key] = [folder_of(file, source.key)]
    return places


def declaration_faults(source: Source) -> list[str]:
    """Return what in a declaration contradicts itself: a listing off its own site, a listing that counts as a story."""
    from scraper.document import is_selector
    from scraper.urls import is_story, same_site

    faults = []
    for place in source.discover:
        if not same_site(place.url, source):
            faults.append(f"{place.url} is not on {source.home}")
        elif source.story is not None and is_story(place.url, source):
            faults.append(f"the story pattern matches the listing {place.url}")
    return [*faults, *(f"{name} {selector!r} is no CSS selector" for name, selector in _selectors(source)
                       if not is_selector(selector))]  # fmt: skip


def _selectors(source: Source) -> Iterator[tuple[str, str]]:
    """Yield the selectors a source declares, each with its field."""
    for record in (*source.layouts, *source.discover):
        for name in ("headline", "published", "byline", "section", "body", "captions", "drop", "links"):
            if isinstance(selector := getattr(record, name, None), str):
                yield name, selector


def _shown_paging(place: Place) -> str:
    pages = getattr(place, "pages", None)
    return f", then {pages}" if pages else ""


def _shown(value: object) -> str:
    if value is None or value == "":
        return "-"
    if isinstance(value, Mapping):
        return "; ".join(f"{name} {each}" for name, each in value.items()) or "-"
    if isinstance(value, tuple):
        return "; ".join(map(_shown, value)) or "-"
    if isinstance(value, Edition | Layout):
        set_fields = ((spec.name, getattr(value, spec.name)) for spec in fields(value))
        return ", ".join(f"{name} {each}" for name, each in set_fields if each is not None and each is not False)
    return str(value)
