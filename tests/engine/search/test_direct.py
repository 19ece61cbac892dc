"""Searches with real processes: the rows of today, reuse, early stopping, budgets, failures, a killed engine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from designer.contract.catalogue.library import Library
from designer.engine.local.backend import Local
from designer.engine.run import RunResult, execute
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.store.records import Trial
from designer.store.workspace import Workspace, open_workspace
from tests.engine.search.conftest import BAYESIAN, DATA, fill, tuning
from tests.engine.search.test_stop import TABLE

LOGISTIC = "two-class-logistic-regression"


def trials(workspace: Workspace, result: RunResult) -> list[Trial]:
    (search,) = workspace.searches.of_run(result.run_id)
    return workspace.searches.trials(search.id)


def toy(table: list[list[Any]], policy: dict[str, Any] | None = None, **plan: Any) -> Pipeline:
    settings = {"table": json.dumps(table), "policy": json.dumps(policy or {}), "plan": json.dumps(plan)}
    return Pipeline("toy", nodes={"toy": Node("toy", "toy-search", 1, settings)})


@pytest.mark.parametrize("mode", ["Entire grid", "Random sweep"])
def test_grid_and_random_give_the_rows_of_the_module_alone_bit_for_bit(
    workspace: Workspace, library: Library, local: Local, mode: str
) -> None:
    graph = tuning("cancer", LOGISTIC, specify_parameter_sweeping_mode=mode)
    result = execute(graph, library, workspace, backend=local)
    assert result.ok, result.to_json()
    learner = library.read(LOGISTIC, 1, {}).run()
    module = library.read("tune-model-hyperparameters", 1, graph.nodes["tune"].parameters)
    alone = module.run(learner, DATA["cancer"]())
    pd.testing.assert_frame_equal(
        result.value(workspace, library, "tune", "sweep_results"), alone.sweep_results, check_exact=True
    )
    best = result.value(workspace, library, "tune", "trained_best_model")
    assert best.estimator[-1].get_params() == alone.trained_best_model.estimator[-1].get_params()
    assert result.nodes["tune"].explain == module.explain({}, alone._asdict())


def test_a_longer_search_with_the_same_seed_begins_with_the_same_trials_and_fits_none_of_them(
    workspace: Workspace, library: Library, local: Local
) -> None:
    settings = {**BAYESIAN, "early_termination_policy": "None"}
    first = execute(tuning("cancer", LOGISTIC, number_of_trials=4, **settings), library, workspace, backend=local)
    again = execute(tuning("cancer", LOGISTIC, number_of_trials=6, **settings), library, workspace, backend=local)
    before, after = trials(workspace, first), trials(workspace, again)
    assert [row.settings for row in before] == [row.settings for row in after[:4]]
    assert [row.reused for row in after] == [True] * 4 + [False] * 2
    assert [row.values for row in before] == [row.values for row in after[:4]]
    results = again.value(workspace, library, "tune", "sweep_results")
    assert len(results) == 6
    assert results["Accuracy"].is_monotonic_decreasing
    assert again.nodes["tune"].explain.startswith("6 trials: 6 finished. Accuracy: tuned 0.9")


def test_a_validation_dataset_measures_each_trial_once(workspace: Workspace, library: Library, local: Local) -> None:
    graph = tuning("cancer", LOGISTIC, number_of_trials=2, **BAYESIAN)
    wire = graph.edges[1]
    graph = Pipeline("test", nodes=graph.nodes, edges=(*graph.edges, type(wire)(
        "data", "dataset", "tune", "optional_validation_dataset")))  # fmt: skip
    rows = trials(workspace, execute(graph, library, workspace, backend=local))
    assert [len(row.values) for row in rows] == [1, 1]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        pytest.param({"kind": "none"}, {}, marks=pytest.mark.slow),  # ran last on 30 November 2026
        ({"kind": "bandit", "slack_factor": 0.1}, {1: 1, 2: 1, 3: 2, 4: 3, 6: 1}),
        ({"kind": "median"}, {1: 1, 2: 1, 3: 2, 4: 3, 6: 1}),
        ({"kind": "truncation", "truncation_percentage": 40}, {2: 1, 3: 2, 4: 3}),
        ({"kind": "halving"}, {1: 1, 2: 1, 3: 2, 4: 1, 6: 1}),
        pytest.param(
            {"kind": "bandit", "slack_factor": 0.1, "interval": 2, "delay": 3},
            {3: 4, 4: 4, 6: 4},
            marks=pytest.mark.slow,
        ),
    ],
    ids=str,
)
def test_policies_end_exactly_the_trials_of_a_table_by_hand(
    workspace: Workspace, library: Library, local: Local, policy: dict[str, Any], expected: dict[int, int]
) -> None:
    result = execute(toy(TABLE, policy, at_once=1), library, workspace, backend=local)
    rows = trials(workspace, result)
    assert {row.number: len(row.values) for row in rows if row.state == "pruned"} == expected
    assert all(bool(row.reason) == (row.state == "pruned") for row in rows)


def test_the_folds_of_reused_trials_are_told_to_the_policy(
    workspace: Workspace, library: Library, local: Local
) -> None:
    execute(toy(TABLE[:1], at_once=1), library, workspace, backend=local)
    rows = trials(workspace, execute(toy(TABLE[:3], {"kind": "median"}, at_once=1), library, workspace, backend=local))
    assert [(row.state, row.reused) for row in rows] == [("finished", True), ("pruned", False), ("pruned", False)]


def test_pruned_trials_are_not_tried_again_by_the_same_search(
    workspace: Workspace, library: Library, local: Local
) -> None:
    graph = toy(TABLE[:3], {"kind": "median"}, at_once=1)
    execute(graph, library, workspace, backend=local)
    rows = trials(workspace, execute(graph, library, workspace, backend=local, force=True))
    assert [(row.state, row.reused) for row in rows] == [("finished", True), ("pruned", True), ("pruned", True)]


def test_nothing_better_in_so_many_trials_ends_a_search(workspace: Workspace, library: Library, local: Local) -> None:
    table = [[0.5], [0.7], [0.6], [0.7], [0.9], [0.95]]
    rows = trials(workspace, execute(toy(table, at_once=1, patience=2), library, workspace, backend=local))
    assert [row.number for row in rows] == [0, 1, 2, 3]


def test_an_early_end_is_told_with_its_reason(workspace: Workspace, library: Library, local: Local) -> None:
    settings = {**BAYESIAN, "number_of_trials": 40, "trials_without_improvement": 1, "at_once": 1}
    result = execute(tuning("cancer", LOGISTIC, **settings), library, workspace, backend=local)
    assert "Ended early: nothing better came." in result.nodes["tune"].explain


def test_a_search_without_time_measures_its_first_trial(workspace: Workspace, library: Library, local: Local) -> None:
    result = execute(toy([[0.5, 0.5]] * 9, at_once=2, seconds=0.01), library, workspace, backend=local)
    rows = trials(workspace, result)
    assert result.ok
    assert [row.state for row in rows].count("finished") >= 1
    assert len(rows) <= 4
    assert {row.state for row in rows} <= {"finished", "cancelled"}


def test_failed_trials_are_listed_and_the_others_go_on(workspace: Workspace, library: Library, local: Local) -> None:
    result = execute(toy([["fail"], [0.5], [None]], at_once=1), library, workspace, backend=local)
    assert result.ok
    rows = trials(workspace, result)
    assert [row.state for row in rows] == ["failed", "finished", "finished"]
    assert rows[0].error is not None
    assert rows[0].error["found"] == "the value is bad"
    assert rows[2].value is None


def test_a_search_whose_trials_all_fail_tells_the_commonest_error(
    workspace: Workspace, library: Library, local: Local
) -> None:
    result = execute(toy([["fail"]] * 3, at_once=2), library, workspace, backend=local)
    error = result.nodes["toy"].error
    assert result.state == "failed"
    assert error is not None
    assert error["found"] == "all 3 trials failed, 3 of them with: the value is bad"
    (search,) = workspace.searches.of_run(result.run_id)
    assert search.state == "failed"


def test_the_first_error_of_a_grid_is_that_of_the_node(workspace: Workspace, library: Library, local: Local) -> None:
    graph = tuning("cancer", LOGISTIC, label_column="nothing", specify_parameter_sweeping_mode="Entire grid")
    result = execute(graph, library, workspace, backend=local)
    error = result.nodes["tune"].error
    assert error is not None
    assert error["code"] == "0001"
    assert "nothing" in error["found"]


def test_a_cancelled_search_leaves_no_trial_running(workspace: Workspace, library: Library, local: Local) -> None:
    began = time.monotonic()
    result = execute(
        toy([[0.5] * 40] * 9, at_once=2), library, workspace, backend=local,
        cancelled=lambda: time.monotonic() - began > 2,
    )  # fmt: skip
    assert result.state == "cancelled"
    assert local.busy == 0
    assert {row.state for row in trials(workspace, result)} == {"cancelled"}


def test_stop_and_keep_the_best(workspace: Workspace, library: Library, local: Local) -> None:
    def keep() -> None:
        while True:
            for search in workspace.searches.recent():
                if any(row.state == "finished" for row in workspace.searches.trials(search.id)):
                    workspace.searches.request(search.id, "keep")
                    return
            time.sleep(0.05)

    threading.Thread(target=keep, daemon=True).start()
    result = execute(toy([[0.5, 0.6]] + [[0.5] * 40] * 9, at_once=1), library, workspace, backend=local)
    assert result.ok
    states = [row.state for row in trials(workspace, result)]
    assert states[0] == "finished"
    assert states[1:] == ["cancelled"]


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"number_of_trials": 0}, "0 is below 1"),
        ({"number_of_trials": -1}, "-1 is below 1"),
        ({"seconds": -1}, "-1 is below 0"),
        ({"nested_folds": 1}, "leaves no rows"),
        ({"early_termination_policy": "Bandit", "slack_amount": 0.1}, "a slack factor or a slack amount"),
        ({"early_termination_policy": "Bandit", "slack_factor": 0.0}, "a slack factor or a slack amount"),
    ],
    ids=str,
)
def test_budgets_and_policies_that_are_none_are_refused(
    workspace: Workspace, library: Library, local: Local, settings: dict[str, Any], problem: str
) -> None:
    result = execute(tuning("cancer", LOGISTIC, **BAYESIAN, **settings), library, workspace, backend=local)
    error = result.nodes["tune"].error
    assert error is not None
    assert problem in error["message"]


@pytest.mark.parametrize(
    ("data", "learner", "settings", "tune", "problem"),
    [
        ("cancer", LOGISTIC, {"create_trainer_mode": "ParameterRange", "range_for_l2_regularization_weight": "1..0.1"},
         {}, "does not ascend"),
        ("cancer", LOGISTIC, {"create_trainer_mode": "ParameterRange", "range_for_l2_regularization_weight": "1 .. "},
         {}, "'1 ..' is no range. Write a range like"),
        ("cancer", "k-means-clustering", {}, {}, "cannot be tuned"),
        ("cancer", "create-python-model", {}, {}, "cannot be tuned"),
        ("diabetes", "linear-regression", {}, {
            "metric_for_measuring_performance_for_regression": "Coefficient of determination",
            "early_termination_policy": "Bandit"}, "may be below 0"),
        ("diabetes", LOGISTIC, {}, {}, "distinct|class"),
        ("cancer", LOGISTIC, {}, {"label_column": "Nope"}, "no column 'Nope'"),
        ("cancer", LOGISTIC, {}, {"label_column": ""}, "no label column is chosen"),
        ("diabetes", "k-nearest-neighbors-regression", {"create_trainer_mode": "ParameterRange",
         "range_for_number_of_neighbors": "5"}, {}, "no settings to search"),
    ],
)  # fmt: skip
def test_what_cannot_be_searched_is_refused(
    workspace: Workspace,
    library: Library,
    local: Local,
    data: str,
    learner: str,
    settings: dict[str, Any],
    tune: dict[str, Any],
    problem: str,
) -> None:
    graph = tuning(data, learner, settings, number_of_trials=2, **{**BAYESIAN, **tune})
    result = execute(graph, library, workspace, backend=local)
    assert result.state == "failed"
    messages = " ".join(str(node.error) for node in result.nodes.values() if node.error)
    assert any(part in messages for part in problem.split("|")), messages
    assert "all" not in messages.split()  # refused before the first trial, not because all trials failed


def test_a_learner_made_of_others_is_refused_and_tuned_by_a_grid(
    workspace: Workspace, library: Library, local: Local
) -> None:
    for mode, state in (("Bayesian sweep", "failed"), ("Entire grid", "finished")):
        graph = tuning("wine", "one-vs-all-multiclass", specify_parameter_sweeping_mode=mode)
        nodes = {**graph.nodes, "inner": Node("inner", LOGISTIC, 1, {})}
        wire = Edge("inner", "untrained_model", "learner", "untrained_binary_classification_model")
        graph = Pipeline("test", nodes=nodes, edges=(*graph.edges, wire))
        result = execute(graph, library, workspace, backend=local)
        assert result.state == state
        error = result.nodes["tune"].error
        assert error is None or "is made of other learners" in error["found"]


def test_changed_data_start_a_search_anew(workspace: Workspace, library: Library, local: Local) -> None:
    graph = tuning("wine", "multiclass-logistic-regression", number_of_trials=2, **BAYESIAN)
    execute(graph, library, workspace, backend=local)
    workspace.datasets.register("wine", DATA["wine"]().head(150))
    result = execute(graph, library, workspace, backend=local)
    assert not any(row.reused for row in trials(workspace, result))
    assert "Training dataset changed" in result.nodes["tune"].reason


def test_a_nested_estimate_is_told_beside_the_tuned_figure(
    workspace: Workspace, library: Library, local: Local
) -> None:
    graph = tuning("wine", "multiclass-logistic-regression", number_of_trials=2, nested_folds=3, **BAYESIAN)
    result = execute(graph, library, workspace, backend=local)
    assert result.ok, result.to_json()
    sentence = result.nodes["tune"].explain
    assert "honest estimate 0.9" in sentence
    assert " ± " in sentence
    (search,) = workspace.searches.of_run(result.run_id)
    assert len(search.honest) == 3
    assert [len(workspace.searches.trials(search.id, part)) for part in (-1, 0, 1, 2)] == [2, 2, 2, 2]


def test_a_killed_search_goes_on_without_repeating_a_trial_and_finds_the_same_winner(
    workspace: Workspace, library: Library, local: Local, tmp_path: Path
) -> None:
    graph = tuning("cancer", LOGISTIC, number_of_trials=12, **BAYESIAN)
    process = subprocess.Popen([sys.executable, __file__, str(workspace.path)], start_new_session=True)
    while not _has_ended(workspace, 4):
        assert process.poll() is None
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    (killed,) = workspace.searches.recent()
    before = [row for row in workspace.searches.trials(killed.id) if row.state in ("finished", "pruned")]
    assert 4 <= len(before) < 12
    result = execute(graph, library, workspace, backend=local)
    after = trials(workspace, result)
    assert [row.settings for row in before] == [row.settings for row in after[: len(before)]]
    assert all(row.reused for row in after[: len(before)])
    assert not any(row.reused for row in after[len(before) + 1 :])
    with open_workspace(tmp_path / "undisturbed") as other:
        fill(other)
        plain = execute(graph, other.library(), other, backend=local)
        assert [(row.settings, row.state) for row in trials(other, plain)] == [
            (row.settings, row.state) for row in after
        ]
        pd.testing.assert_frame_equal(
            result.value(workspace, library, "tune", "sweep_results"),
            plain.value(other, library, "tune", "sweep_results"),
        )


def _has_ended(workspace: Workspace, count: int) -> bool:
    rows = [row for search in workspace.searches.recent(1) for row in workspace.searches.trials(search.id)]
    return sum(row.state in ("finished", "pruned") for row in rows) >= count


if __name__ == "__main__":
    with open_workspace(sys.argv[1]) as opened:
        execute(tuning("cancer", LOGISTIC, number_of_trials=12, **BAYESIAN), opened.library(), opened, slots=1)
