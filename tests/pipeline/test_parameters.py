"""References to pipeline parameters are replaced by values before anything reads a node."""

from __future__ import annotations

from dataclasses import replace

import pytest

from designer.contract.catalogue.library import Library
from designer.contract.errors import InvalidParameter
from designer.contract.reference import reference_to, referenced
from designer.pipeline.check import check
from designer.pipeline.document import DamagedDocument, dumps, from_document, loads, to_document
from designer.pipeline.edit import apply
from designer.pipeline.graph import Node, Pipeline, PipelineParameter
from designer.pipeline.lint.lint import lint
from designer.pipeline.parameters import UnknownParameter, bound, previewed, unbound, uses
from designer.pipeline.propagate import propagate

COUNT = PipelineParameter("rows", "integer", 5, "Rows", "How many.", 1, 10)
KEPT = PipelineParameter("kept", "columns")
STEPS = [
    {"op": "add", "id": "rows", "module": "rows", "parameters": {"count": reference_to("rows")}},
    {"op": "add", "id": "keep", "module": "keep", "parameters": {"columns": reference_to("kept")}},
    {"op": "connect", "source": "rows", "output": "dataset", "target": "keep", "input": "dataset"},
]


@pytest.fixture
def pipeline(library: Library) -> Pipeline:
    return replace(apply(Pipeline(), STEPS, library), parameters={"rows": COUNT, "kept": KEPT})


def test_assignments_and_defaults_stand_in_the_place_of_references(pipeline: Pipeline) -> None:
    made = bound(pipeline, {"kept": "a,b"})
    assert made.nodes["rows"].parameters == {"count": 5}
    assert made.nodes["keep"].parameters == {"columns": ["a", "b"]}
    assert made.parameters == {}
    assert bound(pipeline, {"rows": "7", "kept": ["a"]}).nodes["rows"].parameters == {"count": 7}
    assert pipeline.nodes["rows"].parameters == {"count": {"$parameter": "rows"}}


def test_a_pipeline_without_references_is_bound_to_itself(library: Library) -> None:
    plain = apply(Pipeline(), [{"op": "add", "id": "rows", "module": "rows", "parameters": {"count": 4}}], library)
    assert bound(plain) is plain
    assert bound(plain, {}) is plain
    assert previewed(plain) is plain


def test_binding_twice_changes_nothing(pipeline: Pipeline) -> None:
    once = bound(pipeline, {"kept": ["a"]})
    assert bound(once) is once


def test_what_only_looks_like_a_reference_is_a_value() -> None:
    assert referenced({"$parameter": "x"}) == "x"
    assert [referenced(value) for value in ({"$parameter": 3}, {"$parameter": "x", "y": 1}, "x", None, [])] == [
        None
    ] * 5


@pytest.mark.parametrize(
    ("assignments", "words"),
    [
        ({}, "kept: no value is given, and it has no default"),
        ({"kept": ["a"], "row": 3}, "Did you mean 'rows'?"),
        ({"kept": ["a"], "rows": 11}, "rows: 11 is above 10"),
        ({"kept": ["a"], "rows": float("nan")}, "rows: nan is not a whole number"),
        ({"kept": ["a"], "rows": 10**400}, "is beyond 64 bits"),
    ],
)
def test_unknown_missing_and_unfit_values_are_refused(
    pipeline: Pipeline, assignments: dict[str, object], words: str
) -> None:
    with pytest.raises(InvalidParameter) as refused:
        bound(pipeline, assignments)
    assert words in str(refused.value)


def test_a_reference_to_no_parameter_is_refused_and_is_a_problem_of_its_field(
    pipeline: Pipeline, library: Library
) -> None:
    without = replace(pipeline, parameters={"kept": replace(KEPT, default=["a"]), "row": COUNT})
    with pytest.raises(UnknownParameter, match=r"no parameter 'rows' \(2 parameters\). Did you mean 'row'\?"):
        bound(without)
    (problem,) = check(without, library)
    assert (problem.node, problem.parameter) == ("rows", "count")
    assert "Rows, Number of rows: pipeline parameter 'rows': the pipeline has no parameter 'rows'" in str(problem)


def test_a_default_that_does_not_fit_is_a_problem_of_each_field_it_fills(pipeline: Pipeline, library: Library) -> None:
    wrong = replace(pipeline, parameters={"rows": replace(COUNT, default=99), "kept": replace(KEPT, default=["a"])})
    (problem,) = check(wrong, library)
    assert "pipeline parameter 'rows': its default does not fit: 99 is above 10" in str(problem)


def test_a_value_that_the_module_refuses_is_a_problem_like_any_other(pipeline: Pipeline, library: Library) -> None:
    loose = PipelineParameter("rows", "integer", 50)
    kept = replace(KEPT, default=["nothing"])
    problems = check(replace(pipeline, parameters={"rows": loose, "kept": kept}), library)
    assert [problem.node for problem in problems] == ["rows"]
    assert "50 is above 10" in str(problems[0])


def test_a_value_asked_for_at_each_run_is_no_problem_before_it(pipeline: Pipeline, library: Library) -> None:
    assert check(pipeline, library) == []
    assert [each.use.parameter for each in unbound(pipeline)] == ["kept"]
    assert previewed(pipeline).nodes["keep"].parameters == {}
    assert previewed(pipeline, {"kept": ["a"], "rows": "many"}).nodes["rows"].parameters == {"count": 5}


def test_columns_and_advice_are_those_of_the_defaults(pipeline: Pipeline, library: Library) -> None:
    named = replace(pipeline, parameters={"rows": COUNT, "kept": replace(KEPT, default=["a"])})
    known = propagate(named, library)
    assert known.outlets["keep", "kept_columns"].names == ["a"]  # type: ignore[union-attr]
    assert lint(named, library, known) == lint(bound(named), library)


def test_uses_are_listed_in_the_order_of_the_nodes(pipeline: Pipeline) -> None:
    assert [(use.node, use.field, use.parameter) for use in uses(pipeline)] == [
        ("rows", "count", "rows"), ("keep", "columns", "kept"),
    ]  # fmt: skip
    assert [use.node for use in uses(pipeline, "kept")] == ["keep"]


def test_parameters_are_saved_and_opened(pipeline: Pipeline) -> None:
    assert loads(dumps(pipeline)) == pipeline
    document = to_document(pipeline)
    assert document["format"] == 2
    assert document["parameters"]["rows"] == {
        "type": "integer", "default": 5, "title": "Rows", "description": "How many.", "minimum": 1, "maximum": 10,
        "choices": [],
    }  # fmt: skip
    assert document["nodes"]["rows"]["parameters"] == {"count": {"$parameter": "rows"}}


def test_a_document_of_format_1_is_read_as_it_stands() -> None:
    node = Node("rows", "rows", parameters={"count": 3})
    document = to_document(Pipeline(nodes={"rows": node}))
    assert "parameters" not in document
    assert from_document({**document, "format": 1}) == from_document(document)


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"a b": {"type": "integer"}}, r"parameters\.a b"),
        ({"a": {"type": "party"}}, r"parameters\.a\.type"),
        ({"a": {"type": "integer", "minimum": "low"}}, r"parameters\.a\.minimum"),
        ({"a": {"type": "integer", "surprise": 1}}, r"parameters\.a\.surprise"),
        ({"a": 3}, "an object with fields"),
        ({f"p{i}": {"type": "integer"} for i in range(201)}, "at most 200"),
    ],
)
def test_a_damaged_declaration_says_where(parameters: dict[str, object], words: str) -> None:
    with pytest.raises(DamagedDocument, match=words):
        from_document({"format": 2, "parameters": parameters})
