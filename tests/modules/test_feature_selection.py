"""Filter Based Feature Selection and Permutation Feature Importance."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency
from sklearn.linear_model import LinearRegression

from designer.contract.catalogue.library import Library
from designer.contract.errors import ColumnNotFound, DesignerError, InvalidParameter, TooFewRows, WrongModel
from designer.contract.schema import Role, Schema
from modules.feature.filter_based_feature_selection import FilterBasedFeatureSelection
from modules.feature.permutation_feature_importance import PermutationFeatureImportance

RANDOM = np.random.default_rng(5)
FRAME = pd.DataFrame(
    {
        "near": RANDOM.normal(size=300),
        "far": RANDOM.normal(size=300),
        "flat": 1.0,
        "empty": np.nan,
        "s": RANDOM.choice(["a", "b"], 300),
        "flag": RANDOM.random(300) < 0.5,
    }
)
FRAME["y"] = 3 * FRAME["near"] + FRAME["flag"] + RANDOM.normal(size=300)
FRAME["grade"] = pd.Categorical(np.where(FRAME["y"] > 0, "hi", "lo"))


def select(frame: pd.DataFrame = FRAME, **parameters: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    return FilterBasedFeatureSelection.read(parameters).run(frame)


def test_pearson_is_the_absolute_correlation() -> None:
    filtered, scores = select(FRAME.drop(columns="grade"), target="y", count=2)
    assert list(filtered.columns) == ["y", "near", "flag"]
    by_name = dict(zip(scores["Feature"], scores["Score"], strict=True))
    assert by_name["near"] == pytest.approx(abs(np.corrcoef(FRAME["near"], FRAME["y"])[0, 1]), rel=1e-12)
    assert by_name["flag"] == pytest.approx(abs(np.corrcoef(FRAME["flag"], FRAME["y"])[0, 1]), rel=1e-12)
    assert by_name["flat"] == by_name["empty"] == by_name["s"] == 0


def test_classes_stand_for_the_mean_of_the_feature_in_them() -> None:
    scores = select(FRAME[["near", "grade"]], target="grade")[1]
    means = FRAME.groupby("grade", observed=True)["near"].transform("mean")
    assert scores["Score"][0] == pytest.approx(abs(np.corrcoef(FRAME["near"], means)[0, 1]), rel=1e-12)


def test_chi_squared_is_that_of_scipy() -> None:
    scores = select(FRAME[["s", "grade"]], target="grade", method="ChiSquared")[1]
    table = pd.crosstab(FRAME["s"], FRAME["grade"])
    assert scores["Score"][0] == pytest.approx(chi2_contingency(table, correction=False).statistic, rel=1e-12)


def test_more_features_than_there_are_keeps_all() -> None:
    filtered, scores = select(target="y", count=99)
    assert filtered.shape[1] == FRAME.shape[1]
    assert len(scores) == FRAME.shape[1] - 1


def test_a_target_without_values_is_refused() -> None:
    with pytest.raises(DesignerError, match="has no values") as error:
        select(target="empty")
    assert error.value.code == "0018"
    with pytest.raises(ColumnNotFound):
        select(target="none")


LIBRARY = Library.scan()


def trained(id: str, frame: pd.DataFrame, label: str) -> Any:
    learner = LIBRARY[id].read({}).run()
    return LIBRARY["train-model"].read({"label_column": label}).run(learner, frame)


def test_importance_is_what_the_metric_loses() -> None:
    rows = FRAME[["near", "far", "y"]]
    model = trained("linear-regression", rows, "y")
    table = PermutationFeatureImportance.read({"metric": "Regression - Mean Absolute Error", "seed": 3}).run(
        model, rows
    )
    assert table["Feature"].tolist() == ["near", "far"]
    plain = LinearRegression().fit(rows[["near", "far"]], rows["y"])
    shuffled = rows[["near", "far"]].copy()
    shuffled["near"] = rows["near"].to_numpy()[np.random.RandomState(3).permutation(300)]
    lost = (
        np.abs(plain.predict(shuffled) - rows["y"]).mean()
        - np.abs(plain.predict(rows[["near", "far"]]) - rows["y"]).mean()
    )
    assert table["Importance"][0] == pytest.approx(lost, rel=0.01)


@pytest.mark.parametrize("metric", ["Accuracy", "Precision", "Recall"])
def test_classifiers_are_measured_too(metric: str) -> None:
    rows = FRAME[["near", "far", "grade"]]
    model = trained("two-class-logistic-regression", rows, "grade")
    table = PermutationFeatureImportance.read({"metric": f"Classification - {metric}"}).run(model, rows)
    assert table["Feature"][0] == "near"
    assert table["Importance"][0] > 0.1


def test_a_metric_of_another_task_is_refused() -> None:
    rows = FRAME[["near", "y"]]
    model = trained("linear-regression", rows, "y")
    with pytest.raises(InvalidParameter, match="does not fit a regression model") as other:
        PermutationFeatureImportance().run(model, rows)
    regression = PermutationFeatureImportance.read({"metric": "Regression - Mean Absolute Error"})
    with pytest.raises(DesignerError, match="the label of the model") as unlabelled:
        regression.run(model, rows[["near"]])
    with pytest.raises(TooFewRows) as empty:
        regression.run(model, rows.head(0))
    clusters = LIBRARY["train-clustering-model"].read({}).run(LIBRARY["k-means-clustering"].read({}).run(), rows)[0]
    with pytest.raises(WrongModel, match="has no label") as unsupervised:
        regression.run(clusters, rows)
    codes = [error.value.code for error in (other, unlabelled, empty, unsupervised)]
    assert codes == ["0105", "0024", "0021", "0013"]


def test_chi_squared_is_that_of_the_table_of_counts() -> None:
    random = np.random.default_rng(1)
    table = pd.DataFrame({"number": random.normal(size=300), "few": random.integers(0, 3, 300)})
    table["text"] = pd.Series(random.choice(["a", "b", None], 300), dtype="str")
    table["label"] = pd.Series(random.choice(["x", "y", None], 300), dtype="str")
    settings = {"target": "label", "count": 3, "method": "ChiSquared"}
    scores = FilterBasedFeatureSelection.read(settings).run(table)[1].set_index("Feature")["Score"]
    for name in ("few", "text"):
        expected = chi2_contingency(pd.crosstab(table[name], table["label"]), correction=False).statistic
        assert scores[name] == pytest.approx(expected, rel=1e-12)
    there = table[table["label"].notna()]
    tenths = pd.qcut(there["number"], 10)
    expected = chi2_contingency(pd.crosstab(tenths, there["label"]), correction=False).statistic
    assert scores["number"] == pytest.approx(expected, rel=1e-12)


def test_each_feature_is_scored_in_the_rows_that_it_and_the_target_have() -> None:
    table = pd.DataFrame(
        {
            "most": pd.array([1, 2, None, 4, 5], dtype="Int64"),
            "few": [3.0, None, None, 1.0, 2.0],
            "flag": pd.array([True, None, False, True, False], dtype="boolean"),
            "y": [2.0, 1.0, 7.0, 3.0, None],
        }
    )
    filtered, scores = select(table, target="y", count=4)
    expected = {name: abs(table[[name, "y"]].astype("float64").corr().iloc[0, 1]) for name in ("most", "few", "flag")}
    assert dict(zip(scores["Feature"], scores["Score"], strict=True)) == pytest.approx(expected, rel=1e-12)
    assert scores["Score"].is_monotonic_decreasing
    assert list(filtered.columns) == ["y", *scores["Feature"]]


def test_columns_that_are_no_features_are_left_aside_unless_asked_for() -> None:
    known = Schema.of(FRAME[["near", "far", "y"]]).map(lambda c: replace(c, role=Role.NONE), ["near"])
    frame = known.attach(FRAME[["near", "far", "y"]].copy())
    assert list(select(frame, target="y", count=9)[0].columns) == ["y", "far"]
    assert list(select(frame, target="y", count=9, feature_columns_only=False)[0].columns) == ["y", "near", "far"]


def test_what_a_model_does_not_use_has_no_importance() -> None:
    rows = FRAME[["near", "y"]]
    table = PermutationFeatureImportance.read({"metric": "Regression - Coefficient of Determination"}).run(
        trained("linear-regression", rows, "y"), rows.assign(spare=1.0)
    )
    assert list(table.columns) == ["Feature", "Importance"]
    assert table["Feature"].tolist() == ["near"]
    two = FRAME[["near", "far", "y"]].assign(far=0.0)
    flat = PermutationFeatureImportance.read({"metric": "Regression - Mean Absolute Error"}).run(
        trained("linear-regression", two, "y"), two
    )
    assert flat["Importance"].tolist() == [pytest.approx(flat["Importance"][0]), 0.0]
    assert flat["Importance"][0] > 0


def test_infinite_numbers_lie_in_the_outer_tenths() -> None:
    table = pd.DataFrame({"x": [-np.inf, *range(18), np.inf], "y": ["a", "b"] * 10})
    last = table.assign(x=[-1.0, *range(18), 18.0])
    endless, ordinary = (select(frame, target="y", method="ChiSquared")[1]["Score"][0] for frame in (table, last))
    assert endless == ordinary
