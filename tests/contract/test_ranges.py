"""Ranges of parameters: derived from the values of a sweep, or written by the user."""

from __future__ import annotations

import pickle

import pandas as pd
import pytest

from designer.contract.errors import InvalidParameter
from designer.contract.ranges import Range, read_interval
from designer.contract.values import UntrainedModel
from tests.modules.learning import LIBRARY

BOOSTED = "two-class-boosted-decision-tree"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((0.025, 0.05, 0.1, 0.2, 0.4), Range(0.025, 0.4, is_log=True)),
        ((0.25, 0.5, 0.75), Range(0.25, 0.75)),
        ((0.0, 1.0), Range(0.0, 1.0)),
        ((20, 100, 500), Range(20, 500, is_log=True, is_integer=True)),
        ((5, 1, 3), Range(1, 5, is_integer=True)),
        ((1, 10), Range(1, 10, is_log=True, is_integer=True)),
        ((0.1,), Range(choices=(0.1,))),
        ((True, False), Range(choices=(True, False))),
        (("hinge", "squared"), Range(choices=("hinge", "squared"))),
        ((None, 3), Range(choices=(None, 3))),
    ],
)
def test_values_span_a_range(values: tuple[object, ...], expected: Range) -> None:
    assert Range.of(values) == expected
    assert Range.from_json(expected.to_json()) == expected


def test_points_are_evenly_spaced_with_both_ends() -> None:
    assert Range(0.01, 100.0, is_log=True).points(5) == pytest.approx([0.01, 0.1, 1.0, 10.0, 100.0])
    assert Range(1, 9, is_integer=True).points(5) == [1, 3, 5, 7, 9]
    assert Range(1, 2, is_integer=True).points(5) == [1, 2]
    assert Range(choices=("a", "b")).points(5) == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.01 .. 1 log", Range(0.01, 1, is_log=True)),
        ("1..50", Range(1, 50, is_integer=True)),
        (" 1e-3 ..  0.5 ", Range(0.001, 0.5)),
        ("16; 32; 64", None),
        ("0.5", None),
    ],
)
def test_an_interval_is_read_from_text(text: str, expected: Range | None) -> None:
    assert read_interval(text, "L2") == expected


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("2 .. 1", "does not ascend"),
        ("1 .. 1", "does not ascend"),
        ("0 .. 1 log", "cannot begin at 0"),
        ("-1 .. 1 log", "cannot begin at -1"),
        ("a .. 1", "'a' in the range"),
        ("1 .. inf", "'inf' in the range"),
        ("1 .. 2 lin", "'lin' after the range"),
    ],
)
def test_an_interval_that_is_none_is_refused_by_name(text: str, problem: str) -> None:
    with pytest.raises(InvalidParameter, match=problem) as refused:
        read_interval(text, "L2")
    assert refused.value.place.parameter == "L2"


def test_a_learner_tells_what_makes_it_and_its_ranges() -> None:
    learner = LIBRARY[BOOSTED].read({"random_number_seed": 7}).run()
    assert learner.maker is not None
    module, version, parameters = learner.maker
    assert (module, version) == (BOOSTED, 1)
    assert parameters["random_number_seed"] == 7
    spans = {name: Range.from_json(document) for name, document in learner.ranges}
    assert spans["learning_rate"] == Range(0.025, 0.4, is_log=True)
    assert spans["total_number_of_trees_constructed"] == Range(20, 500, is_log=True, is_integer=True)


def test_a_written_range_replaces_the_built_in_one_and_a_grid_tries_points_of_it() -> None:
    settings = {
        "create_trainer_mode": "ParameterRange",
        "range_for_number_of_neighbors": "1 .. 9",
    }
    learner = LIBRARY["k-nearest-neighbors-regression"].read(settings).run()
    assert dict(learner.ranges)["number_of_neighbors"] == Range(1, 9, is_integer=True).to_json()
    assert [values["number_of_neighbors"] for values, _ in learner.variants] == [1, 3, 5, 7, 9]


def test_bounds_beyond_those_of_the_parameter_are_refused() -> None:
    settings = {"create_trainer_mode": "ParameterRange", "range_for_number_of_neighbors": "0 .. 9"}
    with pytest.raises(InvalidParameter, match="below 1"):
        LIBRARY["k-nearest-neighbors-regression"].read(settings).run()


def test_a_model_that_was_stored_before_still_loads() -> None:
    learner = LIBRARY[BOOSTED].read({}).run()
    state = {name: value for name, value in vars(learner).items() if name not in ("maker", "ranges")}
    older = UntrainedModel.__new__(UntrainedModel)
    older.__dict__.update(state)
    loaded = pickle.loads(pickle.dumps(older))
    assert loaded.maker is None
    assert loaded.ranges == ()


def test_intervals_with_too_many_points_are_left_to_a_bayesian_sweep() -> None:
    names = ("number_of_decision_trees", "maximum_depth_of_the_decision_trees", "number_of_random_splits_per_node",
             "minimum_number_of_samples_per_leaf_node")  # fmt: skip
    settings = {f"range_for_{name}": "1 .. 99" for name in names[:1]}
    settings |= {f"range_for_{name}": "; ".join(map(str, range(1, 12))) for name in names[1:]}
    learner = LIBRARY["two-class-decision-forest"].read({"create_trainer_mode": "ParameterRange", **settings}).run()
    assert learner.variants == ()
    tune = LIBRARY["tune-model-hyperparameters"].read({"specify_parameter_sweeping_mode": "Entire grid"})
    with pytest.raises(InvalidParameter, match="more than 2,000 combinations"):
        tune.run(learner, pd.DataFrame())
