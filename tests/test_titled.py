"""Pages whose story stands in script state: the object that bears the headline is it, whatever else stands there."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from html import escape

import pytest

from pages import SENTENCES, article, page
from scraper.scriptliteral import literal_values

HEADLINE = "Council closes the lower sluice"
BREAD = "".join(f"<p>{text.replace('the ', 'a ')}</p>" for text in SENTENCES)
OTHER = {"title": "Bread is sold by weight again", "content": BREAD}
STORY = {
    "id": 7, "title": HEADLINE, "content": f"<p>{SENTENCES[0]}</p>", "published_at": "2025-10-10T14:05:00+05:00",
    "author": {"name": "Odra Penn"},
}  # fmt: skip


def _page(state: object, shown: str = "", kind: str = "id='__NEXT_DATA__' type='application/json'") -> str:
    script = f"<script {kind}>{json.dumps(state)}</script>".replace("</p>", "<\\/p>")
    return f"<html><head><title>{HEADLINE}</title></head><body><div>{shown}</div>{script}</body></html>"


def _flattened(state: object) -> list[object]:
    """Return the state as Nuxt 3 writes it: one list, in which objects name their members by place."""
    flat: list[object] = []

    def placed(value: object) -> int:
        at = len(flat)
        flat.append(None)
        if isinstance(value, dict):
            flat[at] = {key: placed(member) for key, member in value.items()}
        elif isinstance(value, list):
            flat[at] = [placed(member) for member in value]
        else:
            flat[at] = value
        return at

    placed(state)
    return flat


@pytest.mark.parametrize("flatten", [lambda state: state, _flattened])
def test_a_short_story_in_state_is_read_beside_longer_ones(flatten: Callable[[object], object]) -> None:
    read = article(_page(flatten({"latest": [OTHER, OTHER], "post": STORY})))

    assert (read.headline, read.body, read.authors) == (HEADLINE, SENTENCES[0], ("Odra Penn",))
    assert read.published is not None
    assert read.published.instant == datetime(2025, 10, 10, 9, 5, tzinfo=UTC)


def test_a_short_story_on_the_page_is_not_replaced_by_another_in_state() -> None:
    read = article(_page({"latest": [OTHER, OTHER]}, shown=f"<h1>{HEADLINE}</h1><p>{SENTENCES[0]}</p>"))

    assert read.body == SENTENCES[0]


def test_a_page_that_shows_nothing_is_no_other_story() -> None:
    assert page(_page({"latest": [OTHER, {**OTHER, "content": f"{BREAD}!"}]})).article is None


def test_the_titles_a_framework_sets_are_no_story() -> None:
    """React's stream holds the page's own meta tags as objects."""
    told = "\n".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    state = [{"name": "og:title", "content": HEADLINE}, {"body": told}]

    assert article(_page(state)).body == "\n\n".join(SENTENCES)


def test_objects_that_name_each_other_a_thousandfold_are_read_in_part() -> None:
    """Two lines of JSON would else make a hundred million members."""
    flat: list[object] = [{"story": 1}, {str(at): 2 for at in range(10_000)}, {str(at): 1 for at in range(10_000)}, 0]

    assert page(_page(flat)).article is None


TOLD = {
    "uz": "Suv omborida suv bir yozda to‘rt metrga pasaydi, shuning uchun kengash quyi darvozani qorgacha yopdi.",
    "ru": "Уровень воды в водохранилище за одно лето упал на четыре метра, и совет закрыл нижний шлюз до снега.",
}


@pytest.mark.parametrize(("tongue", "title"), [("uz", "Kengash darvozani yopdi"), ("ru", "Совет закрыл шлюз")])
def test_a_story_kept_in_several_languages_is_read_in_that_of_its_headline(tongue: str, title: str) -> None:
    """As the sites of the region keep them: a member for each language."""
    story = {"title_uz": "Kengash darvozani yopdi", "body_uz": f"<p>{TOLD['uz']}</p>",
             "title_ru": "Совет закрыл шлюз", "body_ru": f"<p>{TOLD['ru']}</p><p>{TOLD['ru']} Вот.</p>"}  # fmt: skip

    read = article(_page({"post": story}).replace(HEADLINE, title))

    assert read.body.split("\n")[0] == TOLD[tongue]


LADEN = {"page": {"post": STORY, "latest": [OTHER, OTHER]}}


def _literal(value: object) -> str:
    """Return a value as JavaScript writes it, the names of its members bare."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{key}:{_literal(member)}" for key, member in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_literal, value)) + "]"
    return json.dumps(value).replace("</", "<\\/")


def _angular(text: str) -> str:
    """Return JSON as Angular put it into a script up to its version 15."""
    return text.replace("&", "&a;").replace('"', "&q;").replace("<", "&l;").replace(">", "&g;")


