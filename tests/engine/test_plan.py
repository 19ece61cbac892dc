"""Plans predict exactly what a run does, with reasons."""

from __future__ import annotations

import pytest

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError
from designer.contract.files.sources import using
from designer.engine.backend import Backend
from designer.engine.plan import Plan, plan
from designer.engine.run import execute
from designer.pipeline.edit import apply
from designer.pipeline.graph import Pipeline
from designer.store.workspace import Workspace
from tests.engine.conftest import chain, pipeline

NUMBERS = ("numbers", {})


def planned(graph: Pipeline, workspace: Workspace, library: Library, to: str | None = None) -> Plan:
    with using(workspace.sources(library)):
        return plan(graph, library, workspace.results.find, to=to)


def actions(run_plan: Plan) -> dict[str, str]:
    return {id: step.action for id, step in run_plan.steps.items()}


def test_plan_of_a_new_pipeline_runs_the_sources_and_waits_with_the_rest(
    workspace: Workspace, library: Library
) -> None:
    run_plan = planned(chain(NUMBERS, ("step", {}), ("step", {"add": 2.0})), workspace, library)
    assert actions(run_plan) == {"a": "run", "b": "wait", "c": "wait"}
    assert run_plan.steps["a"].reason == "runs for the first time"
    assert run_plan.steps["b"].reason == "waits for Numbers"
    assert run_plan.running == ["a", "b", "c"]


def test_plan_predicts_what_the_run_does(workspace: Workspace, library: Library, backend: Backend) -> None:
    graph = chain(NUMBERS, ("step", {}), ("step", {"add": 2.0}), ("step", {"add": 3.0}))
    execute(graph, library, workspace, backend=backend)
    assert set(actions(planned(graph, workspace, library)).values()) == {"reuse"}
    changed = apply(graph, [{"op": "set", "id": "c", "parameters": {"add": 9.0}}], library)
    run_plan = planned(changed, workspace, library)
    assert actions(run_plan) == {"a": "reuse", "b": "reuse", "c": "run", "d": "wait"}
    result = execute(changed, library, workspace, backend=backend)
    assert [id for id, node in result.nodes.items() if node.state == "finished"] == run_plan.running


def test_plan_of_one_node_leaves_out_what_it_does_not_need(workspace: Workspace, library: Library) -> None:
    assert list(planned(chain(NUMBERS, ("step", {}), ("step", {})), workspace, library, to="b").steps) == ["a", "b"]


def test_plan_to_an_unknown_node_is_refused(workspace: Workspace, library: Library) -> None:
    with pytest.raises(DesignerError, match="no node 'z'"):
        planned(chain(NUMBERS), workspace, library, to="z")


def test_plan_says_what_cannot_run(workspace: Workspace, library: Library) -> None:
    graph = pipeline(
        {"ghost": ("gone", {}), "below": ("step", {}), "loose": ("step", {})}, ("ghost", "dataset", "below", "dataset")
    )
    run_plan = planned(graph, workspace, library)
    assert actions(run_plan) == {"ghost": "fail", "below": "skip", "loose": "fail"}
    assert "nothing is connected" in run_plan.steps["loose"].reason


def test_a_wire_that_brings_something_else_fails_before_anything_runs(workspace: Workspace, library: Library) -> None:
    graph = pipeline(
        {"rows": NUMBERS, "learner": ("learner", {}), "below": ("step", {}), "off": ("step", {})},
        ("learner", "untrained_model", "below", "dataset"), ("learner", "no_such", "off", "dataset"),
    )  # fmt: skip
    run_plan = planned(graph, workspace, library)
    assert actions(run_plan) == {"rows": "run", "learner": "run", "below": "fail", "off": "fail"}
    assert run_plan.steps["below"].reason == "Step, Dataset: the wire brings untrained model. Connect data instead."
    assert "there is no such port" in run_plan.steps["off"].reason


def test_planning_executes_nothing_and_records_no_run(workspace: Workspace, library: Library) -> None:
    planned(chain(NUMBERS, ("misbehave", {"how": "kill"})), workspace, library)
    assert list(workspace.logs.iterdir()) == []
    assert workspace.runs.all() == []
