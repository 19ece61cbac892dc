"""Metrics and tags that steps log while they run, on every backend."""

from __future__ import annotations

import threading

import pytest

from designer.contract.catalogue.library import Library
from designer.contract.metrics import log, logging_to
from designer.engine.backend import Backend, Logged, Progressed, Tagged, Unusable
from designer.engine.recording.curves import NAMES, Curves
from designer.engine.recording.reports import event_of
from designer.engine.run import execute
from designer.store.history.metrics import POINTS, Series
from designer.store.history.runs import StaleAttempt
from designer.store.workspace import Workspace
from tests.engine.conftest import chain, pipeline

NUMBERS = ("numbers", {})


def series_of(workspace: Workspace, run_id: str) -> dict[str, Series]:
    return {series.name: series for series in workspace.metrics.of_run(run_id)}


def written(workspace: Workspace, curves: Curves, run_id: str) -> None:
    with workspace.database.record() as session:
        curves.write_in(session, workspace.runs, workspace.runs.get(run_id).attempt)


def running(workspace: Workspace) -> str:
    """The id of a run that was claimed, with one node."""
    run = workspace.runs.create({"nodes": {}})
    workspace.runs.claim(run.id, [{"node": "a"}])
    return run.id


def test_what_a_step_logs_is_kept_with_the_run(workspace: Workspace, library: Library, backend: Backend) -> None:
    result = execute(chain(NUMBERS, ("train", {"epochs": 3})), library, workspace, backend=backend)
    assert result.ok
    series = series_of(workspace, result.run_id)
    assert {name: each.node for name, each in series.items()} == {"loss": "b", "rows": "b", "verdict": "b"}
    assert [(point.step, point.value) for point in series["loss"].points] == [(0, 1.0), (1, 0.5), (2, 0.25)]
    assert (series["verdict"].last, series["rows"].last) == ("converged", 10.0)
    assert series["rows"].steps() == [0]
    assert workspace.metrics.latest([result.run_id]) == {
        result.run_id: {"b": {"loss": 0.25, "rows": 10.0, "verdict": "converged"}}
    }
    assert workspace.runs.get(result.run_id).tags == {"family": "linear"}
    assert workspace.log(result.run_id, "b") == ""


def test_values_that_cannot_be_recorded_are_counted_and_logged(
    workspace: Workspace, library: Library, backend: Backend
) -> None:
    result = execute(chain(NUMBERS, ("train", {"epochs": 2, "odd": True})), library, workspace, backend=backend)
    assert result.ok
    assert {name: each.count for name, each in series_of(workspace, result.run_id).items()} == {
        "loss": 4, "rows": 1, "verdict": 1,
    }  # fmt: skip
    row = workspace.runs.node(result.run_id, "b")
    assert row is not None
    assert row.unrecorded == 11
    assert "11 logged values could not be recorded. The first: metric 'loss': the value" in workspace.log(
        result.run_id, "b"
    )


def test_a_reused_step_has_the_metrics_of_the_run_that_computed_it(
    workspace: Workspace, library: Library, backend: Backend
) -> None:
    graph = chain(NUMBERS, ("train", {"epochs": 2}))
    first = execute(graph, library, workspace, backend=backend)
    second = execute(graph, library, workspace, backend=backend)
    assert second.nodes["b"].state == "reused"
    assert workspace.metrics.latest([second.run_id])[second.run_id]["b"]["loss"] == 0.5
    assert series_of(workspace, second.run_id) == series_of(workspace, first.run_id)
    assert workspace.metrics.of_run(second.run_id, "a") == []
    assert len(workspace.metrics.of_run(second.run_id, "b")) == 3


