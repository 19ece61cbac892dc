"""What Home shows: templates to start from and the pipelines worked on last."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from designer import samples
from designer.contract.errors import DesignerError
from designer.contract.library import Library
from designer.pipeline.document import from_document, loads
from designer.pipeline.graph import Pipeline
from designer.store.records import Draft, Run
from designer.store.workspace import Workspace
from designer.ui.category import category_key
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
    modules: int
    picture: Thumbnail = field(default_factory=Thumbnail)


@dataclass(frozen=True)
class RecentPipeline:
    """One row of the table of recent pipelines; `state` is empty where it was never run."""

    id: str
    name: str
    task: str
    state: str
    edited: str


def templates(library: Library) -> list[Template]:
    """The sample pipelines that travel with Designer, by title."""
    folder = Path(samples.__file__).parent
    found = (_template(file, library) for file in sorted(folder.rglob("*.json")))
    return sorted((template for template in found if template is not None), key=lambda template: template.title)


def recent(workspace: Workspace, library: Library, at_most: int = 8) -> list[RecentPipeline]:
    """The pipelines of this workspace, last edited first."""
    now = datetime.now().astimezone()
    rows = []
    for draft in workspace.drafts.all()[:at_most]:
        task = _task_of_draft(draft, library)
        state = state_word(workspace.runs.latest(draft.id))
        edited = datetime.fromtimestamp(draft.edited).astimezone()
        rows.append(RecentPipeline(draft.id, draft.name, task, state, moment(edited, now)))
    return rows


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


def _template(file: Path, library: Library) -> Template | None:
    try:
        pipeline = loads(file.read_bytes())
    except DesignerError as problem:
        logging.getLogger("designer.ui").warning("template %s is left out: %s", file.name, problem)
        return None
    summary, _, _ = pipeline.description.partition("\n")
    task = task_of(_titles(pipeline, library))
    return Template(file.stem, pipeline.name, summary, task, len(pipeline.nodes), picture_of(pipeline, library))


def picture_of(pipeline: Pipeline, library: Library) -> Thumbnail:
    """The pipeline drawn small, each node in the colour of its category."""
    colours = {}
    for id, node in pipeline.nodes.items():
        module = library.get(node.module)
        if module is not None:
            colours[id] = f"var(--cat-{category_key(module.spec().category)})"
    wires = [(edge.source, edge.target) for edge in pipeline.edges]
    return thumbnail(pipeline.layout, colours, wires)


def _task_of_draft(draft: Draft, library: Library) -> str:
    try:
        return task_of(_titles(from_document(draft.document), library))
    except DesignerError:
        # A damaged draft keeps its row: opening it says what is wrong.
        return ""


def _titles(pipeline: Pipeline, library: Library) -> list[str]:
    modules = (library.get(node.module) for node in pipeline.nodes.values())
    return [module.spec().title for module in modules if module is not None]
