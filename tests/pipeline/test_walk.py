"""The walk over the graph: order, wiring, disabled nodes, cycles, unconnected ports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError, MissingInput, UnfittingWire, UnknownModule
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.pipeline.walk import Visit, handed_on, reaching, visit_of, visits, walk


def pipeline(nodes: Mapping[str, str], *wires: str) -> Pipeline:
    """Build a pipeline from modules by node id and wires written `source.output -> target.input`."""
    ends = (wire.replace(" -> ", ".").split(".") for wire in wires)
    return Pipeline(nodes={id: Node(id, module) for id, module in nodes.items()}, edges=tuple(Edge(*e) for e in ends))


def disabled(graph: Pipeline, id: str) -> Pipeline:
    return replace(graph, nodes={**graph.nodes, id: replace(graph.nodes[id], disabled=True)})


CHAIN = pipeline(
    {"c": "keep", "b": "halve", "a": "rows"}, "a.dataset -> b.dataset", "b.second -> c.dataset"
)  # fmt: skip


def names(visit: Visit, inputs: Mapping[str, str]) -> dict[str, str]:
    """Record the path of each value as text."""
    text = f"{visit.id}({', '.join(f'{port}={value}' for port, value in sorted(inputs.items()))})"
    return {port.name: f"{text}.{port.name}" for port in visit.spec.outputs}


def output_of(library: Library, module: str, place: int = 0) -> str:
    return library[module].spec().outputs[place].name


def test_a_value_is_handed_along_each_wire_after_the_node_it_comes_from(library: Library) -> None:
    made = walk(visits(CHAIN, library), names)
    assert made["c", output_of(library, "keep")].startswith("c(dataset=b(dataset=a()")
    assert ".second)" in made["c", output_of(library, "keep")]


def test_a_value_given_beforehand_is_what_the_nodes_below_see(library: Library) -> None:
    made = walk(visits(CHAIN, library), names, {("b", "second"): "given"})
    assert made["b", "second"] == "given"
    assert made["c", output_of(library, "keep")] == f"c(dataset=given).{output_of(library, 'keep')}"
    assert made["b", "first"].startswith("b(")


def test_a_disabled_node_hands_on_its_first_wired_input_of_the_same_type_and_is_not_read(library: Library) -> None:
    made = walk(visits(disabled(CHAIN, "b"), library), names)
    assert made["b", "first"] == made["b", "second"] == made["a", output_of(library, "rows")]


def test_a_disabled_node_without_an_input_hands_nothing_on(library: Library) -> None:
    made = walk(visits(disabled(CHAIN, "a"), library), names)
    assert ("a", output_of(library, "rows")) not in made
    assert made["b", "first"] == "b().first"


def test_a_wire_that_does_not_fit_brings_nothing(library: Library) -> None:
    learner = output_of(library, "learn")
    graph = pipeline({"l": "learn", "k": "keep"}, f"l.{learner} -> k.dataset")
    visit = visit_of(graph, "k", library)
    assert reaching(visit, {("l", learner): "a learner"}) == {}
    with pytest.raises(UnfittingWire):
        visit.require_wiring()
    assert not handed_on(visit_of(disabled(graph, "k"), "k", library), {("l", learner): "a learner"})


def test_an_open_port_a_cycle_and_a_missing_module_are_named_with_their_node(library: Library) -> None:
    with pytest.raises(MissingInput) as lonely:
        visit_of(pipeline({"k": "keep"}), "k", library).require_wiring()
    assert lonely.value.place.node == "k"

    kept = output_of(library, "keep")
    circle = pipeline({"x": "keep", "y": "keep"}, f"x.{kept} -> y.dataset", f"y.{kept} -> x.dataset")
    for id in ("x", "y"):
        with pytest.raises(DesignerError, match="waits for its own result"):
            visit_of(circle, id, library).require_wiring()

    with pytest.raises(UnknownModule, match="nowhere") as ghost:
        visit_of(pipeline({"g": "nowhere"}), "g", library).require_wiring()
    assert ghost.value.place.node == "g"


def test_a_disabled_node_on_a_cycle_hands_nothing_on(library: Library) -> None:
    kept = output_of(library, "keep")
    circle = pipeline({"x": "keep", "y": "keep"}, f"x.{kept} -> y.dataset", f"y.{kept} -> x.dataset")
    assert handed_on(visit_of(disabled(circle, "x"), "x", library), {("y", kept): "value"}) == {}


def test_every_node_on_a_cycle_comes_last(library: Library) -> None:
    kept = output_of(library, "keep")
    graph = pipeline(
        {"x": "keep", "y": "keep", "r": "rows", "k": "keep"},
        f"x.{kept} -> y.dataset", f"y.{kept} -> x.dataset", f"r.{output_of(library, 'rows')} -> k.dataset",
    )  # fmt: skip
    assert [visit.id for visit in visits(graph, library)] == ["r", "k", "x", "y"]