def test_two_hundred_thousand_values_become_at_most_ten_thousand_and_that_is_said(
    workspace: Workspace, library: Library, backend: Backend
) -> None:
    result = execute(chain(NUMBERS, ("train", {"epochs": 200_000})), library, workspace, backend=backend)
    assert result.ok
    loss = series_of(workspace, result.run_id)["loss"]
    assert POINTS // 2 <= len(loss.points) <= POINTS + 1
    assert (loss.count, loss.every) == (200_000, 32)
    sequences = [point.sequence for point in loss.points]
    assert sequences == [*range(0, 200_000, 32), 199_999]
    assert loss.steps() == sequences
    log = workspace.log(result.run_id, "b")
    assert log == "Metric 'loss': 200,000 values were logged, every 32nd one is kept.\n"


SCRIPT = """import threading
from designer import step
def azureml_main(dataframe1=None, dataframe2=None):
    for epoch in range(2):
        step.log("loss", 1 / 2**epoch, step=epoch)
    step.log("verdict", "converged")
    step.log("diverged", float("nan"))
    step.tag("owner", "Ada")
    step.progress(0.5, "half")
    thread = threading.Thread(target=step.log, args=("beside", 3))
    thread.start()
    thread.join()
    return dataframe1,
"""
OWN = """from designer import step
from designer.contract.function import module
from designer.contract.values import Table
@module("Notes")
def notes(dataset: Table) -> Table:
    \"\"\"Log by the step.\"\"\"
    step.log("rows", len(dataset))
    return dataset
"""


def test_what_the_code_of_modules_logs_by_the_step_is_recorded_as_in_programs(
    workspace: Workspace, backend: Backend
) -> None:
    (workspace.modules / "notes.py").write_text(OWN)
    nodes = {"a": NUMBERS, "b": ("execute-python-script", {"script": SCRIPT}), "c": ("notes", {})}
    wires = ("a", "dataset", "b", "dataset1"), ("b", "result_dataset", "c", "dataset")
    heard: list[object] = []
    graph = pipeline(nodes, *wires)
    library = workspace.library()
    assert library.broken == {}
    result = execute(graph, library, workspace, backend=backend, on_event=heard.append)
    assert result.ok, result.nodes["b"].error
    series = series_of(workspace, result.run_id)
    assert {name: each.node for name, each in series.items()} == {
        "loss": "b", "verdict": "b", "diverged": "b", "beside": "b", "rows": "c",
    }  # fmt: skip
    assert [(point.step, point.value) for point in series["loss"].points] == [(0, 1.0), (1, 0.5)]
    assert (series["verdict"].last, series["diverged"].last) == ("converged", "NaN")
    assert workspace.runs.get(result.run_id).tags == {"owner": "Ada"}
    assert workspace.log(result.run_id, "b") == ""
    assert any("half" in repr(event) for event in heard)


def test_values_are_there_while_the_step_still_runs(workspace: Workspace, library: Library, backend: Backend) -> None:
    """The step waits for its neighbour, a file made once its metric was read."""
    seen = threading.Event()
    run_ids: list[str] = []
    script = (
        "import time\nfrom pathlib import Path\nfrom designer.contract.metrics import log\n"
        "from designer.contract.module import Module\nfrom designer.contract.values import Table\n\n\n"
        'class Patient(Module, category="Test"):\n    """Logs, then waits."""\n\n'
        "    def run(self, dataset: Table) -> Table:\n        log('loss', 0.5)\n"
        f"        while not Path({str(workspace.path / 'go on')!r}).exists():\n            time.sleep(0.01)\n"
        "        return dataset\n"
    )
    (workspace.modules / "patient.py").write_text(script)

    def look() -> None:
        for _ in range(6000):
            runs = workspace.runs.all()
            if runs and workspace.metrics.latest([runs[0].id])[runs[0].id].get("b") == {"loss": 0.5}:
                run_ids.append(runs[0].id)
                seen.set()
                break
            seen.wait(0.01)
        (workspace.path / "go on").write_text("")

    reader = threading.Thread(target=look)
    reader.start()
    result = execute(chain(NUMBERS, ("patient", {})), workspace.library(), workspace, backend=backend)
    reader.join()
    assert result.ok
    assert run_ids == [result.run_id]


