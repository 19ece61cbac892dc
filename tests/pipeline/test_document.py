"""Documents: readable and stable; damaged ones are reported with the place."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.pipeline.document import DamagedDocument, dumps, from_document, loads, to_document
from designer.pipeline.graph import Edge, Group, Node, Note, Pipeline


def sample() -> Pipeline:
    nodes = {
        "b": Node("b", "split-data", parameters={"fraction": 0.7}, comment="Why: überall", title="Mine"),
        "a": Node("a", "dataset", 2, {"name": "Iris"}, disabled=True),
    }
    edge = Edge("a", "dataset", "b", "dataset")
    layout = {"a": (0.0, 0.0), "b": (4.0, 108.0)}
    groups = (Group("g", "Both", ("a", "b"), collapsed=True),)
    return Pipeline("Iris", "training", nodes, (edge,), layout, (Note("n", "Hello"),), groups=groups, direction="right")


def test_save_and_open_give_an_equal_pipeline() -> None:
    assert loads(dumps(sample())) == sample()


def test_the_text_is_stable_and_readable() -> None:
    text = dumps(sample())
    assert text == dumps(loads(text))
    assert "überall" in text
    assert text.index('"a": {') < text.index('"b": {')


def test_a_group_keeps_only_nodes_that_are_there() -> None:
    document = to_document(sample())
    document["groups"] = [{"id": "g", "title": "", "nodes": ["b", "gone"]}, {"id": "h", "title": "", "nodes": ["gone"]}]
    assert from_document(document).groups == (Group("g", "", ("b",)),)


def test_a_group_says_that_it_is_collapsed_only_where_it_is() -> None:
    shown, folded = Group("g", "", ("a",)), Group("h", "", ("b",), collapsed=True)
    written = to_document(replace(sample(), groups=(shown, folded)))["groups"]
    assert written == [
        {"id": "g", "title": "", "nodes": ["a"]},
        {"id": "h", "title": "", "nodes": ["b"], "collapsed": True},
    ]


def test_unknown_modules_are_kept_with_their_wires() -> None:
    document = to_document(sample())
    document["nodes"]["b"]["module"] = "from-the-future"
    pipeline = from_document(document)
    assert pipeline.nodes["b"].module == "from-the-future"
    assert pipeline.edges


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": 99}, "newer"),
        ({"format": 0}, "does not exist"),
        ({"format": "1"}, "does not exist"),
        ({"nodes": {"a": {}}}, "nodes.a.module"),
        ({"nodes": []}, "nodes"),
        ({"edges": [{"source": "a", "output": "dataset", "target": "zzz", "input": "x"}]}, "no such node"),
        ({"edges": [{"source": "a"}]}, "edges.0"),
        ({"kind": "party"}, "kind"),
        ({"surprise": 1}, "surprise"),
        ({"edges": [[]]}, "edges.0': an object with fields should stand here"),
        ({"nodes": {"i" * 201: {"module": "m"}}}, r"nodes\.i+\.\.\."),
        ({"nodes": {f"n{i}": {"module": "m"} for i in range(5_001)}}, "at most 5000"),
    ],
)
def test_a_damaged_document_says_where(change: dict[str, object], words: str) -> None:
    with pytest.raises(DamagedDocument, match=words):
        from_document(to_document(sample()) | change)


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ('"name": "a", "name": "b"', "'name' occurs twice"),
        ('"nodes": {"a": {"module": "m", "parameters": {"p": NaN}}}', "NaN is not finite"),
        ('"nodes": {"a": {"module": "m", "parameters": {"p": [-Infinity]}}}', "-Infinity is not finite"),
        ('"nodes": {"a": {"module": "m", "parameters": {"p": {"q": 1e999}}}}', "1e999 is not finite"),
    ],
)
def test_json_that_says_two_things_or_nothing_is_refused(part: str, words: str) -> None:
    with pytest.raises(DamagedDocument, match=words):
        loads(f'{{"format": 1, {part}}}')


@pytest.mark.parametrize(
    "place",
    ["NaN", "[NaN, 0]", "[0, -Infinity]", "[1e999, 0]", "[1e300, 0]", "[1]", "[1, 2, 3]", '["left", 0]', "null", "{}"],
)
def test_a_place_that_cannot_be_read_is_no_place_and_the_others_stay(place: str) -> None:
    nodes = '"nodes": {"a": {"module": "m"}, "b": {"module": "m"}}'
    pipeline = loads(f'{{"format": 1, {nodes}, "layout": {{"a": {place}, "b": [4, 8]}}}}')
    assert pipeline.layout == {"b": (4, 8)}


@pytest.mark.parametrize("layout", ["null", "[]", '"none"', "NaN"])
def test_a_layout_that_is_none_loses_no_node(layout: str) -> None:
    pipeline = loads(f'{{"format": 1, "nodes": {{"a": {{"module": "m"}}}}, "layout": {layout}}}')
    assert (list(pipeline.nodes), pipeline.layout) == (["a"], {})


def test_a_note_without_a_readable_place_stands_at_the_origin() -> None:
    pipeline = loads('{"format": 1, "notes": [{"id": "n", "text": "kept", "x": NaN, "y": 1e300, "width": "wide"}]}')
    assert pipeline.notes == (Note("n", "kept", 0, 0, 200, 80),)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "[" * 100_000, b"\xff\xfe\x00", '{"a": 1}'])
def test_what_is_not_a_document_is_refused(text: str | bytes) -> None:
    with pytest.raises(DamagedDocument):
        loads(text)


def test_two_wires_into_one_input_are_refused() -> None:
    document = to_document(sample())
    document["edges"] *= 2
    with pytest.raises(DamagedDocument, match="two wires"):
        from_document(document)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@given(
    document=st.dictionaries(st.sampled_from(["format", "nodes", "edges", "layout", "notes", "groups", "name"]), JSON)
)
def test_any_json_is_read_or_refused_but_never_raises_otherwise(document: dict[str, object]) -> None:
    try:
        pipeline = from_document(document)
    except DamagedDocument:
        return
    assert loads(json.dumps(to_document(pipeline))) == pipeline