STATES = {
    "literal": f"<script>var state = {_literal(LADEN)};\nrun(state)</script>",
    "in a list": f"<script>const data = [null,{{type:'data',data:{_literal(LADEN)}}}]; start({{data}});</script>",
    "JSON.parse": f"<script>window.__STATE__=JSON.parse({_literal(json.dumps(LADEN))});</script>",
    "a call": "<script>window.__NUXT__=(function(a,b){a.title=b;a.content=" + _literal(STORY["content"])
    + ';a.published_at="2025-10-10T14:05:00+05:00";a.author={name:"Odra Penn"};return {data:[{post:a,latest:'
    + f'{_literal([OTHER, OTHER])}}}],error:void 0,done:!0}}}}({{}},"{HEADLINE}"));</script>',
    "attribute": f'<div id="app" data-page="{escape(json.dumps(LADEN))}"></div>',
    "property": f'<news-view :post="{escape(json.dumps(LADEN))}"></news-view>',
    "JSON in JSON": f"<script type='application/json'>{{\"body\":{_literal(json.dumps(LADEN))}}}</script>",
    "Angular": f"<script type='application/json'>{_angular(json.dumps(LADEN))}</script>",
}  # fmt: skip


@pytest.mark.parametrize("markup", STATES.values(), ids=STATES)
def test_a_story_in_state_that_is_no_json_script_is_read(markup: str) -> None:
    read = article(f"<html><head><title>{HEADLINE}</title></head><body>{markup}</body></html>")

    assert (read.headline, read.body, read.authors) == (HEADLINE, SENTENCES[0], ("Odra Penn",))
    assert read.published is not None
    assert read.published.instant == datetime(2025, 10, 10, 9, 5, tzinfo=UTC)


def test_a_story_told_in_an_editors_blocks_is_read() -> None:
    """A paragraph is text, or a tree of leaves parted by marks and links."""
    leaves = [{"type": "text", "text": SENTENCES[1][:20]}, {"type": "link", "children": [{"text": SENTENCES[1][20:]}]}]
    blocks = [{"type": "paragraph", "data": {"text": SENTENCES[0]}}, {"type": "paragraph", "children": leaves}]

    read = article(_page({"post": {"title": HEADLINE, "content": {"time": 1, "blocks": blocks}}}))

    assert read.body == f"{SENTENCES[0]}\n\n{SENTENCES[1]}"


def test_the_headline_in_state_is_without_the_sites_name_of_the_title() -> None:
    head = f"<head><title>{HEADLINE} - Times Of Central Bread</title></head>"

    read = article(f"<html>{head}<body>{STATES['attribute']}</body></html>")

    assert (read.headline, read.published and read.published.day) == (HEADLINE, date(2025, 10, 10))


def test_the_pictures_of_a_story_in_state_are_its_own() -> None:
    picture = "<figure><img src='/a.jpg'><figcaption>The gauge</figcaption></figure>"

    read = article(_page({"post": STORY | {"content": f"<p>{SENTENCES[0]}</p>{picture}<p>{SENTENCES[1]}</p>"}}))

    assert [(image.caption, image.url is not None) for image in read.images] == [("The gauge", True)]


@pytest.mark.parametrize("script", [
    "{" * 100_000, "x=[" * 50_000, "a={b:" * 3_000, "(function(a){" * 5_000, '="' * 100_000, "=[" + "1," * 500_000,
    '={a:"' + "x" * 1_000_000, "(function(" + "a," * 9_000 + "){return {", "JSON.parse('" * 10_000,
], ids=["braces", "lists", "members", "calls", "quotes", "items", "text", "parameters", "parsed"])  # fmt: skip
def test_a_hostile_script_takes_seconds_at_most(script: str) -> None:
    """Measured: 0.00-1.6 s each on one core of the machine this was written on."""
    started = time.process_time()

    list(literal_values(script))

    assert time.process_time() - started < 16


def test_the_holes_of_a_literal_are_counted() -> None:
    """`Array(1000)` in ten characters: 65,000 of them were 500 MB."""
    few, many = (f"x={{rows:[{'Array(1000),' * count}],text:'{'x' * 300}'}}" for count in (100, 1_000))

    (value,) = literal_values(few)

    assert value == {"rows": [[None] * 1_000] * 100, "text": "x" * 300}
    assert list(literal_values(many)) == []


@pytest.mark.parametrize("short", [f"{HEADLINE[:-4]}", f"{HEADLINE} and the"])
def test_a_shorter_title_beside_the_headline_in_state_does_not_cut_it(short: str) -> None:
    """Only what a sign parts from the site's name behind it."""
    title = f"{HEADLINE} and the upper one"
    state = escape(json.dumps({"post": {"short": short, **STORY, "title": title}}))

    read = article(f"<html><head><title>{title}</title></head><body><div data-page='{state}'></div></body></html>")

    assert read.headline == title
