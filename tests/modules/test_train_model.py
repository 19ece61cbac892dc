"""Train Model: accepted and rejected features, rows and labels."""

from __future__ import annotations

import pickle
import pickletools

import numpy as np
import pandas as pd
import pytest

from designer.contract.errors import DesignerError
from designer.contract.schema import Role, Schema
from designer.contract.values import outline
from tests.modules.learning import LIBRARY, learner, only, people, score, train, with_label, with_roles

PEOPLE = people(600)


def test_rows_without_a_label_are_ignored() -> None:
    rows = only(PEOPLE, "rich")
    half = rows.assign(rich=rows["rich"].where(rows.index % 2 == 0))
    model = train("two-class-boosted-decision-tree", half, "rich")
    assert model.report["rows"] == 300
    assert model.report["without_label"] == 300
    kept = train("two-class-boosted-decision-tree", rows.iloc[::2].reset_index(drop=True), "rich")
    pd.testing.assert_frame_equal(score(model, PEOPLE, False), score(kept, PEOPLE, False))


def test_an_empty_label_column_takes_the_column_with_the_role_label() -> None:
    model = train("linear-regression", with_label(only(PEOPLE, "wage"), "wage"), "")
    assert model.label is not None
    assert model.label.name == "wage"


def test_columns_without_the_role_feature_are_not_used() -> None:
    rows = with_roles(only(PEOPLE, "rich"), age=Role.NONE)
    model = train("two-class-logistic-regression", rows, "rich")
    assert "age" not in model.features
    assert model.report["not_used"] == {"age": "its role is None"}


def test_a_column_that_is_missing_everywhere_is_said_not_to_be_used() -> None:
    rows = only(PEOPLE, "rich").assign(nothing=np.nan, blank=pd.Series([None] * 600, dtype="str"))
    model = train("two-class-logistic-regression", rows, "rich")
    assert model.report["not_used"] == {"nothing": "missing in every row", "blank": "missing in every row"}


def test_the_report_counts_rows_left_out_for_a_missing_number() -> None:
    rows = only(PEOPLE, "rich")
    missing = int(rows[["age", "children"]].isna().any(axis=1).sum())
    report = train("two-class-logistic-regression", rows, "rich").report
    assert report["incomplete"] == missing > 0
    assert report["rows"] == 600 - missing
    assert report["features"] == ["age", "children", "member", "city", "level", "since"]
    assert train("two-class-boosted-decision-tree", rows, "rich").report["incomplete"] == 0


def test_nothing_of_ours_is_inside_the_estimator() -> None:
    for id, label in (("two-class-boosted-decision-tree", "rich"), ("linear-regression", "wage")):
        content = pickle.dumps(train(id, only(PEOPLE, label), label).estimator)
        words = [argument for _, argument, _ in pickletools.genops(content) if isinstance(argument, str)]
        assert "sklearn.pipeline" in words
        assert not [word for word in words if word.startswith(("modules", "designer"))]


def test_training_leaves_the_untrained_model_unfitted() -> None:
    untrained = learner("two-class-decision-forest")
    LIBRARY["train-model"].read({"label_column": "rich"}).run(untrained, only(PEOPLE, "rich"))
    assert not hasattr(untrained.estimator, "estimators_")


def test_the_same_seed_gives_the_same_model() -> None:
    rows = only(PEOPLE, "rich")
    first, again = (train("two-class-decision-forest", rows, "rich", random_number_seed=5) for _ in range(2))
    other = train("two-class-decision-forest", rows, "rich", random_number_seed=6)
    pd.testing.assert_frame_equal(score(first, rows), score(again, rows))
    assert not score(first, rows).equals(score(other, rows))


def test_explanations_name_the_column_that_matters() -> None:
    module = LIBRARY["train-model"].read({"label_column": "wage", "model_explanations": True})
    model = module.run(learner("boosted-decision-tree-regression"), only(PEOPLE, "wage"))
    assert model.report["explanations"][0]["feature"] == "age"
    assert model.report["importances"][0]["feature"] == "age"


def test_coefficients_are_told_per_unit_of_the_column() -> None:
    rows = pd.DataFrame({"x": np.arange(20.0), "y": np.arange(20.0) * 3 + 7})
    model = train("linear-regression", rows, "y", l2_regularization_weight=0)
    per_unit = {line["feature"]: line["per unit"] for line in model.report["coefficients"]}
    assert per_unit == pytest.approx({"(intercept)": 7, "x": 3})


