"""Small trained pipelines for the tests of inference, export and serving."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from designer.contract.catalogue.library import Library
from designer.contract.files.sources import using
from designer.contract.values import outline
from designer.engine.exchange import for_module
from designer.inference.path import Result
from designer.pipeline.document import to_document
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.pipeline.walk import by_output
from designer.store.artifacts.values import Stored
from designer.store.workspace import Workspace


@dataclass(frozen=True)
class Trained:
    """A pipeline and the outputs of its steps."""

    pipeline: Pipeline
    outputs: Mapping[tuple[str, str], Stored]
    results: Mapping[tuple[str, str], Result]


def people(rows: int = 400, seed: int = 7) -> pd.DataFrame:
    """Rows with decimals, integers, texts, booleans, missing cells, an identifier and three labels."""
    draw = np.random.default_rng(seed)
    age = draw.integers(17, 80, rows)
    hours = draw.normal(40, 12, rows).round(1)
    work = draw.choice(["Private", "State", "Self"], rows, p=[0.6, 0.25, 0.15]).astype(object)
    member = draw.random(rows) < 0.4
    strength = 0.06 * (age - 45) + 0.05 * (hours - 40) + 1.2 * (work == "Self") + 0.8 * member
    income = np.where(strength + draw.normal(0, 0.6, rows) > 0.2, ">50K", "<=50K")
    frame = pd.DataFrame(
        {
            "id": np.arange(rows),
            "age": age,
            "hours": np.where(draw.random(rows) < 0.05, np.nan, hours),
            "work": pd.array(np.where(draw.random(rows) < 0.05, None, work), dtype="str"),
            "member": member,
            "income": pd.array(income, dtype="str"),
            "wage": (strength * 10 + 30 + draw.normal(0, 1, rows)).round(3),
            "grade": pd.array(draw.choice(["a", "b", "c"], rows), dtype="str"),
        }
    )
    frame["grade"] = pd.array(np.where(strength > 1, "a", np.where(strength > 0, "b", "c")), dtype="str")
    return frame


def wire(text: str) -> Edge:
    """A wire written as `source.output > target.input`."""
    left, right = text.split(" > ")
    return Edge(*left.split("."), *right.split("."))


def pipeline_of(nodes: Mapping[str, tuple[str, dict[str, Any]]], wires: list[str], name: str = "People") -> Pipeline:
    """A training pipeline from module ids with parameters, and wires."""
    made = {id: Node(id, module, parameters=parameters) for id, (module, parameters) in nodes.items()}
    return Pipeline(name, nodes=made, edges=tuple(wire(text) for text in wires))


def people_pipeline(learner: str, label: str, settings: dict[str, Any] | None = None) -> Pipeline:
    """The usual training pipeline: select, clean, split, train, score, evaluate."""
    labels = {"income", "wage", "grade"} - {label}
    rules = [{"action": "exclude", "names": ["id", *sorted(labels)]}]
    return pipeline_of(
        {
            "data": ("dataset", {"name": "people"}),
            "select": ("select-columns-in-dataset", {"columns": {"start": "all", "rules": rules}}),
            "clean": ("clean-missing-data", {"columns": ["hours"], "mode": "Replace with median"}),
            "split": ("split-data", {"fraction": 0.7, "seed": 3}),
            "learner": (learner, settings or {}),
            "train": ("train-model", {"label_column": label}),
            "score": ("score-model", {}),
            "evaluate": ("evaluate-model", {}),
        },
        [
            "data.dataset > select.dataset",
            "select.results_dataset > clean.dataset",
            "clean.cleaned_dataset > split.dataset",
            "learner.untrained_model > train.untrained_model",
            "split.results_dataset1 > train.dataset",
            "train.trained_model > score.trained_model",
            "split.results_dataset2 > score.dataset",
            "score.scored_dataset > evaluate.scored_dataset",
        ],
    )


def clusters_pipeline() -> Pipeline:
    """Normalize, train clusters on one part, assign the rest."""
    return pipeline_of(
        {
            "data": ("dataset", {"name": "people"}),
            "select": ("select-columns-in-dataset", {"columns": ["age", "hours", "member", "work"]}),
            "clean": ("clean-missing-data", {"columns": ["hours"], "mode": "Replace with mean"}),
            "normalize": ("normalize-data", {"columns": ["age", "hours"]}),
            "split": ("split-data", {"fraction": 0.5}),
            "learner": ("k-means-clustering", {"number_of_centroids": 3}),
            "train": ("train-clustering-model", {"column_set": {"start": "all"}}),
            "assign": ("assign-data-to-clusters", {}),
        },
        [
            "data.dataset > select.dataset",
            "select.results_dataset > clean.dataset",
            "clean.cleaned_dataset > normalize.dataset",
            "normalize.transformed_dataset > split.dataset",
            "learner.untrained_model > train.untrained_model",
            "split.results_dataset1 > train.dataset",
            "train.trained_model > assign.trained_model",
            "split.results_dataset2 > assign.dataset",
        ],
    )


def trained(pipeline: Pipeline, workspace: Workspace, library: Library) -> Trained:
    """Run the modules in order in this process and store their outputs."""
    outputs: dict[tuple[str, str], Stored] = {}
    known: dict[tuple[str, str], Any] = {}
    with using(workspace.sources(library)):
        for id in pipeline.order():
            node = pipeline.nodes[id]
            step = library.read(node.module, node.version, node.parameters)
            wires = pipeline.incoming(id)
            values = {e.input: workspace.value(outputs[e.source, e.output], library) for e in wires}
            inferred = by_output(type(step), step.infer(**{e.input: known[e.source, e.output] for e in wires}))
            inputs = for_module(step, values, workspace.scratch / id)
            for port, value in by_output(type(step), step.run(**inputs)).items():
                roles = inferred[port] if isinstance(value, pd.DataFrame) else None
                stored = workspace.artifacts.put(value, roles)
                workspace.results.keep_artifacts([stored])
                outputs[id, port] = stored
                is_table = stored.schema is not None
                known[id, port] = stored.schema if is_table else outline(workspace.value(stored, library))
    results = {outlet: Result(stored.digest, known[outlet]) for outlet, stored in outputs.items()}
    return Trained(pipeline, outputs, results)


def recorded(pipeline: Pipeline, workspace: Workspace, library: Library) -> str:
    """Run the modules in this process and record it as a finished run; returns its id."""
    made = trained(pipeline, workspace, library)
    run = workspace.runs.create(to_document(pipeline))
    rows = []
    for id, node in pipeline.nodes.items():
        outputs = {port: stored.to_json() for (owner, port), stored in made.outputs.items() if owner == id}
        rows.append({"node": id, "module": node.module, "state": "finished", "outputs": outputs})
    attempt = workspace.runs.claim(run.id, rows)
    assert attempt is not None
    workspace.runs.finish(run.id, attempt, "finished")
    return run.id
