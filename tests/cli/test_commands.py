"""The command line, as a user types it: real processes, real files."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from designer.cli import main
from designer.contract.library import Library
from designer.samples.templates import template, templates


@dataclass(frozen=True)
class Answer:
    """What a command said."""

    returncode: int
    stdout: str
    stderr: str


def designer(*words: str, workspace: Path, code: int = 0, apart: bool = False) -> Answer:
    """Run a command, in this process or in one of its own; fail with what it said where it ends otherwise."""
    arguments = [*words] if words[0] == "samples" else [*words, "--workspace", str(workspace)]
    answer = _apart(arguments) if apart else _here(arguments)
    assert answer.returncode == code, f"{answer.stdout}\n{answer.stderr}"
    assert "Traceback" not in answer.stderr
    return answer


def _apart(arguments: list[str]) -> Answer:
    command = [sys.executable, "-m", "designer", *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=240)
    return Answer(ended.returncode, ended.stdout, ended.stderr)


def _here(arguments: list[str]) -> Answer:
    output, errors = io.StringIO(), io.StringIO()
    with redirect_stdout(output), redirect_stderr(errors), pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["designer", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
    return Answer(int(ended.value.code or 0), output.getvalue(), errors.getvalue())


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
    assert "nothing stands in the way" in answer.stdout


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
    asked = json.loads(designer("clean", "--dry-run", "--json", workspace=workspace).stdout)
    assert (asked["removed"], asked["bytes"], asked["kinds"]) == (False, 0, {})  # all are of this hour
    assert asked["kept"]["files"] > 3
    words = designer("clean", workspace=workspace).stdout
    assert words.startswith("0.0 MB are free again; ")
    assert f"{asked['kept']['files']:,} results stay" in words
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


def test_a_failing_node_fails_the_run_and_says_why(samples: Path, workspace: Path) -> None:
    file = str(samples / "car-prices.json")
    answer = designer("run", file, "--json", "--set", "train.label_column=pirce", workspace=workspace, code=1)
    document = json.loads(answer.stdout)
    assert document["nodes"]["train"]["state"] == "failed"
    assert "Did you mean 'price'?" in document["nodes"]["train"]["error"]["message"]
    assert document["nodes"]["clean"]["state"] in ("finished", "reused")
    assert document["nodes"]["evaluate"]["state"] == "skipped"
    checked = json.loads(designer("check", file, "--json", workspace=workspace).stdout)
    assert checked == {"problems": [], "warnings": []}


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
        said = designer("dataset", "list", "--json", *more, workspace=workspace).stdout
        return [row["name"] for row in json.loads(said) if not row.get("sample")]

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
    """The twin of the browser's journey: infer, deploy, score, export."""
    training, inference = samples / "census-income.json", tmp_path / "inference.json"
    said = designer("infer", str(training), "--kind", "realtime", "-o", str(inference), workspace=workspace)
    assert "replaced" in said.stdout
    assert "removed" in said.stdout
    answer = designer("deploy", str(inference), "--name", "census", "--json", workspace=workspace)
    deployed = json.loads(answer.stdout)
    assert deployed["certificate"]["passed"]
    assert deployed["is_default"]
    assert deployed["engine"] == "onnxruntime"
    assert set(deployed["keys"]) == {"primary", "secondary"}
    again = json.loads(designer("certify", "census", "--json", workspace=workspace).stdout)
    assert again["passed"]
    assert again["checked"] > deployed["certificate"]["checked"]
    assert "HTTP against training run: 0 of" in designer("certify", "census", workspace=workspace).stdout
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


def test_starting_twice_or_on_a_taken_port_says_so(tmp_path: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        answer = designer("start", "--port", port, workspace=tmp_path / "w", code=2)
    assert f"Port {port}" in answer.stderr
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
