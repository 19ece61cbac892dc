"""Correct wirings of every common kind raise no warning; similar wrong ones do.

A wire is written `a:1>b:2`: from output 1 of a to input 2 of b, counted from 0; 0 is left out.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from designer.contract.catalogue.library import Library
from designer.contract.files.sources import using
from designer.contract.schema import Column, Kind, Schema
from designer.pipeline.arrange import arrange
from designer.pipeline.check import check
from designer.pipeline.edit import apply
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.pipeline.lint.lint import lint


class People:
    """Sources with one dataset's columns: all that lint needs."""

    def dataset_schema(self, name: str, version: int | None = None) -> Schema:
        kinds = {"age": Kind.DECIMAL, "bmi": Kind.DECIMAL, "city": Kind.STRING, "note": Kind.STRING,
                 "day": Kind.DATETIME, "income": Kind.DECIMAL}  # fmt: skip
        return Schema(tuple(Column(name, kind) for name, kind in kinds.items()))


LABEL = {"label_column": "income"}
STEPS: dict[str, tuple[str, dict[str, object]]] = {
    "data": ("dataset", {"name": "a"}),
    "more": ("dataset", {"name": "b"}),
    "split": ("split-data", {}),
    "again": ("split-data", {}),
    "by_time": ("time-series-split", {"time": "day"}),
    "linear": ("linear-regression", {}),
    "forest": ("decision-forest-regression", {}),
    "train": ("train-model", LABEL),
    "train2": ("train-model", LABEL),
    "tune": ("tune-model-hyperparameters", LABEL),
    "cross": ("cross-validate-model", LABEL),
    "score": ("score-model", {}),
    "score2": ("score-model", {}),
    "evaluate": ("evaluate-model", {}),
    "apply": ("apply-transformation", {}),
    "drop": ("clean-missing-data", {"mode": "Remove entire row"}),
    "median": ("clean-missing-data", {"mode": "Replace with median"}),
    "impute": ("multiple-imputation", {}),
    "scale": ("normalize-data", {"columns": ["age"]}),
    "scale2": ("normalize-data", {"columns": ["age"]}),
    "pca": ("principal-component-analysis", {"columns": ["age", "bmi"]}),
    "bins": ("group-data-into-bins", {"columns": ["age"]}),
    "indicators": ("convert-to-indicator-values", {"columns": ["city"]}),
    "encode": ("target-encoding", {"columns": ["city"], "target": "income"}),
    "ngrams": ("extract-n-gram-features-from-text", {"column": "note"}),
    "hash": ("feature-hashing", {"columns": ["note"]}),
    "words": ("preprocess-text", {}),
    "select": ("select-columns-in-dataset", {"columns": ["age", "bmi", "income"]}),
    "edit": ("edit-metadata", {"columns": ["age"], "new_names": "years"}),
    "math": ("apply-math-operation", {"basic": "Ln", "columns": ["age"]}),
    "clip": ("clip-values", {"columns": ["age"]}),
    "sql": ("apply-sql-transformation", {"query": "select age, bmi, income from t1"}),
    "join": ("join-data", {"left_keys": ["age"], "right_keys": ["age"]}),
    "rows": ("add-rows", {}),
    "sort": ("sort", {"columns": ["age"]}),
    "distinct": ("remove-duplicate-rows", {"keys": ["age"]}),
    "sample": ("partition-and-sample", {}),
    "smote": ("smote", {"label": "income"}),
    "filter": ("filter-based-feature-selection", {"target": "income"}),
    "calendar": ("time-features", {"time": "day"}),
    "summary": ("summarize-data", {}),
    "correlation": ("compute-linear-correlation", {}),
    "importance": ("permutation-feature-importance", {}),
    "dependence": ("partial-dependence", {"features": ["age"]}),
    "anomalies": ("pca-based-anomaly-detection", {}),
    "train_anomalies": ("train-anomaly-detection-model", {}),
    "clusters": ("k-means-clustering", {}),
    "train_clusters": ("train-clustering-model", {}),
    "assign": ("assign-data-to-clusters", {}),
}

