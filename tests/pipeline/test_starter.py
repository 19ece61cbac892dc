"""A first pipeline for a dataset is complete, laid out and free of problems."""

from __future__ import annotations

import pandas as pd
import pytest

from designer.contract.errors import InvalidParameter
from designer.contract.library import Library
from designer.contract.schema import Column, Kind, Schema
from designer.contract.sources import using
from designer.pipeline.check import check
from designer.pipeline.lint import lint
from designer.pipeline.starter import LEARNERS, StarterTask, starter
from designer.store.workspace import open_workspace

FRAME = pd.DataFrame(
    {
        "age": [31.0, None, 45.0, 28.0] * 5,
        "job": ["a", "b", "a", None] * 5,
        "answer": ["yes", "no", "no", None] * 5,
        "class": ["x", "y", "z", "x"] * 5,
        "price": [1.5, 2.5, 3.5, 4.5] * 5,
    }
)
MISSING = ["age", "job", "answer"]
LABELS: dict[StarterTask, str] = {"two-class": "answer", "multiclass": "class", "regression": "price", "clustering": ""}


@pytest.mark.parametrize("task", list(LEARNERS))
def test_every_task_gives_a_pipeline_without_problems(task, tmp_path):
    library = Library.scan()
    with open_workspace(tmp_path) as workspace:
        workspace.datasets.register("Own file", FRAME)
        pipeline = starter("Own file", Schema.of(FRAME), LABELS[task], task, MISSING)
        with using(workspace.sources(library)):
            problems = check(pipeline, library)
            warnings = lint(pipeline, library)
    assert [problem for problem in problems if problem.severity == "error"] == []
    assert [warning.title for warning in warnings] == []
    assert set(pipeline.layout) == set(pipeline.nodes)
    assert "evaluate" in pipeline.nodes


def test_what_fills_gaps_is_learned_after_the_split():
    pipeline = starter("Own file", Schema.of(FRAME), "price", "regression", MISSING)
    assert "split" in pipeline.ancestors("clean")
    assert "clean" not in pipeline.ancestors("split")
    assert pipeline.into("score", "dataset").source == "apply"


def test_rows_without_an_answer_are_left_out_before_the_split():
    pipeline = starter("Own file", Schema.of(FRAME), "answer", "two-class", MISSING)
    assert "known_answers" in pipeline.ancestors("split")
    assert dict(pipeline.nodes["known_answers"].parameters)["mode"] == "Remove entire row"


def test_a_table_without_gaps_is_not_cleaned():
    pipeline = starter("Own file", Schema.of(FRAME), "price", "regression")
    assert {"clean", "apply", "known_answers"}.isdisjoint(pipeline.nodes)


def test_classes_are_split_evenly_and_numbers_are_not():
    by_class = starter("Own file", Schema.of(FRAME), "class", "multiclass").nodes["split"].parameters
    by_number = starter("Own file", Schema.of(FRAME), "price", "regression").nodes["split"].parameters
    assert (by_class["stratified"], by_class["key"]) == (True, "class")
    assert "stratified" not in by_number


def test_a_label_without_a_kind_of_prediction_is_refused() -> None:
    with pytest.raises(InvalidParameter, match="finding groups needs no label"):
        starter("cars", Schema((Column("price", Kind.DECIMAL),)), "price")
