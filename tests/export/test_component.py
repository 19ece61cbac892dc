"""Components as files of Azure: readable without Designer, and the same component when they are read again."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import pytest

from designer.contract.catalogue.library import Library
from designer.contract.component import ComponentSpec
from designer.registry.component_file import read_component
from designer.registry.functions import function_source
from designer.registry.scripts import Interface, Source, script_source
from designer.registry.yaml_file import InvalidYaml, read_yaml
from designer.step.declare import Folder, Input, Output, Table, component
from designer.store.workspace import Workspace, open_workspace
from designer.workbench.components import Components
from designer.workbench.exports import Exports
from tests.registry.test_component_file import TRAIN


def exported(workspace: Workspace, name: str, folder: Path) -> Path:
    return Exports(workspace, Library()).component(name, folder)


def shell(folder: Path) -> Source:
    (folder / "src").mkdir()
    (folder / "src" / "train.py").write_text("")
    (folder / "train.yml").write_text(TRAIN.replace("no_text", "false"))
    source = read_component(folder / "train.yml")
    return replace(source, spec=replace(source.spec, environment=None))


def python(folder: Path) -> Source:
    declared = function_source(fit).spec
    (folder / "main.py").write_text("")
    (folder / "also.txt").write_text("x")
    (folder / "code").mkdir()
    (folder / "code" / "main.py").write_text("")
    interface = Interface(declared.inputs, declared.outputs, declared.parameters)
    arguments = ["--note", "it's", {"input": "rows"}, {"output": "model"}, {"parameter": "count"}]
    made = script_source(
        folder / "code" / "main.py", arguments, interface, version="2.0.1", description='A "quoted"\n: text é\x85',
        hash_paths=[folder / "also.txt"],
    )  # fmt: skip
    return replace(made, spec=replace(made.spec, category="Mine", author="us", reuse=False))


@component(version="1.10", environment=[])
def fit(
    rows: Table,
    model: Output[Folder],
    share: Annotated[float, Input(minimum=0, maximum=1, title="Share of rows")] = 1,
    count: int | None = None,
    mode: Literal[1, 2] = 2,
    loud: bool = False,
    more: Folder = None,
) -> None:
    """Fit."""
    (model / "seen.txt").write_text(repr((len(rows), share, count, mode, loud, more)))


def function(folder: Path) -> Source:
    (folder / "parts.py").write_text(
        "from designer.sdk import component, Folder, File, Output\n\n\n"
        "@component(version='3', environment=[])\n"
        "def parts(data: File, found: Output[Folder], count: int = 2, loud: bool = True, note: str = None):\n"
        "    (found / 'seen.txt').write_text(repr((data.path.read_text(), count, loud, note)))\n"
    )
    from designer.registry.python_file import components_in

    return components_in(folder / "parts.py")[0]


@pytest.mark.parametrize("make", [shell, python, function])
def test_an_exported_component_is_the_same_when_it_is_read_again(make: object, tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    with open_workspace(tmp_path / "one") as first, open_workspace(tmp_path / "two") as second:
        spec = Components(first).register(make(tmp_path / "source"), "yaml")  # type: ignore[operator]
        (tmp_path / "out").mkdir()
        file = exported(first, spec.name, tmp_path / "out")
        (again,) = Components(second).add(file)
    assert again.to_json() == spec.to_json()


def test_what_is_edited_in_the_file_wins(tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    with open_workspace(tmp_path / "one") as workspace:
        spec = Components(workspace).register(python(tmp_path / "source"))
        file = exported(workspace, spec.name, tmp_path)
    document = file.read_text()
    file.write_text(document.replace('command: "python main.py', 'command: "python -u main.py'))
    edited = read_component(file).spec
    assert edited.command.kind == "shell"
    assert edited.command.program.startswith("python -u main.py")
    file.write_text(document.replace('designer: "', 'designer: "['))
    with pytest.raises(InvalidYaml, match=r"'tags\.designer' is not what an export wrote"):
        read_component(file)


def test_the_file_has_what_azure_asks_for(tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    with open_workspace(tmp_path / "one") as workspace:
        spec = Components(workspace).register(python(tmp_path / "source"))
        entry = read_yaml(exported(workspace, spec.name, tmp_path))
    assert (entry.text_of("type"), entry.text_of("version"), entry.text_of("code")) == ("command", "2.0.1", "./main")
    assert entry.get("inputs").get("rows").text_of("type") == "uri_file"
    assert [each.text for each in entry.get("inputs").get("mode").get("enum").items()] == ["1", "2"]
    assert entry.text_of("command") == (
        "python main.py --note 'it'\"'\"'s' ${{inputs.rows}} ${{outputs.model}} $[[${{inputs.count}}]]"
    )
    assert entry.get("environment").text_of("image").startswith("mcr.microsoft.com/")
    assert json.loads(entry.get("tags").text_of("designer"))["category"] == "Mine"


def test_a_function_runs_by_its_command_line_without_designer(tmp_path: Path) -> None:
    """As Azure would run it: in a folder with the code, the placeholders replaced, and nothing of ours installed."""
    (tmp_path / "source").mkdir()
    with open_workspace(tmp_path / "one") as workspace:
        spec = Components(workspace).register(function(tmp_path / "source"))
        file = exported(workspace, spec.name, tmp_path)
    (tmp_path / "data.txt").write_text("seven")
    line = read_yaml(file).text_of("command")
    for name, value in {
        "inputs.data": tmp_path / "data.txt", "outputs.found": tmp_path / "found", "inputs.count": 5,
        "inputs.loud": "False",
    }.items():  # fmt: skip
        line = line.replace("${{" + name + "}}", str(value))
    line = line[: line.index("$[[")]
    environment = {"PATH": os.environ["PATH"]}
    line = line.replace("python ", "/usr/bin/env python3 -S ", 1)
    subprocess.run(["bash", "-c", line], cwd=tmp_path / spec.name, env=environment, check=True)
    assert (tmp_path / "found" / "seen.txt").read_text() == "('seven', 5, False, None)"


def test_names_and_types_survive(tmp_path: Path) -> None:
    assert ComponentSpec.from_json(function_source(fit).spec.to_json()) == function_source(fit).spec
