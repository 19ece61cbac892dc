"""Everything that has a page of its own, and which of it fits what was typed."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from designer.contract.library import Library
from designer.store.workspace import Workspace
from designer.ui.destinations import LOWER, UPPER
from designer.ui.views.ranking import ranked


@dataclass(frozen=True)
class Found:
    """One thing with a page: what it is, what it is called, where it is."""

    kind: str
    label: str
    route: str


def everything(workspace: Workspace, library: Library) -> list[Found]:
    """Pipelines and datasets of the workspace, the pages, and the help of each module."""
    return [
        *(Found("Pipeline", draft.name, f"/pipelines/{draft.id}") for draft in workspace.drafts.all()),
        *(Found("Dataset", name, f"/datasets/view?name={quote(name, safe='')}") for name in workspace.datasets.names()),
        *(Found("Page", destination.label, destination.route) for destination in (*UPPER, *LOWER)),
        *(Found("Help", module.spec().title, f"/help/{module.spec().id}") for module in library),
    ]


def fitting(things: Iterable[Found], typed: str, at_most: int = 12) -> list[Found]:
    """Those whose name holds every typed word, the best first."""
    return ranked(things, typed, lambda thing: (thing.label, (), ""))[:at_most]
