"""A first pipeline for a dataset: complete, laid out, ready to run. What is learned is learned after the split."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from designer.contract.errors import InvalidParameter
from designer.contract.schema import Schema
from designer.pipeline.arrange import arrange
from designer.pipeline.graph import Edge, Node, Note, Pipeline

StarterTask = Literal["two-class", "multiclass", "regression", "clustering"]
LEARNERS: Mapping[StarterTask, tuple[str, Mapping[str, Any]]] = {
    "two-class": ("two-class-boosted-decision-tree", {}),
    "multiclass": ("multiclass-logistic-regression", {}),
    "regression": ("boosted-decision-tree-regression", {}),
    "clustering": ("k-means-clustering", {"number_of_centroids": 3}),
}
TRAINING_SHARE, SEED = 0.7, 42
_NOTE_GAP = 24


@dataclass
class _Sketch:
    """Nodes and wires as they are added; `data` is the output that the next step works on."""

    nodes: dict[str, Node] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)

    def add(self, id: str, module: str, parameters: Mapping[str, Any] | None = None, **inputs: tuple[str, str]) -> str:
        """Add a node wired to these outputs, each as (node, output)."""
        self.nodes[id] = Node(id, module, parameters=dict(parameters or {}))
        self.edges += [Edge(source, output, id, input) for input, (source, output) in inputs.items()]
        return id


def starter(
    dataset: str, schema: Schema, label: str = "", task: StarterTask = "clustering", missing: Collection[str] = ()
) -> Pipeline:
    """A pipeline that learns to predict `label`, or finds groups where there is none.

    `missing` names the columns with missing values: numbers are filled with the median of the training rows, and rows
    without an answer are left out. Raises InvalidParameter for a label with the task of finding groups.
    """
    if label and task == "clustering":
        raise InvalidParameter(f"finding groups needs no label, and '{label}' is given", "Say what kind of prediction.")
    sketch = _Sketch()
    data = (sketch.add("dataset", "dataset", {"name": dataset}), "dataset")
    if label and label in missing:
        cleaning = {"columns": [label], "mode": "Remove entire row"}
        data = (sketch.add("known_answers", "clean-missing-data", cleaning, dataset=data), "cleaned_dataset")
    gaps = [c.name for c in schema if c.kind.is_numeric and c.name != label and c.name in missing]
    if label:
        _supervised(sketch, data, label, task, gaps)
    else:
        _clustering(sketch, data, gaps)
    pipeline = Pipeline(name=_title(dataset, label), nodes=sketch.nodes, edges=tuple(sketch.edges))
    return _noted(replace(pipeline, layout=arrange(pipeline)), dataset, label, gaps)


def _supervised(sketch: _Sketch, data: tuple[str, str], label: str, task: StarterTask, gaps: list[str]) -> None:
    split = sketch.add("split", "split-data", _split(task, label), dataset=data)
    training, held_out = (split, "results_dataset1"), (split, "results_dataset2")
    if gaps:
        training, held_out = _filled(sketch, training, held_out, gaps)
    module, parameters = LEARNERS[task]
    learner = sketch.add("learner", module, parameters)
    train = sketch.add(
        "train", "train-model", {"label_column": label}, untrained_model=(learner, "untrained_model"), dataset=training
    )
    score = sketch.add("score", "score-model", trained_model=(train, "trained_model"), dataset=held_out)
    sketch.add("evaluate", "evaluate-model", scored_dataset=(score, "scored_dataset"))


def _clustering(sketch: _Sketch, data: tuple[str, str], gaps: list[str]) -> None:
    if gaps:
        data = (sketch.add("clean", "clean-missing-data", _medians(gaps), dataset=data), "cleaned_dataset")
    module, parameters = LEARNERS["clustering"]
    learner = sketch.add("learner", module, parameters)
    train = sketch.add("train", "train-clustering-model", untrained_model=(learner, "untrained_model"), dataset=data)
    assign = sketch.add("assign", "assign-data-to-clusters", trained_model=(train, "trained_model"), dataset=data)
    sketch.add("evaluate", "evaluate-model", scored_dataset=(assign, "results_dataset"))


def _filled(
    sketch: _Sketch, training: tuple[str, str], held_out: tuple[str, str], gaps: list[str]
) -> tuple[tuple[str, str], tuple[str, str]]:
    """Medians are learned from the training rows alone and applied to those held out."""
    clean = sketch.add("clean", "clean-missing-data", _medians(gaps), dataset=training)
    learned = (clean, "cleaning_transformation")
    apply = sketch.add("apply", "apply-transformation", transformation=learned, dataset=held_out)
    return (clean, "cleaned_dataset"), (apply, "transformed_dataset")


def _medians(gaps: list[str]) -> dict[str, Any]:
    return {"columns": gaps, "mode": "Replace with median"}


def _split(task: StarterTask, label: str) -> dict[str, Any]:
    parameters: dict[str, Any] = {"fraction": TRAINING_SHARE, "randomized": True, "seed": SEED}
    return parameters if task == "regression" else {**parameters, "stratified": True, "key": label}


def _title(dataset: str, label: str) -> str:
    return f"{dataset}: predict {label}" if label else f"{dataset}: find groups"


def _noted(pipeline: Pipeline, dataset: str, label: str, gaps: list[str]) -> Pipeline:
    """With a note beside the graph that says what it does."""
    share = f"{TRAINING_SHARE:.0%} of the rows train the model, the rest is held out to measure it."
    lines = [f"Predicts {label} of {dataset}.", share] if label else [f"Finds groups in {dataset}."]
    if gaps:
        lines.append("Missing numbers become the median of the training rows.")
    left = min((x for x, _ in pipeline.layout.values()), default=0.0)
    note = Note("about", " ".join(lines), x=left - 232 - _NOTE_GAP, y=0, width=232, height=112)
    return replace(pipeline, notes=(note,))
