"""Components as modules: ports, parameters and names."""

from __future__ import annotations

from typing import Any

import pytest

from designer.contract.catalogue.library import Library
from designer.contract.component import (
    Command,
    ComponentParameter,
    ComponentPort,
    ComponentSpec,
    InvalidComponent,
    RunsInEngine,
    component_module,
)
from designer.contract.errors import DesignerError, InvalidParameter
from designer.contract.ports import PortType

SPEC = ComponentSpec(
    "train",
    "1.3",
    Command("python", "train.py", ("--data", {"input": "data"}, {"parameter": "rate"})),
    inputs=(ComponentPort("data", PortType.TABLE), ComponentPort("more", optional=True)),
    outputs=(ComponentPort("model", title="The model"), ComponentPort("report", PortType.FILE)),
    parameters=(
        ComponentParameter("rate", "number", 0.1, "Learning rate", "Of each tree.", 0.0, 1.0),
        ComponentParameter("loss", "choice", "squared", choices=("squared", "absolute")),
        ComponentParameter("seed", "integer", optional=True),
    ),
    description="Train a model.\n\nWith care.",
)


def test_a_component_is_a_module_with_its_ports_and_parameters() -> None:
    spec = component_module(SPEC).spec()
    assert (spec.id, spec.title, spec.description, spec.documentation) == (
        "train@1.3", "train", "Train a model.", "With care.",
    )  # fmt: skip
    assert [(port.name, port.title, port.type, port.optional) for port in (*spec.inputs, *spec.outputs)] == [
        ("data", "Data", PortType.TABLE, False),
        ("more", "More", PortType.FOLDER, True),
        ("model", "The model", PortType.FOLDER, False),
        ("report", "Report", PortType.FILE, False),
    ]
    rate, loss, seed = spec.parameters
    assert (rate.label, rate.help, rate.default, rate.minimum, rate.maximum) == (
        "Learning rate", "Of each tree.", 0.1, 0.0, 1.0,
    )  # fmt: skip
    assert loss.choices == ("squared", "absolute")
    assert (seed.integer, seed.optional) == (True, True)
    assert spec.abilities.runs_code


def test_bad_values_are_refused_as_of_any_module() -> None:
    module = component_module(SPEC)
    with pytest.raises(InvalidParameter, match="Learning rate"):
        module.read({"rate": 2.0})
    with pytest.raises(InvalidParameter, match="Choose one of: squared, absolute"):
        module.read({"loss": "none"})
    with pytest.raises(InvalidParameter):
        module.read({"speed": 1})


def test_a_spec_survives_json_and_its_digest_with_it() -> None:
    again = ComponentSpec.from_json(SPEC.to_json())
    assert again == SPEC
    assert again.digest == SPEC.digest


@pytest.mark.parametrize("name", ["model_config", "shown", "_x", "class", "run", "spec", "p_0", "self", "inputs"])
def test_parameters_may_be_called_like_attributes_of_a_module(name: str) -> None:
    spec = ComponentSpec("c", "1", Command("python", "c.py"), parameters=(ComponentParameter(name, "integer", 3),))
    module = component_module(spec).read({})
    assert module.assigned() == {name: 3}
    (parameter,) = module.spec().parameters
    assert module.read({parameter.name: 5}).assigned() == {name: 5}


def test_clashing_names_stay_apart() -> None:
    names = ("run", "run_", "_run")
    spec = ComponentSpec(
        "c", "1", Command("python", "c.py"), parameters=tuple(ComponentParameter(n, "string", n) for n in names)
    )
    assert component_module(spec).read({}).assigned() == {name: name for name in names}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "a/b"}, "not a name and version"),
        ({"name": "x" * 300}, "not a name and version"),
        ({"version": "../1"}, "not a name and version"),
        ({"outputs": (ComponentPort("a"), ComponentPort("a"))}, "two outputs 'a'"),
        ({"parameters": (ComponentParameter("a b"),)}, "cannot name a port or parameter"),
        ({"command": Command("python", "c.py", ({"input": "x"},))}, "unknown input 'x'"),
    ],
)
def test_what_is_not_valid_is_refused_by_name(changes: dict[str, Any], words: str) -> None:
    document = {"name": "c", "version": "1", "command": Command("python", "c.py"), **changes}
    with pytest.raises(InvalidComponent, match=words):
        ComponentSpec(**document).checked()


def test_only_the_engine_runs_a_program() -> None:
    with pytest.raises(RunsInEngine, match="only a run of the pipeline starts"):
        component_module(SPEC).read({}).run()


def test_a_library_knows_components_apart_from_modules() -> None:
    library = Library().with_components({SPEC.id: lambda: component_module(SPEC)})
    assert SPEC.id in library
    assert library.read("train@1.3", 1, {}).spec().id == "train@1.3"
    assert list(library) == []
    with pytest.raises(DesignerError, match="Register that version"):
        library["train@2"]


def test_bounds_as_whole_numbers_and_as_floats_have_one_digest() -> None:
    specs = [
        ComponentSpec(
            "c", "1", Command("shell", "true"), parameters=(ComponentParameter("k", minimum=low, maximum=9.5),)
        )
        for low in (1, 1.0)
    ]
    assert specs[0].digest == specs[1].digest == ComponentSpec.from_json(specs[1].to_json()).digest
