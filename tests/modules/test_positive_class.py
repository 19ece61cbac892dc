"""The positive class of two: probabilities, metrics, ONNX and scripts use the same one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics as reference

from designer.contract.errors import DesignerError
from designer.contract.values import Evaluation, TrainedModel
from tests.modules.learning import LIBRARY, learner, people, score, with_label
from tests.parity import assert_same_in_onnx

LEARNERS = ["two-class-logistic-regression", "two-class-boosted-decision-tree", "two-class-decision-forest"]
CHOSEN = [(("ja", "nein"), "", "ja"), (("Churned", "Stayed"), "Churned", "Churned"), (("ja", "nein"), "nein", "nein")]


def answers(rows: int, names: tuple[str, str], seed: int = 0) -> pd.DataFrame:
    """Rows whose answer is the first name for high wages and the second for others."""
    frame = people(rows, seed)
    label = pd.Series(np.where(frame["wage"] > 0.8, *names), dtype="str")
    return frame[["age", "children", "city"]].assign(answer=label).dropna().reset_index(drop=True)


def trained(id: str, rows: pd.DataFrame, positive: str) -> TrainedModel:
    module = LIBRARY["train-model"].read({"label_column": "answer", "positive_class": positive})
    model: TrainedModel = module.run(learner(id), rows)
    assert f"Positive class: {model.positive}." in module.explain({}, {"trained_model": model})
    return model


def evaluate(*tables: pd.DataFrame) -> Evaluation:
    evaluation: Evaluation = LIBRARY["evaluate-model"].read({}).run(*tables)
    return evaluation


@pytest.mark.parametrize("id", LEARNERS)
@pytest.mark.parametrize(("names", "chosen", "positive"), CHOSEN)
def test_probabilities_and_metrics_are_of_the_positive_class(
    id: str, names: tuple[str, str], chosen: str, positive: str
) -> None:
    model = trained(id, answers(900, names), chosen)
    rows = answers(900, names, seed=1)
    scored = score(model, rows)
    share, truth = scored["Scored Probabilities"], rows["answer"] == positive
    decided = (share - 0.5).abs() > 1e-9
    assert ((scored["Scored Labels"] == positive) == (share > 0.5))[decided].all()
    assert reference.roc_auc_score(truth, share) > 0.7
    evaluation = evaluate(scored)
    assert evaluation.positive == positive
    sentence = LIBRARY["evaluate-model"].read({}).explain({}, {"evaluation_results": evaluation})
    assert sentence == f"Positive class: {positive}."
    measured = evaluation.models[0].metrics
    for name, measure in (("Precision", reference.precision_score), ("Recall", reference.recall_score)):
        assert measured[name] == pytest.approx(measure(rows["answer"], scored["Scored Labels"], pos_label=positive))
    assert measured["AUC"] == pytest.approx(reference.roc_auc_score(truth, share))
    assert measured["Log Loss"] == pytest.approx(reference.log_loss(truth, share))


@pytest.mark.parametrize("id", LEARNERS)
@pytest.mark.parametrize(("names", "chosen", "positive"), CHOSEN)
def test_onnx_answers_for_the_same_class(id: str, names: tuple[str, str], chosen: str, positive: str) -> None:
    model = trained(id, answers(600, names), chosen)
    module = LIBRARY["score-model"].read({})
    rows = answers(300, names, seed=2).drop(columns="answer")
    assert_same_in_onnx(
        rows,
        module.run(model, rows),
        lambda graph, columns: module.to_onnx(graph, trained_model=model, dataset=columns),
    )


def test_tuning_and_cross_validation_measure_the_class_that_is_chosen() -> None:
    rows = answers(400, ("Churned", "Stayed"))
    settings = {"label_column": "answer", "positive_class": "Churned"}
    folds = LIBRARY["cross-validate-model"].read(settings).run(learner(LEARNERS[0]), rows)
    scored = with_label(folds.scored_results, "answer")
    by_fold = folds.evaluation_results_by_fold.set_index("Fold number")
    first = scored[scored["Fold Number"] == 0]
    assert by_fold.loc["0", "Recall"] == pytest.approx(
        reference.recall_score(first["answer"], first["Scored Labels"], pos_label="Churned")
    )
    assert evaluate(scored).positive == "Churned"
    tune = LIBRARY["tune-model-hyperparameters"].read({**settings, "maximum_number_of_runs_on_random_sweep": 1})
    assert tune.run(learner(LEARNERS[0]), rows).trained_best_model.positive == "Churned"


@pytest.mark.parametrize(
    ("label", "positive", "problem"),
    [
        ("answer", "left", "the label 'answer' holds '.+' and '.+', not 'left'"),
        ("city", "Rome", "'Rome' is chosen, but the label 'city' has 3 classes"),
        ("age", "40", "is not a two-class learner"),
    ],
)
def test_a_positive_class_that_the_label_does_not_have_is_refused(label: str, positive: str, problem: str) -> None:
    id = {"city": "multiclass-logistic-regression", "age": "linear-regression"}.get(label, LEARNERS[0])
    module = LIBRARY["train-model"].read({"label_column": label, "positive_class": positive})
    with pytest.raises(DesignerError, match=problem) as caught:
        module.run(learner(id), answers(300, ("Churned", "Stayed")))
    assert caught.value.place.parameter == "Positive class"


def test_models_with_different_positive_classes_are_not_compared() -> None:
    rows = answers(300, ("Churned", "Stayed"))
    tables = [score(trained(LEARNERS[0], rows, positive), rows) for positive in ("", "Churned")]
    with pytest.raises(DesignerError, match="its positive class is 'Churned', and that of the first dataset 'Stayed'"):
        evaluate(*tables)
    assert evaluate(tables[1], tables[1]).positive == "Churned"


def test_rows_from_elsewhere_say_by_their_probabilities_which_class_is_positive() -> None:
    rows = {"Labels": ["ja", "nein"], "Scored Labels": ["ja", "nein"]}
    for shares, positive in (([0.9, 0.2], "ja"), ([0.1, 0.8], "nein")):
        table = pd.DataFrame({**rows, "Scored Probabilities": shares})
        assert evaluate(table).positive == positive
    unsure: dict[str, Any] = {**rows, "Scored Probabilities": [0.9, 0.9]}
    assert evaluate(pd.DataFrame(unsure)).positive == "ja"
