"""The command line, as a user types it: real processes, real files."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sqlmodel import delete

from designer import settings
from designer.cli.running import check_file, run
from designer.contract.catalogue.library import Library
from designer.engine.backends import begin_backend
from designer.pipeline.document import dumps
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.pipeline.promotion import promote
from designer.samples.templates import template, templates
from designer.store.history.runs import MostRuns
from designer.store.history.submission import Submission
from designer.store.records import Profile
from designer.store.workspace import open_workspace
from tests.cli.terminal import designer


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cli") / "workspace"


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    designer("samples", "--write", str(folder), workspace=folder)
    return folder


def test_samples_are_written_as_files_that_check_clean(samples: Path, workspace: Path) -> None:
    assert {file.stem for file in samples.glob("*.json")} == {sample.id for sample in templates()}
    answer = designer("check", str(samples / "car-prices.json"), workspace=workspace)
    assert "no problems" in answer.stdout


def test_modules_are_listed_for_machines_as_the_library_has_them(workspace: Path) -> None:
    listed = json.loads(designer("modules", "--json", workspace=workspace).stdout)
    assert {module["id"] for module in listed} == {module.spec().id for module in Library.scan()}
    split = next(module for module in listed if module["id"] == "split-data")
    assert [port["name"] for port in split["outputs"]] == ["results_dataset1", "results_dataset2"]


def test_a_run_prints_a_line_a_node_and_one_json_document(samples: Path, workspace: Path) -> None:
    file = str(samples / "car-prices.json")
    answer = designer("run", file, "--json", workspace=workspace, apart=True)
    document = json.loads(answer.stdout)
    assert document["state"] == "finished"
    assert {node["state"] for node in document["nodes"].values()} <= {"finished", "reused"}
    (model,) = document["metrics"]["evaluate"]
    sample = template("car-prices")
    assert sample is not None
    assert 0.5 < model["metrics"]["Coefficient_of_Determination"] < 1
    assert len([line for line in answer.stderr.splitlines() if "finished" in line]) >= len(sample.pipeline.nodes)
    again = designer("run", file, workspace=workspace)
    assert f"{len(sample.pipeline.nodes)} reused" in again.stdout


def test_cleaning_says_what_would_go_and_what_stays(samples: Path, workspace: Path) -> None:
    designer("run", str(samples / "car-prices.json"), workspace=workspace)
    report = json.loads(designer("clean", "--dry-run", "--json", workspace=workspace).stdout)
    assert (report["removed"], report["bytes"], report["kinds"]) == (False, 0, {})  # all were made within the last hour
    assert report["kept"]["files"] > 3
    words = designer("clean", workspace=workspace).stdout
    assert words.startswith("0.0 MB freed; ")
    assert f"{report['kept']['files']:,} results kept" in words
    assert "reused" in designer("run", str(samples / "car-prices.json"), workspace=workspace).stdout


def test_a_setting_reruns_only_what_depends_on_it(samples: Path, workspace: Path) -> None:
    file = str(samples / "car-prices.json")
    designer("run", file, workspace=workspace)
    answer = designer("run", file, "--json", "--set", "learner.l2_regularization_weight=0.5", workspace=workspace)
    states = {id: node["state"] for id, node in json.loads(answer.stdout)["nodes"].items()}
    assert {id for id, state in states.items() if state == "finished"} == {"learner", "train", "score", "evaluate"}
    forced = designer("run", file, "--json", "--to", "select", "--force", workspace=workspace)
    states = {id: node["state"] for id, node in json.loads(forced.stdout)["nodes"].items()}
    assert (states["data"], states["select"]) == ("finished", "finished")
    assert "score" not in states or states["score"] != "finished"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--set", "learner.nothing=1"), "Linear Regression has no parameter 'nothing'"),
        (("--set", "ghost.x=1"), "there is no node 'ghost'"),
        (("--set", "nonsense"), "Write NODE.PARAMETER=VALUE"),
        (("--to", "ghost"), "there is no node 'ghost'"),
    ],
)
def test_a_wrong_word_is_answered_in_one_sentence(
    samples: Path, workspace: Path, words: tuple[str, ...], sentence: str
) -> None:
    answer = designer("run", str(samples / "car-prices.json"), *words, workspace=workspace, code=2)
    assert sentence in answer.stderr


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("split.fraction=abc", "'abc' is not a number. Use a number at least 0 and at most 1."),
        ("split.fraction=7", "7 is above 1. Use a number at least 0 and at most 1."),
        ("split.splitting_mode=Sideways", "'Sideways' is not one of the choices. Choose one of: Split Rows"),
        ("split.randomized_split=perhaps", "'perhaps' is not true or false"),
    ],
)
def test_a_value_that_a_field_does_not_take_is_refused_before_a_run(
    samples: Path, workspace: Path, setting: str, sentence: str
) -> None:
    file = str(samples / "car-prices.json")
    answer = designer("run", file, "--set", setting, workspace=workspace, code=2)
    assert sentence in answer.stderr
    assert "Split Data" in answer.stderr
    assert not answer.stdout


def test_a_failing_node_fails_the_run_and_says_why(samples: Path, workspace: Path) -> None:
    file = str(samples / "car-prices.json")
    answer = designer("run", file, "--json", "--set", "train.label_column=pirce", workspace=workspace, code=1)
    document = json.loads(answer.stdout)
    assert document["nodes"]["train"]["state"] == "failed"
    assert "Did you mean 'price'?" in document["nodes"]["train"]["error"]["message"]
    assert document["nodes"]["clean"]["state"] in ("finished", "reused")
    assert document["nodes"]["evaluate"]["state"] == "skipped"
    checked = json.loads(designer("check", file, "--json", workspace=workspace).stdout)
    assert checked == {"problems": [], "warnings": [], "notes": []}


def test_rows_that_are_twice_in_a_file_are_warned_of_by_run_and_by_check(tmp_path: Path) -> None:
    folder, file = tmp_path / "workspace", tmp_path / "doubled.json"
    rows = pd.DataFrame(np.random.RandomState(0).normal(size=(80, 3)), columns=["a", "b", "y"])
    pd.concat([rows, rows]).to_csv(tmp_path / "doubled.csv", index=False)
    nodes = {
        "read": Node("read", "import-data", parameters={"path": str(tmp_path / "doubled.csv")}),
        "split": Node("split", "split-data"),
        "linear": Node("linear", "linear-regression"),
        "train": Node("train", "train-model", parameters={"label_column": "y"}),
        "score": Node("score", "score-model"),
    }
    edges = (
        Edge("read", "output_data", "split", "dataset"),
        Edge("linear", "untrained_model", "train", "untrained_model"),
        Edge("split", "results_dataset1", "train", "dataset"),
        Edge("train", "trained_model", "score", "trained_model"),
        Edge("split", "results_dataset2", "score", "dataset"),
    )
    file.write_text(dumps(Pipeline(nodes=nodes, edges=edges)))
    first = designer("check", str(file), workspace=folder).stdout
    assert "warning" not in first
    assert "note     Not all data was checked for leakage" in first
    ran = designer("run", str(file), workspace=folder, apart=True)
    (line_of_run,) = [line for line in ran.stdout.splitlines() if line.startswith("warning")]
    assert "[score]: The same rows train and test. " in line_of_run
    assert "of 80 held-out rows" in line_of_run
    assert line_of_run in designer("check", str(file), workspace=folder).stdout.splitlines()
    checked = json.loads(designer("check", str(file), "--json", workspace=folder).stdout)
    assert [warning["rule"] for warning in checked["warnings"]] == ["same-rows"]
    assert checked["notes"] == []


def test_data_that_cannot_be_checked_is_said_by_check_and_by_run(
    samples: Path, workspace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def too_big(*_: object) -> None:
        raise MemoryError

    file = samples / "car-prices.json"
    designer("run", str(file), workspace=workspace)
    assert check_file(workspace, file, json=False) == 0
    assert "warning" not in capsys.readouterr().out
    with open_workspace(workspace) as opened, opened.database.write() as session:
        session.exec(delete(Profile))
    monkeypatch.setattr("designer.engine.auditing.answer", too_big)
    assert check_file(workspace, file, json=False) == 0
    checked = [line for line in capsys.readouterr().out.splitlines() if line.startswith("warning")]
    assert run(workspace, file, [], begin_backend(), to=None, force=False, json=False, about=Submission()) == 0
    assert [line for line in capsys.readouterr().out.splitlines() if line.startswith("warning")] == checked
    assert [line.partition(": ")[2].partition(" (")[0] for line in checked] == [
        "The data was not checked for leakage. Clean Missing Data",
        "The data was not checked for leakage. Split Data",
    ]
    assert all(line.endswith(": there was not enough memory.") for line in checked)


def test_a_misspelt_variable_is_named_with_the_one_that_is_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESIGNER_WORKSPCE", str(tmp_path))
    monkeypatch.setenv("DESIGNER_SOMETHING_ELSE", "1")
    answer = designer("modules", workspace=tmp_path / "w")
    assert answer.stderr == "designer: the variable DESIGNER_WORKSPCE is not read. Did you mean DESIGNER_WORKSPACE?\n"


def test_without_a_terminal_and_in_another_language_the_output_is_plain_and_names_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "tëst 🎈.csv"
    file.write_text("größe\n1\n", encoding="utf-8")
    odd = os.fsencode(tmp_path) + b"/\xff.csv"
    Path(os.fsdecode(odd)).write_text("x\n1\n")
    space = ["--workspace", str(tmp_path / "w")]
    plain = {**os.environ, "LANG": "C", "LC_ALL": "C", "TERM": "dumb", "PYTHONIOENCODING": ""}
    output = b""
    for words in (["add", str(file), "--name", "Zürich"], ["add", odd, "--name", "odd"], ["list"]):
        command = [sys.executable, "-m", "designer", "dataset", *words, *space]
        ended = subprocess.run(command, env=plain, capture_output=True, timeout=120)
        assert ended.returncode == 0, ended.stderr
        assert b"Traceback" not in ended.stderr
        output += ended.stdout
    assert b"\x1b" not in output
    assert "Zürich" in output.decode()
    assert "größe" in output.decode()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 99}', "\x00\x01\x02"])
def test_a_damaged_document_is_named(tmp_path: Path, workspace: Path, content: str) -> None:
    (tmp_path / "bad.json").write_text(content)
    answer = designer("run", str(tmp_path / "bad.json"), workspace=workspace, code=2)
    assert "bad.json" in answer.stderr
    missing = designer("run", str(tmp_path / "none.json"), workspace=workspace, code=2)
    assert "none.json" in missing.stderr


def test_interrupting_a_run_leaves_a_cancelled_run_and_no_process(tmp_path: Path, workspace: Path) -> None:
    script = "import time\ndef azureml_main(a=None, b=None):\n    print('begun', flush=True)\n    time.sleep(600)\n"
    sample = template("bike-rentals")
    assert sample is not None
    parameter = next(iter(sample.pipeline.nodes["script"].parameters))
    file = tmp_path / "slow.json"
    designer("samples", "--write", str(tmp_path), workspace=workspace)
    document = json.loads((tmp_path / "bike-rentals.json").read_text())
    document["nodes"]["script"]["parameters"][parameter] = script
    file.write_text(json.dumps(document))
    command = [sys.executable, "-m", "designer", "run", str(file), "--json", "--workspace", str(workspace)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    for line in process.stderr:
        if "Dataset" in line or "Bike" in line:
            break
    time.sleep(1.0)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=10)
    assert process.returncode == 1
    assert json.loads(output)["state"] == "cancelled"
    assert json.loads(output)["nodes"]["script"]["state"] == "cancelled"


def test_a_file_becomes_a_dataset_with_a_new_version_for_new_content(tmp_path: Path, workspace: Path) -> None:
    file = tmp_path / "shops.csv"
    file.write_text("zip,sales\n01234,1.5\n98765,\n")
    first = json.loads(designer("dataset", "add", str(file), "--json", workspace=workspace).stdout)
    assert (first["name"], first["version"], first["rows"]) == ("shops", 1, 2)
    assert [c["kind"] for c in first["schema"]["columns"]] == ["String", "Decimal"]
    file.write_text("zip,sales\n01234,1.5\n")
    second = json.loads(designer("dataset", "add", str(file), "--json", workspace=workspace).stdout)
    assert second["version"] == 2
    names = [row["name"] for row in json.loads(designer("dataset", "list", "--json", workspace=workspace).stdout)]
    assert names[0] == "shops"
    assert "Iris" in names


def test_a_dataset_goes_to_the_trash_and_back_and_for_ever(tmp_path: Path, workspace: Path) -> None:
    def listed(*more: str) -> list[str]:
        output = designer("dataset", "list", "--json", *more, workspace=workspace).stdout
        return [row["name"] for row in json.loads(output) if not row.get("sample")]

    (tmp_path / "stores.csv").write_text("zip,sales\n01234,1.5\n")
    designer("dataset", "add", str(tmp_path / "stores.csv"), workspace=workspace)
    designer("dataset", "remove", "stores", workspace=workspace)
    assert ("stores" in listed(), "stores" in listed("--trash")) == (False, True)
    designer("dataset", "restore", "stores", workspace=workspace)
    assert ("stores" in listed(), "stores" in listed("--trash")) == (True, False)
    designer("dataset", "remove", "stores", "--for-ever", workspace=workspace)
    assert "stores" not in listed() + listed("--trash")
    for command in (("remove", "stores"), ("restore", "stores"), ("remove", "Iris")):
        assert designer("dataset", *command, workspace=workspace, code=2).stderr.strip()
    assert "0 bytes" in designer("dataset", "sweep", workspace=workspace).stdout


@pytest.mark.parametrize(
    ("name", "content"), [("empty.csv", b""), ("binary.csv", b"\x00\xff\x00PK" * 50), ("twice.csv", b"a,a\n1,2\n")]
)
def test_a_bad_file_is_refused_by_name(tmp_path: Path, workspace: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    answer = designer("dataset", "add", str(tmp_path / name), workspace=workspace, code=2)
    assert answer.stderr.strip()
    missing = designer("dataset", "add", str(tmp_path / "no.csv"), workspace=workspace, code=2)
    assert "no.csv" in missing.stderr


def test_from_a_pipeline_to_scored_rows(samples: Path, workspace: Path, tmp_path: Path) -> None:
    """The command-line counterpart of the browser journey: infer, deploy, score, export."""
    training, inference = samples / "census-income.json", tmp_path / "inference.json"
    inferred = designer("infer", str(training), "--kind", "realtime", "-o", str(inference), workspace=workspace)
    assert "replaced" in inferred.stdout
    assert "removed" in inferred.stdout
    answer = designer("deploy", str(inference), "--name", "census", "--json", workspace=workspace)
    deployed = json.loads(answer.stdout)
    assert deployed["certificate"]["passed"]
    assert deployed["is_default"]
    assert deployed["engine"] == "onnxruntime"
    assert set(deployed["keys"]) == {"primary", "secondary"}
    again = json.loads(designer("certify", "census", "--json", workspace=workspace).stdout)
    assert again["passed"]
    assert again["checked"] > deployed["certificate"]["checked"]
    assert "HTTP against training run: different in 0 of" in designer("certify", "census", workspace=workspace).stdout
    rows = pd.DataFrame(
        {
            "age": [52, 23], "workclass": ["Private", None], "education": ["Bachelors", "Never seen"],
            "education-years": [13, 9], "marital-status": ["Married", "Never married"],
            "occupation": ["Sales", "Sales"], "sex": ["Male", "Female"], "capital-gain": [0.0, 0.0],
            "hours-per-week": [50, None], "native-country": ["United States", "United States"],
        }
    )  # fmt: skip
    rows.to_csv(tmp_path / "rows.csv", index=False)
    designer("score", "census", str(tmp_path / "rows.csv"), "-o", str(tmp_path / "scored.csv"), workspace=workspace)
    scored = pd.read_csv(tmp_path / "scored.csv")
    assert len(scored) == 2
    assert scored["Scored Labels"].isin([">50K", "<=50K"]).all()
    assert scored["Scored Probabilities"].between(0, 1).all()
    rows.astype(object).assign(age=[52, "old"]).to_csv(tmp_path / "bad.csv", index=False)
    bad = designer("score", "census", str(tmp_path / "bad.csv"), workspace=workspace, code=1)
    assert "1 row scored by onnxruntime" in bad.stderr
    assert "1 refused" in bad.stderr
    designer("export", str(inference), "--to", "onnx", "-o", str(tmp_path / "m.onnx"), workspace=workspace)
    designer("export", str(training), "--to", "python", "-o", str(tmp_path / "p.py"), workspace=workspace)
    designer("export", str(training), "--to", "notebook", "-o", str(tmp_path / "p.ipynb"), workspace=workspace)
    assert json.loads((tmp_path / "p.ipynb").read_text())["nbformat"] == 4
    assert (tmp_path / "m.onnx").stat().st_size > 1000
    assert (
        "designer" not in (tmp_path / "p.py").read_text().replace("Written by Designer", "").lower().split("import")[1]
    )


@pytest.mark.parametrize(
    "words",
    [
        ("score", "nobody", "rows.csv"),
        ("certify", "nobody"),
        ("deploy", "nothing.json", "--name", "x"),
        ("infer", "nothing.json", "-o", "out.json"),
        ("export", "nothing.json", "--to", "onnx", "-o", "out.onnx"),
    ],
)
def test_what_does_not_exist_is_said_in_one_sentence(workspace: Path, words: tuple[str, ...]) -> None:
    answer = designer(*words, workspace=workspace, code=2)
    assert answer.stderr.startswith("designer: ")


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind((settings.HOST, 0))
        taken.listen()
        yield taken.getsockname()[1]


def test_a_port_taken_by_another_program_is_named_with_the_way_out(tmp_path: Path, taken_port: int) -> None:
    answer = designer("start", "--port", str(taken_port), workspace=tmp_path / "w", code=2)
    assert f"Port {taken_port}" in answer.stderr
    assert "--port" in answer.stderr


def test_start_needs_no_port(tmp_path: Path, taken_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESIGNER_PORT", str(taken_port))
    assert f"Port {taken_port}" in designer("start", workspace=tmp_path / "w", code=2).stderr


@pytest.mark.parametrize("port", ["0", "-1", "65535", "eighty", ""])
@pytest.mark.parametrize("command", ["start", "open"])
def test_a_port_that_is_none_is_refused_by_name(tmp_path: Path, command: str, port: str) -> None:
    answer = designer(command, "--port", port, workspace=tmp_path / "w", code=2)
    assert "--port" in answer.stderr


def test_help_names_every_command() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "designer", "--help"],
        capture_output=True,
        text=True,
        env={**os.environ, "COLUMNS": "200"},
    )
    for command in (
        "start",
        "run",
        "check",
        "infer",
        "deploy",
        "certify",
        "score",
        "export",
        "modules",
        "samples",
        "dataset",
        "clean",
    ):
        assert command in answer.stdout


def test_what_the_database_has_lost_is_said_by_every_command_and_rebuild_brings_it_back(tmp_path: Path) -> None:
    file = tmp_path / "sales.csv"
    file.write_text("a,b\n1,2\n")
    folder = tmp_path / "workspace"
    designer("dataset", "add", str(file), workspace=folder)
    for path in folder.glob("designer.db*"):
        path.unlink()
    lost = designer("dataset", "list", workspace=folder)
    assert "sales " not in lost.stdout
    assert "Missing from it: 1 run, 1 dataset." in lost.stderr
    assert "dataset 'sales', version 1" in lost.stderr
    assert "designer rebuild" in lost.stderr
    dry_run = designer("rebuild", "--dry-run", workspace=folder)
    assert "missing    dataset 'sales', version 1" in dry_run.stdout
    back = designer("rebuild", workspace=folder)
    assert back.stdout.splitlines()[-1] == "2 restored"
    restored = designer("dataset", "list", workspace=folder)
    assert "sales " in restored.stdout
    assert restored.stderr == ""
    assert designer("rebuild", workspace=folder).stdout == "Nothing is missing.\n"


def test_a_damaged_database_is_set_aside_and_made_anew_from_the_record(tmp_path: Path) -> None:
    file = tmp_path / "sales.csv"
    file.write_text("a,b\n1,2\n")
    folder = tmp_path / "workspace"
    designer("dataset", "add", str(file), workspace=folder)
    for path in folder.glob("designer.db-*"):
        path.unlink()
    (folder / "designer.db").write_bytes(b"no database" * 1000)
    refused = designer("dataset", "list", workspace=folder, code=2)
    assert "designer rebuild" in refused.stderr
    designer("rebuild", workspace=folder)
    assert "sales " in designer("dataset", "list", workspace=folder).stdout
    assert len(list(folder.glob("designer.db.damaged-*"))) == 1


def test_a_run_that_finds_the_queue_full_ends_with_a_code_of_its_own(samples: Path, tmp_path: Path) -> None:
    with open_workspace(tmp_path) as opened:
        for _ in range(MostRuns.at_once + MostRuns.waiting):
            opened.runs.create({"name": "p", "nodes": {}})
    answer = designer("run", str(samples / "car-prices.json"), workspace=tmp_path, code=os.EX_TEMPFAIL)
    assert "100 runs are queued, and 4 are running." in answer.stderr


@pytest.fixture(scope="module")
def parametrized(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A document with a parameter for a dataset and one for a share."""
    library = Library.scan()
    nodes = {
        "data": Node("data", "dataset", parameters={"name": "Iris"}),
        "split": Node("split", "split-data", parameters={"fraction": 0.5, "stratified": False}),
    }
    pipeline = Pipeline("Split", nodes=nodes, edges=(Edge("data", "dataset", "split", "dataset"),))
    pipeline = promote(promote(pipeline, "data", "name", "rows", library), "split", "fraction", "share", library)
    file = tmp_path_factory.mktemp("parametrized") / "split.json"
    file.write_text(dumps(pipeline))
    return file


