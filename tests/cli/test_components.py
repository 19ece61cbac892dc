"""`designer component`: from a component file to a run, on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.terminal import designer

FILE = """
type: command
name: count_lines
version: 1.0
display_name: Count lines
inputs:
  data: {type: uri_file}
  unit: {type: string, default: lines}
outputs:
  count: {type: uri_file}
command: echo $(wc -l < ${{inputs.data}}) ${{inputs.unit}} > ${{outputs.count}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "count.yml").write_text(FILE)
    return tmp_path


def test_a_component_file_is_registered_listed_shown_and_archived(folder: Path) -> None:
    ws = folder / "ws"
    added = designer("component", "add", str(folder / "count.yml"), workspace=ws)
    assert added.stdout == "count_lines, version 1.0: 1 input, 1 output, 1 setting.\n"
    listed = json.loads(designer("component", "list", "--json", workspace=ws).stdout)
    assert [(row["name"], row["version"], row["origin"]) for row in listed] == [("count_lines", "1.0", "yaml")]
    shown = designer("component", "show", "count_lines", workspace=ws).stdout
    assert "input      data: file" in shown
    assert "parameter  unit: string = lines" in shown
    assert "1.0 (default)" in shown
    designer("component", "archive", "count_lines", workspace=ws)
    assert json.loads(designer("component", "list", "--json", workspace=ws).stdout) == []
    designer("component", "restore", "count_lines", workspace=ws)
    assert len(json.loads(designer("component", "list", "--json", workspace=ws).stdout)) == 1


def test_other_content_under_the_same_version_is_refused(folder: Path) -> None:
    ws = folder / "ws"
    designer("component", "add", str(folder / "count.yml"), workspace=ws)
    (folder / "count.yml").write_text(FILE.replace("wc -l", "wc -c"))
    refused = designer("component", "add", str(folder / "count.yml"), workspace=ws, code=2)
    assert "version 1.0 of 'count_lines' exists with other content" in refused.stderr
    assert designer("component", "add", str(folder / "count.yml"), "--version", "1.1", workspace=ws).returncode == 0
    assert "1.1 (default), 1.0" in designer("component", "show", "count_lines", workspace=ws).stdout
    designer("component", "default", "count_lines", "1.0", workspace=ws)
    assert "1.1, 1.0 (default)" in designer("component", "show", "count_lines", workspace=ws).stdout


def test_the_functions_of_a_python_file_are_registered_and_it_says_that_it_executes(folder: Path) -> None:
    (folder / "parts.py").write_text(
        "from mldesigner import command_component, Input, Output\n"
        "print('read')\n\n"
        "@command_component(version='1.3', display_name='Match')\n"
        "def match(images: Input(type='uri_folder'), found: Output(type='uri_file'), limit: int = 3):\n"
        "    pass\n"
    )
    added = designer("component", "add", str(folder / "parts.py"), workspace=folder / "ws")
    assert added.stdout.splitlines()[-1] == "match, version 1.3: 1 input, 1 output, 1 setting."
    assert "Executing parts.py to read its components." in added.stderr
    listed = json.loads(designer("component", "list", "--json", workspace=folder / "ws").stdout)
    assert [(row["name"], row["origin"], row["title"]) for row in listed] == [("match", "function", "Match")]
    (folder / "parts.py").write_text("import torch_none\n")
    refused = designer("component", "add", str(folder / "parts.py"), workspace=folder / "ws", code=2)
    assert "imports 'torch_none', which Designer's own environment lacks" in refused.stderr


def test_a_bad_file_names_the_field(folder: Path) -> None:
    (folder / "count.yml").write_text(FILE.replace("uri_file}\n  unit", "uri_fil}\n  unit"))
    refused = designer("component", "add", str(folder / "count.yml"), workspace=folder / "ws", code=2)
    assert "'inputs.data.type' is 'uri_fil', an unknown type (line 7)" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_component_goes_out_as_a_file_and_comes_back_and_a_pipeline_takes_a_newer_version(folder: Path) -> None:
    ws = folder / "ws"
    designer("component", "add", str(folder / "count.yml"), workspace=ws)
    document = {"format": 1, "name": "Counting", "nodes": {"count": {"module": "count_lines@1.0", "version": 1,
                "parameters": {"unit": "rows"}}}, "edges": []}  # fmt: skip
    (folder / "counting.json").write_text(json.dumps(document))
    designer("pipeline", "import", str(folder / "counting.json"), workspace=ws)
    written = designer("component", "export", "count_lines", "-o", str(folder / "out"), workspace=ws).stdout.strip()
    assert Path(written).name == "count_lines.yml"
    again = designer("component", "add", written, workspace=ws)
    assert again.stdout == "count_lines, version 1.0: 1 input, 1 output, 1 setting.\n"
    newer = FILE.replace("version: 1.0", "version: 1.1").replace("default: lines", "default: words")
    (folder / "count.yml").write_text(newer)
    designer("component", "add", str(folder / "count.yml"), workspace=ws)
    used = designer("component", "use", "count_lines", "Counting", workspace=ws).stdout
    assert used == "count: version 1.1. The setting 'unit' is 'words' instead of 'lines' by default.\n"
    designer("pipeline", "export", "Counting", "-o", str(folder / "after.json"), workspace=ws)
    node = json.loads((folder / "after.json").read_text())["nodes"]["count"]
    assert (node["module"], node["parameters"]) == ("count_lines@1.1", {"unit": "rows"})
    assert "No step of 'Counting'" in designer("component", "use", "count_lines", "Counting", workspace=ws).stderr
