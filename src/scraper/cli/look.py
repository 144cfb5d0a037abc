"""Looking without harvesting: `check` one page, `status` of the archive."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scraper.cli.context import Context, private_hosts, source_files
from scraper.cli.streams import speak_to_programs
from scraper.cli.tables import output_format, print_rows

if TYPE_CHECKING:
    from scraper.records import Article, Page, Stamp

NO_ARTICLE = 4
INSTANT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"])
SHOWN_CHARACTERS = 300
_MEANT = {"noarchive": '  [a harvest keeps no bytes of it, unless archive = "everything"]'}


@click.command(short_help="Read one page and show every field; writes nothing.")
@click.argument("page", metavar="URL|FILE")
@click.option("--url", metavar="URL", help="The address FILE was saved from.")
@click.option("--fetched", type=INSTANT, metavar="TIME",
              help="When FILE was saved: 2026-03-02 or 2026-03-02T18:30:00Z, UTC.  [default: now]")
@click.option("--json", "as_json", is_flag=True, help="The whole page as JSON.")
@source_files
@private_hosts
@click.pass_obj
def check(
    context: Context, page: str, url: str | None, fetched: datetime | None, as_json: bool,
    files: tuple[Path, ...], private: tuple[str, ...],
) -> int:
    """Read one page and show every field, where it came from and how sure that is. Writes nothing.

    A site that is no known source is read all the same, without a word of declaration.
    """
    from scraper.cli.glance import page_at, page_in

    known = context.catalogue(files).values()
    if page.lower().startswith(("http://", "https://")):
        seen = page_at(context, page, known, context.allowed_private(private))
    else:
        seen = page_in(context, Path(page), url, known, fetched.replace(tzinfo=UTC) if fetched else None)
    if as_json:
        speak_to_programs()
        click.echo(json.dumps(page_fields(seen), ensure_ascii=False, indent=2))
    else:
        show_page(seen)
    return 0 if seen.article else NO_ARTICLE


def show_page(page: Page) -> None:
    """Print a page field by field: name, value, and in brackets its origin and how sure it is."""
    click.echo(page.url)
    if page.article is None:
        click.echo(f"no article: {page.missing}", err=True)
    else:
        origins = {origin.field: f"  [{origin.source}, {origin.sure:.0%}]" for origin in page.article.origins}
        for name, value in article_fields(page.article).items():
            if value not in (None, [], "", False):
                click.echo(f"  {name:19} {_short(value)}{origins.get(name, _MEANT.get(name, ''))}")
    for quote in page.ticker.quotes:
        click.echo(f"  {'quote':19} {quote.label} = {quote.rate_text} {quote.change_text or ''}".rstrip())
    for rejected in page.ticker.rejected:
        click.echo(f"  {'rejected':19} {rejected.text}  [{rejected.reason}]")


def page_fields(page: Page) -> dict[str, Any]:
    """Return a page as plain data for JSON."""
    return {
        "url": page.url,
        "fetched": _instant(page.fetched),
        "missing": page.missing,
        "article": article_fields(page.article) if page.article else None,
        "origins": {
            origin.field: {"source": origin.source, "sure": origin.sure}
            for origin in (page.article.origins if page.article else ())
        },
        "quotes": [
            {"label": quote.label, "rate_text": quote.rate_text, "change_text": quote.change_text}
            for quote in page.ticker.quotes
        ],
    }


def article_fields(article: Article) -> dict[str, Any]:
    """Return an article's fields as plain data, dates as a person looks for them."""
    return {
        "headline": article.headline,
        **_dated("published", article.published),
        **_dated("modified", article.modified),
        "authors": list(article.authors),
        "byline": article.byline,
        "section": article.section,
        "tags": list(article.tags),
        "language": article.language,
        "canonical": article.canonical,
        "external_id": article.external_id,
        "truncated": article.truncated,
        "paywalled": article.paywalled,
        "noarchive": article.noarchive,
        "lead": article.lead,
        "images": [
            {"url": image.url, "caption": image.caption, "credit": image.credit, "alt": image.alt, "role": image.role}
            for image in article.images
        ],
        "body": article.body,
    }


def _dated(name: str, stamp: Stamp | None) -> dict[str, Any]:
    if stamp is None:
        return {name: None}
    value = _instant(stamp.instant) if stamp.instant else f"({stamp.fault}) {stamp.raw}"
    return {
        name: value, f"{name}_date": stamp.day.isoformat() if stamp.day else None,
        f"{name}_precision": stamp.precision, f"{name}_raw": stamp.raw,
    }


def _instant(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _short(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(_short(item) for item in value)
    if isinstance(value, dict):
        return " | ".join(f"{key}: {_short(item)}" for key, item in value.items() if item)
    text = " ".join(str(value).split())
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}... ({len(text)} characters)"


@click.command(short_help="Show what the archive holds, source by source.")
@click.option("--coverage", is_flag=True, help="What each site says it has beside what is held, month by month.")
@output_format
@click.pass_obj
def status(context: Context, coverage: bool, form: str | None) -> None:
    """Show what the archive holds, source by source, and how the last run ended.

    Of the stories `without_bytes` the text is held alone, as a noarchive mark asks: `reparse` cannot read them again.
    With --coverage: `site` is what a backfill last read of a month, `basis` on what that rests: the site's own
    total, the dates of its sitemap, or the days of last change there (a story may be of an earlier month).
    """
    from scraper.store import Store

    with Store.reading(context.settings.db) as store:
        print_rows(store.past.coverage() if coverage else store.status(), form)
