"""What Datasette is told about the archive: each table, view and column, the ready queries, the dashboards."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

from scraper.browse.pages import ARCHIVE
from scraper.store import Explained, Store

# how the program does its work, not what it found
_INTERNAL = (
    "_sqlite_migrations", "article_urls", "backfill_pages", "backlog", "dropped_bytes", "observations", "resources",
    "robots", "story_marks", "unfinished", "warc_files",
)  # fmt: skip
_FACETS = {
    "articles": ["source", "language", "section"],
    "latest_stories": ["source", "language", "section"],
    "quotes": ["pair_id"],
    "rate_changes": ["label"],
    "daily_rates": ["label"],
    "edits": ["source", "silent"],
    "same_story": ["source", "other_source"],
    "who_was_first": ["source", "first_source"],
    "alerts": ["source", "kind"],
}
_LABELS = {"articles": "headline", "pairs": "label", "sources": "name"}
# SVG, so that each point can be read: by a screen reader, and by a test
_EVERY_CHART = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.json",  # a name; nothing is fetched from there
    "usermeta": {"embedOptions": {"renderer": "svg", "actions": False}},
    "config": {"legend": {"orient": "bottom"}},
}
_NO_LEGEND = {"config": {"legend": {"disable": True}}}  # Vega cannot draw the legend of an empty chart
_LIVELIEST = """
SELECT source, label FROM pairs JOIN quotes ON pair_id = pairs.id
GROUP BY pairs.id ORDER BY count(*) DESC, label LIMIT 1
"""
_NEWEST_FIRST = {"articles": "id", "fetches": "id", "runs": "id", "alerts": "id"}


def metadata_from(store: Store) -> dict[str, Any]:
    """Return the whole configuration; the rates dashboard opens with the pair that moved most."""
    tables = {each.name: _table(each) for each in store.described()}
    tables |= {name: tables.get(name, {}) | {"hidden": True} for name in _INTERNAL}
    return {
        "title": "News archive",
        "databases": {ARCHIVE: {
            "title": "Tables and queries",
            "description": "Times are UTC, YYYY-MM-DDTHH:MM:SSZ; days of stories are those of their source's zone.",
            "tables": tables,
            "queries": {name: query | {"hide_sql": True} for name, query in _toml("queries.toml").items()},
        }},
        "plugins": {"datasette-dashboards": _dashboards(store)},
    }


def _table(table: Explained) -> dict[str, Any]:
    described: dict[str, Any] = {
        "description": f"{table.about[0].upper()}{table.about[1:]}.",
        "columns": {column.name: column.about.replace("`", "") for column in table.columns},
    }
    for key, values in (("facets", _FACETS), ("label_column", _LABELS), ("sort_desc", _NEWEST_FIRST)):
        if table.name in values:
            described[key] = values[table.name]
    return described


def _dashboards(store: Store) -> dict[str, Any]:
    dashboards = _toml("dashboards.toml")
    stories, pairs = store.newest(1), store.latest_quotes()
    opened = next(iter(store.rows(_LIVELIEST)), None)
    for name, dashboard in dashboards.items():
        shared = _EVERY_CHART if (pairs if name == "rates" else stories) else _EVERY_CHART | _NO_LEGEND
        for chart in dashboard["charts"].values():
            chart["db"] = ARCHIVE
            chart["display"] = shared | chart["display"]
        for each in dashboard.get("filters", {}).values():
            each["db"] = ARCHIVE
            each["default"] = f"{opened['label']} ({opened['source']})" if opened else ""
    return dashboards


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((files("scraper.browse") / name).read_text("utf-8"))
