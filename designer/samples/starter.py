"""Build a starter pipeline for a dataset: complete, laid out and ready to run, with all learning after the split.

`starter.json` defines the modules, ports and parameters.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any

from designer.contract.errors import InvalidParameter
from designer.contract.schema import Kind
from designer.pipeline.arrange import arrange
from designer.pipeline.graph import Edge, Node, Note, Pipeline
from designer.samples.traits import StarterTask, Trait

Outlet = tuple[str, str]
"""The id of a node and the name of one of its outputs."""
_NOTE_GAP = 24


@dataclass(frozen=True)
class Step:
    """One kind of step: its module, its ports, and the parameter that takes the selected columns (`chooses`).

    `model` is the input for a model or transformation, `learned` the output of the fitted transformation, `other` the
    output with the remaining rows, `counts` the parameter of the minimum document frequency, `adds` the prefix of new
    column names.
    """

    module: str
    chooses: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    where_chosen: Mapping[str, Any] = field(default_factory=dict)
    input: str = ""
    model: str = ""
    output: str = ""
    other: str = ""
    learned: str = ""
    counts: str = ""
    adds: str = ""


@dataclass(frozen=True)
class Recipe:
    """The steps that any starter pipeline may have, and those of each task."""

    steps: Mapping[str, Step]
    tasks: Mapping[str, Mapping[str, Step]]


@cache
def recipe() -> Recipe:
    """The recipe in `starter.json`."""
    document = json.loads(files(__package__).joinpath("starter.json").read_text(encoding="utf-8"))
    steps = {name: Step(**step) for name, step in document["steps"].items()}
    tasks = {name: {part: Step(**step) for part, step in task.items()} for name, task in document["tasks"].items()}
    return Recipe(steps, tasks)


@dataclass
class _Sketch:
    """Builder of nodes and edges; `data` and `held_out` are the inputs of the next step."""

    nodes: dict[str, Node] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    data: Outlet = ("", "")
    held_out: Outlet = ("", "")

    def add(
        self, id: str, step: Step, chosen: Any = None, *, table: Outlet | None = None, model: Outlet | None = None
    ) -> Outlet:
        """Add a node connected to these outputs; returns its output."""
        parameters = dict(step.parameters)
        if step.chooses and chosen:
            parameters |= {step.chooses: chosen, **step.where_chosen}
        self.nodes[id] = Node(id, step.module, parameters=parameters)
        wires = ((step.input, table), (step.model, model))
        self.edges += [Edge(*source, id, port) for port, source in wires if port and source]
        return id, step.output

    def follow(self, id: str, step: Step, chosen: Any) -> None:
        """Append a row-wise step."""
        self.data = self.add(id, step, chosen, table=self.data)

    def learn(self, id: str, step: Step, chosen: Any, **more: Any) -> None:
        """Append a step fitted on the training rows, and apply its transformation to the held-out rows."""
        self.data = self.add(id, replace(step, parameters={**step.parameters, **more}), chosen, table=self.data)
        if self.held_out != ("", ""):
            apply = recipe().steps["apply"]
            self.held_out = self.add(f"apply_{id}", apply, table=self.held_out, model=(id, step.learned))


def starter(
    dataset: str,
    traits: Sequence[Trait],
    label: str = "",
    task: StarterTask = "clustering",
    *,
    label_has_gaps: bool = False,
) -> Pipeline:
    """Build a pipeline that predicts `label`, or clusters the rows if it is empty.

    Raises InvalidParameter for a label with the clustering task.
    """
    if label and task == "clustering":
        raise InvalidParameter(
            f"finding groups needs no label, and '{label}' is given",
            "Give the task: two-class, multiclass or regression.",
        )
    steps, sketch = recipe().steps, _Sketch()
    traits = _without_clashes(traits, steps)
    sketch.data = sketch.add("dataset", steps["dataset"], dataset)
    _row_wise(sketch, traits, label if label_has_gaps else "")
    if label:
        split = sketch.add("split", steps["split"], "" if task == "regression" else label, table=sketch.data)
        sketch.data, sketch.held_out = split, ("split", steps["split"].other)
    _learned(sketch, traits, label)
    _model(sketch, label, task)
    pipeline = Pipeline(name=_title(dataset, label), nodes=sketch.nodes, edges=tuple(sketch.edges))
    return _noted(replace(pipeline, layout=arrange(pipeline)), dataset, label, traits)


def _row_wise(sketch: _Sketch, traits: Sequence[Trait], incomplete_label: str) -> None:
    """Add row-wise steps, which belong before the split."""
    steps = recipe().steps
    if incomplete_label:
        sketch.follow("answered_rows", steps["answered rows"], [incomplete_label])
    infinite = [trait.name for trait in traits if trait.is_infinite]
    if infinite:
        sketch.follow("finite_numbers", steps["finite numbers"], infinite)
    for number, name in enumerate(_used_as(traits, "date"), 1):
        sketch.follow(f"date_{number}", steps["date"], name)
    raw = [trait.name for trait in traits if trait.use != "feature"]
    if raw:
        sketch.follow("leave_out", steps["leave out"], raw)


def _learned(sketch: _Sketch, traits: Sequence[Trait], label: str) -> None:
    """Add steps that learn from rows, which belong after the split."""
    steps = recipe().steps
    gaps = [trait for trait in traits if trait.use == "feature" and trait.has_gaps]
    numbers: Any = [trait.name for trait in gaps if trait.column.kind.is_numeric]
    if any(trait.use == "date" and trait.has_gaps for trait in traits):
        numbers = _all_numbers_but([label, *(trait.name for trait in traits if trait.use == "left out")])
    if numbers:
        sketch.learn("clean", steps["numbers"], numbers)
    flags = [trait.name for trait in gaps if trait.column.kind is Kind.BOOLEAN]
    if flags:
        sketch.learn("clean_flags", steps["flags"], flags)
    for number, trait in enumerate((trait for trait in traits if trait.use == "text"), 1):
        sketch.learn(f"words_{number}", steps["text"], trait.name, **{steps["text"].counts: trait.frequency})


def _model(sketch: _Sketch, label: str, task: StarterTask) -> None:
    parts = recipe().tasks[task]
    learner = sketch.add("learner", parts["learner"])
    train = sketch.add("train", parts["train"], label, table=sketch.data, model=learner)
    measured = sketch.held_out if label else sketch.data
    score = sketch.add("score", parts["score"], table=measured, model=train)
    sketch.add("evaluate", recipe().steps["evaluate"], table=score)


def _without_clashes(traits: Sequence[Trait], steps: Mapping[str, Step]) -> list[Trait]:
    """Leave out columns whose derived columns could clash with existing names."""
    names = [trait.name for trait in traits]

    def clashes(trait: Trait) -> bool:
        if trait.use not in ("date", "text"):
            return False
        begin = steps[trait.use].adds.format_map({"column": trait.name})
        return any(name.startswith(begin) for name in names if name != trait.name)

    return [replace(trait, use="left out") if clashes(trait) else trait for trait in traits]


def _used_as(traits: Iterable[Trait], use: str) -> list[str]:
    return [trait.name for trait in traits if trait.use == use]


def _all_numbers_but(names: Sequence[str]) -> dict[str, Any]:
    numbers = {"by": "kinds", "kinds": ["Numeric"]}
    others = [name for name in names if name]
    return {"rules": [numbers, {"action": "exclude", "names": others}] if others else [numbers]}


def _title(dataset: str, label: str) -> str:
    return f"{dataset}: predict {label}" if label else f"{dataset}: find groups"


def _noted(pipeline: Pipeline, dataset: str, label: str, traits: Sequence[Trait]) -> Pipeline:
    """Add a note next to the graph that describes the pipeline."""
    share = recipe().steps["split"].parameters["fraction"]
    lines = [f"Predicts {label} of {dataset}.", f"{share:.0%} of the rows train the model; the rest measures it."]
    lines = lines if label else [f"Finds groups in {dataset}."]
    if any(trait.has_gaps and trait.use == "feature" and trait.column.kind.is_numeric for trait in traits):
        lines.append("Missing numbers become the median of the training rows.")
    left_out = _used_as(traits, "left out")
    if left_out:
        more = f" and {len(left_out) - 4} more" if len(left_out) > 4 else ""
        lines.append(f"Not used: {', '.join(left_out[:4])}{more}.")
    text = " ".join(lines)
    left = min((x for x, _ in pipeline.layout.values()), default=0.0)
    height = max(112, 24 + 20 * -(-len(text) // 32))
    note = Note("about", text, x=left - 232 - _NOTE_GAP, y=0, width=232, height=height)
    return replace(pipeline, notes=(note,))
