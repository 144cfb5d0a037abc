"""The server: Datasette over one archive, opened for reading only, also while a harvest writes."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import uvicorn
from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm

from scraper.browse import plugin
from scraper.browse.metadata import metadata_from
from scraper.browse.pages import ARCHIVE
from scraper.errors import ConfigError
from scraper.store import Store

_SETTINGS = {
    "allow_download": False,  # a file that is being written is no good copy
    "default_page_size": 50,
    "max_returned_rows": 10_000,  # points in a chart
    "sql_time_limit_ms": 5_000,
    "suggest_facets": False,  # it would suggest dates; those that make sense are in the metadata
    "truncate_cells_html": 240,
}
_PLUGIN = "scraper-browse"


def datasette_on(path: Path) -> Datasette:
    """Return Datasette set up for the archive at `path`. Raises: ArchiveError where there is none, NewerArchive."""
    with Store.reading(path) as store:
        metadata = metadata_from(store)
    if not pm.has_plugin(_PLUGIN):
        pm.register(plugin, _PLUGIN)
    # Datasette prints every 404, with all local variables, wherever rich is installed
    pm.get_plugin("datasette.handle_exception").rich = None
    here = files("scraper.browse")
    served = Datasette(
        [], metadata=metadata, template_dir=str(here / "templates"), settings=_SETTINGS,
        static_mounts=[("scraper-static", str(here / "static"))],
    )
    served.databases.pop("_memory")
    # on a medium nobody can write to the file is read as it lies
    served.add_database(Database(served, str(path), is_mutable=os.access(path.parent, os.W_OK)), ARCHIVE)
    return served


def serve(path: Path, host: str, port: int, *, started: Callable[[str], None]) -> None:
    """Serve the archive until a signal ends it; `started` is told the address once it answers. Port 0: any free one.

    Raises: ConfigError where the address cannot be listened on; as datasette_on.
    """
    served = datasette_on(path)
    asyncio.run(served.invoke_startup())
    with _listening(host, port) as listener:
        name = f"[{host}]" if ":" in host else host
        started(f"http://{name}:{listener.getsockname()[1]}/")
        config = uvicorn.Config(served.app(), log_level="warning", lifespan="on")
        uvicorn.Server(config).run(sockets=[listener])


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=100)
    except OSError as error:
        number = error.errno or 0
        why = os.strerror(number) if number > 0 else error.strerror  # below zero: no such name
        raise ConfigError(f"cannot listen on {host} port {port} ({why})") from error
