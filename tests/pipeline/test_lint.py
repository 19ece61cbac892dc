"""Warnings about leakage and bad practice in wirings of the shipped modules."""

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
from designer.pipeline.lint.warning import Warning
from designer.samples.templates import templates


class OneDataset:
    """Sources with one dataset's columns: all that lint needs."""

    def dataset_schema(self, name: str, version: int | None = None) -> Schema:
        names = ("customer_id", "age", "body mass index", "income")
        return Schema(tuple(Column(name, Kind.DECIMAL) for name in names))


@pytest.fixture(scope="module")
def shipped() -> Library:
    return Library.scan()


def pipeline(library: Library, nodes: dict[str, tuple[str, dict[str, object]]], wires: list[str]) -> Pipeline:
    """Build a pipeline; wires are written `a.output>b.input`."""
    edges = [Edge(*w.split(">")[0].split("."), *w.split(">")[1].split(".")) for w in wires]
    made = {id: Node(id, module, parameters=parameters) for id, (module, parameters) in nodes.items()}
    graph = Pipeline(nodes=made, edges=tuple(edges))
    return replace(graph, layout=arrange(graph))


NODES: dict[str, tuple[str, dict[str, object]]] = {
    "data": ("dataset", {"name": "any"}),
    "clean": ("clean-missing-data", {"mode": "Replace with median"}),
    "split": ("split-data", {}),
    "learner": ("linear-regression", {}),
    "train": ("train-model", {"label_column": "income"}),
    "score": ("score-model", {}),
}
LEAKING = [
    "data.dataset>clean.dataset", "clean.cleaned_dataset>split.dataset",
    "learner.untrained_model>train.untrained_model",
    "split.results_dataset1>train.dataset", "train.trained_model>score.trained_model",
    "split.results_dataset2>score.dataset",
]  # fmt: skip


def warnings(graph: Pipeline, library: Library) -> dict[str, Warning]:
    with using(OneDataset()):  # type: ignore[arg-type]
        return {warning.rule: warning for warning in lint(graph, library)}


def test_medians_learned_before_the_split_leak_and_the_fix_removes_the_warning(shipped: Library) -> None:
    graph = pipeline(shipped, NODES, LEAKING)
    warning = warnings(graph, shipped)["fitted-before-split"]
    assert warning.title == "Test rows leak into training"
    assert warning.wire == Edge("clean", "cleaned_dataset", "split", "dataset")
    mended = apply(graph, list(warning.fix), shipped)
    assert "fitted-before-split" not in warnings(mended, shipped)
    assert mended.into("split", "dataset") == Edge("data", "dataset", "split", "dataset")
    assert mended.into("clean", "dataset") == Edge("split", "results_dataset1", "clean", "dataset")
    scored = mended.into("score", "dataset")
    assert scored is not None
    assert mended.nodes[scored.source].module == "apply-transformation"
    with using(OneDataset()):  # type: ignore[arg-type]
        assert check(mended, shipped) == []


def test_removing_rows_before_the_split_does_not_leak(shipped: Library) -> None:
    nodes = NODES | {"clean": ("clean-missing-data", {"mode": "Remove entire row"})}
    assert "fitted-before-split" not in warnings(pipeline(shipped, nodes, LEAKING), shipped)


def test_scoring_the_training_rows_is_warned_of(shipped: Library) -> None:
    wires = [w.replace("results_dataset2>score", "results_dataset1>score") for w in LEAKING]
    assert "scored-on-training-rows" in warnings(pipeline(shipped, NODES, wires), shipped)
    assert "scored-on-training-rows" not in warnings(pipeline(shipped, NODES, LEAKING), shipped)


def test_rows_that_train_and_test_by_different_ways_are_warned_of(shipped: Library) -> None:
    joined = [
        *(wire for wire in LEAKING if not wire.startswith("split.results_dataset1")),
        "split.results_dataset1>both.dataset1", "split.results_dataset2>both.dataset2",
        "both.results_dataset>train.dataset",
    ]  # fmt: skip
    graph = pipeline(shipped, NODES | {"both": ("add-rows", {})}, joined)
    assert warnings(graph, shipped)["scored-on-training-rows"].node == "score"


def test_a_second_split_keeps_rows_apart(shipped: Library) -> None:
    wires = [
        *(wire.replace("split.results", "again.results") for wire in LEAKING),
        "split.results_dataset1>again.dataset",
    ]
    graph = pipeline(shipped, NODES | {"again": ("split-data", {})}, wires)
    assert set(warnings(graph, shipped)) == {"fitted-before-split", "identifier-as-feature"}


TWICE: dict[str, tuple[str, dict[str, object]]] = NODES | {
    "clean": ("select-columns-in-dataset", {"columns": ["age", "body mass index", "income"]}),
    "scaled": ("normalize-data", {"columns": ["age"]}),
    "scaled_again": ("normalize-data", {"columns": ["age"]}),
}
SCALED_TWICE = [
    "data.dataset>clean.dataset", "clean.results_dataset>split.dataset",
    "learner.untrained_model>train.untrained_model",
    "split.results_dataset1>scaled.dataset", "scaled.transformed_dataset>train.dataset",
    "train.trained_model>score.trained_model",
    "split.results_dataset2>scaled_again.dataset", "scaled_again.transformed_dataset>score.dataset",
]  # fmt: skip


