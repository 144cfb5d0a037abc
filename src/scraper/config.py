"""Settings and source files: TOML in, records out; every error names the file, the line and the nearest right key."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

from scraper.errors import ConfigError
from scraper.limits import Limits
from scraper.records import ChangeIn
from scraper.source import Basis, Edition, Feed, Layout, Listing, Place, Rule, Sitemap, Source, Widget, WordPress

PLACES: dict[str, type[Place]] = {"feed": Feed, "sitemap": Sitemap, "listing": Listing, "wordpress": WordPress}
_KINDS = {name: type(value) for name, value in asdict(Limits()).items()}


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


@dataclass(frozen=True, slots=True)
class _Text:
    """A TOML file's text, to find the line a key stands on."""

    path: Path
    text: str

    def fault(self, message: str, key: str | None = None) -> ConfigError:
        """Return the error for `key`, naming file and line; without a key the file alone."""
        line = self._line(key) if key else None
        return ConfigError(f"{self.path}, line {line}: {message}" if line else f"{self.path}: {message}")

    def _line(self, key: str) -> int | None:
        standing = re.compile(rf"(?:^|[{{,\[.])\s*[\"']?{re.escape(key)}[\"']?\s*(?:=|\]|\.)")
        rows = enumerate(self.text.splitlines(), 1)
        return next((number for number, row in rows if standing.search(row)), None)

    def check(self, table: Mapping[str, Any], allowed: tuple[str, ...]) -> None:
        """Refuse the first key that is not `allowed`.

        Raises: ConfigError with the line and the nearest right key.
        """
        for key in table:
            if key not in allowed:
                near = difflib.get_close_matches(key, allowed, n=1, cutoff=0.5)
                hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(allowed)}"
                raise self.fault(f"unknown key {key!r}; {hint}", key)


def settings_from(path: Path) -> Settings:
    """Read a scraper.toml. A relative `db` is taken from the file's own folder.

    Raises: ConfigError.
    """
    file, table = _toml(path)
    own = (spec.name for spec in fields(Settings) if not spec.name.startswith("source_"))
    file.check(table, (*own, "source"))
    per_source = _table(file, table, "source")
    for key in per_source:
        file.check(_table(file, per_source, key), ("archive", "limits"))
    return Settings(
        db=path.parent / _text(file, table, "db", "news.db"),
        contact=_text(file, table, "contact", None),
        sources=_texts(file, table, "sources"),
        allow_private=_texts(file, table, "allow_private"),
        archive=_rule(file, table) or "text",
        keep_polls_days=_days(file, table, "keep_polls_days"),
        keep_listings_days=_days(file, table, "keep_listings_days"),
        limits=limits_with(Limits(), _limits(file, table)),
        source_archives={key: rule for key in per_source if (rule := _rule(file, per_source[key]))},
        source_limits={key: _limits(file, per_source[key]) for key in per_source},
    )


def source_from(path: Path) -> Source:
    """Read a source file: the fields of Source, `discover` as tables such as {feed = "https://..."}.

    Raises: ConfigError.
    """
    file, table = _toml(path)
    names = tuple(spec.name for spec in fields(Source))
    file.check(table, names)
    for name in ("key", "home", "discover"):
        if name not in table:
            raise file.fault(f"{name!r} is missing")
    values: dict[str, Any] = dict(table)
    values["discover"] = tuple(_place(file, entry) for entry in _tables(file, table, "discover"))
    values["layouts"] = tuple(_layout(file, entry) for entry in _tables(file, table, "layouts"))
    values["editions"] = tuple(_edition(file, entry) for entry in _tables(file, table, "editions"))
    values["widgets"] = tuple(_widget(file, entry) for entry in _tables(file, table, "widgets"))
    values["basis"] = _basis(file, table)
    values["limits"] = _limits(file, table)
    values["archive"] = _rule(file, table)
    for name in ("hosts", "drop_query"):
        values[name] = _texts(file, table, name)
    for name in ("key", "home", "name", "country", "language", "timezone", "story", "skip", "external_id",
                 "shared_id"):
        _text(file, table, name, None)
    _check_source(file, values)
    return Source(**values)


def limits_with(limits: Limits, changes: Mapping[str, float]) -> Limits:
    """Return `limits` with the fields of `changes`, whole numbers where the field counts."""
    return replace(limits, **{name: _KINDS[name](value) for name, value in changes.items()})


def _check_source(file: _Text, values: Mapping[str, Any]) -> None:
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", values["key"]):
        raise file.fault("a key is lower-case letters, digits, '.', '_' and '-'", "key")
    if not re.match(r"https?://[^/]", values["home"]):
        raise file.fault("home must be an http or https address", "home")
    for address in (values["home"], *(place.url for place in values["discover"])):
        if re.match(r"https?://[^/]*@", address):
            raise file.fault("an address must not hold a user or a password")
    patterns = [(name, values.get(name) or "") for name in ("story", "skip", "external_id", "shared_id")]
    for name, pattern in (*patterns, *(("pattern", edition.pattern) for edition in values["editions"])):
        _compiled(file, name, pattern)
    try:
        ZoneInfo(values.get("timezone", "UTC"))
    except (KeyError, ValueError, OSError) as error:
        raise file.fault(f"unknown time zone {values['timezone']!r}", "timezone") from error


