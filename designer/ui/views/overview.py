"""The content of Home: templates and recent pipelines."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from designer.contract.catalogue.library import Library
from designer.contract.estimator import Learner
from designer.contract.module import Module
from designer.contract.wording.counting import counted
from designer.pipeline.graph import Pipeline
from designer.pipeline.placing import laid_out
from designer.samples import templates as samples
from designer.store.records import Draft
from designer.ui.views.legend import category_key, state_word
from designer.ui.views.run.standing import Standing, standing_of
from designer.ui.views.thumbnail import Thumbnail, thumbnail
from designer.workbench.runs import Runs
from designer.workbench.workbench import Workbench

# Categories that name a task where a pipeline has no learner.
_CATEGORIES = {"Anomaly Detection": "Anomaly detection", "Recommendation": "Recommendation", "Text Analytics": "Text"}


@dataclass(frozen=True)
class Template:
    """A sample pipeline to start from."""

    id: str
    title: str
    summary: str
    task: str
    size: str
    modules: int
    picture: Thumbnail = field(default_factory=Thumbnail)


@dataclass(frozen=True)
class RecentPipeline:
    """One row of the table of recent pipelines; `state` is empty where it never ran."""

    id: str
    name: str
    task: str
    kind: str
    state: str
    edited: str
    standing: Standing = field(default_factory=Standing)


def templates(library: Library) -> list[Template]:
    """The sample pipelines that ship with Designer, in their own order."""
    return [
        Template(
            sample.id,
            sample.title,
            sample.summary,
            sample.task,
            counted(sample.rows, "row") if sample.rows else sample.dataset,
            len(sample.pipeline.nodes),
            picture_of(sample.pipeline, library),
        )
        for sample in samples.templates()
    ]


def recent(bench: Workbench, at_most: int | None = None) -> list[RecentPipeline]:
    """The pipelines of this workspace, last edited first."""
    return _rows(bench.pipelines.all(limit=at_most), bench)


def with_standing(rows: list[RecentPipeline], runs: Runs) -> list[RecentPipeline]:
    """Add the results of their runs to the rows."""
    return [replace(row, standing=standing_of(runs, row.id)) for row in rows]


def deleted(bench: Workbench) -> list[RecentPipeline]:
    """The pipelines in the trash."""
    return _rows(bench.pipelines.all(trashed=True), bench)


def task_of(modules: Iterable[type[Module]]) -> str:
    """The task of the first learner among the modules of a pipeline, else the first category that names one; may be
    empty."""
    listed = list(modules)
    tasks = [str(module.task).removesuffix(" classification") for module in listed if issubclass(module, Learner)]
    categories = (_CATEGORIES.get(module.spec().category, "") for module in listed)
    return next(iter([*tasks, *filter(None, categories)]), "")


def moment(at: datetime, now: datetime) -> str:
    """A time relative to now: now, 10:42, yesterday, 18 Nov, 18 Nov 2025."""
    if (now - at).total_seconds() < 60:
        return "now"
    days = (now.date() - at.date()).days
    if days < 2:
        return "yesterday" if days == 1 else f"{at:%H:%M}"
    return f"{at.day} {at:%b}" if at.year == now.year else f"{at.day} {at:%b %Y}"


def picture_of(pipeline: Pipeline, library: Library) -> Thumbnail:
    """A thumbnail of the pipeline, each node in the colour of its category."""
    colours = {}
    for id, node in pipeline.nodes.items():
        module = library.get(node.module)
        if module is not None:
            colours[id] = f"var(--cat-{category_key(module.spec().category)})"
    wires = [(edge.source, edge.target) for edge in pipeline.edges]
    return thumbnail(laid_out(pipeline).layout, colours, wires)


def _rows(drafts: list[Draft], bench: Workbench) -> list[RecentPipeline]:
    states, library = bench.runs.latest_states(), bench.library
    return [_row(draft, states.get(draft.id), library) for draft in drafts]


def _row(draft: Draft, last: str | None, library: Library) -> RecentPipeline:
    edited = datetime.fromtimestamp(draft.edited).astimezone()
    state = state_word(last) if last else ""
    edited_words = moment(edited, datetime.now().astimezone())
    return RecentPipeline(draft.id, draft.name, _task_of_draft(draft, library), draft.kind, state, edited_words)


def _task_of_draft(draft: Draft, library: Library) -> str:
    nodes = draft.document.get("nodes")  # a damaged draft may hold anything; opening it reports what is wrong
    listed = nodes.values() if isinstance(nodes, dict) else ()
    ids = dict.fromkeys(str(node.get("module")) for node in listed if isinstance(node, dict))
    return task_of(module for id in ids if (module := library.get(id)) is not None)