@pytest.mark.parametrize(
    ("id", "change", "code", "words"),
    [
        ("two-class-boosted-decision-tree", {"rich": "yes"}, "0023", "one class only"),
        ("two-class-boosted-decision-tree", {"rich": list("abc") * 200}, "0023", "3 classes"),
        ("multiclass-logistic-regression", {"rich": [f"n{i}" for i in range(600)]}, "0023", "different value in each"),
        ("multiclass-logistic-regression", {"rich": np.linspace(0, 1, 600)}, "0023", "decimal numbers"),
        ("multiclass-logistic-regression", {"rich": pd.Timestamp("2024-01-01")}, "0023", "holds dates"),
        ("linear-regression", {}, "0023", "regression predicts numbers"),
        ("linear-regression", {"rich": np.inf}, "0033", "infinite"),
        ("linear-regression", {"rich": np.nan}, "0134", "no row has a value"),
        ("linear-regression", {"rich": 1.0, "age": np.inf}, "0033", "'age' holds an infinite value in row 1"),
        ("k-means-clustering", {}, "0013", "Train Clustering Model"),
        ("isolation-forest", {}, "0013", "Train Anomaly Detection Model"),
    ],
)
def test_what_cannot_be_learned_is_refused_by_name(id: str, change: dict, code: str, words: str) -> None:
    rows = only(PEOPLE, "rich").assign(**change)
    with pytest.raises(DesignerError) as refused:
        train(id, rows, "rich")
    assert refused.value.code == code
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("id", "settings"),
    [
        ("poisson-regression", {}),
        ("histogram-gradient-boosting-regression", {"loss": "Gamma"}),
        ("histogram-gradient-boosting-regression", {"loss": "Poisson"}),
    ],
)
def test_a_label_below_what_a_loss_can_predict_is_named(id: str, settings: dict) -> None:
    with pytest.raises(DesignerError, match="label 'wage' holds numbers that") as refused:
        train(id, only(PEOPLE, "wage"), "wage", **settings)
    assert refused.value.code == "0023"
    assert refused.value.place.column == "wage"


def test_a_column_of_names_is_refused_as_a_category() -> None:
    rows = pd.DataFrame({"name": [f"name {i}" for i in range(1200)], "y": np.arange(1200) % 2})
    with pytest.raises(DesignerError, match="1,200 different values") as refused:
        train("two-class-logistic-regression", rows, "y")
    assert refused.value.code == "0014"


def test_learners_that_need_all_numbers_say_which_column_misses_them() -> None:
    rows = pd.DataFrame({"a": [1.0, np.nan] * 10, "b": [np.nan, 1.0] * 10, "y": [0, 1] * 10})
    with pytest.raises(DesignerError, match="20 labelled rows has a missing number") as refused:
        train("two-class-logistic-regression", rows, "y")
    assert refused.value.code == "0021"


def test_what_is_inferred_is_what_scoring_adds() -> None:
    labels = {
        "two-class-decision-forest": "rich",
        "multiclass-logistic-regression": "grade",
        "linear-regression": "wage",
    }
    for id, label in labels.items():
        rows = only(PEOPLE, label)
        module = LIBRARY["train-model"].read({"label_column": label})
        expected = module.infer(LIBRARY[id].read({}).infer(), Schema.of(rows))
        observed = outline(train(id, rows, label))
        assert expected.label == observed.label
        assert expected.features.names == observed.features.names
        assert expected.scores.columns == observed.scores.columns[: len(expected.scores.columns)]


@pytest.mark.parametrize(
    ("distinct", "rows", "is_refused"), [(1000, 1000, False), (1001, 1031, True), (1001, 1032, False)]
)
def test_names_have_more_than_a_thousand_values_in_more_than_97_percent_of_the_rows(
    distinct: int, rows: int, is_refused: bool
) -> None:
    names = [f"name {i % distinct}" for i in range(rows)]
    table = pd.DataFrame({"name": names, "y": np.arange(rows) % 2})
    if is_refused:
        with pytest.raises(DesignerError) as refused:
            train("two-class-boosted-decision-tree", table, "y", total_number_of_trees_constructed=1)
        assert refused.value.code == "0014"
        table = with_roles(table.assign(x=1.0), name=Role.NONE)
    assert (
        train("two-class-boosted-decision-tree", table, "y", total_number_of_trees_constructed=1).report["rows"] == rows
    )


def test_without_a_label_or_a_feature_nothing_is_trained() -> None:
    rows = only(PEOPLE, "rich")
    for table, code in ((rows, "0134"), (with_roles(rows[["age", "rich"]], age=Role.NONE, rich=Role.LABEL), "0047")):
        with pytest.raises(DesignerError) as refused:
            train("two-class-logistic-regression", table, "")
        assert refused.value.code == code
