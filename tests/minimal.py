"""The smallest working pipeline of every module of the library, wired by port types."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from designer.contract.module import Module
from designer.contract.ports import PortType
from designer.contract.values import LearnerOutline, Task
from designer.pipeline.graph import Pipeline
from tests.trained import people, pipeline_of

LABELS = {Task.TWO_CLASS: "income", Task.MULTICLASS: "grade", Task.REGRESSION: "wage"}


def tables(count: int = 120) -> dict[str, pd.DataFrame]:
    """The datasets that the pipelines read."""
    rows = people(count).assign(wage=lambda frame: frame["wage"].clip(lower=1.0))
    draw = np.random.default_rng(0)
    more = {
        "since": pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(count) * 7, unit="h"),
        "level": pd.Categorical(np.where(rows["age"] > 50, "old", "young"), categories=["old", "young"]),
        "note": pd.Series([f"The {work} worker isn't at site {n % 7}" for n, work in enumerate(rows["work"])]),
    }
    pairs = [(user, item) for user in range(12) for item in range(9) if draw.random() < 0.7]
    ratings = pd.DataFrame({"user": [f"u{u}" for u, _ in pairs], "item": [f"i{i}" for _, i in pairs]})
    prices = pd.DataFrame({"work": ["Private", "State"], "price": [1.5, 2.5]})
    return {
        "people": rows.assign(**more),
        "ratings": ratings.assign(rating=[1.0 + (u * i) % 5 for u, i in pairs]),
        "complete": rows.dropna().reset_index(drop=True),
        "numbers": rows[["age", "wage", "income"]],
        "prices": prices.astype({"work": "str"}),
    }


NUMBERS = ["age", "hours", "wage"]
SETTINGS: dict[str, dict[str, Any]] = {
    "apply-math-operation": {"category": "Operations", "arithmetic": "Divide", "columns": ["wage"], "constant": 3},
    "apply-sql-transformation": {"query": "select work, avg(age) as age from t1 group by work order by work"},
    "clean-missing-data": {"columns": ["hours"], "mode": "Replace with mean"},
    "clip-values": {"columns": ["wage"], "thresholds": "ClipPeaks"},
    "compute-elementary-statistics": {"columns": NUMBERS},
    "convert-to-indicator-values": {"columns": ["level"]},
    "convert-word-to-vector": {"column": "note", "least": 1, "size": 3, "epochs": 2},
    "dataset": {"name": "people"},
    "dbscan-clustering": {"largest_distance": 1.5, "smallest_neighborhood": 2},
    "edit-metadata": {"columns": ["member"], "data_type": "Integer", "new_names": "joined"},
    "enter-data-manually": {"data": "name,age\nAnn,41\nBo,\n"},
    "export-data": {"path": "written.csv"},
    "extract-n-gram-features-from-text": {"column": "note", "least": 2},
    "fast-forest-quantile-regression": {"number_of_trees": 3},
    "feature-hashing": {"columns": ["note"], "bits": 4},
    "filter-based-feature-selection": {"target": "wage", "count": 2},
    "fisher-linear-discriminant-analysis": {"label": "grade", "columns": ["age", "wage"]},
    "group-by": {"by": ["work"], "values": NUMBERS, "functions": "mean, max, count"},
    "group-categorical-values": {"columns": ["work"], "mode": "Rare values", "most": 1},
    "group-data-into-bins": {"columns": ["wage"]},
    "import-from-database": {"datastore": "shop", "query": "SELECT id, price FROM orders WHERE price > 2 ORDER BY id"},
    "isolation-forest": {"number_of_trees": 9},
    "join-data": {"left_keys": ["work"], "right_keys": ["work"]},
    "latent-dirichlet-allocation": {"columns": ["note"], "topics": 2},
    "multiple-imputation": {"columns": ["age", "hours", "wage"]},
    "normalize-data": {"columns": NUMBERS},
    "partition-and-sample": {"mode": "Sampling", "rate": 0.3},
    "permutation-feature-importance": {"seed": 5},
    "pivot": {"rows": ["work"], "column": "grade", "values": "wage"},
    "preprocess-text": {"columns": ["note"]},
    "principal-component-analysis": {"columns": ["age", "wage"], "count": 1},
    "remove-duplicate-rows": {"keys": ["work", "member"]},
    "replace-discrete-values": {"columns": ["work"], "reference": "income"},
    "replace-text": {"columns": ["note"], "find": "site ([0-9])", "replacement": "place"},
    "sample-rows": {"share": 0.4},
    "select-columns-in-dataset": {"columns": ["age", "work", "since"]},
    "smote": {"label": "income"},
    "sort": {"columns": ["work", "age"]},
    "spline-features": {"columns": ["age", "wage"]},
    "split-data": {"fraction": 0.6, "stratified": True, "key": "grade"},
    "t-test": {"first": "age"},
    "target-encoding": {"columns": ["work"], "target": "wage"},
    "time-features": {"time": "since", "values": ["wage"], "windows": "2"},
    "time-series-split": {"time": "since"},
    "train-model": {"label_column": "income"},
    "train-svd-recommender": {"number_of_factors": 3, "number_of_recommendation_algorithm_iterations": 2},
    "cross-validate-model": {"label_column": "income"},
    "tune-model-hyperparameters": {"label_column": "income", "maximum_number_of_runs_on_random_sweep": 2},
    "unpivot": {"keep": ["id"], "columns": ["age", "wage"]},
}
DATA = {
    ("train-svd-recommender", "training_dataset_of_user_item_rating_triples"): "ratings",
    ("score-svd-recommender", "dataset_to_score"): "ratings",
    ("evaluate-recommender", "test_dataset"): "ratings",
    ("score-svd-recommender", "training_data"): "ratings",
    ("join-data", "right_dataset"): "prices",
    ("smote", "samples"): "complete",
}
OPTIONAL = {
    ("execute-python-script", "dataset1"),
    ("execute-r-script", "dataset1"),
    ("score-svd-recommender", "training_data"),
}
"""Optional inputs that are wired anyway."""
WITHOUT_PIPELINE = {
    "saved-model", "saved-transformation", "web-service-input", "web-service-output", "onnx-model",
    "import-from-database",
}  # fmt: skip
"""Modules of inference pipelines, and those that need a foreign ONNX file or a database."""
IMPORTS = ("import-data", "import-file", "import-folder")
TREES = {"number_of_decision_trees": 3}


def minimal_pipeline(module: type[Module], file: Path) -> Pipeline:
    """A module with the nodes that feed it and those that use its output; `file` is the file to import."""
    id = module.spec().id
    nodes: dict[str, tuple[str, dict[str, Any]]] = {
        "step": (id, {"path": str(_imported(id, file))} if id in IMPORTS else SETTINGS.get(id, {}))
    }
    wires: list[str] = []
    for port in module.spec().inputs:
        if not port.optional or (id, port.name) in OPTIONAL:
            wires.append(f"{_source(id, port.name, port.type, nodes, wires)} > step.{port.name}")
    for port in module.spec().outputs:
        _shown(module, f"step.{port.name}", port.type, nodes, wires)
    return pipeline_of(nodes, wires, name=id)


def _imported(id: str, file: Path) -> Path:
    """The file, or a folder beside it with the file alone."""
    if id != "import-folder" or not file.exists():
        return file
    folder = file.with_suffix("")
    folder.mkdir(exist_ok=True)
    (folder / file.name).write_bytes(file.read_bytes())
    return folder


def _source(id: str, port: str, type: PortType, nodes: dict[str, Any], wires: list[str]) -> str:
    """Add the nodes and wires that feed an input; returns their outlet."""
    match type:
        case PortType.UNTRAINED:
            learner = "k-means-clustering" if id == "train-clustering-model" else "two-class-decision-forest"
            learner = "isolation-forest" if id == "train-anomaly-detection-model" else learner
            nodes[port] = (learner, TREES if "forest" in learner and "two" in learner else {})
            return f"{port}.untrained_model"
        case PortType.TRAINED:
            return _model(id, nodes, wires)
        case PortType.TRANSFORMATION:
            nodes["normalize"] = ("normalize-data", SETTINGS["normalize-data"])
            wires.append(f"{_data('people', nodes)} > normalize.dataset")
            return "normalize.transformation_function"
        case _ if (id, port) in (("evaluate-model", "scored_dataset"), ("evaluate-recommender", "scored_dataset")):
            return _scored(id, nodes, wires)
        case _:
            return _data(DATA.get((id, port), "people"), nodes)


def _data(name: str, nodes: dict[str, Any]) -> str:
    nodes[name] = ("dataset", {"name": name})
    return f"{name}.dataset"


def _model(id: str, nodes: dict[str, Any], wires: list[str]) -> str:
    if id in ("score-svd-recommender", "evaluate-recommender"):
        nodes["train"] = ("train-svd-recommender", SETTINGS["train-svd-recommender"])
        wires.append(f"{_data('ratings', nodes)} > train.training_dataset_of_user_item_rating_triples")
        return "train.trained_svd_recommender"
    clusters = id == "assign-data-to-clusters"
    nodes["learner"] = ("k-means-clustering", {}) if clusters else ("two-class-decision-forest", TREES)
    nodes["train"] = ("train-clustering-model", {}) if clusters else ("train-model", SETTINGS["train-model"])
    wires += ["learner.untrained_model > train.untrained_model", f"{_data('people', nodes)} > train.dataset"]
    return "train.trained_model"


def _scored(id: str, nodes: dict[str, Any], wires: list[str]) -> str:
    model = _model(id, nodes, wires)
    recommended = id == "evaluate-recommender"
    nodes["score"] = ("score-svd-recommender" if recommended else "score-model", {})
    first, second = ("trained_svd_recommendation", "dataset_to_score") if recommended else ("trained_model", "dataset")
    wires += [f"{model} > score.{first}", f"{_data('ratings' if recommended else 'people', nodes)} > score.{second}"]
    return "score.scored_dataset"


def _shown(module: type[Module], outlet: str, type: PortType, nodes: dict[str, Any], wires: list[str]) -> None:
    """Add nodes that train a learner, score with a model or apply a transformation."""
    id = module.spec().id
    if type is PortType.UNTRAINED:
        needed = [LearnerOutline("", Task.TWO_CLASS) for port in module.spec().inputs if not port.optional]
        made: Any = module.read({}).infer(*needed)
        trainer = {Task.CLUSTERING: "train-clustering-model", Task.ANOMALY: "train-anomaly-detection-model"}
        label = {"label_column": "income" if id == "create-python-model" else LABELS.get(made.task)}
        data = _data("numbers" if id == "create-python-model" else "people", nodes)
        nodes["train"] = (trainer.get(made.task, "train-model"), {} if made.task in trainer else label)
        wires += [f"{outlet} > train.untrained_model", f"{data} > train.dataset"]
        outlet, type = "train.trained_model", PortType.TRAINED
        id = "train-clustering-model" if made.task is Task.CLUSTERING else id
    if type is PortType.TRAINED:
        scorer = {"train-svd-recommender": "score-svd-recommender", "train-clustering-model": "assign-data-to-clusters"}
        nodes["show"] = (scorer.get(id, "score-model"), {})
        svd = id == "train-svd-recommender"
        ports = ("trained_svd_recommendation", "dataset_to_score") if svd else ("trained_model", "dataset")
        wires += [f"{outlet} > show.{ports[0]}", f"{_data('ratings' if svd else 'people', nodes)} > show.{ports[1]}"]
    if type is PortType.TRANSFORMATION:
        nodes["show"] = ("apply-transformation", {})
        wires += [f"{outlet} > show.transformation", f"{_data('people', nodes)} > show.dataset"]
