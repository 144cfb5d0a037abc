"""`health`: what is wrong with the sources, for a monitor: an exit code, JSON, or a file for Prometheus."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scraper.cli.context import Amount, Context
from scraper.cli.tables import output_format, print_rows

if TYPE_CHECKING:
    from scraper.store import Store

ALERT = 4

# name, what it is; each gauge is printed with these two lines before its values
GAUGES = {
    "last_run_end_timestamp_seconds": "when the last run ended, seconds since 1970",
    "last_run_exit_code": "how the last run ended: 0 done, 1 every source failed, 3 some did",
    "alerts_open": "alerts open",
    "stories_listed": "stories the listings showed in the source's last run",
    "stories_new": "stories archived for the first time in the source's last run",
    "stories_failed": "stories tried and not archived in the source's last run",
    "articles": "stories in the archive",
    "newest_story_age_seconds": "since the newest story was published",
    "quotes_age_seconds": "since any rate of the source was last read off a page",
}
COUNTS = {
    "alerts_open": "alerts", "stories_listed": "listed", "stories_new": "new", "stories_failed": "failed",
    "articles": "articles",
}


@click.command(short_help="Show the open alerts; exit code 4 if there is one.")
@click.option("--prometheus", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
              help="Write the state as a text file for Prometheus' node exporter, whole or not at all.")
@click.option("--within", type=Amount(0, min_open=True), metavar="HOURS",
              help="It is an alert, too, where no run has ended for so long.")
@output_format
@click.pass_obj
def health(context: Context, prometheus: Path | None, within: float | None, form: str | None) -> int:
    """Show what is wrong with the sources: one alert per change for the worse, until it has passed.

    Each source is measured against its own past: fields that pages no longer show, listings that are empty, silence
    beyond its rhythm, rates that vanish or jump, runs that fail. Exit code 4 if an alert is open, else 0.
    """
    from scraper.cli.rooms import utc_now
    from scraper.export.files import replace_file
    from scraper.store import Store

    with Store.reading(context.settings.db) as store:
        alerts = store.alerts()
        alerts[:0] = _overdue(store, utc_now(), within)
        if prometheus:
            # what is not whole yet is called otherwise: the exporter reads *.prom only
            replace_file(prometheus, "".join(f"{line}\n" for line in exposition(store, utc_now())).encode())
        if alerts or form:
            print_rows(alerts, form)
        else:
            last = store.last_run()
            context.say(f"no alert is open; the last run ended {last['finished'] if last else 'never'}")
    return ALERT if alerts else 0


def _overdue(store: Store, now: datetime, hours: float | None) -> Iterator[dict[str, Any]]:
    """Yield an alert where the last run ended longer ago: of what keeps a run from beginning no run can tell."""
    last = store.last_run()
    ended = last["finished"] if last else None
    if hours and (ended is None or (now - datetime.fromisoformat(ended)) / timedelta(hours=1) > hours):
        yield {"source": "", "kind": "overdue", "subject": "", "opened": ended,
               "message": f"no run has ended for {hours:g} hours, the last: {ended or 'never'}"}


def exposition(store: Store, now: datetime) -> Iterator[str]:
    """Yield the state as lines of Prometheus' text format (version 0.0.4)."""
    values = (*_of_the_run(store.last_run()), *_of_the_sources(store, now))
    for name, about in GAUGES.items():
        found = [f"scraper_{name}{label} {value}" for gauge, label, value in values if gauge == name]
        if found:
            yield f"# HELP scraper_{name} {about}"
            yield f"# TYPE scraper_{name} gauge"
            yield from found


def _of_the_run(last: dict[str, Any] | None) -> Iterator[tuple[str, str, int]]:
    if last is not None:
        yield "last_run_end_timestamp_seconds", "", int(datetime.fromisoformat(last["finished"]).timestamp())
        if last["code"] is not None:
            yield "last_run_exit_code", "", last["code"]


def _of_the_sources(store: Store, now: datetime) -> Iterator[tuple[str, str, int]]:
    quoted: dict[str, str] = {}
    for quote in store.latest_quotes():
        quoted[quote["source"]] = max(quote["last_seen"], quoted.get(quote["source"], ""))
    for row in store.status():
        label = f'{{source="{row["source"]}"}}'
        yield from ((name, label, row[column]) for name, column in COUNTS.items() if row[column] is not None)
        seen = {"newest_story_age_seconds": row["newest"], "quotes_age_seconds": quoted.get(row["source"])}
        for name, instant in seen.items():
            if instant:
                yield name, label, int((now - datetime.fromisoformat(instant)).total_seconds())
