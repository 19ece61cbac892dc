"""Functions as components: what their annotations declare, what code goes with them, and what is refused."""

from __future__ import annotations

import enum
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import pandas as pd
import pytest

from designer.contract.component import ComponentParameter, ComponentPort
from designer.contract.errors import DesignerError, FileMissing
from designer.contract.ports import PortType
from designer.registry.function_code import NotAlone, text_of
from designer.registry.functions import NotDeclared, function_source, interface_of
from designer.registry.python_file import NotReadable, components_in
from designer.registry.scripts import NotPython
from designer.step.declare import File, Folder, Input, Model, Output, Table, component


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Halves(NamedTuple):
    first: Table
    rest: pd.DataFrame


def everything(
    rows: Table,
    more: Folder | None,
    out: Output[Folder],
    report: Output[File],
    share: Annotated[float, Input(minimum=0, maximum=1, title="Share")] = 0.5,
    count: int | None = None,
    mode: Literal["fast", "exact"] = "fast",
    colour: Colour = Colour.BLUE,
    loud=False,
    *,
    note: str,
    model: Model = None,
) -> Halves:
    pass


def test_annotations_are_ports_and_settings_in_their_order() -> None:
    interface = interface_of(everything)
    assert interface.inputs == (
        ComponentPort("rows", PortType.TABLE),
        ComponentPort("more", PortType.FOLDER, optional=True),
        ComponentPort("model", PortType.FOLDER, optional=True),
    )
    assert [(port.name, port.type) for port in interface.outputs] == [
        ("out", PortType.FOLDER), ("report", PortType.FILE), ("first", PortType.TABLE), ("rest", PortType.TABLE),
    ]  # fmt: skip
    assert interface.parameters == (
        ComponentParameter("share", "number", 0.5, "Share", minimum=0, maximum=1),
        ComponentParameter("count", "integer", optional=True),
        ComponentParameter("mode", "choice", "fast", choices=("fast", "exact")),
        ComponentParameter("colour", "choice", "blue", choices=("red", "blue")),
        ComponentParameter("loud", "boolean", False),
        ComponentParameter("note"),
    )


def many(*values: int) -> None: ...
def unknown(value: complex) -> None: ...
def bare(value) -> None: ...
def wrong_default(count: int = 1.5) -> None: ...
def flag_as_number(count: int = True) -> None: ...
def port_default(rows: Folder = "here") -> None: ...
def returns_text() -> str: ...
def out_of_choices(mode: Literal["a", "b"] = "c") -> None: ...
def out_of_bounds(share: Annotated[float, Input(minimum=0, maximum=1)] = 5) -> None: ...
def no_room(share: Annotated[float, Input(minimum=1, maximum=0)]) -> None: ...
def bounded_text(share: Annotated[str, Input(minimum=1)]) -> None: ...
def unreadable(value: Missing) -> None: ...  # noqa: F821


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (many, "'values' of 'many' stands for any number of arguments"),
        (unknown, "'value' of 'unknown' is of the type complex"),
        (bare, "'value' of 'bare' has no annotation"),
        (wrong_default, r"'count' of 'wrong_default' has the default 1\.5"),
        (flag_as_number, "has the default True"),
        (port_default, "is an input with a default"),
        (returns_text, r"what 'returns_text' returns \('output'\) is no table"),
        (out_of_choices, "has the default 'c'"),
        (out_of_bounds, "'share' of 'out_of_bounds' has the default 5, above its maximum of 1"),
        (no_room, "has a minimum of 1 above its maximum of 0"),
        (bounded_text, "has bounds, but is a string"),
        (unreadable, "annotations of 'unreadable' cannot be read"),
    ],
)
def test_what_is_no_port_and_no_setting_is_named(function: Callable[..., Any], words: str) -> None:
    with pytest.raises(NotDeclared, match=words):
        interface_of(function)


def test_a_function_without_declaration_is_refused() -> None:
    with pytest.raises(NotDeclared, match="'many' is not declared"):
        function_source(many)


