"""Runs by code, executed by an engine that the SDK starts."""

from __future__ import annotations

import io
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import joblib
import pandas as pd
import pytest

from designer.contract.errors import DesignerError, FileMissing, InvalidParameter
from designer.engine.run import execute
from designer.sdk import (
    Experiment,
    Parameter,
    Pipeline,
    RunCancelled,
    StepFailed,
    StillRunning,
    Workspace,
    pipeline,
)
from designer.sdk import modules as m
from designer.sdk.display.live import TerminalReporter
from designer.store.workspace import open_workspace
from tests.sdk.conftest import Home
from tests.sdk.pipelines import ROWS, income, numbers

FAILS = "def azureml_main(a, b):\n    print('first words')\n    raise ValueError('no such luck')\n"
PASSES = "def azureml_main(a, b):\n    return a,\n"
ENDLESS = "import time\ndef azureml_main(a, b):\n    print('begun', flush=True)\n    time.sleep(600)\n"


@pytest.fixture(scope="module", autouse=True)
def people(workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("data") / "people.csv"
    file.write_text(ROWS.replace("20,", "19,", 1))  # rows of its own: others run these pipelines in the same workspace
    workspace.datasets.register("people", file)


def test_a_pipeline_cannot_be_saved_under_a_name_of_two_lines(workspace: Workspace) -> None:
    with pytest.raises(InvalidParameter, match="has a line break"):
        Pipeline(m.dataset(name="people"), name="a\nb").save(workspace)


def test_a_pipeline_runs_and_its_results_are_there(home: Home, tmp_path: Path) -> None:
    run = home.workspace.submit(income()).wait(show=False)
    assert run.status == "finished"
    step = run["evaluate-model"]
    assert set(step.metrics) >= {"Accuracy", "AUC"}
    assert run.metrics == {"evaluate-model": step.metrics}
    assert step.title == "Evaluate Model"
    assert (step.status, step.error) == ("finished", None)
    assert step.reason.startswith("runs")  # for the first time, unless another file ran a pipeline of this name here
    assert run["Evaluate Model"].id == "evaluate-model"
    scored = run["score-model"].outputs["scored_dataset"]
    assert "Scored Labels" in scored.to_pandas()
    assert "Scored Labels" in scored.schema
    assert scored.to_arrow().num_rows == 18
    assert len(pd.read_csv(scored.download(tmp_path))) == 18
    assert scored.register("scored").version == 1
    assert "Scored Labels" in home.workspace.datasets["scored"].schema
    model = run["train-model"].outputs["trained_model"]
    assert joblib.load(model.download(tmp_path)).name == model.load().name == "Two-Class Logistic Regression"
    assert run.url == home.url(f"/runs/{run.id}")
    with pytest.raises(InvalidParameter, match=r"a trained model, no table. Read it with .load"):
        model.to_pandas()
    with pytest.raises(FileMissing, match=r"no step 'evaluate'.* 'evaluate-model'"):
        run["evaluate"]
    with pytest.raises(FileMissing, match=r"no output 'scored'. Did you mean 'scored_dataset'"):
        run["score-model"].outputs["scored"]


def test_code_and_canvas_share_one_cache(home: Home) -> None:
    """What `designer run` and the canvas have computed is reused by the SDK, and the other way round."""
    workspace, pipeline = home.workspace, income(share=0.6)
    with open_workspace(home.folder) as store:
        assert execute(pipeline.graph, store.library(), store, slots=1).state == "finished"
    assert {step.action for step in workspace.plan(pipeline)} == {"reuse"}
    run = workspace.submit(pipeline).wait(show=False)
    assert {step.status for step in run.steps.values()} == {"reused"}
    again = workspace.submit(pipeline, regenerate_outputs=True).wait(show=False)
    assert {step.status for step in again.steps.values()} == {"finished"}


@pytest.mark.parametrize("name", ["", "Counted"])
def test_a_plan_says_that_the_data_changed_where_the_step_ran_before(
    workspace: Workspace, tmp_path: Path, name: str
) -> None:
    def counted() -> Pipeline:
        rows = m.import_from_database(datastore=datastore, query="select * from t")
        return Pipeline(m.sort(rows, columns=["a"]), **({"name": name} if name else {}))

    datastore = f"counted{len(name)}"
    with closing(sqlite3.connect(tmp_path / "t.db")) as database:
        database.executescript("create table t (a integer); insert into t values (1)")
        workspace.datastores.register(datastore, f"sqlite:///{tmp_path / 't.db'}")
        workspace.submit(counted()).wait(show=False)
        database.executescript("insert into t values (2)")
    assert [(step.action, step.reason) for step in workspace.plan(counted())] == [
        ("run", "runs again: what it reads changed"), ("wait", "waits for Import from Database"),
    ]  # fmt: skip


def test_a_plan_says_what_would_run_and_why(workspace: Workspace) -> None:
    workspace.submit(income(share=0.65)).wait(show=False)
    plan = workspace.plan(income(share=0.75))
    actions = {step.id: step.action for step in plan}
    assert actions["dataset"] == "reuse"
    assert actions["split-data"] == "run"
    assert plan.running == ["split-data", "train-model", "score-model", "evaluate-model"]
    (split,) = [step for step in plan if step.id == "split-data"]
    assert split.seconds is not None
    assert "0.65" in split.reason
    assert "Split Data" in repr(plan)
    assert "4 steps to run, 2 reused" in plan._repr_mimebundle_()["text/html"]


def test_runs_are_found_and_compared(workspace: Workspace) -> None:
    first = workspace.submit(income(share=0.5)).wait(show=False)
    second = workspace.submit(income(share=0.7)).wait(show=False)
    assert workspace.runs["latest"].id == second.id
    assert workspace.runs[first.id[:8]].id == first.id
    assert [run.id for run in workspace.runs.list(2)] == [second.id, first.id]
    compared = second.compare(first)
    assert compared.settings.values.tolist() == [
        ["Split Data", "Fraction of rows in the first output dataset", "0.5", "0.7"]
    ]
    assert set(compared.metrics["metric"]) >= {"AUC"}


def test_only_what_a_step_needs_is_run(workspace: Workspace) -> None:
    run = workspace.submit(income(), to="split-data").wait(show=False)
    assert list(run.steps) == ["dataset", "split-data"]
    with pytest.raises(DesignerError, match="has no node 'split'"):
        workspace.plan(income(), to="split")


def test_a_step_that_fails_says_why_with_the_end_of_its_log(workspace: Workspace) -> None:
    run = workspace.submit(numbers(FAILS))
    with pytest.raises(StepFailed, match="no such luck") as failed:
        run.wait(show=False)
    assert str(failed.value).startswith("Execute Python Script")
    assert "first words" in failed.value.log
    assert "first words" in str(failed.value)
    assert run["execute-python-script"].error is not None
    assert "first words" in run.logs()
    assert run.status == "failed"


def test_a_pipeline_that_cannot_run_is_not_queued(workspace: Workspace) -> None:
    before = len(workspace.runs.list(100))
    open_step = Pipeline(m.train_model(m.two_class_logistic_regression(), label_column="income"))
    with pytest.raises(DesignerError, match="Train Model, Dataset: nothing is connected"):
        workspace.submit(open_step)
    assert [problem.node for problem in open_step.check(workspace)] == ["train-model"]
    assert "nothing is connected" in repr(open_step.check(workspace))
    assert len(workspace.runs.list(100)) == before
    assert repr(income().check(workspace)) == "No problems."


def test_waiting_ends_but_not_the_run(workspace: Workspace) -> None:
    run = workspace.submit(numbers(ENDLESS))
    with pytest.raises(StillRunning, match=rf"after 0.2 s. Wait again with ws.runs\['{run.id[:8]}'\]"):
        run.wait(timeout=0.2, show=False)
    assert run.status in ("queued", "running")
    with pytest.raises(RunCancelled, match="the run of 'Numbers' was cancelled"):
        run.cancel().wait(show=False)


def test_ctrl_c_ends_the_waiting_and_says_so(home: Home, tmp_path: Path) -> None:
    script = tmp_path / "waits.py"
    script.write_text(
        "import sys\n"
        "from designer.sdk import Workspace\n"
        "from tests.sdk.pipelines import numbers\n"
        f"run = {home.opening}.submit(numbers({ENDLESS!r}))\n"
        "print(run.id, flush=True)\n"
        "run.wait()\n"
    )
    root = Path(__file__).parents[2]
    waits = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    )  # fmt: skip
    assert waits.stdout is not None
    run = home.workspace.runs[waits.stdout.readline().strip()]
    until = time.monotonic() + 60
    while "begun" not in run.logs():
        assert time.monotonic() < until
        time.sleep(0.1)
    waits.send_signal(signal.SIGINT)
    _, said = waits.communicate(timeout=60)
    assert "No longer waiting. The run goes on; wait again with ws.runs[" in said
    assert run.status == "running"
    run.cancel()


