"""The built-in sites: one file each, in a folder by country, all of them in ALL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

from scraper.source import Source

_FOLDERS = {
    "kg": "azattyk economist kabar kaktus kg24 openkg",
    "kz": "astanatimes azattyq egemen inform kazpravda kz24 nur orda tengrinews",
    "regional": "cabar centralasia diplomat eurasianet fergana timesca",
    "tj": "asiaplus avesta farazh greentimes jumhuriyat khovar narodnaya pressa",
    "tm": "azathabar gundogar hronikatm",
    "uz": "anhor daryo gazeta kun kursivuz ozodlik paradigma qalampir spot sputnikuz tashkenttimes upl uza uzdaily"
          " uznews xabar xabardor yuz",
}


class Catalogue(Mapping[str, Source]):
    """Sources by key, in the order of their keys; the file of one is imported when it is first asked for."""

    def __init__(self, modules: Mapping[str, str]) -> None:
        self._modules = dict(sorted(modules.items()))

    def __getitem__(self, key: str) -> Source:
        source = import_module(self._modules[key]).SOURCE
        assert isinstance(source, Source)
        return source

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)

    def __contains__(self, key: object) -> bool:
        return key in self._modules


ALL = Catalogue({key: f"{__name__}.{folder}.{key}" for folder, keys in _FOLDERS.items() for key in keys.split()})
