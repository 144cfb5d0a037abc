"""What every command shares: where the settings come from, which sources are known, how loud to be."""

from __future__ import annotations

import logging
import math
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from scraper.config import Settings, check_names, limits_with, settings_from, source_from
from scraper.errors import ArchiveError, ConfigError
from scraper.limits import Limits
from scraper.reports import Problem
from scraper.source import Source

F = TypeVar("F", bound=Callable[..., Any])


class _Day(click.DateTime):
    """A day, which help shows as people write it, not as a pattern for machines."""

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:  # noqa: ARG002  # click's
        """Return how it is written."""
        return "YYYY-MM-DD"


DAY = _Day(["%Y-%m-%d"])


class Amount(click.FloatRange):
    """So many seconds or hours; not nan, which no range leaves out."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the number."""
        number: float = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{value!r} is no amount", param, ctx)
        return number


@dataclass(frozen=True, slots=True)
class Context:
    """The options that stand before the command."""

    settings: Settings
    folder: Path  # of the settings file; sources.d lies in it
    verbosity: int  # -1 quiet, 0, 1, 2
    debug: bool
    config: Path | None = None  # the settings file, where there is one

    @property
    def quiet(self) -> bool:
        """Tell whether success is to be silent."""
        return self.verbosity < 0

    @property
    def warcs(self) -> Path:
        """Return the folder of WARC files, beside the database and named after it."""
        return self.settings.db.with_suffix(".warc")

    def say(self, line: str) -> None:
        """Print a line for people on stderr, unless quiet."""
        if not self.quiet:
            click.echo(line, err=True)

    def tell(self, problems: Iterable[Problem], lines: Iterable[str]) -> None:
        """Print each problem on stderr and, unless quiet, the summary lines on stdout."""
        for problem in problems:
            click.echo(f"{problem.reason}: {problem.url}", err=True)
        if not self.quiet:
            for line in lines:
                click.echo(line)

    def allowed_private(self, hosts: Iterable[str]) -> tuple[str, ...]:
        """Return the private hosts that may be dialled: those of the settings and those of the command."""
        return (*self.settings.allow_private, *hosts)

    def limits(self, source: Source | None = None) -> Limits:
        """Return the limits in force, those of a source over those of the settings."""
        return limits_with(self.settings.limits, source.limits if source else {})

    def catalogue(self, files: Sequence[Path] = ()) -> dict[str, Source]:
        """Return every known source by key: built in, then sources.d beside the settings, then `files`.

        Raises: ConfigError where two user files claim one key.
        """
        from scraper.sources import ALL

        return {key: self.settled(source) for key, source in ({**ALL} | self.own(files)).items()}

    def own_files(self, files: Sequence[Path] = ()) -> dict[Path, Source]:
        """Return the user's own source files: those of sources.d beside the settings, then `files`, each once.

        Hidden ones are an editor's or a file system's own.

        Raises: ConfigError where two claim one key.
        """
        seen: dict[str, Path] = {}
        own: dict[Path, Source] = {}
        folder = (path for path in sorted(self.folder.glob("sources.d/*.toml")) if not path.name.startswith("."))
        for file in {path.resolve(): path for path in (*folder, *files)}.values():
            source = source_from(file)
            if source.key in seen:
                raise ConfigError(f"{file}: key {source.key!r} is already used by {seen[source.key]}")
            seen[source.key] = file
            own[file] = source
        return own

    def own(self, files: Sequence[Path] = ()) -> dict[str, Source]:
        """Return the user's own sources by key. Raises: as own_files."""
        return {source.key: source for source in self.own_files(files).values()}

    def settled(self, source: Source) -> Source:
        """Return a source with what the settings say of it."""
        settings, key = self.settings, source.key
        rule = settings.source_archives.get(key) or source.archive or settings.archive
        return replace(source, archive=rule, limits={**source.limits, **settings.source_limits.get(key, {})})

    def chosen(self, names: Sequence[str], files: Sequence[Path] = ()) -> list[Source]:
        """Return the sources named; without names those of `files`, else of the settings, else all not experimental.

        Raises: ConfigError for a name that is no source, with the nearest one.
        """
        from scraper.sources import ALL

        own = self.own(files)
        if self.config is not None:
            check_names(self.config, [*own, *ALL])
        wanted = names or [source_from(file).key for file in files] or self.settings.sources
        if not wanted:
            return [source for _, source in sorted(self.catalogue(files).items()) if not source.experimental]
        return [self.settled(_named(name, own, ALL)) for name in dict.fromkeys(wanted)]