def test_the_run_of_a_saved_pipeline_belongs_to_it(workspace: Workspace) -> None:
    saved = income(share=0.55).save(workspace)
    assert [step.id for step in workspace.plan(saved, to="split-data")] == ["dataset", "split-data"]
    run = workspace.submit(saved, to="split-data", tags={"a": "b"}).wait(show=False)
    row = workspace.connection.run(run.id)
    assert (row.pipeline_id, row.tags, run.status) == (saved.id, {"a": "b"}, "finished")
    assert workspace.connection.run(workspace.submit(income(share=0.55)).wait(show=False).id).pipeline_id is None


def test_a_terminal_gets_one_line_for_each_step(workspace: Workspace) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    workspace.submit(income()).wait(show=False)
    run = workspace.submit(income()).wait(show=False)
    row, nodes = workspace.connection.run(run.id), workspace.connection.nodes(run.id)
    plain, redrawn = io.StringIO(), Terminal()
    for output in (plain, redrawn):
        reporter = TerminalReporter(output)
        reporter.show(row, nodes)
        reporter.show(row, nodes)
        reporter.close(row, nodes)
    lines = plain.getvalue().splitlines()
    assert len(lines) == len(nodes) + 1
    assert lines[0].startswith("reused     Dataset")
    assert lines[-1].startswith(f"Run {run.id[:8]} finished")
    assert "\x1b" not in plain.getvalue()
    assert "6 of 6" in redrawn.getvalue()
    assert redrawn.getvalue().endswith(f"{lines[-1]}\n")


