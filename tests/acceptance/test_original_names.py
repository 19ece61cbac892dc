"""Notebooks written for the SDK v1 of Azure ML: only their import lines are changed.

Two scripts as steps, and a pipeline that is published and called; in a workspace of this computer, and in one that a
server holds. The notebook of the two steps runs in Jupyter as well.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import MinMaxScaler

from designer.serving.address import free_port
from tests.acceptance.test_published_pipeline import COMPARE, Caller
from tests.acceptance.test_scripts_in_a_pipeline import PREP, TRAIN
from tests.sdk.conftest import end_engine, running
from tests.sdk.test_notebook import executed
from tests.serving.conftest import ended, started

IMPORTS = """
import os
from designer.sdk.azure import VERSION
from designer.sdk.azure import Workspace, Experiment, Datastore
from designer.sdk.azure import RunDetails
from designer.sdk.azure import Dataset
from designer.sdk.azure import Pipeline, PipelineData
from designer.sdk.azure import PipelineRun, StepRun, PortDataReference
from designer.sdk.azure import PythonScriptStep
from designer.sdk.azure import ComputeTarget, AmlCompute
from designer.sdk.azure import ComputeTargetException
from designer.sdk.azure import RunConfiguration
from designer.sdk.azure import CondaDependencies
from designer.sdk.azure import Model

print("SDK version:", VERSION)
"""
TARGET = """
cluster = "cpu-cluster"
try:
    compute = AmlCompute(ws, cluster)
except ComputeTargetException:
    settings = AmlCompute.provisioning_configuration(vm_size="STANDARD_D2_V2", min_nodes=1, max_nodes=4)
    compute = ComputeTarget.create(ws, cluster, settings)
    compute.wait_for_completion(show_output=True, min_node_count=None, timeout_in_minutes=20)
"""
ENVIRONMENT = """
run_config = RunConfiguration()
run_config.target = compute
run_config.environment.docker.enabled = True
run_config.environment.docker.base_image = "mcr.microsoft.com/azureml/base:latest"
run_config.environment.python.user_managed_dependencies = False
run_config.environment.python.conda_dependencies = CondaDependencies.create(
    conda_packages=["pandas", "scikit-learn", "numpy"],
    pip_packages=["joblib", "azureml-sdk", "fusepy"],
    pin_sdk_version=False,
)
"""
DATA = """
patients = Dataset.Tabular.from_delimited_files(store.path("./data/patients.csv"))
patients = patients.register(ws, "patients")
raw_data = patients.as_named_input("raw_data")
train_data = PipelineData("train_data", datastore=store).as_dataset()
test_data = PipelineData("test_data", datastore=store).as_dataset()
scaler_file = PipelineData("scaler_file", datastore=store)
model_file = PipelineData("model_file", datastore=store)
"""
STEPS = """
prep_step = PythonScriptStep(
    name="prep_step",
    script_name="./prep.py",
    arguments=["--train", train_data, "--test", test_data, "--scaler", scaler_file],
    inputs=[raw_data],
    outputs=[train_data, test_data, scaler_file],
    compute_target=compute,
    runconfig=run_config,
    source_directory="./prep",
    allow_reuse=True,
)
train_step = PythonScriptStep(
    name="train_step",
    script_name="./train.py",
    arguments=["--train", train_data, "--test", test_data, "--model", model_file],
    inputs=[train_data, test_data],
    outputs=[model_file],
    compute_target=compute,
    runconfig=run_config,
    source_directory="./train",
    allow_reuse=True,
)
pipeline = Pipeline(workspace=ws, steps=[prep_step, train_step])
problems = pipeline.validate()
"""
RESULTS = """
prep = run.find_step_run("prep_step")[0]
reference = prep.get_output("scaler_file").get_port_data_reference()
reference.download(local_path=".")
scaler_path = reference.path_on_datastore + "/scaler.pkl"

