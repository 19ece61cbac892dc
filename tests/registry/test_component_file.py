"""Component files: read as they are, or refused with the field and the line."""

from __future__ import annotations

from pathlib import Path

import pytest

from designer.contract.component import Command, ComponentParameter, ComponentPort
from designer.contract.errors import DesignerError, FileMissing
from designer.contract.ports import PortType
from designer.registry.component_file import read_component
from designer.registry.conda import environment_of
from designer.registry.yaml_file import InvalidYaml, parse_yaml

TRAIN = """
$schema: https://example.org/commandComponent.schema.json
type: command
name: train_model
display_name: Train model
version: 1.10
description: Fit a model.
inputs:
  training_data: {type: uri_folder}
  more: {type: uri_file, optional: true}
  max_epochs: {type: integer, optional: true}
  learning_rate: {type: number, default: 0.01, min: 0, max: 1}
  schedule: {type: string, enum: [constant, time-based], default: constant}
  verbose: {type: boolean, default: no_text}
outputs:
  model_output: {type: uri_folder}
code: ./src
command: >-
  python train.py --data ${{inputs.training_data}} $[[--epochs ${{inputs.max_epochs}}]]
  --rate ${{inputs.learning_rate}} --to ${{outputs.model_output}}
is_deterministic: false
environment:
  requirements: [scikit-learn, "pandas>=2"]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "train.py").write_text("")
    (tmp_path / "train.yml").write_text(TRAIN.replace("no_text", "false"))
    return tmp_path / "train.yml"


def test_a_component_file_is_read_as_it_is(file: Path) -> None:
    spec = read_component(file).spec.checked()
    assert (spec.name, spec.version, spec.title, spec.description) == (
        "train_model", "1.10", "Train model", "Fit a model.",
    )  # fmt: skip
    assert spec.inputs == (
        ComponentPort("training_data", PortType.FOLDER),
        ComponentPort("more", PortType.FILE, optional=True),
    )
    assert spec.outputs == (ComponentPort("model_output", PortType.FOLDER),)
    assert spec.parameters == (
        ComponentParameter("max_epochs", "integer", optional=True),
        ComponentParameter("learning_rate", "number", 0.01, minimum=0.0, maximum=1.0),
        ComponentParameter("schedule", "choice", "constant", choices=("constant", "time-based")),
        ComponentParameter("verbose", "boolean", False),
    )
    assert isinstance(spec.command, Command)
    assert (spec.command.kind, spec.reuse) == ("shell", False)
    assert list(spec.files) == ["train.py"]
    assert spec.environment is not None
    assert spec.environment.requirements == ("scikit-learn", "pandas>=2")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("type: command\n", "type: pipeline\n", r"'type' is 'pipeline' \(line 3\)"),
        ("{type: uri_folder}\n  more", "{type: uri_foldr}\n  more", "'inputs.training_data.type' is 'uri_foldr', an"),
        ("default: 0.01", "default: fast", r"'inputs.learning_rate.default' is 'fast' \(line 12\)"),
        ("default: 0.01", "default: 5", r"'inputs.learning_rate' has the default 5, above .* \(line 12\)"),
        ("min: 0, max: 1", "min: 1, max: 0", "'inputs.learning_rate' has a minimum of 1 above its maximum"),
        ("min: 0, max: 1", "min: nan", "'inputs.learning_rate' has a bound that is no finite number"),
        ("default: no_text", "default: maybe", "'inputs.verbose.default' is 'maybe'"),
        ("code: ./src", "code: ./none", "there is no folder"),
        ("name: train_model\n", "name: a\nname: b\n", r"'name' is given twice \(line 5\)"),
        ("type: command\n", "type: &x command\n", "line 3 has an anchor"),
        ("Fit a model.", "!!python/object:os.system x", "line 7 has the tag"),
        ("outputs:\n", "resources: {instance_count: 4}\noutputs:\n", "'resources.instance_count' asks for several"),
        ("outputs:\n", "distribution: {type: mpi}\noutputs:\n", "'distribution' asks for several computers"),
        ("model_output: {type: uri_folder}", "model_output: {type: string}", "'outputs.model_output' is an output of"),
        (
            "environment:\n",
            "environment: azureml:my-own@latest\nproperties:\n",
            "'my-own', whose packages are not known",
        ),
        ("code: ./src", "cod: ./src", r"'cod' is not known \(line 17\). Did you mean 'code'"),
        ("optional: true}\n  max", "optionl: true}\n  max", "'inputs.more.optionl' is not known .*'optional'"),
        (
            "environment:\n",
            "environment_variables: {A-B: x}\nenvironment:\n",
            "'environment_variables.A-B' cannot name",
        ),
    ],
)
def test_what_cannot_be_read_names_field_and_line(file: Path, old: str, new: str, words: str) -> None:
    assert old in TRAIN
    file.write_text(TRAIN.replace(old, new).replace("no_text", "false"))
    with pytest.raises(DesignerError, match=words):
        read_component(file)


def test_environment_variables_are_set_before_the_command(file: Path) -> None:
    variables = """environment_variables: {GREETING: "it's $HOME", N: 3}\nenvironment:\n"""
    file.write_text(TRAIN.replace("environment:\n", variables).replace("no_text", "false"))
    lines = read_component(file).spec.command.program.splitlines()
    assert lines[:2] == ["export GREETING='it'\"'\"'s $HOME'", "export N=3"]
    assert lines[2].startswith("python train.py")


@pytest.mark.parametrize("name", ["../../x", "a/b", "a\\b"])
def test_a_name_with_a_slash_is_refused(file: Path, name: str) -> None:
    file.write_text(TRAIN.replace("name: train_model", f"name: {name}", 1).replace("no_text", "false"))
    with pytest.raises(InvalidYaml, match="Use letters, digits and underscores"):
        read_component(file)


def test_a_placeholder_without_an_input_is_refused(file: Path) -> None:
    file.write_text(TRAIN.replace("inputs.learning_rate}}", "inputs.rate}}").replace("no_text", "false"))
    with pytest.raises(DesignerError, match="unknown input 'rate'"):
        read_component(file).spec.checked()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "it is empty"),
        (b"a: [1", "it is not YAML"),
        (b"\xff\xfe\x00", "it is not YAML"),
        (b"x" * 1_100_000, r"it has 1\.1 MB"),
        (b"a: *b\n", "line 1 has an anchor or alias"),
        (b"[" * 5000, "it is not YAML"),
    ],
)
def test_bad_yaml_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(InvalidYaml, match=words):
        parse_yaml(content, "c.yml")


def test_a_curated_environment_is_known_by_its_packages(file: Path) -> None:
    lines = TRAIN.replace("no_text", "false").split("environment:")[0]
    file.write_text(f"{lines}environment: azureml://registries/azureml/environments/sklearn-1.5/labels/latest\n")
    environment = read_component(file).spec.environment
    assert environment is not None
    assert "scikit-learn==1.5.*" in environment.requirements


CONDA = """
name: env
channels: [conda-forge]
dependencies:
  - python=3.11
  - pip=23
  - pytorch=2.1
  - conda-forge::numpy>=1.24
  - pandas
  - pip:
    - azureml-mlflow==1.42
    - scikit-learn~=1.3
variables: {SEED: "7"}
"""


def test_a_conda_file_gives_its_packages_under_their_names_on_pypi(tmp_path: Path) -> None:
    (tmp_path / "conda.yaml").write_text(CONDA)
    environment = environment_of("conda.yaml", tmp_path)
    assert environment is not None
    assert environment.requirements == (
        "torch==2.1.*", "numpy>=1.24", "pandas", "azureml-mlflow==1.42", "scikit-learn~=1.3",
    )  # fmt: skip
    assert (environment.python, environment.variables) == ("3.11", {"SEED": "7"})


def test_a_requirements_file_is_a_list_of_packages(tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text("# ours\npandas>=2  # tables\n\nnumpy\n")
    environment = environment_of("r.txt", tmp_path)
    assert environment is not None
    assert environment.requirements == ("pandas>=2", "numpy")
    (tmp_path / "r.txt").write_text("-r other.txt\n")
    with pytest.raises(DesignerError, match="the option '-r other"):
        environment_of("r.txt", tmp_path)
    with pytest.raises(FileMissing, match=r"no file 'none\.txt'"):
        environment_of("none.txt", tmp_path)