def _compiled(file: _Text, name: str, pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise file.fault(f"{name} is no regular expression: {error}", name) from error


def _place(file: _Text, entry: Mapping[str, Any]) -> Place:
    values = dict(entry)
    if "kind" in values and "url" in values:  # the long spelling: kind = "feed", url = "..."
        values[str(values.pop("kind"))] = values.pop("url")
    kinds = [name for name in values if name in PLACES]
    if len(kinds) != 1:
        raise file.fault(f"an entry of discover names one of {', '.join(PLACES)}", next(iter(entry), "discover"))
    place = PLACES[kinds[0]]
    allowed = tuple(spec.name for spec in fields(place) if spec.name != "url")
    values["url"] = _text(file, values, kinds[0], None)
    file.check(values, (*allowed, kinds[0], "url"))
    return place(**{name: value for name, value in values.items() if name != kinds[0]})


def _layout(file: _Text, entry: Mapping[str, Any]) -> Layout:
    file.check(entry, tuple(spec.name for spec in fields(Layout)))
    until = entry.get("until")
    if until is not None and type(until) is not date:
        raise file.fault("until must be a date such as 2024-02-29", "until")
    return Layout(**entry)


def _edition(file: _Text, entry: Mapping[str, Any]) -> Edition:
    names = tuple(spec.name for spec in fields(Edition))
    file.check(entry, names)
    for name in names:
        if not _text(file, entry, name, None):
            raise file.fault(f"an entry of editions has {' and '.join(names)}", "editions")
    return Edition(**entry)


def _widget(file: _Text, entry: Mapping[str, Any]) -> Widget:
    file.check(entry, tuple(spec.name for spec in fields(Widget)))
    bases, unit, change_in = _texts(file, entry, "bases"), entry.get("unit", 1), entry.get("change_in", "counter")
    if not isinstance(unit, int) or isinstance(unit, bool) or unit < 1:
        raise file.fault("unit must be a whole number, one or more", "unit")
    if change_in not in get_args(ChangeIn):
        raise file.fault(f"change_in must be one of {', '.join(get_args(ChangeIn))}", "change_in")
    for name in ("pattern", "counter"):
        if not _text(file, entry, name, None):
            raise file.fault("an entry of widgets has pattern and counter", "widgets")
    groups = _compiled(file, "pattern", entry["pattern"]).groupindex
    if "rate" not in groups or ("base" in groups) == bool(bases):
        raise file.fault("a widget's pattern has a group `rate`, and either a group `base` or the key bases", "pattern")
    return Widget(**{**entry, "bases": bases, "name": _text(file, entry, "name", "widget")})


def _rule(file: _Text, table: Mapping[str, Any]) -> Rule | None:
    rule: Rule | None = table.get("archive")
    if rule is not None and rule not in get_args(Rule):
        raise file.fault(f"archive must be one of {', '.join(get_args(Rule))}", "archive")
    return rule


def _basis(file: _Text, table: Mapping[str, Any]) -> dict[str, Basis]:
    basis = _table(file, table, "basis")
    for name, value in basis.items():
        if value not in get_args(Basis):
            raise file.fault(f"{name} must be one of {', '.join(get_args(Basis))}", name)
    return basis


def _toml(path: Path) -> tuple[_Text, dict[str, Any]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
        return _Text(path, text), tomllib.loads(text)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8 text") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {error}") from error


def _limits(file: _Text, table: Mapping[str, Any]) -> dict[str, float]:
    limits = _table(file, table, "limits")
    file.check(limits, tuple(spec.name for spec in fields(Limits)))
    for name, value in limits.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise file.fault(f"{name} must be a number, zero or more", name)
    return limits


def _days(file: _Text, table: Mapping[str, Any], key: str) -> int | None:
    value = table.get(key)
    if value is not None and (type(value) is not int or value < 1):
        raise file.fault(f"{key} must be a whole number of days, one or more", key)
    return value


def _table(file: _Text, table: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = table.get(key, {})
    if not isinstance(value, dict):
        raise file.fault(f"{key} must be a table", key)
    return value


def _tables(file: _Text, table: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise file.fault(f"{key} must be a list of tables", key)
    return value


def _texts(file: _Text, table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise file.fault(f"{key} must be a list of texts", key)
    return tuple(value)


def _text(file: _Text, table: Mapping[str, Any], key: str, default: str | None) -> Any:
    value = table.get(key, default)
    if value is not None and not isinstance(value, str):
        raise file.fault(f"{key} must be a text", key)
    return value
