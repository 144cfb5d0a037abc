"""HTML as values: what is not markup by its type is escaped, so that no stored text can be any."""

from __future__ import annotations

import html
from collections.abc import Iterable

_VOID = {"meta", "br"}


class Markup(str):
    """Text that is markup; only `tag` and `joined` make it."""

    __slots__ = ()


def tag(name: str, /, *inside: object, **attributes: object) -> Markup:
    """Return an element; attributes that are None are left out, `_` in their names is `-`, `class_` is class."""
    named = "".join(f' {key.rstrip("_").replace("_", "-")}="{html.escape(str(value))}"'
                    for key, value in attributes.items() if value is not None)
    if name in _VOID:
        return Markup(f"<{name}{named}>")
    return Markup(f"<{name}{named}>{joined(inside)}</{name}>")


def joined(parts: Iterable[object], between: str = "") -> Markup:
    """Return parts one after another; None is nothing, and what is not markup is text."""
    return Markup(between.join(part if isinstance(part, Markup) else html.escape(str(part))
                               for part in parts if part is not None))
