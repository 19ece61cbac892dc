"""Data leaks are warned of after a run, and the offered edit fixes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from designer.audit.audit import VERSION
from designer.audit.finding import ANSWER, FUTURE, GROUP, IDENTIFIER, NOT_CHECKED, SAME_ROWS
from designer.contract.catalogue.library import Library
from designer.contract.files.sources import using
from designer.engine.auditing import Audit, audit, observed, results_that_hold
from designer.engine.backend import Backend
from designer.engine.profiles import Profiler
from designer.engine.run import execute
from designer.pipeline.arrange import arrange
from designer.pipeline.check import check
from designer.pipeline.edit import apply
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.pipeline.lint.lint import lint
from designer.pipeline.lint.warning import Warning
from designer.pipeline.propagate import propagate
from designer.pipeline.walk import Outlet
from designer.store.artifacts.values import Stored
from designer.store.workspace import Workspace
from tests.audit.test_audit import noisy
from tests.audit.test_planted_leaks import measured, visits

ROWS = 600
SPLIT = ["data.dataset>split.dataset", "linear.untrained_model>train.untrained_model",
         "split.results_dataset1>train.dataset", "train.trained_model>score.trained_model",
         "split.results_dataset2>score.dataset", "score.scored_dataset>evaluate.scored_dataset"]  # fmt: skip
FOLDS = ["data.dataset>cross.dataset", "linear.untrained_model>cross.untrained_model"]


def pipeline(learner: str, wires: list[str] = SPLIT, step: Node | None = None) -> Pipeline:
    nodes = {
        "data": Node("data", "dataset", parameters={"name": "Table"}),
        "split": Node("split", "split-data", parameters={"fraction": 0.7}),
        "linear": Node("linear", learner),
        "train": Node("train", "train-model", parameters={"label_column": "y"}),
        "cross": Node("cross", "cross-validate-model", parameters={"label_column": "y"}),
        "score": Node("score", "score-model"),
        "evaluate": Node("evaluate", "evaluate-model"),
    } | ({step.id: step} if step else {})
    edges = tuple(Edge(*w.split(">")[0].split("."), *w.split(">")[1].split(".")) for w in wires)
    used = {id for edge in edges for id in (edge.source, edge.target)}
    graph = Pipeline(nodes={id: node for id, node in nodes.items() if id in used}, edges=edges)
    return replace(graph, layout=arrange(graph))


def warnings_after_run(graph: Pipeline, workspace: Workspace, library: Library, backend: Backend) -> list[Warning]:
    result = execute(graph, library, workspace, backend=backend)
    assert result.ok, {id: node.error for id, node in result.nodes.items() if node.error}
    return warnings(graph, workspace, library)


def warnings(graph: Pipeline, workspace: Workspace, library: Library) -> list[Warning]:
    outputs = results_that_hold(workspace, graph, library)
    seen = audit(workspace, graph, library, outputs, here=True)
    with using(workspace.sources(library)):
        return lint(graph, library, propagate(graph, library, observed(outputs)), seen.findings)


def walk() -> pd.DataFrame:
    chance = np.random.RandomState(5)
    level = np.cumsum(chance.normal(size=ROWS))
    days = pd.date_range("2021-01-01", periods=ROWS)
    return pd.DataFrame({"day": days, "x": chance.normal(size=ROWS), "y": level + chance.normal(size=ROWS)})


CLASSES, NUMBERS = "two-class-logistic-regression", "linear-regression"
LEAKS: dict[str, tuple[Callable[[], pd.DataFrame], str, list[str], str, str]] = {
    "copies": (lambda: pd.concat([noisy(), noisy()], ignore_index=True), CLASSES, SPLIT, SAME_ROWS, "distinct_1"),
    "copies in folds": (lambda: pd.concat([noisy()] * 2, ignore_index=True), CLASSES, FOLDS, SAME_ROWS, "distinct_1"),
    "numbers of rows": (lambda: noisy().assign(k=np.arange(ROWS)), CLASSES, SPLIT, IDENTIFIER, "select_1"),
    "identifiers in folds": (lambda: noisy().assign(k=np.arange(ROWS)), CLASSES, FOLDS, IDENTIFIER, "select_1"),
    "the class in words": (
        lambda: (t := noisy()).assign(k=t["y"].map({0: "no", 1: "yes"})), CLASSES, SPLIT, ANSWER, "select_1"),
    "the number in another unit": (
        lambda: (t := measured()).assign(k=t["y"] * 0.4536), NUMBERS, SPLIT, ANSWER, "select_1"),
    "visits of patients": (lambda: visits("patient", lambda who: who + 1), CLASSES, SPLIT, GROUP, "split"),
    "days": (walk, NUMBERS, SPLIT, FUTURE, "by_time_1"),
}  # fmt: skip


@pytest.mark.parametrize("leak", LEAKS)
def test_the_fix_of_a_leakage_warning_removes_the_warning(
    leak: str, workspace: Workspace, library: Library, backend: Backend
) -> None:
    table, learner, wires, rule, mended_by = LEAKS[leak]
    workspace.datasets.register("Table", table())
    graph = pipeline(learner, wires)
    (warning,) = warnings_after_run(graph, workspace, library, backend)
    assert (warning.rule, bool(warning.wire), bool(warning.fix_title)) == (rule, True, True)
    mended = apply(graph, list(warning.fix), library)
    assert mended.nodes.get(mended_by) != graph.nodes.get(mended_by)
    with using(workspace.sources(library)):
        assert check(mended, library) == []
    assert warnings_after_run(mended, workspace, library, backend) == []


def test_a_group_is_kept_together_where_strata_were_kept(
    workspace: Workspace, library: Library, backend: Backend
) -> None:
    workspace.datasets.register("Table", visits("patient", lambda who: who + 1))
    graph = pipeline(CLASSES)
    strata = {"fraction": 0.7, "stratified": True, "key": "y"}
    graph = replace(graph, nodes={**graph.nodes, "split": Node("split", "split-data", parameters=strata)})
    (warning,) = warnings_after_run(graph, workspace, library, backend)
    mended = apply(graph, list(warning.fix), library)
    assert mended.nodes["split"].parameters["together"] == "patient"
    assert warnings_after_run(mended, workspace, library, backend) == []


@pytest.mark.parametrize(
    "step",
    [
        Node("step", "apply-sql-transformation", parameters={"query": "select *, y * 3 + 1 as k from t1"}),
        Node("step", "apply-math-operation", parameters={"basic": "Exp", "columns": ["y"]}),
        Node("step", "execute-python-script", parameters={"script": "def azureml_main(a, b=None):\n"
                                                                    "    return a.assign(k=a['y'] / 2)\n"}),
    ],
)  # fmt: skip
def test_a_column_that_a_step_makes_of_the_label_is_seen(
    step: Node, workspace: Workspace, library: Library, backend: Backend
) -> None:
    workspace.datasets.register("Table", measured().assign(y=lambda t: t["y"] / 10))
    port = {p.name for p in library[step.module].spec().inputs} & {"t1", "dataset", "dataset1"}
    made = library[step.module].spec().outputs[0].name
    wires = [f"data.dataset>step.{port.pop()}", f"step.{made}>split.dataset", *SPLIT[1:]]
    warnings = warnings_after_run(pipeline(NUMBERS, wires, step), workspace, library, backend)
    assert {warning.rule for warning in warnings} <= {ANSWER, "label-among-features"}
    assert warnings


def run_of_copies(workspace: Workspace, library: Library, backend: Backend) -> tuple[Pipeline, dict[Outlet, Stored]]:
    """A pipeline with the same rows on both sides of the split, and the outputs of its run."""
    workspace.datasets.register("Table", pd.concat([noisy(), noisy()], ignore_index=True))
    graph = pipeline(CLASSES)
    assert execute(graph, library, workspace, backend=backend).ok
    return graph, results_that_hold(workspace, graph, library)


def rules_of(seen: Audit) -> set[str]:
    return {finding.rule for findings in seen.findings.values() for finding in findings}


def test_what_cannot_be_checked_is_a_warning_that_says_why(
    workspace: Workspace, library: Library, backend: Backend
) -> None:
    graph, outputs = run_of_copies(workspace, library, backend)
    gone = {outlet: replace(stored, digest="0" * 64) for outlet, stored in outputs.items()}
    seen = audit(workspace, graph, library, gone, here=True)
    assert rules_of(seen) == {NOT_CHECKED}
    with using(workspace.sources(library)):
        warnings = lint(graph, library, propagate(graph, library, observed(outputs)), seen.findings)
    assert [(warning.rule, warning.node) for warning in warnings] == [(NOT_CHECKED, "train"), (NOT_CHECKED, "score")]
    assert warnings[0].title == "The data was not checked for leakage"
    assert warnings[0].message.startswith("Split Data (results_dataset1): ")
    assert "000000000000" in warnings[0].message
    assert "Traceback" not in warnings[0].message


def test_a_check_that_failed_is_tried_again_by_a_command_and_by_the_next_engine(
    workspace: Workspace, library: Library, backend: Backend
) -> None:
    graph, outputs = run_of_copies(workspace, library, backend)
    for key in audit(workspace, graph, library, outputs, here=False).waiting:
        wish = workspace.results.profile(key, VERSION)
        assert wish is not None
        workspace.results.keep_profile(key, VERSION, "failed", {**wish.document, "message": "the disk is full."})
    failed = audit(workspace, graph, library, outputs, here=False)
    assert failed.waiting == {}
    assert {f.text for each in failed.findings.values() for f in each} == {
        "Split Data (results_dataset1): the disk is full.",
        "Split Data (results_dataset1) and Split Data (results_dataset2): the disk is full.",
    }
    Profiler(workspace).make_wanted(backend)
    pending = audit(workspace, graph, library, outputs, here=False)
    assert (len(pending.waiting), pending.findings) == (2, {})
    for key in pending.waiting:
        workspace.results.keep_profile(key, VERSION, "failed", {"message": "the disk is full."})
    assert rules_of(audit(workspace, graph, library, outputs, here=True)) == {SAME_ROWS}
    assert rules_of(audit(workspace, graph, library, outputs, here=False)) == {SAME_ROWS}


def test_an_engine_forgets_what_failed_before_it_once_and_keeps_what_failed_under_it(
    workspace: Workspace, backend: Backend
) -> None:
    profiler = Profiler(workspace)
    workspace.results.keep_profile("before", VERSION, "failed", {"message": "m"})
    workspace.results.keep_profile("made", VERSION, "ready", {"findings": []})
    profiler.make_wanted(backend)
    workspace.results.keep_profile("since", VERSION, "failed", {"message": "m"})
    profiler.make_wanted(backend)
    rows = {key: workspace.results.profile(key, VERSION) for key in ("before", "made", "since")}
    assert {key: row.state if row else None for key, row in rows.items()} == {
        "before": None,
        "made": "ready",
        "since": "failed",
    }


def test_tables_without_results_are_said_to_be_absent_and_those_given_up_not_to_be_checked(
    workspace: Workspace, library: Library, backend: Backend
) -> None:
    graph, outputs = run_of_copies(workspace, library, backend)
    assert audit(workspace, graph, library, {}, here=True).absent
    pending = audit(workspace, graph, library, outputs, here=False)
    assert not pending.absent
    given_up = pending.given_up("The engine process is not running.")
    assert (given_up.waiting, rules_of(given_up)) == ({}, {NOT_CHECKED})
    assert set(given_up.findings) == set(pending.waiting.values())
