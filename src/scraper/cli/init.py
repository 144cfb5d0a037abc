"""`init`: a commented scraper.toml, made from the settings themselves so that it cannot go stale."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click

from scraper.config import Settings
from scraper.errors import ConfigError
from scraper.limits import Limits

_COMMENT = re.compile(r"    (\w+): [^=]+= [^#]+(?:# (.+))?")
_SHOWN = {  # settings without a default worth showing
    "contact": '"newsroom@example.org"',
    "sources": '["timesca"]',
    "allow_private": '["127.0.0.1"]',
    "keep_polls_days": "90",
    "keep_listings_days": "365",
}


@click.command(short_help="Write a scraper.toml with every setting explained.")
@click.argument("file", default="scraper.toml", type=click.Path(path_type=Path, dir_okay=False))
def init(file: Path) -> None:
    """Write FILE (default: scraper.toml) with every setting, its default and what it is for, each commented out.

    A file that is there already is left as it is. Sites of your own go as TOML files into sources.d/ beside it.
    """
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.writelines(f"{line}\n" for line in settings_lines())
    except FileExistsError as error:
        raise ConfigError(f"{file}: is there already and was left as it is") from error
    except OSError as error:
        raise ConfigError(f"{file}: cannot be written ({error.strerror})") from error
    click.echo(f"{file}: every setting stands at its default; take the # away from what you change", err=True)


def settings_lines() -> Iterator[str]:
    """Yield the lines of a scraper.toml that changes nothing."""
    yield from (
        "# Settings of scraper. A flag goes before an environment variable (SCRAPER_DB), that before this file.",
        "# Every line shows a default or an example; take the # away to change it. Unknown keys are errors.",
        "# Sites of your own: one TOML file each in sources.d/ beside this file.",
        "",
    )
    about = _comments(Settings)
    for spec in fields(Settings):
        if spec.name not in ("limits", "source_archives", "source_limits"):
            shown = _SHOWN.get(spec.name) or f'"{spec.default}"'
            yield _line(spec.name, shown, about.get(spec.name))
    yield from ("", "[limits]  # seconds, bytes and counts, for every source")
    about = _comments(Limits)
    yield from (_line(spec.name, _number(spec.default), about.get(spec.name)) for spec in fields(Limits))
    yield from ("", "# [source.timesca.limits]  # the same for one source alone", "# gap_s = 5.0")


def _line(name: str, value: str, about: str | None) -> str:
    setting = f"# {name} = {value}"
    return f"{setting:40}# {about}" if about else setting


def _number(value: object) -> str:
    return f"{value:_}" if isinstance(value, int) else str(value)


def _comments(record: type) -> dict[str, str | None]:
    """Return what stands beside each field of a record in its own source."""
    matches = (_COMMENT.fullmatch(line) for line in inspect.getsource(record).splitlines())
    return {match[1]: match[2] for match in matches if match}
