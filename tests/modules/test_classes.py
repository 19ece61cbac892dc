"""Metrics use the classes of the model, whichever rows are evaluated."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics as reference

from designer.contract.errors import DesignerError
from designer.contract.schema import Column, Kind, Role, Schema
from designer.contract.values import Evaluation
from tests.modules.learning import LIBRARY, learner, only, people, score, train, with_roles

ONE_CLASS = pd.DataFrame(
    {"Labels": ["drop"] * 4, "Scored Labels": ["drop"] * 4, "Scored Probabilities": [0.05, 0.2, 0.1, 0.15]}
)


def evaluate(*tables: pd.DataFrame) -> Evaluation:
    evaluation: Evaluation = LIBRARY["evaluate-model"].read({}).run(*tables)
    return evaluation


def counts(evaluation: Evaluation) -> list[int]:
    """True negatives, false positives, false negatives, true positives."""
    return list(evaluation.models[0].tables["confusion"]["rows"])


def test_rows_of_one_class_below_one_half_are_negative() -> None:
    evaluation = evaluate(ONE_CLASS)
    measured = evaluation.models[0].metrics
    assert counts(evaluation) == [4, 0, 0, 0]
    assert evaluation.classes == ("drop", "not drop")
    assert measured["Accuracy"] == 1
    assert all(math.isnan(measured[name]) for name in ("Precision", "Recall", "F1 Score", "AUC"))
    assert measured["Log Loss"] == pytest.approx(-np.log(1 - ONE_CLASS["Scored Probabilities"]).mean())
    assert measured["Log Loss"] == pytest.approx(0.1356, abs=5e-5)
    assert measured["Brier Score"] == pytest.approx(0.0188, abs=5e-5)
    assert math.isnan(evaluation.models[0].baseline["AUC"])
    assert math.isnan(evaluation.models[0].baseline["Recall"])


def test_rows_of_one_class_above_one_half_are_positive() -> None:
    evaluation = evaluate(ONE_CLASS.assign(**{"Scored Probabilities": [0.9, 0.8, 0.95, 0.99]}))
    assert counts(evaluation) == [0, 0, 0, 4]
    assert evaluation.models[0].metrics["F1 Score"] == 1
    assert evaluation.models[0].metrics["Log Loss"] == pytest.approx(-np.log([0.9, 0.8, 0.95, 0.99]).mean())


def test_of_two_models_on_one_class_the_sure_one_is_better() -> None:
    sure = ONE_CLASS.assign(**{"Scored Probabilities": [0.01, 0.02, 0.01, 0.03]})
    unsure = ONE_CLASS.assign(**{"Scored Probabilities": [0.4, 0.45, 0.42, 0.48]})
    losses = [model.metrics["Log Loss"] for model in evaluate(sure, unsure).models]
    assert losses == pytest.approx([0.0177, 0.5768], abs=5e-5)


@pytest.mark.parametrize("label", ["no", "yes"])
def test_test_rows_of_one_class_are_measured_by_the_classes_of_the_model(label: str) -> None:
    model = train("two-class-logistic-regression", only(people(600), "rich"), "rich")
    rows = only(people(400, 1), "rich").query("rich == @label").dropna(subset=["age", "children"])
    scored = score(model, rows)
    evaluation = evaluate(scored)
    truth, share = (scored["rich"] == "yes").to_numpy(), scored["Scored Probabilities"].to_numpy()
    assert evaluation.classes == ("no", "yes")
    log_loss = reference.log_loss(truth, share, labels=[False, True])
    assert evaluation.models[0].metrics["Log Loss"] == pytest.approx(log_loss)
    assert evaluation.models[0].metrics["Brier Score"] == pytest.approx(((share - truth) ** 2).mean())
    assert math.isnan(evaluation.models[0].metrics["AUC"])
    assert math.isnan(evaluation.models[0].metrics["Recall"]) == (label == "no")
    assert evaluation.models[0].metrics["Accuracy"] == pytest.approx(((share > 0.5) == truth).mean())


def test_a_positive_class_that_is_never_predicted_is_still_the_positive_one() -> None:
    rows = pd.DataFrame(
        {"y": [0, 0, 0, 0], "Scored Labels": [0, 0, 1, 0], "Scored Probabilities": [0.1, 0.2, 0.7, 0.4]}
    )
    labels = Column("Scored Labels", Kind.INTEGER, Role.SCORE, classes=(0, 1))
    table = Schema((Column("y", Kind.INTEGER, Role.LABEL), labels)).attach(rows)
    assert counts(evaluate(table)) == [3, 1, 0, 0]
    never = Schema((Column("y", Kind.INTEGER, Role.LABEL), labels)).attach(rows.assign(**{"Scored Labels": 0}))
    assert evaluate(never).classes == (0, 1)


def test_classes_survive_storing_and_the_change_of_a_type() -> None:
    column = Column("Scored Labels", Kind.INTEGER, Role.SCORE, classes=(np.int64(0), np.int64(1)))
    assert Column.from_json(column.to_json()).classes == (0, 1)
    rows = ONE_CLASS.assign(**{"Labels": "0", "Scored Labels": "0"})
    table = Schema((Column("Scored Labels", Kind.STRING, Role.SCORE, classes=(0, 1)),)).attach(rows)
    assert evaluate(table).classes == ("0", 1)


def test_a_label_that_the_model_does_not_know_is_refused_by_name() -> None:
    labels = Column("Scored Labels", Kind.STRING, Role.SCORE, classes=("no", "yes"))
    rows = ONE_CLASS.assign(**{"Labels": ["no", "no", "maybe", "no"], "Scored Labels": "no"})
    with pytest.raises(DesignerError, match="'Labels' holds 'maybe', and the model knows 'no' and 'yes'"):
        evaluate(Schema((labels,)).attach(rows))


def test_classes_that_no_row_holds_count_in_the_average_accuracy_only() -> None:
    rows = pd.DataFrame({
        "Labels": ["a", "a", "b", "b"], "Scored Labels": ["a", "b", "b", "b"],
        "Scored Probabilities_a": [0.6, 0.3, 0.2, 0.1], "Scored Probabilities_b": [0.3, 0.5, 0.7, 0.8],
        "Scored Probabilities_c": [0.1, 0.2, 0.1, 0.1],
    })  # fmt: skip
    evaluation = evaluate(rows)
    measured = evaluation.models[0].metrics
    assert evaluation.classes == ("a", "b", "c")
    assert measured["Average Accuracy"] == pytest.approx(1 - 2 / 12)
    assert measured["Macro-Averaged Precision"] == pytest.approx((1 + 2 / 3) / 2)
    assert measured["Macro-Averaged F1"] == pytest.approx((2 / 3 + 4 / 5) / 2)
    shares = rows[[f"Scored Probabilities_{name}" for name in "abc"]]
    assert measured["Log Loss"] == pytest.approx(reference.log_loss(rows["Labels"], shares, labels=["a", "b", "c"]))
    assert evaluation.models[0].tables["classes"]["class"].tolist() == ["a", "b", "c"]


def test_a_class_without_a_probability_leaves_the_log_loss_undefined() -> None:
    rows = pd.DataFrame({"Labels": ["a", "z"], "Scored Labels": ["a", "b"],
                         "Scored Probabilities_a": [0.6, 0.4], "Scored Probabilities_b": [0.4, 0.6]})  # fmt: skip
    assert math.isnan(evaluate(rows).models[0].metrics["Log Loss"])


def test_log_loss_keeps_as_far_from_certainty_as_scikit_learn() -> None:
    rows = pd.DataFrame({"Labels": [0, 1, 1], "Scored Labels": [1, 1, 0], "Scored Probabilities": [1.0, 1.0, 0.0]})
    log_loss = evaluate(rows).models[0].metrics["Log Loss"]
    assert log_loss == pytest.approx(reference.log_loss(rows["Labels"], rows["Scored Probabilities"]), rel=1e-14)


def test_probabilities_next_to_one_half_rank_apart() -> None:
    share = [0.5 - 1e-13, 0.5 + 1e-13]
    rows = pd.DataFrame({"Labels": [0, 1], "Scored Labels": [0, 0], "Scored Probabilities": share})
    assert evaluate(rows).models[0].metrics["AUC"] == 1


def folds_of_one_class() -> pd.DataFrame:
    """Folds 1 and 2 of class a, 3 and 4 of class b."""
    random = np.random.default_rng(0)
    y = np.repeat(["a", "b"], 40)
    x = random.normal(size=80) + np.where(y == "b", 3.0, 0.0)
    table = pd.DataFrame({"x": x, "y": y, "Fold Assignments": np.repeat([1, 2, 3, 4], 20)})
    return with_roles(table, **{"Fold Assignments": Role.NONE})


def test_folds_of_one_class_do_not_choose_the_worse_setting() -> None:
    untrained = learner(
        "two-class-logistic-regression", create_trainer_mode="ParameterRange",
        range_for_l2_regularization_weight="0.001; 1000",
    )  # fmt: skip
    settings = {"specify_parameter_sweeping_mode": "Entire grid", "label_column": "y",
                "metric_for_measuring_performance_for_classification": "Average Log Loss"}  # fmt: skip
    results = LIBRARY["tune-model-hyperparameters"].read(settings).run(untrained, folds_of_one_class()).sweep_results
    assert results["l2_regularization_weight"].iloc[0] == 0.001
    assert results["l2_regularization_weight"].iloc[-1] == 1000
    assert results["Average Log Loss"].iloc[0] < 0.4
    assert results["AUC"].isna().all()
    assert (results["Folds with AUC"] == 0).all()
    assert (results["Folds with Recall"] == 2).all()


def test_means_over_folds_are_over_those_that_have_the_metric_and_say_how_many() -> None:
    module = LIBRARY["cross-validate-model"].read({"label_column": "y"})
    result = module.run(learner("two-class-logistic-regression"), folds_of_one_class())
    by_fold = result.evaluation_results_by_fold.set_index("Fold number")
    assert by_fold["Recall"].isna().tolist()[:4] == [True, True, False, False]
    assert by_fold.loc["Mean", "Recall"] == by_fold["Recall"].iloc[2:4].mean()
    assert by_fold.loc["Folds with the metric", "Recall"] == 2
    assert by_fold.loc["Folds with the metric", "Accuracy"] == 4
    outputs = {"evaluation_results_by_fold": result.evaluation_results_by_fold}
    assert "Recall is defined in 2" in module.explain({}, outputs)


def test_rows_of_one_fold_are_evaluated_by_the_classes_of_the_label() -> None:
    scored = LIBRARY["cross-validate-model"].read({"label_column": "y"}).run(
        learner("two-class-logistic-regression"), folds_of_one_class()
    ).scored_results  # fmt: skip
    table = Schema.of(scored).map(lambda c: Column(c.name, c.kind, Role.LABEL), ["y"]).attach(scored)
    part = Schema.of(table).attach(table[table["y"] == "a"].reset_index(drop=True))
    assert evaluate(part).classes == ("a", "b")


def test_a_class_of_one_row_is_named_with_what_it_means_for_folds() -> None:
    rows = pd.DataFrame({"x": range(12), "y": ["A"] * 11 + ["B"]})
    for id in ("cross-validate-model", "tune-model-hyperparameters"):
        module = LIBRARY[id].read({"label_column": "y"})
        with pytest.raises(DesignerError, match="class 'B' of the label 'y' has 1 row, all in one fold"):
            module.run(learner("two-class-logistic-regression"), rows)


def test_a_class_that_one_fold_alone_holds_has_the_probability_0_there() -> None:
    random = np.random.default_rng(1)
    rows = pd.DataFrame({"x": random.normal(size=60), "y": ["a", "b"] * 29 + ["c", "c"]})
    rows["Fold Assignments"] = [1, 2] * 29 + [3, 3]
    table = with_roles(rows, **{"Fold Assignments": Role.NONE})
    result = LIBRARY["cross-validate-model"].read({"label_column": "y"}).run(
        learner("multiclass-logistic-regression"), table
    )  # fmt: skip
    assert result.scored_results["Scored Probabilities_c"].iloc[-2:].tolist() == [0, 0]
    lost = result.evaluation_results_by_fold.set_index("Fold number").loc["2", "Average Log Loss"]
    assert lost == pytest.approx(-np.log(np.finfo(float).eps))


def test_a_label_with_a_class_without_rows_is_said_to_have_it() -> None:
    rows = pd.DataFrame({"x": range(6), "y": pd.Categorical(["A"] * 6, categories=["A", "B"])})
    with pytest.raises(DesignerError, match="has rows of one class only, 'A'; none of 'B'"):
        train("two-class-logistic-regression", rows, "y")
    plain = rows.astype({"y": "str"})
    with pytest.raises(DesignerError, match="has one class only, 'A'"):
        train("two-class-logistic-regression", plain, "y")


def test_a_class_whose_rows_miss_cells_is_said_to_be_lost_by_them() -> None:
    rows = pd.DataFrame({"x": [1.0, 2, 3, 4, 5, None], "y": ["A"] * 5 + ["B"]})
    module = LIBRARY["fisher-linear-discriminant-analysis"].read({"label": "y", "columns": ["x"]})
    with pytest.raises(DesignerError, match="only one of 2 classes of the label 'y' has rows"):
        module.run(rows)
