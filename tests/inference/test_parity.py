"""Comparing scores row by row, and the certificate that records the result."""

from __future__ import annotations

import math
from typing import Any

import pytest

from designer.contract.errors import DesignerError
from designer.contract.schema import Column, Kind, Schema
from designer.inference.parity import Certificate, Compared, compare, edge_rows, one_by_one

NAMES = ["Scored Labels", "Scored Probabilities"]


def scored(label: Any, probability: Any) -> dict[str, Any]:
    return dict(zip(NAMES, (label, probability), strict=True))


def test_equal_scores_have_no_differences() -> None:
    rows = [scored("a", 0.25), scored(None, None)]
    comparison = compare("HTTP", "training run", rows, rows, NAMES)
    assert (comparison.rows, comparison.differences, comparison.largest, comparison.examples) == (2, 0, 0.0, [])


def test_numbers_may_differ_by_a_billionth_and_the_largest_is_said() -> None:
    comparison = compare("ONNX", "training run", [scored("a", 0.25)], [scored("a", 0.25 + 4e-10)], NAMES)
    assert comparison.holds
    assert comparison.largest == pytest.approx(4e-10)
    assert not compare("ONNX", "training run", [scored("a", 0.25)], [scored("a", 0.25 + 2e-9)], NAMES).holds


@pytest.mark.parametrize(("one", "other"), [("a", "b"), ("1", 1), (None, "a"), ("a", None), (1, True)])
def test_another_label_is_a_difference(one: Any, other: Any) -> None:
    comparison = compare("ONNX", "training run", [scored(one, 0.5)], [scored(other, 0.5)], NAMES)
    assert comparison.differences == 1
    assert comparison.examples == [{"row": 1, "column": "Scored Labels", "expected": one, "found": other}]


def test_large_numbers_are_compared_relatively() -> None:
    assert compare("ONNX", "x", [{"n": 1e9}], [{"n": 1e9 + 0.1}], ["n"]).holds
    assert not compare("ONNX", "x", [{"n": 1e9}], [{"n": 1e9 + 2}], ["n"]).holds


def test_an_infinite_number_is_no_match() -> None:
    assert not compare("ONNX", "x", [{"n": 1.0}], [{"n": math.inf}], ["n"]).holds


def test_edge_rows_hold_missing_cells_unseen_categories_extremes_and_another_order() -> None:
    schema = Schema((Column("age", Kind.INTEGER), Column("work", Kind.STRING)))
    rows = edge_rows(schema, [{"age": 30, "work": "State"}, {"age": 50, "work": "Private"}])
    assert list(rows[0]) == ["work", "age"]
    assert {"age": None, "work": None} in rows
    assert {"age": 30, "work": "never seen before"} in rows
    ages = [row["age"] for row in rows if row["age"] is not None]
    assert min(ages) < 30
    assert max(ages) > 50


def test_a_refused_row_counts_like_one_without_a_score() -> None:
    def score(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if rows[0]["age"] is None:
            raise DesignerError("refused")
        return [scored("a", 0.5)]

    answers = one_by_one(score, [{"age": 1}, {"age": None}], NAMES)
    assert compare("HTTP", "x", answers, [scored("a", 0.5), scored(None, None)], NAMES).holds


def test_rows_that_were_not_sent_are_not_counted_as_compared() -> None:
    expected, answers = [scored("a", 0.5), {}, scored("b", 0.5)], [scored("a", 0.5), {}, scored("a", 0.5)]
    compared = compare("HTTP", "training run", expected, answers, NAMES, [0, 2])
    assert (compared.rows, compared.differences, compared.examples[0]["row"]) == (2, 1, 3)
    certificate = Certificate("onnxruntime", 3, 0, (Compared("HTTP", "training run", 2),), sent=2)
    assert certificate.identical == 2
    assert Certificate("onnxruntime", 3, 0, (Compared("HTTP", "training run", 0),), sent=0).identical == 0


def test_a_certificate_passes_only_if_every_path_holds() -> None:
    good = Compared("HTTP", "training run", 10)
    bad = Compared("ONNX", "training run", 10, differences=3, largest=0.2)
    assert Certificate("onnxruntime", 10, 4, (good,)).passed
    certificate = Certificate("onnxruntime", 10, 4, (good, bad))
    assert not certificate.passed
    assert certificate.identical == 7
    assert certificate.sentence == "Different in 3 of 10 rows: ONNX against training run."
    assert certificate.to_json()["paths"][1]["differences"] == 3


def test_a_certificate_over_no_rows_does_not_pass() -> None:
    assert not Certificate("onnxruntime", 0, 0, ()).passed
