"""Settings and source files: TOML in, records out; every error names the file, the line and the nearest right key."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo, available_timezones

from scraper.limits import Limits
from scraper.records import ChangeIn
from scraper.source import Basis, Edition, Feed, Layout, Listing, Place, Rule, Sitemap, Source, Widget, WordPress
from scraper.tomlfile import Table, nearest, table_from
from scraper.urls import split

PLACES: dict[str, type[Place]] = {"feed": Feed, "sitemap": Sitemap, "listing": Listing, "wordpress": WordPress}
_KINDS = {name: type(value) for name, value in asdict(Limits()).items()}
_FACTS = ("story", "listing", "feed", "sitemap", "wordpress", "editions", "layouts", "widgets")


@dataclass(frozen=True, slots=True)
class Settings:
    """What scraper.toml says; a flag or an environment variable goes before it."""

    db: Path = Path("news.db")  # the archive, taken from this file's folder; its WARC files lie beside it
    contact: str | None = None  # an address or a mailbox for the User-Agent; unset, none is invented
    sources: tuple[str, ...] = ()  # what `harvest` without names takes; unset: every one that is not experimental
    allow_private: tuple[str, ...] = ()  # hosts that may be dialled though their address is private or loopback
    archive: Rule = "text"  # what is kept of pages marked noarchive or not free: "everything", "text" or "notice"
    keep_polls_days: int | None = None  # `db prune`: older polls that brought nothing new become a count a day
    keep_listings_days: int | None = None  # `db prune`: older listings and feeds lose their bytes; unset, all is kept
    limits: Limits = field(default_factory=Limits)
    source_archives: Mapping[str, Rule] = field(default_factory=dict)
    source_limits: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


def settings_from(path: Path) -> Settings:
    """Read a scraper.toml. A relative `db` is taken from the file's own folder.

    Raises: ConfigError.
    """
    table = table_from(path)
    own = (spec.name for spec in fields(Settings) if not spec.name.startswith("source_"))
    table.check((*own, "source"))
    named = table.table("source")
    per_source = {key: named.table(key) for key in named.values}
    for each in per_source.values():
        each.check(("archive", "limits"))
    return Settings(
        db=path.parent / _name_of_file(table, "db", "news.db"),
        contact=_contact(table),
        sources=table.texts("sources"),
        allow_private=table.texts("allow_private"),
        archive=_rule(table) or "text",
        keep_polls_days=_days(table, "keep_polls_days"),
        keep_listings_days=_days(table, "keep_listings_days"),
        limits=limits_with(Limits(), _limits(table)),
        source_archives={key: rule for key, each in per_source.items() if (rule := _rule(each))},
        source_limits={key: _limits(each) for key, each in per_source.items()},
    )


def check_names(path: Path, known: Sequence[str]) -> None:
    """Refuse a source that the settings in `path` name and nobody knows; under [source.NAME] only where it is nearly
    the name of a known one, as its file may be given to other commands.

    Raises: ConfigError.
    """
    table = table_from(path)
    for name in table.texts("sources"):
        if name not in known:
            hint = nearest(name, known, 0.4) or "`scraper sources list` shows them"
            raise table.fault(f"unknown source {name!r}; {hint}", "sources")
    named = table.table("source")
    for name in named.values:
        if name not in known and (typo := nearest(name, known, 0.8)):
            raise named.fault(f"unknown source {name!r}; {typo}", name)


def _astray(name: str, values: Mapping[str, Any]) -> str:
    """Return where a key stands that TOML took for one of a table above it; "" where it is nowhere."""
    for key, value in values.items():
        tables = value if isinstance(value, list) else [value]
        if any(isinstance(each, dict) and name in each for each in tables):
            return f"; it stands below [{key}] and so belongs to that: put it above"
    return ""


def source_from(path: Path) -> Source:
    """Read a source file: the fields of Source, `discover` as tables such as {feed = "https://..."}.

    Raises: ConfigError.
    """
    table = table_from(path)
    table.check(spec.name for spec in fields(Source))
    for name in ("key", "home", "discover"):
        if name not in table.values:
            raise table.fault(f"{name!r} is missing{_astray(name, table.values)}")
    values: dict[str, Any] = dict(table.values)
    for name in ("key", "home", "name", "country", "language", "timezone", "story", "skip", "external_id",
                 "shared_id"):
        table.text(name)
    _check_source(table)
    values["discover"] = tuple(_place(entry) for entry in table.tables("discover"))
    values["layouts"] = tuple(_layout(entry) for entry in table.tables("layouts"))
    values["editions"] = tuple(_edition(entry) for entry in table.tables("editions"))
    values["widgets"] = tuple(_widget(entry) for entry in table.tables("widgets"))
    values["hosts"], values["drop_query"] = _hosts(table), table.texts("drop_query")
    values["basis"], values["limits"], values["archive"] = _basis(table), _limits(table), _rule(table)
    if not values["discover"]:
        raise table.fault("discover names no feed, listing or sitemap", "discover")
    return Source(**values)


def limits_with(limits: Limits, changes: Mapping[str, float]) -> Limits:
    """Return `limits` with the fields of `changes`, whole numbers where the field counts."""
    return replace(limits, **{name: _KINDS[name](value) for name, value in changes.items()})


def _check_source(table: Table) -> None:
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", table.values["key"]):
        raise table.fault("a key is lower-case letters, digits, '.', '_' and '-'", "key")
    _check_address(table, "home")
    for name in ("story", "skip", "external_id", "shared_id"):
        pattern = _compiled(table, name)
        if name.endswith("_id") and name in table.values and not pattern.groups:
            raise table.fault(f"{name} has no group, and only what stands in ( ) is taken", name)
    _check_day(table, "live")
    try:
        ZoneInfo(table.values.get("timezone", "UTC"))
    except (KeyError, ValueError, OSError) as error:
        hint = nearest(table.values["timezone"], available_timezones(), 0.6)
        raise table.fault(f"unknown time zone {table.values['timezone']!r}{f'; {hint}' if hint else ''}",
                          "timezone") from error


def _check_address(table: Table, key: str) -> None:
    address = table.text(key)
    if re.match(r"https?://[^/]*@", address):
        raise table.fault("an address must not hold a user or a password", key)
    if split(address) is None:
        raise table.fault(f"{key} must be an http or https address", key)


def _check_day(table: Table, key: str) -> None:
    day = table.values.get(key)
    if day is not None and type(day) is not date:
        raise table.fault(f"{key} must be a date such as 2024-02-29", key)


def _compiled(table: Table, key: str) -> re.Pattern[str]:
    try:
        return re.compile(table.values.get(key) or "")
    except re.error as error:
        raise table.fault(f"{key} is no regular expression: {error}", key) from error


def _place(entry: Table) -> Place:
    values = dict(entry.values)
    long = "kind" in values and "url" in values  # kind = "feed", url = "..."
    if long:
        values[str(values.pop("kind"))] = values.pop("url")
    kinds = [name for name in values if name in PLACES]
    if len(kinds) != 1:
        raise entry.fault(f"an entry of discover names one of {', '.join(PLACES)}", next(iter(entry.values), None))
    place = PLACES[kinds[0]]
    allowed = tuple(spec.name for spec in fields(place) if spec.name != "url")
    entry.check((*allowed, "kind", "url") if long else (*allowed, kinds[0]))
    _check_address(entry, "url" if long else kinds[0])
    for name in allowed:
        entry.text(name)
    if "{n}" not in entry.text("pages", "{n}"):
        raise entry.fault('pages must hold {n}, such as "?page={n}"', "pages")
    values["url"] = values.pop(kinds[0])
    return place(**values)


def _layout(entry: Table) -> Layout:
    names = [spec.name for spec in fields(Layout)]
    entry.check(names)
    _check_day(entry, "until")
    if not isinstance(entry.values.get("experimental", True), bool):
        raise entry.fault("experimental must be true or false", "experimental")
    for name in (name for name in names if name not in ("until", "experimental")):
        entry.text(name)
    return Layout(**entry.values)


def _edition(entry: Table) -> Edition:
    names = tuple(spec.name for spec in fields(Edition))
    entry.check(names)
    if not all(entry.text(name) for name in names):
        raise entry.fault(f"an entry of editions has {' and '.join(names)}")
    _compiled(entry, "pattern")
    return Edition(**entry.values)


def _widget(entry: Table) -> Widget:
    entry.check(spec.name for spec in fields(Widget))
    bases, unit = entry.texts("bases"), entry.values.get("unit", 1)
    if not isinstance(unit, int) or isinstance(unit, bool) or unit < 1:
        raise entry.fault("unit must be a whole number, one or more", "unit")
    if entry.values.get("change_in", "counter") not in get_args(ChangeIn):
        raise entry.fault(f"change_in must be one of {', '.join(get_args(ChangeIn))}", "change_in")
    if not all(entry.text(name) for name in ("pattern", "counter")):
        raise entry.fault("an entry of widgets has pattern and counter")
    groups = _compiled(entry, "pattern").groupindex
    if "rate" not in groups or ("base" in groups) == bool(bases):
        needed = "a widget's pattern has a group `rate`, and either a group `base` or the key bases"
        raise entry.fault(needed, "pattern")
    return Widget(**{**entry.values, "bases": bases, "name": entry.text("name", "widget")})


def _hosts(table: Table) -> tuple[str, ...]:
    hosts = tuple(name.lower() for name in table.texts("hosts"))
    for name in hosts:
        if re.search(r"[/\s@]", name):
            raise table.fault(f"a host is a name such as m.herald.example, not {name!r}", "hosts")
    return hosts


def _rule(table: Table) -> Rule | None:
    rule: Rule | None = table.values.get("archive")
    if rule is not None and rule not in get_args(Rule):
        raise table.fault(f"archive must be one of {', '.join(get_args(Rule))}", "archive")
    return rule


def _basis(table: Table) -> Mapping[str, Basis]:
    basis = table.table("basis")
    basis.check(_FACTS)
    for name, value in basis.values.items():
        if value not in get_args(Basis):
            raise basis.fault(f"{name} must be one of {', '.join(get_args(Basis))}", name)
    return basis.values


def _limits(table: Table) -> Mapping[str, float]:
    limits = table.table("limits")
    limits.check(_KINDS)
    for name, value in limits.values.items():
        number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        if not number or value < 0:
            raise limits.fault(f"{name} must be a number, zero or more", name)
        if _KINDS[name] is int and value != int(value):
            raise limits.fault(f"{name} must be a whole number", name)
    return limits.values


def _contact(table: Table) -> str | None:
    contact: str | None = table.text("contact")
    if contact is not None and not (contact.isascii() and contact.isprintable() and contact.strip()):
        raise table.fault("contact goes into a header: one line of ASCII, or leave it out", "contact")
    return contact


def _name_of_file(table: Table, key: str, default: str) -> str:
    name: str = table.text(key, default)
    if not name or "\0" in name:
        raise table.fault(f"{key} must name a file", key)
    return name


def _days(table: Table, key: str) -> int | None:
    value = table.values.get(key)
    if value is not None and (type(value) is not int or value < 1):
        raise table.fault(f"{key} must be a whole number of days, one or more", key)
    return value
