"""Cache keys: what they depend on, and what they do not."""

from __future__ import annotations

import platform
from importlib.metadata import version
from typing import Any

import pytest

from designer.contract.catalogue.library import Library
from designer.contract.errors import InvalidParameter
from designer.contract.module import Module
from designer.contract.parameters import Parameter
from designer.engine.key import key_of, key_parts
from designer.engine.plan import plan
from designer.pipeline.edit import apply
from designer.pipeline.graph import Pipeline
from tests.engine.conftest import chain

SHIPPED = Library.scan()
PLAIN = [m for m in SHIPPED if m.spec().id not in ("import-data", "export-data", "dataset")]  # others read outside data


def key(module: Module, **inputs: str) -> str:
    return key_of(key_parts(module, SHIPPED, inputs))


def changed(module: Module, parameter: Parameter) -> Module | None:
    """The module with another value of the parameter; None if no candidate value is valid."""
    now = module.parameters()
    low = parameter.minimum if parameter.minimum is not None else 0
    high = parameter.maximum if parameter.maximum is not None else low + 2
    values: list[Any] = [
        *parameter.choices,
        True,
        False,
        low + 1,
        (low + high) / 2,
        low,
        high,
        "something",
        "1; 3",
        "3",
    ]
    for value in [{"start": "none", "rules": [{"by": "names", "names": ["something"]}]}, *values]:
        try:
            other = type(module).read({**now, parameter.name: value})
        except InvalidParameter:
            continue
        if other.parameters()[parameter.name] != now[parameter.name] and other.shown() == module.shown():
            return other
    return None


@pytest.mark.parametrize("module", PLAIN, ids=lambda m: m.spec().id)
def test_key_changes_with_any_shown_parameter(module: type[Module]) -> None:
    instance = module.read({})
    for parameter in instance.shown():
        other = changed(instance, parameter)
        assert other is None or key(other) != key(instance), parameter.name


def test_values_are_found_for_nearly_every_parameter() -> None:
    """Keeps the test above from passing vacuously."""
    instances = [module.read({}) for module in PLAIN]
    tried = [changed(instance, p) is not None for instance in instances for p in instance.shown()]
    assert sum(tried) > 0.75 * len(tried) > 50


def test_default_written_out_is_the_default() -> None:
    module = SHIPPED["split-data"]
    assert key(module.read({})) == key(module.read(module.read({}).parameters()))


def test_key_changes_with_inputs_and_their_ports() -> None:
    module = SHIPPED["join-data"].read({})
    keys = {
        key(module),
        key(module, left="x"),
        key(module, left="y"),
        key(module, right="x"),
        key(module, left="x", right="y"),
    }
    assert len(keys) == 5


def test_key_does_not_change_with_position_comment_title_or_name(library: Library) -> None:
    graph = chain(("numbers", {}), ("step", {}))
    edited = apply(
        graph,
        [
            {"op": "move", "positions": {"b": [500, 900]}},
            {"op": "comment", "id": "b", "text": "why"},
            {"op": "title", "id": "b", "text": "My step"},
            {"op": "rename", "name": "Another name"},
            {"op": "note", "id": "n", "text": "hello", "x": 0, "y": 0, "width": 100, "height": 50},
        ],
        library,
    )
    assert edited != graph
    assert _source_key(graph, library) == _source_key(edited, library)


def _source_key(graph: Pipeline, library: Library) -> str | None:
    return plan(graph, library, lambda key: None).steps["a"].key


def test_key_tells_infinite_numbers_apart() -> None:
    numbers = (float("inf"), float("-inf"), float("nan"), 1.0)
    steps = [SHIPPED.read("apply-math-operation", 1, {"category": "Operations", "constant": n}) for n in numbers]
    assert len({key(step) for step in steps}) == len(numbers)


def test_other_versions_of_the_libraries_give_another_key() -> None:
    module = SHIPPED["split-data"].read({})
    parts = key_parts(module, SHIPPED, {"dataset": "d1"})
    installed = {name: version(name) for name in ("numpy", "pandas", "pyarrow", "scikit-learn", "scipy")}
    assert parts["environment"] == {"python": platform.python_version(), **installed}
    for name in parts["environment"]:
        other = {**parts, "environment": {**parts["environment"], name: "0.0"}}
        assert key_of(other) != key_of(parts)
    assert key(module, dataset="d1") == key_of(parts)
