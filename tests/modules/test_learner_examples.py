"""The examples at the end of the documentation of learners and of modules that train, score and evaluate."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from designer.contract.errors import InvalidParameter
from designer.contract.estimator import Learner
from designer.contract.values import Task, UntrainedModel
from tests.modules.learning import LIBRARY, learner, score, train

HERE = ("learner", "train", "score", "evaluate", "anomaly", "recommend", "inspect")
DOCUMENTED = [id for id, module in LIBRARY.modules.items() if module.__module__.split(".")[1] in HERE]
LEARNERS = [id for id in DOCUMENTED if issubclass(LIBRARY[id], Learner) and not id.startswith("baseline")]

SIDES = pd.DataFrame({"x": np.tile(np.arange(10.0), 10)})
CLASSES = SIDES.assign(y=np.where(SIDES["x"] < 5, "low", "high"))
TEN_TIMES = SIDES.assign(y=10 * SIDES["x"])
GROUPS = pd.DataFrame({"x": [0.0, 0.1, 0.2, 0.1, 0.0, 9.9, 10.0, 10.1, 10.0, 9.9]})
NORMAL = pd.DataFrame({"x": np.random.default_rng(0).normal(size=200), "z": np.random.default_rng(1).normal(size=200)})
SETTINGS: dict[str, dict[str, Any]] = {
    "dbscan-clustering": {"smallest_neighborhood": 3},
    "pca-based-anomaly-detection": {"number_of_components_to_use_in_pca": 1},
}


@pytest.mark.parametrize("id", DOCUMENTED)
def test_every_module_has_an_example(id: str) -> None:
    assert "Example: " in LIBRARY[id].spec().documentation


@pytest.mark.parametrize("id", LEARNERS)
def test_the_example_of_a_learner_is_true(id: str) -> None:
    untrained = learner(id, **SETTINGS.get(id, {}))
    documentation = LIBRARY[id].spec().documentation
    match untrained.task:
        case Task.REGRESSION:
            assert "y is ten times x" in documentation
            low, high = answers(untrained, TEN_TIMES)
            assert high > low
        case Task.CLUSTERING:
            assert "two clusters" in documentation
            result = LIBRARY["train-clustering-model"].read({}).run(untrained, GROUPS)
            assignments = result.results_dataset["Assignments"]
            assert assignments.nunique() == 2
            assert assignments.head(5).nunique() == assignments.tail(5).nunique() == 1
        case Task.ANOMALY:
            assert "a row at 100 is abnormal" in documentation
            model = LIBRARY["train-anomaly-detection-model"].read({}).run(untrained, NORMAL)
            assert LIBRARY["score-model"].read({}).run(model, with_odd())["Scored Labels"].iloc[-1] == 0
        case _:
            assert "it predicts `low` for 1 and `high` for 8" in " ".join(documentation.split())
            assert answers(untrained, CLASSES) == ["low", "high"] or untrained.settings.get("ordered")


def answers(untrained: UntrainedModel, rows: pd.DataFrame) -> list[Any]:
    model = LIBRARY["train-model"].read({"label_column": "y"}).run(untrained, rows)
    return score(model, pd.DataFrame({"x": [1.0, 8.0]}))["Scored Labels"].tolist()


def with_odd() -> pd.DataFrame:
    return pd.concat([NORMAL, pd.DataFrame({"x": [100.0], "z": [-100.0]})], ignore_index=True)


def test_baselines_answer_with_the_most_frequent_class_and_the_mean() -> None:
    mostly = CLASSES.assign(y=np.where(CLASSES["x"] < 2, "low", "high"))
    assert set(score(train("baseline-classification", mostly, "y"), mostly)["Scored Labels"]) == {"high"}
    three = pd.DataFrame({"x": [1.0, 2, 3], "y": [1.0, 2.0, 6.0]})
    assert score(train("baseline-regression", three, "y"), three)["Scored Labels"].tolist() == [3.0, 3.0, 3.0]


def test_a_vote_of_two_constants_is_their_mean() -> None:
    three = pd.DataFrame({"x": [1.0, 2, 3], "y": [1.0, 2.0, 6.0]})
    constants = [learner("baseline-regression", answer="Constant", constant=value) for value in (3.0, 6.0)]
    untrained = LIBRARY["voting-ensemble"].read({}).run(*constants)
    model = LIBRARY["train-model"].read({"label_column": "y"}).run(untrained, three)
    assert score(model, three)["Scored Labels"].tolist() == [4.5, 4.5, 4.5]


def test_a_weighted_vote_of_two_constants_is_their_weighted_mean() -> None:
    three = pd.DataFrame({"x": [1.0, 2, 3], "y": [1.0, 2.0, 6.0]})
    constants = [learner("baseline-regression", answer="Constant", constant=value) for value in (3.0, 6.0)]
    untrained = LIBRARY["voting-ensemble"].read({"weights": "2, 1"}).run(*constants)
    model = LIBRARY["train-model"].read({"label_column": "y"}).run(untrained, three)
    assert score(model, three)["Scored Labels"].tolist() == [4.0, 4.0, 4.0]


@pytest.mark.parametrize(
    ("weights", "problem"),
    [
        ("1, 2, 3", "3 weights for 2 learners"),
        ("0, 0", "all weights are 0"),
        ("1, -1", "'1, -1' is no list of weights"),
        ("1, inf", "'1, inf' is no list of weights"),
        ("a", "'a' is no list of weights"),
    ],
)
def test_weights_that_do_not_fit_are_refused_before_the_run(weights: str, problem: str) -> None:
    module = LIBRARY["voting-ensemble"].read({"weights": weights})
    constants = [learner("baseline-regression") for _ in range(2)]
    outlines = [LIBRARY["baseline-regression"].read({}).infer() for _ in range(2)]
    for act, inputs in ((module.run, constants), (module.infer, outlines)):
        with pytest.raises(InvalidParameter, match=problem):
            act(*inputs)


def test_a_stack_follows_the_learner_that_is_right() -> None:
    parts = [learner("linear-regression"), learner("baseline-regression")]
    untrained = LIBRARY["stacking-ensemble"].read({}).run(*parts)
    model = LIBRARY["train-model"].read({"label_column": "y"}).run(untrained, TEN_TIMES)
    np.testing.assert_allclose(score(model, TEN_TIMES)["Scored Labels"], TEN_TIMES["y"], atol=0.5)


def test_a_line_is_told_per_unit_and_scores_nine() -> None:
    rows = pd.DataFrame({"x": [0.0, 1.0, 2.0], "y": [1.0, 3.0, 5.0]})
    model = train("linear-regression", rows, "y", l2_regularization_weight=0)
    assert model.report["coefficients"][1]["per unit"] == pytest.approx(2)
    assert score(model, pd.DataFrame({"x": [4.0]}))["Scored Labels"].iloc[0] == pytest.approx(9)