train = run.find_step_run("train_step")[0]
reference = train.get_output("model_file").get_port_data_reference()
reference.download(local_path=".")
model_path = reference.path_on_datastore + "/model.pkl"
os.makedirs("model", exist_ok=True)
copied = os.system(f"cp {model_path} {scaler_path} model")
"""
TWO_STEPS = (
    IMPORTS,
    "ws = Workspace.from_config()",
    "store = ws.get_default_datastore()",
    'store.upload_files(["./data/patients.csv"], target_path="data", overwrite=True)',
    TARGET,
    ENVIRONMENT,
    DATA,
    STEPS,
    'run = Experiment(ws, "patients").submit(pipeline, regenerate_outputs=False)',
    "run.wait_for_completion(show_output=True)",
    "RunDetails(run).show()",
    RESULTS,
)
PUBLISH = """
import requests_of_this_test as requests
from designer.sdk.azure import AmlCompute, ComputeTarget, DataReference, Datastore, Experiment, Pipeline, PipelineData
from designer.sdk.azure import PipelineParameter, PublishedPipeline, PythonScriptStep, Workspace

ws = Workspace.from_config()
store = Datastore(ws, "workspaceblobstore")
store.upload_files(["./data/groups.csv"], target_path="20newsgroups", overwrite=True)
groups = DataReference(datastore=store, data_reference_name="input", path_on_datastore="20newsgroups/groups.csv")
compared = PipelineData("compared", datastore=store, output_name="compared")

name = "aml-compute"
if name in ws.compute_targets:
    target = ws.compute_targets[name]
else:
    settings = AmlCompute.provisioning_configuration(vm_size="STANDARD_NC6", min_nodes=0, max_nodes=4)
    target = ComputeTarget.create(ws, name, settings)
    target.wait_for_completion(show_output=True, min_node_count=None, timeout_in_minutes=20)
    print(target.status.serialize())

parameter = PipelineParameter(name="pipeline_arg", default_value=10)
compare_step = PythonScriptStep(
    script_name="compare.py",
    arguments=["--input", groups, "--output_data", compared, "--param1", parameter],
    inputs=[groups],
    outputs=[compared],
    target=target,
    source_directory="./compare",
    allow_reuse=False,
    hash_paths=["hello_world.ipynb"],
)
pipeline = Pipeline(workspace=ws, steps=[[compare_step]])
first = Experiment(ws, "Compare_Models_Exp").submit(pipeline)
first.wait_for_completion()
published = first.publish_pipeline(
    name="My_Published_Pipeline", description="My Published Pipeline Description", version="1.0"
)
answer = requests.post(
    published.endpoint,
    headers={"Authorization": f"Bearer {published.key}"},
    json={"ExperimentName": "My_Pipeline", "ParameterAssignments": {"pipeline_arg": 20}},
)
p = PublishedPipeline.get(ws, id=published.id)
p.disable()
"""


def prepared(folder: Path) -> Path:
    """A project with the scripts and the data of the notebooks."""
    for name, text in (("prep", PREP), ("train", TRAIN), ("compare", COMPARE)):
        (folder / name).mkdir()
        (folder / name / f"{name}.py").write_text(textwrap.dedent(text))
    compare = folder / "compare" / "compare.py"
    compare.write_text(
        compare.read_text().replace("step.read", "__import__('pandas').read_csv(step.inputs['input'])\n#")
    )
    (folder / "compare" / "hello_world.ipynb").write_text("{}")
    draw = np.random.default_rng(5)
    table = pd.DataFrame(draw.normal(size=(200, 4)), columns=list("abcd"))
    table["sick"] = (table["a"] + 0.5 * draw.normal(size=200) > 0).astype(int)
    (folder / "data").mkdir()
    table.to_csv(folder / "data" / "patients.csv", index=False)
    (folder / "data" / "groups.csv").write_text("group\nsci.space\nrec.autos\n")
    return folder


@pytest.fixture(params=["folder", "address"])
def project(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder that the notebooks run in, with their workspace in DESIGNER_WORKSPACE."""
    monkeypatch.chdir(prepared(tmp_path))
    with ExitStack() as stack:
        if request.param == "address":
            server = stack.enter_context(running(tmp_path / "workspace"))
            monkeypatch.setenv("DESIGNER_TOKEN", server.token)
            monkeypatch.setenv("DESIGNER_WORKSPACE", server.address)
        else:
            monkeypatch.setenv("DESIGNER_WORKSPACE", str(tmp_path / "workspace"))
            stack.callback(end_engine, tmp_path / "workspace")
        yield tmp_path


