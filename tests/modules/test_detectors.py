"""Anomaly detection."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.decomposition import PCA
from sklearn.ensemble import IsolationForest
from sklearn.preprocessing import MinMaxScaler

from designer.contract.errors import DesignerError
from designer.contract.schema import Schema
from designer.contract.values import TrainedModel, outline
from tests.modules.learning import LIBRARY, learner, with_label


def rows(odd: int = 10) -> pd.DataFrame:
    random = np.random.default_rng(1)
    x = random.normal(size=(300, 1)) @ np.ones((1, 4)) + random.normal(size=(300, 4)) * 0.1
    far = random.normal(size=(odd, 4)) * 4
    return pd.DataFrame(np.vstack([x, far]), columns=list("abcd"))


def train(id: str, frame: pd.DataFrame, **settings: object) -> TrainedModel:
    return LIBRARY["train-anomaly-detection-model"].read({}).run(learner(id, **settings), frame)


def score(model: TrainedModel, frame: pd.DataFrame) -> pd.DataFrame:
    return LIBRARY["score-model"].read({}).run(model, frame)


def test_the_error_of_principal_components_orders_rows() -> None:
    frame = rows()
    features = MinMaxScaler().fit_transform(frame)
    components = PCA(2, svd_solver="randomized", n_oversamples=2, random_state=0).fit(features)
    lost = np.linalg.norm(features - components.inverse_transform(components.transform(features)), axis=1)
    scored = score(train("pca-based-anomaly-detection", frame), frame)
    assert (np.argsort(scored["Scored Probabilities"]) == np.argsort(lost)).all()


def test_the_share_of_abnormal_rows_sets_the_bound() -> None:
    frame = rows(0)
    for id in ("pca-based-anomaly-detection", "isolation-forest", "one-class-support-vector-machine"):
        scored = score(train(id, frame, share_of_abnormal_rows=0.1), frame)
        assert (scored["Scored Labels"] == 0).mean() == pytest.approx(0.1, abs=0.01)
        assert ((scored["Scored Probabilities"] > 0.5) == (scored["Scored Labels"] == 0)).all()


def test_an_isolation_forest_scores_as_scikit_learn_does() -> None:
    frame = rows()
    expected = (
        -IsolationForest(n_estimators=100, max_samples=256, random_state=0)
        .fit(frame.to_numpy())
        .score_samples(frame.to_numpy())
    )
    scored = score(train("isolation-forest", frame), frame)
    assert np.corrcoef(scored["Scored Probabilities"].rank(), pd.Series(expected).rank())[0, 1] > 0.999


def test_detections_are_evaluated_like_two_classes() -> None:
    frame = rows().assign(normal=[1] * 300 + [0] * 10)
    model = train("isolation-forest", frame.drop(columns="normal"))
    evaluation = LIBRARY["evaluate-model"].read({}).run(with_label(score(model, frame), "normal"))
    assert evaluation.models[0].metrics["AUC"] > 0.95
    assert evaluation.classes == (1, 0)


def test_what_is_inferred_is_what_comes_out() -> None:
    frame = rows()
    module = LIBRARY["train-anomaly-detection-model"].read({})
    expected = module.infer(LIBRARY["isolation-forest"].read({}).infer(), Schema.of(frame))
    observed = outline(train("isolation-forest", frame))
    assert expected.scores == observed.scores
    assert [(c.name, c.kind) for c in expected.scores] == [
        (c.name, c.kind) for c in Schema.of(score(train("isolation-forest", frame), frame)).columns[-2:]
    ]


def test_other_learners_and_too_many_components_are_refused() -> None:
    with pytest.raises(DesignerError) as wrong:
        train("linear-regression", rows())
    with pytest.raises(DesignerError, match="4 components need more than 4") as many:
        train("pca-based-anomaly-detection", rows(), number_of_components_to_use_in_pca=4)
    assert (wrong.value.code, many.value.code) == ("0062", "0047")