TRAIN = "linear>train train>score split>train:1 split:1>score:1"
HALF_LEARNS = "data>split linear>train train>score split>{0} {0}>train:1 {0}:{1}>apply split:1>apply:1 apply>score:1"
BEFORE = "data>{0} {0}>split " + TRAIN
RIGHT = {
    "split, train, score": "data>split " + TRAIN,
    "medians of the training rows": HALF_LEARNS.format("median", 1),
    "imputation of the training rows": HALF_LEARNS.format("impute", 1),
    "scales of the training rows": HALF_LEARNS.format("scale", 1),
    "components of the training rows": HALF_LEARNS.format("pca", 1),
    "bins of the training rows": HALF_LEARNS.format("bins", 1),
    "indicators of the training rows": HALF_LEARNS.format("indicators", 1),
    "encodings of the training rows": HALF_LEARNS.format("encode", 1),
    "n-grams of the training rows": HALF_LEARNS.format("ngrams", 2),
    "rows with gaps go first": BEFORE.format("drop"),
    "columns are chosen first": BEFORE.format("select"),
    "columns are renamed first": BEFORE.format("edit"),
    "logarithms first": BEFORE.format("math"),
    "SQL first": BEFORE.format("sql"),
    "texts are tidied first": BEFORE.format("words"),
    "hashes first": BEFORE.format("hash"),
    "parts of dates first": BEFORE.format("calendar"),
    "copies go first": BEFORE.format("distinct"),
    "rows are sorted first": BEFORE.format("sort"),
    "a sample first": BEFORE.format("sample"),
    "a join first": "data>join more>join:1 join>split " + TRAIN,
    "two tables first": "data>rows more>rows:1 rows>split " + TRAIN,
    "synthetic training rows": "data>split linear>train train>score split>smote smote>train:1 split:1>score:1",
    "two splits": "data>split linear>train train>score split>again again>train:1 split:1>score:1",
    "three parts": "data>split linear>tune split>again again>tune:1 again:1>tune:2 tune:1>score split:1>score:1",
    "a split by time": "data>by_time linear>train train>score by_time>train:1 by_time:1>score:1",
    "folds of all rows": "data>cross:1 linear>cross",
    "folds of the training rows": "data>split split>cross:1 linear>cross linear>train split>train:1 train>score "
    "split:1>score:1",
    "folds beside a model of all rows": "data>cross:1 linear>cross data>train:1 linear>train",
    "tuned by folds": "data>split linear>tune split>tune:1 tune:1>score split:1>score:1",
    "tuned on other rows": "data>split linear>tune split>tune:1 split:1>tune:2",
    "two models, one test": "data>split linear>train forest>train2 split>train:1 split>train2:1 train>score "
    "train2>score2 split:1>score:1 split:1>score2:1 score>evaluate score2>evaluate:1",
    "scored on another table": "data>train:1 linear>train train>score more>score:1",
    "all rows described beside": "data>split data>summary data>correlation " + TRAIN,
    "importance on the held-out rows": "data>split linear>train split>train:1 train>importance split:1>importance:1",
    "dependence on the training rows": "data>split linear>train split>train:1 train>dependence split>dependence:1",
    "features chosen by the training rows": "data>split split>filter filter>train:1 linear>train",
    "a model of all rows": "data>train:1 linear>train",
    "anomalies among the rows that taught": "data>train_anomalies:1 anomalies>train_anomalies train_anomalies>score "
    "data>score:1",
    "anomalies among scaled rows": "data>scale scale>train_anomalies:1 anomalies>train_anomalies "
    "train_anomalies>score scale>score:1",
    "clusters of the rows that taught": "data>train_clusters:1 clusters>train_clusters",
    "clusters of scaled rows": "data>scale scale>train_clusters:1 clusters>train_clusters train_clusters>assign "
    "scale>assign:1",
    "clusters of other rows": "data>split split>train_clusters:1 clusters>train_clusters train_clusters>assign "
    "split:1>assign:1",
}
WRONG = {
    "medians of all rows": (BEFORE.format("median"), "fitted-before-split"),
    "scales of all rows": (BEFORE.format("scale"), "fitted-before-split"),
    "indicators of all rows": (BEFORE.format("indicators"), "fitted-before-split"),
    "encodings of all rows": (BEFORE.format("encode"), "fitted-before-split"),
    "features chosen by all rows": (BEFORE.format("filter"), "fitted-before-split"),
    "synthetic rows of all rows": (BEFORE.format("smote"), "sampled-before-split"),
    "scales of the held-out rows": (
        "data>split split>scale scale>train:1 linear>train train>score split:1>scale2 scale2>score:1",
        "fitted-on-held-out-rows",
    ),
    "scored on the training rows": ("data>split linear>train train>score split>score:1 split>train:1",
                                    "scored-on-training-rows"),
    "scored on all rows": ("data>train:1 linear>train train>score data>score:1", "scored-on-training-rows"),
    "features chosen before folds": ("data>filter filter>cross:1 linear>cross", "learned-before-folds"),
    "encodings before folds": ("data>encode encode>cross:1 linear>cross", "learned-before-folds"),
    "synthetic rows before folds": ("data>smote smote>cross:1 linear>cross", "learned-before-folds"),
    "features chosen before tuning by folds": ("data>filter filter>tune:1 linear>tune", "learned-before-folds"),
    "features chosen, then others, before folds": (
        "data>filter filter>clip clip>cross:1 linear>cross", "learned-before-folds"),
}  # fmt: skip


@pytest.fixture(scope="module")
def shipped() -> Library:
    return Library.scan()


def drawn(library: Library, wires: str) -> Pipeline:
    edges = []
    for wire in wires.split():
        (source, output), (target, input) = (end.split(":") if ":" in end else (end, "0") for end in wire.split(">"))
        outputs, inputs = library[STEPS[source][0]].spec().outputs, library[STEPS[target][0]].spec().inputs
        edges.append(Edge(source, outputs[int(output)].name, target, inputs[int(input)].name))
    ids = dict.fromkeys(id for edge in edges for id in (edge.source, edge.target))
    nodes = {id: Node(id, STEPS[id][0], parameters=STEPS[id][1]) for id in ids}
    graph = Pipeline(nodes=nodes, edges=tuple(edges))
    return replace(graph, layout=arrange(graph))


def rules(graph: Pipeline, library: Library) -> set[str]:
    with using(People()):  # type: ignore[arg-type]
        return {warning.rule for warning in lint(graph, library)}


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_wiring_is_silent(name: str, shipped: Library) -> None:
    graph = drawn(shipped, RIGHT[name])
    assert rules(graph, shipped) == set()
    with using(People()):  # type: ignore[arg-type]
        assert check(graph, shipped) == []


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_wiring_is_warned_of(name: str, shipped: Library) -> None:
    wires, rule = WRONG[name]
    assert rules(drawn(shipped, wires), shipped) == {rule}


@pytest.mark.parametrize("step", ["median", "scale", "indicators", "encode"])
def test_split_first_mends_what_was_learned_from_all_rows(step: str, shipped: Library) -> None:
    graph = drawn(shipped, BEFORE.format(step))
    with using(People()):  # type: ignore[arg-type]
        (warning,) = lint(graph, shipped)
    assert warning.fix_title == "Split first"
    assert rules(apply(graph, list(warning.fix), shipped), shipped) == set()
