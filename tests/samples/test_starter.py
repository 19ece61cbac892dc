"""A first pipeline contains the steps its columns need, and fits them after the split."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from designer.contract.catalogue.library import Library
from designer.contract.errors import InvalidParameter
from designer.contract.module import Module
from designer.pipeline.graph import Pipeline
from designer.samples.starter import Step, recipe, starter
from designer.samples.traits import StarterTask, traits_of
from tests.own_files import TABLES

LIBRARY = Library.scan()
STEPS = [(name, step) for name, step in recipe().steps.items()] + [
    (f"{part} of {task}", step) for task, parts in recipe().tasks.items() for part, step in parts.items()
]


def built(kind: str, task: StarterTask, **more: bool) -> Pipeline:
    table, label = TABLES[kind]()
    return starter("Own file", traits_of(table, label), label, task, **more)


def uses(kind: str) -> dict[str, str]:
    table, label = TABLES[kind]()
    return {trait.name: trait.use for trait in traits_of(table, label)}


@pytest.mark.parametrize(("name", "step"), STEPS, ids=[name for name, _ in STEPS])
def test_the_recipe_names_ports_and_parameters_that_are_there(name: str, step: Step) -> None:
    module: type[Module] = LIBRARY[step.module]
    spec = module.spec()
    inputs, outputs = {port.name for port in spec.inputs}, {port.name for port in spec.outputs}
    assert {step.input, step.model} - {""} <= inputs
    assert {step.output, step.other, step.learned} - {""} <= outputs
    known = {parameter.name for parameter in spec.parameters}
    assert {step.chooses, step.counts, *step.parameters, *step.where_chosen} - {""} <= known
    module.read({**step.parameters, **step.where_chosen})


def test_every_task_is_laid_out_and_measured() -> None:
    for kind, task in (("two classes", "two-class"), ("regression", "regression"), ("groups", "clustering")):
        pipeline = built(kind, task)  # type: ignore[arg-type]
        assert set(pipeline.layout) == set(pipeline.nodes)
        assert "evaluate" in pipeline.nodes


def test_what_fills_gaps_is_learned_after_the_split() -> None:
    pipeline = built("gaps", "two-class")
    assert {"split"} <= pipeline.ancestors("clean") & pipeline.ancestors("clean_flags")
    assert "clean" not in pipeline.ancestors("split")
    assert pipeline.into("score", "dataset").source == "apply_clean_flags"  # type: ignore[union-attr]
    assert pipeline.into("apply_clean_flags", "dataset").source == "apply_clean"  # type: ignore[union-attr]


def test_rows_without_an_answer_are_left_out_before_the_split() -> None:
    pipeline = built("gaps", "two-class", label_has_gaps=True)
    assert "answered_rows" in pipeline.ancestors("split")
    assert dict(pipeline.nodes["answered_rows"].parameters)["mode"] == "Remove entire row"


def test_a_table_without_gaps_is_not_cleaned() -> None:
    assert {node.module for node in built("regression", "regression").nodes.values()} == {
        "dataset", "split-data", "boosted-decision-tree-regression", "train-model", "score-model", "evaluate-model"
    }  # fmt: skip


def test_classes_are_split_evenly_and_numbers_are_not() -> None:
    by_class = built("three classes", "multiclass").nodes["split"].parameters
    by_number = built("regression", "regression").nodes["split"].parameters
    assert (by_class["stratified"], by_class["key"]) == (True, "grade")
    assert "stratified" not in by_number


def test_columns_are_used_as_what_they_are() -> None:
    assert uses("text and label") == {"review": "text"}
    assert uses("several texts") == {"title": "text", "body": "text", "stars": "left out"}
    assert uses("dates")["begun"] == "date"
    assert uses("texts without repeats")["note"] == "left out"
    left_out = {name for name, use in uses("identifiers").items() if use == "left out"}
    assert left_out == {"number", "code", "mail"}
    left_out = {name for name, use in uses("useless columns").items() if use == "left out"}
    assert left_out == {"nothing", "silence", "same", "one", "nearly"}


def test_long_numbers_that_tell_rows_apart_are_left_out_and_measurements_are_not() -> None:
    draw = np.random.default_rng(5)
    table = pd.DataFrame(
        {
            "customer": draw.integers(10**17, 9 * 10**17, 200),
            "income": (draw.lognormal(10, 0.6, 200)).round(2),
            "age": draw.integers(18, 80, 200),
            "churn": draw.choice(["yes", "no"], 200),
        }
    )
    assert {t.name: t.use for t in traits_of(table, "churn")} == {
        "customer": "left out", "income": "feature", "age": "feature",
    }  # fmt: skip


def test_words_of_a_text_are_learned_after_the_split_and_the_text_itself_is_no_feature() -> None:
    pipeline = built("text and label", "two-class")
    assert "split" in pipeline.ancestors("words_1")
    assert "words_1" in pipeline.ancestors("apply_words_1")
    assert pipeline.nodes["leave_out"].parameters["columns"] == ["review"]
    assert "review" in pipeline.nodes["words_1"].parameters["column"]


def test_words_stay_few_where_rows_are_many() -> None:
    texts = [f"{'good' if i % 2 else 'bad'} word{i % 3000} and word{i % 1700} of row{i}" for i in range(50_000)]
    trait = traits_of(pd.DataFrame({"text": texts}))[0]
    counts = pd.Series([word for text in texts for word in set(text.split())]).value_counts()
    assert trait.use == "text"
    assert 3 <= int((counts >= trait.frequency).sum()) <= 400


def test_the_note_names_what_is_not_used() -> None:
    assert "Not used: number, code, mail." in built("identifiers", "two-class").notes[0].text


def test_a_label_without_a_kind_of_prediction_is_refused() -> None:
    with pytest.raises(InvalidParameter, match="finding groups needs no label"):
        built("regression", "clustering")
