"""Pipeline jobs in YAML on the command line: checked, run, imported, or refused before anything is stored."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from designer.store.workspace import open_workspace
from tests.cli.terminal import designer

COUNT = """
type: command
name: count_lines
inputs:
  rows: {type: uri_folder}
  times: {type: integer, default: 1}
outputs:
  counted: {type: uri_folder}
code: ./src
command: bash count.sh ${{inputs.rows}} ${{inputs.times}} > ${{outputs.counted}}/count.txt
"""
JOB = """
type: pipeline
display_name: Count twice
experiment_name: counting
tags: {owner: Ada}
inputs:
  rows: {type: uri_folder, path: ./data}
  times: 3
outputs:
  report: {type: uri_file}
jobs:
  count-job:
    component: ./count.yml
    inputs: {rows: "${{parent.inputs.rows}}", times: "${{parent.inputs.times}}"}
  report-job:
    command: echo "$GREETING" ${{inputs.word}} "$(cat ${{inputs.counted}}/count.txt)" > ${{outputs.report}}
    environment_variables: {GREETING: "it's $HOME"}
    inputs: {counted: "${{parent.jobs.count-job.outputs.counted}}", word: "$(echo no); 'x'"}
    outputs: {report: "${{parent.outputs.report}}"}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (
        ("data/a.csv", "1\n2\n"),
        ("other/b.csv", "1\n"),
        ("src/count.sh", 'echo $(cat "$1"/* | wc -l)x$2\n'),
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "count.yml").write_text(COUNT)
    (tmp_path / "pipeline.yml").write_text(JOB)
    return tmp_path


def report(folder: Path, *words: str) -> str:
    """What the last step of a run wrote."""
    ran = json.loads(designer("run", str(folder / "pipeline.yml"), "--json", *words, workspace=folder / "ws").stdout)
    assert ran["state"] == "finished"
    with open_workspace(folder / "ws") as workspace:
        written = workspace.value(ran["nodes"]["report-job"]["outputs"]["report"]["digest"])
        return str(written.path.read_text())


def test_a_job_is_checked_without_a_workspace(folder: Path) -> None:
    checked = designer("check", str(folder / "pipeline.yml"), workspace=folder / "ws")
    assert checked.stdout == "3 nodes, no problems.\n"
    assert not (folder / "ws").exists()


def test_a_job_runs_with_its_values_or_others(folder: Path) -> None:
    assert report(folder) == "it's $HOME $(echo no); 'x' 2x3\n"
    assert (
        report(folder, "--param", "times=4", "--param", f"rows={folder / 'other'}")
        == "it's $HOME $(echo no); 'x' 1x4\n"
    )
    listed = json.loads(designer("run", "list", "--json", workspace=folder / "ws").stdout)
    assert {(run["experiment"], run["tags"]["owner"]) for run in listed} == {("counting", "Ada")}
    again = json.loads(designer("run", str(folder / "pipeline.yml"), "--json", workspace=folder / "ws").stdout)
    assert {node["state"] for node in again["nodes"].values()} == {"reused"}
    (folder / "pipeline.yml").write_text(JOB.replace("jobs:", "settings: {force_rerun: true}\njobs:"))
    forced = json.loads(designer("run", str(folder / "pipeline.yml"), "--json", workspace=folder / "ws").stdout)
    assert {node["state"] for node in forced["nodes"].values()} == {"finished"}


def test_a_job_is_imported_with_its_cards_apart(folder: Path) -> None:
    designer("pipeline", "import", str(folder / "pipeline.yml"), workspace=folder / "ws")
    designer("pipeline", "export", "Count twice", "-o", str(folder / "out.json"), workspace=folder / "ws")
    document = json.loads((folder / "out.json").read_text())
    assert len({tuple(place) for place in document["layout"].values()}) == len(document["nodes"]) == 3
    assert designer("check", str(folder / "out.json"), workspace=folder / "ws").stdout == "3 nodes, no problems.\n"


@pytest.mark.parametrize("command", ["run", "check", "pipeline import"])
def test_what_cannot_be_done_is_refused_before_anything_is_stored(folder: Path, command: str) -> None:
    (folder / "pipeline.yml").write_text(JOB.replace("  report-job:\n", "  report-job:\n    type: sweep\n"))
    refused = designer(*command.split(), str(folder / "pipeline.yml"), workspace=folder / "ws", code=2)
    assert refused.stderr == (
        "designer: pipeline.yml: 'jobs.report-job.type' is 'sweep', a kind of job that Designer does not run "
        "(line 16). "
        "Use Tune Model Hyperparameters on the canvas, or submit the pipeline with several values.\n"
    )
    assert not (folder / "ws").exists()
    with open_workspace(folder / "ws"):
        pass
    assert designer(*command.split(), str(folder / "pipeline.yml"), workspace=folder / "ws", code=2) == refused
    assert json.loads(designer("component", "list", "--json", workspace=folder / "ws").stdout) == []
    assert json.loads(designer("run", "list", "--json", workspace=folder / "ws").stdout) == []


def test_a_job_where_a_document_belongs_is_named(folder: Path) -> None:
    refused = designer(
        "infer", str(folder / "pipeline.yml"), "-o", str(folder / "x.json"), workspace=folder / "ws", code=2
    )
    assert (
        "'pipeline.yml' is a pipeline job, and no document. Import it first: designer pipeline import" in refused.stderr
    )