def test_a_step_can_log_so_many_metrics_and_no_more(workspace: Workspace) -> None:
    curves, run_id = Curves("r"), running(workspace)
    curves.run_id = run_id
    for number in range(NAMES + 3):
        curves.add("a", Logged(f"m{number}", 1.0))
    curves.add("a", Logged("m0", 2.0))
    written(workspace, curves, run_id)
    assert len(workspace.metrics.of_run(run_id)) == 0  # found by the row of the node
    assert (
        curves.end("a")
        == f"3 logged values could not be recorded. The first: metric 'm{NAMES}': a step can log {NAMES} metrics.\n"
    )


def test_curve_stays_evenly_spread_however_it_is_written(workspace: Workspace) -> None:
    run_id = running(workspace)
    curves = Curves(run_id)
    count = 4 * POINTS + 18
    for number in range(count):
        curves.add("a", Logged("loss", float(number)))
        if number % 7_001 == 0:
            written(workspace, curves, run_id)
    remark = curves.end("a")
    workspace.runs.record(run_id, 1, {"a": curves.summary("a")})
    written(workspace, curves, run_id)
    (series,) = workspace.metrics.of_run(run_id)
    assert [point.value for point in series.points] == [*map(float, range(0, count, 8)), float(count - 1)]
    assert "every 8th one" in remark
    assert not curves.has_news


def test_a_node_that_starts_again_starts_its_curves_again(workspace: Workspace) -> None:
    run_id = running(workspace)
    curves = Curves(run_id)
    for value in (1.0, 2.0):
        curves.add("a", Logged("loss", value))
        written(workspace, curves, run_id)
    curves.restart("a")
    curves.add("a", Logged("loss", 3.0))
    workspace.runs.record(run_id, 1, {"a": curves.summary("a")})
    written(workspace, curves, run_id)
    (series,) = workspace.metrics.of_run(run_id)
    assert [point.value for point in series.points] == [3.0]


def test_metrics_of_a_run_that_was_taken_over_are_refused(workspace: Workspace) -> None:
    run_id = running(workspace)
    curves = Curves(run_id)
    curves.add("a", Logged("loss", 1.0))
    with pytest.raises(StaleAttempt), workspace.database.record() as session:
        curves.write_in(session, workspace.runs, 7)


@pytest.mark.parametrize(
    ("message", "event"),
    [
        ({"metric": "auc", "value": 1, "step": 3.0}, Logged("auc", 1.0, 3)),
        ({"metric": "auc", "value": True}, Logged("auc", 1.0)),
        ({"metric": "note", "value": "x" * 5_000}, Logged("note", "x" * 1_000)),
        ({"tag": "owner", "value": 3}, Tagged("owner", "3")),
        ({"fraction": None, "text": "on"}, Progressed(None, "on")),
        ({"metric": "auc", "value": {}}, Unusable("metric 'auc': the value {} is no finite number and no text")),
        ({"metric": "auc", "value": 1, "step": "2"}, Unusable("metric 'auc': the step '2' is no integer")),
        ({"metric": ["auc"], "value": 1}, Unusable("a metric cannot have the name ['auc']")),
        ({"tag": "owner", "value": None}, Unusable("tag 'owner': the value None is no text")),
        ({"tag": "", "value": "x"}, Unusable("a tag cannot have the name ''")),
    ],
)
def test_messages_of_a_child_are_read_as_events(message: dict[str, object], event: object) -> None:
    assert event_of(message) == event


def test_logging_outside_a_run_does_nothing_and_inside_sends_plain_numbers() -> None:
    messages: list[object] = []
    log("loss", 1.0)
    with logging_to(messages.append):
        log("loss", 2.0, step=1)
    log("loss", 3.0)
    assert messages == [{"metric": "loss", "value": 2.0, "step": 1}]
