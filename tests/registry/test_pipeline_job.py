"""Pipeline jobs in YAML: read as pipelines, or refused with file, line and field; their JSON Schema agrees."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from designer.contract.catalogue.library import Library
from designer.contract.component import ComponentModule, ComponentSpec, component_module
from designer.contract.errors import DesignerError
from designer.contract.ports import PortType
from designer.pipeline.check import check
from designer.pipeline.graph import Edge, PipelineParameter
from designer.registry.pipeline_job.reading import PipelineJob, read_pipeline_job
from designer.registry.pipeline_job.schema import pipeline_job_schema
from tests.registry.test_yaml_schema import complaints

SCHEMA = Draft202012Validator(pipeline_job_schema())
COUNT = """
type: command
name: count_lines
version: 1.10
inputs:
  rows: {type: uri_folder}
  times: {type: integer, default: 1, min: 1, max: 9}
  unit: {type: string, enum: [lines, rows], default: lines}
  more: {type: uri_file, optional: true}
outputs:
  counted: {type: uri_folder}
command: >-
  wc -l ${{inputs.rows}}/* > ${{outputs.counted}}/count.txt $[[${{inputs.more}}]]
  ; true ${{inputs.times}} ${{inputs.unit}}
"""
JOB = """
$schema: https://azuremlschemas.azureedge.net/latest/pipelineJob.schema.json
type: pipeline
name: ignored_for_the_title
display_name: Count twice
description: Counts.
experiment_name: counting
tags: {owner: Ada, ticket: 42}
compute: azureml:cpu-cluster
inputs:
  rows:
    type: uri_folder
    path: ./data
    mode: ro_mount
  times: 3
  greeting: 'hello'
  free:
  share: {type: number, default: 0.5}
outputs:
  report: {type: uri_file, mode: upload}
  folder:
settings:
  default_datastore: azureml:workspaceblobstore
  continue_on_step_failure: false
  force_rerun: true
jobs:
  count-job:
    type: command
    component: file:./count.yml
    display_name: Count them
    description: Once more.
    compute: azureml:gpu-cluster
    resources: {instance_count: 1}
    inputs:
      rows: ${{parent.inputs.rows}}
      times: ${{parent.inputs.times}}
      unit: rows
      more:
    outputs:
      counted: ${{parent.outputs.folder}}
  report-job:
    command: >-
      echo ${{inputs.greeting}} ${{inputs.word}} ${{inputs.n}} ${{inputs.x}} ${{inputs.old}} ${{inputs.free}}
      "$(cat ${{inputs.counted}}/count.txt)" ${{inputs.file}} > ${{outputs.report}}
    environment: azureml:sklearn-1.5@latest
    environment_variables: {GREETING: "it's"}
    inputs:
      greeting: ${{parent.inputs.greeting}}
      free: ${{ inputs.free }}
      word: hello; echo no
      n: 7
      x: ${{parent.inputs.share}}
      old: 007
      counted: ${{parent.jobs.count-job.outputs.counted}}
      file: {type: uri_file, path: data/x.csv}
    outputs:
      report: ${{parent.outputs.report}}
  again:
    command: ls ${{inputs.a}} ${{inputs.b}} ${{inputs.c}}
    inputs:
      a: {type: uri_file, path: ./data/x.csv}
      b: {type: uri_folder, path: "azureml://datastores/shop/paths/a/b/"}
      c: {type: mltable, path: "azureml:sales:2"}
"""


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.scan()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "x.csv").write_text("a\n1\n")
    (tmp_path / "count.yml").write_text(COUNT)
    return tmp_path


Read = Callable[[str], PipelineJob]


@pytest.fixture
def read(folder: Path, library: Library) -> Read:
    def of(text: str) -> PipelineJob:
        (folder / "pipeline.yml").write_text(text)
        return read_pipeline_job(folder / "pipeline.yml", library)

    return of


def test_jobs_are_nodes_and_inputs_are_parameters(read: Read, folder: Path, library: Library) -> None:
    job = read(JOB)
    graph = job.graph
    assert (graph.name, graph.description, job.experiment) == ("Count twice", "Counts.", "counting")
    assert (job.tags, job.force) == ({"owner": "Ada", "ticket": "42"}, True)
    assert list(job.programs) == ["count-job", "report-job", "again"]
    count, report = graph.nodes["count-job"], graph.nodes["report-job"]
    assert (count.title, count.comment) == ("Count them", "Once more.")
    assert count.parameters == {"times": {"$parameter": "times"}, "unit": "rows"}
    assert report.parameters == {
        "greeting": {"$parameter": "greeting"}, "free": {"$parameter": "free"}, "word": "hello; echo no", "n": 7,
        "x": {"$parameter": "share"}, "old": "007",
    }  # fmt: skip
    assert Edge("count-job", "counted", "report-job", "counted") in graph.edges
    assert list(graph.parameters.values()) == [
        PipelineParameter("rows", "string", str(folder / "data")),
        PipelineParameter("times", "integer", 3, minimum=1.0, maximum=9.0),
        PipelineParameter("greeting", "string", "hello"),
        PipelineParameter("free", "string"),
        PipelineParameter("share", "number", 0.5),
    ]
    assert check(graph, job.modules(library)) == []


def test_data_is_imported_once_by_nodes_of_its_own(read: Read, folder: Path) -> None:
    graph = read(JOB).graph
    imports = {id: (node.module, node.parameters) for id, node in graph.nodes.items() if "@" not in node.module}
    assert imports == {
        "rows": ("import-folder", {"path": {"$parameter": "rows"}}),
        "report-job-file": ("import-file", {"path": str(folder / "data" / "x.csv")}),
        "again-b": ("import-folder", {"datastore": "shop", "path": "a/b"}),
        "again-c": ("dataset", {"name": "sales", "version": 2}),
    }
    assert Edge("report-job-file", "file", "again", "a") in graph.edges


def test_data_without_a_path_is_named_by_each_run(read: Read, library: Library) -> None:
    job = read(JOB.replace("    path: ./data\n", "", 1))
    assert job.graph.parameters["rows"] == PipelineParameter("rows", "string", None)
    assert job.graph.nodes["rows"].module == "import-folder"
    assert check(job.graph, job.modules(library)) == []


def test_a_command_becomes_a_component_with_what_its_job_gives_it(read: Read) -> None:
    spec = read(JOB).programs["report-job"].spec
    assert [(port.name, port.type) for port in spec.inputs] == [("counted", PortType.FOLDER), ("file", PortType.FILE)]
    assert [(port.name, port.type) for port in spec.outputs] == [("report", PortType.FILE)]
    types = {each.name: each.type for each in spec.parameters}
    assert types == {"greeting": "string", "free": "string", "word": "string", "n": "integer", "x": "number",
                     "old": "string"}  # fmt: skip
    assert spec.command.program.startswith("export GREETING='it'\"'\"'s'\necho ")
    assert spec.environment is not None
    assert spec.environment.requirements[0] == "scikit-learn==1.5.*"


def test_a_registered_component_is_named_with_or_without_its_version(folder: Path, library: Library) -> None:
    specs = [ComponentSpec("greet", version, _greeting().command, outputs=_greeting().outputs) for version in "12"]
    made: dict[str, Callable[[], type[ComponentModule]]] = {each.id: partial(component_module, each) for each in specs}
    offered = library.with_components(made, ["greet@2"])
    modules = {}
    for text in ("azureml:greet:1", "azureml:greet", "azureml:greet@latest"):
        (folder / "p.yml").write_text(f"type: pipeline\njobs:\n  a: {{type: command, component: '{text}'}}\n")
        job = read_pipeline_job(folder / "p.yml", offered)
        modules[text] = job.graph.nodes["a"].module
        assert job.programs == {}
    assert list(modules.values()) == ["greet@1", "greet@2", "greet@2"]
    for text, words in (("azureml:greet:3", "version 3 of 'greet', which is not"), ("azureml:gret", "mean 'greet'")):
        (folder / "p.yml").write_text(f"type: pipeline\njobs:\n  a: {{component: '{text}'}}\n")
        with pytest.raises(DesignerError, match=words):
            read_pipeline_job(folder / "p.yml", offered)


def _greeting() -> ComponentSpec:
    from designer.contract.component import Command

    return ComponentSpec("greet", "1", Command("shell", "echo hello"))


def test_a_component_may_be_written_in_its_job(read: Read) -> None:
    text = JOB.replace("component: file:./count.yml", "component:\n" + COUNT.strip().replace("\n", "\n      ").replace(
        "type: command", "      type: command", 1))  # fmt: skip
    assert read(text).programs["count-job"].spec.name == "count_lines"


WRONG = [
    ("type: pipeline\n", "type: command\n", r"'type' is 'command' \(line 3\)", "type"),
    ("experiment_name: counting", "experimnt_name: counting", r"'experimnt_name' is not known \(line 7\)", ""),
    ("compute: azureml:cpu-cluster\n", "schedule: {type: cron}\n", "'schedule' is not done .*designer schedule add",
     "schedule"),
    ("force_rerun: true", "force_rerun: maybe", "'settings.force_rerun' is 'maybe'", "settings.force_rerun"),
    ("force_rerun: true", "forc_rerun: true", "'settings.forc_rerun' is not known .*'force_rerun'", "settings"),
    ("path: ./data\n", "path: ./dat\n", r"'inputs.rows.path' is './dat', and there is no such folder", None),
    ("path: ./data\n", "path: https://example.org/x.csv\n", "'inputs.rows.path' is 'https.*datastore", None),
    ("path: ./data\n", "file: ./data\n", "'inputs.rows.file' is not known", None),
    ("path: ./data\n", "dataset: {local_path: ./data}\n", "'inputs.rows.dataset' is not known", None),
    ("path: data/x.csv", "path: data/y.csv", "'jobs.report-job.inputs.file.path' is 'data/y.csv', and there is", None),
    ("{type: uri_file, path: data", "{type: uri_fil, path: data", "file.type' is 'uri_fil', which has no path",
     "jobs.report-job.inputs.file.type"),
    ("times: 3", "times: three", r"'inputs.times' is 'three' \(line 15\). Write an integer", None),
    ("unit: rows", "unit: columns", r"'jobs.count-job.inputs.unit' is 'columns' \(line 37\). Choices are: lines", None),
    ("times: ${{parent.inputs.times}}", "times: 99", r"inputs.times' does not fit: 99 is above 9 \(line 36", None),
    ("times: ${{parent.inputs.times}}", "tims: 9", "tims' is no input of 'count_lines' .*'times'", None),
    ("rows: ${{parent.inputs.rows}}", "rows: 5", "rows' brings a value to an input for a file or folder", None),
    ("unit: rows", "unit: ${{parent.inputs.rows}}", "unit' brings a file or folder to an input for a value", None),
    ("      rows: ${{parent.inputs.rows}}\n", "", "'jobs.count-job.inputs' lacks 'rows', an input of 'count_", None),
    ("${{parent.inputs.greeting}}", "${{parent.inputs.greting}}", "refers to 'greting', which is no input .*'greeting'",
     None),
    ("jobs.count-job.outputs.counted", "jobs.count_jb.outputs.counted", "refers to 'count_jb', which is no job", None),
    ("count-job.outputs.counted}}", "count-job.outputs.count}}", "refers to 'count', which is no output", None),
    ("old: 007", "old: {type: integer}", "'jobs.report-job.inputs.old' has neither a path nor a value", None),
    ("old: 007", "old: [1]", "'jobs.report-job.inputs.old' is not a mapping", None),
    ("word: hello;", "word: ${{parent.inputs.rows}}/x", "'jobs.report-job.inputs.word' is .*no reference", None),
    ("report: ${{parent.outputs.report}}", "report: ${{parent.outputs.reprt}}", "'reprt', which is no output", None),
    ("report: ${{parent.outputs.report}}", "report: /tmp/x", "Write its type, or", "jobs.report-job.outputs.report"),
    ("counted: ${{parent.outputs.folder}}", "countd:", "'jobs.count-job.outputs.countd' is no output of", None),
    ("{type: uri_file, mode: upload}", "{type: uri_file, path: azureml://datastores/x/paths/y}",
     "'outputs.report.path' asks for a place of its own", "outputs.report.path"),
    ("{instance_count: 1}", "{instance_count: 2}", "instance_count' asks for several computers",
     "jobs.count-job.resources.instance_count"),
    ("resources: {instance_count: 1}", "distribution: {type: mpi}", "'jobs.count-job.distribution' asks for several",
     "jobs.count-job.distribution"),
    ("type: command\n    component", "type: sweep\n    component", r"'jobs.count-job.type' is 'sweep', a kind .*Tune",
     "jobs.count-job.type"),
    ("type: command\n    component", "type: parallel\n    component", "is 'parallel', a kind of job that", None),
    ("type: command\n    component", "type: pipeline\n    component", "'pipeline', a kind .*inner pipeline", None),
    ("type: command\n    component", "type: automl\n    component", "is 'automl', a kind of job that", None),
    ("type: command\n    component", "type: spark\n    component", "is 'spark', a kind of job that", None),
    ("type: command\n    component", "type: comand\n    component", "is 'comand', a kind .*mean 'command'", None),
    ("file:./count.yml", "./cont.yml", "'jobs.count-job.component' is './cont.yml', and there is no such", None),
    ("file:./count.yml", "azureml://registries/azureml/components/x", "names a registry, which", None),
    ("    display_name: Count them\n", "    command: ls\n", "'jobs.count-job.command' is that of the component",
     "jobs.count-job.command"),
    ("    display_name: Count them\n", "    disply_name: x\n", "'jobs.count-job.disply_name' is not known", None),
    ("environment: azureml:sklearn-1.5@latest", "environment: {image: python}", "has no packages, only an image",
     "jobs.report-job.environment"),
    ("${{inputs.word}}", "${{inputs.wort}}", r"refers to an unknown input 'wort'", None),
    ("  again:\n    command:", "  again:\n    comand:", "'jobs.again.comand' is not known .*'command'", None),
    ("x: ${{parent.inputs.share}}", "x: &anchor 5", "has an anchor or alias", None),
    ("  times: 3", "  rows: 3", "'rows' is given twice", None),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "words", "place"), WRONG)
def test_what_cannot_be_done_names_file_field_and_line(
    read: Read, folder: Path, old: str, new: str, words: str, place: str | None
) -> None:
    assert JOB.count(old) >= 1
    text = JOB.replace(old, new, 1)
    with pytest.raises(DesignerError, match=words) as refused:
        read(text)
    assert "pipeline.yml" in str(refused.value)
    assert "line" in str(refused.value) or "row" in str(refused.value)
    if place is not None:
        assert set(complaints(text, SCHEMA)) == {place}


def test_a_component_that_the_job_names_is_refused_with_its_own_file_and_line(read: Read, folder: Path) -> None:
    (folder / "count.yml").write_text(COUNT.replace("type: command", "type: pipeline"))
    with pytest.raises(DesignerError, match=r"count.yml: 'type' is 'pipeline' \(line 2\)"):
        read(JOB)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("type: pipeline\n", "the document has no 'jobs'"),
        ("type: pipeline\njobs:\n", "'jobs' has no job|the document has no job"),
        ("type: pipeline\njobs: [a]\n", "'jobs' is not a mapping"),
        ("type: pipeline\njobs: {a: }\n", "'jobs.a'"),
        ("type: pipeline\njobs: {a: {command: [ls]}}\n", "'jobs.a.command' is not a text"),
        ("- a\n", "is not a mapping"),
        ("just text", "is not a mapping|has no 'jobs'"),
        ("", "it is empty"),
    ],
)
def test_what_is_no_pipeline_job_is_refused(read: Read, text: str, words: str) -> None:
    with pytest.raises(DesignerError, match=words):
        read(text)


def test_two_jobs_that_wait_for_each_other_are_a_problem_of_the_check(read: Read, library: Library) -> None:
    job = read(
        "type: pipeline\njobs:\n"
        "  a: {command: 'cat ${{inputs.x}}', inputs: {x: '${{parent.jobs.b.outputs.y}}'}, outputs: {y: }}\n"
        "  b: {command: 'cat ${{inputs.x}}', inputs: {x: '${{parent.jobs.a.outputs.y}}'}, outputs: {y: }}\n"
    )
    assert "the wires form a cycle." in {problem.message for problem in check(job.graph, job.modules(library))}


def test_one_input_that_fills_settings_of_two_types_is_refused(read: Read) -> None:
    text = JOB.replace("unit: rows", "unit: ${{parent.inputs.times}}")
    with pytest.raises(DesignerError, match=r"'inputs.times' is used as integer and as choice \(line 15\)"):
        read(text)


def test_the_schema_takes_what_is_read() -> None:
    Draft202012Validator.check_schema(pipeline_job_schema())
    assert complaints(JOB, SCHEMA) == []
