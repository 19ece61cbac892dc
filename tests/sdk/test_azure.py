"""What users of Azure ML's SDK v1 write: what it becomes, what is noted, and what is refused with what would do."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from designer.contract.errors import DesignerError
from designer.sdk import Workspace as Plain
from designer.sdk import azure
from designer.sdk.azure import (
    AmlCompute,
    CondaDependencies,
    DataPath,
    DataPathComputeBinding,
    Dataset,
    DatasetConsumptionConfig,
    Datastore,
    Environment,
    Experiment,
    OutputFileDatasetConfig,
    Pipeline,
    PipelineData,
    PipelineEndpoint,
    PipelineParameter,
    PublishedPipeline,
    PythonScriptStep,
    RunConfiguration,
    Schedule,
    ScheduleRecurrence,
    StepSequence,
    Workspace,
)
from designer.sdk.azure.faces import note

COUNT = """
    import os, sys
    from azureml.core import Run
    run = Run.get_context()
    place = sys.argv[sys.argv.index("--input") + 1]
    files = [place] if os.path.isfile(place) else [os.path.join(place, each) for each in sorted(os.listdir(place))]
    run.log("letters", sum(len(open(file).read()) for file in files))
    if "--out" in sys.argv:
        with open(os.path.join(sys.argv[sys.argv.index("--out") + 1], "copy.txt"), "w") as file:
            file.write(open(files[0]).read() * 2)
"""
NAMED = """
    from azureml.core import Run
    run = Run.get_context()
    frame = run.input_datasets["rows"].to_pandas_dataframe()
    run.log("rows", len(frame)); run.log("rows", len(frame) + 1)
    with open(run.output_datasets["kept"] + "/rows.csv", "w") as file:
        file.write(frame.to_csv(index=False))
