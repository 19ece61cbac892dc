"""The palette: modules by category, found by words, and those that fit the selection."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

import reflex as rx

from designer.contract.library import Library
from designer.contract.module import Spec
from designer.contract.ports import PortType
from designer.ui.library import library
from designer.ui.prose import plain
from designer.ui.state.editor import EditorState
from designer.ui.workspace import workspace

DATASETS = "My datasets"
FIT_LIMIT = 5
QUERY_LIMIT = 100
CATEGORIES = (
    "Data Input and Output",
    "Data Transformation",
    "Feature Selection",
    "Statistical Functions",
    "Machine Learning Algorithms",
    "Model Training",
    "Model Scoring & Evaluation",
)
"""Those that come first, in this order; the others follow by name."""

LIKELY_NEXT = ("split-data", "train-model", "score-model", "evaluate-model", "clean-missing-data", "normalize-data")


@dataclass(frozen=True)
class PaletteRow:
    """One row that can be dragged: a module, or a dataset as a module with its name set."""

    title: str
    module: str
    category: str
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


class PaletteState(EditorState):
    """What the palette shows."""

    query: str = ""
    groups: rx.Field[list[PaletteGroup]] = rx.field(default_factory=list)
    fits: rx.Field[list[PaletteRow]] = rx.field(default_factory=list)
    """Modules that can stand below the selection."""
    fits_open: bool = True
    module_count: int = 0
    _closed: rx.Field[list[str]] = rx.field(default_factory=lambda: [DATASETS, *CATEGORIES[4:]])

    @rx.event
    def search(self, query: str) -> None:
        """Show the modules that match."""
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
        """Open or close what fits the selection."""
        self.fits_open = not self.fits_open

    def fit(self) -> None:
        """What fits the selection."""
        spec = self._spec()
        self._put(fits=[_row(other, "fits-") for other in fitting(spec, library())] if spec and not self.query else [])

    def refresh(self) -> None:
        """Bring the groups up to date."""
        modules = library()
        self._put(module_count=len(modules))
        self.fit()
        if self.query:
            rows = [_row(spec) for spec in matching((m.spec() for m in modules), self.query)]
            self._put(groups=[PaletteGroup("Found", len(rows), is_open=True, rows=rows)])
            return
        groups = [(DATASETS, _datasets()), *by_category(modules)]
        self._put(groups=[self._group(title, rows) for title, rows in groups if rows])

    def _group(self, title: str, rows: list[PaletteRow]) -> PaletteGroup:
        is_open = title not in self._closed
        return PaletteGroup(title, len(rows), is_open, rows if is_open else [])


def by_category(modules: Library) -> list[tuple[str, list[PaletteRow]]]:
    """All modules under their categories, in the order of the palette."""
    groups: dict[str, list[PaletteRow]] = {}
    for spec in sorted((module.spec() for module in modules), key=lambda spec: spec.title):
        groups.setdefault(spec.category.split(" / ")[0], []).append(_row(spec))
    return sorted(groups.items(), key=lambda group: (_place(group[0]), group[0]))


def matching(specs: Iterable[Spec], query: str) -> list[Spec]:
    """The modules that hold every word of the query, those first whose title begins with one."""
    words = query.casefold().split()

    def text(spec: Spec) -> str:
        return " ".join((spec.title, *spec.synonyms, spec.category, spec.description)).casefold()

    def rank(spec: Spec) -> tuple[bool, bool, str]:
        title = spec.title.casefold()
        return not title.startswith(words[0]), not all(word in title for word in words), title

    found = [spec for spec in specs if all(word in text(spec) for word in words)]
    return sorted(found, key=rank) if words else found


def fitting(spec: Spec, modules: Library) -> list[Spec]:
    """The modules that can take what this one gives, the likeliest first."""
    given = [port.type for port in spec.outputs if port.type is not PortType.ANY]
    if not given:
        return []

    def rank(other: Spec) -> tuple[int, int, str]:
        best = min((given.index(port.type) for port in other.inputs if port.type in given), default=9)
        usual = LIKELY_NEXT.index(other.id) if other.id in LIKELY_NEXT else len(LIKELY_NEXT)
        return best, usual, other.title

    takers = [m.spec() for m in modules if any(port.type in given for port in m.spec().inputs)]
    return sorted((other for other in takers if other.id != spec.id), key=rank)[:FIT_LIMIT]


def _row(spec: Spec, prefix: str = "") -> PaletteRow:
    return PaletteRow(spec.title, spec.id, spec.category, plain(spec.description), testid=f"{prefix}module-{spec.id}")


def _datasets() -> list[PaletteRow]:
    module = library().get("dataset")
    parameter = next((p for p in module.spec().parameters if p.editor == "dataset"), None) if module else None
    if module is None or parameter is None:
        return []
    spec = module.spec()
    return [
        PaletteRow(d.name, spec.id, spec.category, f"{d.rows:,} rows × {d.columns:,} columns, version {d.version}",
                   json.dumps({parameter.name: d.name}), f"dataset-{d.name}")
        for d in workspace().datasets.all()
    ]  # fmt: skip


def _place(category: str) -> int:
    return CATEGORIES.index(category) if category in CATEGORIES else len(CATEGORIES)
