"""The palette: modules by category, search, and modules that fit the selection."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

import reflex as rx

from designer.contract.catalogue.library import Library
from designer.contract.module import Spec
from designer.contract.needed_program import missing_program
from designer.contract.ports import PortType
from designer.contract.wording.counting import table_size
from designer.ui.library import library
from designer.ui.state.editor.pipeline import EditorState
from designer.ui.views.category_order import CATEGORIES, place_of
from designer.ui.views.prose import plain
from designer.ui.views.ranking import ranked
from designer.ui.workbench import workbench

DATASETS = "My datasets"
FIT_LIMIT = 5
QUERY_LIMIT = 100


@dataclass(frozen=True)
class PaletteRow:
    """One draggable row: a module, or a dataset as the module that reads it with its name set."""

    title: str
    module: str
    category: str
    icon: str
    hint: str = ""
    parameters: str = "{}"
    testid: str = ""


@dataclass(frozen=True)
class PaletteGroup:
    """The rows under one heading."""

    title: str
    count: int
    is_open: bool
    rows: list[PaletteRow] = field(default_factory=list)


@dataclass(frozen=True)
class BrokenRow:
    """A file of the `modules` folder that cannot be loaded, and why."""

    file: str
    reason: str


class PaletteState(EditorState):
    """What the palette shows."""

    query: str = ""
    groups: rx.Field[list[PaletteGroup]] = rx.field(default_factory=list)
    fits: rx.Field[list[PaletteRow]] = rx.field(default_factory=list)
    """Modules that can follow the selected node."""
    fits_open: bool = True
    module_count: int = 0
    broken: rx.Field[list[BrokenRow]] = rx.field(default_factory=list)
    """Files of the workspace's `modules` folder that cannot be loaded."""
    _taught: str = ""
    """The modules that the canvas was told of; a search shows new ones before that."""
    _closed: rx.Field[list[str]] = rx.field(default_factory=lambda: [DATASETS, *CATEGORIES[4:]])

    @rx.event
    def search(self, query: str) -> None:
        """Show the modules and datasets that match."""
        self.query = str(query)[:QUERY_LIMIT]
        self.refresh()

    @rx.event
    def toggle(self, title: str) -> None:
        """Open or close a group."""
        closed = [other for other in self._closed if other != title]
        self._closed = closed if len(closed) < len(self._closed) else [*closed, str(title)[:QUERY_LIMIT]]
        self.refresh()

    @rx.event
    def toggle_fits(self) -> None:
        """Open or close the modules that fit the selection."""
        self.fits_open = not self.fits_open

    def fit(self) -> None:
        """Update the modules that fit the selection."""
        spec = self._spec()
        self._put(fits=[_row(other, "fits-") for other in fitting(spec, library())] if spec and not self.query else [])

    def refresh(self) -> None:
        """Update the groups, or the search results while there is a query."""
        modules = library()
        self._put(module_count=len(modules.offered()), broken=[BrokenRow(*item) for item in modules.broken.items()])
        self.fit()
        if self.query.strip():
            rows = search_rows((m.spec() for m in modules.offered()), dataset_rows(), self.query)
            self._put(groups=[PaletteGroup("Found", len(rows), is_open=True, rows=rows)])
            return
        groups = [(DATASETS, dataset_rows()), *by_category(modules)]
        self._put(groups=[self._group(title, rows) for title, rows in groups if rows])

    def _teaches(self, modules: Library) -> bool:
        """Whether these modules are others than the canvas was told of at the last call; it is told of them then."""
        before, self._taught = self._taught, _fingerprint(modules)
        return self._taught != before

    def _group(self, title: str, rows: list[PaletteRow]) -> PaletteGroup:
        is_open = title not in self._closed
        return PaletteGroup(title, len(rows), is_open, rows if is_open else [])


def _fingerprint(modules: Library) -> str:
    """Identifies the workspace's own modules and components; the others do not change while the process runs."""
    return json.dumps([dict(modules.code), dict(modules.broken), modules.palette], sort_keys=True)


def by_category(modules: Library) -> list[tuple[str, list[PaletteRow]]]:
    """All modules by category, in the order of the palette."""
    groups: dict[str, list[PaletteRow]] = {}
    for spec in sorted((module.spec() for module in modules.offered()), key=lambda spec: spec.title):
        groups.setdefault(spec.category.split(" / ")[0], []).append(_row(spec))
    return sorted(groups.items(), key=lambda group: place_of(group[0]))


def matching(specs: Iterable[Spec], query: str) -> list[Spec]:
    """The modules whose texts contain every word of the query, best match first."""
    in_order = sorted(specs, key=lambda spec: spec.title.casefold())
    return ranked(in_order, query, lambda spec: (spec.title, _other_names(spec), f"{spec.category} {spec.description}"))


def fitting(spec: Spec, modules: Library) -> list[Spec]:
    """At most `FIT_LIMIT` modules with an input of a type that this one outputs, likeliest first."""
    given = [port.type for port in spec.outputs if port.type is not PortType.ANY]
    if not given:
        return []

    def rank(other: Spec) -> tuple[int, int, str]:
        best = min((given.index(port.type) for port in other.inputs if port.type in given), default=9)
        return best, other.abilities.suggested or len(modules), other.title

    takers = [m.spec() for m in modules.offered() if any(port.type in given for port in m.spec().inputs)]
    return sorted((other for other in takers if other.id != spec.id), key=rank)[:FIT_LIMIT]


def search_rows(specs: Iterable[Spec], datasets: Iterable[PaletteRow], query: str) -> list[PaletteRow]:
    """The modules and datasets that match a query, best match first."""
    declared = {spec.id: spec for spec in specs}

    def texts(row: PaletteRow) -> tuple[str, tuple[str, ...], str]:
        spec = declared[row.module]
        is_module = row.title == spec.title
        return row.title, _other_names(spec) if is_module else (), f"{row.category} {row.hint}" if is_module else ""

    return ranked([*map(_row, matching(declared.values(), "")), *datasets], query, texts)


def _other_names(spec: Spec) -> tuple[str, ...]:
    return (*spec.synonyms, spec.id, *spec.replaces)


def _row(spec: Spec, prefix: str = "") -> PaletteRow:
    uninstalled = missing_program(spec)
    hint, testid = plain(spec.description), f"{prefix}module-{spec.id}"
    hint = f"{uninstalled.in_full()} {hint}" if uninstalled else hint
    return PaletteRow(spec.title, spec.id, spec.category, spec.icon, hint, testid=testid)


def dataset_rows() -> list[PaletteRow]:
    """The datasets as nodes that read them."""
    spec = library().with_purpose("reads datasets")
    parameter = next((p for p in spec.parameters if p.editor == "dataset"), None) if spec else None
    if spec is None or parameter is None:
        return []
    return [
        PaletteRow(d.name, spec.id, spec.category, spec.icon,
                   f"{table_size(d.rows, d.columns)}, version {d.version}",
                   json.dumps({parameter.name: d.name}), f"dataset-{d.name}")
        for d in workbench().datasets.all()
    ]  # fmt: skip
