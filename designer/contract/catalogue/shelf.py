"""Module classes by id, imported on first use."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import ModuleType

from designer.contract.errors import BrokenModule
from designer.contract.module import Module


class Shelf(Mapping[str, type[Module]]):
    """A mapping of ids to module classes; those not used yet are held as names of Python modules or as functions."""

    def __init__(self, entries: Mapping[str, type[Module] | str | Callable[[], type[Module]]]) -> None:
        self._entries = dict(sorted(entries.items()))

    def __getitem__(self, id: str) -> type[Module]:
        entry = self._entries[id]
        if isinstance(entry, str):
            entry = self._entries[id] = _imported(entry, id)
        elif not isinstance(entry, type):
            entry = self._entries[id] = entry()
        return entry

    def __contains__(self, id: object) -> bool:
        return id in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def with_classes(self, classes: Mapping[str, type[Module]]) -> Shelf:
        """A copy with these classes as well."""
        return Shelf({**self._entries, **classes})

    def including(self, functions: Mapping[str, Callable[[], type[Module]]]) -> Shelf:
        """A copy with the classes that these functions make as well."""
        return Shelf({**self._entries, **functions})

    def source(self, id: str) -> str | None:
        """The name of the Python module that defines a class; None for a component and for an unknown id."""
        entry = self._entries.get(id)
        if isinstance(entry, type):
            return entry.__module__
        return entry if isinstance(entry, str) else None


def classes_in(source: ModuleType) -> Iterable[type[Module]]:
    """The modules that a Python module declares."""
    for value in vars(source).values():
        if not (inspect.isclass(value) and issubclass(value, Module) and value.__module__ == source.__name__):
            continue
        if value.__dict__.get("declaration") is not None:
            value.spec()
            yield value


def _imported(source: str, id: str) -> type[Module]:
    try:
        classes = {module.spec().id: module for module in classes_in(importlib.import_module(source))}
        return classes[id]
    except (ImportError, KeyError) as error:
        raise BrokenModule(f"it cannot be loaded ({error})", "Install what it needs.").at(module=id) from error
