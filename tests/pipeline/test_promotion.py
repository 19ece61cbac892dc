"""Fields become pipeline parameters and fields again, by edits that can be undone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError, InvalidParameter
from designer.contract.reference import reference_to
from designer.pipeline.check import check
from designer.pipeline.document import dumps, loads
from designer.pipeline.edit import RefusedEdit, apply, remove_parameter
from designer.pipeline.graph import Pipeline, PipelineParameter
from designer.pipeline.parameters import bound, uses
from designer.pipeline.promotion import (
    demote,
    demotion,
    promote,
    promotion,
    removal,
    revision,
    set_parameter,
    suggested_name,
)

STEPS: list[dict[str, Any]] = [
    {"op": "add", "id": "rows", "module": "rows", "parameters": {"count": 4}},
    {"op": "add", "id": "more", "module": "rows"},
    {"op": "add", "id": "keep", "module": "keep", "parameters": {"columns": ["a"]}},
    {"op": "add", "id": "halve", "module": "halve", "parameters": {"how": "key", "key": "b"}},
    {"op": "add", "id": "train", "module": "train"},
]
FIELDS = [("rows", "count"), ("more", "count"), ("keep", "columns"), ("halve", "how"), ("halve", "key")]


@pytest.fixture
def pipeline(library: Library) -> Pipeline:
    return apply(Pipeline(), STEPS, library)


def test_a_field_becomes_a_parameter_with_its_value_type_bounds_and_help(pipeline: Pipeline, library: Library) -> None:
    made = promote(pipeline, "rows", "count", "rows", library)
    assert made.parameters == {
        "rows": PipelineParameter("rows", "integer", 4, "Number of rows", "How many rows.", 1, 10)
    }
    assert made.nodes["rows"].parameters == {"count": reference_to("rows")}
    assert bound(made).nodes == pipeline.nodes


@pytest.mark.parametrize(
    ("node", "field", "type", "default", "choices"),
    [
        ("more", "count", "integer", 3, ()),
        ("keep", "columns", "columns", ["a"], ()),
        ("halve", "how", "choice", "key", ("front", "key")),
        ("halve", "key", "column", "b", ()),
        ("train", "label", "column", None, ()),  # an empty field asks for a value at each run
    ],
)
def test_the_type_is_that_of_the_field(
    pipeline: Pipeline, library: Library, node: str, field: str, type: str, default: Any, choices: tuple[str, ...]
) -> None:
    parameter = promote(pipeline, node, field, "p", library).parameters["p"]
    assert (parameter.type, parameter.default, parameter.choices) == (type, default, choices)


def test_one_parameter_fills_fields_of_the_same_type_with_the_intersection_of_bounds(
    pipeline: Pipeline, library: Library
) -> None:
    wide = replace(pipeline, parameters={"rows": PipelineParameter("rows", "integer", 4, minimum=-5, maximum=7)})
    shared = promote(promote(wide, "rows", "count", "rows", library), "more", "count", "rows", library)
    assert (shared.parameters["rows"].minimum, shared.parameters["rows"].maximum) == (1, 7)
    assert [use.node for use in uses(shared, "rows")] == ["rows", "more"]
    with pytest.raises(RefusedEdit, match="'rows' is of type integer, and the field of type column"):
        promote(shared, "halve", "key", "rows", library)


def test_a_shared_parameter_whose_default_does_not_fit_the_second_field_is_refused(
    pipeline: Pipeline, library: Library
) -> None:
    beyond = replace(pipeline, parameters={"rows": PipelineParameter("rows", "integer", 50)})
    with pytest.raises(RefusedEdit, match="the default of 'rows' does not fit the field: 50 is above 10"):
        promote(beyond, "rows", "count", "rows", library)


@pytest.mark.parametrize(
    ("node", "field", "name", "words"),
    [
        ("gone", "count", "n", "there is no node 'gone'"),
        ("rows", "cuont", "n", "Rows has no parameter 'cuont'"),
        ("rows", "count", "two words", "'two words' cannot be the name of a parameter"),
        ("rows", "count", "1st", "cannot be the name"),
        ("rows", "count", "", "cannot be the name"),
        ("rows", "count", "n" * 81, "cannot be the name"),
    ],
)
def test_what_cannot_be_promoted_is_refused_in_words(
    pipeline: Pipeline, library: Library, node: str, field: str, name: str, words: str
) -> None:
    with pytest.raises(RefusedEdit, match=words):
        promote(pipeline, node, field, name, library)


def test_a_field_is_promoted_once(pipeline: Pipeline, library: Library) -> None:
    made = promote(pipeline, "rows", "count", "rows", library)
    with pytest.raises(RefusedEdit, match="Number of rows is the pipeline parameter 'rows' already"):
        promote(made, "rows", "count", "again", library)


def test_a_detached_field_has_the_default_and_the_parameter_goes_with_its_last_use(
    pipeline: Pipeline, library: Library
) -> None:
    both = promote(promote(pipeline, "rows", "count", "n", library), "more", "count", "n", library)
    one = demote(both, "rows", "count", library)
    assert (one.nodes["rows"].parameters, list(one.parameters)) == ({"count": 4}, ["n"])
    none = demote(one, "more", "count", library)
    assert (none.nodes["more"].parameters, none.parameters) == ({"count": 4}, {})
    with pytest.raises(RefusedEdit, match="'count' of 'more' is no pipeline parameter"):
        demotion(none, "more", "count")


def test_a_removed_parameter_leaves_its_default_everywhere(pipeline: Pipeline, library: Library) -> None:
    both = promote(promote(pipeline, "rows", "count", "n", library), "more", "count", "n", library)
    gone = apply(both, removal(both, "n"), library)
    assert [gone.nodes[id].parameters for id in ("rows", "more")] == [{"count": 4}] * 2
    asked = promote(pipeline, "train", "label", "label", library)
    assert remove_parameter(asked, "label").nodes["train"].parameters == {}


def test_a_parameter_is_changed_and_renamed_with_all_its_uses(pipeline: Pipeline, library: Library) -> None:
    made = promote(pipeline, "rows", "count", "n", library)
    changed = set_parameter(made, "n", {"default": "6", "title": "Sample size", "maximum": 8}, library)
    assert changed.parameters["n"] == replace(made.parameters["n"], default=6, title="Sample size", maximum=8)
    renamed = set_parameter(changed, "n", {"name": "size"}, library)
    assert list(renamed.parameters) == ["size"]
    assert renamed.nodes["rows"].parameters == {"count": reference_to("size")}
    assert bound(renamed) == bound(changed)
    assert revision(made, "n", {}) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"default": 99}, "n: 99 is above 10"),
        ({"default": "many"}, "n: 'many' is not a whole number"),
        ({"minimum": 5, "maximum": 4, "default": None}, "the minimum is above the maximum"),
        ({"name": "other"}, "there is already a parameter 'other'"),
        ({"name": "an other"}, "cannot be the name"),
    ],
)
def test_a_change_that_does_not_fit_is_refused(
    pipeline: Pipeline, library: Library, changes: dict[str, Any], words: str
) -> None:
    made = promote(promote(pipeline, "rows", "count", "n", library), "more", "count", "other", library)
    with pytest.raises(DesignerError, match=words):
        revision(made, "n", changes)


def test_an_unknown_parameter_is_refused_with_the_closest_name(pipeline: Pipeline, library: Library) -> None:
    made = promote(pipeline, "rows", "count", "rows", library)
    for refused in (lambda: revision(made, "row", {}), lambda: removal(made, "row")):
        with pytest.raises(InvalidParameter, match="Did you mean 'rows'"):
            refused()


def test_names_are_suggested_that_are_free(pipeline: Pipeline, library: Library) -> None:
    names = []
    for node in ("rows", "more"):
        names.append(suggested_name(pipeline, pipeline.nodes[node], "count", library))
        pipeline = promote(pipeline, node, "count", names[-1], library)
    assert names == ["count", "more_count"]


EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("promote"), st.sampled_from(FIELDS), st.sampled_from(["n", "m", "count"])),
        st.tuples(st.just("demote"), st.sampled_from(FIELDS), st.just("")),
        st.tuples(st.just("remove"), st.just(("", "")), st.sampled_from(["n", "m", "count"])),
        st.tuples(st.just("rename"), st.just(("m", "count")), st.sampled_from(["n", "m", "count"])),
    ),
    max_size=12,
)


def _operations(pipeline: Pipeline, library: Library, kind: str, place: tuple[str, str], name: str) -> list[Any]:
    match kind:
        case "promote":
            return promotion(pipeline, *place, name, library)
        case "demote":
            return demotion(pipeline, *place)
        case "remove":
            return removal(pipeline, name)
        case _:
            return revision(pipeline, place[0], {"name": place[1]})


@given(edits=EDITS)
def test_no_edit_of_parameters_changes_a_value_except_by_sharing_one(
    library: Library, edits: list[tuple[str, tuple[str, str], str]]
) -> None:
    pipeline = apply(Pipeline(), STEPS, library)
    for kind, place, name in edits:
        try:
            edited = apply(pipeline, _operations(pipeline, library, kind, place, name), library)
        except DesignerError:
            continue
        if kind != "promote" or name not in pipeline.parameters:
            assert _values(edited, library) == _values(pipeline, library)
        assert loads(dumps(edited)) == edited
        assert {use.parameter for use in uses(edited)} <= edited.parameters.keys()
        assert not any("pipeline parameter" in str(problem) for problem in check(edited, library))
        pipeline = edited


@given(place=st.sampled_from(FIELDS), name=st.sampled_from(["n", "m"]))
def test_a_field_that_is_promoted_and_detached_is_as_before(
    library: Library, place: tuple[str, str], name: str
) -> None:
    pipeline = apply(Pipeline(), STEPS, library)
    back = demote(promote(pipeline, *place, name, library), *place, library)
    assert _values(back, library) == _values(pipeline, library)
    assert back.parameters == {}


def _values(pipeline: Pipeline, library: Library) -> dict[str, dict[str, Any]]:
    """The settings of every node as its module reads them."""
    nodes = bound(pipeline).nodes
    return {id: library.read(node.module, node.version, node.parameters).parameters() for id, node in nodes.items()}