def test_a_step_that_learns_from_held_out_rows_is_replaced_by_what_the_training_rows_taught(shipped: Library) -> None:
    graph = pipeline(shipped, TWICE, SCALED_TWICE)
    by_rule = warnings(graph, shipped)
    assert set(by_rule) == {"fitted-on-held-out-rows"}
    warning = by_rule["fitted-on-held-out-rows"]
    assert warning.wire == Edge("split", "results_dataset2", "scaled_again", "dataset")
    mended = apply(graph, list(warning.fix), shipped)
    assert warnings(mended, shipped) == {}
    scored = mended.into("score", "dataset")
    assert scored is not None
    assert mended.into(scored.source, "transformation") == Edge(
        "scaled", "transformation_function", scored.source, "transformation"
    )
    with using(OneDataset()):  # type: ignore[arg-type]
        assert check(mended, shipped) == []


def test_models_that_share_a_step_on_held_out_rows_are_told_once(shipped: Library) -> None:
    nodes = TWICE | {"train_b": NODES["train"], "score_b": NODES["score"]}
    wires = [
        *SCALED_TWICE,
        "learner.untrained_model>train_b.untrained_model", "scaled.transformed_dataset>train_b.dataset",
        "train_b.trained_model>score_b.trained_model", "scaled_again.transformed_dataset>score_b.dataset",
    ]  # fmt: skip
    with using(OneDataset()):  # type: ignore[arg-type]
        assert [w.rule for w in lint(pipeline(shipped, nodes, wires), shipped)] == ["fitted-on-held-out-rows"]


@pytest.mark.parametrize(
    ("made", "label", "column"),
    [
        # the label's own logarithm is a feature
        (("apply-math-operation", {"basic": "Ln", "columns": ["income"]}), "income", "Ln(income)"),
        # the label was made from a column that is still a feature
        (("apply-math-operation", {"basic": "Ln", "columns": ["income"]}), "Ln(income)", "income"),
        # components of all columns hold the label too
        (("principal-component-analysis", {"columns": ["age", "income"], "keep": True}), "income", "PC1"),
    ],
)
def test_a_feature_that_holds_the_answer_is_warned_of_and_left_out_by_the_fix(
    shipped: Library, made: tuple[str, dict[str, object]], label: str, column: str
) -> None:
    output = shipped[made[0]].spec().outputs[0].name
    wires = [wire.replace("clean.cleaned_dataset", f"clean.{output}") for wire in LEAKING]
    graph = pipeline(shipped, NODES | {"clean": made, "train": ("train-model", {"label_column": label})}, wires)
    warning = warnings(graph, shipped)["label-among-features"]
    assert column in warning.title
    assert warning.node == "train"
    mended = apply(graph, list(warning.fix), shipped)
    assert "label-among-features" not in warnings(mended, shipped)
    with using(OneDataset()):  # type: ignore[arg-type]
        assert check(mended, shipped) == []


def test_columns_made_from_features_and_renamed_labels_give_nothing_away(shipped: Library) -> None:
    steps: tuple[tuple[str, dict[str, object]], ...] = (
        ("apply-math-operation", {"basic": "Ln", "columns": ["age"]}),
        ("edit-metadata", {"columns": ["age", "income"], "new_names": "years, income"}),
    )
    for step in steps:
        wires = [wire.replace("clean.cleaned_dataset", "clean.results_dataset") for wire in LEAKING]
        graph = pipeline(shipped, NODES | {"clean": step}, wires)
        assert "label-among-features" not in warnings(graph, shipped), step


def test_an_identifier_among_the_features_is_warned_of_and_left_out_by_the_fix(shipped: Library) -> None:
    graph = pipeline(shipped, NODES, LEAKING)
    warning = warnings(graph, shipped)["identifier-as-feature"]
    assert "customer_id" in warning.title
    assert "body mass index" not in warning.title
    mended = apply(graph, list(warning.fix), shipped)
    assert "identifier-as-feature" not in warnings(mended, shipped)


def test_no_sample_leaks(shipped: Library) -> None:
    for template in templates():
        assert [w.rule for w in lint(template.pipeline, shipped)] == [], template.id


def test_an_empty_pipeline_and_a_cycle_have_no_warnings(shipped: Library) -> None:
    assert lint(Pipeline(), shipped) == []
    nodes = {id: Node(id, "clean-missing-data") for id in ("a", "b")}
    edges = (Edge("a", "cleaned_dataset", "b", "dataset"), Edge("b", "cleaned_dataset", "a", "dataset"))
    assert lint(Pipeline(nodes=nodes, edges=edges), shipped) == []