def _named(name: str, own: Mapping[str, Source], built_in: Mapping[str, Source]) -> Source:
    for known in (own, built_in):
        if name in known:
            return known[name]
    near = get_close_matches(name, {*own, *built_in}, n=1, cutoff=0.4)
    hint = f"did you mean {near[0]!r}?" if near else "`scraper sources list` shows them"
    raise ConfigError(f"unknown source {name!r}; {hint}")


@dataclass(frozen=True, slots=True)
class Bounds:
    """What bounds a run that fetches: when its fetching ends, how long it waits for another, whom else it may dial."""

    deadline_s: float
    wait_s: float
    private: tuple[str, ...]


def context_from(db: Path | None, config: Path | None, verbosity: int, debug: bool) -> Context:
    """Read the settings: flag, then environment, then ./scraper.toml, then the XDG folder.

    Raises: ConfigError.
    """
    path = config or next((path for path in _usual_files() if path.is_file()), None)
    settings = settings_from(path) if path else Settings()
    settings = replace(settings, db=_followed(db or settings.db))
    _log_to_stderr(verbosity)
    return Context(settings, path.parent if path else Path(), verbosity, debug, path)


def _followed(db: Path) -> Path:
    """Return what a link leads to: the WARC files lie beside the database itself. Raises: ArchiveError."""
    try:
        return db.resolve() if db.is_symlink() else db
    except (OSError, RuntimeError) as error:  # until Python 3.13 a RuntimeError
        raise ArchiveError("a link that leads to itself", str(db)) from error


def _usual_files() -> Iterable[Path]:
    yield Path("scraper.toml")
    if base := os.environ.get("XDG_CONFIG_HOME") or (os.environ.get("HOME") and f"{os.environ['HOME']}/.config"):
        yield Path(base) / "scraper" / "scraper.toml"


def _log_to_stderr(verbosity: int) -> None:
    level = {-1: logging.ERROR, 0: logging.WARNING, 1: logging.INFO}.get(verbosity, logging.DEBUG)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(name)s: %(message)s"))
    root = logging.getLogger("scraper")
    root.handlers[:] = [handler]
    root.setLevel(level)


def source_files(command: F) -> F:
    """Add --source-file to a command."""
    return click.option(
        "--source-file", "files", multiple=True, metavar="FILE", type=click.Path(path_type=Path),
        help="A site of your own as TOML, with the fields of a built-in one. May be repeated.",
    )(command)


def private_hosts(command: F) -> F:
    """Add --allow-private to a command."""
    return click.option(
        "--allow-private", "private", multiple=True, metavar="HOST",
        help="Let this host be dialled though its address is private or loopback. May be repeated.",
    )(command)


def run_bounds(command: F) -> F:
    """Add --deadline, --wait and --allow-private to a command, as one parameter `bounds`."""

    @wraps(command)
    def bounded(*args: Any, deadline: float | None, wait: float, private: tuple[str, ...], **options: Any) -> Any:
        return command(*args, bounds=Bounds(deadline or math.inf, wait, private), **options)

    wait = click.option("--wait", type=Amount(0), default=0.0, metavar="SECONDS",
                        help="Wait for another run to end.")
    deadline = click.option("--deadline", type=Amount(0, min_open=True), metavar="SECONDS",
                            help="End the fetching then.")
    return cast(F, deadline(wait(private_hosts(bounded))))
