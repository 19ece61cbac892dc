"""Evaluate Model against hand-made tables and scikit-learn."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest
from sklearn import metrics as reference

from designer.contract.errors import DesignerError
from designer.contract.values import Task
from tests.modules.learning import LIBRARY, only, people, score, train, with_label


def evaluate(*tables: pd.DataFrame):
    return LIBRARY["evaluate-model"].read({}).run(*tables)


def two_class(tp: int, fp: int, tn: int, fn: int) -> pd.DataFrame:
    actual = ["yes"] * (tp + fn) + ["no"] * (fp + tn)
    share = [0.9] * tp + [0.2] * fn + [0.8] * fp + [0.1] * tn
    labels = ["yes" if p > 0.5 else "no" for p in share]
    return with_label(pd.DataFrame({"y": actual, "Scored Labels": labels, "Scored Probabilities": share}), "y")


def test_a_confusion_table_made_by_hand() -> None:
    model = evaluate(two_class(tp=30, fp=10, tn=50, fn=10)).models[0]
    assert model.rows == 100
    assert model.metrics["Accuracy"] == pytest.approx(0.8)
    assert model.metrics["Precision"] == pytest.approx(0.75)
    assert model.metrics["Recall"] == pytest.approx(0.75)
    assert model.metrics["F1 Score"] == pytest.approx(0.75)
    # AUC over 40 x 60 pairs: 30 x 50 are ranked correctly, 30 of 0.9 beat 10 of 0.8, 10 of 0.2 beat 50 of 0.1.
    assert model.metrics["AUC"] == pytest.approx((30 * 60 + 10 * 50) / (40 * 60))
    assert model.baseline["Accuracy"] == pytest.approx(0.6)
    assert model.baseline["Brier Score"] == pytest.approx(0.24)
    counts = model.tables["confusion"].set_index(["actual", "predicted"])["rows"]
    assert counts.to_dict() == {("no", "no"): 50, ("no", "yes"): 10, ("yes", "no"): 10, ("yes", "yes"): 30}


def test_a_very_unequal_table_made_by_hand() -> None:
    model = evaluate(two_class(tp=1, fp=0, tn=989, fn=10)).models[0]
    assert model.metrics["Accuracy"] == pytest.approx(0.99)
    assert model.baseline["Accuracy"] == pytest.approx(0.989)
    assert model.metrics["Recall"] == pytest.approx(1 / 11)
    assert model.metrics["F1 Score"] == pytest.approx(1 / 6)


def test_the_interval_of_the_headline_is_wilsons() -> None:
    line = evaluate(two_class(tp=30, fp=10, tn=50, fn=10)).models[0].tables["interval"].iloc[0]
    assert line["metric"] == "Accuracy"
    interval = binomtest(80, 100).proportion_ci(method="wilson")
    assert (line["low"], line["high"]) == pytest.approx((interval.low, interval.high))


def test_area_under_the_curve_counts_ties_half() -> None:
    rows = pd.DataFrame({"y": [0, 1, 0, 1, 1], "Scored Probabilities": [0.5, 0.5, 0.1, 0.9, 0.1]})
    rows["Scored Labels"] = (rows["Scored Probabilities"] > 0.5).astype(int)
    area = evaluate(with_label(rows, "y")).models[0].metrics["AUC"]
    assert area == pytest.approx(4 / 6) == reference.roc_auc_score(rows["y"], rows["Scored Probabilities"])


@pytest.fixture(scope="module")
def scored() -> pd.DataFrame:
    return score(
        train("two-class-boosted-decision-tree", only(people(1500), "rich"), "rich"), only(people(4000, 1), "rich")
    )


def test_two_class_metrics_equal_those_of_scikit_learn(scored: pd.DataFrame) -> None:
    metrics = evaluate(scored).models[0].metrics
    truth, share, labels = scored["rich"] == "yes", scored["Scored Probabilities"], scored["Scored Labels"] == "yes"
    assert metrics == pytest.approx({
        "Accuracy": reference.accuracy_score(truth, labels),
        "Precision": reference.precision_score(truth, labels),
        "Recall": reference.recall_score(truth, labels),
        "F1 Score": reference.f1_score(truth, labels),
        "AUC": reference.roc_auc_score(truth, share),
        "Log Loss": reference.log_loss(truth, share),
        "Brier Score": reference.brier_score_loss(truth, share),
    })  # fmt: skip


def test_thresholds_are_few_and_exact(scored: pd.DataFrame) -> None:
    table = evaluate(scored).models[0].tables["thresholds"]
    assert len(table) <= 1000
    assert set(np.linspace(0, 1, 101)) <= set(table["threshold"])
    truth, share = scored["rich"] == "yes", scored["Scored Probabilities"]
    for line in table.sample(40, random_state=0).itertuples():
        flagged = share > line.threshold if line.threshold > 0 else share >= 0
        expected = (
            (truth & flagged).sum(),
            (~truth & flagged).sum(),
            (~truth & ~flagged).sum(),
            (truth & ~flagged).sum(),
        )
        assert (line.tp, line.fp, line.tn, line.fn) == expected
    assert table["tp"].iloc[0] == truth.sum()
    assert table["tp"].iloc[-1] == 0


def test_rows_without_label_or_score_are_counted() -> None:
    rows = two_class(tp=30, fp=10, tn=50, fn=10)
    rows.loc[0:2, "y"] = None
    rows.loc[3, ["Scored Labels", "Scored Probabilities"]] = None
    model = evaluate(rows).models[0]
    assert model.rows == 96
    assert model.tables["left_out"].set_index("reason")["rows"].to_dict() == {
        "without a label": 3,
        "without a score": 1,
    }


def test_the_positive_class_is_known_where_the_label_has_one_class_only() -> None:
    rows = two_class(tp=0, fp=10, tn=50, fn=0)
    model = evaluate(rows).models[0]
    assert model.metrics["Accuracy"] == pytest.approx(50 / 60)
    assert np.isnan(model.metrics["AUC"])


def multiclass() -> pd.DataFrame:
    actual = [*"aaaaaabbbc"]
    predicted = [*"aaaabbbbca"]
    return with_label(pd.DataFrame({"y": actual, "Scored Labels": predicted, "Scored Probabilities_a": 0.3}), "y")


def test_a_multiclass_table_made_by_hand() -> None:
    evaluation = evaluate(multiclass())
    metrics = evaluation.models[0].metrics
    assert evaluation.task is Task.MULTICLASS
    assert evaluation.classes == ("a", "b", "c")
    assert metrics["Overall Accuracy"] == pytest.approx(0.6)
    assert metrics["Average Accuracy"] == pytest.approx(1 - 8 / 30)
    assert metrics["Macro-Averaged Precision"] == pytest.approx((4 / 5 + 2 / 4 + 0) / 3)
    assert metrics["Macro-Averaged Recall"] == pytest.approx((4 / 6 + 2 / 3 + 0) / 3)
    assert metrics["Weighted Precision"] == pytest.approx(0.6 * 4 / 5 + 0.3 * 2 / 4)
    assert metrics["Weighted Recall"] == pytest.approx(0.6)
    lines = evaluation.models[0].tables["confusion"]
    assert lines["rows"].tolist() == [4, 2, 0, 0, 2, 1, 1, 0, 0]


def test_many_classes_are_counted_together_beyond_a_hundred() -> None:
    actual = [f"c{i % 3000}" for i in range(6000)] + ["c1"] * 50
    rows = with_label(pd.DataFrame({"y": actual, "Scored Labels": actual[::-1]}), "y")
    model = evaluate(rows).models[0]
    table = model.tables["confusion"]
    assert len(table) == 101**2
    assert table["rows"].sum() == 6050
    assert table["actual"].iloc[-1] == "(other classes)"
    assert model.metrics["Overall Accuracy"] == pytest.approx(reference.accuracy_score(actual, actual[::-1]))


def test_multiclass_metrics_equal_those_of_scikit_learn() -> None:
    rows = score(
        train("multiclass-logistic-regression", only(people(1500), "grade"), "grade"), only(people(2000, 1), "grade")
    )
    metrics = evaluate(rows).models[0].metrics
    known = rows.dropna(subset=["Scored Labels"])
    truth, labels = known["grade"].to_numpy(int), known["Scored Labels"].to_numpy(int)
    shares = known[[f"Scored Probabilities_{i}" for i in range(3)]]
    for average, name in (("macro", "Macro-Averaged"), ("weighted", "Weighted"), ("micro", "Micro-Averaged")):
        assert metrics[f"{name} Precision"] == pytest.approx(reference.precision_score(truth, labels, average=average))
        assert metrics[f"{name} Recall"] == pytest.approx(reference.recall_score(truth, labels, average=average))
    assert metrics["Weighted F1"] == pytest.approx(reference.f1_score(truth, labels, average="weighted"))
    assert metrics["Log Loss"] == pytest.approx(reference.log_loss(truth, shares))


def test_regression_metrics_made_by_hand() -> None:
    rows = with_label(pd.DataFrame({"y": [1, 2, 3, 6], "Scored Labels": [2.0, 2.0, 1.0, 7.0]}), "y")
    model = evaluate(rows).models[0]
    assert model.metrics == pytest.approx({
        "Mean_Absolute_Error": 1.0, "Root_Mean_Squared_Error": np.sqrt(6 / 4), "Relative_Squared_Error": 6 / 14,
        "Relative_Absolute_Error": 4 / 6, "Coefficient_of_Determination": 1 - 6 / 14,
    })  # fmt: skip
    assert model.baseline["Coefficient_of_Determination"] == 0
    assert model.baseline["Mean_Absolute_Error"] == 1.5
    assert len(model.tables["points"]) == 4
    assert model.tables["residuals"]["rows"].sum() == 4


def test_a_label_that_does_not_vary_has_no_relative_errors() -> None:
    rows = with_label(pd.DataFrame({"y": [3.0, 3.0], "Scored Labels": [2.0, 4.0]}), "y")
    metrics = evaluate(rows).models[0].metrics
    assert metrics["Mean_Absolute_Error"] == 1
    assert np.isnan(metrics["Coefficient_of_Determination"])


def test_clusters_made_by_hand_even_of_one_point() -> None:
    rows = pd.DataFrame({
        "Assignments": [0, 0, 1],
        "DistancesToClusterCenter no.0": [1.0, 3.0, 9.0],
        "DistancesToClusterCenter no.1": [5.0, 6.0, 0.0],
        "DistancesToClusterCenter no.2": [7.0, 8.0, 5.0],
    })  # fmt: skip
    evaluation = evaluate(rows)
    table = evaluation.models[0].tables["clusters"].set_index("Result Description")
    assert evaluation.task is Task.CLUSTERING
    assert table.loc["Evaluation For Cluster No.0"].tolist() == [6.5, 2, 2, 3]
    assert table.loc["Evaluation For Cluster No.1"].tolist() == [7, 0, 1, 0]
    assert table.loc["Evaluation For Cluster No.2", "Number of Points"] == 0
    assert table.loc["Combined Evaluation"].tolist() == pytest.approx([20 / 3, 4 / 3, 3, 3])


def test_two_models_on_the_same_rows_are_compared(scored: pd.DataFrame) -> None:
    worse = scored.assign(**{"Scored Labels": "no"})
    evaluation = evaluate(scored, with_label(worse, "rich"))
    line = evaluation.models[1].tables["difference"].iloc[0]
    accuracies = [model.metrics["Accuracy"] for model in evaluation.models]
    assert line["difference"] == pytest.approx(accuracies[0] - accuracies[1])
    assert line["better"] == "A"
    assert line["p"] < 1e-6
    assert line["low"] < line["difference"] < line["high"]


def test_models_of_different_tasks_are_not_compared() -> None:
    with pytest.raises(DesignerError, match="two-class classification") as refused:
        evaluate(two_class(1, 1, 1, 1), with_label(pd.DataFrame({"y": [1.0], "Scored Labels": [2.0]}), "y"))
    assert refused.value.code == "0062"


def test_a_table_without_label_or_scores_is_refused() -> None:
    with pytest.raises(DesignerError, match="role Label") as unlabelled:
        evaluate(pd.DataFrame({"y": [1, 0], "Scored Labels": [1, 0]}))
    with pytest.raises(DesignerError, match="Scored Labels") as unscored:
        evaluate(with_label(pd.DataFrame({"y": [1, 0]}), "y"))
    assert (unlabelled.value.code, unscored.value.code) == ("0024", "0025")


def test_scores_of_other_makers_are_read() -> None:
    rows = pd.DataFrame({
        "Labels": [1, 0, 1],
        "Binary Class Scored Labels": [1, 0, 0],
        "Binary Class Scored Probabilities": [0.9, 0.2, 0.4],
    })  # fmt: skip
    assert evaluate(rows).models[0].metrics["Accuracy"] == pytest.approx(2 / 3)


def test_no_rows_are_evaluated_to_nothing() -> None:
    for table in (
        two_class(1, 1, 1, 1),
        multiclass(),
        with_label(pd.DataFrame({"y": [1.0], "Scored Labels": [2.0]}), "y"),
    ):
        empty = evaluate(with_label(table.head(0), "y")).models[0]
        assert empty.rows == 0
        assert np.isnan(next(iter(empty.metrics.values())))


def test_multiclass_averages_of_a_very_unequal_table_made_by_hand() -> None:
    # True positives of actual rows, predicted rows: a: 96 of 97, 98; b: 1 of 2, 1; c: 0 of 1, 1.
    actual = ["a"] * 97 + ["b"] * 2 + ["c"]
    predicted = ["a"] * 96 + ["c"] + ["b", "a"] + ["a"]
    model = evaluate(with_label(pd.DataFrame({"y": actual, "Scored Labels": predicted}), "y")).models[0]
    precision, recall, f1 = (96 / 98, 1, 0), (96 / 97, 1 / 2, 0), (2 * 96 / (97 + 98), 2 / 3, 0)
    shares = (0.97, 0.02, 0.01)
    for name, values in (("Precision", precision), ("Recall", recall), ("F1", f1)):
        weighted = sum(value * share for value, share in zip(values, shares, strict=True))
        assert model.metrics[f"Macro-Averaged {name}"] == pytest.approx(sum(values) / 3)
        assert model.metrics[f"Weighted {name}"] == pytest.approx(weighted)
    assert model.metrics["Overall Accuracy"] == model.metrics["Micro-Averaged Precision"] == pytest.approx(0.97)
    assert model.metrics["Average Accuracy"] == pytest.approx(1 - 2 * 3 / 300)
    assert model.baseline["Overall Accuracy"] == pytest.approx(0.97)


def test_each_class_is_measured_against_all_others() -> None:
    rows = with_label(
        pd.DataFrame({
            "y": [*"aabbc"],
            "Scored Labels": [*"abbba"],
            "Scored Probabilities_a": [0.6, 0.2, 0.2, 0.3, 0.6],
            "Scored Probabilities_b": [0.3, 0.7, 0.7, 0.5, 0.3],
            "Scored Probabilities_c": [0.1, 0.1, 0.1, 0.2, 0.1],
        }),
        "y",
    )  # fmt: skip
    model = evaluate(rows).models[0]
    table = model.tables["classes"].set_index("class")
    assert table["rows"].tolist() == [2, 2, 1]
    assert table["precision"].tolist() == pytest.approx([1 / 2, 2 / 3, np.nan], nan_ok=True)
    assert table["recall"].tolist() == pytest.approx([1 / 2, 1, 0])
    assert table["f1"].tolist() == pytest.approx([1 / 2, 4 / 5, 0])
    # Pairs of a row of a and a row of another: 0.6 beats 0.2 and 0.3 and ties 0.6; 0.2 ties 0.2 and loses twice.
    assert table["auc"].tolist() == pytest.approx([(2.5 + 0.5) / 6, (2 + 2 / 2 + 2 / 2 + 0.5) / 6, 1.5 / 4])
    for name in "abc":
        expected = reference.roc_auc_score(rows["y"] == name, rows[f"Scored Probabilities_{name}"])
        assert table.loc[name, "auc"] == pytest.approx(expected)
    assert model.metrics["Log Loss"] == pytest.approx(-np.log([0.6, 0.2, 0.7, 0.5, 0.1]).mean())


def test_sure_answers_that_are_wrong_have_a_finite_loss() -> None:
    rows = pd.DataFrame({"y": [0, 1, 1], "Scored Labels": [0, 0, 1], "Scored Probabilities": [0.0, 0.0, 1.0]})
    metrics = evaluate(with_label(rows, "y")).models[0].metrics
    assert metrics["Brier Score"] == pytest.approx(1 / 3)
    assert metrics["Log Loss"] == pytest.approx(reference.log_loss(rows["y"], rows["Scored Probabilities"]))
    assert metrics["AUC"] == pytest.approx(0.75)


def test_probabilities_are_counted_in_bins() -> None:
    model = evaluate(two_class(tp=3, fp=1, tn=4, fn=2)).models[0]
    bins = model.tables["calibration"].set_index("from")
    assert bins["rows"].loc[[0.1, 0.2, 0.8, 0.9]].tolist() == [4, 2, 1, 3]
    assert bins["rows"].sum() == 10
    assert bins["observed"].loc[[0.1, 0.2, 0.8, 0.9]].tolist() == [0, 1, 0, 1]
    assert bins["predicted"].loc[0.2] == pytest.approx(0.2)
    histogram = model.tables["scores"]
    assert (histogram["negatives"].sum(), histogram["positives"].sum()) == (5, 5)


def test_a_model_worse_than_the_mean_has_a_negative_determination() -> None:
    rows = with_label(pd.DataFrame({"y": [1.0, 2.0, 3.0], "Scored Labels": [3.0, 2.0, 1.0]}), "y")
    metrics = evaluate(rows).models[0].metrics
    assert metrics["Relative_Squared_Error"] == pytest.approx(4)
    assert metrics["Relative_Absolute_Error"] == pytest.approx(2)
    assert metrics["Coefficient_of_Determination"] == pytest.approx(-3)


def test_clusters_are_known_by_the_number_of_their_center() -> None:
    columns = {f"DistancesToClusterCenter no.{i}": [float(i == other) for other in range(12)] for i in range(12)}
    rows = pd.DataFrame(
        {"Assignments": range(12), **{name: 5 - 4 * np.array(columns[name]) for name in sorted(columns)}}
    )
    table = evaluate(rows).models[0].tables["clusters"]
    assert table["Result Description"].tolist()[10] == "Evaluation For Cluster No.10"
    assert table["Average Distance to Cluster Center"].tolist() == [1] * 13
    assert table["Average Distance to Other Center"].tolist() == pytest.approx([5] * 13)


SHARES = {"Scored Probabilities": [0.1, 0.9]}


@pytest.mark.parametrize(
    ("columns", "code", "words"),
    [
        ({"y": ["a", "b"], "Scored Labels": [0, 1], **SHARES}, "0058", "'y' is String and 'Scored Labels' is Integer"),
        ({"y": ["a", "b"], "Scored Labels": ["a", "c"], **SHARES}, "0058", "together hold 3 classes, 'a', 'b', 'c'"),
        ({"y": ["a", "b"], "Scored Labels": [0.5, 1.5]}, "0058", "'y' is String"),
        ({"y": ["a", "b"], "Regression Scored Labels": [0.5, 1.5]}, "0058", "'y' is String"),
        ({"y": [1, 2], "Multi Class Scored Labels": ["a", "b"]}, "0058", "'y' is Integer"),
        ({"y": [1.0, 2.0], "Scored Labels": [0.5, np.inf]}, "0033", "'Scored Labels' holds an infinite value"),
        ({"y": [0, 1], "Scored Labels": [0, 1], "Scored Probabilities": [0.1, 3.0]}, "0039", "holds 3, which is no"),
        ({"y": [0, 1], "Scored Labels": [0, 1], "Scored Probabilities": ["x", "y"]}, "0025", "String, not numbers"),
        ({"y": [0, 1], "Binary Class Scored Labels": [0, 1]}, "0025", "no column 'Binary Class Scored Probabilities'"),
        ({"Assignments": [0, 3], "DistancesToClusterCenter no.0": [1.0, 1.0]}, "0025", "cluster 3 has no column"),
    ],
)
def test_what_cannot_be_compared_is_refused(columns: dict, code: str, words: str) -> None:
    rows = pd.DataFrame(columns)
    with pytest.raises(DesignerError) as refused:
        evaluate(with_label(rows, "y") if "y" in rows else rows)
    assert words in str(refused.value)
    assert refused.value.code == code
    assert refused.value.place.port == "Scored dataset"


@pytest.mark.parametrize(
    ("columns", "task", "metric", "value"),
    [
        (
            {"Labels": ["a", "b", "b"], "Multi Class Scored Labels": [*"abc"]},
            Task.MULTICLASS,
            "Overall Accuracy",
            2 / 3,
        ),
        ({"Labels": [1, 2, 6], "Regression Scored Labels": [2.0, 2.0, 4.0]}, Task.REGRESSION, "Mean_Absolute_Error", 1),
    ],
)
def test_scores_of_other_makers_are_read_for_every_task(columns: dict, task: Task, metric: str, value: float) -> None:
    evaluation = evaluate(pd.DataFrame(columns))
    assert evaluation.task is task
    assert evaluation.models[0].metrics[metric] == pytest.approx(value)


def test_the_left_table_stands_first() -> None:
    good, bad = (
        with_label(pd.DataFrame({"y": [1.0, 2.0], "Scored Labels": labels}), "y") for labels in ([1.0, 2.0], [5.0, 5.0])
    )
    evaluation = evaluate(good, bad)
    assert [model.name for model in evaluation.models] == ["Scored dataset", "Scored dataset to compare"]
    assert evaluation.metrics["Mean_Absolute_Error"].tolist() == [0, 3.5]


def test_of_detections_the_abnormal_class_is_measured() -> None:
    """1 is normal and 0 abnormal; the probability is that of class 0."""
    rows = pd.DataFrame(
        {"y": [1, 1, 1, 0, 0], "Scored Labels": [1, 1, 0, 0, 1], "Scored Probabilities": [0.1, 0.2, 0.7, 0.9, 0.3]}
    )
    evaluation = evaluate(with_label(rows, "y"))
    assert evaluation.classes == (1, 0)
    metrics = evaluation.models[0].metrics
    assert (metrics["Precision"], metrics["Recall"]) == (1 / 2, 1 / 2)
    assert metrics["AUC"] == pytest.approx(5 / 6)
