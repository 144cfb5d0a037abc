"""`diff`: what a publisher changed in a story after it was published, word by word."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import click

from scraper.cli.context import Context
from scraper.cli.streams import coloured, speak_to_programs

if TYPE_CHECKING:
    from scraper.worddiff import Paragraph

COMPARED = ("headline", "byline", "lead", "body")  # what counts as an edit when it changes
MARKS = {"same": ("", ""), "gone": ("[-", "-]"), "new": ("{+", "+}")}  # as git diff --word-diff writes them
COLOURS = {"same": None, "gone": "red", "new": "green"}
TAGS = {"same": "span", "gone": "del", "new": "ins"}
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>body{{font:16px/1.5 Georgia,serif;max-width:44em;margin:2em auto;padding:0 1em;color:#222}}
h2{{font-size:1em;border-top:1px solid #ccc;padding-top:1em}}h3{{font-size:.85em;color:#666;margin-bottom:0}}
del{{background:#fdd;color:#900}}ins{{background:#dfd;color:#060}}</style></head>
<body><h1 lang="{language}" dir="auto">{title}</h1><p><a href="{url}">{url}</a></p>
{edits}
</body></html>"""

Text = dict[str, Any]  # a version as Shelf.texts_of gives it


@click.command(short_help="Show what changed in a story, word by word.")
@click.argument("article", metavar="URL|ARTICLE_ID")
@click.option("--html", "as_html", is_flag=True, help="A page for a browser, complete in itself, on stdout.")
@click.pass_obj
def diff(context: Context, article: str, as_html: bool) -> None:
    """Show what changed in a story since it was first seen, version by version, word by word.

    On a terminal in colours, elsewhere as [-gone-] and {+new+}. A version that only an earlier parser read so is
    called `reparse`: the publisher changed nothing there.
    """
    from scraper.store import Store
    from scraper.urls import normalised

    with Store.reading(context.settings.db) as store:
        texts = store.shelf.texts_of(int(article[:18]) if article.isdecimal() else normalised(article))
    if not texts:
        raise click.UsageError(f"no story {article!r} is stored")
    if as_html:
        speak_to_programs()
        click.echo(page(texts))
    elif len(texts) == 1:
        context.say(f"unchanged since {texts[0]['seen_from']}")
    else:
        _print(texts)


def steps(texts: Sequence[Text]) -> Iterator[tuple[Text, Text]]:
    """Yield each text and the one that took its place; what a parser misread is held against the current one."""
    yield from pairwise([text for text in texts if text["reason"] != "reparse"])
    yield from ((text, texts[-1]) for text in texts if text["reason"] == "reparse")


def page(texts: Sequence[Text]) -> str:
    """Return the history of a story as an HTML page that loads nothing; `texts` end with the current one."""
    edits = "\n".join(_html_of(old, new) for old, new in steps(texts))
    edits = edits or f"<p>unchanged since {texts[0]['seen_from']}</p>"
    current = {name: html.escape(str(texts[-1][name] or "")) for name in ("headline", "url", "language")}
    return PAGE.format(language=current["language"], title=current["headline"], url=current["url"], edits=edits)


def _print(texts: Sequence[Text]) -> None:
    for old, new in steps(texts):
        click.secho(_title(old, new), bold=True)
        for name, paragraphs in _changes(old, new):
            click.echo(f"{name}:")
            for paragraph in paragraphs:
                click.echo(f"  {' '.join(_marked(piece.kind, piece.text) for piece in paragraph)}")
        click.echo()


def _marked(kind: str, text: str) -> str:
    if coloured():
        return click.style(text, fg=COLOURS[kind], strikethrough=kind == "gone") if COLOURS[kind] else text
    before, after = MARKS[kind]
    return f"{before}{text}{after}"


def _html_of(old: Text, new: Text) -> str:
    parts = [f"<h2>{html.escape(_title(old, new))}</h2>"]
    for name, paragraphs in _changes(old, new):
        parts.append(f"<h3>{name}</h3>")
        for paragraph in paragraphs:
            pieces = (f"<{TAGS[piece.kind]}>{html.escape(piece.text)}</{TAGS[piece.kind]}>" for piece in paragraph)
            parts.append(f'<p lang="{html.escape(new["language"] or "")}" dir="auto">{" ".join(pieces)}</p>')
    return "\n".join(parts)


def _title(old: Text, new: Text) -> str:
    fields = ", ".join(json.loads(old["changed"]))
    if old["reason"] == "reparse":
        return f"{old['seen_from']}: read otherwise by an earlier parser ({fields})"
    return f"{old['seen_to']} -> {new['seen_from']}: {fields}; {old['similarity']:.0%} alike"


def _changes(old: Text, new: Text) -> Iterator[tuple[str, list[Paragraph]]]:
    """Yield each field that counts as an edit with its paragraphs that changed."""
    from scraper.worddiff import is_changed, word_diff

    for name in COMPARED:
        paragraphs = [each for each in word_diff(old[name] or "", new[name] or "") if is_changed(each)]
        if paragraphs:
            yield name, paragraphs