"""


@pytest.fixture
def ws(workspace: Plain) -> Workspace:
    return Workspace.of(workspace)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in (("count", COUNT), ("named", NAMED)):
        (tmp_path / f"{name}.py").write_text(textwrap.dedent(text))
    (tmp_path / "three.txt").write_text("abc")
    (tmp_path / "lake").mkdir()
    (tmp_path / "lake" / "five.txt").write_text("fives")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def counting(*arguments: Any, **settings: Any) -> PythonScriptStep:
    return PythonScriptStep(**{"script_name": "count.py", "name": "count", "arguments": list(arguments), **settings})


def letters(run: Any) -> Any:
    assert run.wait_for_completion(show_output=False) == "Finished"
    return run.find_step_run("count")[0].get_metrics()["letters"]


def test_a_path_is_a_parameter_of_runs_of_the_pipeline_and_of_the_published_one(ws: Workspace, folder: Path) -> None:
    store = ws.get_default_datastore()
    store.upload_files(["three.txt"], target_path="in", overwrite=True)
    ws.plain.datastores.register("lake", str(folder / "lake"), replace=True)
    parameter = PipelineParameter("input", DataPath(store, "in/three.txt"))
    given = (parameter, DataPathComputeBinding(mode="mount"))
    pipeline = Pipeline(ws, steps=[counting("--input", given, inputs=[given])])
    assert letters(pipeline.submit("paths")) == 3
    other = {"input": DataPath(Datastore.get(ws, "lake"), "five.txt")}
    run = Experiment(ws, "paths").submit(pipeline, pipeline_parameters=other, tags={"a": "b"})
    assert letters(run) == 5
    assert run.get_tags() == {"a": "b"}
    published = pipeline.publish(name="Counts of letters", description="By path", version="1")
    assert letters(published.submit(ws, "paths", other)) == 5
    assert letters(Experiment(ws, "paths").submit(published)) == 3
    assert len(Experiment(ws, "paths").get_runs()) == 4


def test_outputs_of_steps_are_read_in_any_order_of_definition(ws: Workspace, folder: Path) -> None:
    store = ws.get_default_datastore()
    store.upload_files(["three.txt"], target_path="in", overwrite=True)
    doubled = OutputFileDatasetConfig("doubled", destination=(store, "out/{run-id}"))
    last = counting("--input", doubled.as_input("copy"))
    first = PythonScriptStep(
        "count.py", "first", ["--input", store.path("in/three.txt", "text"), "--out", doubled.as_upload()]
    )
    pipeline = Pipeline(ws, steps=[last])
    assert {"first", "count"} <= set(pipeline.steps)
    assert first.plain in [output.step for output in last.plain.inputs.values()]
    run = Experiment(ws, "order").submit(pipeline)
    assert letters(run) == 6
    reference = run.get_pipeline_output("doubled")
    assert reference.download(".") == 1
    assert (folder / reference.path_on_datastore / "copy.txt").read_text() == "abcabc"
    with pytest.raises(DesignerError, match=r"no step has an output 'double'.*doubled"):
        run.get_pipeline_output("double")


def test_inputs_and_outputs_by_name_reach_the_script_and_a_dataset_may_be_a_parameter(
    ws: Workspace, folder: Path
) -> None:
    ws.plain.datasets.register("few rows", pd.DataFrame({"x": [1, 2]}))
    ws.plain.datasets.register("more rows", pd.DataFrame({"x": [1, 2, 3]}))
    few, more = Dataset.get_by_name(ws, "few rows"), ws.datasets["more rows"]
    assert (few.name, few.version, len(more.to_pandas_dataframe())) == ("few rows", 1, 3)
    kept = PipelineData("kept")
    config = DatasetConsumptionConfig("rows", PipelineParameter("table", few))
    step = PythonScriptStep("named.py", "named", inputs=[config.as_mount()], outputs=[kept], source_directory=".")
    pipeline = Pipeline(ws, [[step]])
    assert list(pipeline.validate()) == []
    for values, rows in (({}, 2), ({"table": more}, 3)):
        run = Experiment(ws, "names").submit(pipeline, pipeline_parameters=values)
        assert run.wait_for_completion(show_output=False) == "Finished"
        (named,) = run.find_step_run("named")
        assert named.get_metrics() == {"rows": [rows, rows + 1]}
        assert named.get_output_data("kept").load().files()[0].read_text().count("\n") == rows + 1
        assert named.get_details_with_logs()["status"] == "Finished"


def test_files_of_a_datastore_are_read_as_a_table_before_they_are_registered(ws: Workspace, folder: Path) -> None:
    (folder / "table.csv").write_text("x;y\n1;a\n2;b\n")
    store = ws.get_default_datastore()
    store.upload_files(["table.csv"], target_path="in", overwrite=True)
    table = Dataset.Tabular.from_delimited_files((store, "in/table.csv"), separator=";")
    kept = PipelineData("kept")
    step = PythonScriptStep("named.py", "named", inputs=[table.as_named_input("rows")], outputs=[kept])
    run = Experiment(ws, "tables").submit(Pipeline(ws, [step]))
    assert run.wait_for_completion(show_output=False) == "Finished"
    assert run["named"].outputs["kept"].load().files()[0].read_text() == "x,y\n1,a\n2,b\n"
    registered = table.register(ws, "in two columns", create_new_version=True)
    assert list(registered.to_pandas_dataframe().columns) == ["x", "y"]
    (folder / "project" / ".hidden").mkdir(parents=True)
    for place in ("project/a.txt", "project/.hidden/b.txt"):
        (folder / place).write_text("a")
    store.upload("project", "copied", overwrite=True)
    assert store.files("copied/**") == ["copied/a.txt"]
    assert store.download("back", prefix="copied") == 1
    (folder / "back" / "copied" / "a.txt").write_text("mine")
    assert store.download("back", prefix="copied") == 0
    assert (folder / "back" / "copied" / "a.txt").read_text() == "mine"
    assert store.download("back", prefix="copied", overwrite=True) == 1
    assert (folder / "back" / "copied" / "a.txt").read_text() == "a"
    source = PythonScriptStep("count.py", "source", inputs=[store.path("in/", "source")])
    assert list(Pipeline(ws, source).validate()) == []
    assert list(source.plain.inputs) == ["source"]
    files = Dataset.File.from_files(store.path("in/"))
    assert "in/table.csv" in files.to_path()


def test_a_sequence_is_kept_as_wires(ws: Workspace, folder: Path) -> None:
    for name in ("a", "b", "c"):
        (folder / f"{name}.py").write_text("print('ran')\n")
    (folder / "d.py").write_text("import sys; open(sys.argv[1] + '/x', 'w').write('x')\n")
    kept = PipelineData("kept")
    d = PythonScriptStep("d.py", "d", [kept], outputs=[kept])
    a, b, c = (PythonScriptStep(f"{name}.py", name) for name in ("a", "b", "c"))
    pipeline = Pipeline(ws, StepSequence([[d, a], b, c]))
    edges = {(edge.source, edge.output, edge.target, edge.input) for edge in pipeline.graph.edges}
    assert edges == {
        ("d", "kept", "b", "after_d"), ("a", "done", "b", "after_a"), ("b", "done", "c", "after_b"),
    }  # fmt: skip
    run = Experiment(ws, "order").submit(pipeline)
    assert run.wait_for_completion(show_output=False) == "Finished"
    a.run_after(c)
    with pytest.raises(DesignerError, match="reads what depends on it"):
        Pipeline(ws, [a])


def test_an_endpoint_is_a_published_pipeline_with_its_versions(ws: Workspace, folder: Path) -> None:
    store = ws.get_default_datastore()
    store.upload_files(["three.txt"], target_path="in", overwrite=True)
    number = PipelineParameter("number", 1)
    first = Pipeline(ws, counting("--input", store.path("in/three.txt"), "--number", number))
    endpoint = PipelineEndpoint.publish(ws, "Letters", first.publish("Letters once"), "Of a file")
    endpoint.add(Pipeline(ws, counting("--input", store.path("in/three.txt"), "--number", number, allow_reuse=False)))
    assert (endpoint.get_default_version(), endpoint.list_versions()) == ("1", {"1": "", "2": ""})
    endpoint.set_default_version("2")
    assert PipelineEndpoint.get(ws, name="Letters").get_default_version() == "2"
    assert letters(endpoint.submit("letters", {"number": 2}, pipeline_version="1")) == 3
    endpoint.disable()
    assert "letters" not in [each.id for each in PipelineEndpoint.list(ws)]
    assert "letters" in [each.id for each in PublishedPipeline.list(ws, active_only=False)]


def test_schedules_run_at_times_and_on_new_files(ws: Workspace, folder: Path) -> None:
    store = ws.get_default_datastore()
    store.upload_files(["three.txt"], target_path="in", overwrite=True)
    given = (PipelineParameter("input", DataPath(store, "in/three.txt")), DataPathComputeBinding())
    published = Pipeline(ws, counting("--input", given, inputs=[given])).publish("Letters by path")
    recurrence = ScheduleRecurrence("Week", 1, time_zone="W. Europe Standard Time", week_days=["Monday"],
                                    time_of_day="6:30")  # fmt: skip
    weekly = Schedule.create(ws, "weekly", published.id, "letters", recurrence, description="Each week")
    assert weekly.when == "At 06:30 on Monday, Europe/Berlin"
    reactive = Schedule.create(
        ws, "reactive", pipeline_id=published.id, experiment_name="letters", datastore=store, polling_interval=1,
        data_path_parameter_name="input", path_on_datastore="in",
    )  # fmt: skip
    assert "/in/*" in reactive.when
    reactive.disable()
    assert (reactive.status, [each.id for each in Schedule.list(ws)]) == ("Disabled", ["weekly"])
    run = weekly.fire().wait(show=False)
    assert [each.id for each in weekly.get_pipeline_runs()] == [run.id]
    for each in Schedule.list(ws, active_only=False, pipeline_id=published.id):
        each.delete()


@pytest.mark.parametrize(
    ("recurrence", "plain"),
    [
        ({"frequency": "Minute", "interval": 15}, {"every": "15m"}),
        ({"frequency": "Hour", "interval": 2}, {"every": "2h"}),
        ({"frequency": "Week", "interval": 2}, {"every": "14d"}),
        ({"frequency": "Day", "interval": 1, "hours": [6, 18], "minutes": [5]}, {"cron": "5 6,18 * * *"}),
        (
            {"frequency": "Week", "interval": 1, "week_days": ["Friday"], "start_time": "2026-01-02T08:09:00"},
            {"cron": "9 8 * * FRI", "starts": datetime(2026, 1, 2, 8, 9)},
        ),
        (
            {"frequency": "Month", "interval": 1, "start_time": datetime(2026, 1, 31, 8, 9)},
            {"cron": "9 8 31 * *", "starts": datetime(2026, 1, 31, 8, 9)},
        ),
    ],
)
def test_a_recurrence_is_a_cron_expression_or_a_length_of_time(
    recurrence: dict[str, Any], plain: dict[str, Any]
) -> None:
    assert ScheduleRecurrence(**recurrence).plain == plain


def test_packages_are_the_environment_unless_all_are_here(folder: Path) -> None:
    def environment(**packages: Any) -> Any:
        config = RunConfiguration()
        config.environment.python.conda_dependencies = CondaDependencies.create(**packages)
        return config.plain

    assert environment(conda_packages=["pandas", "scikit-learn"], pip_packages=["joblib", "azureml-sdk"]) is None
    made = environment(conda_packages=["pytorch=2.1"], pip_packages=["azureml-defaults", "pandas"])
    assert made.requirements == ("torch==2.1.*", "pandas")
    assert environment(conda_packages=["numpy"], python_version="3.9").python == "3.9"
    assert environment(pip_packages=["pandas==1.5.3"]).requirements == ("pandas==1.5.3",)
    (folder / "conda.yml").write_text("dependencies:\n- python=3.10\n- pip:\n  - lightgbm==4.6\n")
    named = Environment.from_conda_specification("mine", "conda.yml")
    assert named.plain is not None
    assert (named.plain.requirements, named.plain.python) == (("lightgbm==4.6",), "3.10")
    curated = Environment.get(None, "AzureML-sklearn-0.24-ubuntu18.04-py37-cpu").plain
    assert curated is not None
    assert "scikit-learn==0.24.*" in curated.requirements


def test_what_concerns_the_cloud_is_noted_once(ws: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    note.cache_clear()
    for _ in range(2):
        AmlCompute(ws, "cpu-cluster")
        PipelineData("a", output_path_on_compute="/tmp/a")
    target, path = capsys.readouterr().err.splitlines()
    assert target == "Note: compute targets do nothing here: steps run on the computer of the workspace."
    assert path.startswith("Note: PipelineData: output_path_on_compute does nothing here: outputs are kept by")


def refused_calls(ws: Workspace) -> list[tuple[Callable[[], Any], str]]:
    store, data = ws.get_default_datastore(), PipelineData("data")
    tabular = Dataset.Tabular
    return [
        (lambda: counting(argument=[]), "PythonScriptStep takes no argument 'argument'. Did you mean 'arguments'?"),
        (lambda: counting(params={"a": 1}), "'params' of PythonScriptStep cannot be kept here. Give the Pipeline"),
        (lambda: counting(version="2"), "Leave it out: a changed file runs the step again."),
        (lambda: counting(outputs=["data"]), "a str cannot be an output of 'count'. Give PipelineData"),
        (lambda: Pipeline(ws, counting("--in", data)), "'data' is an argument of 'count', and neither input"),
        (lambda: Pipeline(ws, counting("--in", data, inputs=[data])), "no step writes 'data'. List it among"),
        (lambda: Pipeline(ws, counting(inputs=["data"])), "a str cannot be an input. Give PipelineData"),
        (lambda: Pipeline(ws, []), "a pipeline of no steps is given"),
        (lambda: Pipeline(ws, ["count"]), "a str is not a step"),
        (lambda: Pipeline(ws, counting(), step=1), "Pipeline takes no argument 'step'. Did you mean 'steps'?"),
        (lambda: Pipeline(ws, counting(script_name="cuont.py")), "Did you mean 'count.py'?"),
        (lambda: Experiment(ws, "e").submit(counting()), "a PythonScriptStep cannot be submitted"),
        (lambda: Experiment(ws, "e").submit(None, parameters={}), "Did you mean 'pipeline_parameters'?"),
        (lambda: tabular.from_delimited_files("https://a/b.csv"), "Upload it: datastore.upload_files([...])."),
        (lambda: tabular.from_delimited_files(store.path("a"), set_column_types={"a": 1}), "Edit Metadata"),
        (lambda: tabular.from_delimited_files(store.path("a"), separator="#"), "separator: '#' is not understood"),
        (lambda: tabular.from_delimited_files([store.path("a"), store.path("b")]), "2 paths are given"),
        (lambda: Dataset.File.from_files(store.path("a")).register(ws, "a"), "datastore.path('a')"),
        (lambda: data.parse_delimited_files(), "'data' is handed over as files, not as a table"),
        (lambda: PipelineData("a", pipeline_output_name="b"), "get_pipeline_output('a')"),
        (lambda: setattr(RunConfiguration(), "targets", 1), "RunConfiguration has no setting 'targets'"),
        (lambda: ScheduleRecurrence("Weak", 1), "a recurrence cannot have 'Weak' as 'frequency'. Did you mean 'Week'?"),
        (lambda: ScheduleRecurrence("Day", 3, hours=[1]), "Use interval=1 with frequency 'Day' or 'Week'"),
        (lambda: Schedule.create(ws, "s", "p", "e"), "Give one of recurrence and datastore."),
        (lambda: azure.DatabricksStep(name="a"), "designer.sdk.azure has no DatabricksStep. Run its program"),
        (lambda: store.register_azure_file_share(), "Datastore has no 'register_azure_file_share' here. Did you mean"),
        (lambda: ws.get_default_keyvault(), "Workspace has no 'get_default_keyvault' here."),
        (lambda: azure.Model.register(ws, "m.pkl", "m"), "designer.sdk.azure has no Model."),
    ]  # fmt: skip


@pytest.mark.parametrize("number", range(28))
def test_what_means_nothing_here_is_refused_with_what_would_do(ws: Workspace, folder: Path, number: int) -> None:
    calls = refused_calls(ws)
    assert len(calls) == 28
    call, words = calls[number]
    with pytest.raises(DesignerError) as refused:
        call()
    assert words in str(refused.value)


def test_two_steps_do_not_write_the_same_output_and_a_cell_may_run_again(ws: Workspace, folder: Path) -> None:
    written = OutputFileDatasetConfig("copy")
    PythonScriptStep("count.py", "count", ["--out", written])
    PythonScriptStep("count.py", "count", ["--out", written])
    with pytest.raises(DesignerError, match=r"written by both 'count' and 'other'. Read it .* \.as_input\(\)"):
        PythonScriptStep("count.py", "other", ["--input", written])


def test_every_name_of_the_package_is_there_and_unknown_ones_are_not() -> None:
    assert all(getattr(azure, name) is not None for name in azure.__all__)
    assert sorted(dir(azure)) == sorted(azure.__all__)
    with pytest.raises(ImportError, match="PythonScriptSteps"):
        exec("from designer.sdk.azure import PythonScriptSteps")
