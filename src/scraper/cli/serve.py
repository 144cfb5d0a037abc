"""`serve`: the archive in a browser."""

from __future__ import annotations

import click

from scraper.cli.context import Context
from scraper.cli.extras import need


@click.command(short_help="Open the archive in a browser: stories, search, charts, SQL.")
@click.option("--host", metavar="ADDRESS", default="127.0.0.1", show_default=True,
              help="0.0.0.0 lets other machines read along.")
@click.option("--port", type=click.IntRange(0, 65535), metavar="PORT", default=8001, show_default=True,
              help="0: any that is free.")
@click.option("--open", "opened", is_flag=True, help="Open the front page in a browser.")
@click.pass_obj
def serve(context: Context, host: str, port: int, opened: bool) -> None:
    """Serve the archive to a browser until you press Ctrl-C: latest stories, search, versions, charts, tables, SQL.

    Read-only, also while a harvest writes; no page loads anything from elsewhere. Needs the extra `browse`.
    """
    need("browse", "datasette", "datasette_dashboards")
    from scraper.browse.serving import serve as serve_archive

    def started(address: str) -> None:
        click.echo(address)
        context.say("read-only; Ctrl-C ends it")
        if opened:
            import webbrowser

            webbrowser.open(address)

    serve_archive(context.settings.db, host, port, started=started)
