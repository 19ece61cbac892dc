"""Pipelines, runs, models and endpoints: every action of the pages has its command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import onnx
import pytest

from designer.store.workspace import open_workspace
from tests.cli.terminal import designer


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a pipeline that ran twice, with different settings."""
    folder = tmp_path_factory.mktemp("nouns")
    workspace = folder / "workspace"
    made(workspace, "pipeline", "new", "--template", "car-prices")
    document = folder / "cars.json"
    designer("pipeline", "export", "Car prices", "-o", str(document), workspace=workspace)
    designer("run", str(document), workspace=workspace)
    designer("run", str(document), "--set", "split.seed=7", workspace=workspace)
    return workspace


def made(workspace: Path, *words: str) -> Any:
    return json.loads(designer(*words, "--json", workspace=workspace).stdout)


def test_a_pipeline_goes_out_as_a_document_and_comes_in_under_a_name(workspace: Path, tmp_path: Path) -> None:
    document = tmp_path / "out.json"
    designer("pipeline", "export", "Car prices", "-o", str(document), workspace=workspace)
    row = made(workspace, "pipeline", "import", str(document), "--name", "Second hand")
    assert row["name"] == "Second hand"
    assert row["nodes"] == len(json.loads(document.read_text())["nodes"])
    assert "Second hand" in designer("pipeline", "list", workspace=workspace).stdout


def test_a_deleted_pipeline_is_in_the_trash_and_comes_back(workspace: Path) -> None:
    row = made(workspace, "pipeline", "copy", "Car prices")
    designer("pipeline", "delete", row["id"], workspace=workspace)
    assert row["id"] not in [each["id"] for each in made(workspace, "pipeline", "list")]
    assert [each["id"] for each in made(workspace, "pipeline", "list", "--trash")] == [row["id"]]
    designer("pipeline", "restore", row["id"], workspace=workspace)
    assert row["id"] in [each["id"] for each in made(workspace, "pipeline", "list")]
    designer("pipeline", "delete", row["id"], workspace=workspace)
    designer("pipeline", "delete", row["id"], "--for-ever", workspace=workspace)
    assert made(workspace, "pipeline", "list", "--trash") == []


def test_runs_are_listed_the_newest_first_with_their_figure(workspace: Path) -> None:
    newest, before = made(workspace, "run", "list")[:2]
    assert newest["created"] >= before["created"]
    assert {newest["state"], before["state"]} == {"finished"}
    assert newest["figure"].startswith("Coefficient_of_Determination 0.")


def test_files_read_into_datasets_are_listed_only_on_request(workspace: Path, tmp_path: Path) -> None:
    file = tmp_path / "small.csv"
    file.write_text("a,b\n1,2\n3,4\n")
    before = made(workspace, "run", "list")
    designer("dataset", "add", str(file), workspace=workspace)
    assert made(workspace, "run", "list") == before
    assert made(workspace, "run", "list", "--imports")[0]["name"] == "Import small"


def test_a_run_is_shown_with_each_node_and_what_it_did(workspace: Path) -> None:
    shown = made(workspace, "run", "show", "latest")
    assert {node["state"] for node in shown["nodes"].values()} <= {"finished", "reused"}
    words = designer("run", "show", shown["id"][:8], "--follow", workspace=workspace).stdout
    assert all(node["title"] in words for node in shown["nodes"].values())


def test_two_runs_are_held_against_each_other(workspace: Path) -> None:
    newest, before = made(workspace, "run", "list")[:2]
    compared = made(workspace, "run", "compare", newest["id"], before["id"])
    assert (compared["first"], compared["second"]) == (before["id"], newest["id"])
    (setting,) = compared["settings"]
    assert (setting["setting"], setting["second"]) == ("Random seed", "7")
    assert {pair["metric"] for pair in compared["metrics"]} >= {"Coefficient_of_Determination"}
    assert all(pair["difference"] == pair["second"] - pair["first"] for pair in compared["metrics"])
    assert made(workspace, "run", "compare", "latest") == compared


