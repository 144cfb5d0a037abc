"""What a command shows of itself while it is at work: on a terminal only, and gone when it is done."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from scraper.cli.context import Context

if TYPE_CHECKING:
    from rich.progress import Progress, ProgressColumn

Tell = Callable[[str, str], None]  # a line's name, and what it says now


def is_watched(context: Context) -> bool:
    """Tell whether somebody may look on: not under -q, and not off a terminal."""
    return not context.quiet and sys.stderr is not None and sys.stderr.isatty()


def display(*columns: ProgressColumn) -> Progress:
    """Return rich's display on stderr; without `columns` a bar."""
    from rich.console import Console
    from rich.progress import Progress

    return Progress(*columns, console=Console(stderr=True), transient=True)


@contextmanager
def lines(context: Context, first: Mapping[str, str]) -> Iterator[Tell | None]:
    """Show a line by each name, and the time it takes; yield what changes one, None where nobody looks on."""
    if not is_watched(context):
        yield None
        return
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

    with display(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()) as shown:
        tasks = {name: shown.add_task(text, total=None) for name, text in first.items()}
        yield lambda name, text: shown.update(tasks[name], description=text)