def run_cells(cells: tuple[str, ...]) -> dict[str, Any]:
    names: dict[str, Any] = {}
    for cell in cells:
        exec(cell, names)
    return names


def test_two_scripts_run_as_steps_and_their_outputs_are_downloaded_as_before(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = run_cells(TWO_STEPS)
    assert list(names["problems"]) == []
    frame = pd.read_csv(project / "data" / "patients.csv")
    label = frame.pop("sick")
    scaler = MinMaxScaler().fit(frame)
    x, x_test, y, y_test = train_test_split(scaler.transform(frame), label, test_size=0.3, random_state=7)
    by_hand = LogisticRegression().fit(x, y)
    loaded, fitted = (joblib.load(project / "model" / name) for name in ("scaler.pkl", "model.pkl"))
    np.testing.assert_array_equal(
        fitted.predict_proba(loaded.transform(frame)), by_hand.predict_proba(scaler.transform(frame))
    )
    assert names["train"].get_metrics()["Score :"] == by_hand.score(x_test, y_test)
    assert names["train"].get_status() == names["run"].get_status() == "Finished"
    assert [step.name for step in names["run"].get_steps() if step.name.endswith("_step")] == [
        "prep_step",
        "train_step",
    ]
    said = capsys.readouterr().err
    assert said.count("compute targets do nothing here") <= 1  # noted once in a process
    again = names["Experiment"](names["ws"], "patients").submit(names["pipeline"])
    assert again.wait_for_completion(show_output=False) == "Finished"
    assert {step.plain.status for step in again.get_steps()} == {"reused"}
    names["ws"].close()


def test_a_published_pipeline_is_called_disabled_and_enabled_as_before(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = project / "workspace"
    monkeypatch.syspath_prepend(str(project))
    (project / "requests_of_this_test.py").write_text(
        "from tests.acceptance.test_published_pipeline import Caller\n"
        "def post(url, headers, json):\n"
        "    return Caller(headers['Authorization'].split()[1]).call('POST', url, json)\n"
    )
    names = run_cells((PUBLISH.partition("published = first")[0],))
    process = started(folder, free_port())
    try:
        exec("published = first" + PUBLISH.partition("published = first")[2], names)
        status, answer = names["answer"]
        assert (status, answer["Status"], answer["PipelineVersion"]) == (200, "NotStarted", 1)
        run = names["ws"].runs[answer["Id"]].wait(show=False)
        assert run["compare.py"].outputs["compared"].load().files()[0].read_text() == "--param1 20 of 2"
        first = names["first"].find_step_run("compare.py")[0].get_output_data("compared")
        first.download(".")
        (said,) = (project / first.path_on_datastore).glob("*.txt")
        assert said.read_text() == "--param1 10 of 2"
        caller, p = Caller(names["published"].key), names["p"]
        assert (p.status, caller.post(p.endpoint, {})[0]) == ("Disabled", 503)
        assert [each.id for each in names["PublishedPipeline"].list(names["ws"])] == []
        p.enable()
        assert (p.status, p.version, caller.post(p.endpoint, {})[0]) == ("Active", "1.0", 200)
    finally:
        names["ws"].close()
        assert ended(process) == 0


def test_the_notebook_of_the_two_steps_runs_in_jupyter(tmp_path: Path) -> None:
    prepared(tmp_path)
    try:
        cells = executed(tmp_path, TWO_STEPS, DESIGNER_WORKSPACE=str(tmp_path / "workspace"))
    finally:
        end_engine(tmp_path / "workspace")
    assert not [output for outputs in cells for output in outputs if output["output_type"] == "error"]
    drawn = [output["data"]["text/html"] for output in cells[10] if "text/html" in output.get("data", {})]
    assert drawn
    assert drawn[-1].count("Finished") == 3
    assert joblib.load(tmp_path / "model" / "scaler.pkl").n_features_in_ == 4
