"""The finder: everything with its own page, and which of it matches a query."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from designer.ui.destinations import LOWER, UPPER
from designer.ui.views.ranking import ranked
from designer.workbench.workbench import Workbench


@dataclass(frozen=True)
class Found:
    """A search result with a page: kind, name and route."""

    kind: str
    label: str
    route: str


def everything(bench: Workbench) -> list[Found]:
    """Pipelines and datasets of the workspace, the main pages, and each module's help."""
    return [
        *(Found("Pipeline", draft.name, f"/pipelines/{draft.id}") for draft in bench.pipelines.all()),
        *(Found("Dataset", name, f"/datasets/view?name={quote(name, safe='')}") for name in bench.datasets.names()),
        *(Found("Page", destination.label, destination.route) for destination in (*UPPER, *LOWER)),
        *(Found("Help", module.spec().title, f"/help/{module.spec().id}") for module in bench.library),
    ]


def fitting(things: Iterable[Found], typed: str, at_most: int = 12) -> list[Found]:
    """The items whose name contains every typed word, best first."""
    return ranked(things, typed, lambda thing: (thing.label, (), ""))[:at_most]