def test_a_pipeline_is_saved_once_and_replaced_when_told_so(home: Home) -> None:
    workspace = home.workspace
    saved = income(share=0.5).save(workspace)
    assert income(share=0.5).save(workspace).id == saved.id
    assert saved.load() == income(share=0.5)
    other = income(share=0.6).save(workspace)
    assert other.id != saved.id
    renamed = Pipeline(m.dataset(name="people"), name="Alone")
    first = renamed.save(workspace)
    changed = Pipeline(m.dataset(name="people", version=1), name="Alone")
    assert changed.save(workspace, replace=True).id == first.id
    assert (first.revision, first.load()) == (2, changed)
    assert workspace.pipelines["Alone"].id == first.id
    assert first.url == home.url(f"/pipelines/{first.id}")
    if home.server is None:
        with pytest.raises(DesignerError, match=r"Designer is not running on .* Start it with: designer start"):
            first.open()


def test_runs_have_experiments_tags_and_logged_metrics(workspace: Workspace) -> None:
    run = workspace.submit(
        numbers("def azureml_main(a, b):\n    return a,\n"),
        experiment="First tries",
        tags={"ticket": "42"},
        description="Why",
    )
    assert run.wait(show=False).experiment == "First tries"
    assert (run.number, run.tags) == (1, {"ticket": "42"})
    assert [each.id for each in workspace.runs.list(experiment="First tries")] == [run.id]
    assert run.steps["execute-python-script"].metrics == {}


