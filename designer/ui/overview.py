"""What Home shows: templates to start from and the pipelines worked on last."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from designer.contract.errors import DesignerError
from designer.contract.library import Library
from designer.pipeline.document import from_document
from designer.pipeline.graph import Pipeline
from designer.samples import templates as samples
from designer.store.records import Draft, Run
from designer.store.workspace import Workspace
from designer.ui import figures
from designer.ui.category import category_key
from designer.ui.standing import Standing, standing_of
from designer.ui.thumbnail import Thumbnail, thumbnail

# The first of these words in the title of a pipeline's learner names its task.
_TASKS = ("Two-Class", "Multiclass", "Regression", "Clustering", "Anomaly", "Recommend", "Text")
_TASK_WORDS = {"Two-Class": "Two-class", "Anomaly": "Anomaly detection", "Recommend": "Recommendation"}
_STATES = {"queued": "Queued", "running": "Running", "finished": "Finished", "cancelled": "Cancelled"}


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
    """One row of the table of recent pipelines; `state` is empty where it was never run."""

    id: str
    name: str
    task: str
    kind: str
    state: str
    edited: str
    standing: Standing = field(default_factory=Standing)


def templates(library: Library) -> list[Template]:
    """The sample pipelines that travel with Designer, in their own order."""
    return [
        Template(
            sample.id,
            sample.title,
            sample.summary,
            sample.task,
            figures.plural(sample.rows, "row") if sample.rows else sample.dataset,
            len(sample.pipeline.nodes),
            picture_of(sample.pipeline, library),
        )
        for sample in samples.templates()
    ]


def recent(workspace: Workspace, library: Library, at_most: int | None = None) -> list[RecentPipeline]:
    """The pipelines of this workspace, last edited first."""
    return [_row(draft, workspace, library) for draft in workspace.drafts.all()[:at_most]]


def with_standing(rows: list[RecentPipeline], workspace: Workspace) -> list[RecentPipeline]:
    """The rows with how their runs went."""
    return [replace(row, standing=standing_of(workspace, row.id)) for row in rows]


def deleted(workspace: Workspace, library: Library) -> list[RecentPipeline]:
    """The pipelines in the trash."""
    return [_row(draft, workspace, library) for draft in workspace.drafts.all(trashed=True)]


def task_of(titles: Iterable[str]) -> str:
    """What kind of question a pipeline answers, from the titles of its modules; empty where none says."""
    known = list(titles)
    word = next((task for task in _TASKS if any(task in title for title in known)), "")
    return _TASK_WORDS.get(word, word)


def state_word(run: Run | None) -> str:
    """How the last run stands, in the word of its badge."""
    return "" if run is None else _STATES.get(run.state, "Failed")


def moment(at: datetime, now: datetime) -> str:
    """A time as people say it: now, 10:42, yesterday, 18 Nov, 18 Nov 2025."""
    if (now - at).total_seconds() < 60:
        return "now"
    days = (now.date() - at.date()).days
    if days < 2:
        return "yesterday" if days == 1 else f"{at:%H:%M}"
    return f"{at.day} {at:%b}" if at.year == now.year else f"{at.day} {at:%b %Y}"


def picture_of(pipeline: Pipeline, library: Library) -> Thumbnail:
    """The pipeline drawn small, each node in the colour of its category."""
    colours = {}
    for id, node in pipeline.nodes.items():
        module = library.get(node.module)
        if module is not None:
            colours[id] = f"var(--cat-{category_key(module.spec().category)})"
    wires = [(edge.source, edge.target) for edge in pipeline.edges]
    return thumbnail(pipeline.layout, colours, wires)


def _row(draft: Draft, workspace: Workspace, library: Library) -> RecentPipeline:
    edited = datetime.fromtimestamp(draft.edited).astimezone()
    state = state_word(workspace.runs.latest(draft.id))
    said = moment(edited, datetime.now().astimezone())
    return RecentPipeline(draft.id, draft.name, _task_of_draft(draft, library), draft.kind, state, said)


def _task_of_draft(draft: Draft, library: Library) -> str:
    try:
        return task_of(_titles(from_document(draft.document), library))
    except DesignerError:
        # A damaged draft keeps its row: opening it says what is wrong.
        return ""


def _titles(pipeline: Pipeline, library: Library) -> list[str]:
    modules = (library.get(node.module) for node in pipeline.nodes.values())
    return [module.spec().title for module in modules if module is not None]
