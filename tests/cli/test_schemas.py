"""`designer schema`: printed or written to a file, with what the workspace adds."""

from __future__ import annotations

import json
from pathlib import Path

from jsonschema import Draft202012Validator

from tests.cli.terminal import designer
from tests.cli.test_components import FILE


def test_the_schema_of_pipelines_has_the_components_of_the_workspace(tmp_path: Path) -> None:
    (tmp_path / "count.yml").write_text(FILE)
    designer("component", "add", str(tmp_path / "count.yml"), workspace=tmp_path / "ws")
    written = tmp_path / "made" / "pipeline.schema.json"
    assert designer("schema", "pipeline", "-o", str(written), workspace=tmp_path / "ws").stdout == f"{written}\n"
    validator = Draft202012Validator(json.loads(written.read_text()))
    node = {"module": "count_lines@1.0", "parameters": {"unit": 5}}
    (error,) = validator.iter_errors({"format": 2, "nodes": {"count": node}})
    assert list(error.absolute_path) == ["nodes", "count", "parameters", "unit"]


def test_without_a_workspace_there_are_the_modules_that_ship(tmp_path: Path) -> None:
    printed = json.loads(designer("schema", "pipeline", workspace=tmp_path / "none").stdout)
    assert "parameters-of-split-data" in printed["$defs"]
    assert not (tmp_path / "none").exists()
    for kind, required in (("component", "command"), ("pipeline-job", "jobs")):
        assert json.loads(designer("schema", kind, workspace=tmp_path / "none").stdout)["required"] == [required]


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    refused = designer("schema", "pipelin", workspace=tmp_path / "none", code=2)
    assert refused.stderr == "designer: 'pipelin' is no kind of file. Choose pipeline, component, pipeline-job.\n"