def test_a_run_sets_the_parameters_of_a_pipeline(workspace: Workspace) -> None:
    share = Parameter("share", 0.7, maximum=0.9)
    data = m.split_data(m.enter_data_manually(data="a\n1\n2\n3\n4\n"), fraction=share, randomized=False)
    built = Pipeline(m.sort(data.results_dataset1, columns=["a"]), name="Shares")
    assert built.parameters["share"].default == 0.7
    run = workspace.submit(built, parameters={"share": "0.5"}).wait(show=False)
    assert run["split-data"].outputs["results_dataset1"].to_pandas()["a"].tolist() == [1, 2]
    assert {step.action for step in workspace.plan(built, parameters={"share": 0.5})} == {"reuse"}
    assert workspace.plan(built).running == ["split-data", "sort"]
    with pytest.raises(DesignerError, match=r"no parameter 'shar'.* 'share'"):
        workspace.submit(built, parameters={"shar": 0.5})
    with pytest.raises(DesignerError, match=r"share: 2 is above 0.9"):
        workspace.plan(built, parameters={"share": 2})


def test_a_parameter_as_the_default_of_an_argument_is_one_of_the_pipeline() -> None:
    declared = Parameter("share", 0.7)

    @pipeline
    def split(share: Any = declared) -> None:
        m.split_data(m.dataset(name="people"), fraction=share)

    assert split().parameters["share"].default == 0.7
    assert split(share=0.5).parameters["share"].default == 0.5
    assert split(share=0.5).graph.nodes["split-data"].parameters == {"fraction": {"$parameter": "share"}}
    twice = m.sort(m.split_data(m.dataset(name="a"), fraction=Parameter("share", 0.1)).results_dataset1)
    with pytest.raises(InvalidParameter, match="two different parameters are named 'share'"):
        Pipeline(twice, m.split_data(m.dataset(name="a"), fraction=Parameter("share", 0.2)))
    with pytest.raises(InvalidParameter, match=r"Fraction of rows.*1.2 is above 1"):
        m.split_data(m.dataset(name="a"), fraction=Parameter("share", 1.2))


def test_names_that_fingers_know_from_other_sdks(workspace: Workspace) -> None:
    run = Experiment(workspace, "Known names").submit(income(), regenerate_outputs=True, tags={"a": "b"})
    assert run.wait_for_completion(show_output=False) == run.get_status() == "finished"
    (step,) = run.find_step_run("Evaluate Model")
    assert step.get_metrics() == run.get_metrics()["evaluate-model"]
    assert run.find_step_run("score-model")[0].get_output("scored_dataset").to_pandas().shape[0] == 18
    assert run.find_step_run("none") == []
    assert Experiment(workspace, "Known names").get_runs()[0].id == run.id
    failing = workspace.submit(numbers(FAILS))
    assert failing.wait_for_completion(show_output=False, raise_on_error=False) == "failed"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "share: no value is given, and it has no default"),
        ({"share": float("nan")}, r"share: nan is not a finite number. Use a number"),
        ({"share": 10**400}, r"share: a number of 1329 bits is not a finite number"),
        ({"share": "much"}, r"share: 'much' is not a number"),
        ({"share": 0.5, "rows": "gone"}, r"rows: there is no dataset 'gone'"),
        ({"share": 0.5, "shar": 1}, r"no parameter 'shar' \(2 parameters\). Did you mean 'share'"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_before_anything_runs(
    workspace: Workspace, given: dict[str, Any], words: str
) -> None:
    rows = m.dataset(name=Parameter("rows", "people"))
    built = Pipeline(m.split_data(rows, fraction=Parameter("share")), name="Refused")
    before = len(workspace.runs.list(100))
    for ask in (workspace.submit, workspace.plan):
        with pytest.raises(DesignerError, match=words):
            ask(built, parameters=given)
    assert len(workspace.runs.list(100)) == before
