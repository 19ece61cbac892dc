"""Runs with real child processes: reuse, contained failures, cancellation, the stored record."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pandas as pd
import pytest

from designer.contract.catalogue.library import Library
from designer.contract.errors import InvalidParameter
from designer.contract.schema import Role
from designer.engine.backend import Backend
from designer.engine.events import Event, NodeChanged, Progress, RunChanged
from designer.engine.local.backend import Local
from designer.engine.run import RunResult, execute
from designer.pipeline.edit import apply
from designer.pipeline.graph import Pipeline
from designer.pipeline.promotion import promote, set_parameter
from designer.store.workspace import Workspace
from tests.engine.conftest import chain, pipeline

NUMBERS = ("numbers", {})


def states(result: RunResult) -> dict[str, str]:
    return {id: node.state for id, node in result.nodes.items()}


def test_second_run_reuses_everything_and_says_when_it_was_made(
    workspace: Workspace, library: Library, backend: Backend
) -> None:
    graph = chain(NUMBERS, ("step", {}), ("step", {"add": 2.0}))
    first = execute(graph, library, workspace, backend=backend)
    second = execute(graph, library, workspace, backend=backend)
    assert states(first) == {"a": "finished", "b": "finished", "c": "finished"}
    assert states(second) == {"a": "reused", "b": "reused", "c": "reused"}
    assert first.ok
    assert second.ok
    assert second.nodes["c"].made_at is not None
    assert second.nodes["c"].outputs["dataset"].digest == first.nodes["c"].outputs["dataset"].digest
    assert second.value(workspace, library, "c", "dataset").columns.tolist() == ["n", "plus 1", "plus 2"]
    assert second.nodes["b"].explain == "added 1 to 10 rows"


def test_changed_parameter_runs_again_what_depends_on_it_and_says_why(
    workspace: Workspace, library: Library, backend: Backend
) -> None:
    graph = chain(NUMBERS, ("step", {}), ("step", {"add": 2.0}))
    execute(graph, library, workspace, backend=backend)
    changed = apply(graph, [{"op": "set", "id": "b", "parameters": {"add": 7.0}}], library)
    result = execute(changed, library, workspace, backend=backend)
    assert states(result) == {"a": "reused", "b": "finished", "c": "finished"}
    assert result.nodes["b"].reason == "runs again: Number to add 1.0 -> 7.0"
    assert result.nodes["c"].reason == "runs again: Dataset changed"


def test_equal_output_cuts_off_what_comes_below(workspace: Workspace, library: Library, backend: Backend) -> None:
    graph = chain(NUMBERS, ("constant", {}), ("step", {}))
    execute(graph, library, workspace, backend=backend)
    changed = apply(graph, [{"op": "set", "id": "a", "parameters": {"rows": 20}}], library)
    assert states(execute(changed, library, workspace, backend=backend)) == {
        "a": "finished",
        "b": "finished",
        "c": "reused",
    }


def test_failing_node_stops_only_what_needs_it(workspace: Workspace, library: Library, backend: Backend) -> None:
    graph = pipeline(
        {"a": NUMBERS, "bad": ("misbehave", {"how": "refuse"}), "below": ("step", {}), "good": ("step", {}),
         "after": ("step", {"add": 5.0})},
        ("a", "dataset", "bad", "dataset"), ("bad", "dataset", "below", "dataset"),
        ("a", "dataset", "good", "dataset"), ("good", "dataset", "after", "dataset"),
    )  # fmt: skip
    result = execute(graph, library, workspace, backend=backend)
    assert result.state == "failed"
    assert states(result) == {
        "a": "finished", "bad": "failed", "below": "skipped", "good": "finished", "after": "finished",
    }  # fmt: skip
    error = result.nodes["bad"].error
    assert error is not None
    assert error["message"] == "Misbehave: the values are odd. Clean them."
    assert error["place"] == {"node": "bad", "module": "Misbehave", "column": "n"}
    assert result.nodes["below"].reason == "not run: Misbehave has no result"


def test_failed_node_is_tried_again(workspace: Workspace, library: Library, backend: Backend) -> None:
    graph = chain(NUMBERS, ("misbehave", {"how": "raise"}))
    for _ in range(2):
        assert states(execute(graph, library, workspace, backend=backend)) != {"a": "reused", "b": "reused"}


def test_independent_nodes_run_at_the_same_time_where_the_backend_has_slots_for_them(
    workspace: Workspace, library: Library, local: Local, tmp_path: Path
) -> None:
    left, right = str(tmp_path / "left"), str(tmp_path / "right")
    graph = pipeline(
        {"a": NUMBERS, "l": ("rendezvous", {"mine": left, "other": right}),
         "r": ("rendezvous", {"mine": right, "other": left})},
        ("a", "dataset", "l", "dataset"), ("a", "dataset", "r", "dataset"),
    )  # fmt: skip
    assert execute(graph, library, workspace, backend=local).ok


def test_run_to_here_runs_only_what_the_node_needs(workspace: Workspace, library: Library, backend: Backend) -> None:
    graph = chain(NUMBERS, ("step", {}), ("step", {"add": 2.0}))
    assert states(execute(graph, library, workspace, to="b", backend=backend)) == {"a": "finished", "b": "finished"}


def test_force_reuses_nothing(workspace: Workspace, library: Library, backend: Backend) -> None:
    graph = chain(NUMBERS, ("step", {}))
    execute(graph, library, workspace, backend=backend)
    result = execute(graph, library, workspace, force=True, backend=backend)
    assert states(result) == {"a": "finished", "b": "finished"}
    assert result.nodes["a"].reason == "runs again: forced"


@pytest.mark.parametrize("harm", ["flip", "truncate", "delete"])
def test_a_damaged_result_is_computed_again(
    workspace: Workspace, library: Library, backend: Backend, harm: str
) -> None:
    graph = chain(NUMBERS, ("step", {}))
    first = execute(graph, library, workspace, backend=backend)
    digest = first.nodes["b"].outputs["dataset"].digest
    file = workspace.artifacts.blobs.path(digest)
    file.chmod(0o644)
    content = bytearray(file.read_bytes())
    content[-300] ^= 4
    match harm:
        case "flip":
            file.write_bytes(content)
        case "truncate":
            file.write_bytes(content[:100])
        case _:
            file.unlink()
    again = execute(graph, library, workspace, backend=backend)
    assert states(again) == {"a": "reused", "b": "finished"}
    assert again.nodes["b"].reason == "runs again: its result is gone or damaged"
    assert again.nodes["b"].outputs["dataset"].digest == digest
    assert states(execute(graph, library, workspace, backend=backend)) == {"a": "reused", "b": "reused"}


def test_a_changed_file_outside_the_workspace_is_read_again(
    workspace: Workspace, library: Library, backend: Backend, tmp_path: Path
) -> None:
    file = tmp_path / "number"
    file.write_text("1")
    graph = chain(("outside", {"path": str(file)}), ("step", {}))
    execute(graph, library, workspace, backend=backend)
    assert states(execute(graph, library, workspace, backend=backend)) == {"a": "reused", "b": "reused"}
    file.write_text("2")
    result = execute(graph, library, workspace, backend=backend)
    assert result.value(workspace, library, "b", "dataset")["plus 1"].tolist() == [3.0]
    assert result.nodes["a"].reason == "runs again: what it reads changed"


def test_changed_source_of_a_module_runs_again(workspace: Workspace, library: Library, backend: Backend) -> None:
    graph = chain(NUMBERS, ("step", {}))
    execute(graph, library, workspace, backend=backend)
    file = workspace.modules / "steps.py"
    file.write_text(file.read_text().replace('dataset["n"] + self.add', 'dataset["n"] + 2 * self.add'))
    result = execute(graph, workspace.library(), workspace, backend=backend)
    assert result.value(workspace, library, "b", "dataset")["plus 1"].tolist()[:2] == [2.0, 3.0]
    assert result.nodes["b"].reason == "runs again: the module changed"


def test_roles_flow_from_infer_into_what_is_stored(workspace: Workspace, library: Library, backend: Backend) -> None:
    graph = chain(NUMBERS, ("step", {"label": True}), ("step", {"add": 2.0}))
    result = execute(graph, library, workspace, backend=backend)
    schema = result.nodes["c"].outputs["dataset"].schema
    assert schema is not None
    assert schema.with_role(Role.LABEL) == ["plus 1"]


def test_role_alone_makes_the_nodes_below_run_again(workspace: Workspace, library: Library, backend: Backend) -> None:
    graph = chain(NUMBERS, ("step", {}), ("step", {"add": 2.0}))
    execute(graph, library, workspace, backend=backend)
    changed = apply(graph, [{"op": "set", "id": "b", "parameters": {"label": True}}], library)
    assert states(execute(changed, library, workspace, backend=backend))["c"] == "finished"


def disabled(graph: Pipeline, id: str, library: Library) -> Pipeline:
    return apply(graph, [{"op": "disable", "ids": [id], "disabled": True}], library)


def test_disabled_node_hands_its_table_through(workspace: Workspace, library: Library, backend: Backend) -> None:
    graph = disabled(chain(NUMBERS, ("step", {}), ("step", {"add": 2.0})), "b", library)
    result = execute(graph, library, workspace, backend=backend)
    assert states(result) == {"a": "finished", "b": "bypassed", "c": "finished"}
    assert result.value(workspace, library, "c", "dataset").columns.tolist() == ["n", "plus 2"]


def test_disabled_source_skips_what_needs_it(workspace: Workspace, library: Library, backend: Backend) -> None:
    graph = disabled(chain(NUMBERS, ("step", {})), "a", library)
    result = execute(graph, library, workspace, backend=backend)
    assert states(result) == {"a": "bypassed", "b": "skipped"}
    assert "passes nothing on" in result.nodes["b"].reason


def test_unknown_module_fails_by_name_and_the_others_run(
    workspace: Workspace, library: Library, backend: Backend
) -> None:
    graph = pipeline({"a": NUMBERS, "ghost": ("gone-module", {"x": 1})}, ("a", "dataset", "ghost", "dataset"))
    result = execute(graph, library, workspace, backend=backend)
    assert states(result) == {"a": "finished", "ghost": "failed"}
    assert result.nodes["ghost"].error is not None
    assert "there is no module 'gone-module'" in result.nodes["ghost"].error["message"]


def test_unwired_input_bad_parameter_and_cycle_fail_by_name(
    workspace: Workspace, library: Library, backend: Backend
) -> None:
    graph = pipeline(
        {"loose": ("step", {}), "odd": ("numbers", {"rows": "many"}), "x": ("step", {}), "y": ("step", {})},
        ("x", "dataset", "y", "dataset"), ("y", "dataset", "x", "dataset"),
    )  # fmt: skip
    result = execute(graph, library, workspace, backend=backend)
    messages = {id: (node.error or {})["message"] for id, node in result.nodes.items()}
    assert messages["loose"] == "Step, Dataset: nothing is connected. Draw a wire to this port."
    assert "'many' is not a whole number" in messages["odd"]
    assert "waits for its own result" in messages["x"]


def test_bad_results_are_refused_by_name(workspace: Workspace, library: Library, backend: Backend) -> None:
    graph = pipeline(
        {"a": NUMBERS, "none": ("no-answer", {}), "odd": ("odd-table", {})},
        ("a", "dataset", "none", "dataset"), ("a", "dataset", "odd", "dataset"),
    )  # fmt: skip
    result = execute(graph, library, workspace, backend=backend)
    messages = {id: (node.error or {}).get("message") for id, node in result.nodes.items()}
    assert messages["none"] == "No Answer, Dataset: the module returned nothing. Return a data."
    assert messages["odd"] is not None
    assert "column 'odd' holds a mix of int, str" in messages["odd"]


def test_module_cannot_change_its_input(workspace: Workspace, library: Library, backend: Backend) -> None:
    graph = chain(NUMBERS, ("misbehave", {"how": "overwrite"}))
    result = execute(graph, library, workspace, backend=backend)
    assert states(result) == {"a": "finished", "b": "failed"}
    assert result.value(workspace, library, "a", "dataset")["n"].tolist() == list(map(float, range(10)))


def test_cancel_ends_everything_within_two_seconds(workspace: Workspace, library: Library, backend: Backend) -> None:
    graph = chain(NUMBERS, ("misbehave", {"how": "stubborn"}), ("step", {}))
    cancel = threading.Event()
    begun: list[float] = []

    def listen(event: Event) -> None:
        if isinstance(event, NodeChanged) and event.result.node == "b" and event.result.state == "running":
            begun.append(time.monotonic())
            cancel.set()

    result = execute(graph, library, workspace, on_event=listen, cancelled=cancel.is_set, backend=backend)
    assert time.monotonic() - begun[0] < 2
    assert result.state == "cancelled"
    assert states(result) == {"a": "finished", "b": "cancelled", "c": "cancelled"}
    assert backend.busy == 0


def test_cancel_by_the_row_works_from_another_process(workspace: Workspace, library: Library, backend: Backend) -> None:
    graph = chain(NUMBERS, ("misbehave", {"how": "loop"}))

    def listen(event: Event) -> None:
        if isinstance(event, NodeChanged) and event.result.state == "running" and event.result.node == "b":
            workspace.runs.request_cancel(event.run_id)

    assert execute(graph, library, workspace, on_event=listen, backend=backend).state == "cancelled"


def test_an_interrupted_run_is_recorded_as_cancelled(workspace: Workspace, library: Library, backend: Backend) -> None:
    graph = chain(NUMBERS, ("misbehave", {"how": "loop"}), ("step", {}))

    def interrupt(event: Event) -> None:
        if isinstance(event, NodeChanged) and event.result.state == "running" and event.result.node == "b":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        execute(graph, library, workspace, on_event=interrupt, backend=backend)
    (run,) = workspace.runs.all()
    assert run.state == "cancelled"
    states = {id: row.state for id, row in workspace.runs.nodes(run.id).items()}
    assert states == {"a": "finished", "b": "cancelled", "c": "cancelled"}


def test_events_of_a_run_arrive_in_order(workspace: Workspace, library: Library, backend: Backend) -> None:
    events: list[Event] = []
    graph = chain(NUMBERS, ("step", {"mode": "slow", "seconds": 0.5}))
    result = execute(graph, library, workspace, on_event=events.append, backend=backend)
    story = [
        (e.result.node, e.result.state) for e in events if isinstance(e, NodeChanged) and e.result.state != "queued"
    ]
    assert story == [("a", "running"), ("a", "finished"), ("b", "running"), ("b", "finished")]
    assert [e.state for e in events if isinstance(e, RunChanged)] == ["running", "finished"]
    fractions = [e.fraction for e in events if isinstance(e, Progress) and e.fraction is not None]
    assert fractions == sorted(fractions)
    assert 2 <= len(fractions) <= 8  # fifty reports in half a second, throttled to ten a second
    stored = workspace.runs.nodes(result.run_id)
    assert {id: row.state for id, row in stored.items()} == states(result)
    assert stored["b"].ended is not None
    assert workspace.runs.get(result.run_id).state == "finished"


def test_run_without_nodes_is_finished(workspace: Workspace, library: Library, backend: Backend) -> None:
    assert execute(Pipeline("empty"), library, workspace, backend=backend).state == "finished"


def test_result_is_a_document(workspace: Workspace, library: Library, backend: Backend) -> None:
    document = execute(chain(NUMBERS, ("step", {})), library, workspace, backend=backend).to_json()
    assert document["state"] == "finished"
    assert [(n["node"], n["state"], n["rows"], n["columns"]) for n in document["nodes"]] == [
        ("a", "finished", 10, 1), ("b", "finished", 10, 2),
    ]  # fmt: skip


def test_same_nodes_give_the_same_bytes_in_any_process(
    workspace: Workspace, library: Library, backend: Backend
) -> None:
    graph = chain(NUMBERS, ("step", {}))
    digests = {
        execute(graph, library, workspace, force=True, backend=backend).nodes["b"].outputs["dataset"].digest
        for _ in range(3)
    }
    assert len(digests) == 1
    pd.testing.assert_frame_equal(
        workspace.value(digests.pop()), pd.DataFrame({"n": map(float, range(10)), "plus 1": map(float, range(1, 11))})
    )


def test_a_value_given_as_a_parameter_reuses_the_result_of_the_same_value_typed_in(
    workspace: Workspace, library: Library, backend: Backend
) -> None:
    graph = chain(NUMBERS, ("step", {"add": 20.0}), ("step", {}))
    execute(graph, library, workspace, backend=backend)
    with_parameter = promote(graph, "b", "add", "shift", library)
    changed = set_parameter(with_parameter, "shift", {"default": 10}, library)
    same = execute(changed, library, workspace, backend=backend, assignments={"shift": "20"})
    assert set(states(same).values()) == {"reused"}
    assert workspace.runs.get(same.run_id).assignments == {"shift": 20.0}
    default = execute(changed, library, workspace, backend=backend)
    assert states(default) == {"a": "reused", "b": "finished", "c": "finished"}
    assert workspace.runs.get(default.run_id).assignments == {}
    plain = apply(graph, [{"op": "set", "id": "b", "parameters": {"add": 10}}], library)
    assert set(states(execute(plain, library, workspace, backend=backend)).values()) == {"reused"}


def test_a_run_with_a_value_that_does_not_fit_leaves_no_row(
    workspace: Workspace, library: Library, backend: Backend
) -> None:
    graph = promote(chain(NUMBERS, ("step", {})), "b", "add", "shift", library)
    for given in ({"shift": "much"}, {"shfit": 1}, {"shift": float("nan")}):
        with pytest.raises(InvalidParameter, match="shift"):
            execute(graph, library, workspace, backend=backend, assignments=given)
    assert workspace.runs.all() == []