def test_a_run_takes_the_values_of_parameters_and_lists_them(parametrized: Path, workspace: Path) -> None:
    words = ("--param", "share=0.8", "--param", "rows=Iris:1")
    document = json.loads(designer("run", str(parametrized), *words, "--json", workspace=workspace).stdout)
    assert document["nodes"]["split"]["rows"] == 120
    listed = designer("run", "list", workspace=workspace).stdout.splitlines()[0]
    assert listed.endswith("share = 0.8, rows = Iris:1")
    shown = json.loads(designer("run", "show", "latest", "--json", workspace=workspace).stdout)
    assert shown["assignments"] == {"share": 0.8, "rows": "Iris:1"}
    assert "  share = 0.8\n" in designer("run", "show", "latest", workspace=workspace).stdout
    default = json.loads(designer("run", str(parametrized), "--json", workspace=workspace).stdout)
    assert default["nodes"]["split"]["rows"] == 75


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["--param", "share=1.5"], "share: 1.5 is above 1. Use a number at least 0 and at most 1."),
        (["--param", "share=nan"], "share: 'nan' is not a number."),
        (["--param", "shar=0.5"], "the pipeline has no parameter 'shar' (2 parameters). Did you mean 'share'?"),
        (["--param", "share"], "--param: 'share' is not an assignment. Write NAME=VALUE."),
        (["--param", "share=0.1", "--param", "share=0.2"], "--param: 'share' is given twice. Give one value."),
        (["--param", "rows=Irsi"], "rows: there is no dataset 'Irsi'"),
    ],
)
@pytest.mark.parametrize("command", ["run", "check"])
def test_a_value_that_does_not_fit_is_refused_by_run_and_by_check(
    parametrized: Path, workspace: Path, command: str, words: list[str], error: str
) -> None:
    answer = designer(command, str(parametrized), *words, workspace=workspace, code=2)
    assert error in answer.stderr


def test_a_script_is_exported_with_the_values_of_parameters(
    parametrized: Path, workspace: Path, tmp_path: Path
) -> None:
    script = tmp_path / "split.py"
    words = ("--to", "python", "-o", str(script), "--param", "share=0.25")
    designer("export", str(parametrized), *words, workspace=workspace)
    assert "0.25" in script.read_text()
    assert "$parameter" not in script.read_text()
