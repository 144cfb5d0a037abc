"""Pages fetched to be looked at, not kept: one page, a site's listings, a live trial."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import click
import trio

from scraper.cli.context import Context
from scraper.cli.look import show_page
from scraper.cli.rooms import user_agent, utc_now
from scraper.errand import Line, Plan
from scraper.errors import ConfigError, FetchError, ParseError
from scraper.fetch import Fetcher
from scraper.harvest import survey
from scraper.readers import index_from, page_from
from scraper.records import Exchange, Kept, Page, Response, Teaser
from scraper.reports import SourceReport
from scraper.source import Source
from scraper.store import Store
from scraper.urls import origin, source_of
from scraper.workers import Workers

T = TypeVar("T")


def unkept(exchange: Exchange) -> Kept:
    """Give a receipt without keeping anything."""
    return Kept(exchange.url, exchange.fetched, exchange.status, len(exchange.wire))


def surveyed(
    context: Context, sources: Sequence[Source], plan: Plan, private: tuple[str, ...]
) -> list[tuple[SourceReport, tuple[Teaser, ...]]]:
    """Return what a harvest would fetch; an archive that is not there yet knows nothing."""
    with ExitStack() as rooms:
        if context.settings.db.exists():
            store = rooms.enter_context(Store.reading(context.settings.db))
        else:
            store = rooms.enter_context(Store.open(Path(rooms.enter_context(TemporaryDirectory())) / "none.db"))

        async def act(fetcher: Fetcher, workers: Workers) -> list[tuple[SourceReport, tuple[Teaser, ...]]]:
            line = Line(fetcher, workers, store, lambda: None, utc_now, context.limits())
            return [await survey(source, line, plan) for source in sources]

        return looked(context, private, act)


def page_at(context: Context, url: str, known: Iterable[Source], private: tuple[str, ...]) -> Page:
    """Fetch and read one page. Raises: FetchError, ParseError."""
    source = _source_of(url, known)

    async def act(fetcher: Fetcher, workers: Workers) -> Page:
        return await _page(fetcher, workers, url, source)

    return looked(context, private, act)


def page_in(context: Context, file: Path, url: str | None, known: Iterable[Source], fetched: datetime | None) -> Page:
    """Read a page saved in a file. Raises: ConfigError where it cannot be read, ParseError."""
    try:
        body = file.read_bytes()
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read ({error.strerror})") from error
    address = url or file.absolute().as_uri()
    response = Response(address, address, 200, (), body, fetched or utc_now())

    async def act(_fetcher: Fetcher, workers: Workers) -> Page:
        source, seconds = _source_of(address, known), context.limits().parse_s
        return await workers.run(page_from, response, source, url=address, seconds=seconds)

    return looked(context, (), act)


def tried_live(context: Context, source: Source, private: tuple[str, ...], stories: int) -> bool:
    """Read robots.txt, the first listing that works and a few stories; print each, tell whether all could be read."""

    async def act(fetcher: Fetcher, workers: Workers) -> bool:
        rules = await fetcher.rules(source.home)
        click.echo(f"{source.key}: robots.txt read; crawl delay {rules.crawl_delay or 'none'}; home "
                   f"{'allowed' if rules.allowed(source.home) else 'forbidden'}")
        teasers = await _first_listing(context, fetcher, workers, source)
        pages = [await _page(fetcher, workers, teaser.url, source) for teaser in teasers[:stories]]
        for page in pages:
            show_page(page)
        return bool(pages) and all(page.article for page in pages)

    try:
        return looked(context, private, act)
    except (FetchError, ParseError) as error:
        click.echo(f"{source.key}: {error}", err=True)
        return False


async def _first_listing(context: Context, fetcher: Fetcher, workers: Workers, source: Source) -> tuple[Teaser, ...]:
    for place in source.discover:
        try:
            response = await fetcher.get(place.url)
        except FetchError as error:
            click.echo(f"{source.key}: {error}", err=True)
            continue
        index = await workers.run(index_from, response, place, source, url=place.url, seconds=context.limits().parse_s)
        click.echo(f"{place.url}: {len(index.teasers)} stories{f' ({index.fault})' if index.fault else ''}")
        if index.teasers:
            return index.teasers
    return ()


async def _page(fetcher: Fetcher, workers: Workers, url: str, source: Source) -> Page:
    response = await fetcher.get(url)
    return await workers.run(page_from, response, source, url=response.url, seconds=10.0)


def _source_of(url: str, known: Iterable[Source]) -> Source:
    """Return the source whose site the address is on, else one that declares nothing."""
    return source_of(url, known) or Source(key="undeclared", home=f"{origin(url)}/", discover=())


def looked(context: Context, private: tuple[str, ...], act: Callable[[Fetcher, Workers], Awaitable[T]]) -> T:
    """Run an act with a fetcher that keeps nothing, manners on."""
    async def main() -> T:
        agent = user_agent(context.settings.contact)
        fetcher = Fetcher(context.limits(), keep=unkept, clock=utc_now, user_agent=agent, allow_private=private)
        async with fetcher, Workers(context.limits()) as workers:
            return await act(fetcher, workers)

    return trio.run(main)
