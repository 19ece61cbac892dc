"""Score Model: labels, probabilities, and the same from ONNX."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from designer.contract.errors import DesignerError, NotExportable
from designer.contract.schema import Kind, Role, Schema
from designer.contract.values import ModelOutline, Task, outline
from tests.modules.learning import LIBRARY, only, people, score, train
from tests.parity import assert_same_in_onnx, through_onnx

TRAINING, OTHERS = people(2000), people(4000, seed=1, unseen=True)

MODELS: list[tuple[str, str, dict[str, Any]]] = [
    ("two-class-boosted-decision-tree", "rich", {}),
    ("two-class-boosted-decision-tree", "member", {"total_number_of_trees_constructed": 7}),
    ("two-class-decision-forest", "rich", {}),
    ("two-class-decision-forest", "level", {"resampling_method": "Replicate Resampling"}),
    ("two-class-logistic-regression", "rich", {}),
    ("two-class-logistic-regression", "level", {"l2_regularization_weight": 0, "l1_regularization_weight": 0.5}),
    ("multiclass-logistic-regression", "grade", {}),
    ("multiclass-logistic-regression", "city", {}),
    ("linear-regression", "wage", {}),
    ("linear-regression", "wage", {"solution_method": "Online Gradient Descent"}),
    ("decision-forest-regression", "wage", {}),
    ("decision-forest-regression", "wage", {"resampling_method": "Replicate Resampling"}),
    ("boosted-decision-tree-regression", "wage", {}),
    ("multiclass-boosted-decision-tree", "grade", {"total_number_of_trees_constructed": 20}),
    ("multiclass-decision-forest", "grade", {}),
    ("neural-network-regression", "wage", {"number_of_learning_iterations": 20}),
    ("two-class-neural-network", "rich", {"number_of_hidden_nodes": "20, 10", "number_of_learning_iterations": 20}),
    ("multiclass-neural-network", "grade", {"number_of_learning_iterations": 20}),
    ("poisson-regression", "count", {}),
    ("two-class-averaged-perceptron", "rich", {}),
    ("two-class-support-vector-machine", "rich", {}),
    ("two-class-support-vector-machine", "rich", {"project_to_the_unit_sphere": True, "number_of_iterations": 5}),
    ("fast-forest-quantile-regression", "wage", {"number_of_trees": 10}),
    ("bayesian-linear-regression", "wage", {}),
    ("two-class-naive-bayes", "rich", {}),
    ("multiclass-naive-bayes", "grade", {}),
    ("extra-trees-classification", "grade", {"number_of_trees": 10}),
    ("extra-trees-classification", "rich", {"number_of_trees": 10, "balance_classes": True}),
    ("extra-trees-regression", "wage", {"number_of_trees": 10, "maximum_depth": 6}),
    ("histogram-gradient-boosting-classification", "rich", {"stop_early": True}),
    ("histogram-gradient-boosting-classification", "grade", {"number_of_iterations": 10, "number_of_bins": 2}),
    ("histogram-gradient-boosting-regression", "count", {"loss": "Poisson"}),
    ("histogram-gradient-boosting-regression", "wage", {"loss": "Quantile", "quantile": 0.9}),
    ("ordinal-regression", "grade", {}),
    ("ordinal-regression", "rich", {}),
    ("baseline-classification", "grade", {}),
    ("baseline-classification", "rich", {"probabilities": "Certain"}),
    ("baseline-regression", "wage", {"answer": "Quantile", "quantile": 0.2}),
]
WITHOUT_ONNX = [("k-nearest-neighbors-classification", "rich"), ("k-nearest-neighbors-regression", "wage")]


@pytest.mark.parametrize(("id", "label", "settings"), MODELS)
def test_onnx_answers_as_scoring_does(id: str, label: str, settings: dict[str, Any]) -> None:
    model = train(id, only(TRAINING, label), label, **settings)
    module = LIBRARY["score-model"].read({})
    rows = only(OTHERS, "").drop(columns=label, errors="ignore")
    assert_same_in_onnx(
        rows,
        module.run(model, rows),
        lambda graph, columns: module.to_onnx(graph, trained_model=model, dataset=columns),
    )


def test_more_than_254_categories_are_scored_alike_in_onnx() -> None:
    random = np.random.default_rng(3)
    rows = pd.DataFrame({"code": pd.Series(random.integers(0, 400, 6000), dtype="str"), "x": random.normal(size=6000)})
    rows["y"] = rows["code"].astype(int) % 7 + rows["x"]
    model = train("boosted-decision-tree-regression", rows, "y")
    module = LIBRARY["score-model"].read({})
    fresh = rows.drop(columns="y").assign(code=rows["code"].where(rows.index % 9 > 0, "never seen"))
    assert_same_in_onnx(
        fresh,
        module.run(model, fresh),
        lambda graph, columns: module.to_onnx(graph, trained_model=model, dataset=columns),
    )


@pytest.mark.parametrize(
    ("label", "kind"),
    [("member", Kind.BOOLEAN), ("level", Kind.CATEGORICAL), ("rich", Kind.STRING), ("two", Kind.INTEGER)],
)
def test_scored_labels_are_of_the_labels_kind(label: str, kind: Kind) -> None:
    rows = only(TRAINING, label).assign(two=TRAINING["grade"] % 2 + 5)
    for id in ("two-class-logistic-regression", "two-class-boosted-decision-tree"):
        model = train(id, rows, label)
        scored = score(model, rows)
        assert Schema.of(scored)["Scored Labels"].kind is kind
        assert set(scored["Scored Labels"].dropna()) == set(rows[label].dropna())


def test_the_positive_class_is_the_second_in_sorted_order() -> None:
    rows = pd.DataFrame({"x": [0.0, 1, 2, 3] * 5, "y": ["yes", "yes", "no", "no"] * 5})
    model = train("two-class-logistic-regression", rows, "y")
    assert model.classes == ("no", "yes")
    scored = score(model, rows)
    np.testing.assert_allclose(scored["Scored Probabilities"], model.estimator.predict_proba(model.frame(rows))[:, 1])
    assert (scored["Scored Labels"] == np.where(scored["Scored Probabilities"] > 0.5, "yes", "no")).all()


def test_a_row_with_a_missing_number_stays_unscored_where_the_model_needs_it() -> None:
    model = train("two-class-logistic-regression", only(TRAINING, "rich"), "rich")
    scored = score(model, OTHERS)
    gaps = OTHERS[["age", "children"]].isna().any(axis=1)
    assert (scored["Scored Labels"].isna() == gaps).all()
    assert (scored["Scored Probabilities"].isna() == gaps).all()
    boosted = score(train("two-class-boosted-decision-tree", only(TRAINING, "rich"), "rich"), OTHERS)
    assert boosted["Scored Labels"].notna().all()


def test_an_unseen_category_counts_like_a_missing_one() -> None:
    for id in ("two-class-logistic-regression", "two-class-decision-forest", "two-class-boosted-decision-tree"):
        model = train(id, only(TRAINING, "rich"), "rich")
        rows = TRAINING.dropna().head(200)
        unseen, missing = (score(model, rows.assign(city=pd.Series([c] * 200, index=rows.index, dtype="str")))
                           for c in ("Atlantis", None))  # fmt: skip
        pd.testing.assert_series_equal(unseen["Scored Probabilities"], missing["Scored Probabilities"])


def test_order_and_extra_columns_and_the_label_do_not_matter() -> None:
    model = train("two-class-boosted-decision-tree", only(TRAINING, "rich"), "rich")
    plain = score(model, only(OTHERS, "").drop(columns="rich", errors="ignore"), append=False)
    jumbled = OTHERS[OTHERS.columns[::-1]].assign(extra=1)
    pd.testing.assert_frame_equal(score(model, jumbled, append=False), plain)


def test_a_missing_feature_is_named() -> None:
    model = train("two-class-boosted-decision-tree", only(TRAINING, "rich"), "rich")
    with pytest.raises(DesignerError, match="no column 'age'"):
        score(model, OTHERS.drop(columns="age"))


def test_text_where_training_had_numbers_is_refused() -> None:
    model = train("two-class-boosted-decision-tree", only(TRAINING, "rich"), "rich")
    with pytest.raises(DesignerError, match="'age' was Decimal") as refused:
        score(model, OTHERS.assign(age="old"))
    assert refused.value.code == "0016"


def test_what_is_inferred_is_what_comes_out() -> None:
    for id, label, settings in MODELS:
        model = train(id, only(TRAINING, label), label, **settings)
        for append in (True, False):
            module = LIBRARY["score-model"].read({"append_score_columns_to_output": append})
            rows = only(OTHERS, label)
            inferred = module.infer(outline(model), Schema.of(rows))
            observed = Schema.of(module.run(model, rows))
            assert [(c.name, c.kind) for c in inferred] == [(c.name, c.kind) for c in observed]
            assert inferred.with_role(Role.LABEL) == ([label] if append else [])


def test_a_model_whose_label_is_not_known_yet_leaves_open_which_column_it_is() -> None:
    module = LIBRARY.read("score-model", 1, {})
    rows = Schema.of(OTHERS)
    known = module.infer(ModelOutline("Forest", Task.REGRESSION, scores=Schema(())), rows)
    assert not known.complete
    assert module.infer(ModelOutline("K-Means", Task.CLUSTERING, scores=Schema(())), rows).complete


def test_scoring_twice_replaces_the_scores() -> None:
    model = train("linear-regression", only(TRAINING, "wage"), "wage")
    once = score(model, TRAINING)
    pd.testing.assert_frame_equal(score(model, once), once)


def test_a_table_without_rows_is_scored_to_none() -> None:
    for id, label, settings in MODELS[::3]:
        model = train(id, only(TRAINING, label), label, **settings)
        scored = score(model, OTHERS.head(0))
        assert len(scored) == 0
        assert "Scored Labels" in scored


@pytest.mark.parametrize("wrapper", ["one-vs-all-multiclass", "one-vs-one-multiclass"])
@pytest.mark.parametrize(
    "inner",
    ["two-class-logistic-regression", "two-class-averaged-perceptron", "two-class-support-vector-machine",
     "two-class-boosted-decision-tree", "two-class-decision-forest", "two-class-neural-network"],
)  # fmt: skip
def test_several_classes_from_two_class_learners_answer_the_same_in_onnx(wrapper: str, inner: str) -> None:
    few = {"number_of_learning_iterations": 10} if "neural" in inner else {}
    untrained = LIBRARY[wrapper].read({}).run(LIBRARY[inner].read(few).run())
    model = LIBRARY["train-model"].read({"label_column": "grade"}).run(untrained, only(TRAINING, "grade"))
    module = LIBRARY["score-model"].read({})
    rows = only(OTHERS, "")
    scored = module.run(model, rows)
    assert_same_in_onnx(
        rows, scored, lambda graph, columns: module.to_onnx(graph, trained_model=model, dataset=columns)
    )
    known = scored["Scored Labels"].notna()
    expected = model.estimator.predict(model.frame(rows)[known.to_numpy()])
    assert (scored.loc[known, "Scored Labels"].to_numpy(int) == expected).mean() > 0.999


ENSEMBLES = [
    ("rich", ["two-class-logistic-regression", "two-class-averaged-perceptron", "extra-trees-classification"]),
    ("grade", ["multiclass-logistic-regression", "multiclass-decision-forest"]),
    ("rich", ["extra-trees-classification", "histogram-gradient-boosting-classification"]),
    ("wage", ["linear-regression", "decision-forest-regression", "boosted-decision-tree-regression"]),
]


@pytest.mark.parametrize(
    ("kind", "settings"),
    [("voting-ensemble", {}), ("voting-ensemble", {"weights": "0.5, 2, 1"}), ("stacking-ensemble", {})],
)
@pytest.mark.parametrize(("label", "learners"), ENSEMBLES)
def test_ensembles_answer_the_same_in_onnx(
    kind: str, settings: dict[str, str], label: str, learners: list[str]
) -> None:
    if settings:
        settings = {"weights": ", ".join(settings["weights"].split(", ")[: len(learners)])}
    untrained = LIBRARY[kind].read(settings).run(*(LIBRARY[id].read({}).run() for id in learners))
    rows = only(TRAINING.head(600), label)
    model = LIBRARY["train-model"].read({"label_column": label}).run(untrained, rows)
    module = LIBRARY["score-model"].read({})
    assert_same_in_onnx(
        only(OTHERS, ""),
        module.run(model, only(OTHERS, "")),
        lambda graph, columns: module.to_onnx(graph, trained_model=model, dataset=columns),
    )


def test_learners_of_different_tasks_make_no_ensemble() -> None:
    learners = [LIBRARY[id].read({}).run() for id in ("two-class-logistic-regression", "linear-regression")]
    with pytest.raises(DesignerError, match="learners of one task") as refused:
        LIBRARY["voting-ensemble"].read({}).run(*learners)
    assert refused.value.code == "0013"


@pytest.mark.parametrize(("id", "label"), WITHOUT_ONNX)
def test_models_of_neighbors_say_that_they_have_no_onnx_form(id: str, label: str) -> None:
    model = train(id, only(TRAINING, label), label)
    module = LIBRARY["score-model"].read({})
    with pytest.raises(NotExportable, match="Neighbors"):
        through_onnx(
            only(OTHERS, ""), lambda graph, columns: module.to_onnx(graph, trained_model=model, dataset=columns)
        )
    assert score(model, OTHERS)["Scored Labels"].notna().any()


@pytest.mark.parametrize(
    ("id", "settings"),
    [
        ("pca-based-anomaly-detection", {}),
        ("pca-based-anomaly-detection", {"enable_input_feature_mean_normalization": False}),
        ("isolation-forest", {"number_of_trees": 20}),
        ("one-class-support-vector-machine", {}),
    ],
)
def test_detectors_answer_the_same_in_onnx(id: str, settings: dict[str, Any]) -> None:
    module = LIBRARY["score-model"].read({})
    untrained = LIBRARY[id].read(settings).run()
    model = LIBRARY["train-anomaly-detection-model"].read({}).run(untrained, only(TRAINING.head(500), ""))
    rows = only(OTHERS, "")
    assert_same_in_onnx(
        rows,
        module.run(model, rows),
        lambda graph, columns: module.to_onnx(graph, trained_model=model, dataset=columns),
        1e-10,
    )


def test_scoring_in_parts_answers_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    models = [train(id, only(TRAINING, label), label) for id, label in (("two-class-decision-forest", "rich"),
              ("linear-regression", "wage"), ("multiclass-logistic-regression", "grade"))]  # fmt: skip
    whole = [score(model, OTHERS) for model in models]
    monkeypatch.setattr("modules.score.features.PART_ROWS", 301)
    for model, expected in zip(models, whole, strict=True):
        pd.testing.assert_frame_equal(score(model, OTHERS), expected)


def test_a_probability_of_one_half_is_not_yet_positive() -> None:
    rows = pd.DataFrame({"x": [0.0, 0.0, 1.0, 1.0], "y": ["no", "yes", "yes", "yes"]})
    model = train("k-nearest-neighbors-classification", rows, "y", number_of_neighbors=2)
    scored = score(model, rows)
    assert scored["Scored Probabilities"].tolist() == [0.5, 0.5, 1.0, 1.0]
    assert scored["Scored Labels"].tolist() == ["no", "no", "yes", "yes"]


FAR = pd.DataFrame({"x": [1e300, -1e300, 3.5e38, -3.5e38, 2.0]})
NEAR = pd.DataFrame({"x": [3.4e38, -3.4e38, 3.4e38, -3.4e38, 2.0]})
LINE = pd.DataFrame({"x": np.arange(40.0), "y": np.arange(40.0) * 2, "big": np.arange(40) > 20})


@pytest.mark.parametrize(
    ("id", "label"),
    [("decision-forest-regression", "y"), ("two-class-decision-forest", "big"), ("extra-trees-regression", "y"),
     ("extra-trees-classification", "big")],
)  # fmt: skip
def test_a_number_beyond_single_precision_counts_as_the_largest_one_for_trees(id: str, label: str) -> None:
    model = train(id, LINE[["x", label]], label)
    scored = score(model, FAR)
    pd.testing.assert_frame_equal(scored.drop(columns="x"), score(model, NEAR).drop(columns="x"))
    module = LIBRARY["score-model"].read({})
    assert_same_in_onnx(
        FAR, scored, lambda graph, columns: module.to_onnx(graph, trained_model=model, dataset=columns), 1e-12
    )


def test_an_answer_that_overflows_leaves_its_row_unscored() -> None:
    rows = pd.DataFrame({"x": np.arange(40.0), "y": np.exp(np.arange(40.0) / 10)})
    model = train("poisson-regression", rows, "y")
    table = pd.DataFrame({"x": [3.0, 1e30]})
    scored = score(model, table)
    assert np.isfinite(scored["Scored Labels"][0])
    assert scored["Scored Labels"].isna().tolist() == [False, True]


def test_a_row_that_a_model_cannot_score_is_named_with_its_column() -> None:
    rows = pd.DataFrame({"x": np.arange(40.0) / 400, "y": np.arange(40.0)})
    model = train("poisson-regression", rows, "y")
    with pytest.raises(DesignerError, match=r"row 2: 'x' is 1.7e\+308") as caught:
        score(model, pd.DataFrame({"x": [1.0, 1.7e308, 3.0]}))
    assert (caught.value.place.row, caught.value.place.column) == (2, "x")
