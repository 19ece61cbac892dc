"""Texts of the dialog "Create inference pipeline": what happens to each step, and what was checked."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from designer.contract.catalogue.library import Library
from designer.contract.wording.counting import counted
from designer.engine.executed import executed_pipeline
from designer.inference.path import Reason, scoring_steps
from designer.inference.rewrite import Rewritten
from designer.pipeline.graph import Pipeline
from designer.pipeline.walk import title_of
from designer.store.records import Run
from designer.ui.views import figures
from designer.ui.views.small_graph import SmallGraph, small_graph, words_of
from designer.workbench.inference import Prepared

STEP_HEIGHT, STEP_GAP, STEP_TOP, STEP_LEFT, STEP_WIDTH = 48, 16, 18, 32, 252
_LANE = 14
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True)
class StepView:
    """One step of the training pipeline: `fate` is `kept`, `replaced` or `removed`."""

    title: str
    summary: str
    icon: str
    category: str
    fate: str
    word: str
    text: str
    top: float


@dataclass(frozen=True)
class Tally:
    """How many steps were kept, replaced and removed."""

    kept: str = ""
    replaced: str = ""
    removed: str = ""
    pinned: str = ""


@dataclass(frozen=True)
class ScoringStep:
    """A scoring step whose output may be the response."""

    id: str
    title: str


@dataclass(frozen=True)
class DialogView:
    """What the dialog shows of a prepared inference pipeline."""

    can_create: bool = False
    subtitle: str = ""
    warning: str = ""
    checked: str = ""
    promised: str = ""
    steps: list[StepView] = field(default_factory=list)
    wires: list[str] = field(default_factory=list)
    height: float = 0
    graph: SmallGraph = field(default_factory=SmallGraph)
    tally: Tally = field(default_factory=Tally)
    choices: list[ScoringStep] = field(default_factory=list)


def dialog_view(prepared: Prepared, library: Library) -> DialogView:
    """Both panes, and what was checked; without steps where the pipeline is an inference pipeline already."""
    made = prepared.rewritten
    first, second = checked(made)
    view = DialogView(
        can_create=not made.problems,
        subtitle="The pipeline answers requests as it stands.",
        checked=first,
        promised=second,
        graph=SmallGraph() if made.problems else small_graph(made.pipeline, library),
        tally=tally(made),
    )
    return _with_steps(view, prepared, prepared.source.run, library) if prepared.source else view


def _with_steps(view: DialogView, prepared: Prepared, run: Run, library: Library) -> DialogView:
    training, made = executed_pipeline(run), prepared.rewritten
    steps = step_views(training, made, library)
    names = {step.id: title_of(training.nodes[step.id], library) for step in scoring_steps(training, library)}
    edited = "The pipeline was edited since this run; the edits are not in it."
    return replace(
        view,
        subtitle=f"From the run of {figures.moment(run.created)} of “{prepared.draft.name}”. "
        "Learning steps go; what they learned stays, pinned.",
        warning=edited if prepared.was_edited else "",
        steps=steps,
        wires=step_wires(training, made),
        height=max((step.top for step in steps), default=0) + STEP_HEIGHT + 24,
        choices=[ScoringStep(id, title) for id, title in names.items()],
    )


def step_views(training: Pipeline, answer: Rewritten, library: Library) -> list[StepView]:
    """The steps in canvas order, top to bottom."""
    ordered = sorted(answer.reasons, key=lambda reason: _place(training, reason.node))
    return [_step(training, reason, i, library) for i, reason in enumerate(ordered)]


def step_wires(training: Pipeline, answer: Rewritten) -> list[str]:
    """Edges as SVG paths: straight to the next step, around the side between steps that are not removed."""
    ordered = sorted(answer.reasons, key=lambda reason: _place(training, reason.node))
    rows = {reason.node: i for i, reason in enumerate(ordered)}
    stays = {reason.node for reason in ordered if reason.what != "removed"}
    paths = []
    for number, edge in enumerate(training.edges):
        is_next = edge.source in rows and rows.get(edge.target) == rows[edge.source] + 1
        if is_next or {edge.source, edge.target} <= stays:
            paths.append(_path(rows[edge.source], rows[edge.target], number))
    return list(dict.fromkeys(path for path in paths if path))


def tally(answer: Rewritten) -> Tally:
    """The counts over both panes."""
    counts = Counter(reason.what for reason in answer.reasons)
    words = {name: f"{counts[name]} {name}" if counts[name] else "" for name in ("kept", "replaced", "removed")}
    return Tally(**words, pinned=f"{answer.pinned} pinned" if answer.pinned else "")


def checked(answer: Rewritten) -> tuple[str, str]:
    """Two lines: what was checked now, and what the deployment will check."""
    if answer.problems:
        problem = answer.problems[0]
        return problem.message, problem.remedy
    names = ", ".join(sorted(answer.labels))
    label = f"no step needs the label {names}, " if names else ""
    count = counted(len(answer.schema), "column")
    first = f"Checked: {label}a request holds {count}, all of them used."
    if answer.pipeline.kind == "batch":
        first = f"Checked: {label}the rows to score need {count}, all of them used."
        return first, "Choose the dataset to score in the pipeline, and run it: scores come back with its rows."
    return first, "With the deployment, held-out rows are sent through HTTP and compared with the training run."


def endpoint_name(pipeline_name: str) -> str:
    """A pipeline's name as an endpoint name: lower-case letters, digits, hyphens."""
    plain = re.sub(r"[^a-z0-9]+", "-", pipeline_name.casefold()).strip("-")
    plain = re.sub(r"-(real-time|batch)-inference$", "", plain)[:63].strip("-")
    return plain or "endpoint"


def name_problem(name: str) -> str:
    """The problem with an endpoint's name; empty where it is valid."""
    if _NAME.fullmatch(name):
        return ""
    return "Use up to 63 lower-case letters, digits and hyphens."


def _place(training: Pipeline, node: str) -> tuple[float, float]:
    x, y = training.layout.get(node, (0.0, 0.0))
    return y, x


def _step(training: Pipeline, reason: Reason, i: int, library: Library) -> StepView:
    node = training.nodes[reason.node]
    module = library.get(node.module)
    return StepView(
        title=reason.title,
        summary=words_of(node, library),
        icon=module.spec().icon if module else "",
        category=module.spec().category if module else "",
        fate=reason.what,
        word=reason.what.capitalize(),
        text=reason.text,
        top=STEP_TOP + i * (STEP_HEIGHT + STEP_GAP),
    )


def _path(source: int, target: int, number: int) -> str:
    step = STEP_HEIGHT + STEP_GAP
    y1, y2 = STEP_TOP + source * step + STEP_HEIGHT, STEP_TOP + target * step
    middle = STEP_LEFT + STEP_WIDTH / 2
    if target == source + 1:
        return f"M{middle:.0f} {y1}V{y2}"
    if target <= source:
        return ""
    side = STEP_LEFT + STEP_WIDTH + _LANE if number % 2 else STEP_LEFT - _LANE
    near = STEP_LEFT + STEP_WIDTH - 24 if number % 2 else STEP_LEFT + 24
    return (
        f"M{near} {y1}C{near} {y1 + 10} {side} {y1 + 4} {side} {y1 + 16}"
        f"V{y2 - 16}C{side} {y2 - 4} {near} {y2 - 10} {near} {y2}"
    )
