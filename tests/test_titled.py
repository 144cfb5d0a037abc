"""Pages whose story stands in script state: the object that bears the headline is it, whatever else stands there."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from pages import SENTENCES, article, page

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