def test_a_run_is_not_compared_with_itself(workspace: Path) -> None:
    answer = designer("run", "compare", "latest", "latest", workspace=workspace, code=2)
    assert "a run cannot be compared with itself. Choose two different runs." in answer.stderr


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--sort=-NOPE",), "--sort: no run has a metric 'NOPE'. There are: created, name, "),
        (
            ("--column", "Mean_Absolute_Eror"),
            "no run has a metric 'Mean_Absolute_Eror'. Did you mean 'Mean_Absolute_Error'?",
        ),
        (("--sort", "creatd"), "Did you mean 'created'?"),
    ],
)
def test_a_metric_that_no_run_has_is_refused_with_the_close_one(
    workspace: Path, words: tuple[str, ...], sentence: str
) -> None:
    assert sentence in designer("run", "list", *words, workspace=workspace, code=2).stderr


@pytest.mark.parametrize(
    "words", [("--experiment", "none"), ("--tag", "none"), ("--text", "none"), ("--state", "cancelled")]
)
def test_filters_that_match_no_run_say_so(workspace: Path, words: tuple[str, ...]) -> None:
    answer = designer("run", "list", *words, workspace=workspace)
    assert (answer.stdout, answer.stderr) == ("", "No runs match these filters.\n")
    answer = designer("run", "list", *words, "--json", workspace=workspace)
    assert (answer.stdout, answer.stderr) == ("[]\n", "")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("pipeline list", "There are no pipelines."),
        ("pipeline list --trash", "No pipeline is in the trash."),
        ("dataset list --trash", "No dataset is in the trash."),
        ("run list", "There are no runs."),
        ("run filters", "There are no saved filters."),
        ("experiment list", "There are no experiments."),
        ("model list", "There are no trained models."),
        ("component list", "There are no components."),
        ("component list --archived", "No component is archived."),
        ("environment list", "No environment was made for a component."),
        ("endpoint list", "There are no endpoints."),
        ("published list", "There are no published pipelines."),
    ],
)
def test_a_list_without_rows_says_so(
    tmp_path: Path, words: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    open_workspace(tmp_path / "empty").close()
    answer = designer(*words.split(), workspace=tmp_path / "empty")
    assert (answer.stdout, answer.stderr) == ("", f"{sentence}\n")
    answer = designer(*words.split(), "--json", workspace=tmp_path / "empty")
    assert (answer.stdout.strip() in ("[]", "{}"), answer.stderr) == (True, "")


def test_runs_carry_experiment_tags_description_and_where_they_came_from(workspace: Path, tmp_path: Path) -> None:
    document = tmp_path / "cars.json"
    designer("pipeline", "export", "Car prices", "-o", str(document), workspace=workspace)
    said = ["--experiment", "prices", "--tag", "owner=Ada", "--tag", "stage=a=b", "--description", "As it is"]
    designer("run", str(document), *said, workspace=workspace)
    shown = made(workspace, "run", "show", "latest")
    assert (shown["experiment"], shown["number"], shown["description"]) == ("prices", 1, "As it is")
    assert (shown["tags"], shown["trigger"]) == ({"owner": "Ada", "stage": "a=b"}, {"kind": "cli"})
    assert shown["submitted_by"]
    words = designer("run", "show", "latest", workspace=workspace).stdout
    assert "experiment prices, number 1, by" in words
    assert "tags owner=Ada, stage=a=b" in words
    assert "Coefficient of determination 0." in words

    designer("run", "tag", "latest", "owner=Bob", "--remove", "stage", workspace=workspace)
    designer("run", "describe", "latest", "As it was", workspace=workspace)
    changed = made(workspace, "run", "show", "latest")
    assert (changed["tags"], changed["description"]) == ({"owner": "Bob"}, "As it was")
    assert "'stage' has no value" in designer("run", "tag", "latest", "stage", workspace=workspace, code=2).stderr

    query = ["--experiment", "prices", "--tag", "owner=Bob", "--sort", "-Mean_Absolute_Error"]
    listed = made(workspace, "run", "list", *query, "--column", "Mean_Absolute_Error", "--save", "Bob's")
    assert [row["id"] for row in listed] == [shown["id"]]
    assert listed[0]["metrics"]["Mean_Absolute_Error"] > 0
    assert made(workspace, "run", "list", "--filter", "Bob's") == listed
    assert "Mean absolute error" in designer("run", "list", "--filter", "Bob's", workspace=workspace).stdout
    assert list(made(workspace, "run", "filters")) == ["Bob's"]
    designer("run", "filters", "--forget", "Bob's", workspace=workspace)
    assert made(workspace, "run", "filters") == {}
    assert "no filter" in designer("run", "list", "--filter", "Bob's", workspace=workspace, code=2).stderr
    assert made(workspace, "run", "metrics", "latest") == []


def test_an_experiment_is_listed_described_archived_and_restored(workspace: Path, tmp_path: Path) -> None:
    document = tmp_path / "cars.json"
    designer("pipeline", "export", "Car prices", "-o", str(document), workspace=workspace)
    designer("run", str(document), "--experiment", "old prices", workspace=workspace)
    row = next(each for each in made(workspace, "experiment", "list") if each["name"] == "old prices")
    assert (row["runs"], row["archived"]) == (1, None)
    designer("experiment", "describe", "old prices", "Before the crash", workspace=workspace)
    assert "Before the crash" in designer("experiment", "show", "old prices", workspace=workspace).stdout
    designer("experiment", "archive", "old prices", workspace=workspace)
    assert "old prices" not in designer("experiment", "list", workspace=workspace).stdout
    assert "archived" in designer("experiment", "list", "--archived", workspace=workspace).stdout
    refused = designer("run", str(document), "--experiment", "old prices", workspace=workspace, code=2)
    assert "'old prices' is archived" in refused.stderr
    assert made(workspace, "experiment", "restore", "old prices")["archived"] is None


def test_more_than_two_runs_are_held_against_each_other(workspace: Path) -> None:
    ids = [row["id"] for row in made(workspace, "run", "list", "--sort", "created")[:3]]
    compared = made(workspace, "run", "compare", *ids)
    assert compared["runs"] == ids
    assert [row["setting"] for row in compared["settings"]] == ["Random seed"]
    assert {row["metric"] for row in compared["metrics"]} >= {"Mean_Absolute_Error"}
    assert "the earliest first" in designer("run", "compare", *ids, workspace=workspace).stdout


def test_cancelling_a_run_that_ended_changes_nothing(workspace: Path) -> None:
    assert "already ended (finished)" in designer("run", "cancel", "latest", workspace=workspace).stdout
    assert made(workspace, "run", "show", "latest")["state"] == "finished"


def test_a_model_is_listed_and_taken_away_as_one_onnx_file(workspace: Path, tmp_path: Path) -> None:
    model, *_ = made(workspace, "model", "list")
    assert model["figure"]["metric"] == "Coefficient_of_Determination"
    file = tmp_path / "model.onnx"
    designer("model", "export", model["digest"][:8], "-o", str(file), workspace=workspace)
    onnx.checker.check_model(onnx.load(str(file)))


def test_an_endpoint_is_paused_rolled_back_promoted_rekeyed_and_deleted(workspace: Path, tmp_path: Path) -> None:
    document, inference = tmp_path / "cars.json", tmp_path / "inference.json"
    designer("pipeline", "export", "Car prices", "-o", str(document), workspace=workspace)
    designer("infer", str(document), "-o", str(inference), workspace=workspace)
    for _ in range(2):
        designer("deploy", str(inference), "--name", "cars", workspace=workspace)
    shown = made(workspace, "endpoint", "show", "cars")
    assert ([each["version"] for each in shown["versions"]], shown["version"]) == ([2, 1], 2)

    designer("endpoint", "pause", "cars", workspace=workspace)
    assert [(each["name"], each["state"]) for each in made(workspace, "endpoint", "list")] == [("cars", "paused")]
    designer("endpoint", "resume", "cars", workspace=workspace)
    designer("endpoint", "rollback", "cars", workspace=workspace)
    assert made(workspace, "endpoint", "show", "cars")["version"] == 1
    assert "no version before 1" in designer("endpoint", "rollback", "cars", workspace=workspace, code=2).stderr
    designer("endpoint", "promote", "cars", "2", workspace=workspace)
    assert made(workspace, "endpoint", "show", "cars")["version"] == 2

    before = made(workspace, "endpoint", "keys", "cars")
    after = made(workspace, "endpoint", "keys", "cars", "--rotate", "primary")
    assert before["primary"] != after["primary"]
    assert before["secondary"] == after["secondary"]

    designer("endpoint", "delete", "cars", "--yes", workspace=workspace)
    assert made(workspace, "endpoint", "list") == []


def test_a_pipeline_is_published_run_with_values_switched_disabled_and_removed(workspace: Path, tmp_path: Path) -> None:
    designer("parameter", "promote", "Car prices", "split.fraction", "--name", "share", workspace=workspace)
    row = made(workspace, "published", "add", "Monthly prices", "--pipeline", "Car prices", "--version", "1.0")
    assert (row["name"], row["address"], row["version"]) == ("Monthly prices", "monthly-prices", 1)
    assert row["parameters"]["share"]["type"] == "number"
    assert row["datasets"][0]["version"] is None
    run = made(workspace, "published", "submit", "monthly-prices", "--param", "share=0.6", "--tag", "month=May")
    assert (run["assignments"], run["tags"], run["state"]) == ({"share": 0.6}, {"month": "May"}, "queued")
    assert run["trigger"] == {"kind": "cli", "endpoint": "monthly-prices", "version": 1}
    refused = designer("published", "submit", "Monthly prices", "--param", "share=7", workspace=workspace, code=2)
    assert "share: 7 is above 1" in refused.stderr
    made(workspace, "run", "cancel", run["id"])
    assert made(workspace, "published", "list")[0]["last_run"]["state"] == "cancelled"

    second = made(workspace, "published", "add", "Monthly prices", "--run", run["id"], "--version", "2.0")
    assert (second["version"], second["parameters"]["share"]["default"]) == (2, 0.6)
    designer("published", "default", "Monthly prices", "1.0", workspace=workspace)
    words = designer("published", "show", "monthly-prices", workspace=workspace).stdout
    assert "* version 1   1.0" in words
    taken = designer(
        "published", "add", "Monthly prices", "--pipeline", "Car prices", "--version", "2.0",
        workspace=workspace, code=2,
    )  # fmt: skip
    assert "version 2.0 exists with other content" in taken.stderr
    assert "'monthly-prices' is the address of 'Monthly prices' already" in designer(
        "published", "add", "MONTHLY PRICES", "--pipeline", "Car prices", workspace=workspace, code=2
    ).stderr  # fmt: skip

    assert made(workspace, "published", "disable", "Monthly prices")["state"] == "disabled"
    assert "disabled" in designer("published", "submit", "Monthly prices", workspace=workspace, code=75).stderr
    designer("published", "enable", "Monthly prices", workspace=workspace)
    before = made(workspace, "published", "keys", "Monthly prices")
    after = made(workspace, "published", "keys", "Monthly prices", "--rotate", "secondary")
    assert (before["primary"], before["secondary"] == after["secondary"]) == (after["primary"], False)
    designer("published", "describe", "Monthly prices", "Every month", workspace=workspace)
    assert made(workspace, "published", "show", "Monthly prices")["description"] == "Every month"
    assert made(workspace, "endpoint", "list") == []
    assert "there is no endpoint" in designer("endpoint", "pause", "monthly-prices", workspace=workspace, code=2).stderr
    designer("published", "delete", "Monthly prices", "--yes", workspace=workspace)
    assert made(workspace, "published", "list") == []
    assert '"cancelled"' in designer("run", "show", run["id"], "--json", workspace=workspace, code=1).stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["pipeline", "delete", "nothing"], "there is no pipeline 'nothing'"),
        (["pipeline", "new", "--template", "nothing"], "there is no template 'nothing'"),
        (["run", "show", "0000"], "there is no run '0000'"),
        (["run", "nowhere.json"], "the file cannot be read"),
        (["model", "export", "0000", "-o", "m.onnx"], "there is no model '0000'"),
        (["endpoint", "show", "nothing"], "there is no endpoint 'nothing'"),
        (["endpoint", "promote", "nothing", "1"], "nothing"),
        (["endpoint", "keys", "nothing", "--rotate", "primary"], "there is no endpoint 'nothing'"),
        (["endpoint", "keys", "nothing", "--rotate", "third"], "there is no"),
        (["published", "show", "nothing"], "there is no published pipeline 'nothing'"),
        (["published", "add", "Cars"], "it is open what to publish"),
        (["published", "add", "Ж", "--pipeline", "Car prices"], "no letter or digit"),
    ],
)
def test_what_is_not_there_is_said_in_one_sentence(workspace: Path, words: list[str], message: str) -> None:
    answer = designer(*words, workspace=workspace, code=2)
    assert message in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1