FILE = '''
from pathlib import Path
from mldesigner import command_component, Input, Output
from neighbour import NAME

@command_component(
    name="superpoint_and_superglue_component",
    version="1.3",
    display_name="Superpoint and Superglue",
    description="Write the matching images",
    environment=dict(conda_file=Path(__file__).parent / "conda.yaml", image="mcr.example/openmpi4.1.0-ubuntu20.04"),
)
def superpoint(
    input_data: Input(type="uri_folder"),
    data_output: Output(type="uri_folder"),
    threshold: Input(type="number", min=0, max=1, default=0.2),
    kind: Input(type="string", enum=["a", "b"]) = "a",
):
    """Unused."""
'''


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "neighbour.py").write_text("NAME = 'x'\n")
    (tmp_path / "conda.yaml").write_text("dependencies: [python, {pip: [torch]}]\n")
    (tmp_path / "parts.py").write_text(FILE)
    return tmp_path / "parts.py"


def test_a_file_for_mldesigner_is_read_as_it_is(file: Path) -> None:
    (source,) = components_in(file)
    spec = source.spec.checked()
    assert (spec.id, spec.title, spec.description) == (
        "superpoint_and_superglue_component@1.3", "Superpoint and Superglue", "Write the matching images",
    )  # fmt: skip
    assert spec.command.program == "parts.py"
    assert spec.command.arguments == ("superpoint",)
    assert [(port.name, port.type) for port in (*spec.inputs, *spec.outputs)] == [
        ("input_data", PortType.FOLDER), ("data_output", PortType.FOLDER),
    ]  # fmt: skip
    assert spec.parameters == (
        ComponentParameter("threshold", "number", 0.2, minimum=0, maximum=1),
        ComponentParameter("kind", "choice", "a", choices=("a", "b")),
    )
    assert spec.environment is not None
    assert spec.environment.requirements == ("torch",)
    assert set(source.files.sizes) == {"parts.py", "neighbour.py", "conda.yaml"}


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        (
            "import torch_of_nowhere\n",
            NotReadable,
            "imports 'torch_of_nowhere', which Designer's own environment lacks",
        ),
        ("1 / 0\n", NotReadable, "ends with ZeroDivisionError: division by zero"),
        ("import sys\nsys.exit(3)\n", NotReadable, "ends with SystemExit: 3"),
        ("import os\nos._exit(3)\n", NotReadable, "ended the process that reads it"),
        ("from designer.step.declare import component\n", NotReadable, "declares no component"),
        ("def f(:\n", NotPython, "is not Python"),
        (FILE.replace("number", "nmber"), NotDeclared, "'threshold' of 'superpoint' is of the type 'nmber'"),
        (FILE.replace("conda_file=", "conda="), DesignerError, "'environment' has no packages, only an image"),
        (FILE.replace("version=", "distribution={'type': 'mpi'}, version="), NotReadable, "several computers"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(
    file: Path, text: str, error: type[DesignerError], words: str
) -> None:
    file.write_text(text)
    with pytest.raises(error, match=words):
        components_in(file)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileMissing, match=r"there is no file 'none\.py'"):
        components_in(tmp_path / "none.py")


OUTSIDE = 3


def test_a_function_in_another_takes_its_text_alone_along() -> None:
    @component(
        environment=["numpy"],
    )
    def scaled(
        rows: Table,
        factor: float = 2.0,
    ) -> Table:
        """Scale."""
        import math

        # a comment stays
        return rows * math.sqrt(factor)

    source = function_source(scaled)
    assert list(source.files.sizes) == ["scaled.py"]
    assert text_of(scaled).splitlines() == [
        "def scaled(rows, factor=2.0):",
        '    """Scale."""', "    import math", "", "    # a comment stays", "    return rows * math.sqrt(factor)",
    ]  # fmt: skip


def test_a_text_that_needs_what_stands_around_it_is_refused() -> None:
    inner = 5

    def uses_global() -> int:
        return OUTSIDE

    def uses_local() -> int:
        return inner

    def uses_default(value: int = OUTSIDE) -> int:
        return value

    for function, name in ((uses_global, "OUTSIDE"), (uses_local, "inner"), (uses_default, "OUTSIDE")):
        with pytest.raises(NotAlone, match=f"'{function.__name__}' uses '{name}', which stands outside of it"):
            text_of(function)
