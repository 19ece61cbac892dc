"""Components in another version than the palette offers: what changes, and the edit that takes it."""

from __future__ import annotations

from designer.contract.catalogue.library import Library
from designer.contract.component import (
    Command,
    ComponentParameter,
    ComponentPort,
    ComponentSpec,
    component_module,
)
from designer.contract.ports import PortType
from designer.pipeline.edit import apply
from designer.pipeline.graph import Edge, Group, Node, Pipeline
from designer.pipeline.lint.lint import lint
from designer.pipeline.newer import newer

TABLE, FOLDER = PortType.TABLE, PortType.FOLDER


def version(
    name: str, inputs: dict[str, PortType], outputs: dict[str, PortType], *settings: ComponentParameter
) -> ComponentSpec:
    return ComponentSpec(
        "train", name, Command("shell", "true"),
        inputs=tuple(ComponentPort(port, type) for port, type in inputs.items()),
        outputs=tuple(ComponentPort(port, type) for port, type in outputs.items()),
        parameters=settings,
    )  # fmt: skip


OLD = version("1.3", {"rows": TABLE, "more": FOLDER}, {"model": FOLDER, "log": FOLDER},
              ComponentParameter("rate", "number", 0.1), ComponentParameter("old", "integer", 1))  # fmt: skip
NEW = version("1.4", {"rows": TABLE, "extra": FOLDER}, {"model": TABLE, "log": FOLDER},
              ComponentParameter("rate", "number", 0.2), ComponentParameter("seed", "integer", 3))  # fmt: skip
COMPONENTS = {spec.id: (lambda spec=spec: component_module(spec)) for spec in (OLD, NEW)}
LIBRARY = Library({}).with_components(COMPONENTS, [NEW.id])
PIPELINE = Pipeline(
    "p",
    nodes={
        "a": Node("a", OLD.id), "b": Node("b", OLD.id, 1, {"rate": {"$parameter": "r"}, "old": 5}, "why", "Title"),
        "c": Node("c", NEW.id),
    },
    edges=(Edge("a", "model", "b", "rows"), Edge("a", "log", "b", "more"), Edge("b", "log", "c", "extra")),
    layout={"a": (0, 0), "b": (0, 100), "c": (0, 200)},
    groups=(Group("g", "Both", ("a", "b")),),
)  # fmt: skip


def test_changes_of_the_interface_are_named() -> None:
    first, second = newer(PIPELINE, LIBRARY)
    assert (first.node, first.version, second.node) == ("a", "1.4", "b")
    assert first.changes == (
        "The input 'extra' is new.", "The input 'more' is gone.", "The output 'model' is a data instead of a folder.",
        "The setting 'seed' is new.", "The setting 'old' is gone.",
        "The setting 'rate' is 0.2 instead of 0.1 by default.",
    )  # fmt: skip


def test_the_edit_keeps_all_that_the_new_version_has() -> None:
    edited = apply(PIPELINE, newer(PIPELINE, LIBRARY)[1].operations, LIBRARY)
    node = edited.nodes["b"]
    assert (node.module, node.parameters) == ("train@1.4", {"rate": {"$parameter": "r"}})
    assert (node.title, node.comment) == ("Title", "why")
    assert set(edited.edges) == {Edge("a", "model", "b", "rows"), Edge("b", "log", "c", "extra")}
    assert edited.layout["b"] == (0, 100)
    assert edited.groups == PIPELINE.groups


def test_the_canvas_offers_it_with_one_click() -> None:
    offers = [warning for warning in lint(PIPELINE, LIBRARY) if warning.rule == "newer-version"]
    assert [(offer.node, offer.fix_title) for offer in offers] == [("a", "Use 1.4"), ("b", "Use 1.4")]
    assert "The input 'extra' is new." in offers[0].message
    edited = apply(PIPELINE, [*offers[0].fix, *offers[1].fix], LIBRARY)
    assert edited.nodes["b"].parameters == {"rate": {"$parameter": "r"}}
    assert [warning for warning in lint(edited, LIBRARY) if warning.rule == "newer-version"] == []


def test_what_is_no_component_or_unknown_is_left_alone() -> None:
    pipeline = Pipeline(
        "p", nodes={"a": Node("a", "split-data"), "b": Node("b", "train@0.1"), "c": Node("c", "other@1")}
    )
    assert newer(pipeline, LIBRARY) == []
