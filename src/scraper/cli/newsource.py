"""`new-source`: looks at a site through the ordinary fetcher, says what it found, and writes a source file of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scraper.cli.context import Context, private_hosts
from scraper.errors import ConfigError, FetchError, ParseError

if TYPE_CHECKING:
    from scraper.drafting import Draft
    from scraper.fetch import Fetcher
    from scraper.prospect import Finding, Prospect
    from scraper.records import Article, Index, Response
    from scraper.source import Place, Source
    from scraper.workers import Workers

NOTHING_FOUND = 1
STORIES_TRIED = 3  # until one can be read
STORIES_NOTED = 20  # addresses that are kept for the test


@click.command("new-source", short_help="Look at a site and write a source file of it.")
@click.argument("name")
@click.argument("url")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="The file to write, as TOML or Python by its ending.  [default: sources.d/NAME.toml beside the"
                   " settings; in a checkout of this program a module of the package]")
@private_hosts
@click.pass_obj
def new_source(context: Context, name: str, url: str, output: Path | None, private: tuple[str, ...]) -> int:
    """Look at the site of URL, best a page that lists its newest stories, and write a source file called NAME.

    robots.txt, feeds, WordPress' interface, sitemaps, the page itself and one story are read, a second apart and only
    as robots.txt allows. Where the site names no feed or sitemap that shows stories, the usual addresses are tried one
    by one (/feed/, /rss, /sitemap.xml and their like); a harvest asks only for what the file declares. The story is
    saved beside the file with what is read from it; `sources test NAME` compares. Nothing is archived, and no file is
    overwritten. Exit code 1 where no stories were found.
    """
    from scraper.drafting import useful
    from scraper.urls import split

    if split(url) is None:
        raise click.UsageError(f"{url!r} is no address; give it whole, as a browser shows it: https://...")
    path = output or _usual_path(context, name, url)
    _refuse_taken(name, path)
    draft, story = _drafted(context, name, url, context.allowed_private(private))
    if not useful(draft.findings):
        click.echo(f"{url}: no stories found; give the address of a page that lists some", err=True)
        return NOTHING_FOUND
    for written in _written(path, draft, story):
        click.echo(f"wrote {written}")
    context.say(f"look at it, then: scraper sources test --live {name}")
    if path.suffix == ".py":
        context.say(f"put {name!r} into {path.parent.parent / '__init__.py'}; the tests say what is missing")
    return 0


def _usual_path(context: Context, name: str, url: str) -> Path:
    """Return where a file goes: a module of the package in a checkout of it, else TOML beside the settings."""
    from scraper.prospect import country_of

    sources = Path("src/scraper/sources")
    if (sources / "__init__.py").exists():
        return sources / (country_of(url) or "regional") / f"{name}.py"
    return context.folder / "sources.d" / f"{name}.toml"


def _written(path: Path, draft: Draft, story: Response | None) -> Iterator[Path]:
    """Write the source, and the saved story with its expected result; yield each file. Raises: ConfigError."""
    from scraper.cli.saved import SHIPPED, folder_of, save
    from scraper.config import source_from
    from scraper.drafting import address_file, source_file, source_module, stories_of

    is_module = path.suffix == ".py"
    yield _new_file(path, source_module(draft) if is_module else source_file(draft))
    if is_module:
        yield _new_file(Path("tests/fixtures/sources") / f"{draft.key}.toml", address_file(draft))
    source = _source_of_module(path) if is_module else source_from(path)
    if story is not None:
        folder = path.parent.parent / SHIPPED.name / draft.key if is_module else folder_of(path, draft.key)
        yield save(folder, story, source, stories_of(draft)[:STORIES_NOTED])


def _new_file(path: Path, text: str) -> Path:
    """Write a file that is not there yet. Raises: ConfigError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written ({error.strerror})") from error
    return path


def _source_of_module(path: Path) -> Source:
    from importlib.util import module_from_spec, spec_from_file_location

    from scraper.source import Source

    spec = spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    source = module.SOURCE
    assert isinstance(source, Source)
    return source


def _refuse_taken(name: str, path: Path) -> None:
    """Raises: ConfigError where the name or the file is taken."""
    from scraper.sources import ALL

    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", name):
        raise ConfigError(f"{name!r} is no key: lower-case letters, digits, '.', '_' and '-'")
    if name in ALL:
        raise ConfigError(f"{name!r} is a built-in source; `scraper sources show {name}` shows it")
    if path.exists():
        raise ConfigError(f"{path} is there already; it is not overwritten")


def _drafted(context: Context, name: str, url: str, private: tuple[str, ...]) -> tuple[Draft, Response | None]:
    """Look at a site and say what was found; return it with the page of a story that could be read.

    Raises: FetchError, ParseError where its page cannot be had.
    """
    from scraper.cli.glance import looked
    from scraper.cli.rooms import utc_now
    from scraper.drafting import Draft
    from scraper.prospect import front_page_from, prospects
    from scraper.source import Source

    async def act(fetcher: Fetcher, workers: Workers) -> tuple[Draft, Response | None]:
        rules = await fetcher.rules(url)
        click.echo(f"robots.txt  {rules.refused or 'read'}; crawl delay {rules.crawl_delay or 'none'},"
                   f" {len(rules.sitemaps)} sitemaps named")
        response = await fetcher.get(url)
        seconds = context.limits().parse_s
        front = await workers.run(front_page_from, response, url=response.url, seconds=seconds)
        click.echo(f"page        {front.name}; script data: {', '.join(front.script_data) or 'none'}")
        scout = _Scout(fetcher, workers, Source(name, front.url, ()), seconds)
        findings = await scout.findings(prospects(front, rules.sitemaps))
        article, story = await scout.story(findings)
        return Draft(name, front, findings, article, utc_now().date()), story

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
        from scraper.prospect import is_spared

        answered: dict[str, Finding] = {}
        for prospect in prospects:
            if is_spared(prospect, answered.values()):
                continue
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

    async def story(self, findings: Iterable[Finding]) -> tuple[Article | None, Response | None]:
        """Read the first stories found until one is whole, print what was read, and return it with its page."""
        from scraper.parse import page_from

        found = dict.fromkeys(story for finding in findings for story in finding.stories)
        for url in islice(found, STORIES_TRIED):
            with suppress(FetchError, ParseError):
                response = await self.fetcher.get(url)
                page = await self.workers.run(page_from, response, self.source, url=url, seconds=self.seconds)
                click.echo(f"story       {url}  {_read(page.article) if page.article else page.missing}")
                if page.article is not None:
                    return page.article, response
        return None, None


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
