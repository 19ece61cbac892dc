"""The JSON Schema of documents: what the reader takes is valid, what it refuses is marked at its place."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from designer.contract.catalogue.library import Library
from designer.contract.component import Command, ComponentParameter, ComponentSpec, component_module
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.reference import reference_to
from designer.contract.values import Table
from designer.pipeline.assembly import arranged
from designer.pipeline.document import DamagedDocument, from_document, loads, to_document
from designer.pipeline.document_schema import document_schema
from designer.pipeline.graph import Group, Node, Note, Pipeline, PipelineParameter
from designer.samples.templates import Template, templates

SCHEMA = document_schema(Library.scan())
VALIDATOR = Draft202012Validator(SCHEMA)
BARE = Draft202012Validator(document_schema([]))
VALUES = [
    None, True, False, -1, 0, 1, 2, 0.5, 1.5, 10**9, 5 * 10**9, "", "x", "Split Rows", [], ["a"], ["a", 1], [[1]],
    [{"a": 1}], {}, {"start": "all"}, {"start": "some"}, {"rules": [{"by": "kinds", "kinds": ["Numeric"]}]},
    {"rules": [{"by": "kinds", "kinds": ["Numbers"]}]}, {"rules": 5}, {"ordered": "x"},
]  # fmt: skip


def complaints(document: Any, validator: Draft202012Validator = VALIDATOR) -> list[str]:
    """Where a document is not valid."""
    return [".".join(map(str, error.absolute_path)) for error in validator.iter_errors(document)]


def document(parameters: dict[str, Any], module: str = "split-data", **node: Any) -> dict[str, Any]:
    return {"format": 2, "nodes": {"split": {"module": module, "parameters": parameters, **node}}}


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("sample", templates(), ids=lambda sample: sample.id)
def test_every_sample_is_valid(sample: Template) -> None:
    assert complaints(to_document(sample.pipeline)) == []


def test_whatever_the_canvas_saves_is_valid() -> None:
    node = Node("a", "split-data", 1, {"fraction": reference_to("share")}, "why", "Halves", disabled=True)
    parameter = PipelineParameter("share", "number", 0.5, "Share", "Of rows", 0, 1.0)
    other = PipelineParameter("mode", "choice", choices=("x", "y"))
    pipeline = Pipeline(
        "p", "batch", {"a": node}, (), {}, (Note("n", "text", 1, 2),), "d", (Group("g", "G", ("a",), True),), "right",
        {"share": parameter, "mode": other},
    )  # fmt: skip
    assert complaints(to_document(arranged(pipeline))) == []


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        (document({"fraction": 2}), "nodes.split.parameters.fraction"),
        (document({"fraction": "half"}), "nodes.split.parameters.fraction"),
        (document({"mode": "split rows"}), "nodes.split.parameters.mode"),
        (document({"fracton": 0.5}), "nodes.split.parameters"),
        (document({"seed": 0.5}), "nodes.split.parameters.seed"),
        (document({"randomized": 1}), "nodes.split.parameters.randomized"),
        (document({"fraction": {"$parameter": "a b"}}), "nodes.split.parameters.fraction.$parameter"),
        (document({"fraction": {"$parameter": "a", "x": 1}}), "nodes.split.parameters.fraction"),
        (document({"columns": {"start": "some"}}, "select-columns-in-dataset"), "nodes.split.parameters.columns.start"),
        (document({"columns": ["a", 1]}, "select-columns-in-dataset"), "nodes.split.parameters.columns.1"),
        (document({}, comment=5), "nodes.split.comment"),
        (document({}, version=0), "nodes.split.version"),
        (document({}, disbled=True), "nodes.split"),
        (document({}, ""), "nodes.split.module"),
        ({"format": 3}, "format"),
        ({}, ""),
        ({"format": 2, "nods": {}}, ""),
        ({"format": 2, "kind": "train"}, "kind"),
        ({"format": 2, "edges": [{"source": "a", "output": "b", "target": "c"}]}, "edges.0"),
        ({"format": 2, "parameters": {"a b": {"type": "string"}}}, "parameters"),
        ({"format": 2, "parameters": {"a": {"type": "text", "default": 1, "maximum": "x"}}}, "parameters.a.maximum"),
        ({"format": 2, "parameters": {"a": {"type": "float"}}}, "parameters.a.type"),
        ({"format": 2, "notes": [{"text": "x"}]}, "notes.0"),
        ({"format": 2, "groups": [{"id": "g", "nodes": []}]}, "groups.0.nodes"),
    ],
)
def test_a_mistake_is_marked_at_its_place(wrong: Any, place: str) -> None:
    assert complaints(wrong) == [place]


def test_a_module_that_is_not_known_is_allowed_as_in_reading() -> None:
    unknown = document({"anything": 1}, "of-another-package")
    assert complaints(unknown) == []
    assert from_document(unknown).nodes["split"].module == "of-another-package"


def test_an_unreadable_layout_is_allowed_as_in_reading() -> None:
    for layout in (5, {"split": "left"}, {"split": [1, 2]}, {"gone": None}):
        placed = document({}) | {"layout": layout}
        from_document(placed)
        assert complaints(placed) == []


class Newer(Module, category="Data", version=3, replaces=("elder",)):
    """A module in its third version."""

    count: int = param(3, ge=1, label="Rows")
    """How many."""

    def run(self) -> Table:
        raise NotImplementedError


def test_settings_of_an_older_version_are_left_to_its_migration() -> None:
    validator = Draft202012Validator(document_schema([Newer]))
    old, new = {"rows": 5}, {"count": 0}
    assert complaints(document(old, "newer", version=2), validator) == []
    assert complaints(document(old, "newer"), validator) == []  # without a version it is the first
    assert complaints(document(new, "newer", version=3), validator) == ["nodes.split.parameters.count"]
    assert complaints(document(new, "elder", version=3), validator) == ["nodes.split.parameters.count"]


def test_components_are_checked_by_the_names_of_their_version() -> None:
    parameters = (ComponentParameter("rate", "number", 0.5, maximum=1), ComponentParameter("model_config", "integer"))
    spec = ComponentSpec("fit", "1.10", Command("shell", "true"), parameters=parameters)
    validator = Draft202012Validator(document_schema([component_module(spec)]))
    assert complaints(document({"rate": 0.1, "p_model_config_": 3}, "fit@1.10"), validator) == []
    assert complaints(document({"rate": 3}, "fit@1.10"), validator) == ["nodes.split.parameters.rate"]
    assert complaints(document({"rat": 1}, "fit@1.10"), validator) == ["nodes.split.parameters"]
    assert complaints(document({"rat": 1}, "fit@1.9"), validator) == []


def fields(modules: Iterable[type[Module]]) -> Iterator[tuple[type[Module], str, list[Any]]]:
    for module in modules:
        for parameter in module.spec().parameters:
            yield module, parameter.name, [*VALUES, *parameter.choices, parameter.minimum, parameter.maximum]


def takes(module: type[Module], field: str, value: Any, *, strict: bool) -> bool:
    """Whether a module takes a value for a field, as it stands in a document; else texts are read as numbers, too."""
    try:
        module.model_validate_json(json.dumps({field: value}), strict=strict)
    except ValidationError as error:
        return not any(detail["loc"][:1] == (field,) for detail in error.errors())
    return True


def test_a_value_is_valid_exactly_where_its_module_takes_it() -> None:
    differences = []
    for module, field, values in fields(Library.scan()):
        declared = SCHEMA["$defs"][f"parameters-of-{module.spec().id}"]["properties"][field]
        validator = Draft202012Validator({**declared, "$defs": SCHEMA["$defs"]})
        for value in values:
            is_valid = validator.is_valid(value)
            if is_valid and not takes(module, field, value, strict=False):
                differences.append(f"{module.spec().id}.{field} = {value!r} is valid")
            if not is_valid and takes(module, field, value, strict=True):
                differences.append(f"{module.spec().id}.{field} = {value!r} is not valid")
    assert differences == []


@given(st.recursive(st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=3),
                    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(
                        st.sampled_from(["format", "nodes", "edges", "notes", "groups", "kind", "parameters", "layout",
                                         "name", "a", "module", "version", "type", "default", "id", "text", "x"]),
                        inner, max_size=4), max_leaves=12))  # fmt: skip
def test_whatever_is_read_is_valid(content: Any) -> None:
    written = {"format": 2, **content} if isinstance(content, dict) else content
    try:
        read = loads(json.dumps(written))
    except DamagedDocument:
        return
    assert complaints(to_document(read), BARE) == []
    # reading takes a switch or a version that is written as another number or as text
    assert [place for place in complaints(written, BARE) if place.split(".")[-1] not in ("disabled", "version")] == []
