"""`new-source`: looks at a site through the ordinary fetcher, says what it found, and writes a source file of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scraper.cli.context import Context, private_hosts
from scraper.errors import ConfigError, FetchError, ParseError

if TYPE_CHECKING:
    from scraper.drafting import Draft
    from scraper.fetch import Fetcher
    from scraper.prospect import Finding, Prospect
    from scraper.records import Article, Index
    from scraper.source import Place, Source
    from scraper.workers import Workers

NOTHING_FOUND = 1


@click.command("new-source", short_help="Look at a site and write a source file of it.")
@click.argument("name")
@click.argument("url")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="The file to write.  [default: sources.d/NAME.toml beside the settings]")
@private_hosts
@click.pass_obj
def new_source(context: Context, name: str, url: str, output: Path | None, private: tuple[str, ...]) -> int:
    """Look at the site of URL, best a page that lists its newest stories, and write a source file called NAME.

    robots.txt, feeds, WordPress' interface, sitemaps, the page itself and one story are read, a second apart and only
    as robots.txt allows. Nothing is archived, and no file is overwritten. Exit code 1 where no stories were found.
    """
    from scraper.drafting import source_file, useful

    path = _free_path(context, name, output)
    draft = _drafted(context, name, url, context.allowed_private(private))
    if not useful(draft.findings):
        click.echo(f"{url}: no stories found; give the address of a page that lists some", err=True)
        return NOTHING_FOUND
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(source_file(draft))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written ({error.strerror})") from error
    click.echo(f"wrote {path}")
    context.say(f"look at it, then: scraper sources test --live {name}")
    return 0


def _free_path(context: Context, name: str, output: Path | None) -> Path:
    """Return where the file goes. Raises: ConfigError where the name or the file is taken."""
    from scraper.sources import ALL

    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", name):
        raise ConfigError(f"{name!r} is no key: lower-case letters, digits, '.', '_' and '-'")
    if name in ALL:
        raise ConfigError(f"{name!r} is a built-in source; `scraper sources show {name}` shows it")
    path = output or context.folder / "sources.d" / f"{name}.toml"
    if path.exists():
        raise ConfigError(f"{path} is there already; it is not overwritten")
    return path


def _drafted(context: Context, name: str, url: str, private: tuple[str, ...]) -> Draft:
    """Look at a site and say what was found. Raises: FetchError, ParseError where its page cannot be had."""
    from scraper.cli.glance import looked
    from scraper.cli.rooms import utc_now
    from scraper.drafting import Draft
    from scraper.prospect import front_page_from, prospects
    from scraper.source import Source

    async def act(fetcher: Fetcher, workers: Workers) -> Draft:
        rules = await fetcher.rules(url)
        click.echo(f"robots.txt  {rules.refused or 'read'}; crawl delay {rules.crawl_delay or 'none'},"
                   f" {len(rules.sitemaps)} sitemaps named")
        response = await fetcher.get(url)
        seconds = context.limits().parse_s
        front = await workers.run(front_page_from, response, url=response.url, seconds=seconds)
        click.echo(f"page        {front.name}; script data: {', '.join(front.script_data) or 'none'}")
        scout = _Scout(fetcher, workers, Source(name, front.url, ()), seconds)
        findings = await scout.findings(prospects(front, rules.sitemaps))
        return Draft(name, front, findings, await scout.story(findings), utc_now().date())

    return looked(context, private, act)


@dataclass(slots=True)
class _Scout:
    """Looks at the places of a site that declares nothing yet."""

    fetcher: Fetcher
    workers: Workers
    source: Source
    seconds: float

    async def findings(self, prospects: Iterable[Prospect]) -> tuple[Finding, ...]:
        """Return what each place holds, and print it; of two addresses with one answer the first."""
        from scraper.drafting import counted, kind

        answered: dict[str, Finding] = {}
        for prospect in prospects:
            finding, url = await self._finding(prospect)
            if answered.setdefault(url, finding) is finding:
                click.echo(f"{kind(prospect.place):11} {prospect.place.url}  {counted(finding)}")
        return tuple(answered.values())

    async def _finding(self, prospect: Prospect) -> tuple[Finding, str]:
        from scraper.prospect import Finding

        place = prospect.place
        try:
            index = await self._index(place, place.url)
            if not index.teasers and index.following and not _is_listing(place):
                inner = await self._index(place, index.following[0])  # an index of sitemaps holds no story itself
                index = replace(inner, url=index.url)
        except (FetchError, ParseError) as error:
            return Finding(prospect, fault=error.message), place.url
        dated = sum(1 for teaser in index.teasers if teaser.stamp)
        return Finding(prospect, tuple(teaser.url for teaser in index.teasers), dated, index.fault), index.url

    async def _index(self, place: Place, url: str) -> Index:
        from scraper.discover import index_from

        response = await self.fetcher.get(url)
        return await self.workers.run(index_from, response, place, self.source, url=url, seconds=self.seconds)

    async def story(self, findings: Iterable[Finding]) -> Article | None:
        """Read the first story found, print what could be read of it, and return it."""
        from scraper.parse import page_from

        url = next((story for finding in findings for story in finding.stories), None)
        with suppress(FetchError, ParseError):
            if url is not None:
                response = await self.fetcher.get(url)
                page = await self.workers.run(page_from, response, self.source, url=url, seconds=self.seconds)
                click.echo(f"story       {url}  {_read(page.article) if page.article else page.missing}")
                return page.article
        return None


def _is_listing(place: Place) -> bool:
    from scraper.source import Listing

    return isinstance(place, Listing)


def _read(article: Article) -> str:
    origins = {origin.field: origin.source for origin in article.origins}
    published = article.published.isoformat() if article.published else None
    values = {
        "headline": repr(article.headline), "published": published, "body": f"{len(article.body):,} characters",
        "language": article.language,
    }  # fmt: skip
    return ", ".join(f"{name} {value or '?'} [{origins.get(name, '-')}]" for name, value in values.items())
