"""Train Clustering Model and Assign Data to Clusters."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans
from sklearn.datasets import load_iris
from sklearn.preprocessing import MinMaxScaler

from designer.contract.errors import DesignerError
from designer.contract.schema import Kind, Schema
from designer.contract.values import TrainedModel, outline
from tests.modules.learning import LIBRARY, learner, only, people, train, with_label
from tests.parity import assert_same_in_onnx

IRIS = load_iris(as_frame=True).data


def cluster(frame: pd.DataFrame, **settings: object) -> tuple[TrainedModel, pd.DataFrame]:
    result = LIBRARY["train-clustering-model"].read({}).run(learner("k-means-clustering", **settings), frame)
    return result.trained_model, result.results_dataset


def assign(model: TrainedModel, frame: pd.DataFrame) -> pd.DataFrame:
    return LIBRARY["assign-data-to-clusters"].read({}).run(model, frame)


@pytest.mark.parametrize(("initialization", "init"), [("K-Means++", "k-means++"), ("Random", "random")])
def test_k_means_equals_its_estimator_on_scaled_features(initialization: str, init: str) -> None:
    features = MinMaxScaler().fit_transform(IRIS)
    expected = KMeans(3, init=init, n_init=1, max_iter=100, random_state=0).fit(features)
    _, result = cluster(IRIS, number_of_centroids=3, initialization=initialization)
    assert (result["Assignments"] == expected.labels_).all()
    distances = result[[f"DistancesToClusterCenter no.{i}" for i in range(3)]]
    np.testing.assert_allclose(distances, expected.transform(features), atol=1e-12)


def test_the_first_rows_can_be_the_first_centers() -> None:
    features = MinMaxScaler().fit_transform(IRIS)
    expected = KMeans(4, init=features[:4], n_init=1, max_iter=1).fit(features)
    model, _ = cluster(IRIS, number_of_centroids=4, initialization="First N", iterations=1)
    np.testing.assert_allclose(model.estimator[-1].cluster_centers_, expected.cluster_centers_)


def test_features_can_stay_as_they_are() -> None:
    expected = KMeans(2, n_init=1, max_iter=100, random_state=0).fit(IRIS.to_numpy())
    _, result = cluster(IRIS, normalize_features=False)
    assert (result["Assignments"] == expected.labels_).all()


def test_onnx_assigns_as_the_module_does() -> None:
    model, _ = cluster(only(people(1000), ""), number_of_centroids=5)
    rows = only(people(3000, 1, unseen=True), "")
    module = LIBRARY["assign-data-to-clusters"].read({})
    expected = module.run(model, rows)
    assert expected["Assignments"].isna().any()
    assert_same_in_onnx(
        rows, expected, lambda graph, columns: module.to_onnx(graph, trained_model=model, dataset=columns)
    )


def test_what_is_inferred_is_what_comes_out() -> None:
    frame = only(people(300), "")
    model, result = cluster(frame)
    module = LIBRARY["assign-data-to-clusters"].read({})
    inferred = module.infer(outline(model), Schema.of(frame))
    assert [(c.name, c.kind) for c in inferred] == [(c.name, c.kind) for c in Schema.of(result)]
    assert Schema.of(result)["Assignments"].kind is Kind.INTEGER


def test_missing_labels_are_taken_from_the_row_next_to_the_center() -> None:
    frame = pd.DataFrame({"x": [0.0, 1, 2, 10, 11, 12], "y": ["a", None, "b", None, "c", None]})
    frame = with_label(frame, "y")
    _, filled = cluster(frame, assign_label_mode="Fill missing values")
    assert filled["y"].tolist()[3:] == ["c", "c", "c"]
    assert filled["y"].tolist()[0] == "a"
    _, ignored = cluster(frame)
    assert ignored["y"].isna().sum() == 3
    _, overwritten = cluster(frame, assign_label_mode="Overwrite from closest to center")
    assert overwritten["y"].tolist()[3:] == ["c", "c", "c"]
    assert overwritten["y"].nunique() == 2


def test_the_label_is_not_a_feature() -> None:
    model, _ = cluster(with_label(IRIS.assign(kind=1.0), "kind"))
    assert "kind" not in model.features


def test_models_and_modules_of_different_tasks_do_not_mix() -> None:
    boosted = train("two-class-boosted-decision-tree", only(people(200), "rich"), "rich")
    with pytest.raises(DesignerError, match="Score Model"):
        assign(boosted, IRIS)
    with pytest.raises(DesignerError, match="Train it with Train Model"):
        LIBRARY["train-clustering-model"].read({}).run(learner("linear-regression"), IRIS)
    model, _ = cluster(IRIS)
    with pytest.raises(DesignerError, match="Assign Data to Clusters"):
        LIBRARY["score-model"].read({}).run(model, IRIS)


def test_more_clusters_than_rows_are_refused() -> None:
    with pytest.raises(DesignerError, match="only 3 rows without a missing number for 5 clusters"):
        cluster(IRIS.head(3), number_of_centroids=5)


def test_only_the_assignments_come_out_where_append_is_off() -> None:
    alone = {"check_for_append_or_uncheck_for_result_only": False}
    trained = LIBRARY["train-clustering-model"].read(alone).run(learner("k-means-clustering"), IRIS)
    names = ["Assignments", "DistancesToClusterCenter no.0", "DistancesToClusterCenter no.1"]
    assert list(trained.results_dataset) == names
    assert list(LIBRARY["assign-data-to-clusters"].read(alone).run(trained.trained_model, IRIS)) == names


def test_the_columns_of_training_are_needed() -> None:
    model, _ = cluster(IRIS)
    with pytest.raises(DesignerError, match="no column 'sepal length") as refused:
        assign(model, IRIS.drop(columns="sepal length (cm)"))
    assert refused.value.code == "0001"
