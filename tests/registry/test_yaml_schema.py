"""The JSON Schemas of files in YAML: what is read is valid, and mistakes are marked at their place."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from designer.contract.errors import DesignerError
from designer.registry.component_file import read_component
from designer.registry.yaml_schema import component_schema
from designer.store.workspace import open_workspace
from designer.workbench.components import Components
from tests.export.test_component import exported, function, python, shell
from tests.registry.test_component_file import TRAIN

COMPONENT = Draft202012Validator(component_schema())
WHOLE = TRAIN.replace("no_text", "false")


class Loader(yaml.SafeLoader):
    """YAML as editors read it: version 1.2, in which `no` is a text and a date is one."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(("timestamp", "bool"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|True|TRUE|false|False|FALSE)$"), list("tTfF"))


def complaints(text: str, validator: Draft202012Validator = COMPONENT) -> list[str]:
    document: Any = yaml.load(text, Loader=Loader)
    return [".".join(map(str, error.absolute_path)) for error in validator.iter_errors(document)]


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(component_schema())


@pytest.mark.parametrize("make", [shell, python, function])
def test_every_exported_component_is_valid(make: Any, tmp_path: Path) -> None:
    with open_workspace(tmp_path / "workspace") as workspace:
        spec = Components(workspace).register(make(tmp_path))
        written = exported(workspace, spec.name, tmp_path / "out")
    assert complaints(written.read_text()) == []


CHANGES = [
    ("", "", ""),
    ("version: 1.10", "version: 2026-01-01", ""),
    ("description: Fit a model.", "description:", ""),
    ("  more: {type: uri_file, optional: true}\n", "  more: uri_file\n", ""),
    ("optional: true}\n  max", 'optional: "TRUE"}\n  max', ""),
    ("default: 0.01", 'default: "0.01"', ""),
    ("requirements: [scikit-learn, \"pandas>=2\"]", "conda_file: {dependencies: [numpy]}", ""),
    ("environment:\n", "environment: azureml:sklearn-1.5@latest\nproperties:\n", ""),
    ("outputs:\n", "resources: {instance_count: 1}\noutputs:\n", ""),
    ("outputs:\n", "environment_variables: {A: 1, B: x}\noutputs:\n", ""),
    ("type: command\n", "type: pipeline\n", "type"),
    ("{type: uri_folder}\n  more", "{type: uri_foldr}\n  more", "inputs.training_data.type"),
    ("{type: uri_folder}\n  more", "uri_foldr\n  more", "inputs.training_data"),
    ("default: 0.01", "default: [1]", "inputs.learning_rate.default"),
    ("{type: integer, optional: true}", "{type: integer, default: 1.5}", "inputs.max_epochs.default"),
    ("default: no_text", "default: maybe", "inputs.verbose.default"),
    ("enum: [constant, time-based], ", "enum: constant, ", "inputs.schedule.enum"),
    ("type: string, enum: [constant, time-based]", "type: enum", "inputs.schedule"),
    ("optional: true}\n  max", "optionl: true}\n  max", "inputs.more"),
    ("optional: true}\n  max", "optional: maybe}\n  max", "inputs.more.optional"),
    ("{type: uri_file,", "{type: table, format: xlsx,", "inputs.more.format"),
    ("code: ./src", "cod: ./src", ""),
    ("code: ./src", "code: [./src]", "code"),
    ("command: >-", "comand: >-", ""),
    ("outputs:\n", "resources: {instance_count: 4}\noutputs:\n", "resources.instance_count"),
    ("outputs:\n", "distribution: {type: mpi}\noutputs:\n", "distribution"),
    ("model_output: {type: uri_folder}", "model_output: {type: string}", "outputs.model_output.type"),
    ("requirements: [scikit-learn, \"pandas>=2\"]", "image: x", "environment"),
    ("is_deterministic: false", "is_deterministic: 0", "is_deterministic"),
    ("inputs:\n", "inputs:\n  a-b: {type: string}\n", "inputs"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "place"), CHANGES)
def test_a_component_is_valid_exactly_where_it_is_read(old: str, new: str, place: str, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "train.py").write_text("")
    assert old in TRAIN
    text = TRAIN.replace(old, new).replace("no_text", "false") if old else WHOLE
    (tmp_path / "train.yml").write_text(text)
    found = complaints(text)
    try:
        read_component(tmp_path / "train.yml").spec.checked()
    except DesignerError:
        assert found
        assert set(found) == {place}
    else:
        assert found == []
